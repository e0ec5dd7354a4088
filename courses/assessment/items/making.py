"""Makes the options and cards of an item from what an author wrote.

What they earn is decided by the kinds beside this file.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from courses.library import content
from courses.library.authored_fields import Option


class ItemReader(Protocol):
    """What a kind needs to read an item: rendering, checks, and a place to report problems.

    `authoring.reading.reader.FileReader` is the implementation; it knows the file and its lines.
    """

    def inline(self, text: str, line: int, where: str) -> str:
        """A line of Markdown as HTML, without a paragraph around it."""

    def block(self, text: str, line: int, where: str) -> str:
        """Paragraphs of Markdown as HTML."""

    def report(self, line: int, where: str, what: str) -> None:
        """Reports a problem."""

    def check_scene(self, key: str, line: int, where: str) -> None:
        """Reports a scene that the course does not have."""

    def check_sources(self, ids: list[str], line: int, where: str) -> tuple[str, ...]:
        """The ids of the sources; reports those that are not in references.yaml."""


class CardFields(NamedTuple):
    """A card as its author wrote it; `group` is the key of the place where it belongs."""

    text: str
    group: str
    feedback: str
    sources: list[str]


def short_key(text: str) -> str:
    """Eight hexadecimal digits from a digest of the text.

    The same text has the same key in every edition, and the key does not tell what is right.
    """
    digest = hashlib.sha256(text.strip().encode())
    return digest.hexdigest()[:8]


def make_options(
    reader: ItemReader, takes: str, options: list[Option], line: int, where: str
) -> tuple[content.Option, ...]:
    """The options of a choice that `takes` "one" or "many".

    Choices that nobody, or everybody, would get right are reported to the reader.
    """
    right = sum(option.correct for option in options)
    if fault := _fault_of(takes, right, len(options)):
        reader.report(line, where, fault)
    keys = {short_key(option.text) for option in options}
    if len(keys) < len(options):
        reader.report(line, where, "has the same option twice; change one")
    return tuple(_make_option(reader, option, line, where) for option in options)


def _fault_of(takes: str, right: int, options: int) -> str:
    """What is wrong with having `right` correct options out of `options`; empty when nothing is."""
    if right == 0:
        return "has no correct option, so nobody can get it right; mark one `correct: true`"
    if takes == "one" and right > 1:
        return f"has {right} correct options; leave one, or write `kind: multiple`"
    if right == options:
        return "has only correct options, so everybody gets it right; add options that tempt"
    return ""


def _make_option(reader: ItemReader, option: Option, line: int, where: str) -> content.Option:
    return content.Option(
        key=short_key(option.text),
        html=reader.inline(option.text, line, where),
        correct=option.correct,
        leans=option.leans,
        feedback=reader.inline(option.feedback, line, where),
        sources=reader.check_sources(option.sources, line, where),
    )


def make_cards(
    reader: ItemReader, rows: Sequence[CardFields], line: int, where: str
) -> tuple[content.Card, ...]:
    """The cards of a sort, match or order. The same card twice is reported to the reader."""
    cards = []
    for row in rows:
        card = content.Card(
            key=short_key(row.text),
            html=reader.inline(row.text, line, where),
            group=row.group,
            feedback=reader.inline(row.feedback, line, where),
            sources=reader.check_sources(row.sources, line, where),
        )
        cards.append(card)
    keys = {card.key for card in cards}
    if len(keys) < len(cards):
        reader.report(line, where, "has the same card twice; change one")
    return tuple(cards)
