"""What a grown-up wears on the trunk: a jumper, a shirt, a cardigan or a hooded top.
The trunk and its sleeves are in body.py; colours, in look.py."""

from __future__ import annotations

from courses.figure.adults.look import AdultLook
from courses.figure.geometry.path_data import circle, polyline, smooth_path
from courses.figure.geometry.vectors import Frame, Point
from courses.figure.palette import CREAM, fill_path, mix_colours

Line = tuple[Point, ...]

RIM: Line = ((-0.52, 0.24), (-0.44, -0.1), (0, -0.42), (0.44, -0.1), (0.52, 0.24))
# The right half of a shirt's collar, and where its buttons are: across and up from the neck.
COLLAR: Line = ((0.44, 0.36), (0.6, 0.16), (0.74, -0.16), (0.48, -0.6), (0.24, -0.4), (0.0, -0.34))
COLLAR_INNER: Line = ((0.2, -0.14), (0.4, 0.06))
BUTTONS = (-0.62, -1.12, -1.62, -2.12)
# The right edge of an open cardigan, from the neck to the hem.
OPENING: Line = ((0.46, 0.26), (0.44, -0.1), (0.36, -0.7), (0.4, -1.6), (0.44, -2.6), (0.46, -3.94))
# A hood that lies on the shoulders: its outer and its inner edge, the right half.
HOOD_OUTER: Line = ((0.46, 0.5), (0.92, 0.34), (0.98, -0.02), (0.6, -0.42), (0.12, -0.72))
HOOD_INNER: Line = ((0.0, -0.42), (0.36, -0.16), (0.44, 0.2))
CORDS: tuple[Line, ...] = (
    ((0.16, -0.52), (0.2, -0.86), (0.17, -1.16)),
    ((-0.16, -0.52), (-0.2, -0.82), (-0.15, -1.06)),
)


def draw_clothes(chest: Frame, look: AdultLook) -> str:
    """What lies over the trunk's own shape and round the neck."""
    return CLOTHES[look.wears](chest, look)


def _at(chest: Frame, point: Point, side: int = 1) -> Point:
    x, y, _ = chest.point(side * point[0], point[1])
    return x, y


def _jumper(chest: Frame, look: AdultLook) -> str:
    """The ribbed edge of a neckline."""
    line = smooth_path([_at(chest, point) for point in RIM], closed=False)
    return look.ink.band(line, look.top_shade, 0.15 * chest.unit, 0.6)


def _shirt(chest: Frame, look: AdultLook) -> str:
    """A collar of two points over a row of buttons."""
    seam = polyline([_at(chest, (0.1, -0.4)), _at(chest, (0.1, -2.6)), _at(chest, (0.1, -4.0))])
    svg = look.ink.stroke(seam, look.fold, 0.7)
    dots = ""
    for y in BUTTONS:
        dots += circle(_at(chest, (0.0, y)), 0.055 * chest.unit)
    svg += fill_path(dots, CREAM)
    for side in (-1, 1):
        corner = COLLAR[3]
        points = [*COLLAR[:3], corner, corner, *COLLAR[4:], *COLLAR_INNER]
        leaf = smooth_path([_at(chest, point, side) for point in points])
        svg += look.ink.shape(leaf, mix_colours(look.top, CREAM, 0.5), 0.8)
    return svg


def _cardigan(chest: Frame, look: AdultLook) -> str:
    """A pale vest between the edges of a cardigan."""
    right = [_at(chest, point) for point in OPENING]
    left = [_at(chest, point, -1) for point in OPENING]
    low = [_at(chest, (0, -0.44)), _at(chest, (0, -0.4))]
    # Points that stand twice make a corner.
    vest = smooth_path([right[1], *right[1:], right[-1], left[-1], *left[:0:-1], left[1], *low])
    svg = fill_path(vest, CREAM)
    neckline = smooth_path([left[1], *low, right[1]], closed=False)
    svg += look.ink.stroke(neckline, look.fold, 0.7)
    for edge in (left, right):
        line = smooth_path(edge, closed=False)
        svg += look.ink.band(line, look.top_shade, 0.14 * chest.unit, 0.6)
    return svg


def _hoodie(chest: Frame, look: AdultLook) -> str:
    """A hood on the shoulders, and two cords."""
    svg = ""
    for side in (-1, 1):
        edge = [*HOOD_OUTER, *HOOD_INNER]
        half = smooth_path([_at(chest, point, side) for point in edge])
        svg += look.ink.shape(half, look.top, 0.9)
    for cord in CORDS:
        line = smooth_path([_at(chest, point) for point in cord], closed=False)
        svg += look.ink.band(line, CREAM, 0.06 * chest.unit, 0.4)
    return svg


CLOTHES = {"jumper": _jumper, "shirt": _shirt, "cardigan": _cardigan, "hoodie": _hoodie}
"""How each of vocabulary.CARER_WEARS is drawn."""
