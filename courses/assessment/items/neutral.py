"""An item between this course's files and the formats of other systems, its texts in Markdown.

Here are its values, and its options and cards as rows of YAML. The kinds beside this file say which
of them an item has; the formats themselves are in `exchange`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

Row = Mapping[str, Any]
"""A mapping of YAML as an author wrote it, which was found to have no problem."""


class Shape(Enum):
    """What another system must be able to ask, so that it can hold an item of a kind.

    It says which fields of `Item` are filled, and by it the writers of all formats choose.
    """

    ONE_OPTION = "one of the options"
    MANY_OPTIONS = "any number of the options"
    PLACES = "one of the groups for each of the cards"
    ORDER = "the cards, put in the order they stand in"
    PARTS = "several parts, each of them with options"


@dataclass(frozen=True)
class Option:
    text: str
    is_correct: bool = False
    feedback: str = ""
    sources: tuple[str, ...] = ()
    leans: str = ""


@dataclass(frozen=True)
class Group:
    """A place for cards: a group of a sort, or a right-hand side of a match."""

    key: str
    text: str


@dataclass(frozen=True)
class Card:
    """A card of a sort, a left-hand side of a match, or a turn of an order (without `group`)."""

    text: str
    group: str = ""
    feedback: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One choice of a case."""

    prompt: str
    kind: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Item:
    """Everything its author wrote; an empty field is not known. Turns stand in their right order.

    The groups of a match are called right-1, right-2 … as they first occur; those of a sort keep
    their author's keys.
    """

    # Exported files hold these fields as JSON, under these names: see `exchange.metadata`.
    key: str
    kind: str
    stem: str
    options: tuple[Option, ...] = ()
    cards: tuple[Card, ...] = ()
    groups: tuple[Group, ...] = ()
    parts: tuple[Part, ...] = ()
    scene: str = ""
    outcome: str = ""
    lesson: str = ""
    use: tuple[str, ...] = ()
    parallel: str = ""
    step: str = ""
    difficulty: str = ""
    critical: bool = False

    @property
    def answers(self) -> tuple[Option | Card, ...]:
        """Everything of the item that has feedback."""
        answers: list[Option | Card] = [*self.options, *self.cards]
        for part in self.parts:
            answers += part.options
        return tuple(answers)


def normal(text: str) -> str:
    """Text as every format keeps it: lines end in a newline, without blank space at both ends."""
    lines = text.replace("\r\n", "\n")
    return lines.replace("\r", "\n").strip()


def read_options(rows: Iterable[Row]) -> tuple[Option, ...]:
    """The options of a choice from its rows, in their order."""
    options = []
    for row in rows:
        option = Option(
            text=normal(row["text"]),
            is_correct=bool(row.get("correct", False)),
            feedback=normal(row["feedback"]),
            sources=tuple(row.get("sources", ())),
            leans=str(row.get("leans", "")),
        )
        options.append(option)
    return tuple(options)


def option_rows(options: Iterable[Option]) -> list[dict[str, Any]]:
    """The rows of options, in the order of fields that authors write."""
    rows = []
    for option in options:
        row: dict[str, Any] = {"text": option.text}
        # A field that says nothing is left out, as authors leave it out.
        if option.is_correct:
            row["correct"] = True
        if option.leans:
            row["leans"] = option.leans
        rows.append(row | _feedback_fields(option))
    return rows


def read_cards(rows: Iterable[Row], text: str, group: str = "") -> tuple[Card, ...]:
    """Cards from rows that have a card's text and its group under these names.

    Without the name of a group the cards have none.
    """
    cards = []
    for row in rows:
        card = Card(
            text=normal(row[text]),
            group=normal(row[group]) if group else "",
            feedback=normal(row["feedback"]),
            sources=tuple(row.get("sources", ())),
        )
        cards.append(card)
    return tuple(cards)


def card_rows(cards: Iterable[Card], text: str, group: str = "") -> list[dict[str, Any]]:
    """The rows of cards, with a card's text and its group under these names."""
    rows = []
    for card in cards:
        row: dict[str, Any] = {text: card.text}
        if group:
            row[group] = card.group
        rows.append(row | _feedback_fields(card))
    return rows


def _feedback_fields(answer: Option | Card) -> dict[str, Any]:
    # Sources may be left out; feedback may not, so it is written even when it is not known.
    if not answer.sources:
        return {"feedback": answer.feedback}
    return {"feedback": answer.feedback, "sources": list(answer.sources)}
