"""The grown-up in a scene: a hand or two, a face beside the baby, a lap or arms that hold it.
Grown-up bodies are drawn as babies' are (anatomy/); where the baby lies is in surfaces.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin

from courses.figure import vocabulary
from courses.figure.anatomy.body import draw_person, person_at
from courses.figure.anatomy.hands import ADULT_HAND, Grip, draw_hand
from courses.figure.anatomy.limbs import draw_forearm
from courses.figure.anatomy.person import Appearance, FaceDetails, Layer, Numbers
from courses.figure.anatomy.skeleton import BUILDS, place_joints
from courses.figure.geometry.path_data import capsule, capsule_chain
from courses.figure.geometry.vectors import (
    Frame,
    Space,
    interpolate,
    offset,
    rotation,
    subtract,
    unit_vector,
)
from courses.figure.palette import OUTFITS, SKINS, Ink, fill_path
from courses.figure.toys import draw_toy

BEHIND, BEFORE = -900.0, 900.0
"""Depths behind all of the baby and in front of it."""
ADULT = BUILDS["adult"]
PICTURE = 480  # units across


@dataclass(frozen=True)
class Carer:
    """Who is with the baby.

    Every value is one of the words in vocabulary.py; `side` is the picture's.

    Attributes:
        shows: none, hand (one, from the side, with what it `holds`), hands (both, on the baby),
            face (leaning in). On a lap and in arms somebody always holds the baby, `side` means
            nothing, and `face` gives a lap a head.
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
    def appearance(self) -> Appearance:
        return Appearance(
            suit=OUTFITS[self.top],
            sleeve=0.93,
            legs="#5d6672",
            shoes="#4a3b41",
            hair=self.hair,
            hair_colour=OUTFITS.get(self.hair_colour, self.hair_colour),
            beard=self.beard,
            face=FaceDetails(teeth=True, adult=True),
        )


def carer_numbers(carer: Carer) -> dict[str, float]:
    """The numbers of the grown-up, so that they can be interpolated as the baby's are.

    Keys begin with `carer_`.

    `away` is 0 in the picture to 1 out of it, one for each way to show somebody; `shake` is in
    degrees.
    """
    numbers = vocabulary.FACE_REST | vocabulary.LOOKS[carer.look]
    # One number for each way, so that a hand can leave while a face comes.
    for shows in vocabulary.CARERS:
        if shows != "none":
            numbers[f"away_{shows}"] = float(shows != carer.shows)
    numbers |= {"near": carer.near, "shake": 0.0, "pat": 0.0}
    return {f"carer_{key}": value for key, value in numbers.items()}


def draw_carer(carer: Carer, setting: str, view: str, n: Numbers, uid: str) -> list[Layer]:
    """The grown-up's layers: what is behind the baby, and the arms and hands in front."""
    if setting in ("lap", "arms"):
        return _holding_carer(carer, setting, n, uid)
    if carer.shows == "none" or n[f"carer_away_{carer.shows}"] >= 1:
        return []
    if carer.shows == "face":
        return _face_beside(carer, setting, n, uid)
    if carer.shows == "hand":
        hand = _hand_beside(carer, setting, view, n)
        return [Layer(BEFORE + 20, hand, "carer hand")]
    hands = _two_hands(carer, setting, view, n)
    return [Layer(BEFORE + 10, hands, "carer hands")]


ArmPath = tuple[tuple[int, int], tuple[int, int]]

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
HAND_FROM_ABOVE = ((520, 170), (404, 214))
HANDS_FROM_ABOVE = ((470, -60), (330, 246))


def _is_low(setting: str, view: str) -> bool:
    lies_flat = setting in ("mat", "cot")
    return lies_flat and view == "side"


def _forearm(
    start: Space,
    wrist: Space,
    bend: float,
    side: int,
    grip: Grip,
    carer: Carer,
    size: float,
    holds: str = "none",
) -> str:
    """A sleeve, a wrist and a hand that come into the picture.

    `bend` turns the hand at the wrist, in degrees.
    """
    ink = carer.ink
    radius = size * 0.19
    ahead = _turned_on_picture(unit_vector(subtract(wrist, start)), radians(bend))
    arm = capsule_chain((start, wrist), (radius * 1.7, radius))
    svg = ink.shape(arm, ink.skin)
    if holds != "none":
        grasp = offset(wrist, ahead, 0.52 * size)
        sideways = (-ahead[1] * side, ahead[0] * side, 0.0)
        svg += draw_toy(holds, grasp, sideways, size * 0.62, ink)
    svg += draw_hand(wrist, ahead, (0, 0.25, -1), -side, size, grip, ink, ADULT_HAND)

    # A patch without a line joins the hand to the arm.
    palm = offset(wrist, ahead, 0.04 * size)
    back = interpolate(wrist, start, 0.12)
    svg += fill_path(capsule(palm, radius * 0.8, back, radius * 0.98), ink.skin)
    cuff = interpolate(wrist, start, 0.3)
    sleeve = capsule(start, radius * 2.1, cuff, radius * 1.5)
    return svg + ink.shape(sleeve, OUTFITS[carer.top])


def _turned_on_picture(direction: Space, angle: float) -> Space:
    """A direction turned clockwise on the picture by an angle in radians."""
    x, y, z = direction
    return (
        x * cos(angle) - y * sin(angle),
        x * sin(angle) + y * cos(angle),
        z,
    )


def _mirror(path: ArmPath, side: int, dx: float, dy: float) -> tuple[Space, Space]:
    """The path on this side of the picture, moved by so much towards its edge and down."""
    (x1, y1), (x2, y2) = path
    if side < 0:
        x1 = PICTURE - x1
        x2 = PICTURE - x2
    start = (x1 + dx * side, y1 + dy, 60.0)
    wrist = (x2 + dx * side, y2 + dy, 60.0)
    return start, wrist


def _hand_beside(carer: Carer, setting: str, view: str, n: Numbers) -> str:
    """One arm from the edge of the picture, holding something out or resting near."""
    side = 1 if carer.side == "right" else -1
    path = HAND_FROM_ABOVE if _is_low(setting, view) else HAND_PATHS[setting]
    near = n["carer_near"]
    dx = 230 * n["carer_away_hand"] - 96 * near
    dy = -34 * near + n["carer_pat"]
    start, wrist = _mirror(path, side, dx, dy)
    # A hand that holds something is closed round it; an empty one is open.
    grip = Grip(0.86, 0, 0.2) if carer.holds != "none" else Grip(0.2, 0.3, 0.7)
    bend = (n["carer_shake"] - 8.0) * side
    size = n["stage_unit"] * 1.35
    return _forearm(start, wrist, bend, side, grip, carer, size, carer.holds)


def _two_hands(carer: Carer, setting: str, view: str, n: Numbers) -> str:
    """Two hands that hold the baby's sides."""
    low = _is_low(setting, view)
    size = n["stage_unit"] * 1.3
    path = HANDS_FROM_ABOVE if low else HOLD_PATHS[setting]
    away = n["carer_away_hands"]
    # They leave the picture the way they came: up, or down.
    leave = (-1 if low else 1) * 260 * away
    bend = 30.0 if low else -30.0
    grip = Grip(0.22, 0.2, 0.9)
    svg = ""
    for side in (-1, 1):
        # The hands pat by turns.
        down = leave + n["carer_pat"] * side
        aside = 60 * away
        start, wrist = _mirror(path, side, aside, down)
        svg += _forearm(start, wrist, bend * side, side, grip, carer, size)
    return svg


# A grown-up's limbs unless a scene says otherwise.
ARM_AT_REST = {"out": 0.05, "up": -0.9, "curl": 0.3, "spread": 0.2, "thumb": 0.7}
LEG_AT_REST = {"out": 0.12, "up": -0.42, "front": 0.5, "knee": 15}


def _adult_numbers(n: Numbers, **changes: float) -> dict[str, float]:
    """A grown-up's numbers at rest with the face of the scene and some changes."""
    numbers = {**vocabulary.FACE_REST, **vocabulary.BODY_REST}
    for key, value in n.items():
        if key.startswith("carer_"):
            numbers[key.removeprefix("carer_")] = value
    arm = vocabulary.ARM_REST | ARM_AT_REST
    leg = vocabulary.LEG_REST | LEG_AT_REST
    for side in "lr":
        for key, value in arm.items():
            numbers[f"arm_{side}_{key}"] = value
        for key, value in leg.items():
            numbers[f"leg_{side}_{key}"] = value
    return numbers | changes


# Where the head of somebody who leans in is (x, y), how far they lean in degrees, and their size
# beside the baby's.
FACE_PLACES = {
    "mat": (420, 120, 26, 1.16),
    "cot": (424, 110, 26, 1.16),
    "bouncer": (418, 118, 16, 1.16),
    "highchair": (432, 128, 10, 1.2),
}


def _face_beside(carer: Carer, setting: str, n: Numbers, uid: str) -> list[Layer]:
    """Head and shoulders that lean in from the side and look at the baby."""
    side = 1 if carer.side == "right" else -1
    numbers = _adult_numbers(
        n,
        turn=-0.42 * side,
        nod=10,
        tilt=-4 * side,
        gaze_x=n["carer_gaze_x"] - 0.35 * side,
        gaze_y=n["carer_gaze_y"] - 0.25,
    )
    root = _leaning_root(setting, side, numbers, n)
    appearance = replace(carer.appearance, hands=False, feet=False)
    person = person_at(root, ADULT, numbers, appearance, carer.ink, f"{uid}c")
    # The far arm would reach across the baby.
    near_arm = "arm0" if side > 0 else "arm1"
    shown = ("trunk", "head", "hair", near_arm)
    layers = []
    for i, layer in enumerate(draw_person(person)):
        if layer.name in shown:
            layers.append(_carer_layer(layer, BEFORE + i))
    return layers


def _leaning_root(setting: str, side: int, numbers: Numbers, n: Numbers) -> Frame:
    """The pelvis of somebody whose head is beside the baby."""
    x, y, roll, size = FACE_PLACES[setting]
    axes = rotation(-22 * side, 0, -roll * side)
    frame = Frame((0, 0, 0), axes, n["stage_unit"] * size)
    # The head is where a scene wants it, whatever the trunk does: so the pelvis is found from it.
    head = place_joints(frame, ADULT, numbers).head.origin
    # Away is beyond the edge of the picture; near is towards the baby's face.
    across = x + 250 * n["carer_away_face"] - 52 * n["carer_near"]
    if side < 0:
        across = PICTURE - across
    down = y + 14 * n["carer_near"]
    return replace(frame, origin=(across - head[0], down - head[1], BEFORE))


def _carer_layer(layer: Layer, depth: float) -> Layer:
    name = f"carer {layer.name}"
    return Layer(depth, layer.svg, name)


def _holding_carer(carer: Carer, setting: str, n: Numbers, uid: str) -> list[Layer]:
    """Somebody seated with the baby on the lap, or standing with the baby along one arm."""
    in_arms = setting == "arms"
    numbers, root = _cradling_adult(n) if in_arms else _lap_adult(carer, n)
    appearance = replace(carer.appearance, feet=False)
    person = person_at(root, ADULT, numbers, appearance, carer.ink, f"{uid}c")
    # On a lap the hands lie over the baby, so the arms behind it have none.
    behind = replace(person, appearance=replace(appearance, hands=in_arms))
    shows_head = carer.shows == "face" or in_arms
    layers = []
    for i, layer in enumerate(draw_person(behind)):
        if shows_head or layer.name not in ("head", "hair"):
            layers.append(_carer_layer(layer, BEHIND + i))
    for index in (1,) if in_arms else (0, 1):
        forearm = draw_forearm(person, index)
        layers.append(Layer(BEFORE + index, forearm, f"carer forearm{index}"))
    return layers


# How a grown-up holds a baby on the lap, in arms, and on the lap when no head is in the picture.
LAP_POSE = {
    "turn": -0.4,
    "nod": 16,
    "tilt": -10,
    "gaze_x": -0.45,
    "gaze_y": -0.4,
    "arm_l_out": 0.16,
    "arm_l_up": -0.56,
    "arm_l_front": 0.45,
    "arm_l_elbow": 50,
    "arm_l_palm": 120,
    "arm_l_wrist": -20,
    "arm_r_out": -0.2,
    "arm_r_up": -0.6,
    "arm_r_front": 0.42,
    "arm_r_elbow": 45,
    "arm_r_palm": 160,
    "leg_l_out": 0.3,
    "leg_l_up": -0.26,
    "leg_l_front": 0.42,
    "leg_l_knee": 45,
    "leg_r_out": 0.3,
    "leg_r_up": -0.26,
    "leg_r_front": 0.42,
    "leg_r_knee": 45,
}
LAP_ARMS_ALONE = {"arm_l_out": -0.06, "arm_l_up": -0.83, "arm_r_out": -0.24, "arm_r_up": -0.84}
CRADLING_POSE = {
    "turn": -0.36,
    "nod": 20,
    "tilt": -6,
    "gaze_x": -0.35,
    "gaze_y": -0.5,
    "arm_l_out": -0.2,
    "arm_l_up": -0.62,
    "arm_l_front": 0.32,
    "arm_l_elbow": 60,
    "arm_l_palm": 150,
    "arm_r_out": -0.2,
    "arm_r_up": -0.56,
    "arm_r_front": 0.45,
    "arm_r_elbow": 55,
    "arm_r_palm": 165,
}


def _lap_adult(carer: Carer, n: Numbers) -> tuple[dict[str, float], Frame]:
    numbers = _adult_numbers(n, **LAP_POSE)
    upright = rotation()
    if carer.shows == "face":
        size = n["stage_unit"] * 1.2
        return numbers, Frame((262, 420, 0), upright, size)
    # Without a head the body is larger, so that its arms end at the edge of the picture.
    numbers |= LAP_ARMS_ALONE
    size = n["stage_unit"] * 1.75
    return numbers, Frame((236, 398, 0), upright, size)


def _cradling_adult(n: Numbers) -> tuple[dict[str, float], Frame]:
    numbers = _adult_numbers(n, **CRADLING_POSE)
    upright = rotation()
    size = n["stage_unit"] * 1.22
    return numbers, Frame((250, 452, 0), upright, size)
