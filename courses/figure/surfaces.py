"""Where a baby is (mat, lap, cot, bouncer, highchair, arms): how the body lies, and the surface.
The baby's pose is in baby.py, the grown-up in carer.py, lines of movement in movement_marks.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from math import cos, radians, sin

from courses.figure.anatomy.person import Layer, Numbers
from courses.figure.anatomy.skeleton import Build, Skeleton, place_joints
from courses.figure.geometry.outlines import circles_outline, interpolate_point
from courses.figure.geometry.path_data import (
    capsule,
    circle,
    ellipse,
    polyline,
    rounded_box,
    scale_path,
    smooth_path,
)
from courses.figure.geometry.vectors import Frame, Point, rotation
from courses.figure.palette import (
    CREAM,
    DEEP_SAGE,
    LILAC,
    LINE,
    MARIGOLD,
    PLUM,
    ROSE,
    SAGE,
    SKY,
    Ink,
    fill_path,
    mix_colours,
)
from courses.figure.rooms import GROUNDS, ROOMS, draw_floor, draw_pattern, draw_room

WOOD, WOOD_DARK, SHEET, TUBE = "#d9b483", "#b98d5a", "#fffaf1", "#b9bfc4"
MIDDLE = 240  # of the picture, from its left
FLOOR = 356.0
"""How far down the picture a surface seen from the side is."""

# x, y of the pelvis, unit (half a head), and the turn of the body in degrees: yaw, pitch, roll.
STAGES: dict[tuple[str, str], tuple[float, float, float, float, float, float]] = {
    ("mat", "front"): (256, 294, 60, 0, 0, -20),
    ("mat", "side"): (290, 300, 56, 62, 0, -90),
    ("cot", "front"): (240, 314, 60, 0, 0, 0),
    ("cot", "side"): (290, 300, 54, 62, 0, -90),
    ("bouncer", "front"): (240, 324, 60, 0, -12, 0),
    ("bouncer", "side"): (272, 330, 50, 55, 0, -40),
    ("highchair", "front"): (240, 332, 56, 0, 0, 0),
    ("highchair", "side"): (232, 332, 54, 42, 0, 0),
    ("lap", "front"): (196, 356, 52, 0, -3, 0),
    ("lap", "side"): (196, 356, 52, 38, 0, -6),
    ("arms", "front"): (300, 330, 52, 14, 0, -60),
    ("arms", "side"): (300, 330, 52, 36, 0, -66),
}
AGE_SIZE = {"newborn": 0.94, "young": 1.0, "older": 0.97, "toddler": 0.9}
# Wood, sheet and the dots on it: a cot is not the same one in every room.
COTS: dict[str, tuple[str, str, str]] = {
    "plain": (WOOD, SHEET, MARIGOLD),
    "bedroom": ("#f4efe6", "#f7f1fa", LILAC),
    "clinic": ("#c9d2d6", "#f5fafc", SKY),
    "living-room": ("#b98d5a", "#fdf4ec", ROSE),
    "kitchen": (WOOD, "#f4f9f2", DEEP_SAGE),
}
SHEET_DOTS = ((108, 96), (370, 88), (100, 210), (382, 200), (108, 400), (372, 396))


def stage_numbers(setting: str, view: str, age: str) -> dict[str, float]:
    """Where and how a body lies, as numbers that can be interpolated; keys begin with `stage_`."""
    x, y, unit, yaw, pitch, roll = STAGES[setting, view]
    return {
        "stage_x": x,
        "stage_y": y,
        "stage_unit": unit * AGE_SIZE[age],
        "stage_yaw": yaw,
        "stage_pitch": pitch,
        "stage_roll": roll,
    }


def root_frame(setting: str, view: str, build: Build, n: Numbers) -> Frame:
    """The pelvis on the picture.

    A body seen from the side is let down until it touches the surface.
    """
    axes = rotation(n["stage_yaw"], n["stage_pitch"], n["stage_roll"])
    x = n["stage_x"]
    y = n["stage_y"]
    z = 0.0
    root = Frame((x, y, z), axes, n["stage_unit"])
    if view != "side" or setting not in ("mat", "cot"):
        return root
    skeleton = place_joints(root, build, n)
    lowest = _lowest_point(skeleton, build)
    return replace(root, origin=(x, y + FLOOR - lowest, z))


def _lowest_point(skeleton: Skeleton, build: Build) -> float:
    """How far down the picture a body reaches: head, back, hips, knees and feet."""
    u = skeleton.root.unit
    # Radii are those of the drawn parts: the body rests on its outline, not on its joints.
    depths = [
        skeleton.head.origin[1] + 0.93 * u,
        skeleton.root.origin[1] + 0.44 * u,
        skeleton.waist.origin[1] + 0.6 * u,
    ]
    for leg in skeleton.legs:
        depths.append(leg.end[1] + build.leg_r[2] * u)
        depths.append(leg.joint[1])
    return max(depths)


# Surfaces do not depend on the pose, so that a moving scene draws its own once.
@lru_cache(maxsize=256)
def draw_behind(setting: str, view: str, room: str, ink: Ink) -> str:
    """What is under and behind the baby."""
    if view == "side" and setting in SIDE_SURFACES:
        wall = draw_room(room, ink) or SIDE_WALLS.get(setting, "")
        return wall + SIDE_SURFACES[setting](ink)
    if setting == "mat" and room in GROUNDS:
        return draw_floor(room) + _mat(ink, room)
    if setting == "cot":
        return draw_floor(room) + _cot(ink, room)
    if setting in ("lap", "arms") and room in ROOMS:
        return draw_room(room, ink)
    return draw_room(room, ink) + SURFACES[setting](ink)


def draw_before(setting: str, view: str, skeleton: Skeleton, ink: Ink) -> list[Layer]:
    """What is in front of some of the baby: straps, a tray, the near rail of a cot."""
    straps_depth = skeleton.middle + 0.001  # just in front of the trunk
    if setting == "bouncer":
        return [Layer(straps_depth, _harness(skeleton, ink), "straps")]
    if setting == "highchair":
        tray_depth = skeleton.middle + 1.3 * skeleton.root.unit
        return [
            Layer(straps_depth, _harness(skeleton, ink), "straps"),
            Layer(tray_depth, _tray(ink), "tray"),
        ]
    if setting == "cot" and view == "side":
        return [Layer(950.0, _cot_rail(ink), "rail")]
    return []


def _harness(skeleton: Skeleton, ink: Ink) -> str:
    """A strap round the waist and one between the legs, with a buckle."""
    waist = skeleton.waist
    root = skeleton.root
    left = waist.point(-0.78, -0.15, 0.2)
    right = waist.point(0.78, -0.15, 0.2)
    centre = root.point(0, 0.5, 0.75)
    low = root.point(0, -0.42, 0.5)
    straps = polyline((left, centre, right))
    straps += polyline((centre, low))
    colour = mix_colours(PLUM, "#ffffff", 0.25)
    x, y, _ = centre
    buckle = rounded_box(x - 10, y - 8, 20, 16, 4)
    svg = ink.band(straps, colour, 9, 0.6)
    return svg + ink.shape(buckle, CREAM, 0.7)


def _turned_box(cx: float, cy: float, half_width: float, half_height: float, angle: float) -> str:
    """A soft-cornered rectangle turned by an angle in degrees."""
    a = radians(angle)
    corners: list[Point] = [
        (-half_width, -half_height),
        (half_width, -half_height),
        (half_width, half_height),
        (-half_width, half_height),
    ]
    points = []
    for corner, following in zip(corners, corners[1:] + corners[:1], strict=True):
        # Two points near each corner make it soft but small.
        for t in (0.06, 0.35, 0.65, 0.94):
            x, y = interpolate_point(corner, following, t)
            across = cx + x * cos(a) - y * sin(a)
            down = cy + x * sin(a) + y * cos(a)
            points.append((across, down))
    return smooth_path(points)


def _mat(ink: Ink, room: str = "plain") -> str:
    """A quilted play mat, a rug or a blanket seen from above."""
    shadow = _turned_box(246, 251, 207, 215, 4)
    edge = _turned_box(240, 242, 206, 214, 4)
    quilt = _turned_box(240, 242, 182, 190, 4)
    seam_colour = mix_colours(SAGE, DEEP_SAGE, 0.5)

    svg = fill_path(shadow, LINE, 0.12)
    ground = GROUNDS.get(room)
    if ground:
        svg += ink.shape(edge, ground.rim, 0.8)
        svg += fill_path(quilt, ground.middle)
        return f'{svg}<g transform="rotate(4 240 242)">{draw_pattern(room)}</g>'
    svg += ink.shape(edge, MARIGOLD, 0.8)
    svg += fill_path(quilt, SAGE)
    return svg + ink.stroke(_mat_seams(), seam_colour, 0.9)


def _mat_seams() -> str:
    seams = ""
    for i in (-92, 0, 92):
        seams += polyline(((227 + i, 58), (253 + i, 428)))
        seams += polyline(((58, 255 + i), (424, 229 + i)))
    return seams


def _mat_side(ink: Ink) -> str:
    mat = rounded_box(24, FLOOR, 432, 26, 13)
    floor = polyline(((10, 383), (470, 383)))

    svg = ink.shape(mat, MARIGOLD, 0.9)
    return svg + ink.stroke(floor, weight=0.9)


def _cot(ink: Ink, room: str = "plain") -> str:
    """A cot seen from above: rails on all four sides, a clear flat mattress with a fitted sheet."""
    shadow = rounded_box(38, 18, 412, 456, 18)
    frame = rounded_box(30, 10, 420, 460, 18)
    base = rounded_box(52, 32, 376, 416, 12)
    mattress = rounded_box(72, 50, 336, 380, 26)
    dots = "".join(circle(point, 3.2) for point in SHEET_DOTS)
    wood, sheet, dot = COTS.get(room, COTS["plain"])
    base_colour = mix_colours(WOOD_DARK, LINE, 0.25)
    dot_colour = mix_colours(sheet, dot, 0.55)

    svg = fill_path(shadow, LINE, 0.1)
    svg += ink.shape(frame, wood, 0.9)
    svg += ink.shape(base, base_colour, 0.7)
    svg += ink.band(_cot_bars(), wood, 8, 0.7)
    svg += ink.shape(mattress, sheet, 0.8)
    return svg + fill_path(dots, dot_colour)


def _cot_bars() -> str:
    bars = ""
    for i in range(8):
        y = 62 + i * 51
        lean = (240 - y) * 0.03  # as bars look from above the middle
        bars += polyline(((40, y), (68, y + lean)))
        bars += polyline(((440, y), (412, y + lean)))
    for i in range(6):
        x = 90 + i * 60
        bars += polyline(((x, 20), (x, 46)))
        bars += polyline(((x, 460), (x, 434)))
    return bars


def _cot_side(ink: Ink) -> str:
    posts = rounded_box(30, 50, 20, 390, 8)
    posts += rounded_box(430, 50, 20, 390, 8)
    mattress = rounded_box(50, FLOOR, 380, 34, 12)

    svg = ink.shape(posts, WOOD, 0.8)
    return svg + ink.shape(mattress, SHEET, 0.8)


def _cot_rail(ink: Ink) -> str:
    bars = ""
    for i in range(9):
        x = 80 + i * 40
        bars += polyline(((x, 392), (x, 424)))
    rails = rounded_box(36, 384, 408, 14, 6)
    rails += rounded_box(36, 424, 408, 14, 6)
    svg = ink.band(bars, WOOD, 9, 0.7)
    return svg + ink.shape(rails, WOOD, 0.8)


def _bouncer(ink: Ink) -> str:
    """A bouncer seat from the front: a padded shell on a bent tube that stands on the floor."""
    shadow = ellipse((240, 454), 180, 16)
    tube = scale_path(
        "M96 448Q60 448 70 412L128 250M384 448Q420 448 410 412L352 250M96 448L384 448"
    )
    shell = _shell((128, 118), (250, 132), (372, 84))
    padding = _shell((128, 98), (250, 112), (372, 66))

    svg = fill_path(shadow, LINE, 0.12)
    svg += ink.band(tube, TUBE, 9)
    svg += ink.shape(shell, "#a98bbb", 0.95)
    return svg + fill_path(padding, "#e3d7ea")


def _bouncer_side(ink: Ink) -> str:
    """A bouncer from the side: a bent padded seat over a tube that stands on the floor."""
    shadow = ellipse((250, 454), 190, 14)
    tube = scale_path("M196 330L104 446Q96 456 112 456L404 456Q420 456 410 444L340 376")
    seat = scale_path("M112 166Q150 330 244 372Q320 400 408 344")

    svg = fill_path(shadow, LINE, 0.12)
    svg += ink.band(tube, TUBE, 9)
    return svg + ink.band(seat, "#a98bbb", 34, 0.95)


def _highchair(ink: Ink) -> str:
    """A highchair from the front: legs, foot plate, a padded back.

    Its tray is drawn in front of the baby.
    """
    legs = capsule((168, 340), 9, (112, 472), 9)
    legs += capsule((312, 340), 9, (368, 472), 9)
    foot_plate = rounded_box(150, 440, 180, 16, 8)
    back = _shell((150, 116), (340, 104))
    padding = _shell((154, 96), (340, 86))
    padding_colour = mix_colours(SAGE, DEEP_SAGE, 0.45)

    svg = ink.shape(legs, WOOD, 0.9)
    svg += ink.shape(foot_plate, WOOD_DARK, 0.8)
    svg += ink.shape(back, WOOD, 0.95)
    return svg + fill_path(padding, padding_colour)


def _shell(*circles: tuple[float, float]) -> str:
    """The outline of a padded back, as how far down and how wide its circles are."""
    solids = [((MIDDLE, y), radius) for y, radius in circles]
    outline = circles_outline(solids, 24)
    return smooth_path(outline)


def _tray(ink: Ink) -> str:
    rim = scale_path("M78 330Q78 380 114 380L366 380Q402 380 402 330Z")
    top = scale_path(
        "M78 330Q78 304 106 302L374 302Q402 304 402 330Q402 360 366 364L114 364Q78 360 78 330Z"
    )
    inner = scale_path(
        "M100 330Q100 316 118 315L362 315Q380 316 380 330Q380 348 358 350L122 350Q100 348 100 330Z"
    )
    rim_colour = mix_colours(CREAM, LINE, 0.18)
    inner_colour = mix_colours(CREAM, MARIGOLD, 0.16)
    svg = ink.shape(rim, rim_colour, 0.9)
    svg += ink.shape(top, CREAM, 0.9)
    return svg + fill_path(inner, inner_colour)


def _room(ink: Ink) -> str:
    wall = scale_path(
        "M30 250C20 120 120 24 250 28C380 30 462 130 456 262"
        "C452 392 372 462 238 460C110 458 40 380 30 250Z"
    )
    return fill_path(wall, SAGE)


SURFACES: dict[str, Callable[[Ink], str]] = {
    "mat": _mat,
    "cot": _cot,
    "bouncer": _bouncer,
    "highchair": _highchair,
    "lap": _room,
    "arms": _room,
}
SIDE_SURFACES: dict[str, Callable[[Ink], str]] = {
    "mat": _mat_side,
    "cot": _cot_side,
    "bouncer": _bouncer_side,
}
"""Those that look different from the side."""
SIDE_WALLS: dict[str, str] = {
    "mat": fill_path(rounded_box(20, 70, 440, 300, 60), SAGE),
    "cot": fill_path(rounded_box(26, 60, 428, 330, 30), mix_colours(SAGE, CREAM, 0.4)),
}
"""What is behind them in the plain room."""
