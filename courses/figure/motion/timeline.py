"""A moving scene over time: keyframes, changes in which eyes lead and limbs follow, and any figure.
What goes on while a pose is held is in idle_motion.py; merging.py makes figures one drawing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from courses.figure.baby import Figure, Numbers, Pose, resolve
from courses.figure.camera import union
from courses.figure.carer import Carer
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.figure.motion.idle_motion import Tween, beats_between, blinks

CHANGE_SECONDS = 0.9
"""How long a change takes unless an author says otherwise."""

# When a number moves, in eighths of the change: eyes lead, the head follows, then arms and legs.
PACES: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
    (("gaze_", "lid", "squeeze", "glaze", "brow_", "knit"), (0, 4)),
    (("m_", "fold", "jaw", "cheek", "wrinkle"), (1, 6)),
    (("turn", "tilt", "nod"), (1, 6)),
    (("flex", "bend", "sag"), (1, 6)),
    (("arm_l", "leg_r"), (1, 7)),
    (("arm_r", "leg_l"), (2, 8)),
)
WHOLE_CHANGE = (0, 8)
SLOW = ("flush", "pale", "dusky", "mottle", "tears")
SLOW_SECONDS = 2.4  # colour takes so long to come or go, where there is time
SHORT_BEAT = 0.3  # seconds; a shorter beat needs no sample half-way

Additions = dict[tuple[str, str], list[Tween]]
"""What is added to numbers, by the word that adds it and the name of the number."""


NOT_THEIRS = ("carer_away_", "carer_baby_", "carer_mouth_", "carer_supports")
"""How the numbers begin that a carer does not take out of the picture: where everybody is."""


@dataclass(frozen=True)
class Keyframe:
    """A pose, the second at which the change to it begins, and how long the change takes."""

    at: float
    pose: Pose
    duration: float = CHANGE_SECONDS


@dataclass(frozen=True)
class Timeline:
    """The keyframes of a moving scene; gives its figure at any time."""

    keyframes: tuple[Keyframe, ...]

    @classmethod
    def from_dicts(cls, moments: Sequence[Mapping[str, Any]]) -> Timeline:
        """From the moments of a scene file.

        Each has `at`, a whole `pose`, and `over` where a change takes longer or shorter than usual.

        Raises:
            ValueError: a pose that cannot be drawn.
        """
        keyframes = []
        for moment in moments:
            pose = Pose.from_dict(moment["pose"])
            at = float(moment["at"])
            duration = float(moment.get("over") or CHANGE_SECONDS)
            keyframes.append(Keyframe(at, pose, duration))
        return cls(tuple(keyframes))

    @property
    def end(self) -> float:
        """How long the scene takes, in seconds."""
        last = self.keyframes[-1]
        return last.at + FINAL_HOLD

    def _next_at(self, index: int) -> float:
        """When the keyframe after this one begins, or the scene ends."""
        if index + 1 < len(self.keyframes):
            return self.keyframes[index + 1].at
        return self.end

    @cached_property
    def carers_by_kind(self) -> dict[str, tuple[Carer, ...]]:
        """The carer at each keyframe, for each way in which a carer is ever shown.

        Where a carer is not shown that way, it is the one last shown so, or else the first to be.
        """
        carers = [keyframe.pose.carer for keyframe in self.keyframes]
        by_kind: dict[str, tuple[Carer, ...]] = {}
        for carer in carers:
            if carer.shows != "none" and carer.shows not in by_kind:
                by_kind[carer.shows] = _latest_of_kind(carers, first=carer)
        return by_kind

    @cached_property
    def keyframe_numbers(self) -> list[Numbers]:
        """The numbers of every keyframe, all with one view.

        A carer who is out of the picture keeps the face they had there, so that it does not change
        on the way out.
        """
        rows = []
        for i, keyframe in enumerate(self.keyframes):
            numbers = resolve(keyframe.pose).numbers
            if keyframe.pose.carer.shows == "none":
                numbers |= self._hidden_carer_numbers(i)
            rows.append(numbers)
        # We look from one place, for a view that moves would move everything.
        view = union(rows)
        return [row | view for row in rows]

    def _hidden_carer_numbers(self, index: int) -> Numbers:
        if not self.carers_by_kind:
            return {}
        first_kind = next(iter(self.carers_by_kind.values()))
        hidden = resolve(Pose(carer=first_kind[index])).numbers
        return {
            key: value
            for key, value in hidden.items()
            if key.startswith("carer_") and not key.startswith(NOT_THEIRS)
        }

    def still(self, index: int) -> Figure:
        """The figure of a keyframe, counted from 0, as a picture that does not move."""
        keyframe = self.keyframes[index]
        numbers = self.keyframe_numbers[index]
        return Figure(keyframe.pose, numbers)

    @cached_property
    def changes(self) -> dict[str, list[Tween]]:
        """Every change of every number from keyframe to keyframe, in the order of time."""
        changes: dict[str, list[Tween]] = defaultdict(list)
        for i, keyframe in enumerate(self.keyframes[1:], 1):
            gap = self._next_at(i) - keyframe.at
            before = self.keyframe_numbers[i - 1]
            for key, value in self.keyframe_numbers[i].items():
                if value == before[key]:
                    continue
                begin, end = _change_times(key, keyframe, gap)
                tween = Tween(begin, end, before[key], value)
                changes[key].append(tween)
        return dict(changes)

    @cached_property
    def additions(self) -> Additions:
        """What is added to numbers while poses are held, blinks included."""
        additions: Additions = defaultdict(list)
        holds = []
        for i, keyframe in enumerate(self.keyframes):
            # The first pose is there from the beginning. A movement may start before the change to
            # its pose is over.
            duration = keyframe.duration if i else 0.0
            end = self._next_at(i)
            rest = keyframe.at + duration
            holds.append((rest, end, self.keyframe_numbers[i]))
            begin = keyframe.at + 0.7 * duration
            for word, key, tween in beats_between(keyframe.pose, begin, end):
                additions[word, key].append(tween)
        for key, tween in blinks(holds, self.end):
            additions["blink", key].append(tween)
        return dict(additions)

    def index_at(self, time: float) -> int:
        """The keyframe whose words are shown: the last whose change is at least half over."""
        index = 0
        for i, keyframe in enumerate(self.keyframes):
            if keyframe.at + keyframe.duration / 2 <= time:
                index = i
        return index

    def figure_at(self, time: float) -> Figure:
        """The baby and the carers at a time, without movement marks: here things move."""
        numbers = dict(self.keyframe_numbers[0])
        for key, tweens in self.changes.items():
            numbers[key] = _value_at(tweens, time, tweens[0].first)
        for (_, key), tweens in self.additions.items():
            numbers[key] += _value_at(tweens, time, 0.0)
        index = self.index_at(time)
        pose = replace(self.keyframes[index].pose, marks="none")
        carers = tuple(row[index] for row in self.carers_by_kind.values())
        return Figure(pose, numbers, carers)

    @cached_property
    def _times_by_number(self) -> dict[str, set[float]]:
        """When to sample each number so that nothing it does is missed.

        A change is sampled at five points, an addition at two or three.
        """
        times: dict[str, set[float]] = defaultdict(set)
        for key, tweens in self.changes.items():
            for tween in tweens:
                times[key] |= _sample_points(tween, (0, 0.25, 0.5, 0.75, 1))
        for (_, key), tweens in self.additions.items():
            for tween in tweens:
                is_short = tween.end - tween.begin < SHORT_BEAT
                times[key] |= _sample_points(tween, (0, 1) if is_short else (0, 0.5, 1))
        return times

    def sample_times(self, prefixes: tuple[str, ...] = ("",)) -> set[float]:
        """When to sample the numbers whose names begin so; by default all of them."""
        times = {0.0, round(self.end, 2)}
        for key, times_of_key in self._times_by_number.items():
            if key.startswith(prefixes):
                times |= {time for time in times_of_key if time <= self.end}
        return times


def _latest_of_kind(carers: Sequence[Carer], first: Carer) -> tuple[Carer, ...]:
    """At each keyframe the carer last shown in the way in which `first` is."""
    latest = first
    row = []
    for carer in carers:
        if carer.shows == first.shows:
            latest = carer
        row.append(latest)
    return tuple(row)


def _sample_points(tween: Tween, shares: Iterable[float]) -> set[float]:
    """Times at shares of a tween, in seconds to two places."""
    duration = tween.end - tween.begin
    return {round(tween.begin + duration * share, 2) for share in shares}


def _change_times(key: str, keyframe: Keyframe, gap: float) -> tuple[float, float]:
    """When a number's change to a keyframe begins and ends.

    `gap` is the seconds until the next keyframe.
    """
    # A change that is still going on when the next one begins is cut short.
    duration = min(keyframe.duration, gap)
    if key in SLOW:
        slowly = max(duration, SLOW_SECONDS)
        return keyframe.at, keyframe.at + min(slowly, gap)
    begin, end = _pace(key)
    first = keyframe.at + duration * begin / 8
    last = keyframe.at + duration * end / 8
    return first, last


def _pace(key: str) -> tuple[int, int]:
    for prefixes, pace in PACES:
        if key.startswith(prefixes):
            return pace
    return WHOLE_CHANGE


def _value_at(tweens: list[Tween], time: float, before: float) -> float:
    """The number after the last tween that has begun, `before` when none has.

    They are in the order of time.
    """
    latest = None
    for tween in tweens:
        if tween.begin > time:
            break
        latest = tween
    return latest.value_at(time) if latest else before
