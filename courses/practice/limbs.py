"""The body: proportions by age, where numbers put its joints, and trunk, arms, legs and neck drawn from them.
Heads are in head.py, hands and feet in hands.py; mats, cots and carers in settings.py and carer.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import cos, radians, sin
from typing import NamedTuple

from .face import Look, draw_face
from .geometry import (
    Frame,
    Point,
    Space,
    around,
    bend_joint,
    between,
    capsule,
    chain,
    cross,
    dot,
    minus,
    plus,
    smooth,
    turned,
    unit,
)
from .hair import beard, hair_behind, hair_over
from .hands import ADULT_HAND, BABY_HAND, Grip, Shape, draw_foot, draw_hand
from .head import SKULLS, Plate, ears, outline
from .palette import MOTTLE, Ink, flat
from .toys import draw_toy

Numbers = Mapping[str, float]


class Part(NamedTuple):
    """A piece of a drawing: how near it is (larger is nearer), its drawing, and what it is."""

    depth: float
    svg: str
    name: str


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
    "older": Build("older", trunk=2.3, shoulder=0.64, belly=0.72, arm=(0.94, 0.82), leg=(1.25, 1.12)),
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
class Wear:
    """What a person has on and how they look, apart from what moves."""

    suit: str = "#a9c4b3"
    sleeve: float = 0.24  # fraction of the whole arm that is covered
    legs: str = ""  # colour of trousers; "" for a bodysuit
    shoes: str = ""
    hair: str = "short"
    hair_colour: str = "dark-brown"  # or the colour of a scarf
    beard: bool = False
    toy: str = "none"  # held by a hand whose `hold` is 1
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Limb:
    root: Space
    joint: Space
    end: Space


@dataclass(frozen=True)
class Skeleton:
    """Where everything is on the picture."""

    root: Frame
    waist: Frame
    chest: Frame
    head: Frame
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]


def place_joints(root: Frame, build: Build, n: Numbers) -> Skeleton:
    """`root` is the pelvis: its axes are the body's, its unit is half a head. Left of the picture comes first."""
    waist = Frame(root.at(0, 0.42 * build.trunk), _turned(root, 0, 0.45 * n["flex"], 0.45 * n["bend"]), root.unit)
    chest = Frame(waist.at(0, 0.58 * build.trunk), _turned(root, 0, n["flex"], n["bend"]), root.unit)
    neck = Frame(chest.at(0, 0.05), _turned(chest, 0, n["nod"], n["tilt"]), root.unit)
    head = Frame(neck.at(0, build.neck[0], 0.14), _turned(chest, 70 * n["turn"], n["nod"], n["tilt"]), root.unit)
    arms = tuple(_arm(chest, head, build, n, side) for side in (-1, 1))
    legs = tuple(_leg(root, build, n, side) for side in (-1, 1))
    return Skeleton(root, waist, chest, head, arms, legs)  # type: ignore[arg-type]


def _turned(frame: Frame, yaw: float, pitch: float, roll: float):  # type: ignore[no-untyped-def]
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
    target = plus(hip, root.way(side * n[key + "out"], n[key + "up"], n[key + "front"]), reach * root.unit)
    k = radians(n[key + "knee"])
    pole = root.way(side * sin(k), 0.25, cos(k))
    knee, ankle = bend_joint(hip, target, upper, lower, pole)
    return Limb(hip, knee, ankle)


def draw_person(root: Frame, build: Build, n: Numbers, wear: Wear, ink: Ink, uid: str) -> list[Part]:
    """A person's parts, to be laid down from far to near together with what surrounds them."""
    s = place_joints(root, build, n)
    middle = (s.chest.origin[2] + s.root.origin[2]) / 2
    parts = [Part(middle, draw_trunk(s, build, wear, ink, n), "trunk")]
    for side in (0, 1):
        parts.append(_arm_part(s, build, n, wear, ink, side, middle))
        parts.append(_leg_part(s, build, n, wear, ink, side, middle))
    near = max(s.head.origin[2], middle) + 0.35 * root.unit
    parts.append(Part(near, draw_head(s.head, build, n, wear, ink, uid), "head"))
    behind = hair_behind(s.head, SKULLS[build.skull], wear.hair, wear.hair_colour, ink)
    parts += [Part(middle - 0.9 * root.unit, behind, "hair")] if behind else []
    return sorted(parts, key=lambda part: part.depth)


def draw_trunk(s: Skeleton, build: Build, wear: Wear, ink: Ink, n: Numbers) -> str:
    """Shoulders, belly and hips as one soft shape, with the neck coming out of it."""
    u = s.root.unit
    top = [(s.chest.at(side * (build.shoulder - 0.12), -0.16), (build.arm_r[0] + 0.02) * u) for side in (-1, 1)]
    mid = [(s.waist.at(side * (build.shoulder * 0.3), 0.15, 0.05), build.belly * u) for side in (-1, 1)]
    low = [(s.root.at(side * (build.hip * 0.85), -0.03), (build.leg_r[0] + 0.06) * u) for side in (-1, 1)]
    hem = [(s.root.at(side * build.hip * 0.9, 0.5), (build.leg_r[0] + 0.08) * u) for side in (-1, 1)]
    d = smooth(around([*top, *mid], 24)) + smooth(around([*mid, *(hem if wear.legs else low)], 24))
    hips = ink.shape(smooth(around(low, 24)), wear.legs) if wear.legs else ""
    base = s.chest.at(0, 0.0, 0.12)
    up = between(base, s.head.at(0, -0.55, -0.2), 0.8)
    r = build.neck[1] * u
    neck = ink.shape(capsule(base, r * 1.08, up, r), ink.skin, 0.9)
    shadow = flat(capsule(between(base, up, 0.55), r * 0.8, up, r * 0.9), ink.tone.shade, 0.6)
    return hips + ink.shape(d, wear.suit) + neck + shadow


def _arm_part(s: Skeleton, build: Build, n: Numbers, wear: Wear, ink: Ink, side: int, middle: float) -> Part:
    sign = -1 if side == 0 else 1
    key = "arm_l_" if side == 0 else "arm_r_"
    limb, u = s.arms[side], s.root.unit
    radii = [r * u for r in build.arm_r]
    arm = ink.shape(chain((limb.root, limb.joint, limb.end), radii), ink.skin)
    arm += _blotches(limb, radii[1], n["mottle"])
    svg = arm + _hand(s, build, n, wear, ink, limb, sign, key) + _sleeve(limb, build, wear, ink, u)
    inward = between(limb.root, s.waist.at(0, 0.2), 0.34)
    svg += flat(capsule(limb.root, radii[0] * 0.96, inward, radii[0] * 0.9), wear.suit)
    near = limb.end[2]
    if n[key + "head"] > 0.5 and n[key + "front"] > 0.8:
        near = s.head.origin[2] + u
    behind = (limb.joint[2] + limb.end[2]) / 2 < middle - 0.35 * u
    return Part(middle - u if behind else max(near, middle + 0.02 * u), svg, f"arm{side}")


def _sleeve(limb: Limb, build: Build, wear: Wear, ink: Ink, u: float) -> str:
    total, upper = sum(build.arm), build.arm[0]
    covered = wear.sleeve * total
    r = [(radius + 0.035) * u for radius in build.arm_r]
    if covered <= upper:
        return ink.shape(
            capsule(limb.root, r[0], between(limb.root, limb.joint, covered / upper), r[1] + 0.02 * u), wear.suit
        )
    cuff = between(limb.joint, limb.end, (covered - upper) / build.arm[1])
    return ink.shape(chain((limb.root, limb.joint, cuff), (r[0], r[1], r[2] + 0.02 * u)), wear.suit)


def _hand(s: Skeleton, build: Build, n: Numbers, wear: Wear, ink: Ink, limb: Limb, sign: int, key: str) -> str:
    grip = Grip(n[key + "curl"], n[key + "spread"], n[key + "thumb"])
    along = unit(minus(limb.end, limb.joint))
    bend = radians(n[key + "wrist"] * sign)
    along = (along[0] * cos(bend) - along[1] * sin(bend), along[0] * sin(bend) + along[1] * cos(bend), along[2])
    turn = radians(n[key + "palm"])
    palm = s.chest.way(-sign * sin(turn), 0.0, cos(turn))
    size, r = build.hand * s.root.unit, build.arm_r[2] * s.root.unit
    hand = draw_hand(limb.end, along, palm, -sign, size, grip, ink, build.fingers, n["dusky"])
    back = between(limb.end, limb.joint, 0.22)
    if wear.toy != "none" and n[key + "hold"] > 0.5:
        hand = draw_toy(wear.toy, plus(limb.end, along, 0.5 * size), _toy_way(s, along, sign), s.root.unit, ink) + hand
    return hand + flat(capsule(plus(limb.end, along, 0.05 * size), r * 0.82, back, r * 0.98), ink.skin)


def _toy_way(s: Skeleton, along: Space, sign: int) -> Space:
    """Which way a held toy points: out of the thumb's side of the fist."""
    up = unit(plus(s.chest.way(-0.35 * sign, 0.9, 0), along, 0.15))
    return (up[0], up[1], 0.0)


def _blotches(limb: Limb, radius: float, strength: float) -> str:
    """Marbled skin on the far half of a limb."""
    if strength < 0.2:
        return ""
    spots = ""
    for t, across, size in ((0.1, 0.3, 0.42), (0.38, -0.35, 0.5), (0.66, 0.3, 0.4), (0.9, -0.25, 0.34)):
        c = between(limb.joint, limb.end, t)
        spots += circle((c[0] + across * radius, c[1] + 0.4 * across * radius), size * radius)
    return flat(spots, MOTTLE, 0.3 * strength)


def _leg_part(s: Skeleton, build: Build, n: Numbers, wear: Wear, ink: Ink, side: int, middle: float) -> Part:
    sign, key = (-1, "leg_l_") if side == 0 else (1, "leg_r_")
    limb, u = s.legs[side], s.root.unit
    radii = [r * u for r in build.leg_r]
    line = chain((limb.root, limb.joint, limb.end), radii)
    foot = _foot(s, build, n, wear, ink, limb, sign, key)
    patch_to = between(limb.root, s.waist.at(0, 0), 0.3)
    seat = s.root.at(0, -0.05, -0.12)
    patch = flat(
        capsule(limb.root, radii[0] * 0.95, patch_to, radii[0] * 0.9)
        + capsule(limb.root, radii[0], seat, radii[0] + 0.03 * u),
        wear.legs or wear.suit,
    )
    if wear.legs:
        svg = foot + ink.shape(line, wear.legs)
    else:
        brief = capsule(limb.root, radii[0] + 0.03 * u, between(limb.root, limb.joint, 0.16), radii[0])
        svg = (
            ink.shape(line, ink.skin)
            + _blotches(limb, radii[1], n["mottle"])
            + foot
            + ink.shape(brief, wear.suit)
            + patch
        )
    behind = (limb.joint[2] + limb.end[2]) / 2 < middle - 0.4 * u
    return Part(middle - u if behind else max(limb.end[2], limb.joint[2], middle + 0.01 * u), svg, f"leg{side}")


def _foot(s: Skeleton, build: Build, n: Numbers, wear: Wear, ink: Ink, limb: Limb, sign: int, key: str) -> str:
    u = s.root.unit
    shin = unit(minus(limb.end, limb.joint))
    front, out = s.root.way(0, 0, 1), s.root.way(sign, 0, 0)
    p = n[key + "point"]
    ahead = unit(plus(front, shin, -dot(front, shin)))
    if abs(dot(front, shin)) > 0.8:
        ahead = unit(plus(plus(s.root.way(0, 1, 0), out, 0.5), shin, -dot(plus(s.root.way(0, 1, 0), out, 0.5), shin)))
    along = unit(plus(plus((ahead[0] * (1 - p), ahead[1] * (1 - p), ahead[2] * (1 - p)), shin, 0.35 + p), out, 0.3))
    sole = unit(plus(shin, ahead, -0.9 * p))
    square = unit(plus(sole, along, -dot(sole, along)))
    toe = 1 if dot(cross(square, along), out) < 0 else -1
    if wear.shoes:
        tip = plus(limb.end, along, build.foot * 0.62 * u)
        r = build.leg_r[2] * u
        heel = plus(limb.end, along, -0.12 * build.foot * u)
        return ink.shape(capsule(heel, r * 0.95, tip, r * 0.78), wear.shoes)
    foot = draw_foot(limb.end, along, sole, toe, build.foot * u, ink, n["toes"])
    r = build.leg_r[2] * u
    return foot + flat(capsule(limb.end, r * 0.85, between(limb.end, limb.joint, 0.2), r), ink.skin)


def draw_head(head: Frame, build: Build, n: Numbers, wear: Wear, ink: Ink, uid: str) -> str:
    skull = SKULLS[build.skull]
    behind, ahead = ears(head, skull, ink)
    shape = ink.shape(smooth(outline(head, skull, n["jaw"])), ink.skin)
    hair = hair_over(head, skull, wear.hair, wear.hair_colour, ink)
    plate = Plate(head, skull)
    whiskers = beard(plate, wear.hair_colour, ink) if wear.beard else ""
    if wear.hair in ("scarf", "long", "bob"):
        behind = ahead = ""
    return behind + shape + whiskers + hair + ahead + draw_face(plate, n, ink, uid, wear.look)
