"""The timeline of a moving scene, checked: its times, what changes between moments, and its poses.

How it is drawn and played is decided in `figure` and `practice`.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from courses.authoring import schema
from courses.authoring.reading.diagnostics import line_of
from courses.authoring.reading.reader import FileReader
from courses.figure.baby import Pose
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.library import content

SHORTEST, LONGEST = 8.0, 20.0  # seconds, the hold of the last moment included
FEWEST = 3  # moments
SAME = ("age", "setting", "room", "view", "skin", "hair", "hair_colour", "outfit", "frame", "has")
"""What stays through a scene: one baby, one place."""
SAME_CARER = ("side", "skin", "hair", "hair_colour", "top", "beard", "glasses", "wears")
PAIRS = ("arms", "hands", "legs")


def make_timeline(
    reader: FileReader, data: Any, rows: list[schema.Keyframe]
) -> tuple[content.Keyframe, ...]:
    """The moments, each with its whole pose. Adds a problem for what cannot be drawn or played."""
    _check_times(reader, data, rows)
    keyframes: list[content.Keyframe] = []
    reported: set[str] = set()
    for number, row in enumerate(rows):
        change = plain(row.pose)
        pose = after(keyframes[-1].pose, change) if keyframes else change
        faults = faults_of(pose)
        if keyframes:
            faults += _changes(keyframes[0].pose, pose)
        line = line_of(data, ["timeline", number, "pose"], 1)
        for fault in faults:
            # A fault stays in the moments that follow, and is one mistake.
            if fault not in reported:
                reader.report(line, f"timeline.{number}.pose", fault)
        reported |= set(faults)
        keyframes.append(content.Keyframe(at=row.at, over=row.over, pose=pose, text=row.text))
    return tuple(keyframes)


def plain(pose: dict[str, object]) -> dict[str, object]:
    """A pose as read from YAML in plain dictionaries and lists, without their lines."""
    return {str(key): _plain_value(value) for key, value in pose.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, list):
        return [_plain_value(part) for part in value]
    return value


def faults_of(pose: dict[str, object]) -> list[str]:
    """Why a pose cannot be drawn, one line a fault; none when it can."""
    try:
        Pose.from_dict(pose)
    except ValueError as error:
        return str(error).splitlines()
    return []


def _check_times(reader: FileReader, data: Any, rows: list[schema.Keyframe]) -> None:
    """The moments begin at 0, rise, end before the next begins, and take neither long nor short."""
    line = line_of(data, ["timeline"], 1)
    if len(rows) < FEWEST:
        reader.report(line, "timeline", f"has {len(rows)} moments; write at least {FEWEST}")
    if rows[0].at != 0:
        what = f"is {rows[0].at:g}; the first moment is at 0"
        reader.report(line_of(data, ["timeline", 0, "at"], 1), "timeline.0.at", what)
    for number, (before, row) in enumerate(pairwise(rows), 1):
        if row.at <= before.at:
            what = f"is {row.at:g}, not after {before.at:g}; times rise"
            line_of_at = line_of(data, ["timeline", number, "at"], 1)
            reader.report(line_of_at, f"timeline.{number}.at", what)
        _check_end(reader, data, rows, number)
    seconds = rows[-1].at + FINAL_HOLD
    if not SHORTEST <= seconds <= LONGEST:
        what = (
            f"takes {seconds:g} seconds with the {FINAL_HOLD:g} that the last moment stays; "
            f"make it {SHORTEST:g} to {LONGEST:g}"
        )
        reader.report(line, "timeline", what)


def _check_end(reader: FileReader, data: Any, rows: Sequence[schema.Keyframe], number: int) -> None:
    """The change to a moment is over before the next change begins."""
    row = rows[number]
    is_last = number + 1 == len(rows)
    following = row.at + FINAL_HOLD if is_last else rows[number + 1].at
    # Times that do not rise are reported as such.
    if row.at < following < row.at + row.over:
        what = (
            f"is {row.over:g}, longer than until the next moment; "
            f"write {following - row.at:g} or less"
        )
        line = line_of(data, ["timeline", number, "over"], 1)
        reader.report(line, f"timeline.{number}.over", what)


def after(before: dict[str, object], change: dict[str, object]) -> dict[str, object]:
    """The whole pose after a change.

    Of a head, a pair of limbs or a carer, what is not named stays.
    """
    pose = dict(before)
    for key, value in change.items():
        old = pose.get(key)
        # One word for a pair means both sides, and the change may be of one.
        if key in PAIRS and isinstance(old, str):
            old = {"left": old, "right": old}
        if isinstance(old, dict) and isinstance(value, dict):
            value = {**old, **value}
        pose[key] = value
    return pose


def _changes(first: dict[str, object], pose: dict[str, object]) -> list[str]:
    """What may not change from the first moment to this one, and does."""
    changed = [key for key in SAME if first.get(key) != pose.get(key)]
    first_carer, carer = first.get("carer"), pose.get("carer")
    if isinstance(first_carer, dict) and isinstance(carer, dict):
        changed += [f"carer.{key}" for key in SAME_CARER if first_carer.get(key) != carer.get(key)]
    return [f"{key}: changes; it is the same in every moment" for key in changed]
