"""What a grown-up's free hand does when it holds something: a phone, a bottle, a toy held out.
Stances in which both hands rest are in places.py; toys are drawn in toys.py."""

from __future__ import annotations

from dataclasses import replace
from math import atan2, degrees

from courses.figure.adults.stance import ArmPose, Stance
from courses.figure.anatomy.person import Numbers
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import Space, unit_vector
from courses.figure.palette import Ink, fill_path
from courses.figure.toys import draw_toy

FIST = (0.86, 0.0, 0.2)
FREE = 1
"""The index of the arm that is free to hold something, of somebody on the right."""
TO_MOUTH = ("bottle", "spoon")
REACH = 92.0
"""How far from the baby's mouth the wrist of a hand is that feeds, in units of the picture."""

# The wrist of a hand that holds a phone before the chest, or a toy out to the baby.
PHONE_WRISTS = {"lap": (352.0, 286.0, 80.0), "arms": (356.0, 268.0, 80.0)}
PHONE_BESIDE = (424.0, 292.0, 80.0)
TOY_WRISTS = {"lap": (330.0, 250.0, 80.0), "arms": (330.0, 226.0, 80.0)}
TOY_BESIDE = (402.0, 280.0, 80.0)


def with_held(stance: Stance, holds: str, setting: str, n: Numbers) -> Stance:
    """The stance with its free hand where what it `holds` belongs."""
    if holds == "none":
        return stance
    left, right = stance.arms
    pose = right or ArmPose((0.0, 0.0, 0.0))
    if holds == "phone":
        wrist = PHONE_WRISTS.get(setting, PHONE_BESIDE)
        pose = replace(pose, wrist=wrist, hand=-112.0)
    elif holds in TO_MOUTH and setting in TOY_WRISTS:
        pose = _feeding(pose, n)
    else:
        pose = replace(pose, wrist=TOY_WRISTS.get(setting, TOY_BESIDE), hand=200.0)
    pose = replace(pose, grip=FIST, pole=(1.0, 0.8, 0.0), elbow=None)
    return replace(stance, arms=(left, pose))


def _feeding(pose: ArmPose, n: Numbers) -> ArmPose:
    """A hand that brings a bottle or spoon to the baby's mouth from the right."""
    x = n["carer_mouth_x"]
    y = n["carer_mouth_y"]
    wrist = (x + 0.86 * REACH, y - 0.1 * REACH, 80.0)
    towards = degrees(atan2(y - wrist[1], x - wrist[0]))
    return replace(pose, wrist=wrist, hand=towards)


def draw_held(holds: str, grasp: Space, along: Space, unit: float, ink: Ink) -> str:
    """What a hand holds at `grasp`; `along` is where its fingers point."""
    if holds == "phone":
        return _phone(grasp, unit, ink)
    x, y, _ = along
    # A bottle or spoon points ahead of the hand, a toy up from it.
    direction = (x, y, 0.0) if holds in TO_MOUTH else (-y * 0.4, -0.9, 0.0)
    return draw_toy(holds, grasp, unit_vector(direction), 0.82 * unit, ink)


PHONE = ((-0.33, 0.52), (-0.28, 0.56), (0.28, 0.62), (0.33, 0.58), (0.35, -0.58), (0.3, -0.62))
PHONE_END = ((-0.26, -0.68), (-0.31, -0.64))


def _phone(grasp: Space, unit: float, ink: Ink) -> str:
    """A phone seen from behind, with its small round camera."""
    x, y, _ = grasp
    turned = []
    for across, up in (*PHONE, *PHONE_END):
        turned.append((x + (across + 0.25 * up) * unit, y - 0.25 * unit - up * unit))
    svg = ink.shape(smooth_path(turned), "#3b4250", 0.9)
    lens = [
        (x + 0.02 * unit, y - 0.66 * unit),
        (x + 0.16 * unit, y - 0.7 * unit),
        (x + 0.18 * unit, y - 0.56 * unit),
        (x + 0.04 * unit, y - 0.52 * unit),
    ]
    return svg + fill_path(smooth_path(lens), "#aab4c2")
