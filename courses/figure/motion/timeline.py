"""A moving scene over time: moments follow one another, eyes lead and limbs follow, and at any time there is a figure.
What goes on while a pose is held is in life.py; how figures over time become one drawing that moves, in frames.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from courses.figure.baby import Figure, Numbers, Pose, resolve
from courses.figure.camera import union
from courses.figure.carer import Carer
from courses.figure.motion.final_hold import FINAL_HOLD
from courses.figure.motion.idle_motion import Ease, beats_between, blinks

OVER = 0.9
"""Seconds a change takes unless an author says otherwise."""

# When a number moves, in eighths of the change: eyes lead, the head follows, then arms and legs.
PACES: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
    (("gaze_", "lid", "squeeze", "glaze", "brow_", "knit"), (0, 4)),
    (("m_", "fold", "jaw", "cheek", "wrinkle"), (1, 6)),
    (("turn", "tilt", "nod"), (1, 6)),
    (("flex", "bend", "sag"), (1, 6)),
    (("arm_l", "leg_r"), (1, 7)),
    (("arm_r", "leg_l"), (2, 8)),
)
SLOW = ("flush", "pale", "dusky", "mottle", "tears")
SHORT = 0.3  # seconds of a beat that needs no look half-way
SLOWLY = 2.4  # seconds colour takes to come or go, where there is time


@dataclass(frozen=True)
class Moment:
    """A pose, the seconds from the beginning at which the change to it begins, and how long the change takes."""

    at: float
    pose: Pose
    over: float = OVER


@dataclass(frozen=True)
class Timeline:
    """A moving scene, for the drawing of it at any time."""

    moments: tuple[Moment, ...]

    @classmethod
    def from_dicts(cls, moments: Sequence[Mapping[str, Any]]) -> Timeline:
        """From moments with `at`, a whole `pose`, and `over` where it is not the usual time, as a scene has them.

        Raises:
            ValueError: a pose that cannot be drawn.
        """
        read = [
            Moment(float(m["at"]), Pose.from_dict(m["pose"]), float(m.get("over") or OVER))
            for m in moments
        ]
        return cls(tuple(read))

    @property
    def end(self) -> float:
        """How long it all takes, in seconds."""
        return self.moments[-1].at + FINAL_HOLD

    @cached_property
    def cast(self) -> dict[str, tuple[Carer, ...]]:
        """The grown-up at each moment, by the ways in which they are ever shown; at least as the first moment has it."""
        shown = list(
            dict.fromkeys(m.pose.carer.shows for m in self.moments if m.pose.carer.shows != "none")
        )
        cast: dict[str, tuple[Carer, ...]] = {}
        for way in shown:
            now = next(m.pose.carer for m in self.moments if m.pose.carer.shows == way)
            row = []
            for moment in self.moments:
                now = moment.pose.carer if moment.pose.carer.shows == way else now
                row.append(now)
            cast[way] = tuple(row)
        return cast

    @cached_property
    def poses(self) -> list[Numbers]:
        """The numbers of every moment. Who is out of the picture keeps the face they had there; we look from one place."""
        rows = [resolve(m.pose).numbers for m in self.moments]
        for i, row in enumerate(rows):
            if self.moments[i].pose.carer.shows == "none" and self.cast:
                way = next(iter(self.cast))
                other = resolve(Pose(carer=self.cast[way][i])).numbers
                row.update(
                    {k: v for k, v in other.items() if k.startswith("carer_") and "_away_" not in k}
                )
        seen = union(rows)
        return [row | seen for row in rows]

    def still(self, number: int) -> Figure:
        """The figure of a moment, as a picture that does not move."""
        return Figure(self.moments[number].pose, self.poses[number])

    @cached_property
    def eases(self) -> dict[str, list[Ease]]:
        """Every change of every number from moment to moment."""
        out: dict[str, list[Ease]] = defaultdict(list)
        for i, moment in enumerate(self.moments[1:], 1):
            following = self.moments[i + 1].at if i + 1 < len(self.moments) else self.end
            before, after = self.poses[i - 1], self.poses[i]
            for key, value in after.items():
                if value != before[key]:
                    begin, end = _when(key, moment, following - moment.at)
                    out[key].append(Ease(begin, end, before[key], value))
        return dict(out)

    @cached_property
    def additions(self) -> dict[tuple[str, str], list[Ease]]:
        """What is added to numbers while poses are held, by what adds it and the number."""
        out: dict[tuple[str, str], list[Ease]] = defaultdict(list)
        holds = []
        for i, moment in enumerate(self.moments):
            begin = moment.at + (0.7 * moment.over if i else 0.0)
            end = self.moments[i + 1].at if i + 1 < len(self.moments) else self.end
            holds.append((moment.at + (moment.over if i else 0.0), end, self.poses[i]))
            for what, key, ease in beats_between(moment.pose, begin, end):
                out[what, key].append(ease)
        for key, ease in blinks(holds, self.end):
            out["blink", key].append(ease)
        return dict(out)

    def index_at(self, t: float) -> int:
        """The moment whose things that cannot be eased are shown: half of the change to it is over."""
        return max(i for i, m in enumerate(self.moments) if i == 0 or m.at + m.over / 2 <= t)

    def figure_at(self, t: float) -> Figure:
        """The baby, and who is there, at a time. Lines that stand for movement are left out: here things move."""
        numbers = dict(self.poses[0])
        for key, eases in self.eases.items():
            numbers[key] = _value(eases, t, eases[0].a)
        for (_, key), eases in self.additions.items():
            numbers[key] += _value(eases, t, 0.0)
        i = self.index_at(t)
        carers = tuple(row[i] for row in self.cast.values())
        return Figure(replace(self.moments[i].pose, marks="none"), numbers, carers)

    @cached_property
    def events(self) -> dict[str, set[float]]:
        """When to look at each number so that all it does is seen: a change at five points, a beat at two or three."""
        out: dict[str, set[float]] = defaultdict(set)
        for key, eases in self.eases.items():
            out[key] |= {_share(ease, k / 4) for ease in eases for k in range(5)}
        for (_, key), eases in self.additions.items():
            out[key] |= {
                _share(ease, k)
                for ease in eases
                for k in ((0, 1) if ease.end - ease.begin < SHORT else (0, 0.5, 1))
            }
        return {key: {t for t in times if t <= self.end} for key, times in out.items()}

    def times(self, keys: tuple[str, ...] = ("",)) -> set[float]:
        """When to look at the numbers whose names begin so; all of them as it stands."""
        found = (times for key, times in self.events.items() if key.startswith(keys))
        return {0.0, round(self.end, 2)}.union(*found)


def _share(ease: Ease, k: float) -> float:
    return round(ease.begin + (ease.end - ease.begin) * k, 2)


def _when(key: str, moment: Moment, gap: float) -> tuple[float, float]:
    over = min(moment.over, gap)
    if key in SLOW:
        return moment.at, moment.at + min(max(over, SLOWLY), gap)
    begin, end = next((pace for keys, pace in PACES if key.startswith(keys)), (0, 8))
    return moment.at + over * begin / 8, moment.at + over * end / 8


def _value(eases: list[Ease], t: float, before: float) -> float:
    """The number after the last change that has begun; they are in the order of time."""
    last = None
    for ease in eases:
        if ease.begin > t:
            break
        last = ease
    return last.at(t) if last else before
