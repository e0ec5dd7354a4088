"""The mouth: lips, what shows inside, and what it does to the skin round it.
What the numbers of a word are is in vocabulary.py; the rest of the face is in face.py and eyes.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.anatomy.head import Plate
from courses.figure.anatomy.person import FaceDetails, Numbers
from courses.figure.geometry.vectors import Point
from courses.figure.palette import (
    DUSK,
    EYE_WHITE,
    GUM,
    MOUTH,
    TONGUE,
    Ink,
    fill_path,
    mix_colours,
)

LIP_LINE = "#351a1c"
# Where the points of a lip are, from the left corner (-1) to the right (1).
STEPS = (-1, -0.92, -0.7, -0.35, 0, 0.35, 0.7, 0.92, 1)


@dataclass(frozen=True)
class _Mouth:
    """A mouth's measures in half heads.

    `y` is its height on the face, `width` half its width; corners go up for a positive curve.

    `square` is 2 for an oval opening, more for a square one; `bow` is the wave of closed lips.
    """

    y: float
    width: float
    opening: float
    curve: float
    square: float
    bow: float

    def base(self, t: float) -> float:
        """How high the line between the lips is; corners up for a positive curve."""
        lift = self.curve * (abs(t) ** 1.8 - 0.35)
        # The middle of the upper lip hangs a little lower than its two peaks.
        bow = self.bow * (1 - abs(t)) * (abs(t) / 0.35 - 0.6)
        return self.y + lift + bow

    def edge(self, level: float) -> list[Point]:
        """The inner edge of a lip, whose middle is `level` above the line between the lips."""
        points = []
        for t in STEPS:
            bulge = (1 - abs(t) ** self.square) ** 0.7
            x = self.width * t
            y = self.base(t) + level * bulge
            points.append((x, y))
        return points

    def lip(self, level: float, thick: float, bow: float = 0.0) -> list[Point]:
        """The outer edge of a lip; `bow` is the depth of the dip in its middle."""
        points = []
        for t in STEPS:
            bulge = (1 - abs(t) ** self.square) ** 0.7
            dip = bow * (1 - min(abs(t) / 0.35, 1))
            fullness = thick * (1 - abs(t) ** 2.5)
            x = self.width * t * 1.12  # lips go on beyond the opening
            y = self.base(t) + level * bulge + fullness - dip
            points.append((x, y))
        return points


def draw_mouth(plate: Plate, n: Numbers, ink: Ink, uid: str, details: FaceDetails) -> str:
    """The mouth, "" when the head is turned too far; `uid` is the id of its clip path."""
    level, size = plate.skull.mouth
    mouth = _Mouth(
        y=level - 0.04 * n["m_open"],
        width=n["m_w"] * size,
        opening=n["m_open"] * size,
        curve=n["m_curve"] * size,
        square=n["m_square"],
        bow=0.016 * max(1 - n["m_press"] - 4 * n["m_open"], 0),
    )
    if plate.facing(0, mouth.y) < 0.0:
        return ""
    upper = mouth.edge(mouth.opening * n["m_up"])
    lower = mouth.edge(-mouth.opening * (1 - n["m_up"]))
    svg = _dusky_halo(plate, mouth, n["dusky"]) + _lips(plate, mouth, n, ink)
    # A mouth opened less would show as a blot.
    if mouth.opening > 0.03:
        svg += _open_mouth(plate, mouth, n, ink, uid, details, upper, lower)
    else:
        line = plate.path(upper, closed=False)
        svg += ink.stroke(line, _line_colour(n, ink), 1.05)
    return svg + _skin_lines(plate, mouth, n, ink)


def _dusky_halo(plate: Plate, mouth: _Mouth, dusky: float) -> str:
    """The blue round the lips of a dusky baby."""
    if dusky <= 0.2:
        return ""
    width = mouth.width + 0.1
    height = 0.17 + 0.62 * mouth.opening
    wide = plate.oval(0, mouth.y + 0.01, width, height)
    near = plate.oval(0, mouth.y + 0.01, width * 0.8, height * 0.76)
    return fill_path(wide, DUSK, 0.16 * dusky) + fill_path(near, DUSK, 0.2 * dusky)


def _lip_colour(n: Numbers, ink: Ink) -> str:
    """Lips by how much blood, and how blue, is in them; a baby's are near the skin."""
    warm = mix_colours(ink.tone.lip, ink.tone.blush, 0.25)
    pale = mix_colours(warm, ink.tone.pallor, 0.72 * n["pale"])
    flushed = mix_colours(pale, "#b23c40", 0.15 * n["flush"])
    return mix_colours(flushed, DUSK, 0.88 * n["dusky"])


def _line_colour(n: Numbers, ink: Ink) -> str:
    """The line between the lips is of their colour, not the black of the outline."""
    return mix_colours(_lip_colour(n, ink), LIP_LINE, 0.58)


def _lips(plate: Plate, mouth: _Mouth, n: Numbers, ink: Ink) -> str:
    # Pressed lips all but vanish.
    full = 1 - 0.92 * n["m_press"]
    rise = mouth.opening * n["m_up"]
    upper = mouth.lip(rise, 0.062 * full, 0.026 * full)
    drop = mouth.opening * (1 - n["m_up"])
    low_thickness = (0.072 + 0.05 * n["m_pout"]) * full
    lower = mouth.lip(-drop, -low_thickness)
    svg = fill_path(plate.lens(upper, lower), _lip_colour(n, ink))
    # Light on the lower lip, where there is one to see.
    shine = plate.oval(0, mouth.base(0) - drop - 0.5 * low_thickness, mouth.width * 0.36, 0.014)
    return svg + fill_path(shine, ink.tone.light, 0.5 * full * (1 - n["dusky"]))


def _open_mouth(
    plate: Plate,
    mouth: _Mouth,
    n: Numbers,
    ink: Ink,
    uid: str,
    details: FaceDetails,
    upper: list[Point],
    lower: list[Point],
) -> str:
    """The opening with tongue and gum, or teeth, inside."""
    opening = plate.lens(upper, lower)
    inside = ""
    if n["m_tongue"] > 0.05:
        inside += _tongue(plate, mouth, n, lower)
    if n["m_gum"] > 0.05:
        colour = EYE_WHITE if details.teeth else _inner_colour(GUM, n)
        inside += _gum(plate, n["m_gum"], upper, colour)
    clip = f'<clipPath id="{uid}"><path d="{opening}"/></clipPath>'
    clipped = f'<g clip-path="url(#{uid})">{inside}</g>'
    pale = mix_colours(MOUTH, "#7c5f68", 0.55 * n["pale"])
    cavity = mix_colours(pale, "#473a5c", 0.75 * n["dusky"])
    edge = ink.stroke(opening, _line_colour(n, ink), 0.8)
    return clip + fill_path(opening, cavity) + clipped + edge


def _inner_colour(colour: str, n: Numbers) -> str:
    """Tongue and gums show pallor and blue on every skin."""
    pale = mix_colours(colour, "#d9c3bd", 0.75 * n["pale"])
    return mix_colours(pale, "#77709c", 0.85 * n["dusky"])


def _tongue(plate: Plate, mouth: _Mouth, n: Numbers, lower: list[Point]) -> str:
    _, bottom = lower[4]
    y = bottom + 0.02 * mouth.opening
    height = mouth.opening * 0.42 * n["m_tongue"]
    tongue = plate.oval(0, y, mouth.width * 0.72, height, 10)
    return fill_path(tongue, _inner_colour(TONGUE, n))


def _gum(plate: Plate, shown: float, upper: list[Point], colour: str) -> str:
    """A band under the upper lip."""
    band = [(x, y + 0.03) for x, y in upper]
    for x, y in reversed(upper):
        band.append((x * 0.96, y - 0.055 * shown))
    return fill_path(plate.path(band), colour)


def _skin_lines(plate: Plate, mouth: _Mouth, n: Numbers, ink: Ink) -> str:
    """Corners, dimples and chin: what a mouth does to the skin round it."""
    y = mouth.y
    sides = [side for side in (-1, 1) if plate.facing(side * (mouth.width + 0.12), y) > 0.2]
    lines: list[list[Point]] = []
    if n["m_curve"] > 0.045:
        lines += [_smile_corner(mouth, side) for side in sides]
    if n["fold"] > 0.3:
        lines += [_cheek_fold(mouth, side) for side in sides]
    if n["m_press"] > 0.5:
        lines += [_pressed_corner(mouth, side) for side in sides]
        # From the side the line under pressed lips would lie on the edge of the chin.
        if len(sides) > 1:
            lines.append(_chin_line(y - 0.13, 0.09))
    if n["m_pout"] > 0.5:
        lines.append(_chin_line(y - 0.17, 0.1))
    path = ""
    for line in lines:
        path += plate.path(line, closed=False)
    if not path:
        return ""
    # A baby's folds are soft: dark ones would age the face.
    return ink.stroke(path, ink.soft_line(0.25), 0.7)


def _chin_line(y: float, half_width: float) -> list[Point]:
    return [
        (-half_width, y),
        (0, y + 0.02),
        (half_width, y),
    ]


def _smile_corner(mouth: _Mouth, side: int) -> list[Point]:
    x = side * (mouth.width + 0.035)
    y = mouth.base(1)
    return [
        (x - side * 0.02, y + 0.055),
        (x + side * 0.018, y),
        (x - side * 0.01, y - 0.05),
    ]


def _cheek_fold(mouth: _Mouth, side: int) -> list[Point]:
    """The fold from the nose round the mouth, as in crying."""
    y = mouth.y
    return [
        (side * (mouth.width + 0.05), y + 0.15 + 0.2 * mouth.opening),
        (side * (mouth.width + 0.13), y + 0.06),
        (side * (mouth.width + 0.11), y - 0.08),
    ]


def _pressed_corner(mouth: _Mouth, side: int) -> list[Point]:
    x = side * (mouth.width + 0.035)
    y = mouth.base(1)
    return [
        (x - side * 0.015, y + 0.035),
        (x + side * 0.025, y),
        (x - side * 0.015, y - 0.035),
    ]
