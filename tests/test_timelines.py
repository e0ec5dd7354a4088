"""The timeline of a moving scene as authors write it: what may be left out, and every fault reported at its line."""

import shutil
from pathlib import Path

import pytest

from courses.authoring.courses import read_courses
from courses.authoring.reading.diagnostics import Problem
from courses.library.content import Course
from tests.conftest import TINY

SCENE = "tiny/scenes/first.yaml"
TIMELINE = """\
timeline:
  - at: 0
    pose: {skin: brown, hands: fist, head: {turn: 0.2, tilt: 5}, carer: {shows: face, look: smile, skin: brown}}
    text: The baby lies still.
  - at: 3
    over: 1.5
    pose: {gaze: left, head: {turn: -0.5}, hands: {left: open}}
    text: The eyes go away.
  - at: 6
    pose: {gaze: ahead, hands: splayed, carer: {look: neutral}}
    text: The eyes are back.
"""


@pytest.fixture
def root(tmp_path) -> Path:
    root = Path(shutil.copytree(TINY, tmp_path / "courses"))
    write(root, TIMELINE)
    return root


def write(root: Path, timeline: str) -> None:
    still = (TINY / SCENE).read_text(encoding="utf-8")
    (root / SCENE).write_text(still.replace("pose: {}\n", timeline), encoding="utf-8")


def read(root: Path) -> tuple[list[Course], list[Problem]]:
    return read_courses(root)


def test_it_works(root):
    courses, problems = read(root)
    assert problems == []
    scene = courses[0].scenes[0]
    assert [(moment.at, moment.over, moment.text) for moment in scene.timeline] == [
        (0, 0.9, "The baby lies still."),
        (3, 1.5, "The eyes go away."),
        (6, 0.9, "The eyes are back."),
    ]
    assert scene.seconds == 9


def test_what_a_moment_does_not_name_stays(root):
    first, second, third = [moment.pose for moment in read(root)[0][0].scenes[0].timeline]
    assert second["skin"] == "brown"
    assert second["head"] == {"turn": -0.5, "tilt": 5}
    assert second["hands"] == {"left": "open", "right": "fist"}
    assert second["carer"] == first["carer"]
    assert third["head"] == second["head"]
    assert third["hands"] == "splayed"
    assert third["carer"] == {"shows": "face", "look": "neutral", "skin": "brown"}


def test_a_moving_scene_is_its_first_moment_where_a_pose_is_wanted(root):
    scene = read(root)[0][0].scenes[0]
    assert scene.pose == scene.timeline[0].pose


FAULTS = {
    "both": (TIMELINE, "pose: {}\n" + TIMELINE, "either `pose:` or `timeline:`", "pose: {}"),
    "neither": (TIMELINE, "", "either `pose:` or `timeline:`", ""),
    "empty": (TIMELINE, "timeline: []\n", "has 0; write at least 1", "timeline:"),
    "two moments": (
        TIMELINE[TIMELINE.index("  - at: 6") :],
        "",
        "has 2 moments; write at least 3",
        "timeline:",
    ),
    "too short": ("- at: 6", "- at: 4.5", "takes 7.5 seconds", "timeline:"),
    "too long": ("- at: 6", "- at: 18", "takes 21 seconds", "timeline:"),
    "a late beginning": ("- at: 0", "- at: 1", "the first moment is at 0", "- at: 1"),
    "back in time": ("- at: 6", "- at: 2", "is 2, not after 3; times rise", "- at: 2"),
    "twice at once": ("- at: 6", "- at: 3", "is 3, not after 3; times rise", "- at: 3\n    pose"),
    "longer than there is": ("over: 1.5", "over: 3.5", "write 3 or less", "over: 3.5"),
    "no time at all": ("over: 1.5", "over: 0", "write at least 0.1", "over: 0"),
    "a time in words": ("- at: 3", "- at: soon", "'soon'", "- at: soon"),
    "no text": ("    text: The eyes go away.\n", "", "text: is missing; write it", "- at: 3"),
    "an empty text": (
        "text: The eyes go away.",
        'text: ""',
        "is empty; write its text",
        'text: ""',
    ),
    "a field that is none": ("over: 1.5", "during: 1.5", "is not a known field", "during:"),
    "a word of a pose": (
        "gaze: left",
        "gaze: sideways",
        "'sideways' is not allowed",
        "gaze: sideways",
    ),
    "two faults of a pose": (
        "gaze: left",
        "gase: left",
        "unknown field (did you mean gaze?)",
        "gase: left",
    ),
    "a part of a pose": ("turn: -0.5", "turn: -5", "a number from -1 to 1", "turn: -5"),
    "another skin": ("{gaze: ahead,", "{gaze: ahead, skin: light,", "skin: changes", "skin: light"),
    "another place": (
        "{gaze: ahead,",
        "{gaze: ahead, setting: cot,",
        "setting: changes",
        "setting: cot",
    ),
    "another age": ("{gaze: left,", "{gaze: left, age: older,", "age: changes", "age: older"),
    "another grown-up": (
        "{look: neutral}",
        "{look: neutral, skin: tan}",
        "carer.skin: changes",
        "skin: tan",
    ),
    "how near": ("{look: neutral}", "{look: neutral, near: 2}", "a number from 0 to 1", "near: 2"),
    "what hands do": (
        "{look: neutral}",
        "{moves: wringing}",
        "'wringing' is not allowed",
        "moves: wringing",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_at_its_line(root, fault):
    old, new, said, at = fault
    assert old in TIMELINE
    write(root, TIMELINE.replace(old, new, 1))
    text = (root / SCENE).read_text(encoding="utf-8")
    line = text[: text.index(at)].count("\n") + 1 if at else 1
    found = [problem for problem in read(root)[1] if said in f"{problem.where}: {problem.what}"]
    assert [(problem.path, problem.line) for problem in found] == [(SCENE, line)], read(root)[1]


def test_all_faults_are_reported_at_once_and_each_once(root):
    write(
        root,
        TIMELINE.replace("hands: fist", "hands: paw")
        .replace("- at: 6", "- at: 1")
        .replace("gaze: left", "gaze: x"),
    )
    reported = [str(problem) for problem in read(root)[1]]
    assert len([one for one in reported if "hands: 'paw'" in one]) == 1
    assert len(reported) == 5, (
        reported
    )  # the hands, the gaze, the order, what is too short, and a change with no time for it
