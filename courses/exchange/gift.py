"""GIFT, the plain-text format of Moodle, both ways. Its letters and signs are in `gift_text`.

What GIFT has no place for stands in comment lines: tags, which Moodle keeps, and one `// notice:` line, which it drops.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, ValidationError

from courses.assessment.items.making import short_key
from courses.authoring import schema
from courses.exchange import kind_mapping
from courses.exchange.gift_text import (
    FORMAT,
    Block,
    Question,
    arrow,
    blocks,
    cut,
    escape,
    escape_left,
    escape_line,
    line_of,
    question,
    signs,
    unescape,
)
from courses.exchange.markup import KEPT, from_html, from_plain, to_markdown
from courses.exchange.neutral import Book, Card, Item, Option, Part, Task, is_key, normal
from courses.exchange.reading import Reading
from courses.exchange.refusals import BadGift, Location, Misfit, UnknownKind
from courses.exchange.tags import Tagged, from_tags, to_tags

NOTICE = "notice:"
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,7})?)%")
TAG, ID = re.compile(r"\[tag:([^\[\]]{1,100})\]"), re.compile(r"\[id:([^\[\]]{1,100})\]")
CLOZE = re.compile(r"\s*\d*:[A-Z_]+:")
ORDERING = re.compile(
    r">\s*\d+\s*(?:(?:ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)\b\s*)?(?:(?:HORIZONTAL|HORI|H|VERTICAL|VERT|V|[01])\b\s*)?"
    r"(?:(?:ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE\w*|REL|LONGEST\w*)\b\s*)?"
    r"(?:(?:SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)\b\s*)?(?:(?:none|123|abc|ABCD|iii|IIII)\b\s*)?"
)
LIKE_TAG = re.compile(rf"<(?!/?(?:{'|'.join(sorted(KEPT))})\b)", re.I)


class Extra(BaseModel):
    """The `// notice:` line. Sources and feedback go by the short key of the words they belong to."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    sources: dict[str, list[schema.SourceId]] = {}
    feedback: dict[str, str] = {}
    groups: dict[schema.Key, str] = {}
    case: schema.Key | None = None
    part: int = 1
    of: int = 1
    story: str = ""


def write(items: Sequence[Item]) -> bytes:
    """The items as one file, in categories by lesson. A case becomes one question a part, each with the story before it."""
    lines: list[str] = []
    lesson = None
    for item in items:
        if item.lesson != lesson:
            lines += [f"$CATEGORY: $course$/top/{item.lesson}", ""]
            lesson = item.lesson
        lines += [*_questions(item), ""]
    return "\n".join(lines).encode()


def _questions(item: Item) -> Iterator[str]:
    if item.kind != "case":
        yield _question(item.key, item, item.stem, _extra(item), _answers(item))
        return
    for n, part in enumerate(item.parts, 1):
        extra = _extra(replace(item, parts=(part,)))
        extra = extra.model_copy(
            update={"case": item.key, "part": n, "of": len(item.parts), "story": item.stem}
        )
        answers = _options(part.options, part.kind == "multiple")
        yield (
            _question(f"{item.key}-part-{n}", item, f"{item.stem}\n\n{part.prompt}", extra, answers)
            + "\n"
        )


def _question(name: str, item: Item, stem: str, extra: Extra, answers: Iterable[str]) -> str:
    tags = " ".join(f"[tag:{tag}]" for tag in to_tags(item))
    notice = extra.model_dump_json(exclude_defaults=True)
    comments = f"// [id:{name}] {tags}\n" + (f"// {NOTICE} {notice}\n" if notice != "{}" else "")
    return f"{comments}::{name}::[markdown]{escape(stem)}{{" + "\n".join(answers) + "\n}"


def _extra(item: Item) -> Extra:
    sources = {short_key(one.text): list(one.sources) for one in item.answers if one.sources}
    feedback = {short_key(card.text): card.feedback for card in item.cards if card.feedback}
    groups = {group.key: group.text for group in item.groups} if item.kind == "sort" else {}
    return Extra(sources=sources, feedback=feedback, groups=groups)


def _answers(item: Item) -> Iterator[str]:
    """The lines between the braces."""
    texts = {group.key: group.text for group in item.groups}
    if item.kind == "order":
        yield f">{len(item.cards)} ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none"
        yield from (_as_text(card.text, escape_line) for card in item.cards)
    elif item.cards:
        yield ""
        yield from (
            f"\t={_as_text(card.text, escape_left)} -> {escape(texts[card.group])}"
            for card in item.cards
        )
        unused = [
            group.text
            for group in item.groups
            if group.key not in {card.group for card in item.cards}
        ]
        yield from (f"\t= -> {escape(text)}" for text in unused)
    else:
        yield from _options(item.options, item.kind == "multiple")


def _options(options: Sequence[Option], many: bool) -> Iterator[str]:
    right = sum(option.is_correct for option in options)
    yield ""
    for option in options:
        share = 100 / right if option.is_correct else -100 / (len(options) - right)
        sign = f"~%{_weight(share)}%" if many else "=" if option.is_correct else "~"
        said = f"#{_as_text(option.feedback, escape)}" if option.feedback else ""
        yield f"\t{sign}{_as_text(option.text, escape)}{said}"


def _weight(share: float) -> str:
    """A percentage as Moodle knows its own: 33.33333, and 50."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def _as_text(text: str, escaped: Callable[[str], str]) -> str:
    """A text in the format of its question; one that begins like a weight or a format is told from it by saying the format."""
    mark = "[markdown]" if text.startswith("%") or FORMAT.match(text) else ""
    return mark + escaped(text)


@dataclass(frozen=True)
class Source:
    """A question while it is read: where it stands, how its texts are written, and what its comments say."""

    reading: Reading
    place: Location
    form: str
    tagged: Tagged
    extra: Extra

    def say(self, what: str) -> None:
        self.reading.say(self.place, what)

    def text(self, raw: str, inline: bool = True) -> str:
        """A text of it as Markdown. In Moodle's own format a line break is one, and HTML counts."""
        said = FORMAT.match(raw)
        return self.words(
            raw[said.end() :] if said else raw, said[1] if said else self.form, inline
        )

    def right(self, raw: str) -> str:
        """A right-hand side: Moodle takes it as plain words, whatever it begins with."""
        return self.words(raw, "markdown" if self.form == "markdown" else "plain", True)

    def words(self, raw: str, form: str, inline: bool) -> str:
        self.reading.weigh(raw, self.place)
        if form == "markdown":
            return normal(unescape(raw))
        words = normal(unescape(" ".join(line.strip() for line in raw.split("\n"))))
        if form == "plain":
            return from_plain(words, inline)
        if form == "moodle":
            words = LIKE_TAG.sub("&lt;", words)
            words = "".join(
                f"<p>{part}</p>"
                for part in words.replace("\n\n", "\0").replace("\n", "<br>").split("\0")
            )
        left: list[str] = []
        markdown = to_markdown(from_html(words, self.place, left), inline, left)
        self.reading.say_left(self.place, left)
        return markdown

    def sources(self, text: str) -> tuple[str, ...]:
        return tuple(self.extra.sources.get(short_key(text), ()))


def read(data: bytes, name: str) -> Book:
    """All of a GIFT file.

    Raises:
        RefusedAll: questions that no item can be, and GIFT that cannot be read, each with its line.
        Refused: the file as a whole.
    """
    reading = Reading(name)
    cases: dict[str, dict[int, Part]] = {}
    asked = (
        block for block in blocks(data, name) if not block.text.strip().startswith("$CATEGORY:")
    )
    for number, block in enumerate(asked, 1):
        with reading.item():
            _read_question(reading, block, number, cases)
    for key, parts in cases.items():
        with reading.item():
            raise Misfit(
                Location(name, 1, key),
                f"is a case of which only {len(parts)} parts are here; export it again",
            )
    return reading.book()


def _read_question(
    reading: Reading, block: Block, number: int, cases: dict[str, dict[int, Part]]
) -> None:
    asked = question(block, reading.name)
    place = Location(reading.name, asked.line, asked.title)
    if asked.inside is None:
        reading.say(
            place, "is a description, not a question; put its words into a step of a lesson"
        )
        return
    comments = " ".join(said for _, said in block.comments if not said.startswith(NOTICE))
    tagged = from_tags(TAG.findall(comments))
    if tagged.unknown:
        reading.say(place, f"leaves out the tags {', '.join(tagged.unknown)[:80]}")
    said = FORMAT.match(asked.text)
    source = Source(reading, place, said[1] if said else "moodle", tagged, _notice(block, place))
    if source.extra.case:
        _read_part(source, asked, cases)
        return
    named = ID.search(comments)
    title = named[1].strip() if named and is_key(named[1].strip()) else asked.title
    key = reading.key(title, place, number)
    made = _made(replace(source, place=replace(place, item=key)), asked, key)
    if isinstance(made, Task):
        reading.tasks.append(made)
    else:
        reading.add(made, place)


def _notice(block: Block, place: Location) -> Extra:
    for line, said in block.comments:
        if said.startswith(NOTICE):
            try:
                return Extra.model_validate_json(said.removeprefix(NOTICE))
            except ValidationError:
                raise BadGift(
                    replace(place, line=line),
                    "has a `// notice:` line that was changed; take it out",
                ) from None
    return Extra()


def _made(source: Source, asked: Question, key: str) -> Item | Task:
    """The item or activity a question is."""
    inside, stem = (
        _without_general_feedback(source, asked.inside or ""),
        source.text(asked.text, inline=False),
    )
    plain = Item(key, "", stem)
    if CLOZE.match(inside):
        raise UnknownKind(source.place, "is a cloze; write one item for each gap")
    if not inside:
        source.say("is an essay; it becomes a reflect activity")
        return Task(key, stem)
    if inside.startswith("#"):
        return Task(key, stem, _numbers(source, inside[1:]))
    if inside.startswith(">"):
        return source.tagged.on(replace(plain, kind="order", cards=_turns(source, inside)))
    if signs(inside, "~") or _truth(inside):
        kind, options = _choice(source, inside)
        spot = kind == "single" and source.tagged.kind == "spot"
        item = source.tagged.on(replace(plain, kind="spot" if spot else kind, options=options))
        return item if spot else replace(item, scene="")
    if signs(inside, "=") and arrow(inside):
        return _pairs(source, plain, inside)
    return Task(key, stem, _words(source, inside))


def _without_general_feedback(source: Source, inside: str) -> str:
    found = [
        match.start() for match in re.finditer(r"\\.|####", inside, re.S) if match[0] == "####"
    ]
    if found and inside[found[-1] + 4 :].strip():
        said = source.text(inside[found[-1] + 4 :])
        source.say(
            f"leaves out its general feedback, {said[:60]!r}; put it into the feedback of its answers"
        )
    return (inside[: found[-1]] if found else inside).strip()


def _feedback(raw: str) -> tuple[str, str]:
    """What stands before and after the first #."""
    hash_at = next(iter(signs(raw, "#")), None)
    return (raw, "") if hash_at is None else (raw[:hash_at], raw[hash_at + 1 :])


def _pieces(source: Source, inside: str, which: str) -> list[str]:
    """The answers, each with its sign."""
    places = signs(inside, which)
    kind_mapping.check_count(places, source.place)
    first, *pieces = cut(inside, places)
    if first.strip():
        what = f"has words before its first answer, {first.strip()[:30]!r}; begin each answer with = or ~"
        raise BadGift(source.place, what)
    return pieces


def _truth(inside: str) -> str:
    head = _feedback(inside)[0].strip().upper()
    return head[:1] if head in {"T", "TRUE", "F", "FALSE"} else ""


def _choice(source: Source, inside: str) -> tuple[str, tuple[Option, ...]]:
    """Whether one or several are to be chosen, and the options."""
    if truth := _truth(inside):
        _, wrong, right, *_ = [*cut(inside, signs(inside, "#")), "", ""]
        said = {
            False: source.text(wrong.removeprefix("#")),
            True: source.text(right.removeprefix("#")),
        }
        rights = {"True": truth == "T", "False": truth == "F"}
        return "single", tuple(Option(word, right, said[right]) for word, right in rights.items())
    pieces = _pieces(source, inside, "~=")
    many = not any(piece.startswith("=") for piece in pieces)
    rows = [_weighed(source, piece) for piece in pieces]
    return (
        ("multiple", kind_mapping.choose_many(rows, source.say))
        if many
        else ("single", kind_mapping.choose_one(rows, source.say))
    )


def _weighed(source: Source, piece: str) -> kind_mapping.Weighed:
    raw, said = _feedback(piece[1:])
    weight = WEIGHT.match(raw) if piece.startswith("~") else None
    text = source.text(raw[weight.end() :] if weight else raw)
    share = float(weight[1]) / 100 if weight else float(piece.startswith("="))
    return kind_mapping.Weighed(text, share, source.text(said), source.sources(text))


def _pairs(source: Source, item: Item, inside: str) -> Item:
    rows, spare = [], []
    for piece in _pieces(source, inside, "="):
        sides = arrow(piece[1:])
        if sides is None:
            raise BadGift(
                source.place,
                f"has {piece[1:30].strip()!r} without an arrow; write `=left -> right`",
            )
        left, right = source.text(sides[0]), source.right(sides[1])
        said = source.extra.feedback.get(short_key(left), "")
        if left:
            rows.append((left, right, said, source.sources(left)))
        else:
            spare.append(right)
    names = {text: key for key, text in source.extra.groups.items()}
    is_sort = {"sort": True, "match": False}.get(source.tagged.kind)
    kind, cards, groups = kind_mapping.place_cards(rows, spare, names, is_sort, source.place)
    return replace(source.tagged.on(replace(item, kind=kind, cards=cards, groups=groups)), scene="")


def _turns(source: Source, inside: str) -> tuple[Card, ...]:
    head, *lines = inside.split("\n")
    header = ORDERING.match(head)
    if header is None:
        raise UnknownKind(
            source.place,
            f"is of an unknown kind, {head[:30]!r}; write an ordering as `>3 ALL VERTICAL`",
        )
    lines = [line for line in [head[header.end() :], *lines] if line.strip()]
    kind_mapping.check_count(lines, source.place)
    texts = [source.text(line_of(line)) for line in lines]
    feedback = source.extra.feedback
    return tuple(
        Card(text, "", feedback.get(short_key(text), ""), source.sources(text)) for text in texts
    )


def _words(source: Source, inside: str) -> tuple[str, ...]:
    """The answers in words that earn the whole mark."""
    source.say(
        "is a text entry; it becomes a rewrite activity, its answers are the model: write its start and criteria"
    )
    places = signs(inside, "=")
    kind_mapping.check_count(places, source.place)
    answers = []
    for piece in cut(inside, places):
        raw, said = _feedback(piece.removeprefix("="))
        weight = WEIGHT.match(raw)
        text = source.text(raw[weight.end() :] if weight else raw)
        if weight and float(weight[1]) < 100:
            source.say(f"gives {weight[1]}% for {text[:40]!r}; it is left out")
        elif text:
            answers.append(text)
        if said.strip():
            source.say(f"leaves out the feedback on {text[:40]!r}, {source.text(said)[:60]!r}")
    return tuple(answers)


def _numbers(source: Source, inside: str) -> tuple[str, ...]:
    """Accepted numbers in words: 1822:5 is 1822, give or take 5."""
    inside = cut(inside, signs(inside, "~"))[0]
    said = []
    for answer in _words(source, inside):
        if found := re.fullmatch(
            r"([^\s.:]{1,20}(?:\.\d{1,20})?)\s{0,9}(\.\.|:)\s{0,9}(\S{1,20})", answer
        ):
            answer = (
                f"from {found[1]} to {found[3]}"
                if found[2] == ".."
                else f"{found[1]}, give or take {found[3]}"
            )
        said.append(answer)
    return tuple(said)


def _read_part(source: Source, asked: Question, cases: dict[str, dict[int, Part]]) -> None:
    """One part of a case of ours; with its last part the case is whole."""
    extra, key = source.extra, source.extra.case or ""
    story, text = normal(extra.story), source.text(asked.text, inline=False)
    if not text.startswith(story):
        raise Misfit(
            source.place, "is a part of a case whose story was changed; change the course instead"
        )
    kind, options = _choice(source, _without_general_feedback(source, asked.inside or ""))
    parts = cases.setdefault(key, {})
    parts[extra.part] = Part(normal(text.removeprefix(story)), kind, options)
    if set(parts) == set(range(1, extra.of + 1)):
        del cases[key]
        whole = Item(
            source.reading.keys.give(key, key),
            "case",
            story,
            parts=tuple(parts[n] for n in sorted(parts)),
        )
        source.reading.add(replace(source.tagged.on(whole), scene=""), source.place)
