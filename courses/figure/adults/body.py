"""A grown-up's trunk, neck, arms and hands as they are drawn on the joints of a stance.
The head is in face.py, its hair in hair.py; where joints are, in stance.py."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure.adults.holding_out import draw_held
from courses.figure.adults.look import AdultLook
from courses.figure.adults.stance import HAND, ArmPose, Joints
from courses.figure.anatomy.hands import ADULT_HAND, Grip, draw_hand
from courses.figure.anatomy.person import Numbers
from courses.figure.anatomy.skeleton import Limb
from courses.figure.geometry.path_data import capsule, smooth_path
from courses.figure.geometry.vectors import (
    Frame,
    Point,
    Space,
    interpolate,
    offset,
)
from courses.figure.palette import fill_path

ARM_RADII = (0.42, 0.325, 0.235)
"""Shoulder, elbow and wrist of a sleeve."""
WRIST = 0.2
FULLEST = 0.335


@dataclass(frozen=True)
class Adult:
    """A grown-up who is ready to be drawn.

    `numbers` are those of the face; `uid` begins the ids of eyes and mouth; `free_hand` is the
    index of the hand that holds something.
    """

    joints: Joints
    poses: tuple[ArmPose | None, ArmPose | None]
    look: AdultLook
    numbers: Numbers
    uid: str
    holds: str = "none"
    free_hand: int = 1

    @property
    def unit(self) -> float:
        return self.joints.head.unit


# The right half of the trunk from the neck down, across and up from the base of the neck; the
# lower points are measured from the waist.
TRUNK_FROM_CHEST = (
    (0.2, 0.36),
    (0.46, 0.16),
    (0.92, -0.02),
    (1.32, -0.24),
    (1.4, -0.74),
    (1.22, -1.35),
    (1.1, -1.95),
)
TRUNK_FROM_WAIST = ((1.04, -0.35), (1.08, -1.0), (1.2, -1.6), (1.22, -2.0), (0.7, -2.16))
HIPS = ((1.1, -1.5), (1.24, -2.2), (1.3, -3.0), (1.26, -4.6))


def draw_trunk(adult: Adult) -> str:
    """Shoulders, chest and waist in one soft shape, with the shade on its far side."""
    ink = adult.look.ink
    right = _half(adult.joints, 1)
    left = _half(adult.joints, -1)
    outline = smooth_path([*right, *left[::-1]])
    svg = ink.shape(_hips(adult.joints.waist), adult.look.trousers)
    svg += ink.shape(outline, adult.look.top)
    return svg + fill_path(_shade(adult.joints), adult.look.top_shade, 0.55)


def _hips(waist: Frame) -> str:
    """Trousers below the hem of the top."""
    right = [_flat(waist.point(x, y)) for x, y in HIPS]
    left = [_flat(waist.point(-x, y)) for x, y in HIPS]
    return smooth_path([*right, *left[::-1]])


def _half(joints: Joints, side: int) -> list[Point]:
    points = [_flat(joints.chest.point(side * x, y)) for x, y in TRUNK_FROM_CHEST]
    points += [_flat(joints.waist.point(side * x, y)) for x, y in TRUNK_FROM_WAIST]
    return points


def _flat(place: Space) -> Point:
    x, y, _ = place
    return x, y


def _shade(joints: Joints) -> str:
    """The side of the trunk that is turned from the light, on the picture's right."""
    outer = [(0.98, -0.2), (1.0, -0.9), (1.14, -1.6), (1.17, -1.98)]
    inner = [(0.84, -2.02), (0.78, -1.5), (0.82, -0.7)]
    # Points that stand twice make a corner.
    points = [outer[0], *outer, outer[-1], inner[0], *inner]
    return smooth_path([_flat(joints.waist.point(x, y)) for x, y in points])


def draw_neck(adult: Adult) -> str:
    """The neck in the neckline of the top, with the shade of the chin on it."""
    ink = adult.look.ink
    chest = adult.joints.chest
    head = adult.joints.head
    u = adult.unit
    chin = head.point(0, -0.42, -0.16)
    base = chest.point(0, 0.1, 0.1)
    throat = interpolate(base, chin, 0.85)
    neckline = [(-0.5, 0.2), (-0.4, -0.1), (0, -0.34), (0.4, -0.1), (0.5, 0.2), (0, 0.42)]
    opening = smooth_path([_flat(chest.point(x, y)) for x, y in neckline])
    neck = capsule(base, 0.36 * u, throat, 0.35 * u)
    svg = ink.shape(opening, ink.skin, 0.9) + ink.shape(neck, ink.skin, 0.9)
    svg += fill_path(opening, ink.skin)
    return svg + _chin_shade(adult, base, throat)


def _chin_shade(adult: Adult, base: Space, throat: Space) -> str:
    ink = adult.look.ink
    u = adult.unit
    start = interpolate(base, throat, 0.5)
    return fill_path(capsule(start, 0.3 * u, throat, 0.33 * u), ink.tone.shade, 0.55)


def draw_upper_arm(adult: Adult, index: int, joined: float = 0.55) -> str:
    """A sleeve from shoulder to wrist, joined to the trunk without a line.

    `joined` is how far towards the middle of the chest the cloth is one.
    """
    limb = adult.joints.arms[index]
    if limb is None:
        return ""
    u = adult.unit
    shoulder, elbow, _ = (radius * u for radius in ARM_RADII)
    sleeve = capsule(limb.root, shoulder, limb.joint, elbow) + _forearm_path(adult, limb)
    svg = adult.look.ink.shape(sleeve, adult.look.top)
    return svg + _shoulder_patch(adult, limb, shoulder, joined)


def _forearm_path(adult: Adult, limb: Limb, is_open: bool = False) -> str:
    """A sleeve from the elbow to the wrist; a forearm is fullest below the elbow."""
    u = adult.unit
    _, elbow, wrist = (radius * u for radius in ARM_RADII)
    cuff = _cuff(limb)
    full = interpolate(limb.joint, cuff, 0.34)
    path = capsule(limb.joint, elbow, full, FULLEST * u, is_open=is_open)
    return path + capsule(full, FULLEST * u, cuff, wrist)


def _shoulder_patch(adult: Adult, limb: Limb, radius: float, joined: float) -> str:
    """Cloth without a line over the seam of sleeve and trunk, above the armpit."""
    chest = adult.joints.chest
    u = adult.unit
    middle = chest.point(0, -0.62)
    inner = interpolate(limb.root, middle, joined)
    low = interpolate(limb.root, limb.joint, 0.22)
    patch = capsule(limb.root, radius * 0.96, inner, 0.34 * u)
    patch += capsule(limb.root, radius * 0.95, low, radius * 0.8)
    return fill_path(patch, adult.look.top)


def _cuff(limb: Limb) -> Space:
    return interpolate(limb.joint, limb.end, 0.8)


def _rib(adult: Adult, limb: Limb) -> str:
    """The ribbed cuff of a sleeve."""
    radius = ARM_RADII[2] * adult.unit
    start = _cuff(limb)
    end = interpolate(limb.joint, limb.end, 0.9)
    return capsule(start, radius * 0.96, end, radius * 0.93)


def draw_lower_arm(adult: Adult, index: int, is_open: bool = True) -> str:
    """The forearm from the elbow on with its hand, to lie over what the upper arm is behind."""
    limb = adult.joints.arms[index]
    pose = adult.poses[index]
    if limb is None or pose is None:
        return ""
    ink = adult.look.ink
    u = adult.unit
    cuff = _cuff(limb)
    bare = capsule(interpolate(limb.joint, cuff, 0.7), WRIST * u, limb.end, WRIST * u)
    sleeve = _forearm_path(adult, limb, is_open)
    svg = ink.shape(bare, ink.skin) + _hand(adult, limb, pose, index)
    svg += ink.shape(_rib(adult, limb), adult.look.top_shade, 0.8)
    svg += ink.shape(sleeve, adult.look.top)
    if is_open:
        svg += _elbow_patch(adult, limb, ARM_RADII[1] * u)
    return svg


def _elbow_patch(adult: Adult, limb: Limb, radius: float) -> str:
    """Cloth without a line, where the sleeve's end would cut the upper arm."""
    ahead = interpolate(limb.joint, limb.end, 0.12)
    patch = capsule(limb.joint, radius * 0.96, ahead, radius * 0.93)
    return fill_path(patch, adult.look.top)


def _hand(adult: Adult, limb: Limb, pose: ArmPose, index: int) -> str:
    ink = adult.look.ink
    size = HAND * adult.unit
    sign = -1 if index == 0 else 1
    along = pose.along
    hand = draw_hand(limb.end, along, pose.faces, -sign, size, Grip(*pose.grip), ink, ADULT_HAND)
    held = ""
    if adult.holds != "none" and index == adult.free_hand:
        grasp = offset(limb.end, along, 0.5 * size)
        held = draw_held(adult.holds, grasp, along, adult.unit, ink)
    ahead = offset(limb.end, along, 0.05 * size)
    back = interpolate(limb.end, limb.joint, 0.1)
    radius = WRIST * adult.unit
    patch = capsule(ahead, radius * 0.84, back, radius * 0.96)
    return held + hand + fill_path(patch, ink.skin)
