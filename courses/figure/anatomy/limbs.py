"""Arms and legs on a skeleton, with sleeves, hands that hold a toy, feet and shoes.
Where joints are is in skeleton.py; hands and feet themselves in hands.py, the trunk in body.py.

Index 0 is the limb on the picture's left, 1 the one on its right.
"""

from __future__ import annotations

from math import cos, radians, sin

from courses.figure.anatomy.hands import Grip, draw_foot, draw_hand
from courses.figure.anatomy.person import Layer, Person
from courses.figure.anatomy.skeleton import Limb
from courses.figure.anatomy.skin_signs import mottled_limb
from courses.figure.geometry.path_data import capsule, capsule_chain
from courses.figure.geometry.vectors import (
    ORIGIN,
    Space,
    cross_product,
    dot_product,
    interpolate,
    offset,
    subtract,
    unit_vector,
)
from courses.figure.palette import fill_path
from courses.figure.toys import draw_toy

SIGNS, LETTERS = (-1, 1), ("l", "r")
"""The sign of x, and the letter in the names of numbers, of a limb by its index."""


def arm_layer(person: Person, index: int) -> Layer:
    """An arm with its hand and sleeve, behind the trunk or in front of it."""
    limb = person.skeleton.arms[index]
    radii = [radius * person.unit for radius in person.build.arm_r]
    svg = ""
    # Where the hands are out of sight, the bare forearm is too.
    if person.appearance.hands:
        arm = capsule_chain((limb.root, limb.joint, limb.end), radii)
        svg += person.ink.shape(arm, person.ink.skin)
        svg += mottled_limb(limb, radii, person.numbers["mottle"], person.ink)
        svg += _hand(person, index)
    svg += _sleeve(person, limb)

    # A patch without a line joins the sleeve to the trunk.
    inward = interpolate(limb.root, person.skeleton.waist.point(0, 0.2), 0.34)
    patch = capsule(limb.root, radii[0] * 0.96, inward, radii[0] * 0.9)
    svg += fill_path(patch, person.appearance.suit)
    return Layer(_arm_depth(person, index), svg, f"arm{index}")


def _arm_depth(person: Person, index: int) -> float:
    limb = person.skeleton.arms[index]
    u = person.unit
    middle = person.skeleton.middle
    average = (limb.joint[2] + limb.end[2]) / 2
    if average < middle - 0.35 * u:
        return middle - u
    near = limb.end[2]
    # A hand at the face is in front of it, however far back the wrist is.
    if _is_at_head(person, index):
        near = person.skeleton.head.origin[2] + u
    in_front = middle + 0.02 * u
    return max(near, in_front)


def _is_at_head(person: Person, index: int) -> bool:
    return person.numbers[f"arm_{LETTERS[index]}_head"] > 0.5


def draw_forearm(person: Person, index: int) -> str:
    """The arm from the elbow on, to lie over something that the upper arm is behind."""
    limb = person.skeleton.arms[index]
    u = person.unit
    build = person.build
    _, elbow, wrist = (radius * u for radius in build.arm_r)
    upper, lower = build.arm
    # What the sleeve covers beyond the elbow, as a share of the forearm.
    covered = (person.appearance.sleeve * (upper + lower) - upper) / lower
    cuff = interpolate(limb.joint, limb.end, max(covered, 0.1))
    bare = capsule(interpolate(limb.joint, cuff, 0.7), wrist, limb.end, wrist)
    sleeve = capsule(limb.joint, elbow + 0.035 * u, cuff, wrist + 0.055 * u, is_open=True)
    return (
        person.ink.shape(bare, person.ink.skin)
        + _hand(person, index)
        + person.ink.shape(sleeve, person.appearance.suit)
    )


def _sleeve(person: Person, limb: Limb) -> str:
    u = person.unit
    suit = person.appearance.suit
    upper, lower = person.build.arm
    covered = person.appearance.sleeve * (upper + lower)
    shoulder, elbow, wrist = ((radius + 0.035) * u for radius in person.build.arm_r)
    if covered <= upper:
        cuff = interpolate(limb.root, limb.joint, covered / upper)
        short_sleeve = capsule(limb.root, shoulder, cuff, elbow + 0.02 * u)
        return person.ink.shape(short_sleeve, suit)
    cuff = interpolate(limb.joint, limb.end, (covered - upper) / lower)
    long_sleeve = capsule_chain((limb.root, limb.joint, cuff), (shoulder, elbow, wrist + 0.02 * u))
    return person.ink.shape(long_sleeve, suit)


def _hand(person: Person, index: int) -> str:
    """A hand with what it holds, and a patch without a line that joins it to the arm."""
    sign = SIGNS[index]
    prefix = f"arm_{LETTERS[index]}_"
    n = person.numbers
    limb = person.skeleton.arms[index]
    build = person.build
    size = build.hand * person.unit
    along = _bent_wrist(limb, radians(n[prefix + "wrist"] * sign))
    turn = radians(n[prefix + "palm"])
    faces = person.skeleton.chest.direction(-sign * sin(turn), 0.0, cos(turn))
    grip = Grip(n[prefix + "curl"], n[prefix + "spread"], n[prefix + "thumb"])
    svg = draw_hand(
        limb.end, along, faces, -sign, size, grip, person.ink, build.fingers, n["dusky"]
    )
    if person.appearance.toy != "none" and n[prefix + "hold"] > 0.5:
        grasp = offset(limb.end, along, 0.5 * size)
        direction = _toy_direction(person, grasp, index)
        toy = draw_toy(person.appearance.toy, grasp, direction, person.unit, person.ink)
        svg = toy + svg
    return svg + _wrist_patch(person, limb, along, size)


def _bent_wrist(limb: Limb, angle: float) -> Space:
    """Where the fingers point when the hand turns on the picture by an angle in radians."""
    x, y, z = unit_vector(subtract(limb.end, limb.joint))
    return (
        x * cos(angle) - y * sin(angle),
        x * sin(angle) + y * cos(angle),
        z,
    )


def _wrist_patch(person: Person, limb: Limb, along: Space, size: float) -> str:
    radius = person.build.arm_r[2] * person.unit
    ahead = offset(limb.end, along, 0.05 * size)
    back = interpolate(limb.end, limb.joint, 0.22)
    patch = capsule(ahead, radius * 0.82, back, radius * 0.98)
    return fill_path(patch, person.ink.skin)


def _toy_direction(person: Person, grasp: Space, index: int) -> Space:
    """Where a held toy points: to the mouth when the hand is at the face, else past the thumb."""
    if _is_at_head(person, index):
        mouth = person.skeleton.head.point(0, -0.62, 0.9)
        x, y, _ = subtract(mouth, grasp)
    else:
        inward = -0.35 * SIGNS[index]
        x, y, _ = person.skeleton.chest.direction(inward, 0.9, 0)
    return unit_vector((x, y, 0.0))


def leg_layer(person: Person, index: int) -> Layer:
    """A leg with its foot, in trousers or bare under a bodysuit."""
    limb = person.skeleton.legs[index]
    ink = person.ink
    appearance = person.appearance
    radii = [radius * person.unit for radius in person.build.leg_r]
    leg = capsule_chain((limb.root, limb.joint, limb.end), radii)
    foot = _foot(person, index) if appearance.feet else ""
    if appearance.legs:
        svg = foot + ink.shape(leg, appearance.legs)
    else:
        svg = ink.shape(leg, ink.skin) + mottled_limb(
            limb, radii, person.numbers["mottle"], person.ink
        )
        svg += foot + _bodysuit_leg(person, limb, radii[0])
    return Layer(_leg_depth(person, limb), svg, f"leg{index}")


def _leg_depth(person: Person, limb: Limb) -> float:
    u = person.unit
    middle = person.skeleton.middle
    average = (limb.joint[2] + limb.end[2]) / 2
    if average < middle - 0.4 * u:
        return middle - u
    # A leg that is not behind the trunk is always in front of it.
    in_front = middle + 0.01 * u
    return max(limb.end[2], limb.joint[2], in_front)


def _bodysuit_leg(person: Person, limb: Limb, radius: float) -> str:
    """The edge of a bodysuit round the thigh, and patches that join it to the trunk."""
    u = person.unit
    suit = person.appearance.suit
    skeleton = person.skeleton
    thigh = interpolate(limb.root, limb.joint, 0.16)
    wide = radius + 0.03 * u
    edge = capsule(limb.root, wide, thigh, radius)
    waist = skeleton.waist.point(0, 0)
    towards_waist = interpolate(limb.root, waist, 0.3)
    between_legs = skeleton.root.point(0, -0.05, -0.12)
    patches = capsule(limb.root, radius * 0.95, towards_waist, radius * 0.9)
    patches += capsule(limb.root, radius, between_legs, wide)
    svg = person.ink.shape(edge, suit)
    return svg + fill_path(patches, suit)


def _foot(person: Person, index: int) -> str:
    """A bare foot or a shoe."""
    sign = SIGNS[index]
    prefix = f"leg_{LETTERS[index]}_"
    limb = person.skeleton.legs[index]
    root = person.skeleton.root
    shin = unit_vector(subtract(limb.end, limb.joint))
    outward = root.direction(sign, 0, 0)
    ahead = _ahead_of_shin(person, shin, outward)
    point = person.numbers[prefix + "point"]
    clasp = person.numbers[prefix + "clasp"]

    # Toes go ahead, or in line with the shin when the foot is pointed; always a little outwards.
    along = offset(ORIGIN, ahead, 1 - point)
    along = offset(along, shin, 0.35 + point)
    along = unit_vector(offset(along, outward, 0.3))
    along = unit_vector(interpolate(along, root.direction(0, -1, 0.35), clasp))
    if person.appearance.shoes:
        return _shoe(person, limb, along)

    flat = offset(shin, ahead, -0.9 * point)
    sole = unit_vector(interpolate(flat, root.direction(-sign, 0, 0.3), clasp))
    # As draw_foot sees the foot: its sole square to its length.
    square = unit_vector(offset(sole, along, -dot_product(sole, along)))
    # The big toes are on the inner sides of the feet.
    big_toe = 1 if dot_product(cross_product(square, along), outward) < 0 else -1
    length = person.build.foot * person.unit
    foot = draw_foot(limb.end, along, sole, big_toe, length, person.ink)
    return foot + _ankle_patch(person, limb)


def _ahead_of_shin(person: Person, shin: Space, outward: Space) -> Space:
    """A direction square to the shin in which a foot at rest points."""
    root = person.skeleton.root
    front = root.direction(0, 0, 1)
    # A leg stretched towards the viewer would leave no direction: then the toes point up and
    # outwards.
    if abs(dot_product(front, shin)) > 0.8:
        front = offset(root.direction(0, 1, 0), outward, 0.5)
    return unit_vector(offset(front, shin, -dot_product(front, shin)))


def _shoe(person: Person, limb: Limb, along: Space) -> str:
    radius = person.build.leg_r[2] * person.unit
    length = person.build.foot * person.unit
    heel = offset(limb.end, along, -0.12 * length)
    toe = offset(limb.end, along, 0.62 * length)
    shoe = capsule(heel, radius * 0.95, toe, radius * 0.78)
    return person.ink.shape(shoe, person.appearance.shoes)


def _ankle_patch(person: Person, limb: Limb) -> str:
    radius = person.build.leg_r[2] * person.unit
    above = interpolate(limb.end, limb.joint, 0.2)
    patch = capsule(limb.end, radius * 0.85, above, radius)
    return fill_path(patch, person.ink.skin)
