"""The grown-up in a scene: an arm with a hand, two hands, a face beside the baby, a lap or a pair of arms that hold.
Their bodies use the same shapes as babies' (limbs.py, hands.py); where the baby lies is in settings.py."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

from . import words
from .face import Look
from .geometry import Space, between, capsule, chain, minus, plus, unit
from .hands import ADULT_HAND, Grip, draw_hand
from .limbs import Part, Wear
from .palette import OUTFITS, SKINS, Ink
from .settings import draw_toy


@dataclass(frozen=True)
class Carer:
    """Who is with the baby. Every value is one of the words in words.py; `side` is the picture's."""

    shows: str = "none"
    side: str = "right"
    skin: str = "medium"
    hair: str = "short"
    hair_colour: str = "black"
    look: str = "neutral"
    holds: str = "none"
    top: str = "plum"
    beard: bool = False

    @property
    def ink(self) -> Ink:
        tone = SKINS[self.skin]
        return Ink(tone.base, tone)

    @property
    def wear(self) -> Wear:
        look = Look(teeth=True, adult=True, age_lines=self.hair_colour == "grey")
        return Wear(OUTFITS[self.top], 0.93, "#5d6672", "#4a3b41", self.hair, self.hair_colour, self.beard, look)


LOOKS: dict[str, dict[str, float]] = {
    "neutral": {},
    "smile": {**words.MOUTHS["smile"], "brow_in": 0.3, "brow_out": 0.3},
    "talking": {**words.MOUTHS["open-smile"], "m_open": 0.16, "brow_in": 0.6, "brow_out": 0.6},
    "still": {"lid": 0.85, "m_w": 0.17, "m_curve": -0.03, "glaze": 0.8},
    "worried": {**words.BROWS["inner-up"], "m_w": 0.17, "m_curve": -0.05},
}

# From the shoulder end of the forearm to the wrist for one hand, for each setting, on the right of the picture.
HAND_PATHS = {
    "mat": ((510, 150), (420, 134)),
    "cot": ((500, 236), (390, 226)),
    "bouncer": ((500, 300), (398, 232)),
    "highchair": ((500, 300), (394, 236)),
    "lap": ((500, 250), (396, 200)),
    "arms": ((500, 210), (402, 170)),
}


def draw_forearm(
    start: Space,
    wrist: Space,
    bend: float,
    palm: Space,
    thumb: int,
    grip: Grip,
    who: Carer,
    size: float,
    holds: str = "none",
) -> str:
    """A sleeve, a wrist and a hand that comes into the picture; `bend` turns the hand at the wrist, in degrees."""
    ink = who.ink
    along = unit(minus(wrist, start))
    a = radians(bend)
    ahead = (along[0] * cos(a) - along[1] * sin(a), along[0] * sin(a) + along[1] * cos(a), along[2])
    r = size * 0.19
    svg = ink.shape(chain((start, wrist), (r * 1.7, r)), ink.skin)
    toy = ""
    if holds != "none":
        grasp = plus(wrist, ahead, 0.52 * size)
        toy_way = (ahead[1] * thumb, -ahead[0] * thumb, 0.0)
        toy = draw_toy(holds, grasp, toy_way, size * 0.62, ink)
    hand = draw_hand(wrist, ahead, palm, thumb, size, grip, ink, ADULT_HAND)
    hand += f'<path d="{capsule(plus(wrist, ahead, 0.04 * size), r * 0.8, between(wrist, start, 0.12), r * 0.98)}" fill="{ink.skin}" stroke="none"/>'
    cuff = between(wrist, start, 0.34)
    sleeve = ink.shape(capsule(start, r * 2.1, cuff, r * 1.5), OUTFITS[who.top])
    return svg + toy + hand + sleeve


def draw_hand_beside(who: Carer, setting: str, unit_px: float) -> str:
    """One arm from the edge of the picture, holding something out or resting near."""
    (x1, y1), (x2, y2) = HAND_PATHS[setting]
    side = 1 if who.side == "right" else -1
    if side < 0:
        x1, x2 = 480 - x1, 480 - x2
    grip = Grip(0.86, 0, 0.2) if who.holds != "none" else Grip(0.2, 0.3, 0.7)
    return draw_forearm(
        (x1, y1, 60), (x2, y2, 60), -8.0 * side, (0, 0.25, -1), -side, grip, who, unit_px * 1.35, who.holds
    )


def carer_numbers(who: Carer, setting: str) -> dict[str, float]:
    """The numbers of the grown-up's face, so that it can be eased as the baby's is; keys begin with `carer_`."""
    face = words.FACE_REST | LOOKS[who.look]
    return {f"carer_{key}": value for key, value in face.items()}


def draw_carer(who: Carer, setting: str, n: dict[str, float], uid: str) -> list[Part]:
    if who.shows == "none":
        return []
    return [(900.0, draw_hand_beside(who, setting, n["stage_unit"]))]
