"""A baby's short hair: soft at the forehead, where it ends in fine locks and not in a line.
Caps of hair, curls and scarves are in hair.py."""

from __future__ import annotations

from math import cos, radians, sin

from courses.figure.anatomy.hair import LEAN, cap, draw_tuft, hair_over
from courses.figure.anatomy.head import Skull
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import Frame, Point, Space
from courses.figure.palette import HAIRS, Ink, fill_path

GROW = 1.015
FRONT_POINTS = 9
"""How many points of a cap that is partly seen lie on the forehead: see `hair.cap`."""
SEEN_IN_PART = 20
"""A cap has fewer points when the whole of its rim is seen, or nothing but hair."""
# Where locks lie, degrees to the right of the middle of the forehead; their width, and how far
# they reach below the hair's edge.
LOCKS = (
    (-66, 17, 7),
    (-41, 17, 9),
    (-19, 16, 7),
    (4, 17, 11),
    (27, 16, 8),
    (48, 17, 10),
    (70, 17, 6),
)


def baby_hair(frame: Frame, skull: Skull, style: str, colour: str, ink: Ink) -> str:
    """Hair over a baby's head, in a style of vocabulary.HAIR."""
    if style not in ("short", "tuft"):
        return hair_over(frame, skull, style, colour, ink)
    shade = HAIRS.get(colour, colour)
    points = cap(frame, skull, skull.hairline, LEAN, GROW)
    if not points:
        return ""
    outline = smooth_path(points)
    if len(points) < SEEN_IN_PART:
        return ink.shape(outline, shade, 0.9)
    # Only the edge against what is behind the head has a line.
    back = [points[FRONT_POINTS - 1], *points[FRONT_POINTS:], points[0]]
    svg = fill_path(outline, shade) + ink.stroke(smooth_path(back, closed=False))
    svg += fill_path(_locks(frame, skull), shade)
    if style == "tuft":
        svg += draw_tuft(frame, skull, shade, 0.26)
    return svg


def _locks(frame: Frame, skull: Skull) -> str:
    path = ""
    for middle, width, length in LOCKS:
        edge = skull.hairline
        left = _place(frame, skull, edge - 5, middle - width)
        right = _place(frame, skull, edge - 5, middle + width)
        fold = _place(frame, skull, edge + 0.75 * length, middle - 0.25 * width)
        tip = _place(frame, skull, edge + 1.5 * length, middle + 0.7 * width)
        is_seen = min(left[2], right[2], tip[2]) > 0.1
        # A lock out of sight shrinks to nothing, so that a moving head keeps its lines.
        spots = [left, fold, tip, right] if is_seen else [left] * 4
        points: list[Point] = [(x, y) for x, y, _ in spots]
        path += smooth_path(points)
    return path


def _place(frame: Frame, skull: Skull, angle: float, aside: float) -> Space:
    """A place of the skull, and how squarely it is seen instead of its depth.

    Args:
        angle: degrees from the middle of the hair.
        aside: degrees round that middle, from straight ahead to the right.
    """
    a, b, lean = radians(angle), radians(aside), radians(LEAN)
    ahead = sin(a) * cos(b)
    x = sin(a) * sin(b)
    y = cos(a) * cos(lean) + ahead * sin(lean)
    z = -cos(a) * sin(lean) + ahead * cos(lean)
    (cx, cy, cz), (rx, ry, rz) = skull.solids[0]
    right, down, _ = frame.point(cx + GROW * rx * x, cy + GROW * ry * y, cz + GROW * rz * z)
    _, _, towards_viewer = frame.direction(x, y, z)
    return right, down, towards_viewer
