"""The drawn figure: every allowed value draws, safely, small and the same each time; bad poses are
refused in full."""

import gzip
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from courses.figure import vocabulary
from courses.figure.baby import Pose, blend, draw, resolve
from courses.figure.camera import FRAMES
from courses.figure.carer import Carer
from courses.figure.palette import HAIRS, OUTFITS, SKINS, TONGUE
from courses.figure.pose_reader import CARER_FIELDS, PAIR_FIELDS, WORD_FIELDS
from courses.figure.vocabulary import FACE_KEYS
from tests.conftest import SHIPPED

FORBIDDEN = re.compile(
    r"style|<script|<foreignObject|<image|\bon\w+=|javascript:|data:|href|@import|<!|&(?!amp;|lt;|gt;|quot;|#x27;)"
)
LARGEST = 12_000  # bytes as they are sent
LOOKING_AWAY = {
    "setting": "mat",
    "head": {"turn": -0.9, "tilt": 12},
    "gaze": [-0.75, -0.1],
    "mouth": "pressed",
    "hands": {"left": "splayed", "right": "splayed"},
    "carer": {"shows": "hand", "holds": "rattle"},
}


def picture(pose: Pose, uid: str = "scene") -> str:
    return draw(pose, title="Mid-play", description="The baby looks away.", uid=uid)


def every_pose() -> list[tuple[str, dict]]:
    """One pose for each allowed word of each field."""
    poses = [
        (f"{name}={word}", {name: word})
        for name, allowed in WORD_FIELDS.items()
        for word in allowed
    ]
    poses += [
        (f"{name}={word}", {name: word})
        for name, allowed in PAIR_FIELDS.items()
        for word in allowed
    ]
    poses += [(f"gaze={word}", {"gaze": word}) for word in vocabulary.GAZES]
    for name, allowed in CARER_FIELDS.items():
        shown = {} if name == "shows" else {"shows": "hand" if name == "holds" else "face"}
        poses += [(f"carer.{name}={word}", {"carer": {**shown, name: word}}) for word in allowed]
    poses += [(f"has={word}", {"has": word}) for word in vocabulary.DIFFERENCES]
    for setting in vocabulary.SETTINGS:
        for view in vocabulary.VIEWS:
            for shows in vocabulary.CARERS:
                name = f"{setting} {view} {shows}"
                poses.append(
                    (
                        name,
                        {
                            "setting": setting,
                            "view": view,
                            "carer": {"shows": shows, "side": "left"},
                        },
                    )
                )
    return poses


def test_it_works():
    svg = picture(Pose.from_dict(LOOKING_AWAY))
    root = ElementTree.fromstring(svg)
    ids = root.attrib["aria-labelledby"].split()
    named = {
        element.attrib["id"]: element.text
        for element in root.iter()
        if "id" in element.attrib and element.text
    }
    assert root.attrib["role"] == "img"
    assert root.attrib["viewBox"]
    assert [named[name] for name in ids] == ["Mid-play", "The baby looks away."]


@pytest.mark.parametrize(("name", "data"), every_pose(), ids=[name for name, _ in every_pose()])
def test_every_allowed_value_draws(name, data):
    svg = picture(Pose.from_dict(data))
    ElementTree.fromstring(svg)
    assert not FORBIDDEN.search(svg)
    assert "nan" not in svg
    assert "inf" not in svg


@pytest.mark.parametrize("turn", [-1.0, -0.5, 0.0, 0.5, 1.0])
@pytest.mark.parametrize("age", vocabulary.AGES)
def test_every_head_turn_draws(age, turn):
    for nod in (-40, 0, 40):
        ElementTree.fromstring(picture(Pose(age=age, turn=turn, nod=nod, tilt=45 * turn)))


def test_words_differ_on_the_picture():
    """A word that changes nothing would be a promise not kept.

    Toys wait for a hand, calm and held breath look alike.
    """
    for name, allowed in {**WORD_FIELDS, **PAIR_FIELDS}.items():
        if name == "toy":
            continue
        drawn = {picture(Pose.from_dict({name: word})) for word in allowed}
        assert len(drawn) == len(allowed) - (name == "breathing"), name


def shown(frame: str, **more) -> tuple[float, float, float]:
    n = resolve(Pose(frame=frame, **more)).numbers
    return n["view_x"], n["view_y"], n["view_side"]


def test_a_nearer_frame_shows_less_of_the_picture_and_never_more_than_there_is():
    for setting in vocabulary.SETTINGS:
        for view in vocabulary.VIEWS:
            whole, near, face = (shown(frame, setting=setting, view=view) for frame in FRAMES)
            assert whole == (0, 0, 480)
            assert 480 >= near[2] >= face[2] >= 150, (setting, view)
            for x, y, side in (near, face):
                assert min(x, y) >= 0, (setting, view)
                assert max(x, y) + side <= 480.001, (setting, view)


def test_a_near_frame_keeps_whoever_reaches_in():
    reaching = {"setting": "highchair", "carer": Carer(shows="hand", holds="spoon")}
    x, _, side = shown("near", **reaching)
    assert x + side == pytest.approx(480)


def test_a_toy_is_held_by_the_hand_that_grasps():
    empty = picture(Pose(hands=("grasp", "relaxed")))
    assert len(
        {picture(Pose(hands=("grasp", "relaxed"), toy=toy)) for toy in vocabulary.TOYS}
    ) == len(vocabulary.TOYS)
    assert picture(Pose(hands=("grasp", "relaxed"), toy="none")) == empty


def test_the_same_pose_is_the_same_drawing():
    pose = Pose.from_dict(LOOKING_AWAY)
    assert picture(pose) == picture(Pose.from_dict(LOOKING_AWAY))


def packed(svg: str) -> int:
    """The bytes that a browser loads."""
    return len(gzip.compress(svg.encode()))


def test_a_drawing_is_small():
    assert packed(picture(Pose.from_dict(LOOKING_AWAY))) < 8_000
    for setting in vocabulary.SETTINGS:
        assert packed(picture(Pose(setting=setting, carer=Carer(shows="face")))) < LARGEST, setting


def test_ids_are_unique_across_two_drawings():
    pose = Pose(setting="lap", carer=Carer(shows="face", look="talking"), mouth="open-smile")
    ids = re.findall(r' id="([^"]+)"', picture(pose, "one") + picture(pose, "two"))
    assert len(ids) == len(set(ids)) > 8


def test_every_id_used_exists():
    svg = picture(Pose(setting="lap", carer=Carer(shows="face")))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r' id="([^"]+)"', svg))


def test_a_title_cannot_break_out():
    svg = draw(Pose(), title="<script>alert(1)</script>", description="a & b")
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_a_bad_pose_names_every_wrong_field_and_what_is_allowed():
    bad = {
        "lids": "shut",
        "gaze": [2, 0],
        "head": {"turn": 3, "yaw": 1},
        "arms": {"left": "wiggle", "middle": "up"},
        "skin": 4,
        "carer": {"holds": "sword", "beard": "yes"},
        "feet": "bare",
        "tears": "many",
    }
    with pytest.raises(ValueError) as caught:
        Pose.from_dict(bad)
    message = str(caught.value)
    for place in (
        "lids",
        "gaze",
        "head.turn",
        "head.yaw",
        "arms.left",
        "arms.middle",
        "skin",
        "carer.holds",
        "beard",
        "feet",
        "tears",
    ):
        assert f"{place}: " in message, place
    assert "closed" in message
    assert "rattle" in message
    assert len(message.splitlines()) == 11


def test_a_near_miss_is_suggested():
    with pytest.raises(ValueError, match="did you mean squeezed"):
        Pose.from_dict({"lids": "squeezd"})


def test_a_pose_must_be_fields():
    with pytest.raises(ValueError, match="pose"):
        Pose.from_dict(["gaze"])  # type: ignore[arg-type]


def test_blend_begins_and_ends_at_its_poses():
    a, b = Pose(), Pose.from_dict(LOOKING_AWAY)
    assert draw(blend(a, b, 0), title="t", description="d") == draw(a, title="t", description="d")
    assert draw(blend(a, b, 1), title="t", description="d") == draw(b, title="t", description="d")


def test_blend_goes_evenly():
    a, b = Pose(turn=-1), Pose(turn=1)
    assert blend(a, b, 0.25).numbers["turn"] == pytest.approx(-0.5)
    assert blend(blend(a, b, 0.5), b, 0.5).numbers["turn"] == pytest.approx(0.5)
    for step in range(11):
        ElementTree.fromstring(
            draw(
                blend(Pose(lids="closed"), Pose(lids="wide"), step / 10), title="t", description="d"
            )
        )


def test_every_pose_has_the_same_numbers():
    keys = set(resolve(Pose()).numbers)
    for _, data in every_pose():
        assert set(resolve(Pose.from_dict(data)).numbers) == keys


def test_colour_change_shows_on_every_skin():
    for skin in SKINS:
        plain = Pose(skin=skin)
        drawn = {picture(replace(plain, colour=colour)) for colour in vocabulary.COLOURS}
        assert len(drawn) == len(vocabulary.COLOURS)


def attributes_of(svg: str, tag: str, name: str) -> list[str]:
    found = ElementTree.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return [element.attrib[name] for element in found if name in element.attrib]


def test_pallor_keeps_a_skin_its_own():
    """A pale baby with brown skin is still brown: paler than before, and darker than a light one."""
    for tone in SKINS.values():
        assert tone.pallor != tone.base
    lightness = [sum(bytes.fromhex(tone.pallor[1:])) for tone in SKINS.values()]
    assert lightness == sorted(lightness, reverse=True)


def test_mottled_skin_is_a_net_and_no_patches():
    """Its lines leave the skin between them as it is: on limbs and cheeks, on every skin."""
    for skin, tone in SKINS.items():
        svg = picture(Pose(skin=skin, colour="mottled"))
        assert attributes_of(svg, "path", "stroke").count(tone.mottle) >= 5
        assert tone.mottle not in attributes_of(svg, "path", "fill")


def test_pallor_and_blue_show_in_the_mouth():
    mouths = set()
    for colour in ("none", "pale", "dusky"):
        svg = picture(Pose(mouth="cry", colour=colour))
        mouths.add(tuple(attributes_of(svg, "path", "fill")))
    assert len(mouths) == 3
    assert TONGUE in attributes_of(picture(Pose(mouth="cry")), "path", "fill")
    for colour in ("pale", "dusky"):
        assert TONGUE not in attributes_of(
            picture(Pose(mouth="cry", colour=colour)), "path", "fill"
        )


def test_a_frown_is_a_shade_and_no_furrow():
    """Lines between the brows made babies look old and angry."""
    for skin in SKINS:
        plain, frowning = picture(Pose(skin=skin)), picture(Pose(skin=skin, brow="knit"))
        assert plain.count('fill="none"') == frowning.count('fill="none"')
        assert len(re.findall("<path", frowning)) == len(re.findall("<path", plain)) + 1


def test_easily_confused_faces_differ_in_more_than_one_place():
    faces = {
        "sleepy": Pose(lids="drowsy", brow="soft", mouth="parted"),
        "sad": Pose(brow="sad", mouth="corners-down"),
        "ill": Pose(lids="sunken", brow="flat", mouth="slack"),
        "hardly awake": Pose(lids="slits", brow="flat", mouth="slack"),
        "asleep": Pose(lids="closed", mouth="restful"),
        "withdrawn": Pose(lids="unfocused", brow="flat"),
        "wary": Pose(brow="wary", mouth="pressed"),
        "content": Pose(mouth="half-smile"),
    }
    numbers = {name: resolve(pose).numbers for name, pose in faces.items()}
    for first, second in combinations(faces, 2):
        differ = [key for key in FACE_KEYS if numbers[first][key] != numbers[second][key]]
        assert len(differ) >= 2, (first, second)


def test_what_a_baby_has_is_drawn_and_may_be_more_than_one():
    plain = picture(Pose())
    drawn = {picture(Pose.from_dict({"has": word})) for word in vocabulary.DIFFERENCES}
    assert len(drawn | {plain}) == len(vocabulary.DIFFERENCES) + 1
    both = Pose.from_dict({"has": ["glasses", "feeding-tube"]})
    assert both.has == ("glasses", "feeding-tube")
    assert picture(both) not in drawn


def test_what_a_baby_has_must_be_a_known_word():
    with pytest.raises(ValueError, match="did you mean hearing-aid"):
        Pose.from_dict({"has": ["hearing-aids"]})


def test_outfits_are_hex_colours():
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in {**OUTFITS, **HAIRS}.values())


COLLECTION = sorted((Path(__file__).parent / "content" / "stills").glob("*.yaml"))
SCENES = SHIPPED.glob("*/scenes/*.yaml")  # those that move are drawn in test_timelines.py
STILLS = sorted(
    [*COLLECTION, *(path for path in SCENES if "\npose:" in path.read_text(encoding="utf-8"))]
)


@pytest.mark.parametrize("path", STILLS, ids=lambda path: path.stem)
def test_every_still_draws(path):
    """Those of the courses and those later lessons choose from: drawn, named, and small."""
    still = yaml.safe_load(path.read_text(encoding="utf-8"))
    drawing = draw(
        Pose.from_dict(still["pose"]),
        title=still["title"],
        description=still["description"],
        uid=still["key"],
    )
    assert still["key"] == path.stem
    told = {node.tag.rpartition("}")[2]: node.text for node in ElementTree.fromstring(drawing)}
    assert (told["title"], told["desc"]) == (still["title"], still["description"])
    assert packed(drawing) < LARGEST


@pytest.mark.parametrize("setting", vocabulary.SETTINGS)
def test_every_room_is_another_picture_and_stays_small(setting):
    drawn = set()
    for room in vocabulary.ROOMS:
        svg = picture(Pose(setting=setting, room=room, carer=Carer(shows="face")))
        assert packed(svg) < LARGEST, (setting, room)
        drawn.add(svg)
    assert len(drawn) == len(vocabulary.ROOMS)
