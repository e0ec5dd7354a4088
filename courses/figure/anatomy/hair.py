"""Hair, scarves and beards: caps on the skull that turn with it, for babies and adults.
The skull they lie on is in head.py; which hair somebody has is decided by a pose or a carer."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

from courses.figure.anatomy.head import Plate, Skull
from courses.figure.geometry import (
    Frame,
    Point,
    Space,
    cross,
    dot,
    enclosing,
    evenly,
    plus,
    seen_oval,
    silhouette,
    smooth,
    unit,
)
from courses.figure.palette import HAIRS, Ink, flat, mixed

LEAN = 46
"""Degrees the middle of the hair lies behind the crown."""


def cap(
    frame: Frame, skull: Skull, angle: float, lean: float, grow: float = 1.03, wave: float = 0.0
) -> list[Point]:
    """The part of a hood on the skull that is seen, as an outline; empty when none is.

    Args:
        angle: degrees from the hood's middle to its rim.
        lean: degrees the hood's middle lies behind the crown.
        grow: how much larger than the skull it is.
        wave: how far the edge goes in and out, for curls; units of half a head.
    """
    centre, radii = skull.solids[0]
    r = (radii[0] * grow, radii[1] * grow, radii[2] * grow)
    axis = unit((0.0, cos(radians(lean)), -sin(radians(lean))))

    def place(n: Space) -> Point:
        p = frame.at(centre[0] + r[0] * n[0], centre[1] + r[1] * n[1], centre[2] + r[2] * n[2])
        return (p[0], p[1])

    view = unit((frame.axes[2][0] * r[0], frame.axes[2][1] * r[1], frame.axes[2][2] * r[2]))
    rim = _ring(axis, angle)
    seen = [dot(n, view) > 0 for n in rim]
    if not any(seen):
        return (
            [place(n) for n in _ring(view, 90)[::4]]
            if dot(axis, view) > cos(radians(angle))
            else []
        )
    if all(seen):
        return _waved([place(n) for n in rim[::3]], wave * frame.unit)
    start = next(i for i in range(len(rim)) if seen[i] and not seen[i - 1])
    run: list[Space] = []
    while seen[(start + len(run)) % len(rim)]:
        run.append(rim[(start + len(run)) % len(rim)])
    front = evenly([place(n) for n in run], 9)
    back = [place(n) for n in _arc(view, axis, run[-1], run[0])]
    return _waved(front, 0.6 * wave * frame.unit) + _waved(back, wave * frame.unit)


def _basis(axis: Space) -> tuple[Space, Space]:
    """Two directions square to `axis` and to each other."""
    u = unit((axis[2], 0.0, -axis[0])) if abs(axis[1]) < 0.95 else (1.0, 0.0, 0.0)
    return u, cross(axis, u)


def _ring(axis: Space, angle: float, steps: int = 48) -> list[Space]:
    """Directions `angle` degrees from `axis`, all the way round."""
    u, v = _basis(axis)
    wide, high = sin(radians(angle)), cos(radians(angle))
    middle = plus((0.0, 0.0, 0.0), axis, high)
    turns = [2 * pi * i / steps for i in range(steps)]
    return [plus(plus(middle, u, wide * cos(t)), v, wide * sin(t)) for t in turns]


def _arc(view: Space, axis: Space, start: Space, end: Space, steps: int = 14) -> list[Space]:
    """Along the edge of what is seen from `start` to `end`, the way that passes nearer to `axis`."""
    u, v = _basis(view)
    a, b = atan2(dot(start, v), dot(start, u)), atan2(dot(end, v), dot(end, u))
    forth = b - a if b > a else b - a + 2 * pi

    def way(turn: float) -> list[Space]:
        turns = [a + turn * i / steps for i in range(steps + 1)]
        return [plus(plus((0.0, 0.0, 0.0), u, cos(t)), v, sin(t)) for t in turns]

    return max((way(forth), way(forth - 2 * pi)), key=lambda path: dot(path[steps // 2], axis))


def _waved(points: list[Point], depth: float) -> list[Point]:
    if depth == 0 or len(points) < 5:
        return points
    out = []
    cx, cy = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
    for p, q in pairwise(points):
        for k, lift in ((0.0, -0.5), (0.5, 1.0)):
            x, y = p[0] + (q[0] - p[0]) * k, p[1] + (q[1] - p[1]) * k
            far = hypot(x - cx, y - cy) or 1.0
            out.append((x + (x - cx) / far * depth * lift, y + (y - cy) / far * depth * lift))
    return [*out, points[-1]]


def hair_behind(frame: Frame, style: str, colour: str, ink: Ink) -> str:
    """What falls or stands behind the head: long hair, a bun, the back of a scarf."""
    shade = HAIRS.get(colour, colour)
    if style == "bun":
        knot = seen_oval(frame, (0, 0.55, -0.85), (0.36, 0.34, 0.34))
        return ink.shape(smooth(silhouette([knot], knot.x, knot.y, 14, frame.up)), shade, 0.9)
    solids = {
        "long": (
            ((0, 0.15, -0.18), (0.88, 0.88, 0.92)),
            ((-0.42, -0.95, -0.30), (0.42, 0.55, 0.36)),
            ((0.42, -0.95, -0.30), (0.42, 0.55, 0.36)),
        ),
        "bob": (
            ((0, 0.12, -0.18), (0.90, 0.88, 0.92)),
            ((-0.45, -0.45, -0.20), (0.42, 0.45, 0.5)),
            ((0.45, -0.45, -0.20), (0.42, 0.45, 0.5)),
        ),
        "scarf": (((0, 0.10, -0.08), (0.92, 0.96, 1.0)), ((0, -1.0, 0.0), (0.62, 0.50, 0.55))),
    }.get(style)
    if not solids:
        return ""
    ovals = [seen_oval(frame, centre, radii) for centre, radii in solids]
    return ink.shape(smooth(enclosing(ovals)), shade, 0.95)


def scarf_over(frame: Frame, skull: Skull, colour: str, ink: Ink) -> str:
    """A headscarf round the face: cloth over the head with an opening that turns with it."""
    ovals = [
        seen_oval(frame, c, (r[0] * 1.1, r[1] * 1.08, r[2] * 1.06))
        for c, r in (*skull.solids[:4], skull.chin)
    ]
    middle = frame.at(0, -0.1, 0.0)
    cloth = ink.shape(smooth(silhouette(ovals, middle[0], middle[1], 36, frame.up)), colour)
    plate = Plate(frame, skull)
    return cloth + ink.shape(plate.dot(0, -0.14, 0.62, 0.76, 16), ink.skin, 0.8)


def beard(plate: Plate, colour: str, ink: Ink) -> str:
    """A short beard along the jaw, under the mouth."""
    y = plate.skull.mouth[0]
    half = ((1.12, -0.05), (1.1, -0.5), (0.72, -0.86), (0.25, -1.03))
    inner = ((0.98, -0.2), (0.5, y - 0.08), (0.18, y - 0.17))
    rim = [(-x, v) for x, v in half] + list(half[::-1])
    back = list(inner) + [(-x, v) for x, v in inner[::-1]]
    seen = [spot for spot in (*rim, *back) if plate.facing(*spot) > 0]
    return flat(plate.path(seen), HAIRS.get(colour, colour), 0.42)


def hair_over(frame: Frame, skull: Skull, style: str, colour: str, ink: Ink) -> str:
    """Hair that lies over the head: none, fuzz, short, tuft, curls, coils; long, bob and bun have their back behind."""
    if style == "none":
        return ""
    if style == "scarf":
        return scarf_over(frame, skull, colour, ink)
    shade = HAIRS.get(colour, colour)
    if style == "fuzz":
        down = cap(frame, skull, skull.hairline - 3, LEAN, 1.005)
        return flat(smooth(down), mixed(ink.skin, shade, 0.45)) if down else ""
    wave = {"curls": 0.075, "coils": 0.05}.get(style, 0.0)
    grow = {"curls": 1.08, "coils": 1.06, "tuft": 1.02, "long": 1.12, "bob": 1.12, "bun": 1.06}.get(
        style, 1.04
    )
    angle, lean = (
        (98, 60)
        if style in ("long", "bob")
        else (skull.hairline + (4 if style == "curls" else 0), LEAN)
    )
    points = cap(frame, skull, angle, lean, grow, wave)
    svg = ink.shape(smooth(points), shade, 0.9) if points else ""
    if style in ("tuft", "short"):
        svg += _tuft(frame, skull, shade, ink, 0.3 if style == "tuft" else 0.14)
    return svg


def _tuft(frame: Frame, skull: Skull, shade: str, ink: Ink, height: float) -> str:
    """A lock at the crown that shows where the top of the head is."""
    (x, y, z), (_, ry, rz) = skull.solids[0]
    lean = radians(-18)
    base = [
        (x + dx, y + ry * 0.98 * cos(lean) - abs(dx) * 0.3, z - rz * sin(lean))
        for dx in (-0.16, 0.16)
    ]
    top = (x + 0.1, y + ry + height, z + rz * 0.3)
    left, right, tip = frame.at(*base[0]), frame.at(*base[1]), frame.at(*top)
    side = frame.at(x - 0.16, y + ry + height * 0.7, z + rz * 0.3)
    return flat(
        smooth([left, side, tip, tip, right, ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)]),
        shade,
    )
