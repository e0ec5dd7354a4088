"""When the eye counts as trained: a check of 40 unseen cases, with a standard on both errors.

Never a rolling window: somebody right in 70 % of cases passes "16 of the last 20" at some time
nearly always. One fixed check passes 6 in 100 of them, and 92 in 100 of those right in 90 %
(PRACTICE.md, section 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.library.content.exemplars import MASTERY_FORMS
from courses.practice.detection import Counts

CASES = 40
EACH_SIDE = 20
FEWEST_RIGHT = 16  # of 20, on each side


@dataclass(frozen=True)
class Check:
    """One finished check: the form it was made of and what was judged in it."""

    form: str
    counts: Counts

    @property
    def is_whole(self) -> bool:
        """Whether all 20 of each side were judged; what was skipped was replaced."""
        return self.counts.signals == EACH_SIDE and self.counts.ordinary == EACH_SIDE

    @property
    def is_passed(self) -> bool:
        if not self.is_whole:
            return False
        enough_seen = self.counts.hits >= FEWEST_RIGHT
        return enough_seen and self.counts.correct_rejections >= FEWEST_RIGHT


def is_mastered(checks: Sequence[Check]) -> bool:
    return any(check.is_passed for check in checks)


def next_form(used: Sequence[str]) -> str | None:
    """The form of the next try, None when both tries are used: then there is practice.

    Args:
        used: forms of the checks that were begun, finished or not.
    """
    for form in MASTERY_FORMS:
        if form not in used:
            return form
    return None
