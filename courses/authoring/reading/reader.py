"""What one file of a course is read with: what it may name, and where its problems go.

The blocks of a lesson are made in `blocks`, options and cards in `assessment.items`.
"""

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
class FileReader:
    """What a file is read with, and what reading it has met so far.

    `sources` has the publications of each known source, `terms` the words of each glossary entry,
    `scenes` the known keys; `lost` are files that cannot be read, so that nothing is reported as
    missing in them. Reading adds to the rest: `steps` are the keys of the lesson's steps, `cited`
    the source ids in the order they are met, `lines` the places of what has a key.
    """

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
        """What rendering the text of a step adds to."""
        return Notes(self.sources, self.terms)

    def inline(self, text: str, line: int, where: str) -> str:
        """One line of Markdown as HTML: an option, feedback, a label.

        It stands where no references can be listed, so citations are only remembered.
        """
        notes = Notes(self.sources, self.terms, is_bare=True)
        html = render_inline(text, notes)
        self.report_notes(notes, line, where)
        return html

    def inline_each(self, texts: list[str], line: int, where: str) -> tuple[str, ...]:
        return tuple(self.inline(text, line, where) for text in texts)

    def block(self, text: str, line: int, where: str) -> str:
        """Markdown with paragraphs as HTML: a stem, a model answer, a moment.

        Otherwise as `inline`.
        """
        notes = Notes(self.sources, self.terms, is_bare=True)
        html = render(text, notes)
        self.report_notes(notes, line, where)
        return html

    def report(self, line: int, where: str, what: str) -> None:
        self.problems.add(self.path, line, where, what)

    def warn(self, line: int, where: str, what: str) -> None:
        self.problems.warn(self.path, line, where, what)

    def report_notes(self, notes: Notes, line: int, where: str) -> None:
        """Reports what a text names that does not exist, and remembers what it cites."""
        for name in dict.fromkeys(notes.unknown):
            self._report_unknown(name, line, where)
        for target in notes.links:
            if not self._has_target(target):
                what = f"the link {target!r} leads nowhere; write `#key` of a step of this lesson"
                self.report(self.find(line, target), where, what)
        for fault_line, fault in notes.faults:
            # Bare text comes from a field, and only the line of its block is known.
            self.report(line if notes.is_bare else fault_line, where, fault)
        self.cited += notes.sources

    def _report_unknown(self, name: str, line: int, where: str) -> None:
        """Reports a citation or term (`[@A1]`, `[[term]]`) that is in no file."""
        file = "glossary.yaml" if name.startswith("[[") else "references.yaml"
        if file not in self.lost:
            what = f"{name} is not in {file}; add it there, or take it out here"
            self.report(self.find(line, name.strip("[@]")), where, what)

    def _has_target(self, target: str) -> bool:
        return target.startswith("https://") or target.removeprefix("#") in self.steps

    def check_sources(self, ids: list[str], line: int, where: str) -> tuple[str, ...]:
        """The ids, remembered as cited; adds a problem for each that is not known."""
        for source in ids:
            if source not in self.sources and "references.yaml" not in self.lost:
                what = f"source {source!r} is not in references.yaml; add it there, or cite another"
                self.report(self.find(line, source), where, what)
        self.cited += ids
        return tuple(ids)

    def check_scene(self, key: str, line: int, where: str) -> None:
        if key and key not in self.scenes:
            what = f"asks for scene {key!r}, which is not in scenes/; write it, or name another"
            self.report(line, where, what)

    def check_lines(self, lines: Iterable[str], first_line: int) -> None:
        """Reports what no line of a file may have."""
        for number, line in enumerate(lines, first_line):
            for fault in faults_of(line):
                self.report(number, "text", fault)

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

    @cached_property
    def _searchable_lines(self) -> list[str]:
        text = self.problems.texts.get(self.path, "")
        return _searchable(text).split("\n")


def _searchable(text: str) -> str:
    return text.casefold().replace(" ", "-")


def _has_word(row: str, word: str) -> bool:
    """Whether the word stands in the row by itself, not as a part of another (`B1` in `B1.2`)."""
    # Found by `str.find`, because a file can have thousands of names to look for, and one line.
    start = row.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = row[max(start - 1, 0) : start], row[end : end + 2]
        if not NOT_ALONE_BEFORE.match(before) and not NOT_ALONE_AFTER.match(after):
            return True
        start = row.find(word, start + 1)
    return False
