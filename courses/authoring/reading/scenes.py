"""One scene of a course, checked: its pose, what is asked, and its key. The file is opened in `authoring.courses`."""

import re
from typing import Any

from courses.assessment.items.making import make_options
from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import Reader
from courses.authoring.reading.timelines import faults_of, make_timeline, plain
from courses.library import content


def make_scene(reader: Reader, data: Any, row: schema.Scene) -> content.Scene:
    """The scene as the product uses it; what is wrong with it is told by the reader."""
    if reader.path.stem != row.key:
        what = f"{row.key!r} does not fit the file's name; name the file {row.key}.yaml"
        reader.say(line_of(data, ["key"], 1), "key", what)
    if ("pose" in row.model_fields_set) == ("timeline" in row.model_fields_set):
        reader.say(
            line_of(data, ["pose"], 1),
            "pose",
            "a scene has either `pose:` or `timeline:`; write one of them",
        )
    timeline = make_timeline(reader, data, row.timeline) if row.timeline else ()
    pose = dict(timeline[0].pose) if timeline else plain(row.pose)
    if not timeline:
        for fault in faults_of(pose):
            reader.say(line_of(data, ["pose"], 1), "pose", fault)
    line = line_of(data, ["options"], 1)
    options = make_options(reader, "one", row.options, line, row.key)
    return content.Scene(
        key=row.key,
        title=row.title,
        family=row.family,
        age_months=row.age_months,
        setting=row.setting,
        pose=pose,
        timeline=timeline,
        description=row.description,
        item=content.Item(
            key=row.key,
            kind="single",
            stem=reader.block(row.prompt, line, row.key),
            options=options,
        ),
        seen=_seen(reader, data, row),
    )


def _seen(reader: Reader, data: Any, row: schema.Scene) -> content.Seen:
    def text(words: str, *place: str) -> str:
        return reader.inline(words, line_of(data, place, 1), ".".join(place))

    if not re.search(r"\b(may|might|can)\b", row.may_mean, re.I):
        reader.say(
            line_of(data, ["may_mean"], 1), "may_mean", "claims to know; write what it *may* mean"
        )
    return content.Seen(
        cues=tuple(text(cue, "cues") for cue in row.cues),
        not_there=tuple(text(cue, "not_there") for cue in row.not_there),
        may_mean=text(row.may_mean, "may_mean"),
        may_also=text(row.may_also, "may_also"),
        step=row.next.step,
        do=text(row.next.do, "next", "do"),
        sources=reader.check_sources(row.sources, line_of(data, ["sources"], 1), "sources"),
    )
