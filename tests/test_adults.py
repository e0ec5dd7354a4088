"""Grown-ups in a scene: whole, with hands that hold, eyes on the baby and a face that fits."""

import gzip

import pytest

from courses.authoring.courses import read_courses
from courses.figure import vocabulary
from courses.figure.adults.places import BESIDE as STANCES
from courses.figure.adults.places import CRADLE
from courses.figure.adults.stance import Stance, mirrored, place_adult
from courses.figure.adults.whole import adult_of, draw_beside
from courses.figure.baby import Pose, draw, draw_layers, resolve
from courses.figure.carer import Carer, draw_carer
from courses.management.commands.check_courses import SHIPPED

BESIDE = ("mat", "cot", "bouncer", "highchair")
MOST = 12_000
"""Bytes of a compressed drawing that a learner's phone fetches."""


def names_of(pose: Pose) -> list[str]:
    return [layer.name for layer in draw_layers(resolve(pose), "it")]


def gaze_of(pose: Pose) -> tuple[float, float]:
    """Where the grown-up's eyes look in the head."""
    numbers = resolve(pose).numbers
    stance = CRADLE if pose.setting == "arms" else STANCES[pose.setting]
    if pose.carer.side == "left":
        stance = mirrored(stance)
    adult = adult_of(pose.carer, stance, numbers, "it")
    return adult.numbers["gaze_x"], adult.numbers["gaze_y"]


def test_it_works():
    names = names_of(Pose(setting="arms", carer=Carer(shows="face")))
    for part in ("trunk", "sleeves", "head", "forearm0", "forearm1"):
        assert f"carer {part}" in names


@pytest.mark.parametrize("side", vocabulary.SIDES)
@pytest.mark.parametrize("setting", BESIDE)
def test_who_leans_in_has_a_trunk_an_arm_and_a_hand(setting, side):
    names = names_of(Pose(setting=setting, carer=Carer(shows="face", side=side)))
    near_arm = "carer forearm1" if side == "right" else "carer forearm0"
    assert {"carer trunk", "carer head", near_arm} <= set(names)


@pytest.mark.parametrize("setting", BESIDE)
def test_eyes_turn_to_the_baby(setting):
    right, _ = gaze_of(Pose(setting=setting, carer=Carer(shows="face", side="right")))
    left, _ = gaze_of(Pose(setting=setting, carer=Carer(shows="face", side="left")))
    assert right < 0 < left


def test_eyes_follow_the_baby_s_head():
    near = resolve(Pose(setting="arms")).numbers
    adult = Carer(shows="face", near=0.0)
    here = draw_carer(adult, "arms", "front", near, "it")
    lower = near | {"carer_baby_y": near["carer_baby_y"] - 90}
    there = draw_carer(adult, "arms", "front", lower, "it")
    heads = [layer.svg for layers in (here, there) for layer in layers if "head" in layer.name]
    assert len(heads) == 2
    assert heads[0] != heads[1]


def test_a_look_can_leave_the_baby():
    on_baby, _ = gaze_of(Pose(setting="mat", carer=Carer(shows="face", look="calm")))
    absent, down = gaze_of(Pose(setting="mat", carer=Carer(shows="face", look="absent")))
    assert on_baby < -0.3
    assert absent > on_baby
    assert down < -0.5


def test_the_crook_of_the_arm_is_under_the_baby_s_head():
    n = resolve(Pose(setting="arms", carer=Carer(shows="face"))).numbers
    lower = n | {"carer_baby_y": n["carer_baby_y"] + 40}
    arms = []
    for numbers in (n, lower):
        layers = draw_carer(Carer(shows="face"), "arms", "front", numbers, "it")
        arms.append(next(layer.svg for layer in layers if layer.name == "carer forearm0"))
    assert arms[0] != arms[1]


def test_a_young_baby_s_head_is_held_on_a_lap():
    young = names_of(Pose(setting="lap", age="young", carer=Carer(shows="face")))
    older = names_of(Pose(setting="lap", age="older", carer=Carer(shows="face")))
    # The hand behind the head is farther than the baby's trunk, the one round the tummy nearer.
    assert young.index("carer forearm0") < young.index("trunk") < young.index("carer forearm1")
    assert older.index("trunk") < older.index("carer forearm0")


def test_a_mirrored_stance_is_mirrored_twice_into_itself():
    stance = Stance(head=(400.0, 110.0), size=1.1, arms=(None, None), yaw=-20, roll=-10, turn=5)
    assert mirrored(mirrored(stance)) == stance
    right = place_adult(stance, 60).chest.origin
    left = place_adult(mirrored(stance), 60).chest.origin
    assert left[0] == pytest.approx(480 - right[0])
    assert left[1] == pytest.approx(right[1])


def test_who_leans_nearer_keeps_the_hand_in_place():
    n = resolve(Pose(setting="mat", carer=Carer(shows="face"))).numbers
    near = n | {"carer_near": 1.0}
    before = draw_beside(Carer(shows="face"), "mat", n, "it")
    after = draw_beside(Carer(shows="face"), "mat", near, "it")
    assert before[-1] == after[-1]  # the forearm with its hand
    assert before[-2] != after[-2]  # the head


@pytest.mark.parametrize("setting", vocabulary.SETTINGS)
def test_a_grown_up_s_words_differ_on_the_picture(setting):
    fields = {
        "hair": vocabulary.CARER_HAIR,
        "look": vocabulary.LOOKS,
        "wears": vocabulary.CARER_WEARS,
        "holds": vocabulary.CARER_HOLDS,
        "glasses": (False, True),
        "beard": (False, True),
    }
    for field, words in fields.items():
        drawn = set()
        for word in words:
            carer = Carer(shows="face", **{field: word})
            pose = Pose(setting=setting, carer=carer)
            drawn.add("".join(layer.svg for layer in draw_layers(resolve(pose), "it")))
        assert len(drawn) == len(words), (setting, field)


def test_the_richest_drawing_is_small():
    for hair in vocabulary.CARER_HAIR:
        carer = Carer(shows="face", hair=hair, glasses=True, beard=True, wears="hoodie")
        for setting in vocabulary.SETTINGS:
            pose = Pose(setting=setting, mouth="cry", colour="mottled", hair="coils", carer=carer)
            svg = draw(pose, title="A", description="B")
            assert len(gzip.compress(svg.encode())) < MOST, (hair, setting)


def test_nobody_smiles_at_a_baby_who_cries_or_lies_limp():
    courses, problems = read_courses(SHIPPED)
    assert problems == []
    wrong = []
    for course in courses:
        for scene in course.scenes:
            moments = [moment.pose for moment in scene.timeline] or [scene.pose]
            wrong += [scene.key for pose in moments if smiles_at_distress(Pose.from_dict(pose))]
    assert wrong == []


def smiles_at_distress(pose: Pose) -> bool:
    """Whether somebody who is seen smiles at a baby who cries or lies limp."""
    needs_help = pose.mouth in ("cry", "fuss") or pose.trunk == "limp"
    smiles = pose.carer.look in ("smile", "loving", "talking")
    return pose.carer.shows == "face" and needs_help and smiles
