"""The scenes of the courses: enough of each family, options that do not tell, keys that are whole; and their pictures."""

import shutil
from collections import Counter
from typing import get_args

import pytest
import yaml
from django.core.management import call_command

from courses.authoring import schema
from courses.authoring.courses import read_courses
from courses.library.content import read
from tests.conftest import SHIPPED, TINY
from tests.test_timelines import TIMELINE, write

PATHS = sorted(SHIPPED.glob("*/scenes/*.yaml"))
SCENES = {path: schema.Scene(**yaml.safe_load(path.read_text(encoding="utf-8"))) for path in PATHS}
STATES = {"Deep sleep", "Light sleep", "Drowsy", "Quiet alert", "Active alert", "Crying"}
each_scene = pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.key)


def test_there_are_enough_scenes_of_every_family():
    families = Counter(scene.family for scene in SCENES.values())
    assert len(SCENES) >= 34
    assert set(families) == set(get_args(schema.Scene.model_fields["family"].annotation))
    assert min(families.values()) >= 3


def look_of(scene):
    """The pose, or the first one of a scene that moves."""
    return scene.timeline[0].pose if scene.timeline else scene.pose


def test_ages_and_skins_vary():
    skins = Counter(look_of(scene)["skin"] for scene in SCENES.values())
    assert len(skins) == 6
    assert max(skins.values()) <= len(SCENES) / 4
    assert {look_of(scene)["age"] for scene in SCENES.values()} == {
        "newborn",
        "young",
        "older",
        "toddler",
    }


@each_scene
def test_a_scene_offers_four_options_and_their_length_does_not_tell(scene):
    lengths = [len(option.text) for option in scene.options]
    right = [len(option.text) for option in scene.options if option.correct]
    assert len(lengths) == 4
    assert len(right) == 1
    if not {option.text for option in scene.options} <= STATES:
        assert right[0] < max(lengths) or lengths.count(max(lengths)) > 1
        assert min(lengths) >= 0.7 * max(lengths)


@each_scene
def test_the_feedback_to_a_scene_has_a_place_to_ring(scene):
    assert scene.focus is not None
    assert bool(scene.focus.watch) == bool(scene.timeline)


@each_scene
def test_what_is_watched_again_is_a_short_part(scene):
    if scene.focus.watch:
        begins, ends = scene.focus.watch
        assert 1.5 <= ends - begins <= 5.5


FOCUS_FAULTS = {
    "off the picture": ("focus: {ring: {x: 5, y: 50, r: 8}}", "leaves the picture; write r: 5 or"),
    "a span of a still scene": (
        "focus: {ring: {x: 50, y: 50, r: 8}, watch: [1, 2]}",
        "is for a scene that moves; leave it out",
    ),
    "no ring": ("focus: {watch: [1, 2]}", "is missing"),
    "too small a ring": ("focus: {ring: {x: 50, y: 50, r: 2}}", "write at least 4"),
}
MOVING_FAULTS = {
    "no span": ("focus: {ring: {x: 50, y: 50, r: 8}}", "is missing in a scene that moves"),
    "back in time": (
        "focus: {ring: {x: 50, y: 50, r: 8}, watch: [5, 2]}",
        "write two times that rise, from 0 to 9",
    ),
    "after the end": (
        "focus: {ring: {x: 50, y: 50, r: 8}, watch: [5, 9.5]}",
        "write two times that rise, from 0 to 9",
    ),
}


@pytest.fixture
def scene_file(tmp_path):
    root = shutil.copytree(TINY, tmp_path / "courses")
    return root / "tiny" / "scenes" / "first.yaml"


def problems_with(path, focus: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\ncues:", f"\n{focus}\ncues:"), encoding="utf-8")
    return [str(problem) for problem in read_courses(path.parents[2])[1]]


@pytest.mark.parametrize(("focus", "what"), FOCUS_FAULTS.values(), ids=FOCUS_FAULTS)
def test_a_focus_that_is_wrong_is_reported_at_its_line(scene_file, focus, what):
    problems = problems_with(scene_file, focus)
    assert len(problems) == 1
    assert what in problems[0]
    assert problems[0].startswith("tiny/scenes/first.yaml:17: ")


@pytest.mark.parametrize(("focus", "what"), MOVING_FAULTS.values(), ids=MOVING_FAULTS)
def test_so_is_one_of_a_moving_scene(scene_file, focus, what):
    write(scene_file.parents[2], TIMELINE)
    problems = problems_with(scene_file, focus)
    assert [what in problem for problem in problems] == [True]


def test_a_scene_of_an_edition_stored_before_has_no_focus(tiny_content):
    stored = tiny_content[0].model_dump(mode="json")
    for scene in stored["scenes"]:
        del scene["focus"]
    assert [scene.focus for scene in read(stored).scenes] == [None]


@each_scene
def test_a_scene_says_what_it_rests_on(scene):
    assert all(option.sources for option in scene.options)
    assert len(scene.description.split()) >= 15


def test_the_scenes_of_a_course_are_drawn_as_pictures(tmp_path, capsys):
    call_command("draw_scenes", tmp_path / "out", TINY)
    picture = (tmp_path / "out" / "tiny" / "first.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert [int.from_bytes(picture[at : at + 4]) for at in (16, 20)] == [480, 480]
    assert "1 scenes drawn" in capsys.readouterr().out


def test_no_scene_is_drawn_of_courses_with_a_problem(tmp_path, capsys):
    (tmp_path / "courses").mkdir()
    with pytest.raises(SystemExit):
        call_command("draw_scenes", tmp_path / "out", tmp_path / "courses")
    assert "nothing is drawn" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
