"""A pose in an author's words, its numbers, the way from pose to pose, and the accessible SVG.
Words and their numbers are in vocabulary.py; bodies, carers and surfaces in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from courses.figure import vocabulary
from courses.figure.anatomy.body import LayerCache, draw_person, person_at
from courses.figure.anatomy.person import Appearance, FaceDetails, Layer
from courses.figure.anatomy.skeleton import BUILDS, place_joints
from courses.figure.camera import SIDE, view_numbers
from courses.figure.carer import Carer, baby_numbers, carer_numbers, draw_carer
from courses.figure.geometry.path_data import path_number
from courses.figure.movement_marks import draw_marks
from courses.figure.palette import OUTFITS, SKINS, Ink, iris_of, mix_colours
from courses.figure.pose_reader import read_pose
from courses.figure.shadows import draw_shadow
from courses.figure.surfaces import draw_before, draw_behind, root_frame, stage_numbers

Numbers = dict[str, float]


@dataclass(frozen=True)
class Pose:
    """What a drawn baby does and where. Every word is one of a table in vocabulary.py.

    Left and right are the picture's.

    Attributes:
        age: newborn (0-1 months), young (2-5), older (6-11), toddler (12-24).
        setting: mat, lap, cot, bouncer, highchair, arms.
        room: plain, living-room, bedroom, clinic, kitchen: what is behind or round about.
        view: front, or side: from the side a body on a mat or in a cot shows its curve.
        frame: how much of the picture is shown: whole, near (the baby, and who holds it), face. A
            small cue in a face needs `face`.
        gaze: where the eyes look in the head: a word, or (x, y) from -1 to 1, right and up
            positive.
        lids, brow, mouth: the face; `squeezed` lids go with crying, `closed` ones with sleep.
        turn: the head, -1 to the picture's left to 1 to its right. When the eyes look away, turn
            the head too.
        tilt: the head's lean in degrees, -45 to 45, clockwise positive.
        nod: the head in degrees, -40 back to 40 forward.
        arms, hands, legs: (left, right); in a file one word for both, or left and right.
        trunk: relaxed, tense, arched, arched-left, arched-right, curled, limp.
        colour: none, flushed, pale, dusky, mottled, as it shows on this skin: cheeks, lips, finger
            tips.
        breathing: calm, fast, irregular, held.
        tears: only from about two months.
        marks: small lines of movement, for still pictures.
        toy: what a hand that is `grasp` holds.
        has: what some babies have, as part of who they are and never as the cue: feeding-tube,
            repaired-cleft, glasses, hearing-aid, downs-syndrome; a word or a list of words.
        skin, hair, hair_colour, outfit: how the baby looks; vary them.
        carer: who is there, see carer.py.
    """

    age: str = "young"
    setting: str = "mat"
    room: str = "plain"
    view: str = "front"
    frame: str = "whole"
    gaze: tuple[float, float] = (0.0, 0.0)
    lids: str = "open"
    brow: str = "neutral"
    mouth: str = "neutral"
    turn: float = 0.0
    tilt: float = 0.0
    nod: float = 0.0
    arms: tuple[str, str] = ("relaxed", "relaxed")
    hands: tuple[str, str] = ("relaxed", "relaxed")
    trunk: str = "relaxed"
    legs: tuple[str, str] = ("relaxed", "relaxed")
    colour: str = "none"
    breathing: str = "calm"
    tears: bool = False
    marks: str = "none"
    toy: str = "none"
    skin: str = "light"
    hair: str = "short"
    hair_colour: str = "dark-brown"
    outfit: str = "rose"
    has: tuple[str, ...] = ()
    carer: Carer = field(default_factory=Carer)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Pose:
        """A pose from a scene file.

        Raises:
            ValueError: once, naming every field that is wrong and what it may be.
        """
        return cls(**read_pose(data))


@dataclass(frozen=True)
class Figure:
    """A pose as numbers that can be interpolated, and the pose for what cannot, such as skin.

    `carers` are drawn in place of the pose's carer when there are any, as in a moving scene.
    """

    pose: Pose
    numbers: Numbers
    carers: tuple[Carer, ...] = ()


def resolve(pose: Pose) -> Figure:
    """The numbers of a pose: face, head, trunk, limbs, colour, breath, stage, carer and view."""
    numbers: Numbers = {
        **vocabulary.FACE_REST,
        **vocabulary.BODY_REST,
        **stage_numbers(pose.setting, pose.view, pose.age),
        **vocabulary.LIDS[pose.lids],
        **vocabulary.BROWS[pose.brow],
        **vocabulary.MOUTHS[pose.mouth],
        **vocabulary.TRUNKS[pose.trunk],
        **vocabulary.COLOURS[pose.colour],
        **vocabulary.BREATHS[pose.breathing],
    }
    numbers["gaze_x"], numbers["gaze_y"] = pose.gaze
    numbers["tears"] = float(pose.tears)
    numbers["turn"] = pose.turn
    # A trunk that is arched or curled has turned the head already.
    numbers["tilt"] += pose.tilt
    numbers["nod"] += pose.nod
    numbers |= _limb_numbers(pose)
    numbers |= carer_numbers(pose.carer)
    numbers |= _view_of(pose, numbers)
    return Figure(pose, numbers)


def _limb_numbers(pose: Pose) -> Numbers:
    numbers: Numbers = {}
    for i, side in enumerate("lr"):
        arm = dict(vocabulary.ARM_REST)
        arm |= vocabulary.ARMS[pose.arms[i]]
        arm |= vocabulary.HANDS[pose.hands[i]]
        for key, value in arm.items():
            numbers[f"arm_{side}_{key}"] = value
        leg = vocabulary.LEG_REST | vocabulary.LEGS[pose.legs[i]]
        for key, value in leg.items():
            numbers[f"leg_{side}_{key}"] = value
    return numbers


def _view_of(pose: Pose, numbers: Numbers) -> Numbers:
    """The numbers of the square that is shown and of where the baby is, by the joints."""
    build = BUILDS[pose.age]
    root = root_frame(pose.setting, pose.view, build, numbers)
    skeleton = place_joints(root, build, numbers)
    where_baby_is = baby_numbers(skeleton, pose.age)
    # Two hands come from both sides, so that the view grows to neither.
    reaches_in = pose.carer.shows in ("hand", "face")
    beside = pose.carer.side if reaches_in else "none"
    return where_baby_is | view_numbers(pose.frame, skeleton, build, pose.setting, beside)


def blend(a: Pose | Figure, b: Pose | Figure, t: float) -> Figure:
    """A figure part of the way from `a` (t = 0) to `b` (t = 1).

    What is not a number changes half-way.
    """
    first = _figure(a)
    second = _figure(b)
    if t <= 0:
        return first
    if t >= 1:
        return second
    numbers = {}
    for key, value in first.numbers.items():
        numbers[key] = value + (second.numbers[key] - value) * t
    # Words, such as a skin or a toy, have nothing between them.
    pose = first.pose if t < 0.5 else second.pose
    return Figure(pose, numbers)


def _figure(pose: Pose | Figure) -> Figure:
    return pose if isinstance(pose, Figure) else resolve(pose)


def draw(
    pose: Pose | Figure, *, title: str, description: str, size: int = SIDE, uid: str = "scene"
) -> str:
    """An accessible SVG picture.

    Args:
        title: its short name, for people who cannot see it.
        description: what can be seen, in observable words.
        size: width and height in CSS pixels.
        uid: makes ids unique on a page; a letter first, then letters, digits and hyphens.
    """
    figure = _figure(pose)
    layers = draw_layers(figure, uid)
    body = wrap_drawing(figure, "".join(layer.svg for layer in layers))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'viewBox="{_view_box(figure)}" width="{size}" height="{size}">'
        f'<title id="{uid}-t">{escape(title)}</title>'
        f'<desc id="{uid}-d">{escape(description)}</desc>'
        f"{body}</svg>"
    )


def _view_box(figure: Figure) -> str:
    n = figure.numbers
    # The picture shown is a square.
    side = n["view_side"]
    box = (n["view_x"], n["view_y"], side, side)
    return " ".join(path_number(value) for value in box)


def wrap_drawing(figure: Figure, body: str) -> str:
    """The layers of a figure in the group that sets the line they are drawn with."""
    ink = _ink(figure.pose, figure.numbers)
    return ink.wrap_drawing(body)


def draw_layers(figure: Figure, uid: str, cache: LayerCache | None = None) -> list[Layer]:
    """The layers of the drawing from far to near: the surface, the baby, who is there.

    A moving scene passes a `cache`: the baby or the carers are then drawn once for the same
    numbers.
    """
    cache = {} if cache is None else cache
    layers = []
    for is_carer in (False, True):
        numbers = _numbers_of(figure, is_carer)
        # The carers do not depend on the baby's numbers, nor the baby on theirs.
        key = (is_carer, figure.pose, figure.carers, *numbers)
        if key not in cache and is_carer:
            cache[key] = _draw_carers(figure, uid)
        elif key not in cache:
            cache[key] = _draw_baby(figure, uid, cache)
        layers += cache[key]
    return sorted(layers, key=lambda layer: layer.depth)


def _numbers_of(figure: Figure, is_carer: bool) -> list[float]:
    """The numbers of the carers, or all the others."""
    return [
        round(value, 6)
        for key, value in figure.numbers.items()
        if key.startswith("carer_") == is_carer
    ]


def _draw_baby(figure: Figure, uid: str, cache: LayerCache) -> list[Layer]:
    """The baby with the surface it is on and the lines of its movement."""
    pose = figure.pose
    numbers = figure.numbers
    ink = _ink(pose, numbers)
    build = BUILDS[pose.age]
    root = root_frame(pose.setting, pose.view, build, numbers)
    baby = person_at(root, build, numbers, _appearance(pose), ink, uid)
    skeleton = baby.skeleton

    shadow = draw_shadow(skeleton, build, pose.setting, pose.view)
    marks = draw_marks(pose.marks, skeleton, numbers, ink)
    return [
        Layer(-3000.0, draw_behind(pose.setting, pose.view, pose.room, ink), "surface"),
        Layer(-2999.0, shadow, "shadow"),
        *draw_person(baby, cache),
        *draw_before(pose.setting, pose.view, skeleton, ink),
        Layer(2000.0, marks, "marks"),
    ]


def _draw_carers(figure: Figure, uid: str) -> list[Layer]:
    pose = figure.pose
    layers: list[Layer] = []
    carers = figure.carers or (pose.carer,)
    for i, carer in enumerate(carers):
        # The first carer's ids have no number, as in a still picture.
        carer_uid = f"{uid}{i or ''}"
        layers += draw_carer(carer, pose.setting, pose.view, figure.numbers, carer_uid)
    return layers


def _ink(pose: Pose, numbers: Numbers) -> Ink:
    """The pen for a baby whose skin is flushed, pale or dusky, as far as the numbers say."""
    tone = SKINS[pose.skin]
    flushed = mix_colours(tone.base, tone.blush, 0.38 * numbers["flush"])
    pale = mix_colours(flushed, tone.pallor, numbers["pale"])
    dusky = mix_colours(pale, "#6f7396", 0.22 * numbers["dusky"])
    return Ink(dusky, tone)


def _appearance(pose: Pose) -> Appearance:
    return Appearance(
        suit=OUTFITS[pose.outfit],
        hair=pose.hair,
        hair_colour=pose.hair_colour,
        toy=pose.toy,
        face=FaceDetails(
            iris=iris_of(pose.skin, pose.hair_colour, pose.age),
            has=pose.has,
        ),
    )
