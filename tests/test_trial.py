"""The scene that anybody may try: on the home page and on a page of its own, with two tries."""

import json

import pytest
from django.test import Client

from courses.library.content import Option
from courses.library.queries import content_of
from tests.test_access import rows

JSON = {"Accept": "application/json"}


def options_of(course) -> tuple[Option, Option]:
    """A wrong option and the right one of the first scene."""
    options = content_of(course.edition_id).scenes[0].item.options
    wrong = next(option for option in options if not option.correct)
    return wrong, next(option for option in options if option.correct)


def answer(option: Option, tries: int = 0, **headers: str) -> object:
    return Client().post("/see/", {"option": option.key, "tries": tries}, headers=headers)


def test_it_works(client, course):
    """The question stands on the home page; a wrong answer gets a hint, the second the answer."""
    home = client.get("/").content.decode()
    assert "Check my answer" in home
    assert "Keep going" not in home
    wrong, right = options_of(course)
    first = answer(wrong).content.decode()
    assert "Many people think so at first" in first
    assert wrong.feedback in first
    assert right.feedback not in first
    assert "What there is to see" not in first
    assert 'name="tries" value="1"' in first

    second = answer(wrong, tries=1).content.decode()
    assert right.feedback in second
    assert "What there is to see" in second
    assert "Keep going: first lesson, 8 minutes" in second
    assert 'action="/courses/tiny/enrol/"' in second


def test_a_right_answer_opens_at_once(course):
    _, right = options_of(course)
    page = answer(right).content.decode()
    assert "You noticed it" in page
    assert "Keep going" in page
    assert "Try again" not in page


def test_a_script_gets_the_inside_of_the_answer_alone(course):
    wrong, right = options_of(course)
    for option, is_open in ((wrong, False), (right, True)):
        reply = json.loads(answer(option, **JSON).content)
        assert reply["is_open"] == is_open
        assert "<html" not in reply["html"]
        assert option.feedback in reply["html"]


@pytest.mark.parametrize("data", [{}, {"option": ""}, {"option": "no-such"}, {"option": "\x00"}])
def test_nothing_chosen_asks_to_choose(course, data):
    for headers in ({}, JSON):
        response = Client().post("/see/", data, headers=headers)
        assert response.status_code == 400
        assert "Choose what you see first." in response.content.decode()


@pytest.mark.parametrize("tries", ["", "x", "-1", "7", "1e9", "٣", "1\x00"])
def test_a_made_up_number_of_tries_counts_as_none(course, tries):
    wrong, _ = options_of(course)
    page = answer(wrong, tries=tries)
    assert page.status_code == 200
    assert "Many people think so at first" in page.content.decode()


def test_nothing_of_it_is_kept(course):
    before = rows()
    wrong, _ = options_of(course)
    client = Client()
    for tries in (0, 1):
        client.post("/see/", {"option": wrong.key, "tries": tries})
    assert rows() == before
    assert "sessionid" not in client.cookies


def test_without_a_course_there_is_no_scene(client, db):
    assert client.get("/see/").status_code == 404
    assert client.get("/").status_code == 200
