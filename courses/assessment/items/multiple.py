"""Multiple choice: every option that fits is to be chosen.

A mark is the share of right options chosen, less the share of wrong options chosen, and never
below zero. So ticking everything earns nothing, one more right tick never earns less, and one more
wrong tick never earns more.
"""

from collections.abc import Collection
from fractions import Fraction

from courses.assessment.items import neutral
from courses.assessment.items.single import Single
from courses.library.content import Item


class Multiple(Single):
    name = "multiple"
    takes = "many"
    rule = (
        "Choose all that fit: part marks for right ticks. Wrong ticks take them away. Ticking "
        "everything earns nothing."
    )
    exchange_shape = neutral.Shape.MANY_OPTIONS

    def earned(self, item: Item, chosen: Collection[str]) -> Fraction:
        right = {option.key for option in item.options if option.correct}
        wrong = {option.key for option in item.options} - right
        earned = _share(chosen, right) - _share(chosen, wrong)
        return max(Fraction(0), earned)  # many wrong ticks would make it less than nothing

    def hint_headline(self, item: Item, answer: object) -> str:
        results = [line.result for line in self.feedback(item, answer)]
        right = results.count("right")
        ticks = right + results.count("wrong")
        if right == ticks:
            return f"{right} right so far. There is more to find."
        return f"{right} of your {ticks} ticks fit. Here is what to look for."


def _share(chosen: Collection[str], options: set[str]) -> Fraction:
    """The share of these options that was chosen, 0 to 1; 0 where there are no options."""
    if not options:
        return Fraction(0)
    return Fraction(len(options & set(chosen)), len(options))
