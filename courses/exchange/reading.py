"""One file while it is read: its items, activities and notes so far, and what was refused. The formats are beside this."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from courses.exchange.neutral import Book, Item, Keys, Note, Task
from courses.exchange.refusals import (
    LONGEST_SAID,
    Empty,
    Location,
    Refused,
    RefusedAll,
    TooLarge,
    TooMany,
)

MOST_ITEMS = 2_000
MOST_NOTES = 20_000
LONGEST = 100_000  # characters of one text
MOST_LETTERS = 20_000_000
MOST_WORK = (
    1_000_000_000  # squares of signs: some seconds. An ordinary text of an item has some dozens
)
SIGN = re.compile(r"[^\w\s.,;:'\"()?]")


class Reading:
    """Reading goes on after a refusal, so that an author learns of all of them at once; then nothing is taken."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.keys = Keys()
        self.items: list[Item] = []
        self.tasks: list[Task] = []
        self.notes: list[Note] = []
        self.refusals: list[Refused] = []
        self.count = self.letters = self.work = 0

    @contextmanager
    def item(self) -> Iterator[None]:
        """What is refused inside is kept for the end."""
        self.count += 1
        if self.count > MOST_ITEMS or len(self.notes) > MOST_NOTES:
            raise TooMany(
                Location(self.name),
                f"has more than {MOST_ITEMS:,} items, or needs too much said; export fewer",
            )
        try:
            yield
        except Refused as refusal:
            self.refusals.append(refusal)

    def weigh(self, text: str, place: Location) -> None:
        """Counts a text before it is rendered: Markdown of nothing but signs takes the square of their number.

        Raises:
            TooLarge, TooMany: the text, or all texts of the file so far, are more than anything honest needs.
        """
        if len(text) > LONGEST:
            raise TooLarge(place, f"has a text of more than {LONGEST:,} characters; shorten it")
        self.letters += len(text)
        self.work += len(SIGN.findall(text)) ** 2
        if self.letters > MOST_LETTERS:
            raise TooLarge(
                place,
                f"comes after more than {MOST_LETTERS:,} characters of text; export fewer items at once",
            )
        if self.work > MOST_WORK:
            raise TooMany(place, "comes after texts of more signs than words; write them plainer")

    def say(self, place: Location, what: str) -> None:
        self.notes.append(Note(place, what[:LONGEST_SAID]))

    def say_left(self, place: Location, left: Sequence[str]) -> None:
        """Tells what of a text could not come along."""
        if left:
            self.say(
                place,
                f"leaves out {', '.join(dict.fromkeys(left))}; say it in words where it matters",
            )

    def key(self, name: str, place: Location, number: int) -> str:
        """A key for the item of this name; when it is not the name itself, that is told."""
        key = self.keys.give(name, f"item-{number}")
        if key != name:
            self.say(
                replace(place, item=key),
                f"is called {name[:40]!r} there" if name else "has no name there",
            )
        return key

    def add(self, item: Item, place: Location) -> None:
        if not any(one.sources for one in item.answers):
            self.say(
                replace(place, item=item.key), "names no sources; write what its feedback rests on"
            )
        self.items.append(item)

    def book(self) -> Book:
        """All of the file.

        Raises:
            RefusedAll: something in it was refused.
            Empty: there is nothing in it.
        """
        if self.refusals:
            raise RefusedAll(self.refusals)
        if not self.items and not self.tasks:
            raise Empty(
                Location(self.name),
                "has no item that could be read; name another file, or another format",
            )
        return Book(tuple(self.items), tuple(self.tasks), tuple(self.notes))
