"""Eyes, open and closed, on the plate of a head.
The rest of the face is in face.py and mouth.py; how far lids open for a word is in vocabulary.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.person import FaceDetails, Numbers
from courses.figure.geometry.path_data import circle
from courses.figure.geometry.vectors import Point
from courses.figure.palette import EYE_WHITE, PUPIL, Ink, fill_path, mix_colours

RIM = 0.3
"""Eyes and brows end where the head turns away so far: their lines need room inside its outline."""


LID_STEPS = (-1, -0.75, -0.35, 0, 0.35, 0.75, 1)


@dataclass(frozen=True)
class _Eye:
    """An eye as it is seen: its middle, half its width and height, and its side of the picture."""

    x: float
    y: float
    width: float
    height: float
    side: int

    def point(self, t: float, up: float) -> Point:
        """A place of the eye: `t` from -1 (inner corner) to 1 (outer), `up` from its middle."""
        x = self.x + self.side * self.width * t
        y = self.y + up
        return (x, y)

    def lid(self, level: float, reach: float = 1.0) -> list[Point]:
        """The curve of a lid whose middle is at `level`; `reach` is its width beside the eye's."""
        # The outer corner is a little higher than the inner one.
        tilt = 0.03 * self.height
        points = []
        for t in LID_STEPS:
            x = self.x + self.side * self.width * t * reach
            arch = level * (1 - t * t) * 1.12
            y = self.y + arch + tilt * t
            points.append((x, y))
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
    )
    if n["squeeze"] > 0.5:
        return _squeezed_eye(plate, eye, n["squeeze"], ink)
    if n["lid"] < 0.08:
        return _sleeping_eye(plate, eye, n["squeeze"], ink)
    return _open_eye(plate, eye, n, ink, uid, details)


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

    svg = _lid_fold(plate, eye, upper, ink) if lid < 0.85 else ""
    opening = plate.lens(upper, lower)
    eyeball = _eyeball(plate, eye, n, details)
    svg += f'<clipPath id="{uid}"><path d="{opening}"/></clipPath>'
    svg += f'<g clip-path="url(#{uid})">{eyeball}</g>'

    soft = mix_colours(ink.tone.shade, ink.line, 0.45)
    svg += ink.stroke(plate.path(lower, closed=False), soft, 0.7)
    return svg + ink.stroke(plate.path(upper, closed=False), weight=1.35)


def _lid_fold(plate: Plate, eye: _Eye, upper: list[Point], ink: Ink) -> str:
    """The skin of a lid that is partly down."""
    fold = eye.lid(eye.height, 0.97)
    skin = mix_colours(ink.skin, ink.tone.shade, 0.4)
    edge = mix_colours(ink.tone.shade, ink.line, 0.35)
    area = plate.lens(fold, upper)
    line = plate.path(fold, closed=False)
    return fill_path(area, skin) + ink.stroke(line, edge, 0.8)


def _eyeball(plate: Plate, eye: _Eye, n: Numbers, details: FaceDetails) -> str:
    """White, iris, pupil and a highlight that fades as the eye glazes."""
    radius = eye.height * plate.skull.iris
    x = eye.x + n["gaze_x"] * eye.width * 0.46
    y = eye.y + eye.height * 0.12 + n["gaze_y"] * eye.height * 0.42
    white = plate.oval(eye.x, eye.y, eye.width * 1.2, eye.height * 1.5)
    iris = plate.oval(x, y, radius, radius)
    pupil = plate.oval(x, y, radius * 0.56, radius * 0.56)
    shine = plate.point(x - 0.3 * radius, y + 0.42 * radius)
    size = plate.frame.unit * radius
    highlight = circle(shine, size * 0.26 * (1 - 0.75 * n["glaze"]))
    return (
        fill_path(white, EYE_WHITE)
        + fill_path(iris, details.iris)
        + fill_path(pupil, PUPIL)
        + fill_path(highlight, EYE_WHITE)
    )


def _closed_lid(eye: _Eye, tight: float, bulge: float) -> list[Point]:
    """The line of a closed eye, whose middle is `bulge` higher than its ends."""
    height = eye.height
    points = []
    for t in (-1, -0.6, 0, 0.6, 1):
        curve = bulge * (1 - t * t)
        pinch = 0.25 * height * tight * (abs(t) - 0.3)
        tilt = 0.1 * height * t
        up = -0.12 * height + curve - pinch + tilt
        point = eye.point(t, up)
        points.append(point)
    return points


def _sleeping_eye(plate: Plate, eye: _Eye, tight: float, ink: Ink) -> str:
    """A soft curve with three lashes."""
    height = eye.height
    sag = -0.5 * height * (1 - tight) + 0.1 * height * tight
    bulge = sag if tight < 0.5 else 0.25 * height
    lid = _closed_lid(eye, tight, bulge)
    svg = ink.stroke(plate.path(lid, closed=False), weight=1.6)
    for t in (0.35, 0.7, 1.0):
        curve = sag * (1 - t * t)
        root = eye.point(t, -0.12 * height + curve + 0.1 * height * t)
        end = eye.point(t + 0.16, -0.42 * height + curve)
        lash = plate.path([root, end], closed=False)
        svg += ink.stroke(lash, weight=0.8)
    return svg


def _squeezed_eye(plate: Plate, eye: _Eye, tight: float, ink: Ink) -> str:
    """A tight line with folds beside and under it, as in crying."""
    height = eye.height
    lid = _closed_lid(eye, tight, 0.25 * height)
    svg = ink.stroke(plate.path(lid, closed=False), weight=1.6)
    for fold in (0.5, -0.5):
        start = eye.point(1.02, -0.1 * height + fold * 0.25 * height)
        end = eye.point(1.0 + 0.30, -0.05 * height + fold * 0.95 * height)
        line = plate.path([start, end], closed=False)
        svg += ink.stroke(line, weight=0.8)
    return svg + _line_under_eye(plate, eye, ink)


def _line_under_eye(plate: Plate, eye: _Eye, ink: Ink) -> str:
    points = []
    for t in (-0.8, 0, 0.8):
        depth = eye.height * (0.85 - 0.25 * t * t)
        points.append(eye.point(t, -depth))
    soft = mix_colours(ink.tone.shade, ink.line, 0.35)
    line = plate.path(points, closed=False)
    return ink.stroke(line, soft, 0.8)
