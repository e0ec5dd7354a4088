"""Where moving scenes show: the stills and the list for everybody, and the files a browser may keep
for ever."""

import json
import re
import shutil
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson
from courses.library.models import Course, Edition, MovingScene
from courses.library.queries import content_of
from courses.practice.queries import drawing_of, first_scene, moving_scenes_of, scene_version
from tests.conftest import TINY
from tests.test_timelines import TIMELINE, write

INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|<style|\s(style|on\w+)=")


@pytest.fixture(scope="module")
def moving_content(tmp_path_factory):
    root = tmp_path_factory.mktemp("moving") / "courses"
    shutil.copytree(TINY, root)
    write(root, TIMELINE)
    courses, problems = read_courses(root)
    assert problems == []
    return courses


@pytest.fixture
def course(db, moving_content) -> Course:
    """The tiny course with its scene moving."""
    publish(moving_content, timezone.now())
    return Course.objects.get(key="tiny")


@pytest.fixture
def scene(course):
    return content_of(course.edition_id).scenes[0]


def check_page(html: str, scene) -> None:
    assert f'data-motion="/drawn/{scene_version(scene)}.json"' in html
    assert html.count("<img src=") >= 2
    for moment in scene.timeline:
        assert moment.text in html
    assert 'src="/static/js/scene.js"' in html
    assert not INLINE.search(html)


def test_it_works(client, scene):
    check_page(client.get("/see/").content.decode(), scene)


def test_the_home_page_shows_it(client, scene):
    check_page(client.get("/").content.decode(), scene)


def test_a_step_shows_it(cast, sign_in, scene, course):
    enrolment = enrol(cast.ben, course, timezone.now())
    lesson = content_of(course.edition_id).lessons[1]
    begin_lesson(enrolment, lesson, timezone.now())
    step = next(step for step in lesson.steps if any(block.scene for block in step.blocks))
    page = sign_in(cast.ben).get(f"/courses/tiny/lessons/{lesson.key}/{step.key}/")
    check_page(page.content.decode(), scene)


def test_the_stills_say_what_is_to_be_seen(client, scene):
    html = client.get("/see/").content.decode()
    for number, moment in list(enumerate(scene.timeline))[1:]:
        assert f'<img src="/drawn/{scene_version(scene)}-{number}.svg" alt="{moment.text}"' in html
    assert [float(at) for at in re.findall(r'data-at="(\d+)"', html)] == [
        100 * m.at for m in scene.timeline
    ]


def test_the_file_may_be_kept_for_ever(client, scene):
    response = client.get(f"/drawn/{scene_version(scene)}.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert json.loads(response.content)["end"] == 900


def test_it_may_be_kept_for_ever_by_a_learner_too(cast, sign_in, scene):
    """Signed-in pages are never kept; this is no page of anybody."""
    response = sign_in(cast.ana).get(f"/drawn/{scene_version(scene)}.json")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_a_still_is_a_picture_by_itself(client, scene):
    response = client.get(f"/drawn/{scene_version(scene)}-2.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    told = {
        node.tag.rpartition("}")[2]: node.text for node in ElementTree.fromstring(response.content)
    }
    assert (told["title"], told["desc"]) == ("6 seconds", "The eyes are back.")


@pytest.mark.parametrize(
    "path", ["{}-3.svg", "{}-99.svg", "no-such-version.json", "no-such-version-1.svg"]
)
def test_what_is_not_there_is_not_found(client, scene, path):
    assert client.get("/drawn/" + path.format(scene_version(scene))).status_code == 404


def test_the_version_tells_nothing_and_changes_with_the_timeline(scene):
    moments = scene.timeline
    later = moments[2].model_copy(update={"at": 7.0})
    other = scene.model_copy(update={"timeline": (*moments[:2], later)})
    assert re.fullmatch(r"[0-9a-f]{24}", scene_version(scene))
    assert scene_version(other) != scene_version(scene)


def test_a_scene_of_an_edition_before_still_moves(client, scene, tiny_content):
    publish(tiny_content, timezone.now())
    assert Edition.objects.count() == 2
    assert client.get(f"/drawn/{scene_version(scene)}.json").status_code == 200


def test_the_first_scene_is_one_that_moves(course, moving_content):
    still = moving_content[0].scenes[0].model_copy(update={"key": "a-still-one", "timeline": ()})
    changed = moving_content[0].model_copy(update={"scenes": (still, *moving_content[0].scenes)})
    publish([changed], timezone.now())
    assert first_scene().scene.key == "first"


def test_a_still_scene_has_no_player(tiny_content):
    assert drawing_of(tiny_content[0].scenes[0]).startswith("<svg")


def publish_editions(contents, count: int) -> None:
    for number in range(count):
        renamed = contents[0].model_copy(update={"title": f"Tiny {number}"})
        publish([renamed], timezone.now())


def test_an_unknown_version_costs_one_query(
    client, scene, moving_content, django_assert_num_queries
):
    """However many editions there are, and whatever this process has read of them."""
    publish_editions(moving_content, 4)
    version = scene_version(scene)
    unknown = ("0" if version[0] != "0" else "1") + version[1:]
    for address in (f"/drawn/{unknown}.json", f"/drawn/{unknown}-1.svg"):
        moving_scenes_of.cache_clear()
        content_of.cache_clear()
        with django_assert_num_queries(1):
            assert client.get(address).status_code == 404


def test_a_known_version_reads_one_edition(
    client, scene, moving_content, django_assert_num_queries
):
    publish_editions(moving_content, 4)
    moving_scenes_of.cache_clear()
    content_of.cache_clear()
    with django_assert_num_queries(2):  # where it is, and the content of that edition
        assert client.get(f"/drawn/{scene_version(scene)}-1.svg").status_code == 200
    with django_assert_num_queries(1):
        assert client.get(f"/drawn/{scene_version(scene)}-1.svg").status_code == 200


def test_a_scene_of_an_edition_an_older_release_published_moves(client, scene, tiny_content):
    """It wrote no row of the index; the next publishing writes it."""
    MovingScene.objects.all().delete()
    Edition.objects.update(scenes_indexed=False)
    assert client.get(f"/drawn/{scene_version(scene)}-1.svg").status_code == 200
    publish(tiny_content, timezone.now())
    assert not Edition.objects.filter(scenes_indexed=False).exists()
    assert MovingScene.objects.get().digest == scene.motion_digest
    assert client.get(f"/drawn/{scene_version(scene)}-1.svg").status_code == 200


def test_a_scene_is_found_in_the_newest_edition_that_has_it(scene, moving_content):
    publish_editions(moving_content, 2)
    newest = Course.objects.get(key="tiny").edition_id
    assert MovingScene.objects.get().edition_id == newest


def test_a_version_of_another_release_is_not_found_without_a_query(
    client, scene, django_assert_num_queries
):
    """A browser keeps what it got for ever, so it must not get the new drawing by the old version."""
    with django_assert_num_queries(0):
        assert client.get(f"/drawn/{scene.motion_digest}00000000.json").status_code == 404


def test_the_version_depends_on_what_moves_and_not_on_a_name(scene):
    assert scene_version(
        scene.model_copy(update={"key": "limp", "title": "Limp"})
    ) == scene_version(scene)
