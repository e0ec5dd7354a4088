"""A grown-up's head: skull, ears, beard, face, glasses and the lines of age.
Its hair is in hair.py; the parts of a face that babies have too are in anatomy/."""

from __future__ import annotations

from dataclasses import replace

from courses.figure.adults.body import Adult
from courses.figure.adults.hair import draw_hair_before, hides_ears
from courses.figure.anatomy.face import draw_face
from courses.figure.anatomy.head import Plate, Skull, _pair, draw_skull, ears
from courses.figure.anatomy.person import FaceDetails
from courses.figure.palette import Ink, fill_path, mix_colours

SLENDER = Skull(
    solids=(
        ((0, 0.22, -0.10), (0.78, 0.76, 0.92)),
        ((0, -0.16, 0.14), (0.72, 0.66, 0.70)),
        *_pair(0.30, -0.34, 0.36, (0.37, 0.38, 0.34)),
        ((0, -0.23, 0.90), (0.11, 0.11, 0.19)),
        ((0, -0.08, 0.82), (0.10, 0.24, 0.10)),
        ((0, -0.50, 0.70), (0.22, 0.20, 0.16)),
    ),
    chin=((0, -0.72, 0.48), (0.30, 0.22, 0.27)),
    plate=((0, -0.05, 0), (0.78, 0.98, 0.92)),
    eye=(0.31, 0.0, 0.176, 0.155),
    brow=(0.26, 0.175),
    nose=(-0.24, 0.10, 0.16),
    mouth=(-0.52, 1.12),
    ear=((0.76, -0.08, -0.08), (0.09, 0.21, 0.15)),
    iris=0.74,
)
BROAD = replace(
    SLENDER,
    chin=((0, -0.75, 0.46), (0.40, 0.23, 0.28)),
    eye=(0.305, 0.0, 0.166, 0.142),
    brow=(0.26, 0.185),
    nose=(-0.24, 0.115, 0.17),
)


def skull_of(adult: Adult) -> Skull:
    """A slender or a broad head."""
    is_broad = adult.look.beard or adult.look.hair in ("short", "none")
    return BROAD if is_broad else SLENDER


def draw_head(adult: Adult) -> str:
    """Ears, skull, beard, face, hair and glasses, in the order in which they cover each other."""
    look = adult.look
    ink = look.ink
    head = adult.joints.head
    skull = skull_of(adult)
    plate = Plate(head, skull)
    behind, ahead = ("", "") if hides_ears(look.hair) else ears(head, skull, ink)
    hair = ink.line if look.hair == "scarf" else look.hair_colour
    brow = mix_colours(hair, ink.line, 0.55)
    details = FaceDetails(teeth=True, adult=True, brow=brow)
    svg = behind + draw_skull(head, skull, ink, adult.numbers["jaw"], f"{adult.uid}h")
    if look.beard:
        svg += _beard(plate, look.hair_colour)
    svg += draw_face(plate, adult.numbers, ink, adult.uid, details)
    svg += _age_lines(plate, ink) if look.is_older else ""
    svg += draw_hair_before(head, skull, look) + ahead
    return svg + (_glasses(plate, ink) if look.glasses else "")


# A short beard with its moustache, the right half: round the jaw and back over the lip.
BEARD_JAW = ((0.9, 0.0), (0.92, -0.34), (0.8, -0.66), (0.53, -0.91), (0.2, -1.02))
BEARD_CHEEK = ((0.8, -0.1), (0.66, -0.4), (0.44, -0.47), (0.2, -0.37), (0.06, -0.36))


def _beard(plate: Plate, colour: str) -> str:
    """A short beard on what is seen of the jaw; the mouth is drawn over it."""
    right = [*BEARD_CHEEK[::-1], *BEARD_JAW]
    left = [(-x, y) for x, y in right]
    visible = [(x, y) for x, y in (*right, *left[::-1]) if plate.facing(x, y) > 0.06]
    return fill_path(plate.path(visible), colour, 0.5)


def _age_lines(plate: Plate, ink: Ink) -> str:
    """Soft lines beside eyes and mouth."""
    colour = mix_colours(ink.tone.shade, ink.line, 0.25)
    svg = ""
    for side in (-1, 1):
        for line in AGE_LINES:
            points = [(side * x, y) for x, y in line]
            if plate.facing(*points[1]) > 0.25:
                svg += ink.stroke(plate.path(points, closed=False), colour, 0.7)
    return svg


AGE_LINES = (
    ((0.19, -0.3), (0.33, -0.4), (0.37, -0.52)),
    ((0.52, 0.03), (0.58, 0.05), (0.63, 0.09)),
    ((0.52, -0.04), (0.58, -0.05), (0.63, -0.04)),
)
GLASS = 0.235


def _glasses(plate: Plate, ink: Ink) -> str:
    """Round glasses, their bridge and the sides that go to the ears."""
    x, y, *_ = plate.skull.eye
    y -= 0.01
    # Dark rims would be lost on dark skin.
    is_dark = int(ink.skin[1:3], 16) < 150
    frame = "#e2c892" if is_dark else mix_colours(ink.line, "#8c5f3e", 0.35)
    svg = ""
    for side in (-1, 1):
        if plate.facing(side * x, y) < 0.2:
            continue
        rim = plate.oval(side * x, y, GLASS, GLASS * 0.92, 10)
        svg += f'<path d="{rim}" fill="#ffffff" fill-opacity=".16" stroke="none"/>'
        svg += ink.stroke(rim, frame, 1.05)
        edge = [(side * (x + GLASS), y + 0.05), (side * 0.86, y + 0.09), (side * 1.1, y + 0.08)]
        if plate.facing(*edge[1]) > 0.0:
            svg += ink.stroke(plate.path(edge, closed=False), frame, 1.0)
    bridge = [(-x + GLASS, y + 0.04), (0, y + 0.1), (x - GLASS, y + 0.04)]
    return svg + ink.stroke(plate.path(bridge, closed=False), frame, 1.0)
