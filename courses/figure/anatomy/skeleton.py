"""The body's proportions by age, and where the numbers of a pose put its joints in space.
How a body looks is in body.py, limbs.py, head.py and hands.py."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from courses.figure.anatomy.hands import ADULT_HAND, BABY_HAND, HandProportions
from courses.figure.anatomy.person import Numbers
from courses.figure.geometry.vectors import (
    Frame,
    Space,
    bend_joint,
    interpolate,
    offset,
    rotation,
)


@dataclass(frozen=True)
class Build:
    """Proportions of an age; lengths and radii in units of half a head."""

    skull: str
    trunk: float = 2.15
    shoulder: float = 0.60
    hip: float = 0.36
    belly: float = 0.70
    arm: tuple[float, float] = (0.86, 0.76)
    arm_r: tuple[float, float, float] = (0.27, 0.22, 0.155)
    leg: tuple[float, float] = (1.15, 1.02)
    leg_r: tuple[float, float, float] = (0.40, 0.30, 0.18)
    hand: float = 0.78
    foot: float = 0.78
    neck: tuple[float, float] = (0.98, 0.33)
    fingers: HandProportions = BABY_HAND


BUILDS = {
    "newborn": Build(
        "newborn",
        trunk=2.0,
        shoulder=0.54,
        belly=0.62,
        arm=(0.8, 0.7),
        arm_r=(0.23, 0.18, 0.135),
        leg=(1.0, 0.9),
        leg_r=(0.33, 0.24, 0.15),
        hand=0.74,
        foot=0.74,
    ),
    "young": Build("young"),
    "older": Build(
        "older", trunk=2.3, shoulder=0.64, belly=0.72, arm=(0.94, 0.82), leg=(1.25, 1.12)
    ),
    "toddler": Build(
        "toddler",
        trunk=2.55,
        shoulder=0.68,
        belly=0.66,
        arm=(1.1, 0.95),
        arm_r=(0.26, 0.21, 0.15),
        leg=(1.5, 1.4),
        leg_r=(0.40, 0.29, 0.18),
        hand=0.8,
        foot=0.9,
        neck=(1.02, 0.32),
    ),
    "adult": Build(
        "adult",
        trunk=4.3,
        shoulder=1.22,
        hip=0.62,
        belly=0.74,
        arm=(2.2, 1.95),
        arm_r=(0.42, 0.33, 0.23),
        leg=(3.3, 3.2),
        leg_r=(0.66, 0.46, 0.27),
        hand=1.35,
        foot=1.75,
        neck=(1.22, 0.36),
        fingers=ADULT_HAND,
    ),
}


SHRUG = 0.2
"""How far shoulders that are drawn up rise, in half heads."""


@dataclass(frozen=True)
class Limb:
    """Shoulder, elbow and wrist, or hip, knee and ankle."""

    root: Space
    joint: Space
    end: Space


@dataclass(frozen=True)
class Skeleton:
    """Where the joints are on the picture.

    Of arms and legs the one on the picture's left comes first.
    """

    root: Frame  # the pelvis
    waist: Frame
    chest: Frame
    head: Frame
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]

    @property
    def middle(self) -> float:
        """How near the trunk is: the depth that other layers are compared with."""
        chest = self.chest.origin
        root = self.root.origin
        return (chest[2] + root[2]) / 2


def place_joints(root: Frame, build: Build, n: Numbers) -> Skeleton:
    """The skeleton of a body whose pelvis is `root`, with its axes and half a head as unit."""
    u = root.unit
    trunk = build.trunk
    flex = n["flex"]
    bend = n["bend"]
    nod = n["nod"]
    tilt = n["tilt"]

    waist_axes = root.turned(rotation(0, 0.45 * flex, 0.45 * bend))
    waist = Frame(root.point(0, 0.42 * trunk), waist_axes, u)
    chest_axes = root.turned(rotation(0, flex, bend))
    chest = Frame(waist.point(0, 0.58 * trunk), chest_axes, u)

    # The neck does not turn with the head, so that the head turns about it.
    neck_axes = chest.turned(rotation(0, nod, tilt))
    neck = Frame(chest.point(0, 0.05), neck_axes, u)
    head_axes = chest.turned(rotation(70 * n["turn"], nod, tilt))
    head_place = neck.point(0, build.neck[0], 0.14)
    head = Frame(head_place, head_axes, u)

    left_arm = _arm(chest, head, build, n, -1)
    right_arm = _arm(chest, head, build, n, 1)
    left_leg = _leg(root, build, n, -1)
    right_leg = _leg(root, build, n, 1)
    return Skeleton(
        root, waist, chest, head, arms=(left_arm, right_arm), legs=(left_leg, right_leg)
    )


def _arm(chest: Frame, head: Frame, build: Build, n: Numbers, side: int) -> Limb:
    """An arm that reaches for a place beside the chest, beside the head, or between the two."""
    key = "arm_l_" if side < 0 else "arm_r_"
    out = n[key + "out"]
    up = n[key + "up"]
    front = n[key + "front"]
    at_head = n[key + "head"]
    upper, lower = (length * chest.unit for length in build.arm)
    reach = sum(build.arm)

    lift = 0.12 * max(up, 0) * (1 - at_head)  # a raised arm lifts the shoulder
    lift += SHRUG * n["shrug"]
    shoulder = chest.point(side * build.shoulder, -0.12 + lift)
    across = side * (build.shoulder + out * reach)
    beside_chest = chest.point(across, -0.12 + up * reach, front * reach)
    beside_head = head.point(side * out, up, front)
    target = interpolate(beside_chest, beside_head, at_head)

    swing = radians(n[key + "elbow"])
    pole = chest.direction(side * sin(swing), -cos(swing), -0.25)
    elbow, wrist = bend_joint(shoulder, target, upper, lower, pole)
    return Limb(shoulder, elbow, wrist)


def _leg(root: Frame, build: Build, n: Numbers, side: int) -> Limb:
    key = "leg_l_" if side < 0 else "leg_r_"
    upper, lower = (length * root.unit for length in build.leg)
    hip = root.point(side * build.hip, -0.05)
    out = n[key + "out"]
    up = n[key + "up"]
    front = n[key + "front"]
    direction = root.direction(side * out, up, front)
    reach = sum(build.leg)
    target = offset(hip, direction, reach * root.unit)

    swing = radians(n[key + "knee"])
    pole = root.direction(side * sin(swing), 0.25, cos(swing))
    knee, ankle = bend_joint(hip, target, upper, lower, pole)
    return Limb(hip, knee, ankle)
