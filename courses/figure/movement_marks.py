"""Small lines round a still figure that show what moves: kicks, waves, a hiccup, a sneeze, trembling, breathing.
They say what is seen, never what it means; a moving drawing does without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2, cos, pi, sin

from courses.figure.anatomy.skeleton import Limb, Skeleton
from courses.figure.geometry import Point, chain, circle, smooth, track
from courses.figure.palette import CREAM, PLUM, Ink, flat

Numbers = Mapping[str, float]


def draw_marks(mark: str, s: Skeleton, n: Numbers, ink: Ink) -> str:
    """Lines for one word of words.MARKS, and beside the chest when breathing is quick or uneven."""
    makers = {
        "kicking": _kicking,
        "waving": _waving,
        "twitch": _twitch,
        "hiccup": _hiccup,
        "sneeze": _sneeze,
        "tremor": _tremor,
        "startle": _startle,
        "babble": _babble,
        "cry": _cry,
    }
    lines = makers[mark](s) if mark in makers else ""
    lines += _breath(s, n["breath"])
    milk = _spit(s, ink) if mark == "spit" else ""
    return milk + (ink.stroke(lines, PLUM, 1.15) if lines else "")


def _bow(centre: Point, radius: float, middle: float, half: float = 0.55) -> str:
    """A short arc; angles in radians."""
    turns = (middle - half, middle, middle + half)
    stretch = (1, 1 / cos(half), 1)
    return smooth(
        [
            (centre[0] + radius * k * cos(a), centre[1] + radius * k * sin(a))
            for a, k in zip(turns, stretch, strict=True)
        ],
        closed=False,
    )


def _kicking(s: Skeleton) -> str:
    u, out = s.root.unit, ""
    for leg in s.legs:
        way = _away(leg)
        out += "".join(
            _bow((leg.joint[0], leg.joint[1]), reach * u, way, 0.24) for reach in (1.75, 2.0)
        )
    return out


def _waving(s: Skeleton) -> str:
    u, out = s.root.unit, ""
    for arm in s.arms:
        way = _away(arm)
        out += "".join(
            _bow((arm.joint[0], arm.joint[1]), reach * u, way, 0.24) for reach in (1.7, 1.92)
        )
    return out


def _twitch(s: Skeleton) -> str:
    """Two small bows at a hand and two at the other side's foot."""
    u, out = s.root.unit, ""
    for limb, reach in ((s.arms[0], 1.72), (s.legs[1], 1.75)):
        out += "".join(
            _bow((limb.joint[0], limb.joint[1]), (reach + far) * u, _away(limb), 0.2)
            for far in (0, 0.2)
        )
    return out


def _hiccup(s: Skeleton) -> str:
    """Short bows that jump up from the chest on both sides."""
    out = ""
    for side in (-1, 1):
        for step in (0.0, 0.22):
            points = [s.chest.at(side * (0.98 + step), y) for y in (-0.95, -0.7, -0.45)]
            points[1] = s.chest.at(side * (1.12 + step), -0.7)
            out += smooth(points, closed=False)
    return out


def _ray(centre: Sequence[float], near: float, far: float, angle: float) -> str:
    """A straight line that leads away from a centre."""
    dx, dy = cos(angle), sin(angle)
    return track(
        (
            (centre[0] + near * dx, centre[1] + near * dy),
            (centre[0] + far * dx, centre[1] + far * dy),
        )
    )


def _away(limb: Limb) -> float:
    """The angle in which a forearm or shin points."""
    return atan2(limb.end[1] - limb.joint[1], limb.end[0] - limb.joint[0])


def _sneeze(s: Skeleton) -> str:
    mouth, u = s.head.at(0, -0.62, 0.9), s.root.unit
    ahead = s.head.way(0, -0.25, 1)
    way = atan2(ahead[1], ahead[0]) if abs(ahead[0]) > 0.35 else pi / 2
    return "".join(_ray(mouth, 0.42 * u, 0.8 * u, way + 0.34 * i) for i in (-2, -1, 0, 1, 2))


def _spit(s: Skeleton, ink: Ink) -> str:
    """Milk that runs from the mouth over the chin."""
    u = s.head.unit
    run = [s.head.at(*p) for p in ((0.1, -0.68, 0.92), (0.17, -0.8, 0.86), (0.17, -0.93, 0.78))]
    drop = s.head.at(0.2, -1.2, 0.7)
    spots = ((0.1, -0.4, 0.1), (0.26, -0.5, 0.17), (0.44, -0.42, 0.12), (0.3, -0.72, 0.08))
    stains = "".join(circle(s.chest.at(x, y, 0.6), r * u) for x, y, r in spots)
    milk = chain(run, (0.035 * u, 0.06 * u, 0.09 * u)) + circle(drop, 0.07 * u)
    return flat(stains, CREAM) + ink.shape(milk, CREAM, 0.45)


def _babble(s: Skeleton) -> str:
    mouth, u = s.head.at(0, -0.62, 0.9), s.root.unit
    ahead = s.head.way(0, -0.1, 1)
    way = atan2(ahead[1], ahead[0]) if abs(ahead[0]) > 0.35 else 0.5
    return "".join(_bow((mouth[0], mouth[1]), r * u, way, 0.5) for r in (0.75, 1.0))


def _cry(s: Skeleton) -> str:
    """Lines that stand off the head on both sides."""
    u = s.root.unit
    turns = (-0.35, 0.0, 0.35, pi - 0.35, pi, pi + 0.35)
    return "".join(_ray(s.head.origin, 1.28 * u, 1.55 * u, a) for a in turns)


def _tremor(s: Skeleton) -> str:
    """Zigzags beside both hands."""
    u, out = s.root.unit, ""
    for arm in s.arms:
        way = _away(arm)
        for side in (-1, 1):
            zig = []
            for i in range(5):
                along, across = 0.16 * i * u, (0.42 + 0.1 * (i % 2)) * side * u
                x = arm.end[0] + along * cos(way) - across * sin(way)
                zig.append((x, arm.end[1] + along * sin(way) + across * cos(way)))
            out += track(zig)
    return out


def _startle(s: Skeleton) -> str:
    u = s.root.unit
    return "".join(
        _ray(arm.end, 0.98 * u, 1.25 * u, _away(arm) + a)
        for arm in s.arms
        for a in (-0.5, 0.0, 0.5)
    )


def _breath(s: Skeleton, breath: float) -> str:
    """Beside the chest: two bows each side when quick, one when uneven, none when calm or held."""
    out = ""
    for i in range(round(2 * max(breath, 0.0))):
        for side in (-1, 1):
            x = side * (0.95 + 0.2 * i)
            points = [s.chest.at(x, -1.2), s.chest.at(x + side * 0.13, -0.95), s.chest.at(x, -0.7)]
            out += smooth(points, closed=False)
    return out
