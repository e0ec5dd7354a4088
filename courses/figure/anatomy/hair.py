"""Hair as hoods on the skull that turn with it, and the hair of babies.
The skull is in head.py; the hair of grown-ups, in adults/hair.py, is drawn as hoods too."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

from courses.figure.anatomy.head import Skull
from courses.figure.geometry.outlines import (
    interpolate_point,
    resample,
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

Places = tuple[tuple[float, float], ...]
"""Places of the cranium: degrees from the face to the picture's right, and up."""
CROWN: Space = (0.0, 0.944, -0.33)
RIM_POINTS = 22
"""Points along a hairline that is no circle."""

# A baby's hairline from the middle of the forehead round the right side to the nape.
HIGH: Places = ((0, 54), (22, 52), (42, 44), (60, 22), (74, 2), (90, 8), (106, -8), (130, -34))
HIGH += ((180, -42),)
SPARSE: Places = ((0, 66), (30, 62), (60, 46), (90, 30), (120, 12), (150, -12), (180, -24))
ROUND: Places = ((0, 50), (24, 50), (46, 40), (62, 20), (76, 0), (92, 6), (108, -10), (130, -34))
ROUND += ((180, -42),)
RIMS: dict[str, Places] = {"fuzz": HIGH, "short": HIGH, "tuft": SPARSE, "curls": ROUND}
RIMS["coils"] = ROUND
# How much larger than the skull a style is, how far its edge goes in and out, and how high a lock
# stands at the crown.
GROW = {"fuzz": 1.005, "curls": 1.07, "coils": 1.05, "short": 1.035, "tuft": 1.02}
WAVES = {"curls": 0.075, "coils": 0.045}
TUFTS = {"tuft": 0.3, "short": 0.14}
LOCK_HIDDEN = -0.12
BACK_POINTS = 15
"""Points of a hood along the edge of the head."""
# Where locks at the forehead lie, degrees to the right of its middle; half their width, and how
# far they reach below the hairline.
LOCKS = (
    (-59, 11, 7),
    (-39, 13, 9),
    (-19, 13, 7),
    (2, 14, 11),
    (23, 13, 8),
    (43, 13, 10),
    (60, 11, 6),
)


def direction_of(place: tuple[float, float]) -> Space:
    """The direction of a place of the cranium from its middle."""
    longitude, latitude = radians(place[0]), radians(place[1])
    return (
        sin(longitude) * cos(latitude),
        sin(latitude),
        cos(longitude) * cos(latitude),
    )


def rim_directions(right: Places, left: Places = ()) -> list[Space]:
    """A hairline all the way round as directions, with steps between its places.

    Args:
        right: from the middle of the forehead round the right side to the nape.
        left: the same round the left side, without its ends; () for the mirrored right side.
    """
    other = left or tuple((-x, y) for x, y in right[1:-1])
    corners = [*right, *other[::-1]]
    rim = []
    for here, after in zip(corners, corners[1:] + corners[:1], strict=True):
        start = direction_of(here)
        end = direction_of(after)
        for step in range(5):
            rim.append(unit_vector(interpolate(start, end, step / 5)))
    return rim


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
        wave: how far the edge goes in and out, for curls; units of half a head.
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
    back = _on_skull(frame, skull, radii, _arc(view, rim, run[-1], run[0]))
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
    """The longest part of a closed ring that is visible, from where it comes into sight."""
    longest: list[Space] = []
    for start, shows in enumerate(visible):
        if not shows or visible[start - 1]:
            continue
        run: list[Space] = []
        while visible[(start + len(run)) % len(rim)]:
            run.append(rim[(start + len(run)) % len(rim)])
        longest = max(longest, run, key=len)
    return longest


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


def _arc(view: Space, rim: list[Space], start: Space, end: Space, steps: int = 14) -> list[Space]:
    """Along the edge of what is visible, the way from start to end that lies on the hood.

    Where both ways do, as on a head thrown back, it is the shorter one.
    """
    u, v = _basis(view)
    first = atan2(dot_product(start, v), dot_product(start, u))
    last = atan2(dot_product(end, v), dot_product(end, u))
    turn = (last - first) % (2 * pi)
    ways = sorted((turn, turn - 2 * pi), key=abs)
    paths = []
    for whole in ways:
        angles = [first + whole * i / steps for i in range(steps + 1)]
        paths.append([_on_circle(ORIGIN, u, v, angle) for angle in angles])
    return max(paths, key=lambda path: _above_rim(path[steps // 2], rim) > 0)


def _above_rim(direction: Space, rim: list[Space]) -> float:
    """How far a direction is above the rim, where the rim has the same longitude."""
    x, y, z = direction
    level = hypot(x, z) or 1.0

    def sameness(place: Space) -> float:
        across, _, ahead = place
        return (across * x + ahead * z) / ((hypot(across, ahead) or 1.0) * level)

    return y - max(rim, key=sameness)[1]


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


def hair_over(frame: Frame, skull: Skull, style: str, colour: str, ink: Ink) -> str:
    """A baby's hair that lies over the head: a style of vocabulary.HAIR."""
    if style == "none":
        return ""
    shade = HAIRS[colour]
    _, (rx, ry, rz) = skull.solids[0]
    grow = GROW[style]
    radii = (rx * grow, ry * grow, rz * grow)
    wave = WAVES.get(style, 0.0)
    points = hood(frame, skull, radii, CROWN, rim_directions(RIMS[style]), wave, RIM_POINTS)
    if style == "fuzz":
        down = mix_colours(ink.skin, shade, 0.45)
        return fill_path(smooth_path(points), down) if points else ""
    if style in TUFTS:
        return _fine_hair(frame, skull, style, shade, points, ink)
    return ink.shape(smooth_path(points), shade, 0.9) if points else ""


def _fine_hair(
    frame: Frame, skull: Skull, style: str, shade: str, points: list[Point], ink: Ink
) -> str:
    """Hair that ends at the forehead in fine locks and not in a line, with a lock at the crown."""
    svg = ""
    if len(points) == RIM_POINTS + BACK_POINTS:
        # Only the edge against what is behind the head has a line.
        back = [*points[RIM_POINTS - 1 :], points[0]]
        svg += fill_path(smooth_path(points), shade)
        svg += ink.stroke(smooth_path(back, closed=False))
    elif points:
        svg += ink.shape(smooth_path(points), shade, 0.9)
    svg += fill_path(_locks(frame, skull, style), shade)
    # On a head thrown back the lock at the crown stands behind it.
    _, _, ahead = frame.direction(0, 0.95, 0.3)
    if ahead > LOCK_HIDDEN:
        svg += _tuft(frame, skull, shade, TUFTS[style])
    return svg


def _locks(frame: Frame, skull: Skull, style: str) -> str:
    """Fine locks along the hairline; one out of sight shrinks, so that its line stays the same."""
    path = ""
    for middle, width, reach in LOCKS:
        spots = [
            _on_hair(frame, skull, style, middle - width, 5),
            _on_hair(frame, skull, style, middle - 0.25 * width, -0.55 * reach),
            _on_hair(frame, skull, style, middle + 0.7 * width, -reach),
            _on_hair(frame, skull, style, middle + width, 5),
        ]
        is_seen = min(nearness for _, _, nearness in spots) > 0.1
        shown = spots if is_seen else spots[:1] * len(spots)
        path += smooth_path(shown)
    return path


def _on_hair(frame: Frame, skull: Skull, style: str, longitude: float, above: float) -> Space:
    """A place so many degrees above the hairline, and how squarely it is seen."""
    direction = direction_of((longitude, _hairline(style, abs(longitude)) + above))
    (cx, cy, cz), (rx, ry, rz) = skull.solids[0]
    x, y, z = direction
    k = GROW[style]
    right, down, _ = frame.point(cx + k * rx * x, cy + k * ry * y, cz + k * rz * z)
    _, _, nearness = frame.direction(*direction)
    return right, down, nearness


def _hairline(style: str, longitude: float) -> float:
    """How many degrees up the hair begins at a longitude from 0 to 180."""
    for (start, low), (end, high) in pairwise(RIMS[style]):
        if longitude <= end:
            return low + (high - low) * (longitude - start) / (end - start)
    return RIMS[style][-1][1]


def _tuft(frame: Frame, skull: Skull, shade: str, height: float) -> str:
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
