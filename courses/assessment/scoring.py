"""Scores, and when an attempt is passed. Plain rules: no rows, no pages, no clock.

What an answer to one item earns is in `items`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from courses.library.content import Item


@dataclass(frozen=True)
class Score:
    """Marks: `earned` of `possible`, 0 ≤ earned ≤ possible.

    They are exact fractions, so that no pass is decided by rounding.
    """

    earned: Fraction
    possible: int

    def __post_init__(self) -> None:
        if not 0 <= self.earned <= self.possible:
            raise ValueError(f"a score is between 0 and {self.possible}, not {self.earned}")

    @property
    def is_full(self) -> bool:
        """Whether all that is possible was earned."""
        return self.earned == self.possible

    @property
    def fraction(self) -> Fraction:
        """0 to 1; an attempt with nothing possible is 0."""
        if not self.possible:
            return Fraction(0)
        return self.earned / self.possible

    @property
    def marks(self) -> Decimal:
        """`earned` as it is stored: four decimal places, rounded down, so 1 is a whole mark."""
        # Never rounded up: two thirds and a third stay below a whole mark.
        ten_thousandths = self.earned * 10_000 // 1
        return Decimal(ten_thousandths).scaleb(-4)


def score_attempt(scores: Sequence[Score]) -> Score:
    """The sum over all items; each counts the same."""
    earned = sum((score.earned for score in scores), Fraction(0))
    possible = sum(score.possible for score in scores)
    return Score(earned, possible)


def needed_marks(possible: int, pass_mark: float) -> Fraction:
    """The marks that pass: the pass mark's share of what is possible, e.g. 24/5 of 6 at 0.8."""
    # By its digits: 0.8 as a float is a little more than four fifths.
    return Fraction(str(pass_mark)) * possible


def is_passed(items: Sequence[Item], scores: Sequence[Score], pass_mark: float) -> bool:
    """Whether an attempt is passed: enough marks in all, and every critical item fully right.

    With nothing possible nothing is passed.
    """
    # A critical item is about a baby's safety: no other mark makes up for it.
    for item, score in zip(items, scores, strict=True):
        if item.critical and not score.is_full:
            return False
    total = score_attempt(scores)
    if total.possible == 0:
        return False
    return total.earned >= needed_marks(total.possible, pass_mark)


def right_items_needed(draw: int, pass_mark: float) -> int:
    """How many fully right items pass, as learners read the rule: 5 of 6 at 0.8."""
    return ceil(needed_marks(draw, pass_mark))


def shown_marks(marks: Decimal | Fraction) -> str:
    """Marks as every page shows them: at most two places, rounded down, e.g. 4.79 or 5.

    A pass mark has whole hundredths, so what is shown never reaches it before what was earned
    does. Percentages are rounded down for the same reason.
    """
    hundredths = int(marks * 100)
    return f"{Decimal(hundredths) / 100:f}"


def shown_percent(earned: Decimal, possible: int) -> int:
    """A whole percentage, rounded down: 100 only when all is right; 0 with nothing possible."""
    if not possible:
        return 0
    return int(earned * 100 / possible)
