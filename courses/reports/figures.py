"""The figures of a cohort's report, and which of them may leave the house. Plain rules.

Numbers are people, not responses. One to four are never shown outside, and neither is a number
from which such a one follows: see `people.suppression`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median

from courses.people.suppression import hidden_places, is_small

TENTHS = 10  # bands of a score
MOST_BARS = 13  # a quarter in weeks: a longer course has more weeks a bar
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counts:
    """Everybody who is or was in the cohort: by `learning.course_state`, or as gone.

    `completed` are Passed; `not_started` have not begun, whether or not they still can; `left`
    went after the course was given.
    """

    completed: int = 0
    finished: int = 0
    started: int = 0
    not_started: int = 0
    left: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        """The five of them, in the order of the report."""
        return self.completed, self.finished, self.started, self.not_started, self.left

    @property
    def people(self) -> int:
        """How many are in the cohort now."""
        return self.total - self.left

    @property
    def total(self) -> int:
        return sum(self.numbers)


@dataclass(frozen=True)
class ShownCounts:
    """The five counts and their total, None where one is hidden."""

    numbers: tuple[int | None, ...]
    total: int | None


def shown_counts(counts: Counts, *, is_completed_known: bool = False) -> ShownCounts:
    """The counts without any number of one to four people, and none that gives one away.

    Who completed is hidden only where they are a few, and hides no other: the same report may be
    sent with their names too. `is_completed_known`: this one has them, so their number is shown.
    """
    hidden = _hidden_beside_names(counts)
    if is_small(counts.completed) and not is_completed_known:
        hidden |= _hidden_columns(counts.numbers)
    shown = [None if place in hidden else number for place, number in enumerate(counts.numbers)]
    is_total_hidden = len(counts.numbers) in hidden
    return ShownCounts(tuple(shown), None if is_total_hidden else counts.total)


def _hidden_beside_names(counts: Counts) -> set[int]:
    """The places that are hidden from who knows how many completed; the last is the total."""
    return {column + 1 for column in _hidden_columns(counts.numbers[1:])}


def _hidden_columns(numbers: Sequence[int]) -> set[int]:
    """The places to hide in a row that is shown with its sum, whose place is behind the last."""
    return {column for row, column in hidden_places([[numbers]]) if row == 0}


@dataclass(frozen=True)
class Band:
    """Neighbouring places of a row, from `first` to `last`, and how many people are in them.

    `people` None: hidden, since a number of one to four would follow from it.
    """

    first: int
    last: int
    people: int | None


def bands_of(numbers: Sequence[int], totals: Iterable[int]) -> tuple[Band, ...]:
    """The row in bands of nobody or at least five people, in its order; () where none can be shown.

    Args:
        numbers: people in each place of the row.
        totals: numbers of people that stand elsewhere in the report. Where the row's sum differs
            from one of them by one to four, its smallest band is hidden.
    """
    bands = _joined(numbers)
    people = sum(numbers)
    if not is_exact_safe(people, totals):
        bands = _without_smallest(bands)
    # With nothing shown but empty places there is no distribution.
    return tuple(bands) if any(band.people for band in bands) else ()


def is_exact_safe(number: int, totals: Iterable[int]) -> bool:
    """Whether a number may stand beside these: none differs from it by one to four people."""
    return not any(is_small(abs(total - number)) for total in totals)


def _joined(numbers: Sequence[int]) -> list[Band]:
    """Bands of nobody or at least five people; none where there are one to four in all."""
    bands: list[Band] = []
    first, people = 0, 0
    for place, number in enumerate(numbers):
        people += number
        if is_small(people):
            continue
        bands.append(Band(first, place, people))
        first, people = place + 1, 0
    if people:
        return _with_rest(bands, len(numbers) - 1, people)
    return _joined_empty(bands)


def _with_rest(bands: list[Band], last: int, people: int) -> list[Band]:
    """The bands, where one to four people are left over behind the last of them."""
    while bands and not bands[-1].people:
        bands.pop()
    if not bands:
        return []
    before = bands.pop()
    bands.append(Band(before.first, last, (before.people or 0) + people))
    return _joined_empty(bands)


def _joined_empty(bands: Iterable[Band]) -> list[Band]:
    """The bands with neighbouring empty ones as one."""
    joined: list[Band] = []
    for band in bands:
        if joined and band.people == joined[-1].people == 0:
            band = Band(joined.pop().first, band.last, 0)
        joined.append(band)
    return joined


def _without_smallest(bands: Sequence[Band]) -> list[Band]:
    filled = [band for band in bands if band.people]
    if not filled:
        return []
    smallest = min(filled, key=lambda band: band.people or 0)
    hidden = Band(smallest.first, smallest.last, None)
    return [hidden if band == smallest else band for band in bands]


def tenths_of(scores: Iterable[Fraction]) -> list[int]:
    """How many of these scores, 0 to 1, are in each tenth; all marks are in the last."""
    numbers = [0] * TENTHS
    for score in scores:
        tenth = min(int(score * TENTHS), TENTHS - 1)
        numbers[tenth] += 1
    return numbers


def tenths_words(band: Band) -> str:
    """A band of scores in percent, as “60 to 79%”; the last one ends with all marks."""
    start = band.first * 100 // TENTHS
    end = (band.last + 1) * 100 // TENTHS
    return f"{start} to {100 if end == 100 else end - 1}%"


@dataclass(frozen=True)
class Weeks:
    """How many people completed in each period of `step` weeks; the first begins on `monday`."""

    monday: date
    step: int
    numbers: tuple[int, ...]

    def first_day(self, place: int) -> date:
        return self.monday + place * self.step * WEEK

    def last_day(self, place: int) -> date:
        return self.first_day(place + 1) - DAY


def weeks_of(days: Sequence[date]) -> Weeks | None:
    """The weeks, Monday to Sunday, from the first of these days to the last; None without any."""
    if not days:
        return None
    monday = min(days) - min(days).weekday() * DAY
    weeks = [(day - monday) // WEEK for day in days]
    step = -(-(max(weeks) + 1) // MOST_BARS)
    numbers = [0] * (max(weeks) // step + 1)
    for week in weeks:
        numbers[week // step] += 1
    return Weeks(monday, step, tuple(numbers))


@dataclass(frozen=True)
class Asked:
    """One request: by whom, of which kind, what came of it (None: it waits), and when."""

    user: int
    kind: str
    granted: bool | None
    asked_at: datetime
    decided_at: datetime | None

    @property
    def days(self) -> float | None:
        """How many days the answer took; None while it waits."""
        return (self.decided_at - self.asked_at) / DAY if self.decided_at else None


@dataclass(frozen=True)
class AskedFigures:
    """Requests of one kind, in people.

    `people`, `granted`, `declined` and `waiting` are None where they are hidden; one person may
    be in several of the last three. `is_few`: one to four asked. `median_days` None: fewer than
    five people have an answer.
    """

    people: int | None
    is_few: bool = False
    granted: int | None = None
    declined: int | None = None
    waiting: int | None = None
    median_days: float | None = None

    @property
    def people_words(self) -> str:
        """How many people asked."""
        if self.is_few:
            return "Fewer than five people"
        if self.people is None:
            return "Five people or more"
        return f"{self.people} people" if self.people else "Nobody"

    @property
    def days_words(self) -> str:
        """The median of the days to an answer; "" where it is not shown."""
        if self.median_days is None:
            return ""
        if self.median_days < 1:
            return "less than a day"
        days = round(self.median_days)
        return "1 day" if days == 1 else f"{days} days"


def asked_figures(requests: Sequence[Asked], totals: Iterable[int]) -> AskedFigures:
    """Requests of one kind in people; `totals` as in `bands_of`."""
    everybody = {row.user for row in requests}
    if is_small(len(everybody)):
        return AskedFigures(None, is_few=True)
    is_safe = is_exact_safe(len(everybody), totals)
    results = [_people_with(requests, result) for result in (True, False, None)]
    rests = [len(everybody) - number for number in results]
    # Who is in one of the three and who is not: neither may be a few.
    are_hidden = any(is_small(number) for number in [*results, *rests])
    granted, declined, waiting = [None] * 3 if are_hidden else results
    return AskedFigures(
        people=len(everybody) if is_safe else None,
        granted=granted,
        declined=declined,
        waiting=waiting,
        median_days=_median_days(requests),
    )


def _people_with(requests: Iterable[Asked], result: bool | None) -> int:
    return len({row.user for row in requests if row.granted is result})


def _median_days(requests: Iterable[Asked]) -> float | None:
    answered: dict[int, list[float]] = {}
    for row in requests:
        if row.days is not None:
            answered.setdefault(row.user, []).append(row.days)
    if not answered or is_small(len(answered)):
        return None
    # One number a person, so that nobody who asks often makes the median.
    return median(median(days) for days in answered.values())
