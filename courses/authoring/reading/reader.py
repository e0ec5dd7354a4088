"""What a course file is read with: its place, what is known, and making options and cards. Blocks are in `blocks`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from courses.authoring.reading.diagnostics import Problems
from courses.library.markdown import Notes, faults_of, render, render_inline

LONGEST_BLOCK = 150  # lines
NOT_ALONE_BEFORE = re.compile(r"\w")
NOT_ALONE_AFTER = re.compile(r"\w|\.\d")
KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


@dataclass
class Reader:
    """What one lesson is read with: its file, the folder of pictures, the known sources and terms, and the problems."""

    path: Path
    images: Path
    sources: dict[str, tuple[str, ...]]
    terms: dict[str, str]
    problems: Problems
    scenes: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    steps: set[str] = field(default_factory=set)
    cited: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def notes(self) -> Notes:
        return Notes(self.sources, self.terms)

    def inline(self, text: str, line: int, where: str) -> str:
        """A line of text with no references at its foot (an option, feedback, a label), rendered and settled."""
        notes = Notes(self.sources, self.terms, is_bare=True)
        html = render_inline(text, notes)
        self.settle(notes, line, where)
        return html

    def inline_each(self, texts: list[str], line: int, where: str) -> tuple[str, ...]:
        return tuple(self.inline(text, line, where) for text in texts)

    def block(self, text: str, line: int, where: str) -> str:
        """The same for a stretch with paragraphs (a stem of a quiz, a model answer, a moment)."""
        notes = Notes(self.sources, self.terms, is_bare=True)
        html = render(text, notes)
        self.settle(notes, line, where)
        return html

    def say(self, line: int, where: str, what: str) -> None:
        self.problems.add(self.path, line, where, what)

    def warn(self, line: int, where: str, what: str) -> None:
        self.problems.warn(self.path, line, where, what)

    @cached_property
    def _searchable_lines(self) -> list[str]:
        return _searchable(self.problems.texts.get(self.path, "")).split("\n")

    def find(self, line: int, name: str) -> int:
        """The first line from `line` on that has the name as a whole word; `line` if none has.

        Looks as far as a block may reach. Case does not count, nor whether words are joined by
        spaces or hyphens.
        """
        wanted = _searchable(name)
        near = self._searchable_lines[line - 1 : line - 1 + LONGEST_BLOCK]
        for number, row in enumerate(near, line):
            if _has_word(row, wanted):
                return number
        return line

    def settle(self, notes: Notes, line: int, where: str) -> None:
        """Turns what a stretch of text named and nobody knows into problems, and remembers what it cited."""
        for name in dict.fromkeys(notes.unknown):
            file = "glossary.yaml" if name.startswith("[[") else "references.yaml"
            if file not in self.lost:
                at = self.find(line, name.strip("[@]"))
                self.say(at, where, f"{name} is not in {file}; add it there, or take it out here")
        for target in notes.links:
            if not target.startswith("https://") and target.removeprefix("#") not in self.steps:
                what = f"the link {target!r} leads nowhere; write `#key` of a step of this lesson"
                self.say(self.find(line, target), where, what)
        for offset, fault in notes.faults:
            self.say(line if notes.is_bare else offset, where, fault)
        self.cited += notes.sources

    def check_sources(self, ids: list[str], line: int, where: str) -> tuple[str, ...]:
        for source in ids:
            if source not in self.sources and "references.yaml" not in self.lost:
                what = f"source {source!r} is not in references.yaml; add it there, or cite another"
                self.say(self.find(line, source), where, what)
        self.cited += ids
        return tuple(ids)

    def check_scene(self, key: str, line: int, where: str) -> None:
        if key and key not in self.scenes:
            self.say(
                line,
                where,
                f"asks for scene {key!r}, which is not in scenes/; write it, or name another",
            )

    def check_lines(self, lines: Iterable[str], first_line: int) -> None:
        """Reports what no line of the file may have."""
        for number, line in enumerate(lines, first_line):
            for fault in faults_of(line):
                self.say(number, "text", fault)


def _searchable(text: str) -> str:
    return text.casefold().replace(" ", "-")


def _has_word(row: str, word: str) -> bool:
    """Whether the word stands in the row by itself, and not as a part of another (`B1` in `B1.2`)."""
    # Found by `str.find`, because a file can have thousands of names to look for, and one line.
    start = row.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = row[max(start - 1, 0) : start], row[end : end + 2]
        if not NOT_ALONE_BEFORE.match(before) and not NOT_ALONE_AFTER.match(after):
            return True
        start = row.find(word, start + 1)
    return False
