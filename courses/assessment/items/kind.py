"""What the kinds of item have in common: how an item is asked, answered and spoken of. The kinds are beside this file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from courses.assessment.items.making import ItemReader
from courses.assessment.scoring import Score
from courses.library.authored_fields import Authored
from courses.library.content import Item

Answer = list[str] | dict[str, Any]
"""Option keys for a choice; card key to group key for cards; part key to option keys for a case."""


class BadAnswer(Exception):
    """The form cannot be an answer to this item; the message says why, for the person who sent it."""


class Form(Protocol):
    """What was sent: the last value of a field, and all of them."""

    def get(self, name: str, /) -> Any: ...
    def getlist(self, name: str, /) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Choice:
    """One option, or one place for a card, as a form shows it. Nothing that tells what is right."""

    key: str
    html: str
    is_chosen: bool


@dataclass(frozen=True)
class PresentedItem:
    """An item as a form shows it: `choices` (of `name`), or `cards` with the places for each, or the `parts` of a case.

    `takes` is "one" or "many" choices. `stem` is HTML.
    """

    stem: str
    name: str = "option"
    takes: str = "one"
    choices: tuple[Choice, ...] = ()
    cards: tuple[tuple[Choice, tuple[Choice, ...]], ...] = ()
    parts: tuple["PresentedItem", ...] = ()


@dataclass(frozen=True)
class Line:
    """Feedback on one option or card. `verdict` is right, wrong, missed or other, and is put into words by the page.

    `placed` and `belongs` are where a card was put and where it fits; `part` is the prompt of the part it is of.
    """

    key: str
    html: str
    verdict: str
    feedback: str
    sources: tuple[str, ...]
    placed: str = ""
    belongs: str = ""
    part: str = ""


class Kind(Protocol):
    """One kind of item. `fields` is what an author writes beside what every item has.

    `rule` is what an answer earns, in words for learners and authors alike: the start of a quiz and FORMAT.md say it.
    """

    rule: str
    fields: type[Authored]

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        """The fields of `content.Item` that this kind fills; tells the reader what is wrong with them."""
        ...

    def answer_in(self, item: Item, form: Form) -> Answer | None: ...

    def missing_answer_message(self, item: Item, answer: object) -> str: ...

    def asked(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem: ...

    def score(self, item: Item, answer: object) -> Score: ...

    def right(self, item: Item) -> Answer: ...

    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]: ...


def in_order(keys: Sequence[str], order: Sequence[str]) -> list[str]:
    """The keys in the order given; those it does not name come last, as they stand."""
    place = {key: n for n, key in enumerate(order)}
    return sorted(keys, key=lambda key: place.get(key, len(place)))
