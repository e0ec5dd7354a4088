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

    def earned(self, item: Item, chosen: Collection[str]) -> Fraction:
        right = {option.key for option in item.options if option.correct}
        wrong = {option.key for option in item.options} - right
        hits, misses = len(right & set(chosen)), len(wrong & set(chosen))
        share = Fraction(misses, len(wrong)) if wrong else Fraction(0)
        return max(Fraction(0), Fraction(hits, len(right)) - share)
