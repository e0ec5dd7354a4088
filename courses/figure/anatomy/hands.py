"""Hands (a palm, four fingers, a thumb) and feet (a sole, five toes), for babies and adults.
Where a hand or foot is, is decided in limbs.py; what its numbers are called, in vocabulary.py."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin

from courses.figure.geometry.outlines import circles_outline
from courses.figure.geometry.path_data import (
    capsule,
    capsule_chain,
    circle,
    polyline,
    smooth_path,
)
from courses.figure.geometry.vectors import (
    ORIGIN,
    Space,
    cross_product,
    dot_product,
    interpolate,
    offset,
    scale,
    unit_vector,
)
from courses.figure.palette import DUSK, Ink, fill_path


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

    @property
    def is_bent(self) -> bool:
        """Whether the finger tips lie over the palm instead of beyond it."""
        return self.curl >= 0.4


@dataclass(frozen=True)
class HandProportions:
    """Sizes as fractions of the length of a hand: babies have short round fingers."""

    finger: float = 0.47
    thick: float = 0.092
    palm: float = 0.52


BABY_HAND = HandProportions()
ADULT_HAND = HandProportions(finger=0.54, thick=0.076, palm=0.5)

# Across the palm towards the thumb, along it, length and fan in degrees: index to little finger.
FINGERS = (
    (0.225, 1.0, 0.92, 13.0),
    (0.078, 1.05, 1.0, 3.5),
    (-0.07, 1.0, 0.93, -7.0),
    (-0.21, 0.88, 0.76, -20.0),
)
Bones = tuple[Space, Space, Space]
"""Knuckle, middle joint and tip of a finger."""


@dataclass(frozen=True)
class Palm:
    """A hand's axes on the picture: across to the thumb, along the fingers, out of the palm."""

    wrist: Space
    across: Space
    along: Space
    out: Space
    size: float

    def point(self, x: float, y: float, z: float = 0.0) -> Space:
        direction = self.direction(x, y, z)
        return offset(self.wrist, direction, self.size)

    def direction(self, x: float, y: float, z: float = 0.0) -> Space:
        sideways = offset(ORIGIN, self.across, x)
        forward = offset(sideways, self.along, y)
        return offset(forward, self.out, z)


def _palm_of(wrist: Space, along: Space, faces: Space, thumb_side: int, size: float) -> Palm:
    """The axes of a hand or foot; `faces` need not be quite square to `along`."""
    ahead = unit_vector(along)
    towards_fingers = dot_product(faces, ahead)
    out = unit_vector(offset(faces, ahead, -towards_fingers))
    sideways = cross_product(out, ahead)
    across = scale(sideways, thumb_side)
    return Palm(wrist, across, ahead, out, size)


def draw_hand(
    wrist: Space,
    along: Space,
    faces: Space,
    thumb_side: int,
    size: float,
    grip: Grip,
    ink: Ink,
    proportions: HandProportions = BABY_HAND,
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
    fingers = [_finger(palm, finger, grip, proportions) for finger in FINGERS]
    thick = proportions.thick * size
    # A palm that faces away shows the back of the hand.
    shows_back = palm.out[2] < 0

    hand = _palm_and_fingers(palm, fingers, grip, proportions, ink)
    if grip.is_bent:
        tips = _finger_tips(fingers, thick, ink)
        hand = tips + hand if shows_back else hand + tips
    thumb, thumb_depth = _thumb(palm, grip, proportions, ink)
    palm_centre = palm.point(0, proportions.palm * 0.6)
    is_behind = thumb_depth < palm_centre[2]
    hand = thumb + hand if is_behind else hand + thumb
    tips_are_hidden = grip.is_bent and shows_back
    if dusk > 0.2 and not tips_are_hidden:
        hand += _dusky_tips(fingers, thick, dusk)
    return hand


def _palm_and_fingers(
    palm: Palm, fingers: list[Bones], grip: Grip, proportions: HandProportions, ink: Ink
) -> str:
    """The palm with the fingers as far as they do not bend back over it."""
    thick = proportions.thick * palm.size
    outline = _palm_outline(palm, proportions)
    for knuckle, middle, tip in fingers:
        if grip.is_bent:
            outline += capsule_chain((knuckle, middle), (thick, thick))
        else:
            radii = (thick, thick, thick * 0.86)
            outline += capsule_chain((knuckle, middle, tip), radii)
    svg = ink.shape(outline, ink.skin, 0.8)
    gaps = _gaps(palm, fingers, thick, grip.is_bent)
    if gaps:
        svg += ink.stroke(gaps, weight=0.75)
    return svg


def _palm_outline(palm: Palm, proportions: HandProportions) -> str:
    k = proportions.palm
    size = palm.size
    circles = [
        (palm.point(0, 0.02), 0.135 * size),
        (palm.point(0.17, k * 0.84), 0.115 * size),
        (palm.point(-0.15, k * 0.78), 0.115 * size),
        (palm.point(0.13, k * 0.35), 0.13 * size),
    ]
    return smooth_path(circles_outline(circles, 45, palm.along))


def _finger_tips(fingers: list[Bones], thick: float, ink: Ink) -> str:
    """The outer halves of bent fingers."""
    svg = ""
    for _, middle, tip in fingers:
        bone = capsule_chain((middle, tip), (thick, thick * 0.9))
        svg += ink.shape(bone, ink.skin, 0.8)
    return svg


def _dusky_tips(fingers: list[Bones], thick: float, dusk: float) -> str:
    ends = ""
    for _, middle, tip in fingers:
        ends += capsule(interpolate(middle, tip, 0.5), thick * 0.5, tip, thick * 0.72)
    return fill_path(ends, DUSK, 0.6 * dusk)


def _finger(
    palm: Palm,
    finger: tuple[float, float, float, float],
    grip: Grip,
    proportions: HandProportions,
) -> Bones:
    x, y, length, fan = finger
    lean = radians(fan * (0.25 + 1.5 * grip.spread) * (1 - 0.6 * grip.curl))
    length *= proportions.finger * palm.size
    # A finger bends at the knuckle, and again in the middle.
    knuckle = palm.point(x, y * proportions.palm * 0.92)
    first = _finger_direction(palm, lean, radians(80 * grip.curl))
    middle = offset(knuckle, first, length * 0.55)
    second = _finger_direction(palm, lean, radians(185 * grip.curl))
    return knuckle, middle, offset(middle, second, length * 0.45)


def _finger_direction(palm: Palm, lean: float, bend: float) -> Space:
    """Where a bone points that leans sideways and bends out of the palm, by angles in radians."""
    x = sin(lean) * cos(bend)
    y = cos(lean) * cos(bend)
    z = sin(bend)
    return palm.direction(x, y, z)


def _gaps(palm: Palm, fingers: list[Bones], thick: float, is_bent: bool) -> str:
    """The lines between fingers that lie close together."""
    path = ""
    end = 1 if is_bent else 2
    for finger, neighbour in pairwise(fingers):
        finger_end = finger[end]
        neighbour_end = neighbour[end]
        dx = finger_end[0] - neighbour_end[0]
        dy = finger_end[1] - neighbour_end[1]
        # Fingers that are spread have their own outlines.
        if abs(dx) + abs(dy) >= 3.1 * thick:
            continue
        web = interpolate(finger[0], neighbour[0], 0.5)
        start = interpolate(web, palm.point(0, 0.2), 0.12)
        far = interpolate(finger_end, neighbour_end, 0.5)
        reach = 1.0 if is_bent else 0.93
        path += polyline((start, interpolate(start, far, reach)))
    return path


def _thumb(palm: Palm, grip: Grip, proportions: HandProportions, ink: Ink) -> tuple[str, float]:
    """The thumb's drawing and how near it is."""
    thick = proportions.thick * palm.size * 1.08
    # The thumb begins to close after the fingers, and a held-out one closes less.
    closed = min(max((grip.curl - 0.35) / 0.5, 0.0), 1.0)
    folded = closed * (1 - 0.5 * grip.thumb)  # 0 beside the palm to 1 over the fingers
    angle = radians(18 + 40 * grip.thumb)

    open_first = (sin(angle), cos(angle), 0.15)
    open_second = (sin(angle * 0.7), cos(angle * 0.7), 0.1)
    first = interpolate(open_first, (0.1, 0.75, 0.65), folded)
    second = interpolate(open_second, (-0.95, 0.15, 0.1), folded)
    first_direction = unit_vector(palm.direction(*first))
    second_direction = unit_vector(palm.direction(*second))
    base = palm.point(0.17, proportions.palm * 0.34, 0.05 + 0.1 * folded)
    middle = offset(base, first_direction, 0.24 * palm.size)
    tip = offset(middle, second_direction, 0.19 * palm.size)

    bones = capsule_chain((base, middle, tip), (thick * 1.15, thick, thick * 0.88))
    svg = ink.shape(bones, ink.skin, 0.8)
    if folded < 0.6:
        # A patch without a line joins the thumb to the palm.
        inner = palm.point(0.02, proportions.palm * 0.3)
        svg += fill_path(capsule(base, thick, inner, thick), ink.skin)
    towards_viewer = 1 if palm.out[2] > 0 else -1
    return svg, max(middle[2], tip[2]) + 4 * folded * towards_viewer


# Across the foot towards the big toe, along it, and the radius: big toe to little toe.
TOES = (
    (0.2, 0.72, 0.105),
    (0.05, 0.72, 0.075),
    (-0.06, 0.68, 0.07),
    (-0.16, 0.62, 0.066),
    (-0.25, 0.54, 0.062),
)


def draw_foot(ankle: Space, along: Space, sole: Space, big_toe: int, size: float, ink: Ink) -> str:
    """A bare foot.

    Args:
        along: where the toes point.
        sole: where the underside faces.
        big_toe: 1 or -1, its side as the sole is looked at.
        size: the foot's length in units of the picture.
    """
    foot = _palm_of(ankle, along, sole, big_toe, size)
    circles = [
        (foot.point(0, -0.16, 0.12), 0.2 * size),
        (foot.point(0.1, 0.52, 0.1), 0.16 * size),
        (foot.point(-0.12, 0.46, 0.1), 0.15 * size),
    ]
    path = smooth_path(circles_outline(circles, 40, foot.along))
    for x, y, radius in TOES:
        path += circle(foot.point(x, y, 0.1), radius * size)
    return ink.shape(path, ink.skin, 0.8)
