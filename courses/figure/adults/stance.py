"""How a grown-up stands, sits or leans, and where that puts their joints on the picture.
What they look like is in body.py, face.py and hair.py; the stance of each setting, in places.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import asin, atan2, cos, hypot, radians, sin

from courses.figure.anatomy.person import Numbers
from courses.figure.anatomy.skeleton import Limb
from courses.figure.geometry.vectors import (
    Frame,
    Space,
    bend_joint,
    dot_product,
    rotation,
    subtract,
    unit_vector,
)

PICTURE = 480.0  # units across
SHOULDER = (1.02, -0.46)
"""Across from the middle and below the base of the neck; in units of half a head, as all here."""
UPPER_ARM, FOREARM, HAND = 2.1, 1.85, 1.26
NECK = 1.2
TRUNK = 4.2


@dataclass(frozen=True)
class ArmPose:
    """One arm, by where it goes on the picture.

    Attributes:
        wrist: where the wrist is, in units of the picture.
        pole: roughly where the elbow points, a direction on the picture.
        hand: where the fingers point, in degrees clockwise from the picture's right.
        depth: how far they point towards us (1) or away (-1).
        faces: where the palm faces, a direction on the picture.
        grip: curl, spread and thumb, as in hands.Grip.
        elbow: where the elbow is, when the forearm lies under something; else it is found.
        is_before: whether the forearm and hand lie over the baby.
    """

    wrist: Space
    pole: Space = (1.0, 1.0, 0.0)
    hand: float = 180.0
    depth: float = 0.0
    faces: Space = (0.0, 0.2, -1.0)
    grip: tuple[float, float, float] = (0.22, 0.1, 0.6)
    elbow: Space | None = None
    is_before: bool = True

    @property
    def along(self) -> Space:
        """The direction of the fingers on the picture."""
        angle = radians(self.hand)
        return unit_vector((cos(angle), sin(angle), self.depth))


@dataclass(frozen=True)
class Stance:
    """A whole grown-up on the right of the picture, or in its middle.

    Attributes:
        head: where the middle of the head is on the picture.
        size: half a head beside the baby's.
        yaw, pitch, roll: the trunk, in degrees.
        turn, nod, tilt: the head on the trunk, in degrees.
        arms: the arm on the picture's left and the one on its right; None for one out of sight.
    """

    head: tuple[float, float]
    size: float
    arms: tuple[ArmPose | None, ArmPose | None]
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    turn: float = 0.0
    nod: float = 0.0
    tilt: float = 0.0


def mirrored(stance: Stance) -> Stance:
    """The same stance on the other side of the picture."""
    left, right = stance.arms
    x, y = stance.head
    return replace(
        stance,
        head=(PICTURE - x, y),
        arms=(_mirrored_arm(right), _mirrored_arm(left)),
        yaw=-stance.yaw,
        roll=-stance.roll,
        turn=-stance.turn,
        tilt=-stance.tilt,
    )


def _mirrored_arm(arm: ArmPose | None) -> ArmPose | None:
    if arm is None:
        return None
    return replace(
        arm,
        wrist=_mirrored_place(arm.wrist),
        pole=_mirrored_direction(arm.pole),
        hand=180 - arm.hand,
        faces=_mirrored_direction(arm.faces),
        elbow=_mirrored_place(arm.elbow) if arm.elbow else None,
    )


def _mirrored_place(place: Space) -> Space:
    x, y, z = place
    return (PICTURE - x, y, z)


def _mirrored_direction(direction: Space) -> Space:
    x, y, z = direction
    return (-x, y, z)


def moved(stance: Stance, across: float, down: float, arms: bool = True) -> Stance:
    """The stance moved on the picture; without `arms` the hands stay where they are."""
    x, y = stance.head
    left, right = stance.arms
    if arms:
        left = _moved_arm(left, across, down)
        right = _moved_arm(right, across, down)
    return replace(stance, head=(x + across, y + down), arms=(left, right))


def _moved_arm(arm: ArmPose | None, across: float, down: float) -> ArmPose | None:
    if arm is None:
        return None
    x, y, z = arm.wrist
    elbow = arm.elbow
    if elbow:
        elbow = (elbow[0] + across, elbow[1] + down, elbow[2])
    return replace(arm, wrist=(x + across, y + down, z), elbow=elbow)


AWAY_TURN, AWAY_NOD = 14.0, 12.0
"""Degrees, on the right of the picture, of a head that is turned from the baby."""


def turned_away(stance: Stance, share: float, side: int) -> Stance:
    """The stance with its head turned from the baby to what it holds or beyond, as far as `share`.

    `side` is 1 for somebody on the picture's right.
    """
    return replace(
        stance,
        turn=stance.turn + (side * AWAY_TURN - stance.turn) * share,
        nod=stance.nod + (AWAY_NOD - stance.nod) * share,
        tilt=stance.tilt * (1 - share),
    )


@dataclass(frozen=True)
class Joints:
    """Where a grown-up's parts are on the picture; the arm on the picture's left comes first."""

    chest: Frame
    waist: Frame
    head: Frame
    arms: tuple[Limb | None, Limb | None]


def place_adult(stance: Stance, unit: float) -> Joints:
    """The joints of a stance; `unit` is half the grown-up's head, in units of the picture."""
    chest_axes = rotation(stance.yaw, stance.pitch, stance.roll)
    chest = Frame((0.0, 0.0, 0.0), chest_axes, unit)
    neck_axes = chest.turned(rotation(0, stance.nod, stance.tilt))
    neck = Frame(chest.point(0, 0.02), neck_axes, unit)
    head_axes = chest.turned(rotation(stance.turn, stance.nod, stance.tilt))

    # The head is where a scene wants it, whatever the trunk does: so the chest is found from it.
    x, y = stance.head
    from_chest = neck.point(0, NECK, 0.12)
    chest = replace(chest, origin=subtract((x, y, 0.0), from_chest))
    head = Frame((x, y, 0.0), head_axes, unit)
    # A trunk leans less at the hips than at the shoulders.
    waist_axes = rotation(stance.yaw, 0.4 * stance.pitch, 0.5 * stance.roll)
    waist = Frame(chest.point(0, -0.5 * TRUNK), waist_axes, unit)
    arms = (_place_arm(chest, stance.arms[0], -1), _place_arm(chest, stance.arms[1], 1))
    return Joints(chest, waist, head, arms)


def _place_arm(chest: Frame, arm: ArmPose | None, side: int) -> Limb | None:
    if arm is None:
        return None
    across, up = SHOULDER
    shoulder = chest.point(side * across, up)
    if arm.elbow:
        return Limb(shoulder, arm.elbow, arm.wrist)
    upper = UPPER_ARM * chest.unit
    lower = FOREARM * chest.unit
    elbow, wrist = bend_joint(shoulder, arm.wrist, upper, lower, arm.pole)
    return Limb(shoulder, elbow, wrist)


WIDEST_GAZE, STEEPEST_GAZE = 38.0, 30.0
"""Degrees an eye turns sideways, and up or down, where its pupil reaches the corner."""
LOWEST_GAZE = -0.6
"""Lids that follow the eyes farther down would look asleep."""


def gaze_at(head: Frame, place: Space) -> tuple[float, float]:
    """Where the eyes look in the head to meet a place of the picture: x and y, -1 to 1."""
    dx, dy, dz = unit_vector(subtract(place, head.origin))
    # From the picture's directions to those of the head; y is down on the picture, up in a head.
    columns = zip(*head.axes, strict=True)
    right, up, ahead = (dot_product((a, b, c), (dx, -dy, dz)) for a, b, c in columns)
    sideways = atan2(right, max(ahead, 0.05))
    upwards = asin(min(max(up, -1.0), 1.0)) if hypot(right, ahead) else 0.0
    return (
        _clamped(sideways / radians(WIDEST_GAZE)),
        _clamped(upwards / radians(STEEPEST_GAZE)),
    )


def _clamped(value: float) -> float:
    return min(max(value, -1.0), 1.0)


def eyes_of(head: Frame, side: int, n: Numbers) -> tuple[float, float]:
    """The grown-up's gaze: on the baby's face, but for the share that a look turns away.

    `side` is 1 for somebody on the picture's right, for whom the looks are written.
    """
    place = (n["carer_baby_x"], n["carer_baby_y"], 0.9 * head.unit)
    x, y = gaze_at(head, place)
    y = max(y, LOWEST_GAZE)
    share = 1 - n["carer_averted"]
    return (
        _clamped(x * share + side * n["carer_gaze_x"]),
        _clamped(y * share + n["carer_gaze_y"]),
    )
