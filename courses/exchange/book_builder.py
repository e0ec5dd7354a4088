"""What is taken of one file while it is read: items, refusals, and notes on the whole file."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from courses.assessment.items.neutral import Item
from courses.exchange.keys import Keys
from courses.exchange.kind_mapping import Question, to_item
from courses.exchange.markup import to_html
from courses.exchange.refusals import BadFile, Empty, Location, Refused, TooMuch

MOST_ITEMS = 2_000
LONGEST_TEXT = 100_000  # characters
MOST_LETTERS = 20_000_000  # of all texts of a file
# Squares of signs, some seconds of rendering. An ordinary text of an item has some dozens of signs.
MOST_WORK = 1_000_000_000
SIGN = re.compile(r"[^\w\s.,;:'\"()?]")


@dataclass(frozen=True)
class Book:
    """What was taken of one file, in its order; why others were not; what the whole file lost."""

    items: tuple[Item, ...] = ()
    left_out: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()


class BookBuilder:
    """An item that is refused is left out with its reason, and reading goes on with the next."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.items: list[Item] = []
        self.left_out: list[Refused] = []
        self._keys = Keys()
        self._notes: Counter[str] = Counter()
        self._count = 0
        self._letters = 0
        self._work = 0

    @contextmanager
    def entry(self) -> Iterator[int]:
        """Inside, one item is read, whose number it gives; raises TooMuch past the last one."""
        self._count += 1
        if self._count > MOST_ITEMS:
            what = f"has more than {MOST_ITEMS:,} items; export fewer"
            raise TooMuch(Location(self.name), what)
        try:
            yield self._count
        except Refused as refusal:
            self.left_out.append(refusal)

    def weigh(self, text: str, place: Location) -> None:
        """Counts a text before it is rendered, which takes the square of the number of its signs.

        Raises:
            TooMuch: the text, or all texts of the file so far, are more than anything honest needs.
        """
        if len(text) > LONGEST_TEXT:
            what = f"has a text of more than {LONGEST_TEXT:,} characters; shorten it"
            raise TooMuch(place, what)
        self._letters += len(text)
        self._work += len(SIGN.findall(text)) ** 2
        if self._letters > MOST_LETTERS:
            what = f"comes after more than {MOST_LETTERS:,} characters of text; export fewer items"
            raise TooMuch(place, what)
        if self._work > MOST_WORK:
            raise TooMuch(place, "comes after texts of more signs than words; write them plainer")

    def html(self, words: str, form: str, place: Location) -> str:
        """A text in one of the formats of Moodle as clean HTML; raises TooMuch and Misfit."""
        self.weigh(words, place)
        return to_html(words, form, place)

    def note(self, what: str) -> None:
        """Notes once a file what is dropped without changing what a learner sees or earns."""
        self._notes[what] += 1

    def take(self, question: Question) -> None:
        """Adds a question of another system, its key made of its name; raises Refused."""
        item = to_item(question)
        # Only now: a question that is left out takes no key from another.
        key = self._keys.give(question.name, f"item-{self._count}")
        if key != question.name:
            self.note("has names that are no keys; look at the keys made of them")
        if item.cards:
            self.note("has cards to place; here each place counts the same, beyond guessing")
        if question.tags.has_others:
            self.note("has tags of its own, which are dropped")
        self.note("names no sources; write what its feedback rests on")
        self.items.append(replace(item, key=key))

    def take_own(self, item: Item, place: Location) -> None:
        """Adds an item that was exported here and comes back unchanged; raises BadFile."""
        if item.key in self._keys.given:
            raise BadFile(place, f"has the key {item.key!r} of another item; take one of them out")
        self._keys.give(item.key, item.key)
        self.items.append(item)

    def book(self) -> Book:
        """All that was taken; raises Empty, with the reasons, when that is nothing."""
        place = Location(self.name)
        if not self.items:
            what = "has no item that can be taken; name another file, or another format"
            raise Empty(place, what, self.left_out)
        notes = []
        for what, count in self._notes.items():
            notes.append(f"{place}{what} ({count} ×)")
        return Book(tuple(self.items), tuple(self.left_out), tuple(notes))
