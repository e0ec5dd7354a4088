"""A whole person as layers from far to near: trunk with neck, head, arms and legs.
Limbs are drawn in limbs.py, the head's shapes in head.py; joints are placed in skeleton.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from courses.figure import vocabulary
from courses.figure.anatomy.differences import skull_with, worn_at_ears
from courses.figure.anatomy.face import draw_face
from courses.figure.anatomy.hair import hair_over
from courses.figure.anatomy.head import SKULLS, Plate, draw_skull, ears
from courses.figure.anatomy.limbs import arm_layer, leg_layer
from courses.figure.anatomy.person import Appearance, Layer, Numbers, Person
from courses.figure.anatomy.skeleton import SHRUG, Build, place_joints
from courses.figure.geometry.outlines import Circle, circles_outline
from courses.figure.geometry.path_data import capsule, smooth_path
from courses.figure.geometry.vectors import Frame, interpolate
from courses.figure.palette import FORM, Ink, fill_path

LayerCache = dict[Any, list[Layer]]
"""Layers already drawn, by everything they depend on."""


def person_at(
    root: Frame, build: Build, numbers: Numbers, appearance: Appearance, ink: Ink, uid: str
) -> Person:
    """Somebody whose pelvis is at `root`."""
    skeleton = place_joints(root, build, numbers)
    return Person(skeleton, build, numbers, appearance, ink, uid)


def draw_person(person: Person, cache: LayerCache | None = None) -> list[Layer]:
    """Their layers from far to near, to be stacked together with what surrounds them.

    A moving scene passes a `cache`: what depends on the same numbers is then drawn once for many
    moments.
    """
    cache = {} if cache is None else cache
    layers: list[Layer] = []
    for name, (prefixes, draw) in BODY_PARTS.items():
        key = _cache_key(person, name, prefixes)
        if key not in cache:
            cache[key] = draw(person)
        layers += cache[key]
    return sorted(layers, key=lambda layer: layer.depth)


def _cache_key(person: Person, name: str, prefixes: tuple[str, ...]) -> tuple[Any, ...]:
    origin = person.skeleton.root.origin
    key: list[Any] = [name, person.uid, person.appearance, person.ink, origin]
    for number, value in person.numbers.items():
        if number.startswith(prefixes):
            # Numbers that differ by less draw the same picture.
            key.append(round(value, 6))
    return tuple(key)


def _trunk_layers(person: Person) -> list[Layer]:
    depth = person.skeleton.middle
    svg = draw_trunk(person)
    return [Layer(depth, svg, "trunk")]


def draw_trunk(person: Person) -> str:
    """Shoulders, belly and hips as one soft shape, with the neck coming out of it."""
    appearance = person.appearance
    ink = person.ink
    # The points of an outline turn with what they outline.
    chest_up = person.skeleton.chest.direction(0, 1)
    waist_up = person.skeleton.waist.direction(0, 1)
    belly = _belly_circles(person)
    hips = _hip_circles(person)
    hem = _hem_circles(person) if appearance.legs else hips

    upper = [*_shoulder_circles(person), *belly]
    suit = smooth_path(circles_outline(upper, 30, chest_up))
    lower = [*belly, *hem]
    suit += smooth_path(circles_outline(lower, 30, waist_up))
    svg = ""
    if appearance.legs:
        seat = smooth_path(circles_outline(hips, 36, waist_up))
        svg += ink.shape(seat, appearance.legs)
    svg += ink.shape(suit, appearance.suit)
    return svg + _neck(person)


def _shoulder_circles(person: Person) -> list[Circle]:
    """Both shoulders and the base of the neck."""
    chest = person.skeleton.chest
    build = person.build
    u = person.unit
    radius = (build.arm_r[0] + 0.01) * u
    inset = build.shoulder - 0.1
    height = SHRUG * person.numbers["shrug"] - 0.16
    return [
        (chest.point(-inset, height), radius),
        (chest.point(inset, height), radius),
        (chest.point(0, 0.12), build.neck[1] * 1.15 * u),
    ]


def _belly_circles(person: Person) -> list[Circle]:
    waist = person.skeleton.waist
    build = person.build
    radius = build.belly * person.unit
    across = build.shoulder * 0.3
    return [
        (waist.point(-across, 0.15, 0.05), radius),
        (waist.point(across, 0.15, 0.05), radius),
    ]


def _hip_circles(person: Person) -> list[Circle]:
    root = person.skeleton.root
    build = person.build
    radius = (build.leg_r[0] + 0.06) * person.unit
    across = build.hip * 0.85
    return [
        (root.point(-across, -0.03), radius),
        (root.point(across, -0.03), radius),
    ]


def _hem_circles(person: Person) -> list[Circle]:
    """Where a top ends over trousers."""
    root = person.skeleton.root
    build = person.build
    radius = (build.leg_r[0] + 0.08) * person.unit
    across = build.hip * 0.9
    return [
        (root.point(-across, 0.5), radius),
        (root.point(across, 0.5), radius),
    ]


def _neck(person: Person) -> str:
    """The neck, and the shade of the chin on it."""
    skeleton = person.skeleton
    ink = person.ink
    radius = person.build.neck[1] * person.unit
    base = skeleton.chest.point(0, 0.0, 0.12)
    chin = skeleton.head.point(0, -0.55, -0.2)
    throat = interpolate(base, chin, 0.8)
    neck = capsule(base, radius * 1.08, throat, radius)
    shade_start = interpolate(base, throat, 0.55)
    shade = capsule(shade_start, radius * 0.8, throat, radius * 0.9)
    svg = ink.shape(neck, ink.skin, 0.9)
    return svg + fill_path(shade, FORM, 0.24)


def _head_layers(person: Person) -> list[Layer]:
    """The head, in front of the trunk."""
    skeleton = person.skeleton
    u = person.unit
    middle = skeleton.middle
    near = max(skeleton.head.origin[2], middle) + 0.35 * u
    return [Layer(near, draw_head(person), "head")]


def draw_head(person: Person) -> str:
    """Ears, skull, hair and face, in the order in which they cover each other."""
    head = person.skeleton.head
    ink = person.ink
    appearance = person.appearance
    has = appearance.face.has
    skull = skull_with(SKULLS[person.build.skull], has)
    plate = Plate(head, skull)
    ears_behind, ears_ahead = ears(head, skull, ink, worn_at_ears(head, skull, ink, has))
    skin = draw_skull(head, skull, ink, person.numbers["jaw"], f"{person.uid}h")
    hair = hair_over(head, skull, appearance.hair, appearance.hair_colour, ink)
    face = draw_face(plate, person.numbers, ink, person.uid, appearance.face)
    return ears_behind + skin + hair + ears_ahead + face


BODY = ("stage_", "turn", "tilt", "nod", "flex", "bend", "sag", "shrug", "dusky", "mottle")
FACE = (*vocabulary.FACE_KEYS, *BODY)
BODY_PARTS: dict[str, tuple[tuple[str, ...], Callable[[Person], list[Layer]]]] = {
    "trunk": (BODY, _trunk_layers),
    "arm0": (("arm_l_", *BODY), lambda person: [arm_layer(person, 0)]),
    "leg0": (("leg_l_", *BODY), lambda person: [leg_layer(person, 0)]),
    "arm1": (("arm_r_", *BODY), lambda person: [arm_layer(person, 1)]),
    "leg1": (("leg_r_", *BODY), lambda person: [leg_layer(person, 1)]),
    "head": (FACE, _head_layers),
}
"""The parts of a person.

Each with how the names of the numbers begin that it depends on, and the function that draws it.
"""
