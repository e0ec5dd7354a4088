"""Trunk, neck, arms and legs drawn on a skeleton, and a whole person as parts from far to near.
Proportions and joints are in body.py, heads in head.py, hands and feet in hands.py; mats and carers elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, radians, sin
from typing import Any, NamedTuple

from courses.figure import vocabulary
from courses.figure.anatomy.face import Look, draw_face
from courses.figure.anatomy.hair import beard, hair_behind, hair_over
from courses.figure.anatomy.hands import Grip, draw_foot, draw_hand
from courses.figure.anatomy.head import SKULLS, Plate, ears, outline
from courses.figure.anatomy.skeleton import Build, Limb, Numbers, Skeleton, place_joints
from courses.figure.geometry import (
    Frame,
    Space,
    around,
    between,
    capsule,
    chain,
    cross,
    dot,
    minus,
    oval,
    plus,
    smooth,
    unit,
)
from courses.figure.palette import MOTTLE, Ink, flat, mixed
from courses.figure.toys import draw_toy


class Part(NamedTuple):
    """A piece of a drawing: how near it is (larger is nearer), its drawing, and what it is."""

    depth: float
    svg: str
    name: str


@dataclass(frozen=True)
class Wear:
    """What a person has on and how they look, apart from what moves."""

    suit: str = "#a9c4b3"
    sleeve: float = 0.24  # fraction of the whole arm that is covered
    legs: str = ""  # colour of trousers; "" for a bodysuit and bare legs
    shoes: str = ""
    hair: str = "short"
    hair_colour: str = "dark-brown"  # or the colour of a scarf
    beard: bool = False
    toy: str = "none"  # held by a hand whose `hold` is 1
    hands: bool = True  # False when they are out of sight, and so need no drawing
    feet: bool = True
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Person:
    """Everything needed to draw somebody."""

    s: Skeleton
    build: Build
    n: Numbers
    wear: Wear
    ink: Ink
    uid: str

    @property
    def unit(self) -> float:
        return self.s.root.unit


def person_at(root: Frame, build: Build, n: Numbers, wear: Wear, ink: Ink, uid: str) -> Person:
    """Somebody whose pelvis is `root`; `uid` begins the ids of their eyes and mouth."""
    return Person(place_joints(root, build, n), build, n, wear, ink, uid)


def draw_person(p: Person, kept: dict[Any, list[Part]] | None = None) -> list[Part]:
    """Their parts from far to near, to be laid down together with what surrounds them.

    With `kept` a part is drawn once for the same numbers, which is much in a moving scene.
    """
    kept = {} if kept is None else kept
    parts: list[Part] = []
    for name, (keys, draw_them) in MAKERS.items():
        key = (
            name,
            p.uid,
            p.wear,
            p.ink,
            p.s.root.origin,
            *(round(v, 4) for k, v in p.n.items() if k.startswith(keys)),
        )
        if key not in kept:
            kept[key] = draw_them(p)
        parts += kept[key]
    return sorted(parts, key=lambda part: part.depth)


def _head_parts(p: Person) -> list[Part]:
    middle, u = p.s.middle, p.unit
    near = max(p.s.head.origin[2], middle) + 0.35 * u
    behind = hair_behind(p.s.head, p.wear.hair, p.wear.hair_colour, p.ink)
    over_neck = p.wear.hair == "scarf"
    return [
        Part(near if over_neck else middle - 0.9 * u, behind, "hair"),
        Part(near, draw_head(p), "head"),
    ]


def draw_trunk(p: Person) -> str:
    """Shoulders, belly and hips as one soft shape, with the neck coming out of it."""
    s, build, u, wear, ink = p.s, p.build, p.unit, p.wear, p.ink
    sides = (-1, 1)
    top = [
        (s.chest.at(side * (build.shoulder - 0.1), -0.16), (build.arm_r[0] + 0.01) * u)
        for side in sides
    ]
    top.append((s.chest.at(0, 0.12), build.neck[1] * 1.15 * u))
    mid = [
        (s.waist.at(side * (build.shoulder * 0.3), 0.15, 0.05), build.belly * u) for side in sides
    ]
    low = [
        (s.root.at(side * (build.hip * 0.85), -0.03), (build.leg_r[0] + 0.06) * u) for side in sides
    ]
    hem = [(s.root.at(side * build.hip * 0.9, 0.5), (build.leg_r[0] + 0.08) * u) for side in sides]
    up, rise = s.chest.way(0, 1), s.waist.way(0, 1)
    d = smooth(around([*top, *mid], 30, up)) + smooth(
        around([*mid, *(hem if wear.legs else low)], 30, rise)
    )
    hips = ink.shape(smooth(around(low, 36, rise)), wear.legs) if wear.legs else ""
    base = s.chest.at(0, 0.0, 0.12)
    throat = between(base, s.head.at(0, -0.55, -0.2), 0.8)
    r = build.neck[1] * u
    neck = ink.shape(capsule(base, r * 1.08, throat, r), ink.skin, 0.9)
    return (
        hips
        + ink.shape(d, wear.suit)
        + neck
        + flat(capsule(between(base, throat, 0.55), r * 0.8, throat, r * 0.9), ink.tone.shade, 0.6)
    )


def _side(side: int) -> tuple[int, str]:
    """The sign of x and the letter of a side of the picture."""
    return (-1, "l") if side == 0 else (1, "r")


def _arm_part(p: Person, side: int) -> Part:
    letter = _side(side)[1]
    limb, u, middle = p.s.arms[side], p.unit, p.s.middle
    radii = [r * u for r in p.build.arm_r]
    arm = p.ink.shape(chain((limb.root, limb.joint, limb.end), radii), p.ink.skin)
    arm += _marbling(p, limb, radii[1])
    svg = (arm + _hand(p, side) if p.wear.hands else "") + _sleeve(p, limb)
    inward = between(limb.root, p.s.waist.at(0, 0.2), 0.34)
    svg += flat(capsule(limb.root, radii[0] * 0.96, inward, radii[0] * 0.9), p.wear.suit)
    near = limb.end[2]
    if p.n[f"arm_{letter}_head"] > 0.5:
        near = p.s.head.origin[2] + u
    behind = (limb.joint[2] + limb.end[2]) / 2 < middle - 0.35 * u
    return Part(middle - u if behind else max(near, middle + 0.02 * u), svg, f"arm{side}")


def draw_forearm(p: Person, side: int) -> str:
    """The arm from the elbow on, to lie over what the upper arm is behind."""
    limb, u = p.s.arms[side], p.unit
    _, elbow, wrist = (r * u for r in p.build.arm_r)
    covered = (p.wear.sleeve * sum(p.build.arm) - p.build.arm[0]) / p.build.arm[1]
    cuff = between(limb.joint, limb.end, max(covered, 0.1))
    bare = p.ink.shape(capsule(between(limb.joint, cuff, 0.7), wrist, limb.end, wrist), p.ink.skin)
    sleeve = p.ink.shape(
        capsule(limb.joint, elbow + 0.035 * u, cuff, wrist + 0.055 * u, is_open=True), p.wear.suit
    )
    return bare + _hand(p, side) + sleeve


def _sleeve(p: Person, limb: Limb) -> str:
    upper, u = p.build.arm[0], p.unit
    covered = p.wear.sleeve * sum(p.build.arm)
    r = [(radius + 0.035) * u for radius in p.build.arm_r]
    if covered <= upper:
        cuff = between(limb.root, limb.joint, covered / upper)
        return p.ink.shape(capsule(limb.root, r[0], cuff, r[1] + 0.02 * u), p.wear.suit)
    cuff = between(limb.joint, limb.end, (covered - upper) / p.build.arm[1])
    return p.ink.shape(
        chain((limb.root, limb.joint, cuff), (r[0], r[1], r[2] + 0.02 * u)), p.wear.suit
    )


def _hand(p: Person, side: int) -> str:
    sign, letter = _side(side)
    n, limb, ink = (
        {k: p.n[f"arm_{letter}_{k}"] for k in ("curl", "spread", "thumb", "wrist", "palm", "hold")},
        p.s.arms[side],
        p.ink,
    )
    along = unit(minus(limb.end, limb.joint))
    bend, turn = radians(n["wrist"] * sign), radians(n["palm"])
    along = (
        along[0] * cos(bend) - along[1] * sin(bend),
        along[0] * sin(bend) + along[1] * cos(bend),
        along[2],
    )
    palm = p.s.chest.way(-sign * sin(turn), 0.0, cos(turn))
    size, r = p.build.hand * p.unit, p.build.arm_r[2] * p.unit
    grip = Grip(n["curl"], n["spread"], n["thumb"])
    hand = draw_hand(limb.end, along, palm, -sign, size, grip, ink, p.build.fingers, p.n["dusky"])
    if p.wear.toy != "none" and n["hold"] > 0.5:
        grasp = plus(limb.end, along, 0.5 * size)
        hand = draw_toy(p.wear.toy, grasp, _toy_way(p, grasp, side), p.unit, ink) + hand
    back = between(limb.end, limb.joint, 0.22)
    return hand + flat(
        capsule(plus(limb.end, along, 0.05 * size), r * 0.82, back, r * 0.98), ink.skin
    )


def _toy_way(p: Person, grasp: Space, side: int) -> Space:
    """Which way a held toy points: to the mouth when the hand is at the face, else out of the thumb's side."""
    sign, letter = _side(side)
    way = p.s.chest.way(-0.35 * sign, 0.9, 0)
    if p.n[f"arm_{letter}_head"] > 0.5:
        way = minus(p.s.head.at(0, -0.62, 0.9), grasp)
    return unit((way[0], way[1], 0.0))


def _marbling(p: Person, limb: Limb, radius: float) -> str:
    """The uneven patches of mottled skin, all along a limb."""
    strength = p.n["mottle"]
    if strength < 0.2:
        return ""
    across = unit(cross(minus(limb.end, limb.joint), (0.0, 0.0, 1.0)))
    patches = ""
    for i in range(10):
        start, end, t = (
            (limb.root, limb.joint, 0.5 + 0.12 * i)
            if i < 4
            else (limb.joint, limb.end, 0.16 * (i - 4))
        )
        spot = plus(
            between(start, end, t), across, radius * (-0.55, 0.5, -0.1, 0.62, -0.6, 0.1)[i % 6]
        )
        patches += oval(
            spot, radius * (0.42, 0.26, 0.34)[i % 3], radius * (0.24, 0.36, 0.2, 0.3)[i % 4]
        )
    return flat(patches, mixed(p.ink.tone.blush, MOTTLE, 0.45), 0.42 * strength)


def _leg_part(p: Person, side: int) -> Part:
    limb, u, middle, ink, wear = p.s.legs[side], p.unit, p.s.middle, p.ink, p.wear
    radii = [r * u for r in p.build.leg_r]
    line = chain((limb.root, limb.joint, limb.end), radii)
    foot = _foot(p, side) if wear.feet else ""
    if wear.legs:
        svg = foot + ink.shape(line, wear.legs)
    else:
        svg = (
            ink.shape(line, ink.skin)
            + _marbling(p, limb, radii[1])
            + foot
            + _brief(p, limb, radii[0])
        )
    behind = (limb.joint[2] + limb.end[2]) / 2 < middle - 0.4 * u
    return Part(
        middle - u if behind else max(limb.end[2], limb.joint[2], middle + 0.01 * u),
        svg,
        f"leg{side}",
    )


def _brief(p: Person, limb: Limb, r: float) -> str:
    """The leg of a bodysuit, and patches that hide its line where it joins the trunk."""
    u = p.unit
    edge = capsule(limb.root, r + 0.03 * u, between(limb.root, limb.joint, 0.16), r)
    patches = capsule(limb.root, r * 0.95, between(limb.root, p.s.waist.at(0, 0), 0.3), r * 0.9)
    patches += capsule(limb.root, r, p.s.root.at(0, -0.05, -0.12), r + 0.03 * u)
    return p.ink.shape(edge, p.wear.suit) + flat(patches, p.wear.suit)


def _foot(p: Person, side: int) -> str:
    sign, letter = _side(side)
    limb, u, root = p.s.legs[side], p.unit, p.s.root
    shin = unit(minus(limb.end, limb.joint))
    out, point, clasp = root.way(sign, 0, 0), p.n[f"leg_{letter}_point"], p.n[f"leg_{letter}_clasp"]
    front = root.way(0, 0, 1)
    if abs(dot(front, shin)) > 0.8:
        front = plus(root.way(0, 1, 0), out, 0.5)
    ahead = unit(plus(front, shin, -dot(front, shin)))
    along = unit(plus(plus(plus((0.0, 0.0, 0.0), ahead, 1 - point), shin, 0.35 + point), out, 0.3))
    along = unit(between(along, root.way(0, -1, 0.35), clasp))
    r, length = p.build.leg_r[2] * u, p.build.foot * u
    if p.wear.shoes:
        shoe = capsule(
            plus(limb.end, along, -0.12 * length),
            r * 0.95,
            plus(limb.end, along, 0.62 * length),
            r * 0.78,
        )
        return p.ink.shape(shoe, p.wear.shoes)
    sole = unit(between(plus(shin, ahead, -0.9 * point), root.way(-sign, 0, 0.3), clasp))
    square = unit(plus(sole, along, -dot(sole, along)))
    toe = 1 if dot(cross(square, along), out) < 0 else -1
    ankle = capsule(limb.end, r * 0.85, between(limb.end, limb.joint, 0.2), r)
    return draw_foot(limb.end, along, sole, toe, length, p.ink) + flat(ankle, p.ink.skin)


def draw_head(p: Person) -> str:
    head, ink, wear = p.s.head, p.ink, p.wear
    skull = SKULLS[p.build.skull]
    behind, ahead = ("", "") if wear.hair in ("scarf", "long", "bob") else ears(head, skull, ink)
    shape = ink.shape(smooth(outline(head, skull, p.n["jaw"])), ink.skin)
    plate = Plate(head, skull)
    whiskers = beard(plate, wear.hair_colour, ink) if wear.beard else ""
    hair = hair_over(head, skull, wear.hair, wear.hair_colour, ink)
    return behind + shape + whiskers + hair + ahead + draw_face(plate, p.n, ink, p.uid, wear.look)


BODY = ("stage_", "turn", "tilt", "nod", "flex", "bend", "sag", "dusky", "mottle")
FACE = (*vocabulary.FACE_KEYS, *BODY)
MAKERS: dict[str, tuple[tuple[str, ...], Callable[[Person], list[Part]]]] = {
    "trunk": (BODY, lambda p: [Part(p.s.middle, draw_trunk(p), "trunk")]),
    "arm0": (("arm_l_", *BODY), lambda p: [_arm_part(p, 0)]),
    "leg0": (("leg_l_", *BODY), lambda p: [_leg_part(p, 0)]),
    "arm1": (("arm_r_", *BODY), lambda p: [_arm_part(p, 1)]),
    "leg1": (("leg_r_", *BODY), lambda p: [_leg_part(p, 1)]),
    "head": (FACE, _head_parts),
}
"""The parts of somebody: how the names of the numbers begin that they depend on, and who draws them."""
