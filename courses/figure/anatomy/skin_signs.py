"""Mottled skin: a lacy net with paler skin in its meshes, as blood pools in small vessels.
Pale, dusky and flushed skin are colours of the whole figure: see palette.py and baby.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, pi, sin

from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.skeleton import Limb
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import (
    Point,
    Space,
    cross_product,
    interpolate,
    offset,
    subtract,
    unit_vector,
)
from courses.figure.palette import Ink, stroke_path

# How far each knot of the net is off its place: no two meshes of skin are alike.
UNEVEN = (0.16, -0.2, 0.06, 0.22, -0.1, -0.24, 0.18, 0.02, -0.16, 0.1, 0.24, -0.05)
Placed = Callable[[float, float], Sequence[float]]
"""The place on the picture of a point of a net, from across (-1 to 1) and along (0 to 1)."""


def net_path(rows: int, columns: int, place: Placed, is_round: bool = False) -> str:
    """Uneven rings that touch like the meshes of lace, `columns` in a row, like bricks in a wall.

    `is_round` leaves out those in the corners.
    """
    path = ""
    for row in range(rows):
        for column in range(columns):
            i = row * columns + column
            shift = 0.25 if row % 2 else -0.25
            across = (column + 0.5 + shift + 0.5 * _uneven(i)) * 2 / columns - 1
            along = (row + 0.5 + 0.7 * _uneven(i + 5)) / rows
            is_corner = is_round and across**2 + (2 * along - 1) ** 2 > 0.8
            # A gap here and there: the pattern is never whole.
            if is_corner or i % 8 == 5:
                continue
            path += _mesh((across, along), (1.12 / columns, 0.68 / rows), i, place)
    return path


def _uneven(i: int) -> float:
    return UNEVEN[i % len(UNEVEN)]


def _mesh(middle: Point, size: Point, i: int, place: Placed) -> str:
    """One ring of a net, a hexagon pulled about and rounded."""
    points = []
    for corner in range(6):
        angle = (corner + 0.5) * pi / 3 + 1.5 * _uneven(i + 2)
        reach = 1.05 + 1.1 * _uneven(2 * i + corner)
        across = middle[0] + size[0] * reach * cos(angle)
        along = middle[1] + size[1] * reach * sin(angle)
        points.append(place(max(min(across, 0.93), -0.93), along))
    return smooth_path(points)


def mottled_limb(limb: Limb, radii: Sequence[float], strength: float, ink: Ink) -> str:
    """The net along an arm or leg; `radii` are the limb's at its root, joint and end."""
    if strength < 0.2:
        return ""
    upper = unit_vector(cross_product(subtract(limb.joint, limb.root), (0.0, 0.0, 1.0)))
    lower = unit_vector(cross_product(subtract(limb.end, limb.joint), (0.0, 0.0, 1.0)))

    def place(across: float, along: float) -> Space:
        # The root of a limb is covered by clothes.
        share = 0.3 + 1.7 * along
        if share < 1:
            centre = interpolate(limb.root, limb.joint, share)
            radius = radii[0] + (radii[1] - radii[0]) * share
        else:
            centre = interpolate(limb.joint, limb.end, share - 1)
            radius = radii[1] + (radii[2] - radii[1]) * (share - 1)
        # Near the joint the net turns with the limb.
        turn = min(max((share - 0.8) / 0.4, 0.0), 1.0)
        sideways = unit_vector(interpolate(upper, lower, turn))
        return offset(centre, sideways, across * radius)

    return stroke_net(net_path(9, 2, place), radii[1] * 0.2, strength, ink)


def mottled_face(plate: Plate, strength: float, ink: Ink) -> str:
    """The net on both cheeks, fainter than on the limbs."""
    eye_x, eye_y, *_ = plate.skull.eye
    path = ""
    for side in (-1, 1):
        middle = side * (eye_x + 0.12)
        if plate.facing(side * (eye_x + 0.36), eye_y - 0.34) > 0.1:
            path += _face_net(plate, (middle, eye_y - 0.6), (0.29, 0.42), (3, 3))
    return stroke_net(path, 0.05 * plate.frame.unit, 0.6 * strength, ink)


def _face_net(plate: Plate, foot: Point, size: Point, meshes: tuple[int, int]) -> str:
    """A net that stands on `foot`, half as wide and as high as `size` says."""
    rows, columns = meshes

    def place(across: float, along: float) -> Point:
        x = foot[0] + across * size[0]
        return plate.point(x, foot[1] + along * size[1])

    return net_path(rows, columns, place, is_round=True)


def stroke_net(path: str, width: float, strength: float, ink: Ink) -> str:
    return stroke_path(path, ink.tone.mottle, width, 0.45 * strength)
