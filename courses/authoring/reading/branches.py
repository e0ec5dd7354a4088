"""The branch of a lesson: a conversation whose choices lead on to other moments.

Other blocks are in `blocks`.
"""

from typing import Any

from courses.assessment.items.making import short_key
from courses.authoring import schema
from courses.authoring.reading.reader import FileReader
from courses.library import content

FEWEST_ENDINGS = 3


def make_branch(reader: FileReader, fields: schema.Branch, line: int, where: str) -> dict[str, Any]:
    """The fields of a `content.Block` that a branch has. Adds a problem where it leads astray."""
    moments = []
    for key, moment in fields.moments.items():
        moments.append(_moment(reader, key, moment, line, where))
    _check_choices(reader, fields, line, where)
    _check_ways(reader, fields, line, where)
    return {"moments": tuple(moments)}


def _moment(
    reader: FileReader, key: str, moment: schema.Moment, line: int, where: str
) -> content.Moment:
    choices = [_choice(reader, key, choice, line, where) for choice in moment.choices]
    different = {choice.key for choice in choices}
    if len(different) < len(choices):
        reader.report(line, where, f"moment {key!r} has the same choice twice; change one")
    html = reader.block(moment.text, line, where)
    return content.Moment(key=key, html=html, choices=tuple(choices), ending=moment.ending)


def _choice(
    reader: FileReader, moment_key: str, choice: schema.Choice, line: int, where: str
) -> content.Choice:
    html = reader.inline(choice.text, line, where)
    feedback = reader.inline(choice.feedback, line, where)
    sources = reader.check_sources(choice.sources, line, where)
    if not sources:
        what = (
            f"{choice.text[:30]!r} has no source; write `sources:` with what its feedback rests on"
        )
        reader.warn(line, where, what)
    return content.Choice(
        # The same words in two moments are two choices.
        key=short_key(f"{moment_key}:{choice.text}"),
        html=html,
        to=choice.to,
        feedback=feedback,
        sources=sources,
    )


def _check_choices(reader: FileReader, fields: schema.Branch, line: int, where: str) -> None:
    """A moment has either choices or an ending, and each choice leads to a moment there is."""
    for key, moment in fields.moments.items():
        if bool(moment.choices) == bool(moment.ending):
            what = f"moment {key!r} needs either choices or an ending; write one of them"
            reader.report(line, where, what)
        for choice in moment.choices:
            if choice.to not in fields.moments:
                what = f"{choice.text[:30]!r} leads to {choice.to!r}, which is no moment; name one"
                reader.report(line, where, what)


def _check_ways(reader: FileReader, fields: schema.Branch, line: int, where: str) -> None:
    """Every moment can be reached, no way goes round for ever, and there are endings to reach."""
    endings = [moment for moment in fields.moments.values() if moment.ending]
    if len(endings) < FEWEST_ENDINGS:
        reader.report(line, where, "has fewer than three endings; write at least three")
    first = next(iter(fields.moments))
    reached: set[str] = set()
    if _has_circle(first, fields.moments, (), reached):
        reader.report(line, where, "goes round in a circle; let every choice lead onwards")
    for key in sorted(set(fields.moments) - reached):
        what = f"moment {key!r} is never reached; lead to it, or take it out"
        reader.report(line, where, what)


def _has_circle(
    key: str, moments: dict[str, schema.Moment], path: tuple[str, ...], reached: set[str]
) -> bool:
    """Whether a way from this moment comes back to itself; adds all it comes to to `reached`.

    `path` are the moments that led here.
    """
    if key in path:
        return True
    if key not in moments or key in reached:
        return False
    has_circle = False
    for choice in moments[key].choices:
        # Each choice is followed even when a circle is known: what it leads to is reached.
        if _has_circle(choice.to, moments, (*path, key), reached):
            has_circle = True
    reached.add(key)
    return has_circle
