"""Two tries at an activity that is an item: a hint after the first, the answer after the second.

A pure rule. How often it was answered is stored with the answer (`ActivityAnswer.tries`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.assessment import items
from courses.assessment.items import Line
from courses.library.content import Item

TRIES = 2  # after which the answer is opened, right or not


@dataclass(frozen=True)
class Reply:
    """What is said to an answer.

    `is_open`: the answer is told, and what teaches it may follow. Until then `lines` are hints to
    what was chosen; afterwards they explain what was chosen and what is best, and `others` the
    rest.
    """

    headline: str
    lines: tuple[Line, ...]
    is_right: bool
    is_open: bool
    others: tuple[Line, ...] = ()

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """Every line that may be read now, those that fold too."""
        return self.lines + self.others


def is_opened(item: Item, answer: object, tries: int) -> bool:
    """Whether the right answer may be told; once it was, it stays so."""
    # Only an answer that is sent again counts a try more, so it never closes again.
    return tries >= TRIES or items.is_right(item, answer)


def reply_to(item: Item, answer: object, tries: int, order: Sequence[str] = ()) -> Reply:
    """The reply to an answer that was sent as the last of `tries`.

    `order` is that of the options in the form. Cards keep the author's.
    """
    if not is_opened(item, answer, tries):
        return _hint(item, answer, order)
    lines = _in_order(item, items.feedback(item, answer), order)
    # Of cards the ones that went wrong are what is worth reading; of options the best one too.
    folded = "right" if item.cards else "other"
    return Reply(
        headline=items.headline(item, answer),
        lines=tuple(line for line in lines if line.result != folded),
        is_right=items.is_right(item, answer),
        is_open=True,
        others=tuple(line for line in lines if line.result == folded),
    )


def _hint(item: Item, answer: object, order: Sequence[str]) -> Reply:
    lines = _in_order(item, items.hints(item, answer), order)
    headline = items.hint_headline(item, answer)
    return Reply(headline, lines, is_right=False, is_open=False)


def _in_order(item: Item, lines: tuple[Line, ...], order: Sequence[str]) -> tuple[Line, ...]:
    if not item.options or not order:
        return lines
    position = {key: n for n, key in enumerate(order)}
    return tuple(sorted(lines, key=lambda line: position[line.key]))
