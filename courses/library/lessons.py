"""One lesson file: front matter, steps at `##`, blocks between `:::`. What must fit with other files is elsewhere."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from courses.library import content, schema
from courses.library.images import read_svg
from courses.library.markdown import RAW_HTML, Notes, plain, render, render_inline
from courses.library.problems import Problems, read_text, read_yaml, validate

STEP = re.compile(r"^## +(?P<title>.+?)(?: +\{#(?P<key>[^}]*)\})? *$")
OPEN = re.compile(r"^:::+ *(?P<kind>[a-z]+) *(?P<rest>.*?) *$")
CLOSE = re.compile(r"^:::+ *$")
KEY = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
PROSE = {"reveal", "note"}
KINDS = {"check", "sort", "match", "rewrite", "checklist", "reflect", "figure", *PROSE}


@dataclass
class Part:
    """A stretch of the file: the text of a step, or one block with its kind and what stands behind the kind."""

    line: int
    kind: str
    rest: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Draft:
    """A step as it stands in the file."""

    line: int
    title: str
    key: str
    parts: list[Part] = field(default_factory=list)


@dataclass
class Reader:
    """What one lesson is read with: its file, the folder of pictures, the known sources and terms, and the problems."""

    path: Path
    images: Path
    sources: dict[str, tuple[str, ...]]
    terms: dict[str, str]
    problems: Problems
    cited: list[str] = field(default_factory=list)

    def notes(self) -> Notes:
        return Notes(self.sources, self.terms)

    def say(self, line: int, where: str, what: str) -> None:
        self.problems.add(self.path, line, where, what)

    def settle(self, notes: Notes, line: int, where: str) -> None:
        """Turns what a stretch of text named and nobody knows into problems, and remembers what it cited."""
        for name in notes.unknown:
            file = "glossary.yaml" if name.startswith("[[") else "references.yaml"
            self.say(line, where, f"{name} is not in {file}; add it there, or take it out here")
        self.cited += notes.sources

    def check_sources(self, ids: list[str], line: int, where: str) -> tuple[str, ...]:
        for source in ids:
            if source not in self.sources:
                self.say(line, where, f"source {source!r} is not in references.yaml; add it there, or cite another")
        self.cited += ids
        return tuple(ids)


def short_key(text: str) -> str:
    """Eight letters drawn from the words: the same words give the same key, and a key tells nothing."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:8]


def read_lesson(reader: Reader) -> content.Lesson | None:
    """The lesson in `reader.path`, None when its front matter or its steps cannot be read. Adds all problems it meets."""
    text = read_text(reader.path, reader.problems)
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if lines[0].strip() != "---" or end is None:
        reader.say(1, "front matter", "is missing; begin the file with `---`, its fields, and `---`")
        return None
    data = read_yaml("\n".join(lines[1:end]), reader.path, 2, reader.problems)
    front = validate(schema.LessonFront, data, reader.path, 2, "front matter", reader.problems)
    steps = [_step(reader, draft) for draft in _drafts(reader, lines, end + 1)]
    if not steps:
        reader.say(end + 1, "lesson", "has no step; begin one with `## Title {#key}`")
    if front is None or not steps:
        return None
    _check_keys(reader, steps)
    reader.check_sources(front.sources_only, 2, "sources_only")
    svg = read_svg(reader.images / front.image, front.alt, reader.problems, (reader.path, 2, "image"))
    return content.Lesson(
        key=front.key,
        title=front.title,
        version=front.version,
        minutes=front.minutes,
        care=front.care,
        outcomes=tuple(content.Outcome(key=outcome.key, text=outcome.text) for outcome in front.outcomes),
        steps=tuple(steps),
        svg=svg,
        sources=tuple(dict.fromkeys(reader.cited)),
    )


def _check_keys(reader: Reader, steps: list[content.Step]) -> None:
    seen: set[str] = set()
    for key in [step.key for step in steps] + [b.key for step in steps for b in step.blocks if b.is_activity]:
        if key in seen:
            reader.say(1, key, "is the key of two steps or activities of this lesson; give one another key")
        seen.add(key)


def _drafts(reader: Reader, lines: list[str], start: int) -> list[Draft]:
    """The steps of the file with their parts, in order; what stands outside a step is a problem."""
    drafts: list[Draft] = []
    block: Part | None = None
    for number, line in enumerate(lines[start:], start + 1):
        if block:
            if CLOSE.match(line):
                block = None
            else:
                block.lines.append(line)
            continue
        if heading := STEP.match(line):
            drafts.append(Draft(number, heading["title"], heading["key"] or ""))
            continue
        if not drafts:
            if line.strip():
                reader.say(number, "lesson", "has text before its first step; begin with `## Title {#key}`")
            continue
        if opening := OPEN.match(line):
            block = Part(number, opening["kind"], opening["rest"])
            drafts[-1].parts.append(block)
            continue
        _add_text(reader, drafts[-1], number, line)
    if block:
        reader.say(block.line, f"::: {block.kind}", "is never closed; write `:::` on a line of its own after it")
    return drafts


def _add_text(reader: Reader, draft: Draft, number: int, line: str) -> None:
    if line.startswith("# ") or re.match(r"^####", line):
        reader.say(number, draft.title, "heading jumps; inside a step write `###`")
    if RAW_HTML.search(re.sub(r"`[^`]*`", "", line)):
        reader.say(number, draft.title, "raw HTML is not allowed; write Markdown")
    if not draft.parts or draft.parts[-1].kind != "text":
        draft.parts.append(Part(number, "text"))
    draft.parts[-1].lines.append(line)


def _step(reader: Reader, draft: Draft) -> content.Step:
    if not KEY.match(draft.key):
        reader.say(draft.line, draft.title, "has no key of small letters, digits and hyphens; write `## Title {#key}`")
    notes = reader.notes()
    blocks = [block for part in draft.parts if (block := _block(reader, part, notes))]
    reader.settle(notes, draft.line, draft.key or draft.title)
    if not blocks:
        reader.say(draft.line, draft.key or draft.title, "is empty; write its text")
    return content.Step(
        key=draft.key,
        title=plain(render_inline(draft.title, reader.notes())),
        blocks=tuple(blocks),
        publications=tuple(notes.publications),
        terms=tuple(dict.fromkeys(notes.terms)),
    )


def _block(reader: Reader, part: Part, notes: Notes) -> content.Block | None:
    if part.kind == "text":
        html = render(part.text, notes)
        return content.Block(kind="text", html=html) if html.strip() else None
    where = f"::: {part.kind} {part.rest}".strip()
    if part.kind not in KINDS:
        reader.say(part.line, where, f"is no kind of block; write {', '.join(sorted(KINDS))}")
        return None
    if part.kind in PROSE:
        if not part.rest:
            reader.say(part.line, where, f"has no title; write `::: {part.kind} A title`")
        html = render(part.text, notes)
        return content.Block(kind=part.kind, title=plain(render_inline(part.rest, reader.notes())), html=html)  # type: ignore[arg-type]
    data = read_yaml(part.text, reader.path, part.line + 1, reader.problems)
    if part.kind == "figure":
        return _figure(reader, part, data, where)
    if not KEY.match(part.rest):
        reader.say(part.line, where, f"has no key of small letters, digits and hyphens; write `::: {part.kind} a-key`")
        return None
    return MAKERS[part.kind](reader, part, data, where, notes)


def _figure(reader: Reader, part: Part, data: Any, where: str) -> content.Block | None:
    fields = validate(schema.Figure, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    svg = read_svg(reader.images / part.rest, fields.alt, reader.problems, (reader.path, part.line, where))
    return content.Block(kind="figure", svg=svg, title=fields.caption)


def _check(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Check, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    options = make_options(reader, fields.kind, fields.options, part.line, where)
    item = content.Item(key=part.rest, kind=fields.kind, stem=render(fields.prompt, notes), options=options)
    return content.Block(kind="check", key=part.rest, item=item)


def make_options(
    reader: Reader, kind: str, options: list[schema.Option], line: int, where: str
) -> tuple[content.Option, ...]:
    """The options of a choice, with a problem where nobody, or everybody, could answer it."""
    right = sum(option.correct for option in options)
    if right == 0:
        reader.say(line, where, "has no correct option, so nobody can get it right; mark one `correct: true`")
    elif kind == "single" and right > 1:
        reader.say(line, where, f"has {right} correct options; leave one, or write `kind: multiple`")
    elif right == len(options):
        reader.say(line, where, "has only correct options, so everybody gets it right; add options that tempt")
    keys = [short_key(option.text) for option in options]
    if len(set(keys)) < len(keys):
        reader.say(line, where, "has the same option twice; change one")
    made = []
    for key, option in zip(keys, options, strict=True):
        notes = reader.notes()
        html, feedback = render_inline(option.text, notes), render_inline(option.feedback, notes)
        reader.settle(notes, line, where)
        sources = reader.check_sources(option.sources, line, where)
        made.append(content.Option(key=key, html=html, correct=option.correct, feedback=feedback, sources=sources))
    return tuple(made)


def _cards(
    reader: Reader, rows: Iterator[tuple[str, str, str, list[str]]], line: int, where: str
) -> tuple[content.Card, ...]:
    """Cards from (text, group key, feedback, source ids)."""
    made = []
    for text, group, feedback, ids in rows:
        notes = reader.notes()
        html, said = render_inline(text, notes), render_inline(feedback, notes)
        reader.settle(notes, line, where)
        sources = reader.check_sources(ids, line, where)
        made.append(content.Card(key=short_key(text), html=html, group=group, feedback=said, sources=sources))
    if len({card.key for card in made}) < len(made):
        reader.say(line, where, "has the same card twice; change one")
    return tuple(made)


def _sort(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Sort, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    for card in fields.cards:
        if card.group not in fields.groups:
            reader.say(
                part.line, where, f"card {card.text[:30]!r} has group {card.group!r}; use {', '.join(fields.groups)}"
            )
    cards = _cards(reader, ((c.text, c.group, c.feedback, c.sources) for c in fields.cards), part.line, where)
    groups = tuple(
        content.Group(key=key, html=render_inline(text, reader.notes())) for key, text in fields.groups.items()
    )
    stem = render(fields.prompt, notes)
    item = content.Item(key=part.rest, kind="sort", stem=stem, cards=cards, groups=groups)
    return content.Block(kind="sort", key=part.rest, item=item)


def _match(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Match, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    rows = ((pair.left, short_key(pair.right), pair.feedback, pair.sources) for pair in fields.pairs)
    cards = _cards(reader, rows, part.line, where)
    rights = {short_key(pair.right): render_inline(pair.right, reader.notes()) for pair in fields.pairs}
    groups = tuple(content.Group(key=key, html=rights[key]) for key in sorted(rights))
    item = content.Item(key=part.rest, kind="match", stem=render(fields.prompt, notes), cards=cards, groups=groups)
    return content.Block(kind="match", key=part.rest, item=item)


def _rewrite(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Rewrite, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    return content.Block(
        kind="rewrite",
        key=part.rest,
        html=render(fields.prompt, notes),
        start=fields.start.strip(),
        model=render(fields.model, reader.notes()),
        points=tuple(render_inline(point, reader.notes()) for point in fields.criteria),
        sources=reader.check_sources(fields.sources, part.line, where),
    )


def _checklist(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Checklist, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    points = tuple(render_inline(point, reader.notes()) for point in fields.points)
    return content.Block(kind="checklist", key=part.rest, html=render(fields.prompt, notes), points=points)


def _reflect(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    fields = validate(schema.Reflect, data, reader.path, part.line + 1, where, reader.problems)
    return content.Block(kind="reflect", key=part.rest, html=render(fields.prompt, notes)) if fields else None


Maker = Callable[[Reader, Part, Any, str, Notes], content.Block | None]
MAKERS: dict[str, Maker] = {
    "check": _check,
    "sort": _sort,
    "match": _match,
    "rewrite": _rewrite,
    "checklist": _checklist,
    "reflect": _reflect,
}
