"""The blocks of a lesson, each from its YAML to its content.

Where they begin and end is in `lessons`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal

from pydantic import create_model

from courses.assessment.items import KINDS, Kind, kinds_by_block
from courses.authoring import schema
from courses.authoring.checks.item_checks import check_lesson_item
from courses.authoring.reading.branches import make_branch
from courses.authoring.reading.diagnostics import line_of, read_yaml, validate
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.reader import KEY, FileReader
from courses.authoring.reading.steps import SourceBlock
from courses.library import content
from courses.library.markdown import Notes, plain, render

PROSE = {"reveal", "note"}  # their body is Markdown, not YAML


def make_block(reader: FileReader, source: SourceBlock, notes: Notes) -> content.Block | None:
    """The content of a block, or of the text between blocks.

    None when it is empty or cannot be read; then there is a problem. What it cites is added to
    `notes`, those of its step.
    """
    if source.kind == "text":
        html = render(source.text, notes, source.line)
        return content.Block(kind="text", html=html) if html.strip() else None
    where = f"::: {source.kind} {source.rest}".strip()
    if source.kind in PROSE:
        return _prose(reader, source, where, notes)
    if source.kind != "figure" and not is_activity(source.kind):
        known = sorted({*ACTIVITIES, *kinds_by_block(), "figure", *PROSE})
        reader.report(source.line, where, f"is no kind of block; write {', '.join(known)}")
        return None
    data = read_yaml(source.text, reader.path, source.line + 1, reader.problems)
    if data is None:
        return None
    if source.kind == "figure":
        return _figure(reader, source, data, where)
    if not KEY.match(source.rest):
        what = f"has no key of small letters, digits and hyphens; write `::: {source.kind} a-key`"
        reader.report(source.line, where, what)
        return None
    if source.kind in ACTIVITIES:
        return _activity(reader, source, data, where, notes)
    return _item_block(reader, source, data, where, notes)


def is_activity(kind: str) -> bool:
    """Whether a block of this kind is answered by the learner."""
    return kind in ACTIVITIES or kind in kinds_by_block()


def _prose(reader: FileReader, source: SourceBlock, where: str, notes: Notes) -> content.Block:
    if not source.rest:
        reader.report(source.line, where, f"has no title; write `::: {source.kind} A title`")
    html = render(source.text, notes, source.line + 1)
    title = plain(reader.inline(source.rest, source.line, where))
    return content.Block(kind=source.kind, title=title, html=html)


def _figure(reader: FileReader, source: SourceBlock, data: Any, where: str) -> content.Block | None:
    fields = validate(schema.Figure, data, reader.path, source.line + 1, where, reader.problems)
    if not fields:
        return None
    place = (reader.path, source.line, where)
    svg = read_svg(reader.images, source.rest, fields.alt, reader.problems, place)
    return content.Block(kind="figure", svg=svg, title=fields.caption)


def _prompt_line(source: SourceBlock, data: Any) -> int:
    return line_of(data, ["prompt"], source.line + 1)


@cache
def _item_fields(kind: Kind, named: tuple[str, ...]) -> type[schema.Authored]:
    """What an author writes to ask an item of this kind in a lesson.

    A block that can ask several kinds has a field `kind`, with one of the names in `named`.
    """
    bases = (schema.Asked, kind.block_fields)
    if len(named) == 1:
        return create_model("Asked", __base__=bases)
    one_of_them: Any = (Literal[named], ...)
    return create_model("Asked", __base__=bases, kind=one_of_them)


def _item_block(
    reader: FileReader, source: SourceBlock, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """An activity that asks an item, of a kind that has this block."""
    kinds = kinds_by_block()[source.kind]
    kind = kinds[0]
    if len(kinds) > 1 and isinstance(data, dict):
        # A kind that this block does not ask is reported as a wrong field.
        kind = KINDS.get(str(data.get("kind", "")), kind)
    model = _item_fields(kind, tuple(kind.name for kind in kinds))
    fields: Any = validate(model, data, reader.path, source.line + 1, where, reader.problems)
    if not fields:
        return None
    scene = getattr(fields, "scene", "")
    reader.check_scene(scene, source.line, where)
    name = kind.kind_in_block(fields)
    made = KINDS[name].make(reader, fields, source.line, where)
    stem = render(fields.prompt, notes, _prompt_line(source, data))
    item = content.Item(key=source.rest, kind=name, stem=stem, **made)
    report_error = partial(reader.report, source.line, where)
    report_advice = partial(reader.warn, source.line, where)
    check_lesson_item(item, report_error, report_advice)
    return content.Block(kind=source.kind, key=source.rest, item=item, scene=scene)


def _activity(
    reader: FileReader, source: SourceBlock, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """An activity that asks no item: its prompt, and what `ACTIVITIES` says it has beside it."""
    activity = ACTIVITIES[source.kind]
    model = activity.fields
    fields: Any = validate(model, data, reader.path, source.line + 1, where, reader.problems)
    if not fields:
        return None
    more = activity.make(reader, fields, source.line, where)
    prompt = render(fields.prompt, notes, _prompt_line(source, data))
    return content.Block(kind=source.kind, key=source.rest, html=prompt, **more)


def _rewrite(reader: FileReader, fields: schema.Rewrite, line: int, where: str) -> dict[str, Any]:
    """An exaggerated sentence to write better, with a model and criteria to compare with."""
    return {
        "start": fields.start.strip(),
        "model": reader.block(fields.model, line, where),
        "near_miss": reader.block(fields.near_miss, line, where),
        "points": reader.inline_each(fields.criteria, line, where),
        "sources": reader.check_sources(fields.sources, line, where),
    }


def _checklist(
    reader: FileReader, fields: schema.Checklist, line: int, where: str
) -> dict[str, Any]:
    """Points to tick, for oneself."""
    return {"points": reader.inline_each(fields.points, line, where)}


def _look(reader: FileReader, fields: schema.Look, line: int, where: str) -> dict[str, Any]:
    """A picture that is hidden after ten seconds.

    It is shown again, with a ring, once the learner has written what they saw.
    """
    reader.check_scene(fields.scene, line, where)
    return {
        "model": reader.block(fields.missed, line, where),
        "ring": content.Ring(**fields.ring.model_dump()),
        "scene": fields.scene,
        "sources": reader.check_sources(fields.sources, line, where),
    }


def _commitment(
    reader: FileReader, fields: schema.Commitment, line: int, where: str
) -> dict[str, Any]:
    """One dated sentence of what the learner will do, chosen or in their own words."""
    return {"points": reader.inline_each(fields.sentences, line, where)}


def _reflect(reader: FileReader, fields: schema.Reflect, line: int, where: str) -> dict[str, Any]:
    """A question to write about in private: it has its prompt alone."""
    return {}


@dataclass(frozen=True)
class Activity:
    """What an author writes for an activity, and what makes the fields of its `content.Block`.

    `make` takes the reader, the validated fields, and the line and name to report problems with.
    Key and prompt are the same for all and not made by it.
    """

    fields: type[schema.Authored]
    make: Callable[[FileReader, Any, int, str], dict[str, Any]]


# Beside these, each item kind may name a block (`Kind.block`), which `_item_block` reads.
ACTIVITIES = {
    "branch": Activity(schema.Branch, make_branch),
    "rewrite": Activity(schema.Rewrite, _rewrite),
    "checklist": Activity(schema.Checklist, _checklist),
    "look": Activity(schema.Look, _look),
    "commitment": Activity(schema.Commitment, _commitment),
    "reflect": Activity(schema.Reflect, _reflect),
}
