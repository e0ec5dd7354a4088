"""Eyes, open and closed, on the plate of a head.
The rest of the face is in face.py and mouth.py; how far lids open for a word is in vocabulary.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.person import FaceDetails, Numbers
from courses.figure.geometry.path_data import circle
from courses.figure.geometry.vectors import Point
from courses.figure.palette import EYE_WHITE, FORM, PUPIL, Ink, fill_path, mix_colours

RIM = 0.3
"""Eyes and brows end where the head turns away so far: their lines need room inside its outline."""
CLOSED = 0.08
"""Lids lower than this are drawn as one line."""
LID_STEPS = (-1, -0.75, -0.35, 0, 0.35, 0.75, 1)
FEW_STEPS = (-1, -0.5, 0, 0.5, 1)
"""For lines that need not lie exactly on another: a moving scene tells where each point is."""
DULL = "#8d8177"
"""What an iris fades towards as the eye glazes."""


@dataclass(frozen=True)
class _Eye:
    """An eye as it is seen: its middle, half its width and height, and its side of the picture.

    `slant` is how much higher the outer corner is than the middle.
    """

    x: float
    y: float
    width: float
    height: float
    side: int
    slant: float

    def point(self, t: float, up: float) -> Point:
        """A place of the eye: `t` from -1 (inner corner) to 1 (outer), `up` from its middle."""
        x = self.x + self.side * self.width * t
        y = self.y + up + self.slant * t
        return (x, y)

    def lid(
        self, level: float, reach: float = 1.0, steps: tuple[float, ...] = LID_STEPS
    ) -> list[Point]:
        """The curve of a lid whose middle is at `level`; `reach` is its width beside the eye's."""
        points = []
        for t in steps:
            arch = level * (1 - t * t) * 1.12
            points.append(self.point(t * reach, arch))
        return points

    def lashes(self, level: float, thick: float) -> list[Point]:
        """The upper edge of the lashes of a lid: longest towards the outer corner."""
        points = []
        for t in FEW_STEPS:
            arch = level * (1 - t * t) * 1.12
            length = thick * (1 - t**4) * (1 + 0.35 * t)
            points.append(self.point(t * 1.05, arch + length))
        return points


def draw_eye(plate: Plate, n: Numbers, ink: Ink, side: int, uid: str, details: FaceDetails) -> str:
    """One eye, "" when the head is turned too far; `uid` is the id of its clip path."""
    x, y, width, height = plate.skull.eye
    x *= side
    if plate.facing(x + 0.3 * side * width, y) < 0.1:
        return ""
    hidden = hidden_share(plate, x, y, side, width)
    # A wide or staring eye is larger, not only more open.
    widened = max(n["lid"] - 1, 0)
    eye = _Eye(
        x - side * width * hidden / 2,
        y,
        width * (1 - hidden / 2),
        height * (1 + 0.25 * widened),
        side,
        plate.skull.slant,
    )
    svg = _hollow(plate, eye, n["hollow"], ink)
    if n["squeeze"] > 0.5:
        return svg + _squeezed_eye(plate, eye, ink)
    if n["lid"] < CLOSED:
        return svg + _sleeping_eye(plate, eye, n, ink)
    return svg + _open_eye(plate, eye, n, ink, uid, details)


def hidden_share(plate: Plate, x: float, y: float, side: int, reach: float) -> float:
    """How much of the outer half of an eye or brow lies round the edge of a turned head, 0 to 1."""
    if plate.facing(x + side * reach, y) >= RIM:
        return 0.0
    # Ten halvings find the edge to a thousandth.
    seen = 0.0
    hidden = 1.0
    for _ in range(10):
        middle = (seen + hidden) / 2
        if plate.facing(x + side * reach * middle, y) >= RIM:
            seen = middle
        else:
            hidden = middle
    return 1 - seen


def _hollow(plate: Plate, eye: _Eye, strength: float, ink: Ink) -> str:
    """The shade under the eyes of somebody worn out or ill."""
    if strength < 0.1:
        return ""
    x, y = eye.point(-0.1, -0.62 * eye.height)
    shade = plate.oval(x, y, eye.width * 0.95, eye.height * 0.52)
    colour = mix_colours(ink.tone.shade, "#7a6f86", 0.4)
    return fill_path(shade, colour, 0.45 * strength)


def _open_eye(plate: Plate, eye: _Eye, n: Numbers, ink: Ink, uid: str, details: FaceDetails) -> str:
    lid = n["lid"]
    height = eye.height
    looks_down = max(-n["gaze_y"], 0)
    lifted = lid * (1 - 0.42 * looks_down)  # the lid goes down with the eye
    top = height * (-0.42 + 1.42 * min(lifted, 1.25))
    opened = min(lid, 1)
    # A smile lifts the lower lid.
    bottom = -height * (0.42 + 0.18 * opened) + height * 0.42 * n["cheek"] * opened
    upper = eye.lid(top)
    lower = eye.lid(bottom)

    opening = plate.lens(upper, lower)
    eyeball = fill_path(opening, EYE_WHITE) + _eyeball(plate, eye, n, details)
    # A grown-up's eyes are smaller on the picture, and need less in them.
    if not details.adult:
        eyeball += _lid_shadow(plate, eye, top)
    svg = f'<clipPath id="{uid}"><path d="{opening}"/></clipPath>'
    svg += f'<g clip-path="url(#{uid})">{eyeball}</g>'
    rim = eye.lid(bottom, 0.85, FEW_STEPS)
    svg += ink.stroke(plate.path(rim, closed=False), ink.soft_line(0.3), 0.6)
    svg += _upper_lid(plate, eye, upper, top, ink)
    lashes = plate.lens(eye.lashes(top, 0.24 * height), upper)
    return svg + fill_path(lashes, ink.line)


def _lid_shadow(plate: Plate, eye: _Eye, top: float) -> str:
    """The lid and its lashes shade the upper part of the eye."""
    over = eye.lid(top + 0.1 * eye.height, steps=FEW_STEPS)
    under = eye.lid(top - 0.22 * eye.height, steps=FEW_STEPS)
    return fill_path(plate.lens(over, under), PUPIL, 0.12)


def _upper_lid(plate: Plate, eye: _Eye, upper: list[Point], top: float, ink: Ink) -> str:
    """The skin of the lid up to its crease: more of it the lower it is."""
    level = max(1.06 * eye.height, top + 0.3 * eye.height)
    crease = eye.lid(level, 0.97, FEW_STEPS)
    skin = mix_colours(ink.skin, FORM, 0.22)
    return fill_path(plate.lens(crease, upper), skin)


def _eyeball(plate: Plate, eye: _Eye, n: Numbers, details: FaceDetails) -> str:
    """Iris, pupil and two catch-lights that fade as the eye glazes."""
    glaze = n["glaze"]
    radius = eye.height * plate.skull.iris
    apart = eye.side * n["gaze_apart"] * 0.2
    x = eye.x + (n["gaze_x"] * 0.46 + apart) * eye.width
    y = eye.y + eye.height * 0.12 + n["gaze_y"] * eye.height * 0.42
    iris = plate.oval(x, y, radius, radius)
    glow = plate.oval(x, y - 0.3 * radius, radius * 0.74, radius * 0.58)
    pupil = plate.oval(x, y, radius * 0.54, radius * 0.54)
    colour = mix_colours(details.iris, DULL, 0.3 * glaze)
    lit = mix_colours(details.iris, "#dcb488", 0.36 * (1 - glaze))
    svg = fill_path(iris, colour)
    if not details.adult:
        svg += fill_path(glow, mix_colours(lit, colour, 0.6 * glaze))
    svg += fill_path(pupil, mix_colours(PUPIL, colour, 0.25 * glaze))
    return svg + fill_path(_catch_lights(plate, x, y, radius, glaze), EYE_WHITE)


def _catch_lights(plate: Plate, x: float, y: float, radius: float, glaze: float) -> str:
    """The window in the eye, and its small reflection opposite."""
    size = plate.frame.unit * radius
    window = plate.point(x - 0.3 * radius, y + 0.4 * radius)
    reflection = plate.point(x + 0.36 * radius, y - 0.4 * radius)
    dim = 1 - 0.85 * glaze
    return circle(window, size * 0.3 * dim) + circle(reflection, size * 0.14 * dim)


def _closed_lid(eye: _Eye, bulge: float, thick: float = 0.0) -> list[Point]:
    """The line of a closed eye, whose middle is `bulge` higher than its ends."""
    height = eye.height
    points = []
    for t in LID_STEPS:
        curve = (bulge + thick) * (1 - t * t)
        tilt = 0.1 * height * t
        points.append(eye.point(t, -0.12 * height + curve + tilt))
    return points


def _sleeping_eye(plate: Plate, eye: _Eye, n: Numbers, ink: Ink) -> str:
    """A soft curve with the round of the lid above it and three short lashes."""
    height = eye.height
    sag = -0.5 * height
    lid = _closed_lid(eye, sag)
    lashes = plate.lens(lid, _closed_lid(eye, sag, -0.2 * height))
    crease = plate.path(eye.lid(0.5 * height, 0.75, FEW_STEPS[1:-1]), closed=False)
    roots = ""
    for t in (0.4, 0.68, 0.94):
        root = -0.12 * height + sag * (1 - t * t) + 0.1 * height * t
        start = eye.point(t, root)
        end = eye.point(t + 0.1, root - 0.24 * height)
        roots += plate.path([start, end], closed=False)
    svg = ink.stroke(crease, ink.soft_line(0.15), 0.6)
    return svg + ink.shape(lashes, ink.line, 0.35) + ink.stroke(roots, weight=0.6)


def _squeezed_eye(plate: Plate, eye: _Eye, ink: Ink) -> str:
    """A tight line between a pressed lid and a puffed one, as in crying.

    It is straight, for an arch would laugh, and its folds are soft, for deep ones would be old.
    """
    height = eye.height
    lid = [
        eye.point(-1, -0.2 * height),
        eye.point(-0.5, -0.12 * height),
        eye.point(0.1, -0.06 * height),
        eye.point(0.6, -0.1 * height),
        eye.point(1.02, -0.02 * height),
    ]
    soft = ink.soft_line(0.35)
    folds = _fold_above(plate, eye) + _fold_below(plate, eye)
    for fold in (0.5, -0.5):
        start = eye.point(1.14, (0.02 + 0.3 * fold) * height)
        end = eye.point(1.34, (0.05 + 0.75 * fold) * height)
        folds += plate.path([start, end], closed=False)
    line = plate.path(lid, closed=False)
    return ink.stroke(folds, soft, 0.7) + ink.stroke(line, weight=1.6)


def _fold_above(plate: Plate, eye: _Eye) -> str:
    """The upper lid, pushed down by the brow."""
    points = [eye.point(t, eye.height * up) for t, up in ((-0.8, 0.16), (0, 0.42), (0.8, 0.36))]
    return plate.path(points, closed=False)


def _fold_below(plate: Plate, eye: _Eye) -> str:
    """The puff of the cheek under the lower lid."""
    points = [eye.point(t, -eye.height * down) for t, down in ((-0.75, 0.56), (0, 0.8), (0.8, 0.6))]
    return plate.path(points, closed=False)
