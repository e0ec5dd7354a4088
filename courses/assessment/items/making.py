"""Making the options and cards of an item from what an author wrote. What they are worth is in the kinds beside this file."""

import hashlib
from collections.abc import Iterable
from typing import Protocol

from courses.library import content
from courses.library.authored_fields import Option


class ItemReader(Protocol):
    """What a kind of item is read with; `authoring` has the one that knows files and lines."""

    def inline(self, text: str, line: int, where: str) -> str: ...

    def block(self, text: str, line: int, where: str) -> str: ...

    def say(self, line: int, where: str, what: str) -> None: ...

    def check_scene(self, key: str, line: int, where: str) -> None: ...

    def check_sources(self, ids: list[str], line: int, where: str) -> tuple[str, ...]: ...


def short_key(text: str) -> str:
    """Eight letters drawn from the words: the same words give the same key, and a key tells nothing."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def make_options(
    reader: ItemReader, kind: str, options: list[Option], line: int, where: str
) -> tuple[content.Option, ...]:
    """The options of a choice, with a problem where nobody, or everybody, could answer it."""
    right = sum(option.correct for option in options)
    if right == 0:
        reader.say(
            line,
            where,
            "has no correct option, so nobody can get it right; mark one `correct: true`",
        )
    elif kind == "single" and right > 1:
        reader.say(
            line, where, f"has {right} correct options; leave one, or write `kind: multiple`"
        )
    elif right == len(options):
        reader.say(
            line,
            where,
            "has only correct options, so everybody gets it right; add options that tempt",
        )
    keys = [short_key(option.text) for option in options]
    if len(set(keys)) < len(keys):
        reader.say(line, where, "has the same option twice; change one")
    made = []
    for key, option in zip(keys, options, strict=True):
        html, feedback = (
            reader.inline(option.text, line, where),
            reader.inline(option.feedback, line, where),
        )
        sources = reader.check_sources(option.sources, line, where)
        made.append(
            content.Option(
                key=key,
                html=html,
                correct=option.correct,
                leans=option.leans,
                feedback=feedback,
                sources=sources,
            )
        )
    return tuple(made)


def make_cards(
    reader: ItemReader, rows: Iterable[tuple[str, str, str, list[str]]], line: int, where: str
) -> tuple[content.Card, ...]:
    """Cards from (text, group key, feedback, source ids)."""
    made = []
    for text, group, feedback, ids in rows:
        html, said = reader.inline(text, line, where), reader.inline(feedback, line, where)
        sources = reader.check_sources(ids, line, where)
        made.append(
            content.Card(
                key=short_key(text), html=html, group=group, feedback=said, sources=sources
            )
        )
    if len({card.key for card in made}) < len(made):
        reader.say(line, where, "has the same card twice; change one")
    return tuple(made)
