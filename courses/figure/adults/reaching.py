"""Hands that come into the picture from its edge: one with what it holds, or two on the baby.
Whole grown-ups are in whole.py; who is in a scene, in carer.py."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

from courses.figure.adults.holding_out import TO_MOUTH, draw_held
from courses.figure.anatomy.hands import ADULT_HAND, Grip, draw_hand
from courses.figure.anatomy.person import Numbers
from courses.figure.geometry.path_data import capsule, capsule_chain
from courses.figure.geometry.vectors import (
    Space,
    interpolate,
    offset,
    subtract,
    unit_vector,
)
from courses.figure.palette import OUTFITS, SKINS, Ink, fill_path, mix_colours
from courses.figure.toys import draw_toy

if TYPE_CHECKING:
    from courses.figure.carer import Carer

PICTURE = 480  # units across
POINTS_AHEAD = 32.0

ArmPath = tuple[tuple[int, int], tuple[int, int]]

# From where a forearm comes into the picture to its wrist, on the right of the picture.
HAND_PATHS = {
    "mat": ((540, 262), (436, 240)),
    "cot": ((520, 236), (396, 226)),
    "bouncer": ((520, 250), (410, 200)),
    "highchair": ((530, 216), (418, 188)),
}
HOLD_PATHS = {
    "mat": ((400, 520), (318, 318)),
    "cot": ((400, 540), (300, 330)),
    "bouncer": ((430, 520), (330, 312)),
    "highchair": ((520, 260), (330, 250)),
}
# The same for one hand and for two when the baby lies low and is seen from the side.
HAND_FROM_ABOVE = ((520, 170), (404, 214))
HANDS_FROM_ABOVE = ((470, -60), (330, 246))


def _is_low(setting: str, view: str) -> bool:
    lies_flat = setting in ("mat", "cot")
    return lies_flat and view == "side"


@dataclass(frozen=True)
class Reach:
    """A forearm that comes into the picture.

    Attributes:
        start, wrist: where it enters, and where its hand begins.
        bend: how far the hand turns at the wrist, in degrees.
        side: 1 for an arm on the picture's right, -1 for one on its left.
        size: length of the hand in units of the picture.
        towards: where a spoon or bottle points, a place of the picture.
    """

    start: Space
    wrist: Space
    bend: float
    side: int
    size: float
    grip: Grip
    towards: Space = (0.0, 0.0, 0.0)

    @property
    def ahead(self) -> Space:
        """Where the fingers point."""
        along = unit_vector(subtract(self.wrist, self.start))
        return _turned_on_picture(along, radians(self.bend))


def _forearm(reach: Reach, carer: Carer, holds: str = "none") -> str:
    """A sleeve with its cuff, a wrist and a hand with what it holds."""
    tone = SKINS[carer.skin]
    ink = Ink(tone.base, tone)
    start, wrist, size = reach.start, reach.wrist, reach.size
    radius = size * 0.19
    arm = capsule_chain((start, wrist), (radius * 1.7, radius))
    svg = ink.shape(arm, ink.skin)
    svg += _held(reach, holds, ink)
    faces = (0, 0.25, -1)
    svg += draw_hand(wrist, reach.ahead, faces, -reach.side, size, reach.grip, ink, ADULT_HAND)

    # A patch without a line joins the hand to the arm.
    palm = offset(wrist, reach.ahead, 0.04 * size)
    back = interpolate(wrist, start, 0.12)
    svg += fill_path(capsule(palm, radius * 0.8, back, radius * 0.98), ink.skin)
    return svg + _sleeve(start, wrist, radius, OUTFITS[carer.top], ink)


def _held(reach: Reach, holds: str, ink: Ink) -> str:
    """A spoon or bottle points to the baby's mouth, a toy up from the hand."""
    grasp = offset(reach.wrist, reach.ahead, 0.52 * reach.size)
    if holds in TO_MOUTH:
        x, y, _ = subtract(reach.towards, grasp)
        return draw_held(holds, grasp, unit_vector((x, y, 0.0)), reach.size * 0.76, ink)
    direction = (-reach.ahead[1] * reach.side, reach.ahead[0] * reach.side, 0.0)
    if holds == "phone":
        return draw_held(holds, grasp, direction, reach.size * 0.76, ink)
    return draw_toy(holds, grasp, direction, reach.size * 0.62, ink)


def _sleeve(start: Space, wrist: Space, radius: float, colour: str, ink: Ink) -> str:
    """A sleeve as far as its ribbed cuff."""
    cuff = interpolate(wrist, start, 0.27)
    end = interpolate(wrist, start, 0.34)
    rib = capsule(end, radius * 1.44, cuff, radius * 1.4)
    sleeve = capsule(start, radius * 2.1, end, radius * 1.5)
    return ink.shape(rib, mix_colours(colour, ink.line, 0.16), 0.9) + ink.shape(sleeve, colour)


def _turned_on_picture(direction: Space, angle: float) -> Space:
    """A direction turned clockwise on the picture by an angle in radians."""
    x, y, z = direction
    return (
        x * cos(angle) - y * sin(angle),
        x * sin(angle) + y * cos(angle),
        z,
    )


def _mirror(path: ArmPath, side: int, dx: float, dy: float) -> tuple[Space, Space]:
    """The path on this side of the picture, moved by so much towards its edge and down."""
    (x1, y1), (x2, y2) = path
    if side < 0:
        x1 = PICTURE - x1
        x2 = PICTURE - x2
    start = (x1 + dx * side, y1 + dy, 60.0)
    wrist = (x2 + dx * side, y2 + dy, 60.0)
    return start, wrist


def draw_one_hand(carer: Carer, setting: str, view: str, n: Numbers) -> str:
    """One arm from the edge of the picture, holding something out or resting near."""
    side = 1 if carer.side == "right" else -1
    path = HAND_FROM_ABOVE if _is_low(setting, view) else HAND_PATHS[setting]
    near = n["carer_near"]
    dx = 230 * n["carer_away_hand"] - 96 * near
    # What points to the baby needs room between the hand and the baby's.
    dx += POINTS_AHEAD if carer.holds in TO_MOUTH else 0.0
    dy = -34 * near + n["carer_pat"]
    start, wrist = _mirror(path, side, dx, dy)
    # A hand that holds something is closed round it; an empty one is open.
    grip = Grip(0.86, 0, 0.2) if carer.holds != "none" else Grip(0.2, 0.3, 0.7)
    bend = (n["carer_shake"] - 8.0) * side
    size = n["stage_unit"] * 1.35
    mouth = (n["carer_mouth_x"], n["carer_mouth_y"], 0.0)
    reach = Reach(start, wrist, bend, side, size, grip, mouth)
    return _forearm(reach, carer, carer.holds)


def draw_two_hands(carer: Carer, setting: str, view: str, n: Numbers) -> str:
    """Two hands that hold the baby's sides."""
    low = _is_low(setting, view)
    size = n["stage_unit"] * 1.3
    path = HANDS_FROM_ABOVE if low else HOLD_PATHS[setting]
    away = n["carer_away_hands"]
    # They leave the picture the way they came: up, or down.
    leave = (-1 if low else 1) * 260 * away
    bend = 30.0 if low else -30.0
    grip = Grip(0.22, 0.2, 0.9)
    svg = ""
    for side in (-1, 1):
        # The hands pat by turns.
        down = leave + n["carer_pat"] * side
        aside = 60 * away
        start, wrist = _mirror(path, side, aside, down)
        svg += _forearm(Reach(start, wrist, bend * side, side, size, grip), carer)
    return svg
