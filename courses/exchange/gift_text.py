"""The letters of GIFT: blocks parted by blank lines, comment lines, escapes, and where the signs stand.

Moodle's reading of the format is followed: a backslash before ~ = # { } : or n escapes, every other one stands for itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from courses.exchange.archive import as_text
from courses.exchange.refusals import BadGift, Location, TooLarge, UnknownKind

LONGEST_BLOCK = 200_000  # characters of one question
SIGNS = re.compile(r"\\.|[~=#{}]", re.S)
ESCAPED = re.compile(r"\\([\\~=#{}:n])")
TITLE = re.compile(r"\s*::((?:\\.|[^\\:]|:(?!:))*)::", re.S)
FORMAT = re.compile(r"\s*\[(moodle|html|plain|markdown)\]")


@dataclass
class Block:
    """One question as it stands: `text` with its comment lines blanked, and `comments` by line. Lines count from 1."""

    line: int
    text: str = ""
    comments: list[tuple[int, str]] = field(default_factory=list)

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Question:
    """Title and text as they are written; `inside` is what stands between the braces, None without braces.

    Words after the braces mean that the answer is a missing word: then the text has a gap there.
    """

    title: str
    text: str
    inside: str | None
    line: int


def blocks(data: bytes, name: str) -> Iterator[Block]:
    """The questions of a file, in order; comments alone make none.

    Raises:
        NotText, TooLarge: with the line where the question begins.
    """
    lines: list[str] = []
    block, size = Block(1), 0
    for number, line in enumerate((as_text(data, Location(name)) + "\n\n").split("\n"), 1):
        if not line.strip():
            block.text = "\n".join(lines)
            if block.text.strip():
                yield block
            lines, block, size = [], Block(number + 1), 0
            continue
        size += len(line)
        if size > LONGEST_BLOCK:
            raise TooLarge(
                Location(name, block.line),
                f"has a question of more than {LONGEST_BLOCK:,} characters; shorten it",
            )
        is_comment = line.strip().startswith("//")
        if is_comment:
            block.comments.append((number, line.strip()[2:].strip()))
        lines.append("" if is_comment else line)


def signs(text: str, which: str) -> list[int]:
    """Where these signs stand, unless they are escaped."""
    return [found.start() for found in SIGNS.finditer(text) if found[0] in which]


def cut(text: str, places: list[int]) -> list[str]:
    """The stretches between the places; each but the first begins with its sign."""
    ends = [0, *places, len(text)]
    return [text[a:b] for a, b in pairwise(ends)]


def unescape(text: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    """The text so that no letter of it is a sign, on one line."""
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def escape_line(text: str) -> str:
    """A line of an ordering, where Moodle takes ~ = : as they are, and only braces and the marks of a line would count."""
    text = re.sub(r"[\\{}]", r"\\\g<0>", text).replace("\n", "\\n").replace("####", r"\#\#\#\#")
    return re.sub(r"^(?=//)", r"\\", text)


def line_of(line: str) -> str:
    """A line of an ordering as a text of GIFT."""
    return re.sub(r"^\\(?=//)", "", line.strip())


def escape_left(text: str) -> str:
    """A left-hand side, which ends at the first arrow; `-\\>` shows an arrow in Markdown too."""
    return escape(text).replace("->", "-\\>")


def arrow(text: str) -> tuple[str, str] | None:
    """What stands on the left and right of the first arrow that is one; None without an arrow."""
    at = next(
        (found.start() for found in re.finditer(r"\\.|->", text, re.S) if found[0] == "->"), None
    )
    return (
        None
        if at is None
        else (re.sub(r"(\\\\)|\\>", lambda found: found[1] or ">", text[:at]), text[at + 2 :])
    )


def question(block: Block, name: str) -> Question:
    """The parts of a question.

    Raises:
        BadGift: the braces do not fit together.
        UnknownKind: there is more than one pair of them, so it is a cloze.
    """
    text = block.text
    titled = TITLE.match(text)
    title, start = (" ".join(unescape(titled[1]).split()), titled.end()) if titled else ("", 0)
    braces = [at for at in signs(text, "{}") if at >= start]
    if not braces:
        return Question(title, text[start:], None, block.line)
    for n, at in enumerate(braces):
        if text[at] != "{}"[n % 2] or len(braces) % 2:
            what = "has a brace without its other; close it before a blank line, or write \\{ for a brace that is a word"
            raise BadGift(Location(name, block.line_at(at), title), what)
    line = block.line_at(braces[0])
    if len(braces) > 2:
        raise UnknownKind(
            Location(name, line, title),
            f"is a cloze with {len(braces) // 2} gaps; write an item for each",
        )
    before, inside, after = (
        text[start : braces[0]],
        text[braces[0] + 1 : braces[1]],
        text[braces[1] + 1 :],
    )
    return Question(title, f"{before}_____{after}" if after.strip() else before, inside, line)
