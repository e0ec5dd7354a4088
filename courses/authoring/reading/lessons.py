"""One lesson file: front matter, and steps at `##` with blocks between `:::`. What the blocks say is in `blocks`."""

import re
from dataclasses import dataclass, field
from typing import Any

from courses.authoring import schema
from courses.authoring.checks.duration import minutes_of
from courses.authoring.reading.blocks import is_activity, make_block
from courses.authoring.reading.diagnostics import line_of, read_yaml, validate
from courses.authoring.reading.files import read_text
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.reader import KEY, Part, Reader
from courses.library import content
from courses.library.markdown import plain

OPEN = re.compile(r":::+ *(?P<kind>[a-z]+) *(?P<rest>.*)")
CLOSE = re.compile(r":::+")
MOST_BLOCKS = 200  # a lesson of twelve minutes has about twenty; each may show a whole picture
HARD_ENOUGH = 3  # checks that show one knows what the next steps teach
TAKEN = {"begin", "done"}  # keep in step with the pages of a lesson in courses/urls.py


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
        reader.say(
            1, "front matter", "is missing; begin the file with `---`, its fields, and `---`"
        )
        return None
    data = read_yaml("\n".join(lines[1:end]), reader.path, 2, reader.problems)
    front = None
    if data is not None:
        front = validate(schema.LessonFront, data, reader.path, 2, "front matter", reader.problems)
    reader.check_lines(lines, 1)
    drafts = _drafts(reader, lines, end + 1)
    count = sum(len(draft.parts) for draft in drafts)
    if count > MOST_BLOCKS:
        reader.say(1, "lesson", f"has {count} blocks; write at most {MOST_BLOCKS}")
        return None
    _check_keys(reader, drafts)
    reader.steps = {draft.key for draft in drafts}
    reader.lines |= _lines_of(front, data, drafts)
    steps = [_step(reader, draft) for draft in drafts]
    if not steps:
        reader.say(end + 1, "lesson", "has no step; begin one with `## Title {#key}`")
    if front is None or not steps:
        return None
    for source in sorted(set(front.sources_only) & set(reader.cited)):
        what = f"{source!r} is cited in the lesson itself; take it out here"
        reader.warn(reader.lines["sources_only:"], "sources_only", what)
    reader.check_sources(front.sources_only, reader.lines["sources_only:"], "sources_only")
    place = (reader.path, line_of(data, ["image"], 2), "image")
    svg = read_svg(reader.images, front.image, front.alt, reader.problems, place)
    return content.Lesson(
        key=front.key,
        title=front.title,
        version=front.version,
        minutes=minutes_of(steps),
        care=front.care,
        contacts=tuple(front.contacts),
        read_first=front.read_first,
        test_out=_test_out(reader, front.test_out, steps),
        outcomes=tuple(
            content.Outcome(key=outcome.key, text=outcome.text) for outcome in front.outcomes
        ),
        steps=tuple(steps),
        svg=svg,
        sources=tuple(dict.fromkeys(reader.cited)),
    )


def _test_out(
    reader: Reader, fields: schema.TestOut | None, steps: list[content.Step]
) -> content.TestOut | None:
    """Where somebody who knows it already goes on, with a problem where the steps do not allow it."""
    if not fields:
        return None
    line, places = (
        reader.lines["test_out:"],
        {step.key: number for number, step in enumerate(steps)},
    )
    for key in (fields.step, fields.to):
        if key not in places:
            reader.say(
                line, "test_out", f"names {key!r}, which is no step of this lesson; name one"
            )
            return None
    if places[fields.to] <= places[fields.step] + 1:
        reader.say(
            line, "test_out", f"goes on at {fields.to!r}, which skips nothing; name a later step"
        )
    asked = [block for block in steps[places[fields.step]].blocks if block.item]
    if len(asked) < HARD_ENOUGH:
        what = f"asks {len(asked)} checks in {fields.step!r}; ask {HARD_ENOUGH} or more before steps are left out"
        reader.say(line, "test_out", what)
    return content.TestOut(step=fields.step, to=fields.to)


def _lines_of(front: schema.LessonFront | None, data: Any, drafts: list[Draft]) -> dict[str, int]:
    """The lines of front fields and outcomes, by `key:`, and of steps and activities, by key."""
    lines = {f"{name}:": line_of(data, [name], 2) for name in schema.LessonFront.model_fields}
    for n, outcome in enumerate(front.outcomes if front else ()):
        lines[f"{outcome.key}:"] = line_of(data, ["outcomes", n], 2)
    for draft in drafts:
        lines[draft.key] = draft.line
        lines |= {part.rest: part.line for part in draft.parts if is_activity(part.kind)}
    return lines


def _check_keys(reader: Reader, drafts: list[Draft]) -> None:
    """Keys of steps and activities are used once in a lesson; a step cannot have a key that a page of lessons has."""
    seen: set[str] = set()
    placed = [(draft.key, draft.line) for draft in drafts]
    placed += [
        (part.rest, part.line) for draft in drafts for part in draft.parts if is_activity(part.kind)
    ]
    for key, line in placed:
        if key in seen:
            reader.say(
                line,
                key,
                "is the key of two steps or activities of this lesson; give one another key",
            )
        seen.add(key)
    for draft in drafts:
        if draft.key in TAKEN:
            reader.say(
                draft.line,
                draft.key,
                "is the name of a page of every lesson; give this step another key",
            )


def _heading(line: str) -> tuple[str, str] | None:
    """Title and key of a step (`## Title {#key}`), the key empty without one; None for other lines."""
    # No pattern: looking for a key behind any number of spaces would try each number of them.
    if not line.startswith("## "):
        return None
    heading = line[3:].strip(" ")
    title, _, key = heading.removesuffix("}").rpartition(" {#")
    if heading.endswith("}") and title.strip(" ") and "}" not in key:
        return title.strip(" "), key
    return (heading, "") if heading else None


def _opening(line: str) -> re.Match[str] | None:
    return OPEN.fullmatch(line.rstrip(" "))


def _drafts(reader: Reader, lines: list[str], start: int) -> list[Draft]:
    """The steps of the file with their parts, in order; what stands outside a step or block is a problem."""
    drafts: list[Draft] = []
    block: Part | None = None
    for number, line in enumerate(lines[start:], start + 1):
        opening, heading = _opening(line), _heading(line)
        if block and CLOSE.fullmatch(line.rstrip(" ")):
            block = None
        elif block and not opening and not (heading and heading[1]):
            block.lines.append(line)
        else:
            _check_closed(reader, block)
            block = _outside(reader, drafts, number, line)
    _check_closed(reader, block)
    return drafts


def _check_closed(reader: Reader, block: Part | None) -> None:
    if block:
        reader.say(
            block.line,
            f"::: {block.kind}",
            "is never closed; write `:::` on a line of its own after it",
        )


def _outside(reader: Reader, drafts: list[Draft], number: int, line: str) -> Part | None:
    """Takes a line that is in no block: it begins a step, or a block (which is returned), or is text of the step."""
    if heading := _heading(line):
        drafts.append(Draft(number, *heading))
        return None
    if not drafts:
        if line.strip() and not reader.begun:
            reader.begun = True
            reader.say(
                number, "lesson", "has text before its first step; begin with `## Title {#key}`"
            )
        return None
    if opening := _opening(line):
        drafts[-1].parts.append(Part(number, opening["kind"], opening["rest"]))
        return drafts[-1].parts[-1]
    if line.strip().startswith(":::"):
        what = "neither opens nor closes a block; write `::: kind key` at the start of a line, or take it out"
        reader.say(number, line.strip()[:40], what)
        return None
    _add_text(drafts[-1], number, line)
    return None


def _add_text(draft: Draft, number: int, line: str) -> None:
    if not draft.parts or draft.parts[-1].kind != "text":
        draft.parts.append(Part(number, "text"))
    draft.parts[-1].lines.append(line)


def _step(reader: Reader, draft: Draft) -> content.Step:
    if not KEY.match(draft.key):
        reader.say(
            draft.line,
            draft.title,
            "has no key of small letters, digits and hyphens; write `## Title {#key}`",
        )
    notes = reader.notes()
    blocks = [block for part in draft.parts if (block := make_block(reader, part, notes))]
    reader.settle(notes, draft.line, draft.key or draft.title)
    if not blocks:
        reader.say(draft.line, draft.key or draft.title, "is empty; write its text")
    return content.Step(
        key=draft.key,
        title=plain(reader.inline(draft.title, draft.line, draft.key)),
        blocks=tuple(blocks),
        publications=tuple(notes.publications),
        sources=tuple(dict.fromkeys(notes.sources)),
        terms=tuple(dict.fromkeys(notes.terms)),
    )
