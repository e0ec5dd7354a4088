"""The whole face on the plate of a head, with its brows, nose, cheeks and tears.
Eyes are in eyes.py, the mouth in mouth.py, the shape of the head in head.py.

Lengths are in units of half a head; `side` is -1 for the picture's left and 1 for its right.
"""

from __future__ import annotations

from courses.figure.anatomy.eyes import draw_eye, hidden_share
from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.mouth import draw_mouth
from courses.figure.anatomy.person import FaceDetails, Numbers
from courses.figure.geometry.path_data import smooth_path
from courses.figure.palette import MOTTLE, SKY, Ink, fill_path, mix_colours

SIDES = (-1, 1)


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
    return _cheeks(plate, n, ink) + _nose(plate, n, ink) + grouped + _tears(plate, n)


def _cheeks(plate: Plate, n: Numbers, ink: Ink) -> str:
    blush = min(0.4 + 0.5 * n["flush"], 0.9)
    # A blush does not show on cheeks without blood in them.
    paleness = max(n["pale"], n["dusky"])
    strength = blush * (1 - 0.85 * paleness)
    grow = 1 + 0.35 * n["flush"]
    eye_x, eye_y, *_ = plate.skull.eye
    y = eye_y - 0.27 + 0.03 * n["cheek"]
    svg = ""
    for side in SIDES:
        x = side * (eye_x + 0.13)
        if plate.facing(x, y) <= 0.15:
            continue
        cheek = plate.oval(x, y, 0.155 * grow, 0.115 * grow)
        svg += fill_path(cheek, ink.tone.blush, strength)
        if n["mottle"] > 0.2:
            svg += _mottled_cheek(plate, x, y, side, n["mottle"], ink)
    return svg


# Across towards the ear, up, and half the width and height of each patch of a mottled cheek.
CHEEK_PATCHES = (
    (0.1, -0.16, 0.1, 0.05),
    (-0.14, 0.08, 0.05, 0.08),
    (0.02, 0.52, 0.13, 0.06),
    (-0.2, 0.6, 0.07, 0.05),
)


def _mottled_cheek(plate: Plate, x: float, y: float, side: int, strength: float, ink: Ink) -> str:
    patches = ""
    for dx, dy, rx, ry in CHEEK_PATCHES:
        across = x + side * dx
        patches += plate.oval(across, y + dy, rx, ry, 6)
    colour = mix_colours(ink.tone.blush, MOTTLE, 0.45)
    return fill_path(patches, colour, 0.42 * strength)


def _brow(plate: Plate, n: Numbers, ink: Ink, side: int, details: FaceDetails) -> str:
    up, half = plate.skull.brow
    eye_x = plate.skull.eye[0]
    beyond_eye = side * (eye_x + 0.3 * half)
    if plate.facing(beyond_eye, up) < 0.12:
        return ""
    inner_lift = n["brow_in"]
    outer_lift = n["brow_out"]
    knit = n["knit"]
    # Knit brows come together.
    pull = 0.055 * knit
    rise = 0.0 if details.adult else 0.035
    hidden = hidden_share(plate, side * eye_x, up, side, 1.05 * half)
    middle_lift = 0.12 * (0.55 * outer_lift + 0.45 * inner_lift)

    inner = (side * (eye_x - half - pull), up + rise + 0.14 * inner_lift)
    middle = (
        side * (eye_x - pull - half * hidden / 2),
        up + 0.095 + middle_lift - 0.06 * knit,
    )
    outer = (
        side * (eye_x + half * 1.05 * (1 - hidden) - pull * 0.5),
        up - 0.05 + 0.11 * outer_lift,
    )

    line = plate.path([inner, middle, outer], closed=False)
    # A baby's brows are finer and fairer than a grown-up's.
    colour = ink.line if details.adult else mix_colours(ink.line, ink.skin, 0.25)
    svg = ink.stroke(line, colour, 1.6 if details.adult else 1.3)
    if knit > 0.45:
        svg += _crease(plate, n, ink, side)
    return svg


def _crease(plate: Plate, n: Numbers, ink: Ink, side: int) -> str:
    """The line beside a brow that is drawn together."""
    up, half = plate.skull.brow
    x = side * (plate.skull.eye[0] - half - 0.12)
    lift = 0.1 * n["brow_in"]
    line = [
        (x, up + 0.02 + lift),
        (x + side * 0.015, up - 0.12 + lift),
    ]
    path = plate.path(line, closed=False)
    colour = mix_colours(ink.tone.shade, ink.line, 0.6)
    return ink.stroke(path, colour, 0.8)


def _nose(plate: Plate, n: Numbers, ink: Ink) -> str:
    up, half, out_by = plate.skull.nose
    if plate.facing(0, up) < 0.02:
        return ""
    y = up + 0.02 * n["squeeze"]
    # The tip stands off the face more than the nostrils, so that a turned head shows a profile.
    nostrils = out_by * 0.55
    tip = out_by
    base = [
        plate.point(-half, y + 0.01, nostrils),
        plate.point(-half * 0.9, y - 0.055, nostrils),
        plate.point(-half * 0.3, y - 0.045, tip),
        plate.point(0, y - 0.075, tip),
        plate.point(half * 0.3, y - 0.045, tip),
        plate.point(half * 0.9, y - 0.055, nostrils),
        plate.point(half, y + 0.01, nostrils),
    ]
    shade = mix_colours(ink.tone.shade, ink.line, 0.55)
    light = plate.oval(0, up + 0.03, half * 0.8, 0.07)
    svg = fill_path(light, ink.tone.light, 0.55)
    svg += ink.stroke(smooth_path(base, closed=False), shade, 0.95)
    if n["wrinkle"] > 0.4:
        svg += _nose_wrinkle(plate, up + 0.1, ink, shade)
        svg += _nose_wrinkle(plate, up + 0.17, ink, shade)
    return svg


def _nose_wrinkle(plate: Plate, y: float, ink: Ink, shade: str) -> str:
    points = [
        (-0.05, y),
        (0, y + 0.025),
        (0.05, y),
    ]
    line = plate.path(points, closed=False)
    return ink.stroke(line, shade, 0.8)


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
            (x, y + 0.12),
            (x + 0.05, y - 0.03),
            (x, y - 0.09),
            (x - 0.05, y - 0.03),
        ]
        svg += fill_path(plate.path(drop), colour)
    return svg
