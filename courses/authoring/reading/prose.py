"""Which text of a course is prose, and the words of it with their lines. How words are spelt is in `spelling`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from courses.authoring.reading.yaml_with_lines import Fields, Rows, Span
from courses.library.authored_fields import PROSE

# What stands among words without being one: escapes, code, citations, entries of terms, addresses.
MASKED = re.compile(
    r"`[^`]*`|\[@[^\]]*\]|(?<=\])\([^)\s]*\)|https?://\S+|\S+@\S+|(?<=[^\[\]|])\|[^\[\]|\n]+(?=\]\])|&#?\w+;"
)
ESCAPES = re.compile(r"\\(x..|u....|U........|.)", re.S)
WORD = re.compile(r"\w+(?:['’‑-]\w+)*")


@dataclass(frozen=True)
class Stretch:
    """Some prose as it stands in a file, from `line` on, Markdown and all."""

    path: Path
    line: int
    text: str

    def words(self) -> Iterator[tuple[str, int]]:
        """Each word with its line; a word may have hyphens and apostrophes (always `'`), and digits."""
        text = MASKED.sub(_blank, self.text).replace("*", "").replace("’", "'").replace("‑", "-")
        for line, row in enumerate(text.split("\n"), self.line):
            for word in WORD.findall(row):
                yield word, line

    def pieces(self) -> Iterator[tuple[str, int]]:
        """Each word as the letters and digits between hyphens and apostrophes, small, with its line."""
        for word, line in self.words():
            for piece in re.split(r"['-]", word):
                yield piece.casefold(), line


def _blank(found: re.Match[str]) -> str:
    """As many lines, and nothing on them."""
    return re.sub(r"[^\n]", " ", found[0])


def stretches_of(
    model: type[BaseModel], data: Any, path: Path, first_line: int
) -> Iterator[Stretch]:
    """The prose an author wrote in the fields of `model`, whether or not they fit it."""
    if isinstance(data, Fields):
        for name, field in model.model_fields.items():
            yield from _inside(field.annotation, field.metadata, data, name, path, first_line)


def _inside(
    kind: Any, marks: Any, holder: Fields | Rows, place: str | int, path: Path, first_line: int
) -> Iterator[Stretch]:
    if place not in holder.lines:
        return
    if PROSE in marks:
        if span := holder.spans.get(place):
            yield Stretch(path, first_line + span.line, _unquoted(span))
        return
    value: Any = holder[place]  # type: ignore[index]
    inner = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from stretches_of(kind, value, path, first_line)
    elif get_origin(kind) in {list, dict} and isinstance(value, Fields | Rows):
        of, *its_marks = _parts(inner[-1])
        for one in value.lines:
            yield from _inside(of, its_marks, value, one, path, first_line)


def _parts(kind: Any) -> tuple[Any, ...]:
    """A type and what is noted on it."""
    return get_args(kind) if hasattr(kind, "__metadata__") else (kind,)


def _unquoted(span: Span) -> str:
    if span.text.startswith("'"):
        return span.text.replace("''", "'")
    return ESCAPES.sub(_blank, span.text) if span.text.startswith('"') else span.text
