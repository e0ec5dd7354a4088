"""Hair, scarves and beards: caps on the skull that turn with it, for babies and adults.
The skull they lie on is in head.py; which hair somebody has is decided by a pose or a carer."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

from courses.figure.anatomy.head import Plate, Skull
from courses.figure.geometry.outlines import (
    ellipses_outline,
    interpolate_point,
    project_ellipsoid,
    resample,
    silhouette,
)
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import (
    ORIGIN,
    Frame,
    Point,
    Space,
    cross_product,
    dot_product,
    interpolate,
    offset,
    unit_vector,
)
from courses.figure.palette import HAIRS, Ink, fill_path, mix_colours

LEAN = 46
"""Degrees the middle of the hair lies behind the crown."""

# How much larger than the skull a style is, and how far its edge goes in and out; the others grow
# by 1.04.
GROW = {"curls": 1.08, "coils": 1.06, "long": 1.12, "bob": 1.12, "bun": 1.06}
WAVES = {"curls": 0.075, "coils": 0.05}

# What falls behind the head, as centres and radii of ellipsoids.
BEHIND: dict[str, tuple[tuple[Space, Space], ...]] = {
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
    "scarf": (
        ((0, 0.10, -0.08), (0.92, 0.96, 1.0)),
        ((0, -1.0, 0.0), (0.62, 0.50, 0.55)),
    ),
}


def cap(
    frame: Frame, skull: Skull, angle: float, lean: float, grow: float = 1.03, wave: float = 0.0
) -> list[Point]:
    """The visible part of a hood on the skull, as an outline; empty when none is visible.

    Args:
        angle: degrees from the hood's middle to its rim.
        lean: degrees the hood's middle lies behind the crown.
        grow: how much larger than the skull it is.
        wave: how far the edge goes in and out, for curls; units of half a head.
    """
    # The first solid of a skull is the cranium, which hair grows on.
    _, (rx, ry, rz) = skull.solids[0]
    radii = (rx * grow, ry * grow, rz * grow)
    axis = unit_vector((0.0, cos(radians(lean)), -sin(radians(lean))))
    return hood(frame, skull, radii, axis, _ring(axis, angle), wave)


def hood(
    frame: Frame,
    skull: Skull,
    radii: Space,
    axis: Space,
    rim: list[Space],
    wave: float = 0.0,
    points: int = 9,
) -> list[Point]:
    """The visible part of what covers a head round `axis` as far as a rim of any shape.

    Args:
        radii: half its width, height and depth, round the middle of the cranium.
        axis: the direction of its middle, not in the rim.
        rim: directions all the way round, from the middle of the cranium.
        wave: as in `cap`.
        points: along the rim; a rim with corners needs more.
    """
    # The direction of the viewer, in the space in which the skull is a sphere of radius 1.
    x, y, z = frame.axes[2]
    view = unit_vector((x * radii[0], y * radii[1], z * radii[2]))
    depth = wave * frame.unit

    visible = [dot_product(direction, view) > 0 for direction in rim]
    if all(visible):
        return waved(_on_skull(frame, skull, radii, rim[::3]), depth)
    if not any(visible):
        # Either the hood covers all that is seen of the head, or it lies behind.
        covers_head = dot_product(axis, view) > dot_product(axis, rim[0])
        return _on_skull(frame, skull, radii, _ring(view, 90)[::4]) if covers_head else []
    run = _visible_run(rim, visible)
    # Always the same number of points, so that a moving head keeps its lines.
    front = resample(_on_skull(frame, skull, radii, run), points)
    back = _on_skull(frame, skull, radii, _arc(view, axis, run[-1], run[0]))
    return waved(front, 0.6 * wave * frame.unit) + waved(back, depth)


def _on_skull(frame: Frame, skull: Skull, radii: Space, directions: list[Space]) -> list[Point]:
    """Where directions from the middle of the skull meet its surface, on the picture."""
    (cx, cy, cz), _ = skull.solids[0]
    rx, ry, rz = radii
    points = []
    for dx, dy, dz in directions:
        surface = (cx + rx * dx, cy + ry * dy, cz + rz * dz)
        x, y, _ = frame.point(*surface)
        points.append((x, y))
    return points


def _visible_run(rim: list[Space], visible: list[bool]) -> list[Space]:
    """The part of a closed ring that is visible, from where it comes into sight."""
    start = next(i for i, shows in enumerate(visible) if shows and not visible[i - 1])
    run: list[Space] = []
    while visible[(start + len(run)) % len(rim)]:
        run.append(rim[(start + len(run)) % len(rim)])
    return run


def _basis(axis: Space) -> tuple[Space, Space]:
    """Two directions square to `axis` and to each other."""
    x, y, z = axis
    # Near the y axis the first formula would divide by almost nothing.
    first = unit_vector((z, 0.0, -x)) if abs(y) < 0.95 else (1.0, 0.0, 0.0)
    return first, cross_product(axis, first)


def _on_circle(middle: Space, u: Space, v: Space, angle: float, radius: float = 1.0) -> Space:
    """A point of the circle round `middle` in the plane of `u` and `v`."""
    across = offset(middle, u, radius * cos(angle))
    return offset(across, v, radius * sin(angle))


def _ring(axis: Space, angle: float, steps: int = 48) -> list[Space]:
    """Directions `angle` degrees from `axis`, all the way round."""
    u, v = _basis(axis)
    middle = offset(ORIGIN, axis, cos(radians(angle)))
    radius = sin(radians(angle))
    ring = []
    for i in range(steps):
        turn = 2 * pi * i / steps
        ring.append(_on_circle(middle, u, v, turn, radius))
    return ring


def _arc(view: Space, axis: Space, start: Space, end: Space, steps: int = 14) -> list[Space]:
    """Along the edge of what is visible, the way from start to end that passes nearer to `axis`."""
    u, v = _basis(view)
    first = atan2(dot_product(start, v), dot_product(start, u))
    last = atan2(dot_product(end, v), dot_product(end, u))
    turn = last - first
    if last <= first:
        turn += 2 * pi

    def along(whole: float) -> list[Space]:
        path = []
        for i in range(steps + 1):
            angle = first + whole * i / steps
            path.append(_on_circle(ORIGIN, u, v, angle))
        return path

    def nearness(path: list[Space]) -> float:
        middle = path[steps // 2]
        return dot_product(middle, axis)

    other_way = turn - 2 * pi
    return max(along(turn), along(other_way), key=nearness)


def waved(points: list[Point], depth: float) -> list[Point]:
    """A line of curls: every second point is pushed out from the middle, the others in."""
    # A sliver of hair at the edge of the head has no room for curls.
    if depth == 0 or len(points) < 5:
        return points
    cx = sum(x for x, _ in points) / len(points)
    cy = sum(y for _, y in points) / len(points)
    waved = []
    for p, q in pairwise(points):
        for t, lift in ((0.0, -0.5), (0.5, 1.0)):
            x, y = interpolate_point(p, q, t)
            distance = hypot(x - cx, y - cy) or 1.0
            dx = (x - cx) / distance
            dy = (y - cy) / distance
            waved.append((x + dx * depth * lift, y + dy * depth * lift))
    return [*waved, points[-1]]


def hair_behind(frame: Frame, style: str, colour: str, ink: Ink) -> str:
    """What falls or stands behind the head: long hair, a bun, the back of a scarf.

    "" for other styles.
    """
    shade = HAIRS.get(colour, colour)
    if style == "bun":
        knot = project_ellipsoid(frame, (0, 0.55, -0.85), (0.36, 0.34, 0.34))
        points = silhouette([knot], knot.x, knot.y, 14, frame.up)
        return ink.shape(smooth_path(points), shade, 0.9)
    if style not in BEHIND:
        return ""
    ellipses = [project_ellipsoid(frame, centre, radii) for centre, radii in BEHIND[style]]
    return ink.shape(smooth_path(ellipses_outline(ellipses)), shade, 0.95)


def _scarf_over(frame: Frame, skull: Skull, colour: str, ink: Ink) -> str:
    """A headscarf round the face: cloth over the head with an opening that turns with it."""
    ellipses = []
    for centre, (rx, ry, rz) in (*skull.solids[:4], skull.chin):
        radii = (rx * 1.1, ry * 1.08, rz * 1.06)
        ellipses.append(project_ellipsoid(frame, centre, radii))
    x, y, _ = frame.point(0, -0.1, 0.0)
    edge = silhouette(ellipses, x, y, 36, frame.up)
    cloth = smooth_path(edge)
    plate = Plate(frame, skull)
    opening = plate.oval(0, -0.14, 0.62, 0.76, 16)
    svg = ink.shape(cloth, colour)
    return svg + ink.shape(opening, ink.skin, 0.8)


def draw_beard(plate: Plate, colour: str, ink: Ink) -> str:
    """A short beard along the jaw, under the mouth."""
    lips = plate.skull.mouth[0]
    outer = [
        (1.12, -0.05),
        (1.1, -0.5),
        (0.72, -0.86),
        (0.25, -1.03),
    ]
    inner = [
        (0.98, -0.2),
        (0.5, lips - 0.08),
        (0.18, lips - 0.17),
    ]
    rim = _mirrored(outer) + outer[::-1]
    back = inner + _mirrored(inner[::-1])
    visible = [(x, y) for x, y in rim + back if plate.facing(x, y) > 0]
    shade = HAIRS.get(colour, colour)
    return fill_path(plate.path(visible), shade, 0.42)


def _mirrored(points: list[Point]) -> list[Point]:
    return [(-x, y) for x, y in points]


def hair_over(frame: Frame, skull: Skull, style: str, colour: str, ink: Ink) -> str:
    """Hair that lies over the head: a style of vocabulary.HAIR or vocabulary.CARER_HAIR.

    Long hair, a bob and a bun have their other part in `hair_behind`.
    """
    if style == "none":
        return ""
    if style == "scarf":
        return _scarf_over(frame, skull, colour, ink)
    shade = HAIRS.get(colour, colour)
    if style == "fuzz":
        down = cap(frame, skull, skull.hairline - 3, LEAN, 1.005)
        return fill_path(smooth_path(down), mix_colours(ink.skin, shade, 0.45)) if down else ""
    angle, lean = _hairline(skull, style)
    points = cap(frame, skull, angle, lean, GROW.get(style, 1.04), WAVES.get(style, 0.0))
    svg = ink.shape(smooth_path(points), shade, 0.9) if points else ""
    if style == "short":
        svg += draw_tuft(frame, skull, shade, 0.14)
    return svg


def _hairline(skull: Skull, style: str) -> tuple[float, float]:
    """Degrees from the middle of the hair to its edge, and from the crown back to its middle."""
    if style in ("long", "bob"):
        return 98, 60
    if style == "curls":
        return skull.hairline + 4, LEAN
    return skull.hairline, LEAN


def draw_tuft(frame: Frame, skull: Skull, shade: str, height: float) -> str:
    """A lock at the crown that shows where the top of the head is."""
    (x, y, z), (_, ry, rz) = skull.solids[0]
    lean = radians(-18)
    base_y = y + ry * 0.98 * cos(lean) - 0.16 * 0.3
    base_z = z - rz * sin(lean)
    tip_z = z + rz * 0.3
    left = frame.point(x - 0.16, base_y, base_z)
    right = frame.point(x + 0.16, base_y, base_z)
    side = frame.point(x - 0.16, y + ry + height * 0.7, tip_z)
    tip = frame.point(x + 0.1, y + ry + height, tip_z)
    middle = interpolate(left, right, 0.5)
    # The tip twice, so that the lock is pointed.
    lock = smooth_path([left, side, tip, tip, right, middle])
    return fill_path(lock, shade)
