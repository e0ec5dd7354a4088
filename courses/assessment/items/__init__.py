"""The kinds of item, each one module: what an author writes, what a form shows and sends, what it earns, what is said.

A new kind is a new module and its line in `KINDS`. All are plain rules: no rows, no pages, no clock.
"""

from collections.abc import Iterable, Sequence

from courses.assessment.items.case import Case
from courses.assessment.items.kind import Answer, BadAnswer, Form, Kind, Line, PresentedItem
from courses.assessment.items.match import Match
from courses.assessment.items.multiple import Multiple
from courses.assessment.items.order import Order
from courses.assessment.items.single import Single
from courses.assessment.items.sort import Sort
from courses.assessment.items.spot import Spot
from courses.assessment.scoring import Score
from courses.library.content import Item

__all__ = ["KINDS", "Answer", "BadAnswer", "Form", "Kind", "Line", "PresentedItem"]

CHOICES: dict[str, Kind] = {"single": Single(), "multiple": Multiple()}
KINDS: dict[str, Kind] = {
    **CHOICES,
    "sort": Sort(),
    "match": Match(),
    "order": Order(),
    "spot": Spot(),
    "case": Case(CHOICES),
}


def answer_in(item: Item, form: Form) -> Answer | None:
    """The answer this form gives to the item, None when it gives none.

    Raises:
        BadAnswer: it names what this item does not have, or too much.
    """
    return KINDS[item.kind].answer_in(item, form)


def parts_of(item: Item) -> list[str]:
    """The keys of what the item shows that can be shuffled: options or cards, those of the parts of a case too."""
    return [one.key for one in item.answers]


def asked(item: Item, order: Sequence[str], answer: object) -> PresentedItem:
    """The item as a form shows it, options and cards in this order, with what was answered chosen."""
    return KINDS[item.kind].asked(item, order, answer)


def rules_of(items: Iterable[Item]) -> list[str]:
    """How answers to these items are scored, in words: one line for each kind among them, parts of cases included."""
    kinds = {one.kind for item in items for one in (item, *item.parts)}
    return list(dict.fromkeys(kind.rule for name, kind in KINDS.items() if name in kinds))


def score_item(item: Item, answer: object) -> Score:
    """What an answer earns of the item's one mark; an answer that is none, or is junk, earns nothing and raises nothing."""
    return KINDS[item.kind].score(item, answer)


def is_right(item: Item, answer: object) -> bool:
    """Whether an answer earns the whole mark."""
    score = score_item(item, answer)
    return score.earned == score.possible


def right_answer(item: Item) -> Answer:
    """The answer that earns the whole mark."""
    return KINDS[item.kind].right(item)


def feedback(item: Item, answer: object) -> tuple[Line, ...]:
    """What is said of every option or card of an answered item, in the author's order."""
    return KINDS[item.kind].feedback(item, answer)


def missing_answer_message(item: Item, answer: object) -> str:
    """What an answer to a check in a lesson still needs, in words; empty when it is whole."""
    return KINDS[item.kind].missing_answer_message(item, answer)
