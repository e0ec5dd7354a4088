"""A timeline over time, its drawing that moves, and the file the player gets: complete, true to the
figure, and small."""

import json
import re
import zlib
from dataclasses import replace
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.courses import read_courses
from courses.figure.baby import Pose, draw, draw_layers
from courses.figure.motion.idle_motion import CYCLES, smootherstep
from courses.figure.motion.merging import MovingDrawing, read_drawing, stable_order
from courses.figure.motion.paths import split_path
from courses.figure.motion.scene_motion import Samples, motion_of, sample_timeline
from courses.figure.motion.timeline import Timeline
from courses.figure.motion.tracks import (
    EASINGS,
    MAX_TOLERANCE,
    encode_numbers,
    fit_track,
    fit_tracks,
)
from tests.conftest import SHIPPED
from tests.path_templates import fill_template
from tests.test_figure import FORBIDDEN, every_pose

KB = 1000
HEAVIEST = 30 * KB  # compressed; the page's part, the player and this are to stay below 40 together
NOD = {
    "head": {"turn": -0.7},
    "gaze": "left",
    "arms": {"left": "to-mouth", "right": "down"},
    "hands": "fist",
}
PLAIN = [
    {"at": 0, "pose": {"carer": {"shows": "hand", "holds": "rattle", "moves": "shaking"}}},
    {"at": 3, "over": 1, "pose": {**NOD, "carer": {"shows": "none"}}},
    {"at": 6, "pose": {"mouth": "cry", "lids": "squeezed", "colour": "flushed", "legs": "kicking"}},
]
MOVING = {
    scene.key: [moment.model_dump() for moment in scene.timeline]
    for course in read_courses(SHIPPED)[0]
    for scene in course.scenes
    if scene.timeline
}
QUICK = 3  # moving scenes judged for each change; `make nightly` judges all
LATER = [pytest.param(key, marks=pytest.mark.nightly) for key in list(MOVING)[QUICK:]]
each_scene = pytest.mark.parametrize("key", [*list(MOVING)[:QUICK], *LATER])


@cache
def file_of(key: str) -> str:
    return motion_of(Timeline.from_dicts(MOVING[key]), f"{key}-m")


@cache
def samples_of(key: str) -> Samples:
    return sample_timeline(Timeline.from_dicts(MOVING[key]), f"{key}-m")


@pytest.fixture(scope="module")
def plain() -> Timeline:
    return Timeline.from_dicts(PLAIN)


def numbers(text: str) -> list[int]:
    """What `encode_numbers` wrote, decoded as static/js/scene.js reads it."""
    out, codes = [], iter([ord(letter) - 35 for letter in text])
    for c in codes:
        if c < 57:
            out.append(c - 28)
            continue
        u = (
            (c - 58) * 57 + next(codes)
            if c < 91
            else (next(codes) * 57 + next(codes)) * 57 + next(codes)
        )
        out.append(-(u + 1) // 2 if u % 2 else u // 2)
    return out


def test_it_works(plain):
    file = json.loads(motion_of(plain, "it"))
    assert file["end"] == 900
    assert len(file["lines"]) > 40
    drawing = ElementTree.fromstring(file["svg"])
    assert len(list(drawing.iter())) > max(line[0] for line in file["lines"])


def test_there_are_enough_moving_scenes():
    assert len(MOVING) >= 8
    assert all(8 <= Timeline.from_dicts(moments).end <= 20 for moments in MOVING.values())


# Over time


def test_a_keyframe_is_reached_when_its_change_is_over(plain):
    for i, keyframe in enumerate(plain.keyframes):
        reached = plain.figure_at(keyframe.at + keyframe.duration * 1.001).numbers
        wanted = plain.keyframe_numbers[i]
        resting = set(wanted) - {key for _, key in plain.additions}
        slow = {"flush", "pale", "dusky", "mottle", "tears"}
        assert all(reached[key] == pytest.approx(wanted[key]) for key in resting - slow), (
            keyframe.at
        )


def test_eyes_lead_and_arms_follow(plain):
    early = plain.figure_at(3.45).numbers
    before, after = plain.keyframe_numbers[0], plain.keyframe_numbers[1]

    def share(key: str) -> float:
        return (early[key] - before[key]) / (after[key] - before[key])

    assert share("gaze_x") > 0.9 > share("turn") > share("arm_r_up") > 0


def test_colour_comes_slowly(plain):
    assert plain.figure_at(6.9).numbers["flush"] < 0.5
    assert plain.figure_at(8.99).numbers["flush"] == pytest.approx(1)


def test_nobody_jumps():
    """From a sixtieth of a second to the next no number goes a tenth of its way, but for eyelids."""
    for moments in MOVING.values():
        timeline = Timeline.from_dicts(moments)
        frames = [timeline.figure_at(i / 60).numbers for i in range(int(timeline.end * 60))]
        for key in frames[0]:
            if "lid" in key or key in ("squeeze", "tears"):
                continue
            span = max(frame[key] for frame in frames) - min(frame[key] for frame in frames)
            step = max(abs(b[key] - a[key]) for a, b in pairwise(frames))
            assert step <= 0.21 * span + 1e-9, (key, step, span)


def test_what_a_word_stands_for_goes_on_in_whole_turns(plain):
    kicks = plain.additions["leg_l-kicking", "leg_l_up"]
    assert sum(tween.last - tween.first for tween in kicks) == pytest.approx(0)
    assert max(tween.end for tween in kicks) <= plain.end


@pytest.mark.parametrize("cycle", CYCLES.values(), ids=["-".join(word) for word in CYCLES])
def test_every_turn_ends_as_it_began(cycle):
    for beats in cycle.beats.values():
        assert beats[0][1] == beats[-1][1] == 0
        assert [t for t, _ in beats] == sorted({t for t, _ in beats})
        assert beats[-1][0] <= cycle.period + 1e-9


def test_the_same_time_is_the_same_figure(plain):
    assert plain.figure_at(4.2) == Timeline.from_dicts(PLAIN).figure_at(4.2)


def test_a_carer_who_is_not_there_is_out_of_the_picture(plain):
    assert plain.figure_at(1).numbers["carer_away_hand"] == 0
    assert plain.figure_at(5).numbers["carer_away_hand"] == 1
    assert "carer hand" not in {part.name for part in draw_layers(plain.figure_at(5), "it")}


# One drawing of many


@each_scene
def test_the_same_lines_are_there_all_the_time(key):
    """Every line has one template throughout, so that it can be moved by numbers alone."""
    samples = samples_of(key)
    for node in samples.drawing.lines:
        lengths = {len(state.numbers) for state in node.states.values()}
        assert lengths == {
            node.template.count("#")
            + sum(2 * int(n) for n in re.findall(r"[sol](\d+) ", node.template))
        }
        assert max(node.states) < len(samples.times)


@each_scene
def test_at_every_time_the_moving_drawing_holds_the_figure(key):
    """What is there at a time, in its order, is what would be drawn then."""
    samples = samples_of(key)
    for i in range(0, len(samples.times), 7):
        n = samples.figures[i].numbers | {"breath": 0.0}
        drawn = read_drawing(
            stable_order(draw_layers(replace(samples.figures[i], numbers=n), f"{key}-m"))
        )
        wanted = [state.values for state in drawn.states if state]
        lines = samples.drawing.lines
        assert [node.states[i].values for node in lines if i in node.states] == wanted


def test_pieces_are_told_apart_by_what_they_are():
    drawing = MovingDrawing()
    for i, mouth in enumerate(("neutral", "cry", "neutral")):
        figure = Timeline.from_dicts([{"at": 0, "pose": {"mouth": mouth}}, *PLAIN[1:]]).still(0)
        drawing.add(i, read_drawing(stable_order(draw_layers(figure, "it"))))
    always = [node for node in drawing.lines if set(node.states) == {0, 1, 2}]
    cry = [node for node in drawing.lines if set(node.states) == {1}]
    assert len(always) > 30
    assert 3 < len(cry) < 25


def test_a_fill_that_fades_to_its_edge_is_never_a_colour():
    """A blush is filled from its definition all the time; how strong it is may change."""
    moments = [{"at": 0, "pose": {}}, {"at": 3, "pose": {"colour": "flushed"}}, *PLAIN[2:]]
    file = json.loads(motion_of(Timeline.from_dicts(moments), "it"))
    assert 'fill="url(#itb)"' in file["svg"]
    assert "itb" in re.findall(r' id="([^"]+)"', file["svg"])
    assert "url" not in json.dumps(file["paint"])


def test_a_limb_in_front_and_behind_is_there_twice():
    names = [[part.name for part in stable_order(draw_layers(Timeline.from_dicts(
        [{"at": 0, "pose": {"arms": arms}}, *PLAIN[1:]]).still(0), "it"))] for arms in ("hang", "to-mouth")]  # fmt: skip
    assert "arm0 0" in names[0]
    assert "arm0 2" in names[1]


# Paths and their numbers


@pytest.mark.parametrize(
    ("name", "data"), every_pose()[::9], ids=[name for name, _ in every_pose()[::9]]
)
def test_a_filled_template_is_the_same_path(name, data):
    for d in re.findall(r' d="([^"]*)"', draw(Pose.from_dict(data), title="t", description="d")):
        template, values = split_path(d)
        again = split_path(
            re.sub(
                r"-?\d+\.5",
                lambda half: str(round(float(half[0]))),
                fill_template(template, values),
            )
        )
        assert again == (template, values)


def test_soft_lines_are_written_as_their_points():
    assert split_path("M0 0q10 0 10 10q0 10-10 10z") == ("s2 ", (10, 0, 10, 20))
    assert split_path("M5 5q10 0 10 10") == ("o3 ", (5, 5, 15, 5, 15, 15))
    assert split_path("M1 2a3 3 0 1 1 6 0a3 3 0 1 1-6 0z") == (
        "M# #A# ~ 0 1 1 # #A# ~ 0 1 1 # #z",
        (1, 2, 3, 7, 2, 3, 1, 2),
    )


# Few values


@given(st.lists(st.integers(-90_000, 90_000)))
def test_encoded_numbers_can_be_read(values):
    assert numbers(encode_numbers(values)) == values
    assert json.loads(json.dumps(encode_numbers(values))) == encode_numbers(values)
    assert not set(encode_numbers(values)) & set('"\\')


def test_a_thing_that_rests_has_one_row():
    assert fit_track([0, 10, 20], [(5, 5)] * 3).rows == ((5, 5),)


def test_a_gentle_change_needs_only_its_ends():
    times = list(range(0, 101, 10))
    track = fit_track(times, [(round(1000 * smootherstep(t / 100)), 7) for t in times])
    assert (track.times, track.easings, track.rows) == ((0, 100), (1,), ((0, 7), (1000, 7)))


def test_what_is_not_there_has_the_value_it_comes_with():
    track = fit_track([0, 10, 20, 30], [None, None, (5,), (9,)])
    assert track.rows[track.times.index(20)] == (5,)


@given(st.lists(st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=2, max_size=20))
def test_kept_values_stay_near_what_was_seen(rows):
    times = [10 * i for i in range(len(rows))]
    for track, line in zip(
        fit_tracks(times, [rows, [(x, -y) for x, y in rows]]), (0, 1), strict=True
    ):
        for t, (x, y) in zip(times, rows, strict=True):
            at = value_at(track, t)
            wanted = (x, y if line == 0 else -y)
            assert all(abs(a - b) <= MAX_TOLERANCE + 1 for a, b in zip(at, wanted, strict=True))


def value_at(track, t):
    k = max(i for i, time in enumerate(track.times) if time <= t)
    if k == len(track.times) - 1:
        return track.rows[k]
    u = EASINGS[track.easings[k]]((t - track.times[k]) / (track.times[k + 1] - track.times[k]))
    return [a + (b - a) * u for a, b in zip(track.rows[k], track.rows[k + 1], strict=True)]


@each_scene
def test_the_file_says_what_the_tracks_were(key):
    """Read as the player reads it, each line begins and ends as it was seen."""
    file, nodes = json.loads(file_of(key)), samples_of(key).drawing.root.walk()[1:]
    for place, template, steps, easings, flat in file["lines"]:
        node, times, values = nodes[place], numbers(steps), numbers(flat)
        size = len(values) // len(times)
        assert (node.template, len(easings) + 1) == (template, len(times))
        first = list(values[:size])
        for i in range(2, size):
            first[i] += first[i - 2]
        assert tuple(first) == node.states[min(node.states)].numbers


# The file


@each_scene
def test_a_file_is_small(key):
    assert len(zlib.compress(file_of(key).encode(), 6)) <= HEAVIEST


@each_scene
def test_a_file_is_safe_to_put_into_a_page(key):
    file = json.loads(file_of(key))
    assert not FORBIDDEN.search(file["svg"])
    ids = re.findall(r' id="([^"]+)"', file["svg"])
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", file["svg"])) <= set(ids)
    assert all(one.startswith(f"{key}-m") for one in ids)
    assert {name for _, name, *_ in file["paint"]} <= {"fill", "stroke", "opacity"}


@each_scene
def test_everything_comes_and_goes_in_the_order_of_time(key):
    file = json.loads(file_of(key))
    for _, turns in file["seen"]:
        assert turns == sorted(set(turns))
        assert turns[-1] <= file["end"]


def test_the_chest_breathes_faster():
    breathing = [
        {"at": at, "pose": {"breathing": word}}
        for at, word in ((0, "calm"), (3, "fast"), (6, "held"))
    ]
    rows = json.loads(motion_of(Timeline.from_dicts(breathing), "it"))["breath"]
    values = numbers(rows[3])
    paces = [
        sum(values[i] + values[i - 2] for i in range(2, n, 4)) for n in range(4, len(values) + 1, 4)
    ]
    depths = [
        sum(values[i] + values[i - 2] for i in range(3, n, 4)) for n in range(4, len(values) + 1, 4)
    ]
    assert paces[0] < max(paces)
    assert (depths[0], depths[-1]) == (100, 0)
