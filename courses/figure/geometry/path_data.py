"""SVG path data in whole fifths of a unit: soft lines, polylines, capsules, ellipses and boxes.
Outlines of solid things, as points, are in outlines.py; colours and line widths in palette.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import acos, atan2, cos, hypot, pi, sin

from courses.figure.geometry.vectors import Point, Space

STEPS_PER_UNIT = 5
"""Path data is in whole fifths of a unit: small files, and no edge is off by more than a tenth."""


def to_steps(value: float) -> int:
    """A length in units as whole steps of the picture's grid."""
    return round(value * STEPS_PER_UNIT)


def path_number(value: float) -> str:
    """A length in units as it is written in path data and attributes."""
    return str(to_steps(value))


def join_numbers(numbers: Iterable[int]) -> str:
    """Whole numbers in a row with no needless space: a minus sign separates as well."""
    text = ""
    for number in numbers:
        needs_space = text and number >= 0
        text += f" {number}" if needs_space else str(number)
    return text


class PathBuilder:
    """Path data that grows command by command.

    Each step is relative to the last point as it was rounded, so that rounding errors never add up.
    """

    def __init__(self, start: Sequence[float]) -> None:
        self.here = self._grid_point(start)
        move = "M" + join_numbers(self.here)
        self.commands = [move]

    @staticmethod
    def _grid_point(point: Sequence[float]) -> tuple[int, int]:
        x = to_steps(point[0])
        y = to_steps(point[1])
        return x, y

    def _from_here(self, point: Sequence[float]) -> tuple[int, int]:
        x, y = self._grid_point(point)
        here_x, here_y = self.here
        return (x - here_x, y - here_y)

    def step(self, command: str, *points: Sequence[float]) -> PathBuilder:
        """Adds a command to the last of `points`; the others are its control points."""
        numbers: list[int] = []
        for point in points:
            numbers += self._from_here(point)
        self.commands.append(command + join_numbers(numbers))
        self.here = self._grid_point(points[-1])
        return self

    def arc(self, radius: float, large: int, point: Sequence[float]) -> PathBuilder:
        """Adds an arc of a circle, clockwise; `large` is 1 for the longer way round."""
        r = max(to_steps(radius), 1)  # an arc without a radius would be a line
        end = join_numbers(self._from_here(point))
        self.commands.append(f"a{r} {r} 0 {large} 1 {end}")
        self.here = self._grid_point(point)
        return self

    def data(self, closed: bool) -> str:
        end = "z" if closed else ""
        return "".join(self.commands) + end


def scale_path(d: str) -> str:
    """Path data written by hand in units (no arcs), in the steps a drawing needs."""

    def in_steps(match: re.Match[str]) -> str:
        value = float(match[0])
        return path_number(value)

    return re.sub(r"-?\d+(\.\d+)?", in_steps, d)


def rounded_box(x: float, y: float, width: float, height: float, radius: float) -> str:
    """A rectangle with round corners."""
    r = path_number(radius)
    across = path_number(width - 2 * radius)
    down = path_number(height - 2 * radius)
    corner = f"a{r} {r} 0 0 1 "
    return (
        f"M{path_number(x + radius)} {path_number(y)}"
        f"h{across}{corner}{r} {r}"
        f"v{down}{corner}-{r} {r}"
        f"h-{across}{corner}-{r}-{r}"
        f"v-{down}{corner}{r}-{r}z"
    )


def capsule(
    a: Sequence[float], ra: float, b: Sequence[float], rb: float, is_open: bool = False
) -> str:
    """The outline of two circles and the band between them: a tapered sausage.

    Where one circle lies inside the other it is drawn by the same commands, so that a limb may
    point at the viewer and still be animated by its numbers.

    Args:
        a, b: the centres; `ra` and `rb` are the radii.
        is_open: whether the outline leaves out the end at `a`.
    """
    dx = b[0] - a[0]
    dy = b[1] - a[1]
    distance = hypot(dx, dy)
    base = atan2(dy, dx)
    large = int(ra > rb)
    # Two equal circles in one place still make a capsule, whose sides have no length.
    is_inside = ra != rb and distance <= abs(ra - rb) + 0.05
    if is_inside and ra >= rb:
        b = a
        rb = ra
        lean = 0.3
    elif is_inside:
        a = b
        ra = rb
        lean = pi - 0.3
    else:
        # The angle between the axis and the points at which the straight sides touch the circles.
        lean = acos((ra - rb) / distance) if distance else pi / 2

    left = base + lean
    right = base - lean
    first = _on_circle(a, ra, left)
    second = _on_circle(a, ra, right)
    path = PathBuilder(second)
    if not is_open:
        path = PathBuilder(first).arc(ra, large, second)
    path.step("l", _on_circle(b, rb, right))
    path.arc(rb, int(lean > pi / 2), _on_circle(b, rb, left))
    if is_open:
        path.step("l", first)
    return path.data(closed=not is_open)


def _on_circle(centre: Sequence[float], radius: float, angle: float) -> Point:
    x = centre[0] + radius * cos(angle)
    y = centre[1] + radius * sin(angle)
    return (x, y)


def capsule_chain(points: Sequence[Space], radii: Sequence[float]) -> str:
    """Capsules end to end: a limb, a finger."""
    path = ""
    ends = zip(points, radii, strict=False)
    for (a, ra), (b, rb) in pairwise(ends):
        path += capsule(a, ra, b, rb)
    return path


def circle(centre: Sequence[float], radius: float) -> str:
    return ellipse(centre, radius, radius)


def ellipse(centre: Sequence[float], rx: float, ry: float) -> str:
    """An upright ellipse as two half arcs, from its leftmost point."""
    radii = f"{path_number(rx)} {path_number(ry)}"
    width = path_number(2 * rx)
    start = join_numbers((to_steps(centre[0] - rx), to_steps(centre[1])))
    return f"M{start}a{radii} 0 1 1 {width} 0a{radii} 0 1 1-{width} 0z"


def polyline(points: Iterable[Sequence[float]]) -> str:
    """Straight lines from point to point."""
    first, *rest = points
    path = PathBuilder(first)
    for point in rest:
        path.step("l", point)
    return path.data(closed=False)


def smooth_path(points: Sequence[Sequence[float]], closed: bool = True) -> str:
    """A soft line near the points, through the middles between them.

    An open one ends on its end points.
    """
    flat = [(point[0], point[1]) for point in points]
    if not closed:
        return _open_curve(flat)
    following = flat[1:] + flat[:1]
    middles = [_middle(p, q) for p, q in zip(flat, following, strict=True)]
    path = PathBuilder(middles[-1])
    for point, middle in zip(flat, middles, strict=True):
        path.step("q", point, middle)
    return path.data(closed=True)


def _middle(p: Point, q: Point) -> Point:
    x1, y1 = p
    x2, y2 = q
    return ((x1 + x2) / 2, (y1 + y2) / 2)


def _open_curve(points: list[Point]) -> str:
    path = PathBuilder(points[0])
    if len(points) < 3:
        return path.step("l", points[-1]).data(closed=False)
    for control, following in pairwise(points[1:-1]):
        path.step("q", control, _middle(control, following))
    path.step("q", points[-2], points[-1])
    return path.data(closed=False)


def lens_path(upper: Sequence[Sequence[float]], lower: Sequence[Sequence[float]]) -> str:
    """The area between two open curves that share their ends: an eye, a mouth."""
    top = [(x, y) for x, y in upper]
    bottom = [(x, y) for x, y in lower]
    bottom.reverse()
    there = _open_curve(top)
    back = _open_curve(bottom).removeprefix("M")
    return f"{there}L{back}z"
