"""Points, turns and outlines for the drawn figure: frames in space, capsules, hulls, smooth closed curves.
No people here: bodies are in limbs.py, hands in hands.py, heads in head.py, words and poses in figure.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
"""A place on the picture: x to the right, y down, in units of a 480-unit picture."""

Space = tuple[float, float, float]
"""x to the right, y down on the picture (up inside a frame), z towards whoever looks."""

Matrix = tuple[Space, Space, Space]

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def times(a: Matrix, b: Matrix) -> Matrix:
    columns = tuple(zip(*b, strict=True))
    return tuple(tuple(sum(p * q for p, q in zip(row, column, strict=True)) for column in columns) for row in a)  # type: ignore[return-value]


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

    def inner(self, offset: Space, axes: Matrix = IDENTITY, scale: float = 1.0) -> Frame:
        return Frame(self.at(*offset), times(self.axes, axes), self.unit * scale)


def bend_joint(start: Space, target: Space, upper: float, lower: float, pole: Space) -> tuple[Space, Space]:
    """Where elbow and wrist are when a two-bone limb reaches for `target` and bends towards `pole`."""
    along = minus(target, start)
    reach = min(max(sqrt(dot(along, along)), abs(upper - lower) * 1.05 + 0.01), (upper + lower) * 0.995)
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
        self.parts.append(command + joined(c for x, y in spots for c in (x - self.here[0], y - self.here[1])))
        self.here = spots[-1]
        return self

    def arc(self, r: float, large: int, p: Sequence[float]) -> Trace:
        spot = self._spot(p)
        radius = max(round(r * FINE), 1)
        self.parts.append(f"a{radius} {radius} 0 {large} 1 {joined((spot[0] - self.here[0], spot[1] - self.here[1]))}")
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


def capsule(a: Sequence[float], ra: float, b: Sequence[float], rb: float, is_open: bool = False) -> str:
    """The outline round two circles, a tapered sausage; an open one has no line round its first end."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    gap = hypot(dx, dy)
    if gap <= abs(ra - rb) + 0.05:
        return circle(a, ra) if ra >= rb else circle(b, rb)
    base, lean = atan2(dy, dx), acos((ra - rb) / gap)

    def on(c: Sequence[float], r: float, angle: float) -> Point:
        return (c[0] + r * cos(angle), c[1] + r * sin(angle))

    one, two = on(a, ra, base + lean), on(a, ra, base - lean)
    trace = Trace(two) if is_open else Trace(one).arc(ra, int(lean < pi / 2), two)
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
    middles = [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in zip(flat, flat[1:] + flat[:1], strict=True)]
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
        end = flat[i + 1] if last else ((flat[i][0] + flat[i + 1][0]) / 2, (flat[i][1] + flat[i + 1][1]) / 2)
        trace.step("q", flat[i], end)
    return trace.data(closed=False)


def lens(upper: Sequence[Sequence[float]], lower: Sequence[Sequence[float]]) -> str:
    """The shape between two open curves that share their ends: an eye, a mouth."""
    there, back = _open_curve([(p[0], p[1]) for p in upper]), _open_curve([(p[0], p[1]) for p in reversed(lower)])
    return there + "L" + back[1:] + "z"


def around(circles: Iterable[tuple[Sequence[float], float]], step: int = 20) -> list[Point]:
    """The convex hull round circles, as points about `step` degrees apart."""
    cloud = [(c[0] + r * cos(radians(d)), c[1] + r * sin(radians(d))) for c, r in circles for d in range(0, 360, step)]
    return hull(cloud)


def hull(cloud: Iterable[Point]) -> list[Point]:
    ordered = sorted(set(cloud))

    def half(points: Iterable[Point]) -> list[Point]:
        out: list[Point] = []
        for p in points:
            while len(out) > 1 and _turn(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out[:-1]

    return half(ordered) + half(reversed(ordered))


def _turn(o: Point, a: Point, b: Point) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


@dataclass(frozen=True)
class Oval:
    """An ellipsoid as it lies on the picture: a centre and the symmetric 2x2 matrix (xx, xy, yy) of its ellipse."""

    x: float
    y: float
    xx: float
    xy: float
    yy: float

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
    ovals: Sequence[Oval], ox: float, oy: float, steps: int = 44, towards: float | None = None
) -> list[Point]:
    """The outline of ellipses lying together, seen from a point inside them; finer `towards` an angle in radians."""
    out = []
    for i in range(steps):
        angle = 2 * pi * i / steps
        if towards is not None:
            angle = towards + angle - 0.62 * sin(angle)
        far = max(oval.reach(ox, oy, angle) for oval in ovals)
        out.append((ox + far * cos(angle), oy + far * sin(angle)))
    return out
