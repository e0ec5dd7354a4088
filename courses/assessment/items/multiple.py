"""Multiple choice: every option that fits is to be chosen.

A mark is the share of right options chosen, less the share of wrong options chosen, never below none. So ticking
everything earns nothing, a right tick more never earns less, and a wrong one more never earns more.
"""

from collections.abc import Collection
from fractions import Fraction

from courses.assessment.items.single import Single
from courses.library.content import Item


class Multiple(Single):
    kind = "multiple"
    takes = "many"
    rule = (
        "Choose every one that fits: the share of the fitting ones you chose, less the share of the others you chose. "
        "Choosing all earns nothing."
    )

    def earned(self, item: Item, chosen: Collection[str]) -> Fraction:
        right = {option.key for option in item.options if option.correct}
        wrong = {option.key for option in item.options} - right
        return max(Fraction(0), _share(chosen, right) - _share(chosen, wrong))


def _share(chosen: Collection[str], options: set[str]) -> Fraction:
    """The share of these options that was chosen; none of none."""
    return Fraction(len(options & set(chosen)), len(options)) if options else Fraction(0)
