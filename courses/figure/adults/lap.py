"""The lap of somebody who is seated, thighs towards us, knees and shins, and their chair.
The rest of a grown-up is in body.py."""

from __future__ import annotations

from courses.figure.adults.body import Adult
from courses.figure.geometry.outlines import Circle, circles_outline
from courses.figure.geometry.path_data import capsule, rounded_box, smooth_path
from courses.figure.palette import fill_path, mix_colours

MIDDLE = 258.0
# Thigh, knee and shin of the right leg, from the middle: across and down the picture, and radius.
LEG = ((34.0, 424.0, 40.0), (104.0, 436.0, 47.0), (104.0, 540.0, 40.0))


CHAIR = "#cdb9a3"
CHAIR_SHADE = "#b39d86"


def draw_chair(adult: Adult) -> str:
    """The armchair that somebody with a baby on the lap sits in."""
    ink = adult.look.ink
    back = rounded_box(112, 204, 292, 300, 52)
    rests = rounded_box(60, 352, 66, 170, 30) + rounded_box(390, 352, 66, 170, 30)
    seam = smooth_path([(140, 236), (258, 222), (376, 236)], closed=False)
    svg = ink.shape(back, CHAIR, 0.9) + ink.stroke(seam, CHAIR_SHADE, 0.9)
    return svg + ink.shape(rests, mix_colours(CHAIR, CHAIR_SHADE, 0.35), 0.9)


def draw_seat(adult: Adult) -> str:
    """Both legs of somebody who sits facing us; the baby sits on a thigh."""
    ink = adult.look.ink
    colour = adult.look.trousers
    shade = mix_colours(colour, ink.line, 0.3)
    between = capsule((MIDDLE, 430.0), 40.0, (MIDDLE, 540.0), 40.0)
    svg = fill_path(between, shade)
    for side in (1, -1):
        outline = circles_outline(_leg_circles(side), 20)
        svg += ink.shape(smooth_path(outline), colour)
        svg += ink.stroke(_knee_fold(side), shade, 0.9)
    return svg


def _leg_circles(side: int) -> list[Circle]:
    circles: list[Circle] = []
    for across, down, radius in LEG:
        circles.append(((MIDDLE + side * across, down), radius))
    return circles


def _knee_fold(side: int) -> str:
    """The crease under a knee."""
    x = MIDDLE + side * 66
    points = [(x, 470.0), (x + side * 20, 478.0), (x + side * 44, 476.0)]
    return smooth_path(points, closed=False)
