"""What all kinds of item have in common: the base class `Kind` and the values it hands to pages.

Each kind is a module beside this file.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from courses.assessment.items import neutral
from courses.assessment.items.making import ItemReader
from courses.assessment.scoring import Score
from courses.library.authored_fields import Authored
from courses.library.content import Item

# Answers are stored as JSON, so they are made of what JSON has.
Answer = list[str] | dict[str, Any]
"""Option keys for a choice; card key to group key for cards; part key to option keys for a case."""


class BadAnswer(Exception):
    """The submitted form is no answer to this item; the message tells the sender why."""


class Form(Protocol):
    """Submitted form data, like Django's QueryDict, which these modules do not import."""

    def get(self, name: str, /) -> Any:
        """The last value of a field, None where it was not sent."""

    def getlist(self, name: str, /) -> Sequence[Any]:
        """All values of a field, empty where it was not sent."""


@dataclass(frozen=True)
class Choice:
    """An option, or a place for a card, as a form shows it. It does not say what is right.

    `letter` is what a place is called where its text is too long for a menu; empty elsewhere.
    """

    key: str
    html: str
    is_chosen: bool
    letter: str = ""


@dataclass(frozen=True)
class PresentedItem:
    """What the template of an item's form fields needs. It does not say what is right.

    `stem` is HTML. `template` is the kind's (`Kind.template`). Of the rest each kind fills what its
    template shows: `choices`, posted as the field `name`, of which one `takes` "one" or "many";
    `cards`, each with the places it can be put in, where one `takes` "places", or "turns" where
    every card has a place of its own; or the `parts` of a case. A kind that needs more adds fields
    in a subclass.
    """

    stem: str
    name: str = "option"
    takes: str = "one"
    choices: tuple[Choice, ...] = ()
    cards: tuple[tuple[Choice, tuple[Choice, ...]], ...] = ()
    parts: tuple["PresentedItem", ...] = ()
    template: str = ""

    @property
    def places(self) -> tuple[Choice, ...]:
        """The places that every card can be put in; empty where there are no cards."""
        return self.cards[0][1] if self.cards else ()

    @property
    def has_long_places(self) -> bool:
        """Whether the places are printed with letters, as their texts are too long for a menu."""
        return any(place.letter for place in self.places)


@dataclass(frozen=True)
class Line:
    """Feedback on one option or card.

    `result` is "right" or "wrong" for what was chosen or placed, "missed" for a right option that
    was not chosen, and "other" for a wrong one that was not. `placed` and `belongs` are the HTML
    of where a card was put and where it belongs, empty for options. `part` is the prompt of the
    case's part that the line is about.
    """

    key: str
    html: str
    result: str
    feedback: str
    sources: tuple[str, ...]
    placed: str = ""
    belongs: str = ""
    part: str = ""


class Kind(ABC):
    """One kind of item: what authors write, how it is presented, answered and scored.

    `name` is what authors write as `kind:`; `fields` are the fields of this kind beside those
    that every item has. `rule` says how an answer is scored, in the words that learners read
    before a quiz and authors read in FORMAT.md. `template` draws the form's fields from a
    `PresentedItem`, inside an element with `data-fields`: by it the script finds and restores them.

    `block` is the lesson block that asks this kind, empty where lessons have none: several kinds
    may share a block, and then its author writes `kind:`. `minutes` is how long answering takes
    beside the reading. `quiz_options` is how many options one in a quiz must have, 0 for any
    number. Sources: the content guide, "A lesson" and "An item".

    `exchange_shape` is what other systems are given of an item, None where they are given nothing;
    `exchange_loss` is what is lost there, after "3 of them", empty where nothing is.
    """

    name: str
    rule: str
    fields: type[Authored]
    template: str
    block: str = ""
    minutes: float = 0
    quiz_options: int = 0
    exchange_shape: neutral.Shape | None = None
    exchange_loss: str = ""

    @property
    def block_fields(self) -> type[Authored]:
        """The fields of this kind in a lesson block, beside the prompt."""
        return self.fields

    def kind_in_block(self, fields: Any) -> str:
        """The name of the kind that the item of a lesson block has, from the block's fields."""
        return self.name

    @abstractmethod
    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        """The fields of `content.Item` that this kind fills, from what an author wrote.

        What is wrong with them is reported to the reader, with `line` and `where`.
        """

    @abstractmethod
    def answer_in(self, item: Item, form: Form) -> Answer | None:
        """The answer in a submitted form, None where it holds none.

        Raises:
            BadAnswer: it names what the item does not have, or more than it takes.
        """

    @abstractmethod
    def missing_answer_message(self, item: Item, answer: object) -> str:
        """What an answer still needs, as learners read it; empty when it is complete."""

    @abstractmethod
    def present(self, item: Item, order: Sequence[str], answer: object) -> PresentedItem:
        """The item for its form, options or cards in this order, with the answer filled in."""

    @abstractmethod
    def score(self, item: Item, answer: object) -> Score:
        """What an answer earns of one mark. Anything that is no answer earns nothing."""

    @abstractmethod
    def right(self, item: Item) -> Answer:
        """The answer that earns the whole mark."""

    @abstractmethod
    def feedback(self, item: Item, answer: object) -> tuple[Line, ...]:
        """A line for every option or card, in the author's order."""

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        """The fields of `neutral.Item` that this kind fills, those of its `exchange_shape`.

        `raw` is the item in its author's YAML, which was found to have no problem. None when no
        other system can ask this item.
        """
        return None

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        """The fields of this kind as an author writes them: what `to_exchange` was made of.

        A kind that has an `exchange_shape` has this method too. The item may come from another
        system, so it may break the rules of its kind: `check_courses` says so to its author.

        Raises:
            LookupError, ValueError: its fields do not fit together, as `to_exchange` makes them.
        """
        raise NotImplementedError(f"the kind {self.name!r} is not exchanged")

    def headline(self, item: Item, answer: object) -> str:
        """What stands above the feedback in a lesson: the result in words, without blame."""
        # The page's colour does not hang on these words: it asks `is_right`.
        score = self.score(item, answer)
        if score.is_full:
            return "Yes, that fits."
        if score.earned:
            return "Partly. Here is the best answer, and why."
        return "Not quite. Here is the best answer, and why."

    def hint_headline(self, item: Item, answer: object) -> str:
        """What stands above the hints to a first answer that is not right.

        It may say how much of the answer is right, never what the right answer is.
        """
        return "Not quite. Here is what to look for."

    def hints(self, item: Item, answer: object) -> tuple[Line, ...]:
        """What may be said of a first answer that is not right: lines on what was chosen alone.

        The words about a wrong option are written as a hint. What tells the right answer is left
        out: other options, where a card belongs, and the words about it.
        """
        lines = []
        for line in self.feedback(item, answer):
            if line.result == "wrong":
                lines.append(_hint_in(line))
        return tuple(lines)


def _hint_in(line: Line) -> Line:
    if not line.belongs:
        return line
    # The words about a card say why it belongs where it does.
    return replace(line, feedback="", sources=(), belongs="")


def in_order(keys: Sequence[str], order: Sequence[str]) -> list[str]:
    """The keys in this order; keys that it does not name come last, in the order they are in."""
    # An edition may have options that the order, stored with an attempt, does not know.
    position = {key: n for n, key in enumerate(order)}
    last = len(position)
    return sorted(keys, key=lambda key: position.get(key, last))
