"""What changed between the pre-test and the final quiz, outcome by outcome, on parallel items. Plain rules.

The words speak of the items met, not of the person: a few items an outcome say little about anyone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from courses.library.content import Outcome

ENOUGH = Fraction(3, 4)  # of an outcome's marks: shown
BANDS = [
    (-100, -1, "Fewer marks than before"),
    (0, 0, "The same"),
    (1, 20, "1 to 20 points more"),
    (21, 40, "21 to 40 points more"),
    (41, 100, "More than 40 points more"),
]


@dataclass(frozen=True)
class Tally:
    """Marks of one outcome: earned of possible, 0 ≤ earned ≤ possible."""

    earned: Fraction
    possible: int

    @property
    def fraction(self) -> Fraction:
        return self.earned / self.possible if self.possible else Fraction(0)


@dataclass(frozen=True)
class OutcomeGain:
    """One outcome before and after. `before` None: the pre-test did not ask for it; `words` say what it comes to."""

    outcome: Outcome
    before: Tally | None
    after: Tally

    @property
    def words(self) -> str:
        after = self.after.fraction >= ENOUGH
        if self.before is None:
            return "Shown" if after else "To look at again"
        if self.before.fraction >= ENOUGH:
            return "Shown before, and again" if after else "Shown before, not this time: look again"
        return "New since the pre-test" if after else "Not yet: look again"


def tally(marks: Iterable[tuple[str, Fraction]]) -> dict[str, Tally]:
    """Marks by outcome from (outcome key, earned of one mark)."""
    found: dict[str, list[Fraction]] = {}
    for outcome, earned in marks:
        found.setdefault(outcome, []).append(earned)
    return {outcome: Tally(sum(all_, Fraction(0)), len(all_)) for outcome, all_ in found.items()}


def gains(
    outcomes: Sequence[Outcome], before: Mapping[str, Tally], after: Mapping[str, Tally]
) -> list[OutcomeGain]:
    """The outcomes the final quiz asked for, in the course's order."""
    return [
        OutcomeGain(one, before.get(one.key), after[one.key])
        for one in outcomes
        if one.key in after
    ]


def bands(changes: Iterable[int]) -> list[tuple[str, int]]:
    """How many learners changed by how much: (words, learners) from changes in whole percentage points, -100 to 100."""
    points = list(changes)
    return [(words, sum(low <= one <= high for one in points)) for low, high, words in BANDS]
