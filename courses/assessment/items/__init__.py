"""The kinds of item. Each is one module: its fields, form, scoring, feedback and exchange.

A new kind is a new module and its line in `KINDS`. All are plain rules: no rows, pages or clock.
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

# A case is made of these, so they stand apart.
CHOICES = {"single": Single(), "multiple": Multiple()}
KINDS: dict[str, Kind] = {
    **CHOICES,
    "sort": Sort(),
    "match": Match(),
    "order": Order(),
    "spot": Spot(),
    "case": Case(CHOICES),
}


def kinds_by_block() -> dict[str, list[Kind]]:
    """The kinds that each lesson block can ask, by the block's name."""
    blocks: dict[str, list[Kind]] = {}
    for kind in KINDS.values():
        if kind.block:
            blocks.setdefault(kind.block, []).append(kind)
    return blocks


def answer_in(item: Item, form: Form) -> Answer | None:
    """The answer to the item in a submitted form, None where it holds none.

    Raises:
        BadAnswer: it names what the item does not have, or more than it takes.
    """
    return KINDS[item.kind].answer_in(item, form)


def answer_keys(item: Item) -> list[str]:
    """The keys of the item's options or cards, those of a case's parts too: what is shuffled."""
    return [answer.key for answer in item.answers]


def present(item: Item, order: Sequence[str], answer: object) -> PresentedItem:
    """The item for its form, options and cards in this order, with the answer filled in."""
    kind = KINDS[item.kind]
    return kind.present(item, order, answer)


def rules_of(items: Iterable[Item]) -> list[str]:
    """How answers to these items are scored: one sentence for each kind, parts of cases too."""
    kinds = set()
    for item in items:
        kinds.add(item.kind)
        kinds.update(part.kind for part in item.parts)
    rules = [kind.rule for name, kind in KINDS.items() if name in kinds]
    # Two kinds may share a rule: a spot is scored as a single choice.
    return list(dict.fromkeys(rules))


def score_item(item: Item, answer: object) -> Score:
    """What an answer earns of the item's one mark.

    None, or anything that is no answer to this item, earns nothing and raises nothing.
    """
    return KINDS[item.kind].score(item, answer)


def is_right(item: Item, answer: object) -> bool:
    """Whether an answer earns the whole mark."""
    return score_item(item, answer).is_full


def right_answer(item: Item) -> Answer:
    """The answer that earns the whole mark."""
    return KINDS[item.kind].right(item)


def feedback(item: Item, answer: object) -> tuple[Line, ...]:
    """A line for every option or card of an item, in the author's order."""
    return KINDS[item.kind].feedback(item, answer)


def headline(item: Item, answer: object) -> str:
    """What stands above the feedback in a lesson: the result in words, without blame."""
    return KINDS[item.kind].headline(item, answer)


def hints(item: Item, answer: object) -> tuple[Line, ...]:
    """What may be said of a first answer that is not right, without telling the right one."""
    return KINDS[item.kind].hints(item, answer)


def hint_headline(item: Item, answer: object) -> str:
    """What stands above the hints to a first answer that is not right."""
    return KINDS[item.kind].hint_headline(item, answer)


def missing_answer_message(item: Item, answer: object) -> str:
    """What an answer still needs, as learners read it; empty when it is complete."""
    return KINDS[item.kind].missing_answer_message(item, answer)
