"""Hands and feet, one system for babies and adults: a palm, four fingers and a thumb; a sole and five toes.
Where a hand or foot is, is decided in limbs.py; what its numbers are called, in words.py."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin

from courses.figure.geometry import (
    Space,
    around,
    between,
    capsule,
    chain,
    circle,
    cross,
    dot,
    plus,
    smooth,
    track,
    unit,
)
from courses.figure.palette import DUSK, Ink, flat


@dataclass(frozen=True)
class Grip:
    """The shape of one hand.

    Attributes:
        curl: 0 flat to 1 closed.
        spread: 0 fingers together to 1 as wide as they go.
        thumb: 0 beside the palm to 1 held out.
    """

    curl: float = 0.25
    spread: float = 0.3
    thumb: float = 0.5


@dataclass(frozen=True)
class Shape:
    """Sizes as fractions of the length of a hand: babies have short round fingers."""

    finger: float = 0.47
    thick: float = 0.092
    palm: float = 0.52


BABY_HAND = Shape()
ADULT_HAND = Shape(finger=0.54, thick=0.076, palm=0.5)

# Across the palm towards the thumb, along it, length and fan in degrees: index to little finger.
FINGERS = (
    (0.225, 1.0, 0.92, 13.0),
    (0.078, 1.05, 1.0, 3.5),
    (-0.07, 1.0, 0.93, -7.0),
    (-0.21, 0.88, 0.76, -20.0),
)
Bones = tuple[Space, Space, Space]


@dataclass(frozen=True)
class Palm:
    """A hand's own axes on the picture: across to the thumb, along to the fingers, out of the palm."""

    wrist: Space
    across: Space
    along: Space
    out: Space
    size: float

    def at(self, x: float, y: float, z: float = 0.0) -> Space:
        return plus(self.wrist, self.way(x, y, z), self.size)

    def way(self, x: float, y: float, z: float = 0.0) -> Space:
        return plus(plus(plus((0.0, 0.0, 0.0), self.across, x), self.along, y), self.out, z)


def _palm_of(wrist: Space, along: Space, faces: Space, thumb_side: int, size: float) -> Palm:
    d = unit(along)
    n = unit(plus(faces, d, -dot(faces, d)))
    side = cross(n, d)
    return Palm(
        wrist, (side[0] * thumb_side, side[1] * thumb_side, side[2] * thumb_side), d, n, size
    )


def draw_hand(
    wrist: Space,
    along: Space,
    faces: Space,
    thumb_side: int,
    size: float,
    grip: Grip,
    ink: Ink,
    shape: Shape = BABY_HAND,
    dusk: float = 0.0,
) -> str:
    """A hand from the wrist on.

    Args:
        along: where the fingers would point, a direction on the picture.
        faces: roughly where the palm faces; made square to `along`.
        thumb_side: 1 or -1, the turn from `along` to the thumb as the palm is looked at.
        size: length of the open hand in units of the picture.
        dusk: 0 to 1, how blue the finger tips are.
    """
    palm = _palm_of(wrist, along, faces, thumb_side, size)
    fingers = [_finger(palm, finger, grip, shape) for finger in FINGERS]
    thick = shape.thick * size
    bent = grip.curl >= 0.4
    whole = _palm(palm, shape)
    for knuckle, middle, tip in fingers:
        reach = (knuckle, middle) if bent else (knuckle, middle, tip)
        whole += chain(reach, (thick, thick, thick * 0.86)[: len(reach)])
    lines = _gaps(palm, fingers, thick, bent)
    tips = (
        "".join(
            ink.shape(chain(bones[1:], (thick, thick * 0.9)), ink.skin, 0.8) for bones in fingers
        )
        if bent
        else ""
    )
    thumb, thumb_depth = _thumb(palm, grip, shape, ink)
    hand = ink.shape(whole, ink.skin, 0.8) + (ink.stroke(lines, thin=0.75) if lines else "")
    hidden = palm.out[2] < 0
    hand = tips + hand if hidden else hand + tips
    hand = thumb + hand if thumb_depth < palm.at(0, shape.palm * 0.6)[2] else hand + thumb
    if dusk > 0.2 and not (bent and hidden):
        hand += flat("".join(circle(bones[2], thick * 0.6) for bones in fingers), DUSK, 0.8 * dusk)
    return hand


def _palm(palm: Palm, shape: Shape) -> str:
    k = shape.palm
    dots = (
        (0, 0.02, 0.135),
        (0.17, k * 0.84, 0.115),
        (-0.15, k * 0.78, 0.115),
        (0.13, k * 0.35, 0.13),
    )
    return smooth(around([(palm.at(x, y), r * palm.size) for x, y, r in dots], 45, palm.along))


def _finger(
    palm: Palm, finger: tuple[float, float, float, float], grip: Grip, shape: Shape
) -> Bones:
    x, y, length, fan = finger
    lean = radians(fan * (0.25 + 1.5 * grip.spread) * (1 - 0.6 * grip.curl))
    first, second = radians(80 * grip.curl), radians(185 * grip.curl)
    length *= shape.finger * palm.size

    def ahead(bend: float) -> Space:
        return palm.way(sin(lean) * cos(bend), cos(lean) * cos(bend), sin(bend))

    knuckle = palm.at(x, y * shape.palm * 0.92)
    middle = plus(knuckle, ahead(first), length * 0.55)
    return knuckle, middle, plus(middle, ahead(second), length * 0.45)


def _gaps(palm: Palm, fingers: list[Bones], thick: float, bent: bool) -> str:
    """The lines between fingers that lie close together."""
    out = ""
    for one, two in pairwise(fingers):
        end_one, end_two = (one[1], two[1]) if bent else (one[2], two[2])
        apart = abs(end_one[0] - end_two[0]) + abs(end_one[1] - end_two[1])
        if apart < 3.1 * thick:
            web = between(between(one[0], two[0], 0.5), palm.at(0, 0.2), 0.12)
            out += track((web, between(web, between(end_one, end_two, 0.5), 1.0 if bent else 0.93)))
    return out


def _thumb(palm: Palm, grip: Grip, shape: Shape, ink: Ink) -> tuple[str, float]:
    """The thumb's drawing and how near it is."""
    thick = shape.thick * palm.size * 1.08
    c = min(max((grip.curl - 0.35) / 0.5, 0.0), 1.0) * (1 - 0.5 * grip.thumb)
    out = radians(18 + 40 * grip.thumb)

    def mix(a: Space, b: Space) -> Space:
        return unit(palm.way(*between(a, b, c)))

    first = mix((sin(out), cos(out), 0.15), (0.1, 0.75, 0.65))
    second = mix((sin(out * 0.7), cos(out * 0.7), 0.1), (-0.95, 0.15, 0.1))
    base = palm.at(0.17, shape.palm * 0.34, 0.05 + 0.1 * c)
    middle = plus(base, first, 0.24 * palm.size)
    tip = plus(middle, second, 0.19 * palm.size)
    svg = ink.shape(chain((base, middle, tip), (thick * 1.15, thick, thick * 0.88)), ink.skin, 0.8)
    if c < 0.6:
        svg += flat(capsule(base, thick, palm.at(0.02, shape.palm * 0.3), thick), ink.skin)
    folded = 4 * c * (1 if palm.out[2] > 0 else -1)
    return svg, max(middle[2], tip[2]) + folded


TOES = (
    (0.2, 0.72, 0.105),
    (0.05, 0.72, 0.075),
    (-0.06, 0.68, 0.07),
    (-0.16, 0.62, 0.066),
    (-0.25, 0.54, 0.062),
)


def draw_foot(ankle: Space, along: Space, sole: Space, big_toe: int, size: float, ink: Ink) -> str:
    """A bare foot. `sole` is where the underside faces; `big_toe` is 1 or -1, its side as the sole is looked at."""
    foot = _palm_of(ankle, along, sole, big_toe, size)
    dots = ((0, -0.16, 0.12, 0.2), (0.1, 0.52, 0.1, 0.16), (-0.12, 0.46, 0.1, 0.15))
    d = smooth(around([(foot.at(x, y, z), r * size) for x, y, z, r in dots], 40, foot.along))
    d += "".join(circle(foot.at(x, y, 0.1), r * size) for x, y, r in TOES)
    return ink.shape(d, ink.skin, 0.8)
