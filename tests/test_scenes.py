"""The scenes of the courses: enough of each family, options that do not tell, keys that are whole; and their pictures."""

from collections import Counter
from typing import get_args

import pytest
import yaml
from django.core.management import call_command

from courses.authoring import schema
from tests.conftest import SHIPPED, TINY

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
