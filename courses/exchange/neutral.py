"""An item between two formats: what an author wrote, as Markdown, in frozen values. No files, no other system's format."""

import re
import unicodedata
from dataclasses import dataclass

from courses.authoring.reading.reader import KEY
from courses.exchange.refusals import Location, shown

CHOICES = ("single", "multiple", "spot")
LONGEST_KEY = 60  # keep in step with schema.Key


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
    """A card of a sort, a left-hand side of a match, or a turn of an order (which has no `group`)."""

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
    """An item with all that its author wrote; empty is what is not known. Turns of an order stand in their right order.

    The groups of a match are called right-1, right-2 … as they first occur; those of a sort as the author called them.
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
        return (*self.options, *self.cards, *(one for part in self.parts for one in part.options))


@dataclass(frozen=True)
class Task:
    """Something to be answered in own words, with the `answers` that were accepted; none where people read it."""

    key: str
    prompt: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """What an author must know or mend because the other format says it otherwise, or not at all."""

    place: Location
    what: str

    def __str__(self) -> str:
        return shown(f"{self.place}{self.what}")


@dataclass(frozen=True)
class Book:
    """All that one file holds, in its order."""

    items: tuple[Item, ...] = ()
    tasks: tuple[Task, ...] = ()
    notes: tuple[Note, ...] = ()


def normal(text: str) -> str:
    """Text as formats keep it: lines end in a newline, and blank space at both ends counts for nothing, as in a lesson."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def pairs(
    rows: list[tuple[str, str, str, tuple[str, ...]]],
) -> tuple[tuple[Card, ...], tuple[Group, ...]]:
    """Cards and groups of a match from (left, right, feedback, sources)."""
    keys: dict[str, str] = {}
    for _, right, _, _ in rows:
        keys.setdefault(right, f"right-{len(keys) + 1}")
    cards = tuple(
        Card(left, keys[right], feedback, sources) for left, right, feedback, sources in rows
    )
    return cards, tuple(Group(key, right) for right, key in keys.items())


def is_key(text: str) -> bool:
    return len(text) <= LONGEST_KEY and bool(KEY.fullmatch(text))


class Keys:
    """Gives each thing of a file a key of its own, made from its name."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def give(self, name: str, otherwise: str) -> str:
        """The name itself when it is a free key; else its letters and digits, or `otherwise`, numbered until free."""
        first = name if is_key(name) else _slug(name) or otherwise
        key, n = first, 1
        while key in self.given:
            n += 1
            key = f"{first[: LONGEST_KEY - 6].rstrip('-')}-{n}"
        self.given.add(key)
        return key


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY].rstrip("-")
