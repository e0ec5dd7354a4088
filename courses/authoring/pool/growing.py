"""Exemplars grown from a category's file: the same file and number, the same baby for ever.

Nothing is read from disk here, and no exemplar depends on another one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from courses.authoring.pool import wording
from courses.authoring.pool.looks import MONTHS, Looks, Variety, appearance, carer_of, looks_of
from courses.authoring.pool.places import places_of
from courses.authoring.pool.schema import CategoryFile, Cue
from courses.authoring.pool.sealed import slots_of
from courses.authoring.pool.specs import PAIRS, admits, drawn
from courses.authoring.reading.timelines import after, plain
from courses.figure.baby import Pose
from courses.library import content
from courses.library.content.exemplars import Exemplar

SEED = "babies we draw, 2026"
"""Changing it would change every key and every baby: never."""
KEY_LENGTH = 12  # hexadecimal digits: 480 of 2**48 do not meet, and none tells its category

LEGS = {
    "mat": ("relaxed", "tucked", "frog"),
    "cot": ("frog", "tucked", "relaxed"),
    "lap": ("sitting",),
    "bouncer": ("sitting",),
    "highchair": ("dangling",),
    "arms": ("tucked",),
}
ARMS = {
    "mat": ("relaxed", "open-low"),
    "cot": ("relaxed", "open-low"),
    "lap": ("down", "open-low"),
    "bouncer": ("down", "relaxed"),
    "highchair": ("tray", "tray"),
    "arms": ("on-chest", "relaxed"),
}
SIDED_WORDS = {"arched-left": "arched-right", "arched-right": "arched-left"}


@dataclass(frozen=True)
class Grown:
    """An exemplar and what it was grown from, which the checks need and learners never get."""

    number: int
    exemplar: Exemplar
    cue: Cue
    looks: Looks
    unmirrored: tuple[dict[str, Any], ...]


def key_of(category: str, number: int, redrawn: int = 0) -> str:
    """The permanent key; it says nothing of the category, nor of an order."""
    written = f"{SEED}/{category}/{number}/{redrawn}"
    return hashlib.sha256(written.encode()).hexdigest()[:KEY_LENGTH]


def grow_category(file: CategoryFile, variety: Variety) -> list[Grown]:
    """Every exemplar of a category, by number.

    Raises:
        ValueError: a pose cannot be drawn, or no cue has a tier; the message names the cue.
    """
    return [grow(file, variety, number) for number in range(len(slots_of(file.order)))]


def grow(file: CategoryFile, variety: Variety, number: int) -> Grown:
    slot = slots_of(file.order)[number]
    cue = _cue_for(file, number)
    redrawn = file.redrawn.count(number)
    key = key_of(file.key, number, redrawn)
    rng = Random(key)  # noqa: S311
    looks = looks_of(variety, number, file.is_signal)
    poses = _poses(cue, looks, rng)
    # One that was redrawn looks the other way, so that it differs for certain.
    is_mirrored = looks.is_mirrored != bool(redrawn % 2)
    shown = [_mirrored(pose) for pose in poses] if is_mirrored else poses
    drawable = [_drawable(cue, pose) for pose in shown]
    low, high = MONTHS[str(poses[0]["age"])]
    months = rng.randint(low, high)
    description = wording.describe(months, poses[0], cue.says)
    exemplar = Exemplar(
        key=key,
        category=file.key,
        tier=slot.tier,
        mistaken_for=cue.mistaken_for,
        form=slot.form,
        age_months=months,
        setting=wording.setting_sentence(months, str(poses[0]["setting"]), looks.just_before),
        pose=shown[0],
        timeline=_timeline(cue, shown, description),
        description=description,
        places=places_of(drawable),
        telling=tuple(cue.telling),
        watch=(cue.watch[0], cue.watch[1]) if cue.watch else None,
        why=cue.why,
    )
    return Grown(number, exemplar, cue, looks, tuple(poses))


def _cue_for(file: CategoryFile, number: int) -> Cue:
    """The cues of the slot's tier in turn, so that each is shown about as often.

    Raises:
        ValueError: no cue has the tier.
    """
    slots = slots_of(file.order)
    tier = slots[number].tier
    cues = [cue for cue in file.cues if tier in cue.tiers]
    if not cues:
        raise ValueError(f"no cue has tier {tier}; give one that tier")
    before = [slot for slot in slots[:number] if slot.tier == tier]
    return cues[len(before) % len(cues)]


def _drawable(cue: Cue, pose: Mapping[str, Any]) -> Pose:
    try:
        return Pose.from_dict(pose)
    except ValueError as error:
        raise ValueError(f"{cue.name}: {error}") from None


def _poses(cue: Cue, looks: Looks, rng: Random) -> list[dict[str, Any]]:
    """The whole pose of every moment, not mirrored."""
    pose = _first_pose(cue, looks, rng)
    poses = [pose]
    for moment in cue.moves:
        change = drawn(plain(moment.pose), poses[-1], rng)
        poses.append(after(poses[-1], change))
    return poses


def _first_pose(cue: Cue, looks: Looks, rng: Random) -> dict[str, Any]:
    """The values of the cue, and around them a baby as it would be anyway."""
    spec = plain(cue.pose)
    # Where a cue narrows a choice it is made first, since other choices depend on it.
    age, setting = _baby(spec, looks)
    wanted = {"frame": looks.frame, "adult": looks.adult}
    chosen = drawn({key: spec.pop(key, wanted[key]) for key in wanted}, wanted, rng)
    base: dict[str, Any] = {"age": age, "setting": setting, "frame": chosen["frame"]}
    base["arms"] = rng.choice(ARMS[setting])
    base["legs"] = rng.choice(LEGS[setting])
    base["head"] = {"turn": round(rng.uniform(-0.12, 0.12), 2), "tilt": rng.randint(-6, 6)}
    base |= appearance(looks, age, setting, bool(cue.moves))
    base["carer"] = carer_of(looks, chosen["adult"], setting)
    return after(base, drawn(spec, base, rng))


def _baby(spec: dict[str, Any], looks: Looks) -> tuple[str, str]:
    """Age and place: the dealt ones, or where the cue allows others alone, one of those.

    Raises:
        ValueError: the pair has no baby that the cue allows.
    """
    narrowed: dict[str, Any] = {key: spec.pop(key) for key in ("age", "setting") if key in spec}
    fitting = []
    for baby in looks.others:
        age, setting = baby.split()
        if admits(narrowed, {"age": age, "setting": setting}):
            fitting.append(baby)
    if not fitting:
        raise ValueError(f"no baby of `varies` fits {narrowed}; add one there")
    baby = looks.baby if looks.baby in fitting else fitting[looks.pick % len(fitting)]
    age, setting = baby.split()
    return age, setting


def _timeline(
    cue: Cue, poses: list[dict[str, Any]], description: str
) -> tuple[content.Keyframe, ...]:
    """The moments of a moving one; none of a still one."""
    if not cue.moves:
        return ()
    keyframes = [content.Keyframe(at=0, over=0.9, pose=poses[0], text=description)]
    for moment, pose in zip(cue.moves, poses[1:], strict=True):
        keyframe = content.Keyframe(at=moment.at, over=moment.over, pose=pose, text=moment.says)
        keyframes.append(keyframe)
    return tuple(keyframes)


# Left and right


def _mirrored(pose: Mapping[str, Any]) -> dict[str, Any]:
    """The pose as in a mirror. A body seen from the side has no other side to be seen from."""
    if pose.get("view") == "side":
        return dict(pose)
    mirrored = dict(pose)
    for key in PAIRS:
        if isinstance(pose.get(key), Mapping):
            mirrored[key] = _swapped(pose[key])
    mirrored["head"] = _turned_back(pose.get("head", {}))
    gaze = pose.get("gaze", "ahead")
    mirrored["gaze"] = _gaze_back(gaze)
    mirrored["trunk"] = SIDED_WORDS.get(pose.get("trunk", ""), pose.get("trunk", "relaxed"))
    carer = dict(pose["carer"])
    carer["side"] = "left" if carer.get("side") == "right" else "right"
    mirrored["carer"] = carer
    return mirrored


def _swapped(sides: Mapping[str, Any]) -> dict[str, Any]:
    other = {"left": "right", "right": "left"}
    return {other[side]: word for side, word in sides.items()}


def _turned_back(head: Mapping[str, Any]) -> dict[str, Any]:
    return {key: -value if key in ("turn", "tilt") else value for key, value in head.items()}


def _gaze_back(gaze: Any) -> Any:
    if isinstance(gaze, str):
        swapped = gaze.replace("left", "*").replace("right", "left")
        return swapped.replace("*", "right")
    return [-gaze[0], gaze[1]]
