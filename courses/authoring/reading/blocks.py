"""The blocks of a lesson, each from its YAML to its content. Where they begin and end is in `lessons`."""

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
from courses.authoring.reading.reader import KEY, Part, Reader
from courses.library import content
from courses.library.markdown import Notes, plain, render

PROSE = {"reveal", "note"}  # their body is Markdown, not YAML


def make_block(reader: Reader, part: Part, notes: Notes) -> content.Block | None:
    """The content of a block, or of the text between blocks.

    None when it is empty or cannot be read; then there is a problem. What it cites is added to
    `notes`, those of its step.
    """
    if part.kind == "text":
        html = render(part.text, notes, part.line)
        return content.Block(kind="text", html=html) if html.strip() else None
    where = f"::: {part.kind} {part.rest}".strip()
    if part.kind in PROSE:
        return _prose(reader, part, where, notes)
    if part.kind != "figure" and not is_activity(part.kind):
        known = sorted({*ACTIVITIES, *kinds_by_block(), "figure", *PROSE})
        reader.say(part.line, where, f"is no kind of block; write {', '.join(known)}")
        return None
    data = read_yaml(part.text, reader.path, part.line + 1, reader.problems)
    if data is None:
        return None
    if part.kind == "figure":
        return _figure(reader, part, data, where)
    if not KEY.match(part.rest):
        what = "has no key of small letters, digits and hyphens"
        reader.say(part.line, where, f"{what}; write `::: {part.kind} a-key`")
        return None
    if part.kind in ACTIVITIES:
        return _activity(reader, part, data, where, notes)
    return _item_block(reader, part, data, where, notes)


def is_activity(kind: str) -> bool:
    """Whether a block of this kind is answered by the learner."""
    return kind in ACTIVITIES or kind in kinds_by_block()


def _prose(reader: Reader, part: Part, where: str, notes: Notes) -> content.Block:
    if not part.rest:
        reader.say(part.line, where, f"has no title; write `::: {part.kind} A title`")
    html = render(part.text, notes, part.line + 1)
    title = plain(reader.inline(part.rest, part.line, where))
    return content.Block(kind=part.kind, title=title, html=html)


def _figure(reader: Reader, part: Part, data: Any, where: str) -> content.Block | None:
    fields = validate(schema.Figure, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    place = (reader.path, part.line, where)
    svg = read_svg(reader.images, part.rest, fields.alt, reader.problems, place)
    return content.Block(kind="figure", svg=svg, title=fields.caption)


def _prompt_line(part: Part, data: Any) -> int:
    return line_of(data, ["prompt"], part.line + 1)


@cache
def _item_fields(kind: Kind, named: tuple[str, ...]) -> type[schema.Authored]:
    """What an author writes to ask an item of this kind in a lesson.

    A block that can ask several kinds has a field `kind`, with one of the names in `named`.
    """
    bases = (schema.Asked, kind.block_fields)
    if len(named) == 1:
        return create_model("Asked", __base__=bases)
    return create_model("Asked", __base__=bases, kind=(Literal[named], ...))  # type: ignore[arg-type]


def _item_block(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """An activity that asks an item, of a kind that has this block."""
    kinds = kinds_by_block()[part.kind]
    kind = kinds[0]
    if len(kinds) > 1 and isinstance(data, dict):
        # A kind that this block does not ask is reported as a wrong field.
        kind = KINDS.get(str(data.get("kind", "")), kind)
    model = _item_fields(kind, tuple(kind.name for kind in kinds))
    fields: Any = validate(model, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    scene = getattr(fields, "scene", "")
    reader.check_scene(scene, part.line, where)
    name = kind.kind_in_block(fields)
    made = KINDS[name].make(reader, fields, part.line, where)
    stem = render(fields.prompt, notes, _prompt_line(part, data))
    item = content.Item(key=part.rest, kind=name, stem=stem, **made)
    report_error = partial(reader.say, part.line, where)
    report_advice = partial(reader.warn, part.line, where)
    check_lesson_item(item, report_error, report_advice)
    return content.Block(kind=part.kind, key=part.rest, item=item, scene=scene)


def _activity(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """An activity that asks no item: its prompt, and what `ACTIVITIES` says it has beside it."""
    activity = ACTIVITIES[part.kind]
    model = activity.fields
    fields: Any = validate(model, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    more = activity.make(reader, fields, part.line, where)
    prompt = render(fields.prompt, notes, _prompt_line(part, data))
    return content.Block(kind=part.kind, key=part.rest, html=prompt, **more)


def _rewrite(reader: Reader, fields: schema.Rewrite, line: int, where: str) -> dict[str, Any]:
    """An exaggerated sentence to write better, with a model and criteria to compare with."""
    return {
        "start": fields.start.strip(),
        "model": reader.block(fields.model, line, where),
        "near_miss": reader.block(fields.near_miss, line, where),
        "points": reader.inline_each(fields.criteria, line, where),
        "sources": reader.check_sources(fields.sources, line, where),
    }


def _checklist(reader: Reader, fields: schema.Checklist, line: int, where: str) -> dict[str, Any]:
    """Points to tick, for oneself."""
    return {"points": reader.inline_each(fields.points, line, where)}


def _look(reader: Reader, fields: schema.Look, line: int, where: str) -> dict[str, Any]:
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


def _commitment(reader: Reader, fields: schema.Commitment, line: int, where: str) -> dict[str, Any]:
    """One dated sentence of what the learner will do, chosen or in their own words."""
    return {"points": reader.inline_each(fields.sentences, line, where)}


def _reflect(reader: Reader, fields: schema.Reflect, line: int, where: str) -> dict[str, Any]:
    """A question to write about in private: it has its prompt alone."""
    return {}


@dataclass(frozen=True)
class Activity:
    """What an author writes for an activity, and what makes the fields of its `content.Block`.

    `make` takes the reader, the validated fields, and the line and name to report problems with.
    Key and prompt are the same for all and not made by it.
    """

    fields: type[schema.Authored]
    make: Callable[[Reader, Any, int, str], dict[str, Any]]


# Beside these, each item kind may name a block (`Kind.block`), which `_item_block` reads.
ACTIVITIES = {
    "branch": Activity(schema.Branch, make_branch),
    "rewrite": Activity(schema.Rewrite, _rewrite),
    "checklist": Activity(schema.Checklist, _checklist),
    "look": Activity(schema.Look, _look),
    "commitment": Activity(schema.Commitment, _commitment),
    "reflect": Activity(schema.Reflect, _reflect),
}
