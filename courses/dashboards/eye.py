"""How a cohort sees babies, for its trainers: plain rules that name nobody and rank nobody.

Counts below five people are not shown, nor what they would follow from. Intervals are those of
the judgements and not of people: two rounds of one person are more alike than rounds of two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.library.content import Category
from courses.people.suppression import FEWEST, hidden_places
from courses.practice.detection import Counts, Rate, counts_of

MOST_CONFUSED = 5  # pairs that are named


@dataclass(frozen=True)
class Judged:
    """Judgements of one category that were answered alike, and how many people made them."""

    category: str
    is_signal: bool
    chosen: str
    called_signal: bool
    count: int
    people: int


@dataclass(frozen=True)
class Band:
    """One category: how often it was named right. `rate` None: fewer than five people judged it."""

    category: Category
    people: int
    rate: Rate | None


@dataclass(frozen=True)
class Confusion:
    """What was taken for something else by at least five people."""

    right: Category
    chosen: Category
    people: int


@dataclass(frozen=True)
class Practised:
    """Practice of a cohort after everybody's first twenty cases.

    `counts` are of the categories whose band is shown, so that none follows from the rest.
    """

    bands: tuple[Band, ...]
    counts: Counts
    confusions: tuple[Confusion, ...]

    @property
    def is_shown(self) -> bool:
        return bool(self.counts.total)


def practised(
    judged: Sequence[Judged],
    people_of: Mapping[str, int],
    categories: Iterable[Category],
) -> Practised:
    """The bands of a cohort.

    Args:
        judged: every combination that was judged, in any order.
        people_of: how many people judged each category, by its key.
        categories: in the order they are shown; those nobody judged are left out.
    """
    known = {category.key: category for category in categories}
    rows: dict[str, list[Judged]] = defaultdict(list)
    for row in judged:
        rows[row.category].append(row)
    bands, counts = [], Counts()
    for key, category in known.items():
        if not rows[key]:
            continue
        people = people_of.get(key, 0)
        is_shown = people >= FEWEST
        bands.append(Band(category, people, _rate(rows[key]) if is_shown else None))
        if is_shown:
            counts += _counts(rows[key])
    return Practised(tuple(bands), counts, _confusions(judged, known))


def _rate(rows: Sequence[Judged]) -> Rate:
    right = sum(row.count for row in rows if row.chosen == row.category)
    return Rate(right, sum(row.count for row in rows))


def _counts(rows: Sequence[Judged]) -> Counts:
    pairs = []
    for row in rows:
        pairs += [(row.is_signal, row.called_signal)] * row.count
    return counts_of(pairs)


def _confusions(judged: Iterable[Judged], known: Mapping[str, Category]) -> tuple[Confusion, ...]:
    found = []
    for row in judged:
        is_wrong = row.chosen != row.category and row.people >= FEWEST
        if is_wrong and row.category in known and row.chosen in known:
            found.append(Confusion(known[row.category], known[row.chosen], row.people))
    found.sort(key=lambda confusion: (-confusion.people, confusion.right.key))
    return tuple(found[:MOST_CONFUSED])


@dataclass(frozen=True)
class Kept:
    """One sealed check of a cohort beside how many it was open to.

    Attributes:
        due: people who completed the course long enough ago; None below five.
        answered: of them, who finished the check; None below five, or where those who did not
            are one to four.
        counts: the two errors of those who answered; None where `answered` is.
    """

    name: str
    due: int | None
    answered: int | None
    counts: Counts | None

    @property
    def percent(self) -> int | None:
        """How many in a hundred answered, rounded down."""
        if self.due is None or self.answered is None:
            return None
        return 100 * self.answered // self.due


def kept(name: str, due: set[int], judged: Mapping[int, Counts]) -> Kept:
    """One check: `due` are the people it was open to, `judged` what those who did it judged."""
    if len(due) < FEWEST:
        return Kept(name, None, None, None)
    answered = {person: counts for person, counts in judged.items() if person in due}
    missing = len(due) - len(answered)
    if len(answered) < FEWEST or 0 < missing < FEWEST:
        return Kept(name, len(due), None, None)
    total = sum(answered.values(), Counts())
    return Kept(name, len(due), len(answered), total)


@dataclass(frozen=True)
class Outcome:
    """How plans went, as people say it themselves. `people` None: hidden, as too few."""

    label: str
    people: int | None


def outcomes(labels: Sequence[str], people: Sequence[int]) -> tuple[Outcome, ...]:
    """The counts of each outcome, in the order given; small ones and what tells them are hidden."""
    hidden = hidden_places([[list(people)]])
    shown = []
    for column, label in enumerate(labels):
        is_hidden = (0, column) in hidden
        shown.append(Outcome(label, None if is_hidden else people[column]))
    return tuple(shown)
