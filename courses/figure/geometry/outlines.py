"""Outlines as points: round circles, round ellipses, and how an ellipsoid looks on the picture.
Points become path data in path_data.py; vectors and frames are in vectors.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from courses.figure.geometry.vectors import Frame, Point, Space, dot_product

Circle = tuple[Sequence[float], float]
"""A centre and a radius."""


def circles_outline(
    circles: Iterable[Circle], step: int = 20, along: Sequence[float] = (1.0, 0.0)
) -> list[Point]:
    """The outline round circles: a point every `step` degrees, always the same number of points.

    Args:
        along: the way a moving thing lies, so that the points turn with it. The first point is half
            a step from there, for straight ahead two circles may lie equally far.
    """
    solids = list(circles)
    points = []
    angle_along = atan2(along[1], along[0])
    first = angle_along + radians(step / 2)
    for degrees in range(0, 360, step):
        angle = first + radians(degrees)
        points.append(_outermost(solids, cos(angle), sin(angle)))
    return points


def _outermost(circles: Sequence[Circle], dx: float, dy: float) -> Point:
    """The point of some circles that lies farthest in a direction."""

    def distance(circle: Circle) -> float:
        centre, radius = circle
        middle = centre[0] * dx + centre[1] * dy
        return middle + radius

    centre, radius = max(circles, key=distance)
    x = centre[0] + radius * dx
    y = centre[1] + radius * dy
    return (x, y)


def ellipses_outline(ellipses: Sequence[Ellipse], steps: int = 36) -> list[Point]:
    """The outline round ellipses, as a fixed number of points."""
    points = []
    for i in range(steps):
        angle = 2 * pi * i / steps
        dx, dy = cos(angle), sin(angle)
        edges = [ellipse.edge(dx, dy) for ellipse in ellipses]
        _, outermost = max(edges, key=lambda edge: edge[0])
        points.append(outermost)
    return points


def resample(points: Sequence[Point], count: int) -> list[Point]:
    """`count` points at even distances along a polyline, its ends among them."""
    lengths = [hypot(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(points)]
    whole = sum(lengths)
    last_piece = len(lengths) - 1
    piece = 0
    passed = 0.0
    samples = [points[0]]
    for i in range(1, count - 1):
        target = whole * i / (count - 1)
        while piece < last_piece and passed + lengths[piece] < target:
            passed += lengths[piece]
            piece += 1
        share = (target - passed) / (lengths[piece] or 1.0)
        samples.append(interpolate_point(points[piece], points[piece + 1], share))
    return [*samples, points[-1]]


def interpolate_point(p: Point, q: Point, t: float) -> Point:
    """The point of the picture part of the way from `p` (t = 0) to `q` (t = 1)."""
    x1, y1 = p
    x2, y2 = q
    return (
        x1 + (x2 - x1) * t,
        y1 + (y2 - y1) * t,
    )


@dataclass(frozen=True)
class Ellipse:
    """An ellipsoid as it looks on the picture.

    A centre, and the symmetric 2x2 matrix (xx, xy, yy) that maps the unit circle's normals to its
    outline.
    """

    x: float
    y: float
    xx: float
    xy: float
    yy: float

    def edge(self, ux: float, uy: float) -> tuple[float, Point]:
        """How far it extends in a direction (a unit vector), and its outermost point there."""
        vx = self.xx * ux + self.xy * uy
        vy = self.xy * ux + self.yy * uy
        extent = sqrt(ux * vx + uy * vy) or 1e-9
        outermost = (self.x + vx / extent, self.y + vy / extent)
        return self.x * ux + self.y * uy + extent, outermost

    def reach(self, ox: float, oy: float, angle: float) -> float:
        """How far the ellipse extends from (ox, oy) in a direction; 0 when that ray misses it."""
        ray = (cos(angle), sin(angle))
        start = (ox - self.x, oy - self.y)
        # Where the ray meets the ellipse is the larger root of a quadratic equation.
        a = self._form(ray, ray)
        b = self._form(ray, start)
        c = self._form(start, start) - 1
        discriminant = b * b - a * c
        if discriminant < 0:
            return 0.0
        distance = (-b + sqrt(discriminant)) / a
        return max(distance, 0.0)

    def _form(self, p: Point, q: Point) -> float:
        """The bilinear form of the ellipse: 1 for a point of its outline with itself."""
        # An ellipsoid seen edge on has no area: the small number keeps the division possible.
        determinant = self.xx * self.yy - self.xy**2 or 1e-9
        ax, ay = p
        bx, by = q
        mixed = self.xy * (ax * by + ay * bx)
        form = self.yy * ax * bx - mixed + self.xx * ay * by
        return form / determinant


def project_ellipsoid(frame: Frame, centre: Space, radii: Space) -> Ellipse:
    """How an ellipsoid of a frame looks on the picture."""
    x, y, _ = frame.point(*centre)
    right, up, _ = frame.axes
    across = _scaled_axis(right, radii, frame.unit)
    down = _scaled_axis(up, radii, -frame.unit)
    xx = dot_product(across, across)
    xy = dot_product(across, down)
    yy = dot_product(down, down)
    return Ellipse(x, y, xx, xy, yy)


def _scaled_axis(axis: Space, radii: Space, unit: float) -> Space:
    """An axis of the picture seen from a frame, stretched as an ellipsoid stretches space."""
    return (
        axis[0] * radii[0] * unit,
        axis[1] * radii[1] * unit,
        axis[2] * radii[2] * unit,
    )


def silhouette(
    ellipses: Sequence[Ellipse],
    ox: float,
    oy: float,
    steps: int = 44,
    up: float = 0.0,
    towards: float = 0.0,
    fine: float = 0.0,
) -> list[Point]:
    """The outline of ellipses lying together, seen from the point (ox, oy) inside them.

    Angles in radians.

    Args:
        up: where the first point is, so that the points turn with what is drawn.
        towards: where the points are closer together.
        fine: how much closer, 0 to 0.7.
    """
    points = []
    for i in range(steps):
        angle = up + 2 * pi * i / steps
        angle -= fine * sin(angle - towards)
        distance = max(ellipse.reach(ox, oy, angle) for ellipse in ellipses)
        x = ox + distance * cos(angle)
        y = oy + distance * sin(angle)
        points.append((x, y))
    return points
