"""Where the steps and blocks of a lesson begin and end in its file.

What is in them is read in `blocks`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from courses.authoring.reading.reader import FileReader

OPENING = re.compile(r":::+ *(?P<kind>[a-z]+) *(?P<rest>.*)")
CLOSING = re.compile(r":::+")


@dataclass
class SourceBlock:
    """A block as it stands in the file: its kind, what follows the kind (a key or title), its body.

    Text between blocks is one too, of the kind "text". `line` is that of the opening, or of the
    first line of text.
    """

    line: int
    kind: str
    rest: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class SourceStep:
    """A step as it stands in the file; `key` is empty when its heading has none."""

    line: int
    title: str
    key: str
    blocks: list[SourceBlock] = field(default_factory=list)


def split_steps(reader: FileReader, lines: Sequence[str], first_line: int) -> list[SourceStep]:
    """The steps in these lines with their blocks, in order.

    Adds a problem for text before the first step, and for a block that is not closed.
    """
    splitter = _Splitter(reader)
    for number, line in enumerate(lines, first_line):
        splitter.take(number, line)
    splitter.check_closed()
    return splitter.steps


def heading_of(line: str) -> tuple[str, str] | None:
    """Title and key of a step (`## Title {#key}`); None for other lines."""
    # No pattern: looking for a key behind any number of spaces would try each number of them.
    if not line.startswith("## "):
        return None
    heading = line[3:].strip(" ")
    title, _, key = heading.removesuffix("}").rpartition(" {#")
    if heading.endswith("}") and title.strip(" ") and "}" not in key:
        return title.strip(" "), key
    return (heading, "") if heading else None


@dataclass
class _Splitter:
    """Takes the lines of a lesson one by one; `open_block` is the block the next line may be in."""

    reader: FileReader
    steps: list[SourceStep] = field(default_factory=list)
    open_block: SourceBlock | None = None
    has_text_before: bool = False

    def take(self, number: int, line: str) -> None:
        block = self.open_block
        if block is None:
            self._take_outside(number, line)
        elif CLOSING.fullmatch(line.rstrip(" ")):
            self.open_block = None
        elif _begins_something(line):
            self.check_closed()
            self.open_block = None
            self._take_outside(number, line)
        else:
            block.lines.append(line)

    def check_closed(self) -> None:
        if block := self.open_block:
            what = "is never closed; write `:::` on a line of its own after it"
            self.reader.report(block.line, f"::: {block.kind}", what)

    def _take_outside(self, number: int, line: str) -> None:
        """A line in no block: it begins a step or a block, or is text of the step."""
        if heading := heading_of(line):
            self.steps.append(SourceStep(number, *heading))
        elif not self.steps:
            self._take_before_first_step(number, line)
        elif opening := _opening_of(line):
            self.open_block = SourceBlock(number, opening["kind"], opening["rest"])
            self.steps[-1].blocks.append(self.open_block)
        elif line.strip().startswith(":::"):
            what = (
                "neither opens nor closes a block; "
                "write `::: kind key` at the start of a line, or take it out"
            )
            self.reader.report(number, line.strip()[:40], what)
        else:
            _add_text(self.steps[-1], number, line)

    def _take_before_first_step(self, number: int, line: str) -> None:
        # One problem is enough for a whole page of text.
        if line.strip() and not self.has_text_before:
            self.has_text_before = True
            what = "has text before its first step; begin with `## Title {#key}`"
            self.reader.report(number, "lesson", what)


def _begins_something(line: str) -> bool:
    """Whether a line in a block shows that its end was forgotten.

    A heading without a key is text.
    """
    heading = heading_of(line)
    return bool(_opening_of(line) or (heading and heading[1]))


def _opening_of(line: str) -> re.Match[str] | None:
    return OPENING.fullmatch(line.rstrip(" "))


def _add_text(step: SourceStep, number: int, line: str) -> None:
    if not step.blocks or step.blocks[-1].kind != "text":
        step.blocks.append(SourceBlock(number, "text"))
    step.blocks[-1].lines.append(line)
