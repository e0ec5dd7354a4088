"""One scene of a course, checked: its pose, what is asked, and what is to be seen in it.

The file is opened in `authoring.course_folder`.
"""

import re
from typing import Any

from courses.assessment.items.making import make_options
from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import FileReader
from courses.authoring.reading.timelines import faults_of, make_timeline, plain
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library import content


def make_scene(reader: FileReader, data: Any, row: schema.Scene) -> content.Scene:
    """The scene as the product uses it; adds a problem for what is wrong in it."""
    if reader.path.stem != row.key:
        what = f"{row.key!r} does not fit the file's name; name the file {row.key}.yaml"
        reader.report(line_of(data, ["key"], 1), "key", what)
    pose_line = line_of(data, ["pose"], 1)
    if ("pose" in row.model_fields_set) == ("timeline" in row.model_fields_set):
        what = "a scene has either `pose:` or `timeline:`; write one of them"
        reader.report(pose_line, "pose", what)
    timeline = make_timeline(reader, data, row.timeline) if row.timeline else ()
    if timeline:
        pose = dict(timeline[0].pose)
    else:
        pose = plain(row.pose)
        for fault in faults_of(pose):
            reader.report(pose_line, "pose", fault)
    return content.Scene(
        key=row.key,
        title=row.title,
        family=row.family,
        age_months=row.age_months,
        setting=row.setting,
        pose=pose,
        timeline=timeline,
        description=row.description,
        item=_item(reader, data, row),
        seen=_seen(reader, data, row),
        focus=_focus(reader, data, row),
    )


def _item(reader: FileReader, data: Any, row: schema.Scene) -> content.Item:
    line = line_of(data, ["options"], 1)
    return content.Item(
        key=row.key,
        kind="single",
        stem=reader.block(row.prompt, line, row.key),
        options=make_options(reader, "single", row.options, line, row.key),
    )


def _seen(reader: FileReader, data: Any, row: schema.Scene) -> content.Seen:
    def inline(words: str, *place: str) -> str:
        return reader.inline(words, line_of(data, place, 1), ".".join(place))

    # What a baby feels is never known for certain: the wording is a rule of the content guide.
    if not re.search(r"\b(may|might|can)\b", row.may_mean, re.I):
        what = "claims to know; write what it *may* mean"
        reader.report(line_of(data, ["may_mean"], 1), "may_mean", what)
    return content.Seen(
        cues=tuple(inline(cue, "cues") for cue in row.cues),
        not_there=tuple(inline(cue, "not_there") for cue in row.not_there),
        may_mean=inline(row.may_mean, "may_mean"),
        may_also=inline(row.may_also, "may_also"),
        step=row.next.step,
        do=inline(row.next.do, "next", "do"),
        sources=reader.check_sources(row.sources, line_of(data, ["sources"], 1), "sources"),
    )


def _focus(reader: FileReader, data: Any, row: schema.Scene) -> content.Focus | None:
    """Where the feedback looks: inside the picture, and in a moving scene within its timeline."""
    if row.focus is None:
        return None
    ring = content.Ring(**row.focus.ring.model_dump())
    nearest = min(ring.x, ring.y, 100 - ring.x, 100 - ring.y)
    if ring.r > nearest:
        what = f"leaves the picture; write r: {nearest} or less, or move its middle inwards"
        reader.report(line_of(data, ["focus", "ring"], 1), "focus.ring", what)
    fault = _watch_fault(row)
    if fault:
        reader.report(line_of(data, ["focus", "watch"], 1), "focus.watch", fault)
    watch = row.focus.watch
    return content.Focus(ring=ring, watch=(watch[0], watch[1]) if watch else None)


def _watch_fault(row: schema.Scene) -> str:
    """What is wrong with the span to watch again; empty when nothing is."""
    watch = row.focus.watch if row.focus else None
    if not row.timeline:
        return "is for a scene that moves; leave it out" if watch else ""
    if watch is None:
        return "is missing in a scene that moves; write from and to in seconds, such as [4, 6]"
    begins, ends = watch
    last = row.timeline[-1].at + FINAL_HOLD
    if not 0 <= begins < ends <= last:
        return f"is {begins:g} to {ends:g}; write two times that rise, from 0 to {last:g}"
    return ""
