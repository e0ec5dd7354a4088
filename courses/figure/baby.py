"""A pose in an author's words, the numbers behind it, easing between two poses, and the finished accessible drawing.
Words and their numbers are in vocabulary.py; heads, hands, bodies, carers and surfaces in the modules beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from courses.figure import vocabulary
from courses.figure.anatomy.limbs import Part, Wear, draw_person, person_at
from courses.figure.anatomy.skeleton import BUILDS, place_joints
from courses.figure.camera import SIDE, view_numbers
from courses.figure.carer import Carer, carer_numbers, draw_carer
from courses.figure.geometry import number
from courses.figure.movement_marks import draw_marks
from courses.figure.palette import OUTFITS, SKINS, Ink, mixed
from courses.figure.pose_reader import read_pose
from courses.figure.surfaces import draw_before, draw_behind, draw_shadow, root_frame, stage_numbers

Numbers = dict[str, float]


@dataclass(frozen=True)
class Pose:
    """What a drawn baby does and where. Every word is one of a table in vocabulary.py; left and right are the picture's.

    Attributes:
        age: newborn (0-1 months), young (2-5), older (6-11), toddler (12-24).
        setting: mat, lap, cot, bouncer, highchair, arms.
        view: front, or side: from the side a body on a mat or in a cot shows its curve.
        frame: how near we look: whole, near (the baby, and who holds it), face. A small cue in a face needs `face`.
        gaze: where the eyes look in the head: a word, or (x, y) from -1 to 1, right and up positive.
        lids, brow, mouth: the face; `squeezed` lids go with crying, `closed` ones with sleep.
        turn: the head, -1 to the picture's left to 1 to its right. When the eyes look away, turn the head too.
        tilt: the head's lean in degrees, -45 to 45, clockwise positive.
        nod: the head in degrees, -40 back to 40 forward.
        arms, hands, legs: (left, right); in a file one word for both, or left and right.
        trunk: relaxed, arched, arched-left, arched-right, curled, limp.
        colour: none, flushed, pale, dusky, mottled, as it shows on this skin: cheeks, lips, finger tips.
        breathing: calm, fast, irregular, held.
        tears: only from about two months.
        marks: small lines of movement, for still pictures.
        toy: what a hand that is `grasp` holds.
        skin, hair, hair_colour, outfit: how the baby looks; vary them.
        carer: who is there, see carer.py.
    """

    age: str = "young"
    setting: str = "mat"
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
    """A pose as numbers that can be eased, with the pose that says what cannot (skin, setting, who is there).

    `company` is who is drawn beside the baby when that is not the pose's carer alone, as in a moving scene.
    """

    pose: Pose
    numbers: Numbers
    company: tuple[Carer, ...] = ()


def resolve(pose: Pose) -> Figure:
    """The flat numbers of a pose: face, head, trunk, arms, legs, colour, breath, stage and carer."""
    n: Numbers = {
        **vocabulary.FACE_REST,
        **vocabulary.BODY_REST,
        **stage_numbers(pose.setting, pose.view, pose.age),
    }
    for table, word in (
        (vocabulary.LIDS, pose.lids),
        (vocabulary.BROWS, pose.brow),
        (vocabulary.MOUTHS, pose.mouth),
        (vocabulary.TRUNKS, pose.trunk),
        (vocabulary.COLOURS, pose.colour),
        (vocabulary.BREATHS, pose.breathing),
    ):
        n.update(table[word])
    n["gaze_x"], n["gaze_y"] = pose.gaze
    n["turn"], n["tilt"], n["tears"] = pose.turn, n["tilt"] + pose.tilt, float(pose.tears)
    n["nod"] += pose.nod
    for i, side in enumerate("lr"):
        limb = vocabulary.ARM_REST | vocabulary.ARMS[pose.arms[i]] | vocabulary.HANDS[pose.hands[i]]
        n.update({f"arm_{side}_{key}": value for key, value in limb.items()})
        leg = vocabulary.LEG_REST | vocabulary.LEGS[pose.legs[i]]
        n.update({f"leg_{side}_{key}": value for key, value in leg.items()})
    n |= carer_numbers(pose.carer)
    build = BUILDS[pose.age]
    joints = place_joints(root_frame(pose.setting, pose.view, build, n), build, n)
    beside = pose.carer.side if pose.carer.shows in ("hand", "face") else "none"
    return Figure(pose, n | view_numbers(pose.frame, joints, build, pose.setting, beside))


def blend(a: Pose | Figure, b: Pose | Figure, t: float) -> Figure:
    """A figure part of the way from one to another; t from 0 (a) to 1 (b). What is not a number changes half-way."""
    one, two = _figure(a), _figure(b)
    if t <= 0:
        return one
    if t >= 1:
        return two
    mixed_numbers = {
        key: value + (two.numbers[key] - value) * t for key, value in one.numbers.items()
    }
    return Figure((one if t < 0.5 else two).pose, mixed_numbers)


def _figure(it: Pose | Figure) -> Figure:
    return it if isinstance(it, Figure) else resolve(it)


def draw(
    it: Pose | Figure, *, title: str, description: str, size: int = SIDE, uid: str = "scene"
) -> str:
    """An accessible SVG picture.

    Args:
        title: its short name, for whoever does not see it.
        description: what is to be seen, in observable words.
        size: width and height in CSS pixels.
        uid: makes ids unique on a page; a letter first, then letters, digits and hyphens.
    """
    figure = _figure(it)
    box = " ".join(number(figure.numbers[f"view_{key}"]) for key in ("x", "y", "side", "side"))
    names = f'<title id="{uid}-t">{escape(title)}</title><desc id="{uid}-d">{escape(description)}</desc>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{uid}-t {uid}-d" '
        f'viewBox="{box}" width="{size}" height="{size}">{names}{_picture(figure, uid)}</svg>'
    )


def _picture(figure: Figure, uid: str) -> str:
    return sheet(figure, "".join(part.svg for part in draw_parts(figure, uid)))


def sheet(figure: Figure, body: str) -> str:
    """The parts of a figure's drawing under one pen."""
    return _ink(figure.pose, figure.numbers).sheet(body)


def draw_parts(figure: Figure, uid: str, kept: dict[Any, list[Part]] | None = None) -> list[Part]:
    """The pieces of the drawing from far to near: the surface, the baby, who is there.

    With `kept` the baby and the grown-up are drawn once for the same numbers, which is much in a moving scene.
    """
    kept = {} if kept is None else kept
    drawn = []
    for is_carer, draw_them in ((False, _draw_baby), (True, _draw_company)):
        key = (is_carer, figure.pose, figure.company, *_numbers(figure, is_carer))
        if key not in kept:
            kept[key] = draw_them(figure, uid, kept)
        drawn += kept[key]
    return sorted(drawn, key=lambda part: part.depth)


def _numbers(figure: Figure, is_carer: bool) -> list[float]:
    return [
        round(v, 4) for key, v in figure.numbers.items() if key.startswith("carer_") == is_carer
    ]


def _draw_baby(figure: Figure, uid: str, kept: dict[Any, list[Part]]) -> list[Part]:
    pose, n = figure.pose, figure.numbers
    ink, build = _ink(pose, n), BUILDS[pose.age]
    baby = person_at(root_frame(pose.setting, pose.view, build, n), build, n, _wear(pose), ink, uid)
    lies_flat = pose.setting in ("mat", "cot") and pose.view == "front"
    shade = draw_shadow(baby.s, build) if lies_flat else ""
    under = [
        Part(-3000.0, draw_behind(pose.setting, pose.view, ink), "surface"),
        Part(-2999.0, shade, "shadow"),
    ]
    over = [
        *draw_before(pose.setting, pose.view, baby.s, ink),
        Part(2000.0, draw_marks(pose.marks, baby.s, n, ink), "marks"),
    ]
    return [*under, *draw_person(baby, kept), *over]


def _draw_company(figure: Figure, uid: str, kept: dict[Any, list[Part]]) -> list[Part]:
    pose, parts = figure.pose, []
    for i, who in enumerate(figure.company or (pose.carer,)):
        parts += draw_carer(who, pose.setting, pose.view, figure.numbers, f"{uid}{i or ''}")
    return parts


def _ink(pose: Pose, n: Numbers) -> Ink:
    tone = SKINS[pose.skin]
    skin = mixed(mixed(tone.base, tone.blush, 0.38 * n["flush"]), "#cfc9c4", 0.4 * n["pale"])
    return Ink(mixed(skin, "#6f7396", 0.22 * n["dusky"]), tone)


def _wear(pose: Pose) -> Wear:
    return Wear(OUTFITS[pose.outfit], hair=pose.hair, hair_colour=pose.hair_colour, toy=pose.toy)
