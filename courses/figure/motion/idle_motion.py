"""What goes on while a pose is held: crying comes in waves, legs kick by turns, eyes blink, a rattle is shaken.
When poses follow one another is in timeline.py; breathing is in static/js/scene.js, for it never stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from courses.figure.baby import Numbers, Pose

Beats = tuple[tuple[float, float], ...]
"""Seconds from the beginning of a turn, and what is added to a number then."""


@dataclass(frozen=True)
class Cycle:
    """What is added to some numbers again and again; every turn begins and ends with nothing added."""

    period: float
    beats: dict[str, Beats]
    first: float = 0.0  # seconds until the first turn


@dataclass(frozen=True)
class Ease:
    """A number that goes from one value to another between two times, gently at both ends."""

    begin: float
    end: float
    a: float
    b: float

    def at(self, t: float) -> float:
        if t <= self.begin or t >= self.end:
            return self.a if t <= self.begin else self.b
        return self.a + (self.b - self.a) * eased((t - self.begin) / (self.end - self.begin))


def eased(u: float) -> float:
    """0 to 1 without a jerk: how people move."""
    return u * u * u * (10 - 15 * u + 6 * u * u)


def _swing(period: float, size: float, late: float = 0.0) -> Beats:
    """There and back once; `late` is when it begins, as a fraction of the period."""
    half, begin = 0.5 * period * (1 - late), late * period
    return ((begin, 0.0), (begin + half, size), (begin + 2 * half, 0.0))


def _kick(side: str, period: float, late: float, size: float) -> dict[str, Beats]:
    """A leg that is stretched comes up, with a size of 1; one that is tucked stretches, with -1."""
    moves = {"up": 0.42 * size, "front": 0.36 * max(size, -0.4), "knee": 14 * max(size, 0)}
    return {f"leg_{side}_{key}": _swing(period, size, late) for key, size in moves.items()}


def _arms(moves: dict[str, float], period: float) -> dict[str, Beats]:
    """Both arms, the right one a little later."""
    out = {f"arm_l_{key}": _swing(period, size) for key, size in moves.items()}
    return out | {f"arm_r_{key}": _swing(period, size, 0.25) for key, size in moves.items()}


def _mouth(period: float, *stops: tuple[float, float], of: str = "") -> Cycle:
    """A mouth that closes in part and opens again, again and again."""
    return Cycle(period, {f"{of}m_open": ((0.0, 0.0), *stops, (period, 0.0))})


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
TWITCH: dict[str, Beats] = {
    "arm_l_up": ((0.0, 0.0), (0.12, 0.12), (0.5, 0.0)),
    "leg_r_up": ((0.2, 0.0), (0.3, 0.1), (0.7, 0.0)),
}
CYCLES: dict[tuple[str, str], Cycle] = {
    ("mouth", "cry"): Cycle(1.4, {key: tuple((t, k * size) for t, k in WAIL) for key, size in CRY.items()}),
    ("mouth", "fuss"): Cycle(1.8, {"m_open": _swing(1.8, -0.09), "turn": _swing(1.8, 0.08), "nod": _swing(1.8, 3)}),
    ("mouth", "babble"): _mouth(1.1, (0.2, -0.15), (0.4, 0.0), (0.6, -0.15), (0.8, 0.03)),
    ("mouth", "sucking"): Cycle(0.8, {"m_w": _swing(0.8, -0.025), "m_pout": _swing(0.8, 0.6), "jaw": _swing(0.8, 0.12)}),
    ("mouth", "open-smile"): Cycle(2.2, {"m_open": _swing(2.2, -0.07), "nod": _swing(2.2, -4), "tilt": _swing(2.2, 3)}),
    ("look", "talking"): _mouth(1.2, (0.2, -0.12), (0.4, 0.0), (0.55, -0.08), (0.75, 0.02), (0.95, -0.12), of="carer_"),
    ("moves", "shaking"): Cycle(0.5, {"carer_shake": ((0.0, 0.0), (0.125, 16.0), (0.375, -16.0), (0.5, 0.0))}),
    ("moves", "patting"): Cycle(1.0, {"carer_pat": _swing(1.0, -7)}),
    ("marks", "waving"): Cycle(0.7, _arms({"up": 0.2, "out": -0.1}, 0.7)),
    ("leg_l", "kicking"): Cycle(0.8, _kick("l", 0.8, 0.0, 1)),
    ("leg_r", "kicking"): Cycle(0.8, _kick("r", 0.8, 0.4, 1)),
    ("marks", "kicking"): Cycle(0.8, _kick("l", 0.8, 0.0, -1) | _kick("r", 0.8, 0.4, -1)),
    ("marks", "tremor"): Cycle(0.24, _arms({"up": 0.045, "out": 0.02}, 0.24)),
    ("marks", "hiccup"): Cycle(1.5, {"flex": ((0.0, 0.0), (0.1, -7), (0.4, 0.0)), "nod": ((0.0, 0.0), (0.1, 7), (0.4, 0.0))}),
    ("marks", "twitch"): Cycle(2.3, TWITCH),
    ("marks", "sneeze"): Cycle(2.5, {"nod": ((0.0, 0.0), (0.5, -12), (0.65, 16), (1.1, 0.0))}),
    ("marks", "babble"): _mouth(1.1, (0.2, -0.15), (0.4, 0.0), (0.6, -0.15), (0.8, 0.03)),
}  # fmt: skip
BLINKS = (1.9, 5.1, 7.6, 11.3, 13.2, 16.8)
"""Seconds from the beginning of a scene; uneven, as blinks are."""


def cycles_of(pose: Pose) -> dict[str, Cycle]:
    """What goes on in this pose, by the word that says so."""
    who = pose.carer
    words = {("mouth", pose.mouth), ("marks", pose.marks)}
    words |= {("look", who.look), ("moves", who.moves)} if who.shows != "none" else set()
    kicks = [
        f"leg_{side}"
        for side, leg in zip("lr", pose.legs, strict=True)
        if leg in ("kicking", "kick-up")
    ]
    if kicks:
        words = (words - {("marks", "kicking")}) | {(leg, "kicking") for leg in kicks}
    return {"-".join(word): CYCLES[word] for word in sorted(words) if word in CYCLES}


def beats_between(pose: Pose, begin: float, end: float) -> Iterator[tuple[str, str, Ease]]:
    """What is added, by which word, to which number while the pose is held, in whole turns alone."""
    for word, cycle in cycles_of(pose).items():
        t = begin + cycle.first
        while t + cycle.period <= end + 1e-6:
            for key, beats in cycle.beats.items():
                for (t1, a), (t2, b) in pairwise(beats):
                    if a != b:
                        yield word, key, Ease(t + t1, t + t2, a, b)
            t += cycle.period


def blinks(open_at: list[tuple[float, float, Numbers]], end: float) -> Iterator[tuple[str, Ease]]:
    """Blinks of the baby and of the grown-up, where their lids are open and rest.

    Args:
        open_at: stretches in which nothing changes, as begin, end and the numbers then.
    """
    for key, later in (("lid", 0.0), ("carer_lid", 1.3)):
        for time in (t + later for t in BLINKS if t + later < end):
            held = next(
                (n for begin, stop, n in open_at if begin <= time and time + 0.3 <= stop), None
            )
            if held and held[key] > 0.3:
                down = -held[key]
                yield key, Ease(time, time + 0.09, 0.0, down)
                yield key, Ease(time + 0.12, time + 0.26, down, 0.0)
