"""A whole grown-up as layers: beside the baby, with the baby on the lap, or in the arms.
Hands that come in from the edge alone are in reaching.py; who is in a scene, in carer.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from courses.figure import vocabulary
from courses.figure.adults.body import (
    Adult,
    draw_lower_arm,
    draw_neck,
    draw_trunk,
    draw_upper_arm,
)
from courses.figure.adults.clothes import draw_clothes
from courses.figure.adults.face import draw_head
from courses.figure.adults.hair import draw_hair_behind
from courses.figure.adults.holding_out import with_held
from courses.figure.adults.lap import draw_chair, draw_seat
from courses.figure.adults.look import AdultLook
from courses.figure.adults.places import BEHIND_HEAD, BESIDE, CRADLE, LAP, UNDER_BABY
from courses.figure.adults.scarf import draw_drape
from courses.figure.adults.stance import Stance, eyes_of, mirrored, moved, place_adult, turned_away
from courses.figure.anatomy.person import Layer, Numbers
from courses.figure.geometry.path_data import circle
from courses.figure.palette import HAIRS, LINE, OUTFITS, SKINS, Ink, fill_path

if TYPE_CHECKING:
    from courses.figure.carer import Carer

BEHIND, BEFORE = -900.0, 900.0
"""Depths behind all of the baby and in front of it."""


def draw_beside(carer: Carer, setting: str, n: Numbers, uid: str) -> list[Layer]:
    """Somebody who leans in from the side, one hand near the baby, and looks at the baby."""
    stance = with_held(BESIDE[setting], carer.holds, setting, n)
    # Near is a head that comes closer while the hand stays; away is beyond the edge.
    near = n["carer_near"]
    stance = moved(stance, -40 * near, 10 * near, arms=False)
    stance = moved(stance, 300 * n["carer_away_face"], 0)
    if carer.side == "left":
        stance = mirrored(stance)
    adult = adult_of(carer, stance, n, uid)
    return _layers(adult, BEFORE, arm_is_near=True) + _arm_layers(adult, BEFORE + 10)


def draw_holding(carer: Carer, setting: str, n: Numbers, uid: str) -> list[Layer]:
    """Somebody who has the baby on the lap or in the arms: their arms lie before and behind."""
    stance = _cradling(n) if setting == "arms" else _on_lap(n)
    stance = with_held(stance, carer.holds, setting, n)
    adult = adult_of(carer, stance, n, uid)
    layers = _layers(adult, BEHIND)
    if setting == "lap":
        layers.append(Layer(BEHIND - 1, draw_chair(adult), "carer chair"))
        layers.append(Layer(BEHIND + 9, draw_seat(adult), "carer seat"))
    layers.append(Layer(BEHIND + 10, _shadow_of_baby(n), "carer shadow"))
    return layers + _arm_layers(adult, BEFORE)


def _on_lap(n: Numbers) -> Stance:
    """The lap, with a hand behind the head of a baby who cannot hold it up yet."""
    if n["carer_supports"] < 0.5:
        return LAP
    x = n["carer_baby_x"]
    y = n["carer_baby_y"]
    arm = replace(BEHIND_HEAD, wrist=(x - 58, y + 62, -40.0), elbow=(x - 96, y + 142, -20.0))
    return replace(LAP, arms=(arm, LAP.arms[1]))


def _shadow_of_baby(n: Numbers) -> str:
    """The shadow of the baby's head on the grown-up; light comes from the picture's upper left."""
    place = (n["carer_baby_x"] + 8, n["carer_baby_y"] + 10)
    return fill_path(circle(place, 0.95 * n["stage_unit"]), LINE, 0.13)


def _cradling(n: Numbers) -> Stance:
    """The cradle with its elbow under the baby's head, wherever that is."""
    elbow = (n["carer_baby_x"] - 60, n["carer_baby_y"] + 58, 20.0)
    return replace(CRADLE, arms=(replace(UNDER_BABY, elbow=elbow), CRADLE.arms[1]))


def adult_of(carer: Carer, stance: Stance, n: Numbers, uid: str) -> Adult:
    side = -1 if stance.arms[1] is None else 1
    turned = turned_away(stance, n["carer_averted"], side)
    joints = place_adult(turned, n["stage_unit"] * stance.size)
    numbers = _face_numbers(n)
    numbers["gaze_x"], numbers["gaze_y"] = eyes_of(joints.head, side, n)
    free_hand = 0 if side < 0 else 1
    return Adult(joints, stance.arms, _look_of(carer), numbers, f"{uid}c", carer.holds, free_hand)


def _look_of(carer: Carer) -> AdultLook:
    tone = SKINS[carer.skin]
    return AdultLook(
        Ink(tone.base, tone),
        carer.hair,
        HAIRS.get(carer.hair_colour) or OUTFITS[carer.hair_colour],
        OUTFITS[carer.top],
        carer.beard,
        carer.glasses,
        carer.wears,
    )


def _face_numbers(n: Numbers) -> dict[str, float]:
    """The numbers of the grown-up's face, by the names that a baby's face has."""
    numbers = dict(vocabulary.FACE_REST)
    for key, value in n.items():
        name = key.removeprefix("carer_")
        if name != key and name in numbers:
            numbers[name] = value
    return numbers


def _layers(adult: Adult, depth: float, arm_is_near: bool = False) -> list[Layer]:
    """All but the forearms, from far to near; a near arm crosses the front of the top."""
    joined = 0.2 if arm_is_near else 0.55
    sleeves = draw_upper_arm(adult, 0, joined) + draw_upper_arm(adult, 1, joined)
    front = [("sleeves", sleeves), ("neckline", _neckline(adult))]
    drawn = {
        "hair": draw_hair_behind(adult.joints.head, adult.look),
        "trunk": draw_trunk(adult) + draw_neck(adult),
        **dict(reversed(front) if arm_is_near else front),
        "head": draw_head(adult),
    }
    return [Layer(depth + i, svg, f"carer {name}") for i, (name, svg) in enumerate(drawn.items())]


def _neckline(adult: Adult) -> str:
    """What lies over the seams of the sleeves: the front of the top, and the ends of a scarf."""
    chest = adult.joints.chest
    svg = draw_clothes(chest, adult.look)
    return svg + (draw_drape(chest, adult.look) if adult.look.hair == "scarf" else "")


def _arm_layers(adult: Adult, depth: float) -> list[Layer]:
    layers = []
    for index, pose in enumerate(adult.poses):
        if pose:
            svg = draw_lower_arm(adult, index)
            nearness = depth if pose.is_before else BEHIND + 20
            layers.append(Layer(nearness + index, svg, f"carer forearm{index}"))
    return layers
