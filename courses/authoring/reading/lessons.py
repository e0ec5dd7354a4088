"""One lesson file, from front matter and steps to its content.

What the blocks of a step say is in `blocks`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from courses.authoring import schema
from courses.authoring.reading.blocks import is_activity, make_block
from courses.authoring.reading.diagnostics import line_of, read_yaml, validate
from courses.authoring.reading.files import read_text
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.reader import KEY, FileReader
from courses.authoring.reading.steps import SourceStep, split_steps
from courses.learning.duration import minutes_of
from courses.library import content
from courses.library.markdown import plain

MOST_BLOCKS = 100  # a lesson of twelve minutes has about twenty; each may show a whole picture
FEWEST_CHECKS = 3  # that show a learner knows what the next steps teach
PAGES = {"begin", "done"}  # keep in step with the pages of a lesson in courses/urls.py


def read_lesson(reader: FileReader) -> content.Lesson | None:
    """The lesson in `reader.path`; None when its front matter or its steps cannot be read.

    Adds every problem there is in the file.
    """
    text = read_text(reader.path, reader.problems)
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    end = _end_of_front_matter(lines)
    if end is None:
        what = "is missing; begin the file with `---`, its fields, and `---`"
        reader.report(1, "front matter", what)
        return None
    data = read_yaml("\n".join(lines[1:end]), reader.path, 2, reader.problems)
    front = None
    if data is not None:
        front = validate(schema.LessonFront, data, reader.path, 2, "front matter", reader.problems)
    reader.check_lines(lines, 1)
    sources = split_steps(reader, lines[end + 1 :], end + 2)
    reader.lines |= _lines_of(front, data, sources)
    steps = _make_steps(reader, sources)
    if not sources:
        reader.report(end + 1, "lesson", "has no step; begin one with `## Title {#key}`")
    if front is None or not steps:
        return None
    return _lesson(reader, front, steps)


def _end_of_front_matter(lines: Sequence[str]) -> int | None:
    """The index of the second `---`; None when the file does not begin with front matter."""
    if lines[0].strip() != "---":
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == "---":
            return number
    return None


def _make_steps(reader: FileReader, sources: list[SourceStep]) -> list[content.Step]:
    """The content of the steps; none (and a problem) when the lesson has far too many blocks."""
    count = sum(len(source.blocks) for source in sources)
    if count > MOST_BLOCKS:
        reader.report(1, "lesson", f"has {count} blocks; write at most {MOST_BLOCKS}")
        return []
    _check_keys(reader, sources)
    # All are known before the first is read, because a link may lead to a later step.
    reader.steps = {source.key for source in sources}
    return [_step(reader, source) for source in sources]


def _lesson(
    reader: FileReader, front: schema.LessonFront, steps: list[content.Step]
) -> content.Lesson:
    _check_sources_only(reader, front)
    place = (reader.path, reader.lines["image:"], "image")
    svg = read_svg(reader.images, front.image, front.alt, reader.problems, place)
    outcomes = [content.Outcome(key=outcome.key, text=outcome.text) for outcome in front.outcomes]
    return content.Lesson(
        key=front.key,
        title=front.title,
        version=front.version,
        minutes=minutes_of(steps),
        care=front.care,
        contacts=tuple(front.contacts),
        read_first=front.read_first,
        local_pathways=front.local_pathways,
        take_away=_take_away(reader, front.take_away or []),
        test_out=_test_out(reader, front.test_out, steps),
        outcomes=tuple(outcomes),
        steps=tuple(steps),
        svg=svg,
        sources=tuple(dict.fromkeys(reader.cited)),
    )


def _check_sources_only(reader: FileReader, front: schema.LessonFront) -> None:
    line = reader.lines["sources_only:"]
    for source in sorted(set(front.sources_only) & set(reader.cited)):
        what = f"{source!r} is cited in the lesson itself; take it out here"
        reader.warn(line, "sources_only", what)
    reader.check_sources(front.sources_only, line, "sources_only")


def _take_away(reader: FileReader, rows: Sequence[schema.TakeAway]) -> tuple[content.TakeAway, ...]:
    """What a lesson leaves with its learner; adds a problem where the lesson does not say it."""
    line = reader.lines["take_away:"]
    cited = set(reader.cited)
    for row in rows:
        for source in sorted(set(row.sources) - cited):
            what = f"cites {source!r}, which the lesson does not; take away only what it teaches"
            reader.report(reader.find(line, source), "take_away", what)
    return tuple(content.TakeAway(text=row.text, sources=tuple(row.sources)) for row in rows)


def _test_out(
    reader: FileReader, fields: schema.TestOut | None, steps: list[content.Step]
) -> content.TestOut | None:
    """Where a learner goes on who answers every check of a step right.

    Adds a problem where the steps do not allow it. None when the lesson has no such way.
    """
    if not fields:
        return None
    line = reader.lines["test_out:"]
    positions = {step.key: number for number, step in enumerate(steps)}
    for key in (fields.step, fields.to):
        if key not in positions:
            what = f"names {key!r}, which is no step of this lesson; name one"
            reader.report(line, "test_out", what)
            return None
    if positions[fields.to] <= positions[fields.step] + 1:
        what = f"goes on at {fields.to!r}, which skips nothing; name a later step"
        reader.report(line, "test_out", what)
    step = steps[positions[fields.step]]
    checks = [block for block in step.blocks if block.item]
    if len(checks) < FEWEST_CHECKS:
        what = (
            f"asks {len(checks)} checks in {fields.step!r}; "
            f"ask {FEWEST_CHECKS} or more before steps are left out"
        )
        reader.report(line, "test_out", what)
    return content.TestOut(step=fields.step, to=fields.to)


def _lines_of(
    front: schema.LessonFront | None, data: Any, sources: list[SourceStep]
) -> dict[str, int]:
    """The lines of front fields and outcomes by `key:`, and of steps and activities by key."""
    lines = {f"{name}:": line_of(data, [name], 2) for name in schema.LessonFront.model_fields}
    for number, outcome in enumerate(front.outcomes if front else ()):
        lines[f"{outcome.key}:"] = line_of(data, ["outcomes", number], 2)
    return lines | dict(_keys_of(sources))


def _keys_of(sources: list[SourceStep]) -> Iterator[tuple[str, int]]:
    """The key and line of each step and activity."""
    for source in sources:
        yield source.key, source.line
        for block in source.blocks:
            if is_activity(block.kind):
                yield block.rest, block.line


def _check_keys(reader: FileReader, sources: list[SourceStep]) -> None:
    """Keys are used once in a lesson, and no step has the name of a page that every lesson has."""
    keys: set[str] = set()
    for key, line in _keys_of(sources):
        if key in keys:
            what = "is the key of two steps or activities of this lesson; give one another key"
            reader.report(line, key, what)
        keys.add(key)
    for source in sources:
        if source.key in PAGES:
            what = "is the name of a page of every lesson; give this step another key"
            reader.report(source.line, source.key, what)


def _step(reader: FileReader, source: SourceStep) -> content.Step:
    if not KEY.match(source.key):
        what = "has no key of small letters, digits and hyphens; write `## Title {#key}`"
        reader.report(source.line, source.title, what)
    where = source.key or source.title
    # One for all blocks: references are numbered through the step.
    notes = reader.notes()
    made = [make_block(reader, block, notes) for block in source.blocks]
    blocks = [block for block in made if block]
    reader.report_notes(notes, source.line, where)
    if not blocks:
        reader.report(source.line, where, "is empty; write its text")
    return content.Step(
        key=source.key,
        title=plain(reader.inline(source.title, source.line, source.key)),
        blocks=tuple(blocks),
        publications=tuple(notes.publications),
        sources=tuple(dict.fromkeys(notes.sources)),
        terms=tuple(dict.fromkeys(notes.terms)),
    )
