"""The whole face on the plate of a head, with its brows, nose, cheeks and tears.
Eyes are in eyes.py, the mouth in mouth.py, the shape of the head in head.py.

Lengths are in units of half a head; `side` is -1 for the picture's left and 1 for its right.
"""

from __future__ import annotations

from courses.figure.anatomy.differences import draw_differences
from courses.figure.anatomy.eyes import draw_eye, hidden_share
from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.mouth import draw_mouth
from courses.figure.anatomy.person import FaceDetails, Numbers
from courses.figure.anatomy.skin_signs import mottled_face
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import Point
from courses.figure.palette import SKY, Ink, fill_path, mix_colours, soft_spot

SIDES = (-1, 1)
BABY_BROW, NOSE_LIGHT = "#33211f", "#ffe4c8"


def draw_face(plate: Plate, n: Numbers, ink: Ink, uid: str, details: FaceDetails) -> str:
    """Everything on the front of the head, from cheeks to brows.

    What moves as one is a group, which is empty when it is not seen.
    """
    groups = [
        draw_mouth(plate, n, ink, f"{uid}m", details),
        draw_eye(plate, n, ink, -1, f"{uid}l", details),
        draw_eye(plate, n, ink, 1, f"{uid}r", details),
        _brow(plate, n, ink, -1, details) + _brow(plate, n, ink, 1, details),
    ]
    grouped = "".join(f"<g>{group}</g>" for group in groups)
    grouped += draw_differences(plate, details.has, ink)
    skin = soft_spot(f"{uid}s", ink.tone.shade)
    skin += _cheeks(plate, n, ink, f"{uid}b") + _brow_pad(plate, n, f"{uid}s")
    return skin + _nose(plate, n, ink) + grouped + _tears(plate, n)


def _cheeks(plate: Plate, n: Numbers, ink: Ink, uid: str) -> str:
    """A blush that fades to its edge, and the net of mottled skin; `uid` names the blush."""
    # Less than whole always: what is whole has no opacity to change in a moving scene.
    blush = min(0.55 + 0.4 * n["flush"], 0.95)
    # A blush does not show on cheeks without blood in them.
    paleness = max(n["pale"], n["dusky"])
    strength = blush * (1 - 0.9 * paleness) * (1 - 0.6 * n["hollow"])
    grow = 1 + 0.3 * n["flush"]
    eye_x, eye_y, *_ = plate.skull.eye
    y = eye_y - 0.29 + 0.03 * n["cheek"]
    svg = soft_spot(uid, ink.tone.blush)
    for side in SIDES:
        x = side * (eye_x + 0.12)
        if plate.facing(x, y) <= 0.15:
            continue
        cheek = plate.oval(x, y, 0.25 * grow, 0.19 * grow)
        svg += fill_path(cheek, f"url(#{uid})", strength)
    if n["mottle"] > 0.2:
        svg += mottled_face(plate, n["mottle"], ink)
    return svg


def _brow(plate: Plate, n: Numbers, ink: Ink, side: int, details: FaceDetails) -> str:
    """A brow that tapers to its outer end."""
    up, half = plate.skull.brow
    eye_x = plate.skull.eye[0]
    beyond_eye = side * (eye_x + 0.3 * half)
    if plate.facing(beyond_eye, up) < 0.12:
        return ""
    inner_lift = n["brow_in"]
    outer_lift = n["brow_out"]
    # Knit brows come together.
    pull = 0.07 * n["knit"]
    rise = 0.0 if details.adult else 0.035
    hidden = hidden_share(plate, side * eye_x, up, side, 1.05 * half)
    middle_lift = 0.12 * (0.55 * outer_lift + 0.45 * inner_lift)

    inner = (side * (eye_x - half - pull), up + rise + 0.14 * inner_lift)
    middle = (
        side * (eye_x - pull - half * hidden / 2),
        up + 0.095 * (1 - 0.6 * n["brow_flat"]) + middle_lift - 0.03 * n["knit"],
    )
    outer = (
        side * (eye_x + half * 1.05 * (1 - hidden) - pull * 0.5),
        up - 0.05 + 0.11 * outer_lift + 0.05 * n["brow_flat"],
    )
    thick = 0.062 if details.adult else 0.052
    below = [inner, (middle[0], middle[1] - 0.4 * thick), outer]
    above = [inner, (inner[0], inner[1] + thick), (middle[0], middle[1] + thick), outer]
    # A baby's brows are finer and fairer than a grown-up's.
    colour = details.brow if details.adult else mix_colours(BABY_BROW, ink.skin, 0.28)
    return ink.outlined(plate.lens(above, below), colour, 0.3)


def _brow_pad(plate: Plate, n: Numbers, uid: str) -> str:
    """The soft bulge between brows that are drawn together: babies have no furrow there."""
    if n["knit"] < 0.3:
        return ""
    up, half = plate.skull.brow
    y = up + 0.02 + 0.1 * n["brow_in"]
    if plate.facing(0, y) < 0.1:
        return ""
    gap = plate.skull.eye[0] - half
    # A shade beside each brow leaves a lit ridge between them.
    valleys = ""
    for side in SIDES:
        valleys += plate.oval(side * gap * 0.62, y, gap * 0.55, 0.17)
    return fill_path(valleys, f"url(#{uid})", 0.5 * min(n["knit"], 1.0))


def _nose(plate: Plate, n: Numbers, ink: Ink) -> str:
    """A button: its light, its lower edge, and the hint of two nostrils."""
    up, half, out_by = plate.skull.nose
    if plate.facing(0, up) < 0.02:
        return ""
    y = up + 0.03 * n["wrinkle"]
    # The tip stands off the face more than the nostrils, so that a turned head shows a profile.
    nostrils = out_by * 0.55
    tip = out_by
    base = [
        plate.point(-half, y + 0.005, nostrils),
        plate.point(-half * 0.95, y - 0.05, nostrils),
        plate.point(-half * 0.4, y - 0.05, tip),
        plate.point(0, y - 0.078, tip),
        plate.point(half * 0.4, y - 0.05, tip),
        plate.point(half * 0.95, y - 0.05, nostrils),
        plate.point(half, y + 0.005, nostrils),
    ]
    light = plate.path(_ring(0, up + 0.035, half * 0.62, 0.055), out=tip * 0.6)
    svg = fill_path(light, NOSE_LIGHT, 0.2)
    svg += ink.stroke(smooth_path(base, closed=False), ink.soft_line(0.5), 0.85)
    if n["wrinkle"] > 0.4:
        wrinkles = _nose_wrinkle(plate, up + 0.11) + _nose_wrinkle(plate, up + 0.18)
        svg += ink.stroke(wrinkles, ink.soft_line(0.2), 0.7)
    return svg


def _ring(x: float, y: float, rx: float, ry: float) -> list[Point]:
    """Eight points round an ellipse of the face."""
    return [(x + rx * dx, y + ry * dy) for dx, dy in OCTAGON]


OCTAGON = (
    (1, 0),
    (0.75, 0.75),
    (0, 1),
    (-0.75, 0.75),
    (-1, 0),
    (-0.75, -0.75),
    (0, -1),
    (0.75, -0.75),
)


def _nose_wrinkle(plate: Plate, y: float) -> str:
    points = [
        (-0.05, y),
        (0, y + 0.025),
        (0.05, y),
    ]
    return plate.path(points, closed=False)


def _tears(plate: Plate, n: Numbers) -> str:
    if n["tears"] < 0.3:
        return ""
    eye_x, eye_y, half_width, half_height = plate.skull.eye
    y = eye_y - 1.5 * half_height
    colour = mix_colours(SKY, "#ffffff", 0.35)
    svg = ""
    for side in SIDES:
        x = side * (eye_x + half_width * 0.55)
        if plate.facing(x, y) <= 0.15:
            continue
        drop = [
            (x, y + 0.13),
            (x + 0.055, y - 0.03),
            (x, y - 0.1),
            (x - 0.055, y - 0.03),
        ]
        svg += fill_path(plate.path(drop), colour)
    return svg
