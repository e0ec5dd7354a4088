"""Scores, and when an attempt is passed. Plain rules: no rows, no pages, no clock. What an answer earns: `items`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from courses.library.content import Item


@dataclass(frozen=True)
class Score:
    """Marks: `earned` of `possible`, 0 ≤ earned ≤ possible; exact fractions, so that nothing is decided by rounding."""

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
        return self.earned / self.possible if self.possible else Fraction(0)

    @property
    def marks(self) -> Decimal:
        """`earned` as it is stored, to four decimal places, rounded down: 1 only for a whole mark."""
        return Decimal(self.earned * 10_000 // 1).scaleb(-4)


def score_attempt(scores: Sequence[Score]) -> Score:
    """All items together; each counts the same."""
    return Score(
        sum((score.earned for score in scores), Fraction(0)),
        sum(score.possible for score in scores),
    )


def needed_marks(possible: int, pass_mark: float) -> Fraction:
    """The marks that pass: the pass mark's share of what is possible, e.g. 24/5 of 6 at 0.8."""
    return Fraction(str(pass_mark)) * possible


def is_passed(items: Sequence[Item], scores: Sequence[Score], pass_mark: float) -> bool:
    """Whether an attempt is passed: enough marks in all, and every critical item fully right whatever the total.

    Decided from exact fractions, once; with nothing possible nothing is passed.
    """
    total = score_attempt(scores)
    critical = all(
        score.earned == score.possible
        for item, score in zip(items, scores, strict=True)
        if item.critical
    )
    return (
        total.possible > 0 and critical and total.earned >= needed_marks(total.possible, pass_mark)
    )


def right_items_needed(draw: int, pass_mark: float) -> int:
    """How many fully right items pass, as the rule is told to learners: 5 of 6 at 0.8."""
    return ceil(needed_marks(draw, pass_mark))


def shown_marks(marks: Decimal | Fraction) -> str:
    """Marks as every page says them: two places at most, rounded down, e.g. 4.79 or 5.

    A pass mark is whole hundredths, so what is shown never reaches it before what was earned does. Percentages likewise.
    """
    return f"{Decimal(int(marks * 100)) / 100:f}"


def shown_percent(earned: Decimal, possible: int) -> int:
    """A whole percentage, rounded down: the pass mark only when it is reached, 100 only when all is right."""
    return int(earned * 100 / possible) if possible else 0
