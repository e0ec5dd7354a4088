"""Points, turns and outlines for the drawn figure: frames in space, capsules, hulls, smooth closed curves.
No people here: bodies are in limbs.py, hands in hands.py, heads in head.py, words and poses in figure.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
"""A place on the picture: x to the right, y down, in units of a 480-unit picture."""

Space = tuple[float, float, float]
"""x to the right, y down on the picture (up inside a frame), z towards whoever looks."""

Matrix = tuple[Space, Space, Space]

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def times(a: Matrix, b: Matrix) -> Matrix:
    columns = tuple(zip(*b, strict=True))
    return tuple(
        tuple(sum(p * q for p, q in zip(row, column, strict=True)) for column in columns)
        for row in a
    )  # type: ignore[return-value]


def turned(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Matrix:
    """Degrees. Yaw turns to the right of the picture, pitch nods forward, roll leans clockwise; yaw is applied first."""
    a, b, c = radians(yaw), radians(pitch), radians(-roll)
    around_y: Matrix = ((cos(a), 0.0, sin(a)), (0.0, 1.0, 0.0), (-sin(a), 0.0, cos(a)))
    around_x: Matrix = ((1.0, 0.0, 0.0), (0.0, cos(b), -sin(b)), (0.0, sin(b), cos(b)))
    around_z: Matrix = ((cos(c), -sin(c), 0.0), (sin(c), cos(c), 0.0), (0.0, 0.0, 1.0))
    return times(around_z, times(around_x, around_y))


def plus(a: Space, b: Space, k: float = 1.0) -> Space:
    return (a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2])


def minus(a: Space, b: Space) -> Space:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Space, b: Space) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Space, b: Space) -> Space:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def unit(a: Space) -> Space:
    length = sqrt(dot(a, a)) or 1.0
    return (a[0] / length, a[1] / length, a[2] / length)


def between(a: Space, b: Space, t: float) -> Space:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


@dataclass(frozen=True)
class Frame:
    """A place with its own axes (x to the picture's right when it faces us, y up, z forward) and its own unit."""

    origin: Space
    axes: Matrix = IDENTITY
    unit: float = 1.0

    def at(self, x: float, y: float, z: float = 0.0) -> Space:
        return plus(self.origin, self.way(x, y, z), self.unit)

    def way(self, x: float, y: float, z: float = 0.0) -> Space:
        """A direction of this frame on the picture, not scaled."""
        p = (x, y, z)
        return (dot(self.axes[0], p), -dot(self.axes[1], p), dot(self.axes[2], p))

    @property
    def up(self) -> float:
        """The angle on the picture of its upward axis, in radians."""
        x, y, _ = self.way(0, 1)
        return atan2(y, x)

    def inner(self, offset: Space, axes: Matrix = IDENTITY, scale: float = 1.0) -> Frame:
        return Frame(self.at(*offset), times(self.axes, axes), self.unit * scale)


def bend_joint(
    start: Space, target: Space, upper: float, lower: float, pole: Space
) -> tuple[Space, Space]:
    """Where elbow and wrist are when a two-bone limb reaches for `target` and bends towards `pole`."""
    along = minus(target, start)
    reach = min(
        max(sqrt(dot(along, along)), abs(upper - lower) * 1.05 + 0.01), (upper + lower) * 0.995
    )
    direction = unit(along)
    side = unit(minus(pole, tuple(dot(pole, direction) * c for c in direction)))  # type: ignore[arg-type]
    project = (upper**2 + reach**2 - lower**2) / (2 * reach)
    height = sqrt(max(upper**2 - project**2, 0.0))
    elbow = plus(plus(start, direction, project), side, height)
    return elbow, plus(start, direction, reach)


FINE = 5
"""Path data is written as whole fifths of a unit: small files, and no edge is ever off by more than a tenth."""


def number(value: float) -> str:
    return str(round(value * FINE))


def joined(steps: Iterable[int]) -> str:
    """Whole numbers in a row with no needless space."""
    out = ""
    for step in steps:
        out += str(step) if not out or step < 0 else f" {step}"
    return out


class Trace:
    """Path data whose steps are relative to the last point as it was rounded, so that nothing drifts."""

    def __init__(self, start: Sequence[float]) -> None:
        self.here = self._spot(start)
        self.parts = ["M" + joined(self.here)]

    @staticmethod
    def _spot(p: Sequence[float]) -> tuple[int, int]:
        return (round(p[0] * FINE), round(p[1] * FINE))

    def step(self, command: str, *points: Sequence[float]) -> Trace:
        """A command to the last of `points`; the others are its control points."""
        spots = [self._spot(p) for p in points]
        self.parts.append(
            command + joined(c for x, y in spots for c in (x - self.here[0], y - self.here[1]))
        )
        self.here = spots[-1]
        return self

    def arc(self, r: float, large: int, p: Sequence[float]) -> Trace:
        spot = self._spot(p)
        radius = max(round(r * FINE), 1)
        self.parts.append(
            f"a{radius} {radius} 0 {large} 1 {joined((spot[0] - self.here[0], spot[1] - self.here[1]))}"
        )
        self.here = spot
        return self

    def data(self, closed: bool) -> str:
        return "".join(self.parts) + ("z" if closed else "")


def written(d: str) -> str:
    """Path data written by hand in units (no arcs), as a drawing needs it."""
    return re.sub(r"-?\d+(\.\d+)?", lambda found: number(float(found[0])), d)


def box(x: float, y: float, w: float, h: float, r: float) -> str:
    """A rectangle with round corners."""
    n = number(r)
    across, down, turn = number(w - 2 * r), number(h - 2 * r), f"a{n} {n} 0 0 1 "
    return (
        f"M{number(x + r)} {number(y)}h{across}{turn}{n} {n}v{down}{turn}-{n} {n}"
        f"h-{across}{turn}-{n}-{n}v-{down}{turn}{n}-{n}z"
    )


def capsule(
    a: Sequence[float], ra: float, b: Sequence[float], rb: float, is_open: bool = False
) -> str:
    """The outline round two circles, a tapered sausage; an open one has no line round its first end.

    Where one circle lies in the other it is drawn by the same commands, so that a limb may point at whoever looks.
    """
    dx, dy = b[0] - a[0], b[1] - a[1]
    gap, base = hypot(dx, dy), atan2(dy, dx)
    is_first = int(ra > rb)
    if ra != rb and gap <= abs(ra - rb) + 0.05:
        a, ra, lean = (a, ra, 0.3) if ra >= rb else (b, rb, pi - 0.3)
        b, rb = a, ra
    else:
        lean = acos((ra - rb) / gap) if gap else pi / 2

    def on(c: Sequence[float], r: float, angle: float) -> Point:
        return (c[0] + r * cos(angle), c[1] + r * sin(angle))

    one, two = on(a, ra, base + lean), on(a, ra, base - lean)
    trace = Trace(two) if is_open else Trace(one).arc(ra, is_first, two)
    trace.step("l", on(b, rb, base - lean)).arc(rb, int(lean > pi / 2), on(b, rb, base + lean))
    return trace.step("l", one).data(closed=False) if is_open else trace.data(closed=True)


def circle(centre: Sequence[float], r: float) -> str:
    return oval(centre, r, r)


def oval(centre: Sequence[float], rx: float, ry: float) -> str:
    a, b, wide = number(rx), number(ry), round(2 * rx * FINE)
    return f"M{joined((round((centre[0] - rx) * FINE), round(centre[1] * FINE)))}a{a} {b} 0 1 1 {wide} 0a{a} {b} 0 1 1-{wide} 0z"


def track(points: Iterable[Sequence[float]]) -> str:
    """Straight lines from point to point."""
    first, *rest = points
    trace = Trace(first)
    for p in rest:
        trace.step("l", p)
    return trace.data(closed=False)


def chain(points: Sequence[Space], radii: Sequence[float]) -> str:
    """Capsules end to end: a limb, a finger."""
    steps = zip(points, points[1:], radii, radii[1:], strict=False)
    return "".join(capsule(a, ra, b, rb) for a, b, ra, rb in steps)


def smooth(points: Sequence[Sequence[float]], closed: bool = True) -> str:
    """A soft line near the points (through the middles between them); an open one ends on its end points."""
    flat = [(p[0], p[1]) for p in points]
    if not closed:
        return _open_curve(flat)
    middles = [
        ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)
        for p, q in zip(flat, flat[1:] + flat[:1], strict=True)
    ]
    trace = Trace(middles[-1])
    for p, m in zip(flat, middles, strict=True):
        trace.step("q", p, m)
    return trace.data(closed=True)


def _open_curve(flat: list[Point]) -> str:
    trace = Trace(flat[0])
    if len(flat) < 3:
        return trace.step("l", flat[-1]).data(closed=False)
    for i in range(1, len(flat) - 1):
        last = i == len(flat) - 2
        end = (
            flat[i + 1]
            if last
            else ((flat[i][0] + flat[i + 1][0]) / 2, (flat[i][1] + flat[i + 1][1]) / 2)
        )
        trace.step("q", flat[i], end)
    return trace.data(closed=False)


def lens(upper: Sequence[Sequence[float]], lower: Sequence[Sequence[float]]) -> str:
    """The shape between two open curves that share their ends: an eye, a mouth."""
    there, back = (
        _open_curve([(p[0], p[1]) for p in upper]),
        _open_curve([(p[0], p[1]) for p in reversed(lower)]),
    )
    return there + "L" + back[1:] + "z"


def around(
    circles: Iterable[tuple[Sequence[float], float]],
    step: int = 20,
    along: Sequence[float] = (1.0, 0.0),
) -> list[Point]:
    """The outline round circles: a point every `step` degrees of its turning, always as many.

    What moves says with `along` which way it lies, so that the points go with it. The first is half a step from there,
    for straight ahead two circles may lie equally far.
    """
    solid, out, first = list(circles), [], atan2(along[1], along[0]) + radians(step / 2)
    for d in range(0, 360, step):
        x, y = cos(first + radians(d)), sin(first + radians(d))
        c, r = max(solid, key=lambda one: one[0][0] * x + one[0][1] * y + one[1])
        out.append((c[0] + r * x, c[1] + r * y))
    return out


def enclosing(ovals: Sequence[Oval], steps: int = 36) -> list[Point]:
    """The outline round ellipses, as a fixed number of points."""
    turns = [2 * pi * i / steps for i in range(steps)]
    return [
        max((oval.edge(cos(a), sin(a)) for oval in ovals), key=lambda e: e[0])[1] for a in turns
    ]


def evenly(points: Sequence[Point], count: int) -> list[Point]:
    """`count` points at even distances along a line of straight pieces, its ends among them."""
    lengths = [hypot(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(points)]
    whole, out, piece, gone = sum(lengths), [points[0]], 0, 0.0
    for i in range(1, count - 1):
        want = whole * i / (count - 1)
        while piece < len(lengths) - 1 and gone + lengths[piece] < want:
            gone += lengths[piece]
            piece += 1
        k, (p, q) = (want - gone) / (lengths[piece] or 1.0), (points[piece], points[piece + 1])
        out.append((p[0] + (q[0] - p[0]) * k, p[1] + (q[1] - p[1]) * k))
    return [*out, points[-1]]


@dataclass(frozen=True)
class Oval:
    """An ellipsoid as it lies on the picture: a centre and the symmetric 2x2 matrix (xx, xy, yy) of its ellipse."""

    x: float
    y: float
    xx: float
    xy: float
    yy: float

    def edge(self, ux: float, uy: float) -> tuple[float, Point]:
        """How far the ellipse lies in a direction, and its outermost point there."""
        vx, vy = self.xx * ux + self.xy * uy, self.xy * ux + self.yy * uy
        far = sqrt(ux * vx + uy * vy) or 1e-9
        return self.x * ux + self.y * uy + far, (self.x + vx / far, self.y + vy / far)

    def reach(self, ox: float, oy: float, angle: float) -> float:
        """How far the ellipse extends from (ox, oy) in a direction; 0 when that ray misses it."""
        det = self.xx * self.yy - self.xy**2 or 1e-9
        ux, uy, px, py = cos(angle), sin(angle), ox - self.x, oy - self.y

        def form(ax: float, ay: float, bx: float, by: float) -> float:
            return (self.yy * ax * bx - self.xy * (ax * by + ay * bx) + self.xx * ay * by) / det

        a, b, c = form(ux, uy, ux, uy), form(ux, uy, px, py), form(px, py, px, py) - 1
        root = b * b - a * c
        return max((-b + sqrt(root)) / a, 0.0) if root >= 0 else 0.0


def seen_oval(frame: Frame, centre: Space, radii: Space) -> Oval:
    """How an ellipsoid of a frame looks on the picture."""
    middle = frame.at(*centre)
    u = [frame.axes[0][i] * radii[i] * frame.unit for i in range(3)]
    v = [-frame.axes[1][i] * radii[i] * frame.unit for i in range(3)]
    xy = sum(p * q for p, q in zip(u, v, strict=True))
    return Oval(middle[0], middle[1], sum(p * p for p in u), xy, sum(q * q for q in v))


def silhouette(
    ovals: Sequence[Oval],
    ox: float,
    oy: float,
    steps: int = 44,
    up: float = 0.0,
    towards: float = 0.0,
    fine: float = 0.0,
) -> list[Point]:
    """The outline of ellipses lying together, seen from a point inside them; angles in radians.

    Args:
        up: where the first point is: it goes with what is drawn.
        towards: where the points are closer together.
        fine: how much closer, 0 to 0.7.
    """
    out = []
    for i in range(steps):
        angle = up + 2 * pi * i / steps
        angle -= fine * sin(angle - towards)
        far = max(oval.reach(ox, oy, angle) for oval in ovals)
        out.append((ox + far * cos(angle), oy + far * sin(angle)))
    return out
