"""The blocks of a lesson, each from its YAML to its content. Finding them in the file is in `lessons`."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pydantic import create_model

from courses.assessment.items import KINDS
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
    if part.kind not in MAKERS and part.kind not in {"figure", *PROSE}:
        reader.say(
            part.line,
            where,
            f"is no kind of block; write {', '.join(sorted([*MAKERS, 'figure', *PROSE]))}",
        )
        return None
    if part.kind in PROSE:
        if not part.rest:
            reader.say(part.line, where, f"has no title; write `::: {part.kind} A title`")
        html = render(part.text, notes, part.line + 1)
        title = plain(reader.inline(part.rest, part.line, where))
        return content.Block(kind=part.kind, title=title, html=html)  # type: ignore[arg-type]
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
    return MAKERS[part.kind](reader, part, data, where, notes)


def _figure(reader: Reader, part: Part, data: Any, where: str) -> content.Block | None:
    fields = validate(schema.Figure, data, reader.path, part.line + 1, where, reader.problems)
    if not fields:
        return None
    svg = read_svg(
        reader.images / part.rest, fields.alt, reader.problems, (reader.path, part.line, where)
    )
    return content.Block(kind="figure", svg=svg, title=fields.caption)


@cache
def _fields_of(asked: type[schema.Asked], own: type[schema.Authored]) -> type[schema.Authored]:
    """What an author writes for an activity of a kind: what is asked, and the kind's own fields."""
    return create_model(asked.__name__, __base__=(asked, own))


def _at(part: Part, data: Any) -> int:
    """The line of what is asked."""
    return line_of(data, ["prompt"], part.line + 1)


def _asked(asked: type[schema.Asked]) -> "Maker":
    """Makes an activity that is an item: of the kind it names, or of the kind that is the block's name."""

    def make(
        reader: Reader, part: Part, data: Any, where: str, notes: Notes
    ) -> content.Block | None:
        named = (
            data.get("kind", "single")
            if isinstance(data, dict) and "kind" in asked.model_fields
            else part.kind
        )
        rules = KINDS.get(str(named)) or KINDS["single"]  # an unknown one is told as a wrong field
        fields: Any = validate(
            _fields_of(asked, rules.fields),
            data,
            reader.path,
            part.line + 1,
            where,
            reader.problems,
        )
        if not fields:
            return None
        scene = getattr(fields, "scene", "")
        reader.check_scene(scene, part.line, where)
        made = rules.make(reader, fields, part.line, where)
        stem = render(fields.prompt, notes, _at(part, data))
        item = content.Item(key=part.rest, kind=named, stem=stem, **made)  # type: ignore[arg-type]
        check_lesson_item(
            item, partial(reader.say, part.line, where), partial(reader.warn, part.line, where)
        )
        return content.Block(kind=part.kind, key=part.rest, item=item, scene=scene)  # type: ignore[arg-type]

    return make


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
        html=render(fields.prompt, notes, _at(part, data)),
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
        html=render(fields.prompt, notes, _at(part, data)),
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
        html=render(fields.prompt, notes, _at(part, data)),
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
        html=render(fields.prompt, notes, _at(part, data)),
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
        html=render(fields.prompt, notes, _at(part, data)),
        points=tuple(reader.inline(sentence, part.line, where) for sentence in fields.sentences),
    )


def _reflect(
    reader: Reader, part: Part, data: Any, where: str, notes: Notes
) -> content.Block | None:
    fields = validate(schema.Reflect, data, reader.path, part.line + 1, where, reader.problems)
    return (
        content.Block(
            kind="reflect", key=part.rest, html=render(fields.prompt, notes, _at(part, data))
        )
        if fields
        else None
    )


Maker = Callable[[Reader, Part, Any, str, Notes], content.Block | None]
MAKERS: dict[str, Maker] = {
    "check": _asked(schema.Check),
    "sort": _asked(schema.Asked),
    "match": _asked(schema.Asked),
    "order": _asked(schema.Asked),
    "spot": _asked(schema.Spot),
    "branch": _branch,
    "rewrite": _rewrite,
    "checklist": _checklist,
    "look": _look,
    "commitment": _commitment,
    "reflect": _reflect,
}
