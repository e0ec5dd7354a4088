"""GIFT, the plain-text format of Moodle, read as Moodle reads it.

Questions are parted by blank lines, their answers stand in braces.
A backslash before ~ = # { } : or n escapes, every other one stands for itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from courses.assessment.items.neutral import Item, Shape, normal
from courses.exchange.archive import as_text
from courses.exchange.book_builder import MOST_ITEMS, Book, BookBuilder
from courses.exchange.gift_writer import NOTICE, questions
from courses.exchange.keys import is_key
from courses.exchange.kind_mapping import Answer, Question
from courses.exchange.metadata import from_json, from_tags
from courses.exchange.refusals import BadFile, Location, Misfit, TooMuch

LONGEST_BLOCK = 200_000  # characters of one question
SIGNS = re.compile(r"\\.|->|####|[~=#{}]", re.S)
ESCAPED = re.compile(r"\\([\\~=#{}:n])")
TITLE = re.compile(r"\s*::((?:\\.|[^\\:]|:(?!:))*)::", re.S)
FORMAT = re.compile(r"\s*\[(moodle|html|plain|markdown)\]")
# Any number of decimals: other tools write all that a float has.
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,20})?)%")
TAG, ID = re.compile(r"\[tag:([^\[\]]{1,100})\]"), re.compile(r"\[id:([^\[\]]{1,100})\]")
# In capitals only: Moodle takes {true} for a short answer.
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
NO_ITEM = {
    r"$": "is an essay, which no item here is; put it into a step of a lesson",
    r"#": "asks for a number, which no item here does; write a choice",
    r">": "is an ordering, whose marks GIFT does not settle; export it as Moodle XML",
    r"\d*:[A-Z_]+:": "is a cloze; write one item for each gap",
}
MOST_BLOCKS = 10_000  # a case is several, a category is one


@dataclass
class Block:
    """One question as it is written, comment lines too. `line` is its first, counted from 1."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def comments(self) -> list[str]:
        stripped = [line.strip() for line in self.lines]
        return [line for line in stripped if line.startswith("//")]

    @property
    def text(self) -> str:
        """All of it with the comments blanked, so that lines are still counted right."""
        lines = []
        for line in self.lines:
            is_comment = line.strip().startswith("//")
            lines.append("" if is_comment else line)
        return "\n".join(lines)

    @property
    def whole(self) -> str:
        return "\n".join(self.lines)


def read(data: bytes, name: str) -> Book:
    """What can be taken of a GIFT file.

    Raises:
        Refused: the file as a whole.
    """
    builder = BookBuilder(name)
    # Bounded before it is a list: a file of 5 MB may have a million of blocks.
    waiting = list(islice(_blocks(data, name), MOST_BLOCKS + 1))
    if len(waiting) > MOST_BLOCKS:
        raise TooMuch(Location(name), f"has more than {MOST_ITEMS:,} items; export fewer")
    while waiting:
        block = waiting.pop(0)
        if block.text.strip().startswith("$CATEGORY:") and block.text.strip().count("\n") == 0:
            builder.note("has categories, which are dropped")
            continue
        with builder.entry():
            del waiting[: _read_block(builder, block, waiting)]
    return builder.book()


def _blocks(data: bytes, name: str) -> Iterator[Block]:
    """The questions of a file, in order; comments alone make none."""
    block = Block(1)
    text = as_text(data, Location(name))
    for number, line in enumerate(f"{text}\n\n".split("\n"), 1):
        if line.strip():
            block.lines.append(line)
            continue
        if block.text.strip():
            yield block
        block = Block(number + 1)


def _read_block(builder: BookBuilder, block: Block, following: list[Block]) -> int:
    """Takes the item of a block; gives back how many of the following blocks were parts of it."""
    if len(block.whole) > LONGEST_BLOCK:
        what = f"has a question of more than {LONGEST_BLOCK:,} characters; shorten it"
        raise TooMuch(Location(builder.name, block.line), what)
    # Read first even when the item is ours: what refuses a question is said before its comment.
    reader = Reader(builder, block)
    for comment in block.comments:
        if comment.startswith(NOTICE.strip()):
            place = replace(reader.place, line=block.line)
            own = from_json(comment.removeprefix(NOTICE.strip()), questions)
            return _take_own(builder, own, [block, *following], place)
    builder.take(reader.question())
    return 0


def _take_own(
    builder: BookBuilder, own: tuple[Item, str] | None, blocks: list[Block], place: Location
) -> int:
    """Takes an exported item from its comment, when its questions are still the same."""
    item, written = own or (None, "")
    parts = written.count("\n\n") + 1
    here = "\n\n".join(block.whole for block in blocks[:parts])
    if item is None or here != written:
        raise BadFile(place, "has a `// notice:` line that was changed, or its words; take it out")
    builder.take_own(item, place)
    return parts - 1


class Reader:
    """Reads one question: its `stem`, what is `inside` its braces, and the `form` of its texts."""

    def __init__(self, builder: BookBuilder, block: Block) -> None:
        self.builder = builder
        text = block.text
        titled = TITLE.match(text)
        start = titled.end() if titled else 0
        self.title = " ".join(_unescape(titled[1]).split()) if titled else ""
        self.place = Location(builder.name, block.line, self.title)
        if text.strip().startswith("$CATEGORY:"):
            what = "follows a category line at once; put an empty line between them"
            raise BadFile(self.place, what)
        braces = [at for at in _signs(text, "{", "}") if at >= start]
        self.check_braces(text, braces)
        opened, closed = braces
        self.move_to(text, opened)
        self.inside = text[opened + 1 : closed].strip()
        before, after = text[start:opened], text[closed + 1 :]
        # Words after the braces mean that the answer is a missing word.
        self.stem = f"{before}_____{after}" if after.strip() else before
        named = FORMAT.match(self.stem)
        self.form = named[1] if named else "moodle"
        self.comments = " ".join(block.comments)

    def move_to(self, text: str, at: int) -> None:
        """Makes the place that of this position in the text."""
        lines_before = text.count("\n", 0, at)
        line = self.place.line + lines_before
        self.place = replace(self.place, line=line)

    def check_braces(self, text: str, braces: list[int]) -> None:
        if not braces:
            what = "is a description, not a question; put its words into a step of a lesson"
            raise Misfit(self.place, what)
        for number, at in enumerate(braces):
            if text[at] != "{}"[number % 2] or len(braces) % 2:
                self.move_to(text, at)
                what = "has a brace without its other; close it before a blank line, or write \\{"
                raise BadFile(self.place, what)
        if len(braces) > 2:
            self.move_to(text, braces[0])
            what = f"is a cloze with {len(braces) // 2} gaps; write an item for each"
            raise Misfit(self.place, what)

    def question(self) -> Question:
        marked = ID.search(self.comments)
        question = Question(self.place, self.builder.weigh, self.title)
        if marked and is_key(marked[1]):
            question.name = marked[1]
        question.tags = from_tags(TAG.findall(self.comments))
        question.stem = self.html(self.stem)
        for pattern, reason in NO_ITEM.items():
            if re.match(pattern, self.inside):
                raise Misfit(self.place, reason)
        if _signs(self.inside, "####"):
            what = "has general feedback; put it into the feedback of its answers"
            raise Misfit(self.place, what)
        if _split(self.inside, "#")[0].strip() in TRUTHS:
            self.true_or_false(question)
        elif _signs(self.inside, "~"):
            self.options(question)
        elif _signs(self.inside, "->"):
            self.pairs(question)
        else:
            raise Misfit(self.place, "is a short answer, which no item here is; write a choice")
        return question

    def html(self, raw: str, form: str = "") -> str:
        """A text in the format it names, else in `form` or in that of its question."""
        named = FORMAT.match(raw)
        if named and not form:
            raw, form = raw[named.end() :], named[1]
        return self.builder.html(normal(_unescape(raw)), form or self.form, self.place)

    def answers(self, question: Question, *signs: str) -> list[str]:
        """The answers, each with its sign."""
        first, *answers = _split(self.inside, *signs)
        question.check_count(answers)
        if first.strip():
            what = (
                f"has words before its first answer, {first.strip()[:30]!r}; begin it with = or ~"
            )
            raise BadFile(self.place, what)
        return answers

    def true_or_false(self, question: Question) -> None:
        word, *feedback = _split(self.inside, "#")
        texts = [self.html(text.removeprefix("#")) for text in feedback]
        # The first is said of the wrong answer, whichever of the two that is.
        wrong, right, *_ = [*texts, "", ""]
        is_true = TRUTHS[word.strip()]
        question.shape = Shape.ONE_OPTION
        question.answers = [
            Answer("True", float(is_true), right if is_true else wrong),
            Answer("False", float(not is_true), wrong if is_true else right),
        ]

    def options(self, question: Question) -> None:
        answers = self.answers(question, "~", "=")
        has_one_right = any(answer.startswith("=") for answer in answers)
        question.shape = Shape.ONE_OPTION if has_one_right else Shape.MANY_OPTIONS
        question.answers = [self.option(answer) for answer in answers]

    def option(self, answer: str) -> Answer:
        raw, *feedback = _split(answer[1:], "#")
        share = 1.0 if answer.startswith("=") else 0.0
        if weight := WEIGHT.match(raw):
            raw = raw[weight.end() :]
            share = float(weight[1]) / 100
        shown = "".join(feedback).removeprefix("#")
        return Answer(self.html(raw), share, self.html(shown))

    def pairs(self, question: Question) -> None:
        """Right-hand sides are plain words there; one whose left side is blank fits nothing."""
        question.shape = Shape.PLACES
        answers = []
        for answer in self.answers(question, "="):
            left, *rest = _split(answer[1:], "->")
            if not rest:
                what = f"has {left[:30].strip()!r} without an arrow; write `=left -> right`"
                raise BadFile(self.place, what)
            name = normal("".join(rest).removeprefix("->"))
            question.places[name] = self.html(name, "plain")
            if left.strip():
                answers.append(Answer(self.html(left.replace("-\\>", "->")), goes_to=name))
        question.answers = answers


def _signs(text: str, *signs: str) -> list[int]:
    """Where these signs stand, unless they are escaped."""
    every_sign = SIGNS.finditer(text)
    return [sign.start() for sign in every_sign if sign[0] in signs]


def _split(text: str, *signs: str) -> list[str]:
    """The stretches between these signs; each but the first begins with its sign."""
    ends = [*_signs(text, *signs), len(text)]
    stretches = []
    start = 0
    for end in ends:
        stretches.append(text[start:end])
        start = end
    return stretches


def _unescape(text: str) -> str:
    def meant(escaped: re.Match[str]) -> str:
        return "\n" if escaped[1] == "n" else escaped[1]

    return ESCAPED.sub(meant, text)
