"""What some babies have: a feeding tube, a repaired cleft, glasses, a hearing aid, Down's syndrome.
They are part of who a baby is and never the cue of a scene; the words are in vocabulary.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from math import cos, pi, sin

from courses.figure.anatomy.head import Plate, Skull
from courses.figure.geometry.path_data import circle, smooth_path
from courses.figure.geometry.vectors import Frame, Point
from courses.figure.palette import Ink, fill_path, mix_colours

SIDES = (-1, 1)
TUBE, TAPE, FRAMES, AID = "#fdf8ea", "#f7e6cf", "#4d7d96", "#6f9fb5"
TUBE_SIDE = -1
"""The side of the picture on which a feeding tube is taped."""


def skull_with(skull: Skull, has: Collection[str]) -> Skull:
    """The head of a baby with Down's syndrome, or the head that was given.

    Eyes that slant up a little, a flatter bridge of the nose, and small ears that sit low.
    """
    if "downs-syndrome" not in has:
        return skull
    eye_x, eye_y, width, height = skull.eye
    nose_up, nose_half, nose_out = skull.nose
    (ear_x, ear_y, ear_z), (across, tall, deep) = skull.ear
    mouth_up, mouth_size = skull.mouth
    return replace(
        skull,
        eye=(eye_x * 0.98, eye_y, width * 0.96, height * 0.84),
        slant=0.048,
        nose=(nose_up - 0.01, nose_half * 0.95, nose_out * 0.6),
        ear=((ear_x * 0.99, ear_y - 0.06, ear_z), (across, tall * 0.76, deep * 0.8)),
        mouth=(mouth_up, mouth_size * 0.92),
    )


def draw_differences(plate: Plate, has: Collection[str], ink: Ink) -> str:
    """What lies on the face, over its eyes and mouth."""
    svg = ""
    if "downs-syndrome" in has:
        svg += _eye_folds(plate, ink)
    if "repaired-cleft" in has:
        svg += _scar(plate, ink)
    if "feeding-tube" in has:
        svg += _feeding_tube(plate, ink)
    if "glasses" in has:
        svg += _glasses(plate, ink)
    return svg


def _eye_folds(plate: Plate, ink: Ink) -> str:
    """The small folds of skin at the inner corners of the eyes."""
    x, y, width, height = plate.skull.eye
    path = ""
    for side in SIDES:
        inner = x - 1.08 * width
        if plate.facing(side * inner, y) < 0.1:
            continue
        fold = [
            (side * (inner + 0.07), y + 0.4 * height),
            (side * (inner - 0.015), y - 0.05 * height),
            (side * (inner + 0.05), y - 0.6 * height),
        ]
        path += plate.path(fold, closed=False)
    return ink.stroke(path, ink.soft_line(0.25), 0.7)


def _scar(plate: Plate, ink: Ink) -> str:
    """The fine line of a repaired cleft, from a nostril to the lip."""
    nose_up, nose_half, _ = plate.skull.nose
    mouth_up, _ = plate.skull.mouth
    if plate.facing(0.5 * nose_half, mouth_up + 0.1) < 0.1:
        return ""
    line = [
        (0.62 * nose_half, nose_up - 0.075),
        (0.7 * nose_half, (nose_up + mouth_up) / 2 - 0.02),
        (0.5 * nose_half, mouth_up + 0.015),
    ]
    colour = mix_colours(ink.tone.light, ink.tone.blush, 0.35)
    return ink.stroke(plate.path(line, closed=False), colour, 0.75)


def _feeding_tube(plate: Plate, ink: Ink) -> str:
    """A fine tube from a nostril over the cheek, taped there, to behind the ear."""
    up, half, out_by = plate.skull.nose
    y = up - 0.065
    # Only the end at the nostril would be seen of a head turned so far.
    if plate.facing(TUBE_SIDE * half * 3.4, y) < 0.06:
        return ""
    points = []
    for k, rise, out in ((0.55, 0.0, 0.6), (1.2, -0.05, 0.3), (3.4, -0.03, 0.02), (6, 0.02, 0.01)):
        x = TUBE_SIDE * half * k
        if plate.facing(x, y + rise) > 0.06:
            points.append(plate.point(x, y + rise, out_by * out))
    (ear_x, ear_y, ear_z), (_, tall, _) = plate.skull.ear
    _, _, towards_viewer = plate.frame.direction(TUBE_SIDE, 0, 0.6)
    if towards_viewer > 0:
        over_ear = (TUBE_SIDE * ear_x * 0.98, ear_y + 0.6 * tall, ear_z + 0.08)
        right, down, _ = plate.frame.point(*over_ear)
        points.append((right, down))
    tube = ink.band(smooth_path(points, closed=False), TUBE, 0.036 * plate.frame.unit, 0.4)
    return tube + _tape(plate, (TUBE_SIDE * half * 4.2, y - 0.01), ink)


def _tape(plate: Plate, middle: Point, ink: Ink) -> str:
    x, y = middle
    if plate.facing(x, y) < 0.12:
        return ""
    corners = []
    for angle in range(0, 360, 30):
        # A square with round corners.
        dx, dy = cos(angle * pi / 180), sin(angle * pi / 180)
        reach = 1 / max(abs(dx), abs(dy)) ** 0.95
        corners.append((x + 0.13 * reach * dx, y + 0.085 * reach * dy))
    colour = mix_colours(TAPE, ink.skin, 0.15)
    edge = mix_colours(TAPE, ink.line, 0.35)
    path = plate.path(corners)
    return fill_path(path, colour, 0.9) + ink.stroke(path, edge, 0.45)


def _glasses(plate: Plate, ink: Ink) -> str:
    """Round frames of soft plastic."""
    x, y, width, _ = plate.skull.eye
    rims = ""
    for side in SIDES:
        if plate.facing(side * x, y) < 0.12:
            continue
        ring = []
        for step in range(10):
            angle = 2 * pi * step / 10
            ring.append((side * x + 1.38 * width * cos(angle), y + 1.38 * width * sin(angle)))
        rims += plate.path(ring, out=0.05)
    bridge_half = x - 1.32 * width
    bridge = [(-bridge_half, y + 0.05), (0, y + 0.1), (bridge_half, y + 0.05)]
    lines = plate.path(bridge, closed=False, out=0.07)
    for side in SIDES:
        outer = side * (x + 1.34 * width)
        temple = [(outer, y + 0.04), (side * 1.08, y + 0.05), (side * 1.3, y + 0.03)]
        if plate.facing(side * 1.2, y) > 0.02:
            lines += plate.path(temple, closed=False, out=0.03)
    glass = fill_path(rims, "#ffffff", 0.14)
    return glass + ink.stroke(rims + lines, FRAMES, 1.25)


def worn_at_ears(
    frame: Frame, skull: Skull, ink: Ink, has: Collection[str]
) -> Callable[[int], str] | None:
    """What draws a hearing aid on a side of the head; None for those who wear none."""
    if "hearing-aid" not in has:
        return None
    return lambda side: _hearing_aid(frame, skull, ink, side)


def _hearing_aid(frame: Frame, skull: Skull, ink: Ink, side: int) -> str:
    """An aid behind the ear, with its clear tube to the mould in it."""
    (ear_x, y, z), (_, tall, deep) = skull.ear
    x = side * (ear_x + 0.05)
    behind = [
        frame.point(x, y + 1.02 * tall, z + 0.3 * deep),
        frame.point(x, y + 1.2 * tall, z - 0.5 * deep),
        frame.point(x, y + 0.6 * tall, z - 1.35 * deep),
        frame.point(x, y - 0.3 * tall, z - 1.2 * deep),
    ]
    tube = [
        frame.point(x, y + 1.02 * tall, z + 0.3 * deep),
        frame.point(x, y + 0.6 * tall, z + 0.55 * deep),
        frame.point(x, y + 0.02, z + 0.15 * deep),
    ]
    unit = frame.unit
    mould = circle(frame.point(x, y - 0.02, z + 0.1 * deep), 0.055 * unit)
    svg = ink.band(smooth_path(behind, closed=False), AID, 0.085 * unit, 0.7)
    svg += ink.band(smooth_path(tube, closed=False), TUBE, 0.02 * unit, 0.35)
    return svg + ink.shape(mould, AID, 0.5)
