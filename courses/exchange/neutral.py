"""An item between two formats, as its author wrote it, in Markdown. No files, no formats."""

import re
import unicodedata
from dataclasses import dataclass

from courses.authoring.reading.reader import KEY
from courses.exchange.refusals import Refused

CHOICES = ("single", "multiple", "spot")
LONGEST_KEY = 60  # keep in step with authored_fields.Key


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
    difficulty: str = ""
    critical: bool = False

    @property
    def answers(self) -> tuple[Option | Card, ...]:
        """Everything of the item that has feedback."""
        answers: list[Option | Card] = [*self.options, *self.cards]
        for part in self.parts:
            answers += part.options
        return tuple(answers)


@dataclass(frozen=True)
class Book:
    """What was taken of one file, in its order; why others were not; what the whole file lost."""

    items: tuple[Item, ...] = ()
    left_out: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


def normal(text: str) -> str:
    """Text as every format keeps it: lines end in a newline, without blank space at both ends."""
    lines = text.replace("\r\n", "\n")
    return lines.replace("\r", "\n").strip()


def is_key(text: str) -> bool:
    is_short = len(text) <= LONGEST_KEY
    return is_short and bool(KEY.fullmatch(text))


class Keys:
    """Gives each thing of a file a key of its own, made from its name."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def give(self, name: str, otherwise: str) -> str:
        """The name when it is a free key; else its letters and digits or `otherwise`, numbered."""
        first = name if is_key(name) else _slug(name) or otherwise
        key = first
        number = 1
        while key in self.given:
            number += 1
            key = f"{first[: LONGEST_KEY - 6].rstrip('-')}-{number}"
        self.given.add(key)
        return key


def _slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name[:200])
    plain = letters.encode("ascii", "ignore").decode().lower()
    hyphened = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return hyphened[:LONGEST_KEY].rstrip("-")
