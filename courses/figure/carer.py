"""The grown-up in a scene: an arm with a hand, two hands, a face beside the baby, a lap or a pair of arms that hold.
Their bodies use the same shapes as babies' (limbs.py, hands.py); where the baby lies is in settings.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

from courses.figure import vocabulary
from courses.figure.anatomy.face import Look
from courses.figure.anatomy.hands import ADULT_HAND, Grip, draw_hand
from courses.figure.anatomy.limbs import Part, Wear, draw_forearm, draw_person, person_at
from courses.figure.anatomy.skeleton import BUILDS, Numbers, place_joints
from courses.figure.geometry import Frame, Space, between, capsule, chain, minus, plus, turned, unit
from courses.figure.palette import OUTFITS, SKINS, Ink, flat
from courses.figure.toys import draw_toy

BEHIND, BEFORE = -900.0, 900.0
ADULT = BUILDS["adult"]


@dataclass(frozen=True)
class Carer:
    """Who is with the baby. Every value is one of the words in vocabulary.py; `side` is the picture's.

    Attributes:
        shows: none, hand (one, from the side, with what it `holds`), hands (both, on the baby), face (leaning in). On a
            lap and in arms somebody always holds the baby, `side` means nothing, and `face` gives a lap a head.
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
    near: float = 0.0
    moves: str = "none"

    @property
    def ink(self) -> Ink:
        tone = SKINS[self.skin]
        return Ink(tone.base, tone)

    @property
    def wear(self) -> Wear:
        colour = OUTFITS.get(self.hair_colour, self.hair_colour)
        look = Look(teeth=True, adult=True)
        return Wear(
            OUTFITS[self.top], 0.93, "#5d6672", "#4a3b41", self.hair, colour, self.beard, look=look
        )


def carer_numbers(who: Carer) -> dict[str, float]:
    """The numbers of the grown-up, so that they can be eased as the baby's are; keys begin with `carer_`.

    `away` is 0 in the picture to 1 out of it, one for each way to show somebody; `shake` is in degrees.
    """
    away = {
        f"away_{shows}": float(shows != who.shows) for shows in vocabulary.CARERS if shows != "none"
    }
    numbers = (
        vocabulary.FACE_REST
        | vocabulary.LOOKS[who.look]
        | away
        | {"near": who.near, "shake": 0.0, "pat": 0.0}
    )
    return {f"carer_{key}": value for key, value in numbers.items()}


def draw_carer(who: Carer, setting: str, view: str, n: Numbers, uid: str) -> list[Part]:
    """The grown-up's pieces: what is behind the baby, and the arms and hands in front."""
    if setting in ("lap", "arms"):
        return _holding(who, setting, n, uid)
    if who.shows == "none" or n[f"carer_away_{who.shows}"] >= 1:
        return []
    if who.shows == "face":
        return _face_beside(who, setting, n, uid)
    drawn = (
        _hand_beside(who, setting, view, n)
        if who.shows == "hand"
        else _two_hands(who, setting, view, n)
    )
    return [Part(BEFORE + (20 if who.shows == "hand" else 10), drawn, f"carer {who.shows}")]


# From where a forearm comes into the picture to its wrist, on the right of the picture.
HAND_PATHS = {
    "mat": ((540, 262), (436, 240)),
    "cot": ((520, 236), (396, 226)),
    "bouncer": ((520, 250), (410, 200)),
    "highchair": ((530, 216), (418, 188)),
}
HOLD_PATHS = {
    "mat": ((400, 520), (318, 318)),
    "cot": ((400, 540), (300, 330)),
    "bouncer": ((430, 520), (330, 312)),
    "highchair": ((520, 260), (330, 250)),
}


# The same for one hand and for two when the baby lies low and is seen from the side.
FROM_ABOVE = (((520, 170), (404, 214)), ((470, -60), (330, 246)))


def _is_low(setting: str, view: str) -> bool:
    return view == "side" and setting in ("mat", "cot")


def _forearm(
    start: Space,
    wrist: Space,
    bend: float,
    side: int,
    grip: Grip,
    who: Carer,
    size: float,
    holds: str = "none",
) -> str:
    """A sleeve, a wrist and a hand that come into the picture; `bend` turns the hand at the wrist, in degrees."""
    ink = who.ink
    along = unit(minus(wrist, start))
    a = radians(bend)
    ahead = (along[0] * cos(a) - along[1] * sin(a), along[0] * sin(a) + along[1] * cos(a), along[2])
    r = size * 0.19
    toy = ""
    if holds != "none":
        toy = draw_toy(
            holds,
            plus(wrist, ahead, 0.52 * size),
            (-ahead[1] * side, ahead[0] * side, 0.0),
            size * 0.62,
            ink,
        )
    hand = draw_hand(wrist, ahead, (0, 0.25, -1), -side, size, grip, ink, ADULT_HAND)
    hand += flat(
        capsule(plus(wrist, ahead, 0.04 * size), r * 0.8, between(wrist, start, 0.12), r * 0.98),
        ink.skin,
    )
    sleeve = ink.shape(
        capsule(start, r * 2.1, between(wrist, start, 0.3), r * 1.5), OUTFITS[who.top]
    )
    return ink.shape(chain((start, wrist), (r * 1.7, r)), ink.skin) + toy + hand + sleeve


def _mirror(
    path: tuple[tuple[int, int], tuple[int, int]], side: int, dx: float, dy: float
) -> tuple[Space, Space]:
    """The path on this side of the picture, moved by so much towards its edge and down."""
    (x1, y1), (x2, y2) = path
    if side < 0:
        x1, x2 = 480 - x1, 480 - x2
    return (x1 + dx * side, y1 + dy, 60.0), (x2 + dx * side, y2 + dy, 60.0)


def _hand_beside(who: Carer, setting: str, view: str, n: Numbers) -> str:
    """One arm from the edge of the picture, holding something out or resting near."""
    side, size = (1 if who.side == "right" else -1), n["stage_unit"]
    path = FROM_ABOVE[0] if _is_low(setting, view) else HAND_PATHS[setting]
    dx, dy = (
        230 * n["carer_away_hand"] - 96 * n["carer_near"],
        -34 * n["carer_near"] + n["carer_pat"],
    )
    start, wrist = _mirror(path, side, dx, dy)
    grip = Grip(0.86, 0, 0.2) if who.holds != "none" else Grip(0.2, 0.3, 0.7)
    return _forearm(
        start, wrist, (n["carer_shake"] - 8.0) * side, side, grip, who, size * 1.35, who.holds
    )


def _two_hands(who: Carer, setting: str, view: str, n: Numbers) -> str:
    """Two hands that hold the baby's sides."""
    out, low, size = "", _is_low(setting, view), n["stage_unit"]
    away = n["carer_away_hands"]
    for side in (-1, 1):
        path = FROM_ABOVE[1] if low else HOLD_PATHS[setting]
        start, wrist = _mirror(
            path, side, 60 * away, (-1 if low else 1) * 260 * away + n["carer_pat"] * side
        )
        out += _forearm(
            start,
            wrist,
            (30.0 if low else -30.0) * side,
            side,
            Grip(0.22, 0.2, 0.9),
            who,
            size * 1.3,
        )
    return out


def _adult(who: Carer, n: Numbers, **changes: float) -> dict[str, float]:
    """A grown-up's numbers at rest with the face of the scene and some changes."""
    numbers = {**vocabulary.FACE_REST, **vocabulary.BODY_REST}
    numbers |= {
        key.removeprefix("carer_"): value for key, value in n.items() if key.startswith("carer_")
    }
    for side in "lr":
        numbers |= {
            f"arm_{side}_{k}": v
            for k, v in (
                vocabulary.ARM_REST
                | {"out": 0.05, "up": -0.9, "curl": 0.3, "spread": 0.2, "thumb": 0.7}
            ).items()
        }
        numbers |= {
            f"leg_{side}_{k}": v
            for k, v in (
                vocabulary.LEG_REST | {"out": 0.12, "up": -0.42, "front": 0.5, "knee": 15}
            ).items()
        }
    return numbers | changes


def _face_beside(who: Carer, setting: str, n: Numbers, uid: str) -> list[Part]:
    """Head and shoulders that lean in from the side and look at the baby."""
    side = 1 if who.side == "right" else -1
    x, y, roll, scale = {
        "mat": (420, 120, 26, 1.16),
        "cot": (424, 110, 26, 1.16),
        "bouncer": (418, 118, 16, 1.16),
        "highchair": (432, 128, 10, 1.2),
    }[setting]
    u = n["stage_unit"] * scale
    numbers = _adult(
        who,
        n,
        turn=-0.42 * side,
        nod=10,
        tilt=-4 * side,
        gaze_x=n["carer_gaze_x"] - 0.35 * side,
        gaze_y=n["carer_gaze_y"] - 0.25,
    )
    frame = Frame((0, 0, 0), turned(-22 * side, 0, -roll * side), u)
    head = place_joints(frame, ADULT, numbers).head.origin
    across = x + 250 * n["carer_away_face"] - 52 * n["carer_near"]
    target = (across if side > 0 else 480 - across, y + 14 * n["carer_near"], 0.0)
    root = replace(frame, origin=(target[0] - head[0], target[1] - head[1], BEFORE))
    wear = replace(who.wear, hands=False, feet=False)
    parts = draw_person(person_at(root, ADULT, numbers, wear, who.ink, f"{uid}c"))
    wanted = ("trunk", "head", "hair", "arm0" if side > 0 else "arm1")
    return [_of_carer(part, BEFORE + i) for i, part in enumerate(parts) if part.name in wanted]


def _of_carer(part: Part, depth: float) -> Part:
    return Part(depth, part.svg, f"carer {part.name}")


def _holding(who: Carer, setting: str, n: Numbers, uid: str) -> list[Part]:
    """Somebody seated with the baby on the lap, or standing with the baby along one arm."""
    numbers, root = (_lap_adult if setting == "lap" else _cradling_adult)(who, n)
    person = person_at(root, ADULT, numbers, replace(who.wear, feet=False), who.ink, f"{uid}c")
    under = replace(person, wear=replace(person.wear, hands=setting == "arms"))
    out = [
        _of_carer(part, BEHIND + i)
        for i, part in enumerate(draw_person(under))
        if who.shows == "face" or setting == "arms" or part.name not in ("head", "hair")
    ]
    over = (0, 1) if setting == "lap" else (1,)
    return out + [
        Part(BEFORE + side, draw_forearm(person, side), f"carer forearm{side}") for side in over
    ]


def _lap_adult(who: Carer, n: Numbers) -> tuple[dict[str, float], Frame]:
    shown = who.shows == "face"
    u = n["stage_unit"] * (1.2 if shown else 1.75)
    numbers = _adult(
        who, n, turn=-0.4, nod=16, tilt=-10, gaze_x=-0.45, gaze_y=-0.4,
        arm_l_out=0.16, arm_l_up=-0.56, arm_l_front=0.45, arm_l_elbow=50, arm_l_palm=120, arm_l_wrist=-20,
        arm_r_out=-0.2, arm_r_up=-0.6, arm_r_front=0.42, arm_r_elbow=45, arm_r_palm=160,
        leg_l_out=0.3, leg_l_up=-0.26, leg_l_front=0.42, leg_l_knee=45,
        leg_r_out=0.3, leg_r_up=-0.26, leg_r_front=0.42, leg_r_knee=45,
    )  # fmt: skip
    if not shown:
        numbers |= {"arm_l_out": -0.06, "arm_l_up": -0.83, "arm_r_out": -0.24, "arm_r_up": -0.84}
    return numbers, Frame((262, 420, 0) if shown else (236, 398, 0), turned(0, 0, 0), u)


def _cradling_adult(who: Carer, n: Numbers) -> tuple[dict[str, float], Frame]:
    u = n["stage_unit"] * 1.22
    numbers = _adult(
        who, n, turn=-0.36, nod=20, tilt=-6, gaze_x=-0.35, gaze_y=-0.5,
        arm_l_out=-0.2, arm_l_up=-0.62, arm_l_front=0.32, arm_l_elbow=60, arm_l_palm=150,
        arm_r_out=-0.2, arm_r_up=-0.56, arm_r_front=0.45, arm_r_elbow=55, arm_r_palm=165,
    )  # fmt: skip
    return numbers, Frame((250, 452, 0), turned(0, 0, 0), u)
