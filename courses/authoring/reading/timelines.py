"""The timeline of a moving scene, checked: its times, what changes from moment to moment, and that it can be drawn.
How it is drawn and played is decided in `practice`."""

from itertools import pairwise
from typing import Any

from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import Reader
from courses.figure.baby import Pose
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library import content

SHORTEST, LONGEST, FEWEST = 8.0, 20.0, 3
SAME = ("age", "setting", "view", "skin", "hair", "hair_colour", "outfit", "frame")
"""What stays through a scene: one baby, one place."""
SAME_CARER = ("side", "skin", "hair", "hair_colour", "top", "beard")
PAIRS = ("arms", "hands", "legs")


def make_timeline(
    reader: Reader, data: Any, rows: list[schema.Keyframe]
) -> tuple[content.Keyframe, ...]:
    """The moments, each with its whole pose; what is wrong with them is told by the reader."""
    _check_times(reader, data, rows)
    made: list[content.Keyframe] = []
    told: set[str] = set()
    for n, row in enumerate(rows):
        change = plain(row.pose)
        pose = _after(made[-1].pose, change) if made else change
        faults = [*faults_of(pose), *(_changes(made[0].pose, pose) if made else ())]
        for fault in faults:
            if fault not in told:
                reader.say(line_of(data, ["timeline", n, "pose"], 1), f"timeline.{n}.pose", fault)
        told |= set(faults)
        made.append(content.Keyframe(at=row.at, over=row.over, pose=pose, text=row.text))
    return tuple(made)


def plain(pose: dict[str, object]) -> dict[str, object]:
    """A pose as read from YAML, without what YAML adds to it."""
    return {str(key): _plain(value) for key, value in pose.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def faults_of(pose: dict[str, object]) -> list[str]:
    try:
        Pose.from_dict(pose)
    except ValueError as error:
        return str(error).splitlines()
    return []


def _check_times(reader: Reader, data: Any, rows: list[schema.Keyframe]) -> None:
    def say(n: int, field: str, what: str) -> None:
        reader.say(line_of(data, ["timeline", n, field], 1), f"timeline.{n}.{field}", what)

    line = line_of(data, ["timeline"], 1)
    if len(rows) < FEWEST:
        reader.say(line, "timeline", f"has {len(rows)} moments; write at least {FEWEST}")
    if rows[0].at != 0:
        say(0, "at", f"is {rows[0].at:g}; the first moment is at 0")
    for n, (before, row) in enumerate(pairwise(rows), 1):
        if row.at <= before.at:
            say(n, "at", f"is {row.at:g}, not after {before.at:g}; times rise")
        following = rows[n + 1].at if n + 1 < len(rows) else row.at + FINAL_HOLD
        if row.at < following < row.at + row.over:
            say(
                n,
                "over",
                f"is {row.over:g}, longer than until the next moment; write {following - row.at:g} or less",
            )
    whole = rows[-1].at + FINAL_HOLD
    if not SHORTEST <= whole <= LONGEST:
        what = f"takes {whole:g} seconds with the {FINAL_HOLD:g} that the last moment stays"
        reader.say(line, "timeline", f"{what}; make it {SHORTEST:g} to {LONGEST:g}")


def _after(before: dict[str, object], change: dict[str, object]) -> dict[str, object]:
    """The whole pose after a change. Of a head, a pair of limbs or a grown-up, what is not named stays."""
    pose = dict(before)
    for key, value in change.items():
        old = pose.get(key)
        if key in PAIRS and isinstance(old, str):
            old = {"left": old, "right": old}
        pose[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return pose


def _changes(first: dict[str, object], pose: dict[str, object]) -> list[str]:
    """What may not change and does."""
    told = [
        f"{key}: changes; it is the same in every moment"
        for key in SAME
        if first.get(key) != pose.get(key)
    ]
    one, two = first.get("carer"), pose.get("carer")
    if isinstance(one, dict) and isinstance(two, dict):
        told += [
            f"carer.{key}: changes; it is the same in every moment"
            for key in SAME_CARER
            if one.get(key) != two.get(key)
        ]
    return told
