"""What changed between the pre-test and the final quiz, outcome by outcome. Plain rules.

Both quizzes draw parallel items. The words speak of the items met, not of the person: a few items
an outcome say little about anyone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from courses.library.content import Outcome

ENOUGH = Fraction(3, 4)  # of an outcome's marks: then the outcome counts as shown
BANDS = [
    (-100, -1, "Fewer marks than before"),
    (0, 0, "The same"),
    (1, 20, "1 to 20 points more"),
    (21, 40, "21 to 40 points more"),
    (41, 100, "More than 40 points more"),
]
"""Changes in whole percentage points, from and to, both included."""


@dataclass(frozen=True)
class Tally:
    """Marks of one outcome: earned of possible, 0 ≤ earned ≤ possible."""

    earned: Fraction
    possible: int

    @property
    def fraction(self) -> Fraction:
        """0 to 1; 0 with nothing possible."""
        if not self.possible:
            return Fraction(0)
        return self.earned / self.possible


@dataclass(frozen=True)
class OutcomeGain:
    """One outcome before and after. `before` is None where the pre-test did not ask for it."""

    outcome: Outcome
    before: Tally | None
    after: Tally

    @property
    def words(self) -> str:
        """The change, as learners read it."""
        if self.after.fraction < ENOUGH:
            return "Review"
        if self.before is None or self.before.fraction >= ENOUGH:
            return "Known"
        return "Learnt"


def tally(marks: Iterable[tuple[str, Fraction]]) -> dict[str, Tally]:
    """Marks by outcome, from pairs of an outcome's key and what was earned of one mark."""
    by_outcome: dict[str, list[Fraction]] = {}
    for outcome, earned in marks:
        by_outcome.setdefault(outcome, []).append(earned)
    tallies = {}
    for outcome, earned_marks in by_outcome.items():
        total = sum(earned_marks, Fraction(0))
        tallies[outcome] = Tally(total, len(earned_marks))
    return tallies


def gains(
    outcomes: Sequence[Outcome], before: Mapping[str, Tally], after: Mapping[str, Tally]
) -> list[OutcomeGain]:
    """The outcomes that the final quiz asked for, in the course's order."""
    rows = []
    for outcome in outcomes:
        if outcome.key in after:
            row = OutcomeGain(outcome, before.get(outcome.key), after[outcome.key])
            rows.append(row)
    return rows


def bands(changes: Iterable[int]) -> list[tuple[str, int]]:
    """How many learners changed by how much: pairs of a band's words and a number of learners.

    Changes are whole percentage points, -100 to 100.
    """
    points = list(changes)
    rows = []
    for low, high, words in BANDS:
        learners = sum(low <= change <= high for change in points)
        rows.append((words, learners))
    return rows
