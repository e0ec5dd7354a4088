"""What is stored is read for ever: editions and attempts of older releases, and of newer ones."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pydantic import ValidationError

from courses.assessment.actions import rule_of
from courses.assessment.frozen import VERSION, order_in, rule_in
from courses.assessment.models import Attempt
from courses.assessment.queries import pass_mark_of
from courses.authoring import schema
from courses.learning.actions import submit_attempt
from courses.library import content
from courses.library.models import Edition
from courses.library.queries import content_of
from tests.conftest import answer_all, begin_quiz, learn

BY_KEY = {
    "details",  # any mapping, as the item's kind has it
    "publications",
    "sources",
    "glossary",
}  # mappings of these fields are by key, and those keys are no fields

# One rule of each version that was ever written; the first two as of 23 and 26 November 2026.
RULES = [
    {"draw": 3, "pass_mark": 0.75, "attempts": 2},
    {
        "draw": 3,
        "pass_mark": 0.75,
        "attempts": 2,
        "certainty": True,
        "wait_hours": 1,
        "limit_minutes": 20,
    },
    {
        "version": 1,
        "draw": 3,
        "pass_mark": 0.75,
        "attempts": 2,
        "certainty": True,
        "wait_hours": 1,
        "limit_minutes": 20,
    },
]
NEWER = {"version": 99, "pass_mark": 0.75, "attempts": {"allowed": 2}, "mood": "calm"}


def with_more(data: Any, is_by_key: bool = False) -> Any:
    """The same with a field more in every mapping of fields, as a later release may write it."""
    if isinstance(data, list):
        return [with_more(one) for one in data]
    if not isinstance(data, dict):
        return data
    inner = {name: with_more(value, is_by_key=name in BY_KEY) for name, value in data.items()}
    return inner if is_by_key else inner | {"of_a_later_release": [1]}


def without_poses(course: content.Course) -> content.Course:
    """A pose is any mapping, so that what is new in one is kept; it is drawn elsewhere."""
    scenes = tuple(scene.model_copy(update={"pose": {}, "timeline": ()}) for scene in course.scenes)
    return course.model_copy(update={"scenes": scenes})


def test_it_works(tiny_content):
    for course in tiny_content:
        assert content.read(course.model_dump(mode="json")) == course


def test_an_edition_of_a_later_release_is_read_without_what_is_new_in_it(tiny_content):
    stored = with_more(tiny_content[0].model_dump(mode="json"))
    assert without_poses(content.read(stored)) == without_poses(tiny_content[0])


def test_an_edition_that_lacks_what_came_later_is_read_with_defaults(tiny_content):
    stored = tiny_content[0].model_dump(mode="json", exclude_defaults=True)
    assert stored != tiny_content[0].model_dump(mode="json")
    assert content.read(stored) == tiny_content[0]


def test_a_kind_nobody_here_knows_is_an_error(tiny_content):
    stored = tiny_content[0].model_dump(mode="json")
    stored["items"][0]["kind"] = "song"
    with pytest.raises(ValidationError, match="'song' is no kind of item"):
        content.read(stored)


def test_a_kind_of_block_nobody_here_knows_is_an_error(tiny_content):
    stored = tiny_content[0].model_dump(mode="json")
    stored["lessons"][0]["steps"][0]["blocks"][0]["kind"] = "song"
    with pytest.raises(ValidationError, match="'song' is no kind of block"):
        content.read(stored)


def test_files_of_authors_are_read_strictly():
    with pytest.raises(ValidationError, match="extra_forbidden"):
        schema.Outcome.model_validate({"key": "a", "text": "Notices", "texts": "Notices"})


def test_the_pages_of_an_edition_of_a_later_release(cast, course, sign_in):
    rows = Edition.objects.filter(pk=course.edition_id)
    rows.update(content=with_more(rows.get().content))
    content_of.cache_clear()
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    ana = sign_in(cast.ana)
    step = reverse("courses:step", args=["tiny", "first-things", "opening"])
    for url in (
        "/",
        "/courses/",
        "/courses/tiny/",
        step,
        reverse("courses:item", args=[attempt.key, 1]),
    ):
        assert ana.get(url).status_code == 200, url


@pytest.mark.parametrize("rule", [*RULES, NEWER], ids=["first", "second", "version 1", "later"])
def test_an_attempt_of_any_release_goes_on_by_its_own_rule(cast, course, sign_in, rule):
    """Its pass mark is 0.75 whatever the quiz says; what later ones add to items is left out."""
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    Attempt.objects.filter(pk=attempt.pk).update(rule=rule, items=with_more(attempt.items))
    attempt.refresh_from_db()
    answer_all(cast.ana, attempt)
    ana = sign_in(cast.ana)
    assert ana.get(reverse("courses:item", args=[attempt.key, 1])).status_code == 200
    scored = submit_attempt(cast.ana, attempt.key, timezone.now())
    assert scored.passed
    assert pass_mark_of(scored) == 0.75
    result = ana.get(reverse("courses:result", args=[attempt.key]))
    assert "Passed: 3 of 3" in result.content.decode()


def test_what_a_rule_lacks_is_as_its_edition_has_it(cast, course, sign_in):
    attempt = begin_quiz(cast.ana, course)
    items = [{"key": drawn["key"]} for drawn in attempt.items]
    Attempt.objects.filter(pk=attempt.pk).update(rule={}, items=items)
    attempt.refresh_from_db()
    assert sign_in(cast.ana).get(reverse("courses:item", args=[attempt.key, 1])).status_code == 200
    answer_all(cast.ana, attempt)
    assert submit_attempt(cast.ana, attempt.key, timezone.now()).passed


def test_a_rule_is_written_with_its_version(tiny_content):
    quiz = tiny_content[0].finals[0]
    rule = rule_of(quiz)
    assert rule["version"] == VERSION == 1
    assert set(rule) == set(RULES[-1]), "another rule is another version: keep one of it in RULES"
    assert rule_in(rule, quiz) == quiz
    assert rule_in(RULES[0], quiz).pass_mark == 0.75
    assert order_in({"key": "a"}) == []
