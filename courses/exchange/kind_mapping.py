"""What fits: which of our kinds a question of another system is, and where its marks are given differently. It is told.

How our kinds are scored is in `assessment.items`; nothing here gives marks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from courses.exchange.neutral import Card, Group, Keys, Option, pairs
from courses.exchange.refusals import Location, Misfit, TooMany

Say = Callable[[str], None]
Row = tuple[str, str, str, tuple[str, ...]]

MOST_ANSWERS = 100  # far more than any item has: what is read is bounded before it is understood
CLOSE = 0.01  # of a mark: 33.333 is a third
MOST_GROUPS, MOST_PAIRS = 5, 8  # keep in step with items.sort and items.match


@dataclass(frozen=True)
class Weighed:
    """An option with the fraction of the mark it earns, −1 to 1."""

    text: str
    weight: float
    feedback: str = ""
    sources: tuple[str, ...] = ()


def check_count(answers: Sequence[object], place: Location) -> None:
    """Raises TooMany."""
    if len(answers) > MOST_ANSWERS:
        raise TooMany(
            place, f"has {len(answers):,} answers; an item has no more than {MOST_ANSWERS}"
        )


def choose_one(rows: Sequence[Weighed], say: Say) -> tuple[Option, ...]:
    """Options of a single choice: right is what earns the whole mark. Whatever earns a part of it is told."""
    for row in rows:
        if CLOSE < row.weight < 1 - CLOSE:
            say(
                f"gives {row.weight:.0%} of the mark for {row.text[:40]!r}; here it is wrong and earns nothing"
            )
        if row.weight < -CLOSE:
            say(f"takes marks off for {row.text[:40]!r}; here a wrong option earns nothing")
    right = sum(row.weight >= 1 - CLOSE for row in rows)
    if not right:
        say("marks no option as right; write `correct: true` where it is")
    if right > 1:
        say(
            f"takes any of {right} options; here one option is right: leave one, or write `kind: multiple`"
        )
    return tuple(
        Option(row.text, row.weight >= 1 - CLOSE, row.feedback, row.sources) for row in rows
    )


def choose_many(rows: Sequence[Weighed], say: Say) -> tuple[Option, ...]:
    """Options of a multiple choice: right is what earns anything. Unlike weights, and wrong ones that cost less, are told."""
    right = [row.weight for row in rows if row.weight > CLOSE]
    wrong = [row.weight for row in rows if row.weight <= CLOSE]
    if not right:
        say("marks no option as right; write `correct: true` where it is")
    if any(abs(weight - 1 / len(right)) > CLOSE for weight in right):
        say("gives its right options unlike shares of the mark; here each earns the same")
    if any(abs(weight + 1 / len(wrong)) > CLOSE for weight in wrong):
        say(
            "takes off other shares of the mark for its wrong options; here each takes off the same, all of them the whole"
        )
    return tuple(Option(row.text, row.weight > CLOSE, row.feedback, row.sources) for row in rows)


def place_cards(
    rows: list[Row],
    spare: Sequence[str],
    names: dict[str, str],
    is_sort: bool | None,
    place: Location,
) -> tuple[str, tuple[Card, ...], tuple[Group, ...]]:
    """The kind, cards and groups of (left, right, feedback, sources); `spare` are right-hand sides that fit nothing.

    It is a match when each right-hand side belongs to one card, else a sort, as far as a sort has places for them.
    `names` are keys of groups by their text, where they are known, and `is_sort` says it when the file does.

    Raises:
        Misfit: neither has room for it.
    """
    used = {right for _, right, _, _ in rows}
    known = [text for text in names if text in used | set(spare)]
    rights = list(dict.fromkeys([*known, *(right for _, right, _, _ in rows), *spare]))
    shared = len(used) < len(rows)
    fits_match = set(rights) == used
    if is_sort is None:
        is_sort = not fits_match or (shared and len(rights) <= MOST_GROUPS)
    if not is_sort and fits_match:
        return "match", *pairs(rows)
    if len(rights) > MOST_GROUPS and not fits_match:
        raise Misfit(
            place,
            f"has {len(rights)} places, some for no card; a sort has at most {MOST_GROUPS}: take some out",
        )
    keys = Keys()
    groups = tuple(
        Group(keys.give(names.get(right, right), f"group-{n}"), right)
        for n, right in enumerate(rights, 1)
    )
    key_of = {group.text: group.key for group in groups}
    return (
        "sort",
        tuple(Card(left, key_of[right], said, ids) for left, right, said, ids in rows),
        groups,
    )
