"""The blocks of a lesson, each from its YAML to its content. Finding them in the file is in `lessons`."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Literal

from pydantic import create_model

from courses.assessment.items import KINDS, Kind, kinds_by_block
from courses.assessment.items.making import short_key
from courses.authoring import schema
from courses.authoring.checks.item_checks import check_lesson_item
from courses.authoring.reading.diagnostics import line_of, read_yaml, validate
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.reader import KEY, Part, Reader
from courses.library import content
from courses.library.markdown import Notes, plain, render

PROSE = {"reveal", "note"}


def make_block(reader: Reader, part: Part, notes: Notes) -> content.Block | None:
    """The block as content, None (and a problem) when it cannot be read. Text of a step is a block too."""
    if part.kind == "text":
        html = render(part.text, notes, part.line)
        return content.Block(kind="text", html=html) if html.strip() else None
    where = f"::: {part.kind} {part.rest}".strip()
    if not is_activity(part.kind) and part.kind not in {"figure", *PROSE}:
        known = sorted({*MAKERS, *kinds_by_block(), "figure", *PROSE})
        reader.say(part.line, where, f"is no kind of block; write {', '.join(known)}")
        return None
    if part.kind in PROSE:
        if not part.rest:
            reader.say(part.line, where, f"has no title; write `::: {part.kind} A title`")
        html = render(part.text, notes, part.line + 1)
        title = plain(reader.inline(part.rest, part.line, where))
        return content.Block(kind=part.kind, title=title, html=html)
    data = read_yaml(part.text, reader.path, part.line + 1, reader.problems)
    if data is None:
        return None
    if part.kind == "figure":
        return _figure(reader, part, data, where)
    if not KEY.match(part.rest):
        reader.say(
            part.line,
            where,
            f"has no key of small letters, digits and hyphens; write `::: {part.kind} a-key`",
        )
        return None
    make = MAKERS.get(part.kind, _item_block)
    return make(reader, part, data, where, notes)


def is_activity(kind: str) -> bool:
    """Whether a block of this kind is answered by the learner."""
    return kind in MAKERS or kind in kinds_by_block()


def _figure(reader: Reader, part: Part, data: Any, where: str) -> content.Block | None:
    fields = validate(schema.Figure, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    place = (reader.path, part.line, where)
    svg = read_svg(reader.images, part.rest, fields.alt, reader.problems, place)
    return content.Block(kind="figure", svg=svg, title=fields.caption)


@cache
def _item_fields(kind: Kind, named: tuple[str, ...]) -> type[schema.Authored]:
    """What an author writes to ask an item of this kind in a lesson.

    A block that can ask several kinds has a field `kind`, with one of the names in `named`.
    """
    bases = (schema.Asked, kind.block_fields)
    if len(named) == 1:
        return create_model("Asked", __base__=bases)
    return create_model("Asked", __base__=bases, kind=(Literal[named], ...))  # type: ignore[arg-type]


def _prompt_line(part: Part, data: Any) -> int:
    return line_of(data, ["prompt"], part.line + 1)


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
    say, warn = partial(reader.say, part.line, where), partial(reader.warn, part.line, where)
    check_lesson_item(item, say, warn)
    return content.Block(kind=part.kind, key=part.rest, item=item, scene=scene)


def _branch(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """A conversation or case: moments with choices, each leading on, at least three of them endings."""
    fields = validate(schema.Branch, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    moments = tuple(
        _moment(reader, key, moment, part.line, where) for key, moment in fields.moments.items()
    )
    _check_branch(reader, fields, part.line, where)
    return content.Block(
        kind="branch",
        key=part.rest,
        html=render(fields.prompt, notes, _prompt_line(part, data)),
        moments=moments,
    )


def _moment(
    reader: Reader, key: str, moment: schema.Moment, line: int, where: str
) -> content.Moment:
    choices = []
    for choice in moment.choices:
        html, feedback = (
            reader.inline(choice.text, line, where),
            reader.inline(choice.feedback, line, where),
        )
        sources = reader.check_sources(choice.sources, line, where)
        if not sources:
            what = f"{choice.text[:30]!r} has no source; write `sources:` with what its feedback rests on"
            reader.warn(line, where, what)
        fields = {
            "key": short_key(f"{key}:{choice.text}"),
            "html": html,
            "feedback": feedback,
            "to": choice.to,
        }
        choices.append(content.Choice(**fields, sources=sources))
    if len({choice.key for choice in choices}) < len(choices):
        reader.say(line, where, f"moment {key!r} has the same choice twice; change one")
    html = reader.block(moment.text, line, where)
    return content.Moment(key=key, html=html, choices=tuple(choices), ending=moment.ending)


def _check_branch(reader: Reader, fields: schema.Branch, line: int, where: str) -> None:
    """Every choice leads somewhere, every moment can be reached, it cannot go round for ever, and it ends."""
    moments = fields.moments
    for key, moment in moments.items():
        if bool(moment.choices) == bool(moment.ending):
            reader.say(
                line, where, f"moment {key!r} needs either choices or an ending; write one of them"
            )
        for choice in moment.choices:
            if choice.to not in moments:
                reader.say(
                    line,
                    where,
                    f"{choice.text[:30]!r} leads to {choice.to!r}, which is no moment; name one",
                )
    if sum(bool(moment.ending) for moment in moments.values()) < 3:
        reader.say(line, where, "has fewer than three endings; write at least three")
    seen: set[str] = set()
    if _goes_round(next(iter(moments)), moments, (), seen):
        reader.say(line, where, "goes round in a circle; let every choice lead onwards")
    for key in sorted(set(moments) - seen):
        reader.say(line, where, f"moment {key!r} is never reached; lead to it, or take it out")


def _goes_round(
    key: str, moments: dict[str, schema.Moment], path: tuple[str, ...], seen: set[str]
) -> bool:
    if key in path:
        return True
    if key not in moments or key in seen:
        return False
    ahead = [_goes_round(choice.to, moments, (*path, key), seen) for choice in moments[key].choices]
    seen.add(key)
    return any(ahead)


def _rewrite(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    fields = validate(schema.Rewrite, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    return content.Block(
        kind="rewrite",
        key=part.rest,
        html=render(fields.prompt, notes, _prompt_line(part, data)),
        start=fields.start.strip(),
        model=reader.block(fields.model, part.line, where),
        near_miss=reader.block(fields.near_miss, part.line, where),
        points=tuple(reader.inline(point, part.line, where) for point in fields.criteria),
        sources=reader.check_sources(fields.sources, part.line, where),
    )


def _checklist(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    fields = validate(schema.Checklist, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    points = tuple(reader.inline(point, part.line, where) for point in fields.points)
    return content.Block(
        kind="checklist",
        key=part.rest,
        html=render(fields.prompt, notes, _prompt_line(part, data)),
        points=points,
    )


def _look(reader: Reader, part: Part, data: Any, where: str, notes: Notes) -> content.Block | None:
    """A picture that is hidden after ten seconds, and shown again with a ring once the learner wrote what they saw."""
    fields = validate(schema.Look, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    reader.check_scene(fields.scene, part.line, where)
    return content.Block(
        kind="look",
        key=part.rest,
        html=render(fields.prompt, notes, _prompt_line(part, data)),
        model=reader.block(fields.missed, part.line, where),
        ring=content.Ring(**fields.ring.model_dump()),
        scene=fields.scene,
        sources=reader.check_sources(fields.sources, part.line, where),
    )


def _commitment(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    """One dated sentence of what the learner will do, chosen or in their own words."""
    fields = validate(schema.Commitment, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    return content.Block(
        kind="commitment",
        key=part.rest,
        html=render(fields.prompt, notes, _prompt_line(part, data)),
        points=tuple(reader.inline(sentence, part.line, where) for sentence in fields.sentences),
    )


def _reflect(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    fields = validate(schema.Reflect, data, reader.path, part.line + 1, where, reader.problems)
    return (
        content.Block(
            kind="reflect",
            key=part.rest,
            html=render(fields.prompt, notes, _prompt_line(part, data)),
        )
        if fields
        else None
    )


Maker = Callable[[Reader, Part, Any, str, Notes], content.Block | None]
# Beside these, each item kind may name a block (`Kind.block`), which `_item_block` reads.
MAKERS: dict[str, Maker] = {
    "branch": _branch,
    "rewrite": _rewrite,
    "checklist": _checklist,
    "look": _look,
    "commitment": _commitment,
    "reflect": _reflect,
}
