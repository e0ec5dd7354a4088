"""One lesson file: front matter, and steps at `##` with blocks between `:::`. What the blocks say is in `blocks`."""

import re
from dataclasses import dataclass, field

from courses.library import content, schema
from courses.library.blocks import make_block
from courses.library.images import read_svg
from courses.library.markdown import RAW_HTML, plain, render_inline
from courses.library.problems import read_text, read_yaml, validate
from courses.library.reader import KEY, Part, Reader

STEP = re.compile(r"^## +(?P<title>.+?)(?: +\{#(?P<key>[^}]*)\})? *$")
OPEN = re.compile(r"^:::+ *(?P<kind>[a-z]+) *(?P<rest>.*?) *$")
CLOSE = re.compile(r"^:::+ *$")


@dataclass
class Draft:
    """A step as it stands in the file."""

    line: int
    title: str
    key: str
    parts: list[Part] = field(default_factory=list)


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
    blocks = [block for part in draft.parts if (block := make_block(reader, part, notes))]
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
