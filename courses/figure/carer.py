"""The grown-up in a scene: a hand or two, a whole person beside the baby, a lap or arms.
How they are drawn is in adults/; where the baby lies, in surfaces.py."""

from __future__ import annotations

from dataclasses import dataclass

from courses.figure import vocabulary
from courses.figure.adults.reaching import draw_one_hand, draw_two_hands
from courses.figure.adults.whole import BEFORE, draw_beside, draw_holding
from courses.figure.anatomy.person import Layer, Numbers
from courses.figure.anatomy.skeleton import Skeleton


@dataclass(frozen=True)
class Carer:
    """Who is with the baby.

    Every value is one of the words in vocabulary.py; `side` is the picture's.

    Attributes:
        shows: none, hand (one, from the side, with what it `holds`), hands (both, on the baby),
            face (a whole person who leans in). On a lap and in arms somebody always holds the
            baby, and `side` means nothing.
        hair_colour: a hair colour, or an outfit colour for a scarf.
        near: 0 where people usually are to 1 close to the baby's face; not on a lap or in arms.
        moves: what the hands do in a moving scene: none, shaking (what they hold), patting.
    """

    shows: str = "none"
    side: str = "right"
    skin: str = "medium"
    hair: str = "short"
    hair_colour: str = "black"
    look: str = "neutral"
    holds: str = "none"
    top: str = "plum"
    beard: bool = False
    glasses: bool = False
    wears: str = "jumper"
    near: float = 0.0
    moves: str = "none"


def carer_numbers(carer: Carer) -> dict[str, float]:
    """The numbers of the grown-up, so that they can be interpolated as the baby's are.

    Keys begin with `carer_`.

    `away` is 0 in the picture to 1 out of it, one for each way to show somebody; `shake` is in
    degrees.
    """
    numbers = (
        vocabulary.FACE_REST | {"averted": 0.0, "brow_flat": 0.65} | vocabulary.LOOKS[carer.look]
    )
    # One number for each way, so that a hand can leave while a face comes.
    for shows in vocabulary.CARERS:
        if shows != "none":
            numbers[f"away_{shows}"] = float(shows != carer.shows)
    numbers |= {"near": carer.near, "shake": 0.0, "pat": 0.0}
    return {f"carer_{key}": value for key, value in numbers.items()}


HOLDS_OWN_HEAD = ("older", "toddler")


def baby_numbers(skeleton: Skeleton, age: str) -> dict[str, float]:
    """Where the baby's head and mouth are on the picture, for a grown-up's eyes and hands.

    `supports` is 1 for a baby too young to hold the head up on a lap.
    """
    x, y, _ = skeleton.head.origin
    mouth_x, mouth_y, _ = skeleton.head.point(0, -0.62, 0.9)
    return {
        "carer_baby_x": x,
        "carer_baby_y": y,
        "carer_mouth_x": mouth_x,
        "carer_mouth_y": mouth_y,
        "carer_supports": float(age not in HOLDS_OWN_HEAD),
    }


def draw_carer(carer: Carer, setting: str, view: str, n: Numbers, uid: str) -> list[Layer]:
    """The grown-up's layers: what is behind the baby, and the arms and hands in front."""
    if setting in ("lap", "arms"):
        return draw_holding(carer, setting, n, uid)
    if carer.shows == "none" or n[f"carer_away_{carer.shows}"] >= 1:
        return []
    if carer.shows == "face":
        return draw_beside(carer, setting, n, uid)
    if carer.shows == "hand":
        hand = draw_one_hand(carer, setting, view, n)
        return [Layer(BEFORE + 20, hand, "carer hand")]
    hands = draw_two_hands(carer, setting, view, n)
    return [Layer(BEFORE + 10, hands, "carer hands")]
