"""The body's proportions by age, and where the numbers of a pose put its joints in space.
How trunk, arms and legs look is in limbs.py; heads are in head.py, hands and feet in hands.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians, sin

from courses.figure.anatomy.hands import ADULT_HAND, BABY_HAND, Shape
from courses.figure.geometry import Frame, Matrix, Space, bend_joint, between, plus, turned

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Build:
    """Proportions; lengths in units of half a head, radii the same."""

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
    fingers: Shape = BABY_HAND


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


@dataclass(frozen=True)
class Limb:
    """Shoulder, elbow and wrist, or hip, knee and ankle."""

    root: Space
    joint: Space
    end: Space


@dataclass(frozen=True)
class Skeleton:
    """Where everything is on the picture; of arms and legs the picture's left comes first."""

    root: Frame
    waist: Frame
    chest: Frame
    head: Frame
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]

    @property
    def middle(self) -> float:
        """How near the trunk is."""
        return (self.chest.origin[2] + self.root.origin[2]) / 2


def place_joints(root: Frame, build: Build, n: Numbers) -> Skeleton:
    """`root` is the pelvis: its axes are the body's, its unit is half a head."""
    waist = Frame(
        root.at(0, 0.42 * build.trunk),
        _turned(root, 0, 0.45 * n["flex"], 0.45 * n["bend"]),
        root.unit,
    )
    chest = Frame(
        waist.at(0, 0.58 * build.trunk), _turned(root, 0, n["flex"], n["bend"]), root.unit
    )
    neck = Frame(chest.at(0, 0.05), _turned(chest, 0, n["nod"], n["tilt"]), root.unit)
    head = Frame(
        neck.at(0, build.neck[0], 0.14),
        _turned(chest, 70 * n["turn"], n["nod"], n["tilt"]),
        root.unit,
    )
    arms = tuple(_arm(chest, head, build, n, side) for side in (-1, 1))
    legs = tuple(_leg(root, build, n, side) for side in (-1, 1))
    return Skeleton(root, waist, chest, head, arms, legs)  # type: ignore[arg-type]


def _turned(frame: Frame, yaw: float, pitch: float, roll: float) -> Matrix:
    return frame.inner((0, 0, 0), turned(yaw, pitch, roll)).axes


def _arm(chest: Frame, head: Frame, build: Build, n: Numbers, side: int) -> Limb:
    key = "arm_l_" if side < 0 else "arm_r_"
    upper, lower = (length * chest.unit for length in build.arm)
    reach = sum(build.arm)
    lift = 0.12 * max(n[key + "up"], 0) * (1 - n[key + "head"])
    shoulder = chest.at(side * build.shoulder, -0.12 + lift)
    out, up, front = n[key + "out"], n[key + "up"], n[key + "front"]
    free = chest.at(side * (build.shoulder + out * reach), -0.12 + up * reach, front * reach)
    near = head.at(side * out, up, front)
    e = radians(n[key + "elbow"])
    pole = chest.way(side * sin(e), -cos(e), -0.25)
    elbow, wrist = bend_joint(shoulder, between(free, near, n[key + "head"]), upper, lower, pole)
    return Limb(shoulder, elbow, wrist)


def _leg(root: Frame, build: Build, n: Numbers, side: int) -> Limb:
    key = "leg_l_" if side < 0 else "leg_r_"
    upper, lower = (length * root.unit for length in build.leg)
    reach = sum(build.leg)
    hip = root.at(side * build.hip, -0.05)
    target = plus(
        hip, root.way(side * n[key + "out"], n[key + "up"], n[key + "front"]), reach * root.unit
    )
    k = radians(n[key + "knee"])
    pole = root.way(side * sin(k), 0.25, cos(k))
    knee, ankle = bend_joint(hip, target, upper, lower, pole)
    return Limb(hip, knee, ankle)
