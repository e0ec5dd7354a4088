"""Points, directions, rotations and frames in space, and how a two-bone limb bends.
Path data for SVG is in path_data.py, outlines of solid things in outlines.py; no people here."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, radians, sin, sqrt

Point = tuple[float, float]
"""A place on the picture: x to the right, y down, in units of a 480-unit picture."""

Space = tuple[float, float, float]
"""x to the right, y down on the picture (up inside a frame), z towards the viewer."""

Matrix = tuple[Space, Space, Space]
"""Three rows."""

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
ORIGIN: Space = (0.0, 0.0, 0.0)


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """The matrix product: `b` is applied first."""
    x, y, z = zip(*b, strict=True)  # the columns of b
    first, second, third = a
    return (
        (dot_product(first, x), dot_product(first, y), dot_product(first, z)),
        (dot_product(second, x), dot_product(second, y), dot_product(second, z)),
        (dot_product(third, x), dot_product(third, y), dot_product(third, z)),
    )


def rotation(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Matrix:
    """A rotation by angles in degrees; yaw is applied first.

    Yaw turns to the right of the picture, pitch nods forward, roll leans clockwise.
    """
    a = radians(yaw)
    around_y: Matrix = (
        (cos(a), 0.0, sin(a)),
        (0.0, 1.0, 0.0),
        (-sin(a), 0.0, cos(a)),
    )
    b = radians(pitch)
    around_x: Matrix = (
        (1.0, 0.0, 0.0),
        (0.0, cos(b), -sin(b)),
        (0.0, sin(b), cos(b)),
    )
    c = radians(-roll)
    around_z: Matrix = (
        (cos(c), -sin(c), 0.0),
        (sin(c), cos(c), 0.0),
        (0.0, 0.0, 1.0),
    )
    turned = multiply(around_x, around_y)
    return multiply(around_z, turned)


def offset(start: Space, direction: Space, distance: float = 1.0) -> Space:
    """The point `distance` times `direction` away from `start`."""
    return (
        start[0] + distance * direction[0],
        start[1] + distance * direction[1],
        start[2] + distance * direction[2],
    )


def subtract(a: Space, b: Space) -> Space:
    """The vector from `b` to `a`."""
    return (
        a[0] - b[0],
        a[1] - b[1],
        a[2] - b[2],
    )


def scale(vector: Space, factor: float) -> Space:
    x, y, z = vector
    return (factor * x, factor * y, factor * z)


def dot_product(a: Space, b: Space) -> float:
    x1, y1, z1 = a
    x2, y2, z2 = b
    return x1 * x2 + y1 * y2 + z1 * z2


def cross_product(a: Space, b: Space) -> Space:
    """A vector square to both."""
    x1, y1, z1 = a
    x2, y2, z2 = b
    return (
        y1 * z2 - z1 * y2,
        z1 * x2 - x1 * z2,
        x1 * y2 - y1 * x2,
    )


def unit_vector(vector: Space) -> Space:
    """The same direction with length 1; a vector without length stays as it is."""
    length = sqrt(dot_product(vector, vector)) or 1.0
    x, y, z = vector
    return (x / length, y / length, z / length)


def interpolate(a: Space, b: Space, t: float) -> Space:
    """The point part of the way from `a` (t = 0) to `b` (t = 1)."""
    x1, y1, z1 = a
    x2, y2, z2 = b
    return (
        x1 + (x2 - x1) * t,
        y1 + (y2 - y1) * t,
        z1 + (z2 - z1) * t,
    )


@dataclass(frozen=True)
class Frame:
    """A place with axes and a unit of its own.

    Its x points to the picture's right when it faces the viewer, y up, z forward.
    """

    origin: Space
    axes: Matrix = IDENTITY
    unit: float = 1.0

    def point(self, x: float, y: float, z: float = 0.0) -> Space:
        """Where a place of this frame is on the picture."""
        direction = self.direction(x, y, z)
        return offset(self.origin, direction, self.unit)

    def direction(self, x: float, y: float, z: float = 0.0) -> Space:
        """A direction of this frame on the picture, not scaled."""
        inner = (x, y, z)
        right, up, forward = self.axes
        return (
            dot_product(right, inner),
            -dot_product(up, inner),
            dot_product(forward, inner),
        )

    @property
    def up(self) -> float:
        """The angle of its upward axis on the picture, in radians."""
        x, y, _ = self.direction(0, 1)
        return atan2(y, x)

    def turned(self, axes: Matrix) -> Matrix:
        """The axes of this frame after a rotation inside it."""
        return multiply(self.axes, axes)


def bend_joint(
    start: Space, target: Space, upper: float, lower: float, pole: Space
) -> tuple[Space, Space]:
    """Where elbow and wrist are when a two-bone limb reaches for `target` and bends towards `pole`.

    The limb never stretches to its full length nor folds flat, for then `pole` would say nothing.
    """
    along = subtract(target, start)
    shortest = abs(upper - lower) * 1.05 + 0.01
    longest = (upper + lower) * 0.995
    reach = min(max(sqrt(dot_product(along, along)), shortest), longest)

    direction = unit_vector(along)
    towards = dot_product(pole, direction)
    side = unit_vector(subtract(pole, scale(direction, towards)))

    # The joint is the corner of a triangle whose three sides are known.
    project = (upper**2 + reach**2 - lower**2) / (2 * reach)
    height = sqrt(max(upper**2 - project**2, 0.0))
    joint = offset(offset(start, direction, project), side, height)
    return joint, offset(start, direction, reach)
