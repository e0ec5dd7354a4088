"""What goes on while a pose is held: crying comes in waves, legs kick by turns, eyes blink.
Changes from pose to pose are in timeline.py; breathing never stops and is in static/js/scene.js."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from courses.figure.baby import Numbers, Pose

Beats = tuple[tuple[float, float], ...]
"""Seconds from the beginning of a turn, and what is added to a number then."""


@dataclass(frozen=True)
class Cycle:
    """What is added to some numbers again and again.

    Every turn begins and ends with nothing added.
    """

    period: float  # seconds
    beats: dict[str, Beats]


@dataclass(frozen=True)
class Tween:
    """A number that goes from one value to another between two times, gently at both ends."""

    begin: float
    end: float
    first: float
    last: float

    def value_at(self, time: float) -> float:
        if time <= self.begin:
            return self.first
        if time >= self.end:
            return self.last
        duration = self.end - self.begin
        share = (time - self.begin) / duration
        return self.first + (self.last - self.first) * smootherstep(share)


def smootherstep(u: float) -> float:
    """0 to 1 with neither speed nor acceleration at the ends: how people move (Perlin 2002)."""
    slope = 10 - 15 * u + 6 * u * u
    return u * u * u * slope


def _swing(period: float, size: float, delay: float = 0.0) -> Beats:
    """There and back once; `delay` is when it begins, as a fraction of the period."""
    begin = delay * period
    half = 0.5 * period * (1 - delay)
    return ((begin, 0.0), (begin + half, size), (begin + 2 * half, 0.0))


def _kick(side: str, period: float, delay: float, size: float) -> dict[str, Beats]:
    """A leg that is stretched comes up, with a size of 1; one that is tucked stretches, with -1."""
    prefix = f"leg_{side}_"
    front = 0.36 * max(size, -0.4)
    knee = 14 * max(size, 0)
    return {
        prefix + "up": _swing(period, 0.42 * size, delay),
        prefix + "front": _swing(period, front, delay),
        prefix + "knee": _swing(period, knee, delay),
    }


def _arms(moves: dict[str, float], period: float) -> dict[str, Beats]:
    """Both arms, the right one a little later."""
    beats: dict[str, Beats] = {}
    for key, size in moves.items():
        left = f"arm_l_{key}"
        beats[left] = _swing(period, size)
    for key, size in moves.items():
        right = f"arm_r_{key}"
        beats[right] = _swing(period, size, 0.25)
    return beats


def _mouth(period: float, *stops: tuple[float, float], prefix: str = "") -> Cycle:
    """A mouth that closes in part and opens again, again and again."""
    beats = ((0.0, 0.0), *stops, (period, 0.0))
    return Cycle(period, {f"{prefix}m_open": beats})


WAIL: Beats = ((0.0, 0.0), (0.7, 0.0), (0.95, -1.0), (1.1, -1.0), (1.4, 0.0))
CRY = {
    "m_open": 0.25,
    "m_w": 0.05,
    "jaw": 0.5,
    "nod": -5.0,
    "arm_l_up": 0.08,
    "arm_r_up": -0.08,
    "flex": 2.0,
}


def _wails() -> dict[str, Beats]:
    """Crying: the same wave for every number, each with its own size."""
    beats: dict[str, Beats] = {}
    for key, size in CRY.items():
        beats[key] = tuple((time, share * size) for time, share in WAIL)
    return beats


TWITCH: dict[str, Beats] = {
    "arm_l_up": ((0.0, 0.0), (0.12, 0.12), (0.5, 0.0)),
    "leg_r_up": ((0.2, 0.0), (0.3, 0.1), (0.7, 0.0)),
}
BABBLE = ((0.2, -0.15), (0.4, 0.0), (0.6, -0.15), (0.8, 0.03))
TALK = ((0.2, -0.12), (0.4, 0.0), (0.55, -0.08), (0.75, 0.02), (0.95, -0.12))
SHAKE: Beats = ((0.0, 0.0), (0.125, 16.0), (0.375, -16.0), (0.5, 0.0))

CYCLES: dict[tuple[str, str], Cycle] = {
    ("mouth", "cry"): Cycle(1.4, _wails()),
    ("mouth", "fuss"): Cycle(
        1.8,
        {
            "m_open": _swing(1.8, -0.09),
            "turn": _swing(1.8, 0.08),
            "nod": _swing(1.8, 3),
        },
    ),
    ("mouth", "babble"): _mouth(1.1, *BABBLE),
    ("mouth", "sucking"): Cycle(
        0.8,
        {
            "m_w": _swing(0.8, -0.025),
            "m_pout": _swing(0.8, 0.6),
            "jaw": _swing(0.8, 0.12),
        },
    ),
    ("mouth", "open-smile"): Cycle(
        2.2,
        {
            "m_open": _swing(2.2, -0.07),
            "nod": _swing(2.2, -4),
            "tilt": _swing(2.2, 3),
        },
    ),
    ("look", "talking"): _mouth(1.2, *TALK, prefix="carer_"),
    ("moves", "shaking"): Cycle(0.5, {"carer_shake": SHAKE}),
    ("moves", "patting"): Cycle(1.0, {"carer_pat": _swing(1.0, -7)}),
    ("marks", "waving"): Cycle(0.7, _arms({"up": 0.2, "out": -0.1}, 0.7)),
    ("leg_l", "kicking"): Cycle(0.8, _kick("l", 0.8, 0.0, 1)),
    ("leg_r", "kicking"): Cycle(0.8, _kick("r", 0.8, 0.4, 1)),
    ("marks", "kicking"): Cycle(0.8, _kick("l", 0.8, 0.0, -1) | _kick("r", 0.8, 0.4, -1)),
    ("marks", "tremor"): Cycle(0.24, _arms({"up": 0.045, "out": 0.02}, 0.24)),
    ("marks", "hiccup"): Cycle(
        1.5,
        {
            "flex": ((0.0, 0.0), (0.1, -7), (0.4, 0.0)),
            "nod": ((0.0, 0.0), (0.1, 7), (0.4, 0.0)),
        },
    ),
    ("marks", "twitch"): Cycle(2.3, TWITCH),
    ("marks", "sneeze"): Cycle(2.5, {"nod": ((0.0, 0.0), (0.5, -12), (0.65, 16), (1.1, 0.0))}),
    ("marks", "babble"): _mouth(1.1, *BABBLE),
}
"""What a word stands for while its pose is held, by the field and the word."""
BLINKS = (1.9, 5.1, 7.6, 11.3, 13.2, 16.8)
"""Seconds from the beginning of a scene; uneven, as blinks are."""


LATER = 1.3  # seconds after the baby, the carer blinks
MIN_LID = 0.3  # lids that are lower do not blink


def cycles_of(pose: Pose) -> dict[str, Cycle]:
    """What goes on in this pose, by the field and word that say so ("mouth-cry")."""
    words = {("mouth", pose.mouth), ("marks", pose.marks)}
    if pose.carer.shows != "none":
        words |= {("look", pose.carer.look), ("moves", pose.carer.moves)}
    kicks = _kicking_legs(pose)
    if kicks:
        # The legs kick by themselves, so that the mark for it adds nothing.
        words.discard(("marks", "kicking"))
        words |= kicks
    return {"-".join(word): CYCLES[word] for word in sorted(words) if word in CYCLES}


def _kicking_legs(pose: Pose) -> set[tuple[str, str]]:
    kicks = set()
    for side, leg in zip("lr", pose.legs, strict=True):
        if leg in ("kicking", "kick-up"):
            kicks.add((f"leg_{side}", "kicking"))
    return kicks


class Addition(NamedTuple):
    """Something that is added to a number for a while, with the word that says so."""

    word: str
    key: str
    tween: Tween


def beats_between(pose: Pose, begin: float, end: float) -> Iterator[Addition]:
    """What is added while the pose is held, in whole turns alone; times in seconds."""
    for word, cycle in cycles_of(pose).items():
        start = begin
        # A turn that began must end, or the next pose would begin with something added.
        while start + cycle.period <= end + 1e-6:
            for key, beats in cycle.beats.items():
                for tween in _tweens(beats, start):
                    yield Addition(word, key, tween)
            start += cycle.period


def _tweens(beats: Beats, start: float) -> Iterator[Tween]:
    """The changes of one turn that begins at `start`."""
    for (begin, first), (end, last) in pairwise(beats):
        if first != last:
            yield Tween(start + begin, start + end, first, last)


def blinks(holds: list[tuple[float, float, Numbers]], end: float) -> Iterator[tuple[str, Tween]]:
    """Blinks of the baby and of the grown-up, where their lids are open and rest.

    Args:
        holds: stretches in which nothing changes, as begin, end and the numbers then.
    """
    for key, delay in (("lid", 0.0), ("carer_lid", LATER)):
        for blink in BLINKS:
            time = blink + delay
            if time >= end:
                continue
            numbers = _held_numbers(holds, time)
            if numbers and numbers[key] > MIN_LID:
                lid = -numbers[key]
                yield key, Tween(time, time + 0.09, 0.0, lid)
                yield key, Tween(time + 0.12, time + 0.26, lid, 0.0)


def _held_numbers(holds: list[tuple[float, float, Numbers]], time: float) -> Numbers | None:
    """The numbers at a time when they rest for long enough to blink; None when they change."""
    for begin, end, numbers in holds:
        if begin <= time and time + 0.3 <= end:
            return numbers
    return None
