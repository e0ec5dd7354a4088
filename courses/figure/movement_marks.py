"""Small lines round a still figure that show what moves: kicks, a hiccup, trembling, breathing.
They show what can be seen, never what it means; a moving drawing does without them.

One sign each: bows are a part that moves, rays a sound, drops a sneeze, waves the breath.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2, cos, pi, sin

from courses.figure.anatomy.person import Numbers
from courses.figure.anatomy.skeleton import Limb, Skeleton
from courses.figure.geometry.path_data import capsule_chain, circle, polyline, smooth_path
from courses.figure.geometry.vectors import Point, Space, subtract
from courses.figure.palette import CREAM, PLUM, Ink, fill_path


def draw_marks(mark: str, skeleton: Skeleton, n: Numbers, ink: Ink) -> str:
    """Lines for a word of vocabulary.MARKS, and beside the chest for breathing that is not calm."""
    lines = MARKS[mark](skeleton) if mark in MARKS else ""
    lines += _breathing(skeleton, n["breath"])
    milk = _spit(skeleton, ink) if mark == "spit" else ""
    if not lines:
        return milk
    return milk + ink.stroke(lines, PLUM, 1.15)


def _polar(centre: Sequence[float], distance: float, angle: float) -> Point:
    """The point at a distance from a centre in a direction; angles in radians."""
    x = centre[0] + distance * cos(angle)
    y = centre[1] + distance * sin(angle)
    return (x, y)


def _bow(centre: Sequence[float], radius: float, middle: float, half: float = 0.55) -> str:
    """A short arc round a centre, `half` radians to both sides of its middle."""
    points = [
        _polar(centre, radius, middle - half),
        # The curve passes inside its middle point, so that one lies farther out.
        _polar(centre, radius * (1 / cos(half)), middle),
        _polar(centre, radius, middle + half),
    ]
    return smooth_path(points, closed=False)


def _ray(centre: Sequence[float], near: float, far: float, angle: float) -> str:
    """A straight line that leads away from a centre."""
    start = _polar(centre, near, angle)
    end = _polar(centre, far, angle)
    ends = (start, end)
    return polyline(ends)


def _limb_angle(limb: Limb) -> float:
    """The angle in which a forearm or shin points."""
    dx, dy, _ = subtract(limb.end, limb.joint)
    return atan2(dy, dx)


def _head_angle(ahead: Space, otherwise: float) -> float:
    """The angle in which a face points, `otherwise` when it faces the viewer."""
    x, y, _ = ahead
    # A head that faces the viewer points nowhere on the picture.
    if abs(x) <= 0.35:
        return otherwise
    return atan2(y, x)


def _kicking(skeleton: Skeleton) -> str:
    u = skeleton.root.unit
    path = ""
    for leg in skeleton.legs:
        angle = _limb_angle(leg)
        # From the ankle, so that they stay by a foot that points at the viewer.
        path += _bow(leg.end, 0.72 * u, angle, 0.42)
        path += _bow(leg.end, 0.92 * u, angle, 0.42)
    return path


def _waving(skeleton: Skeleton) -> str:
    u = skeleton.root.unit
    path = ""
    for arm in skeleton.arms:
        angle = _limb_angle(arm)
        path += _bow(arm.joint, 1.7 * u, angle, 0.24)
        path += _bow(arm.joint, 1.92 * u, angle, 0.24)
    return path


def _twitch(skeleton: Skeleton) -> str:
    """Two small bows at a hand and two at the other side's foot."""
    u = skeleton.root.unit
    path = ""
    left_arm = skeleton.arms[0]
    right_leg = skeleton.legs[1]
    for limb in (left_arm, right_leg):
        angle = _limb_angle(limb)
        path += _bow(limb.end, 0.84 * u, angle, 0.36)
        path += _bow(limb.end, 1.04 * u, angle, 0.36)
    return path


def _hiccup(skeleton: Skeleton) -> str:
    """Short bows that jump up from the chest on both sides."""
    chest = skeleton.chest
    path = ""
    for side in (-1, 1):
        for step in (0.0, 0.22):
            points = [
                chest.point(side * (0.98 + step), -0.95),
                chest.point(side * (1.12 + step), -0.7),
                chest.point(side * (0.98 + step), -0.45),
            ]
            path += smooth_path(points, closed=False)
    return path


def _sneeze(skeleton: Skeleton) -> str:
    head = skeleton.head
    u = skeleton.root.unit
    mouth = head.point(0, -0.62, 0.9)
    ahead = head.direction(0, -0.25, 1)
    middle = _head_angle(ahead, pi / 2)
    begin = 0.5
    # Of a face that looks at us they would lie on the throat: they fly past the cheek there.
    if abs(cos(middle)) < 0.5:
        middle = 0.22
        begin = 0.98
    path = ""
    for i in (-1, 0, 1):
        angle = middle + 0.26 * i
        # Near and far drops by turns, smaller the farther they are.
        path += circle(_polar(mouth, (begin + 0.06 * (i % 2)) * u, angle), 0.05 * u)
        path += circle(_polar(mouth, (begin + 0.26 + 0.08 * (i % 2)) * u, angle + 0.1), 0.032 * u)
    return path


def _spit(skeleton: Skeleton, ink: Ink) -> str:
    """Milk that runs from the mouth over the chin, and stains on the chest."""
    head = skeleton.head
    chest = skeleton.chest
    u = head.unit
    run = [
        head.point(0.1, -0.68, 0.92),
        head.point(0.17, -0.8, 0.86),
        head.point(0.17, -0.93, 0.78),
    ]
    stains = (
        circle(chest.point(0.1, -0.4, 0.6), 0.1 * u)
        + circle(chest.point(0.26, -0.5, 0.6), 0.17 * u)
        + circle(chest.point(0.44, -0.42, 0.6), 0.12 * u)
        + circle(chest.point(0.3, -0.72, 0.6), 0.08 * u)
    )
    milk = capsule_chain(run, (0.035 * u, 0.06 * u, 0.09 * u))
    milk += circle(head.point(0.2, -1.2, 0.7), 0.07 * u)
    return fill_path(stains, CREAM) + ink.shape(milk, CREAM, 0.45)


def _babble(skeleton: Skeleton) -> str:
    head = skeleton.head
    u = skeleton.root.unit
    mouth = head.point(0, -0.62, 0.9)
    ahead = head.direction(0, -0.1, 1)
    middle = _head_angle(ahead, 0.5)
    path = ""
    for turn in (-0.35, 0.0, 0.35):
        path += _ray(mouth, 0.72 * u, 0.98 * u, middle + turn)
    return path


def _cry(skeleton: Skeleton) -> str:
    """Lines that stand off the head on both sides."""
    u = skeleton.root.unit
    path = ""
    for angle in (-0.35, 0.0, 0.35, pi - 0.35, pi, pi + 0.35):
        path += _ray(skeleton.head.origin, 1.28 * u, 1.55 * u, angle)
    return path


def _tremor(skeleton: Skeleton) -> str:
    """Zigzags on both sides of both hands."""
    u = skeleton.root.unit
    path = ""
    for arm in skeleton.arms:
        path += _zigzag(arm, u, -1) + _zigzag(arm, u, 1)
    return path


def _zigzag(arm: Limb, u: float, side: int) -> str:
    angle = _limb_angle(arm)
    points = []
    for i in range(5):
        along = 0.16 * i * u
        across = (0.42 + 0.1 * (i % 2)) * side * u
        x = arm.end[0] + along * cos(angle) - across * sin(angle)
        y = arm.end[1] + along * sin(angle) + across * cos(angle)
        points.append((x, y))
    return polyline(points)


def _startle(skeleton: Skeleton) -> str:
    """Two wide bows round each hand."""
    u = skeleton.root.unit
    path = ""
    for arm in skeleton.arms:
        angle = _limb_angle(arm)
        path += _bow(arm.end, 0.98 * u, angle, 0.5)
        path += _bow(arm.end, 1.2 * u, angle, 0.5)
    return path


def _breathing(skeleton: Skeleton, breath: float) -> str:
    """Beside the chest: two waves each side when quick, one when uneven, none when calm or held."""
    chest = skeleton.chest
    path = ""
    for i in range(round(2 * max(breath, 0.0))):
        for side in (-1, 1):
            x = side * (0.95 + 0.2 * i)
            points = [
                chest.point(x, -1.25),
                chest.point(x + 0.09, -1.08),
                chest.point(x - 0.09, -0.85),
                chest.point(x, -0.68),
            ]
            path += smooth_path(points, closed=False)
    return path


MARKS: dict[str, Callable[[Skeleton], str]] = {
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
