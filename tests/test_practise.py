"""Practising after a final quiz: parallel items, a hint before the answer, and nothing stored."""

import re
import uuid

import pytest
from django.utils import timezone

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.models import Attempt, ItemScore, Response
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, submit_attempt
from courses.learning.further_practice import MOST, practice_items
from courses.learning.practice_queries import practice_after
from courses.library.models import Course
from courses.library.queries import content_of
from tests.conftest import right_answer, wrong_answer
from tests.test_quiz_pages import words

NOW = timezone.now


@pytest.fixture
def practised(tiny_content, db) -> Course:
    """The tiny course with a pre-test that has an item beside each item of the final quiz."""
    tiny = tiny_content[0]
    final = tiny.quizzes[0]
    pretest = final.model_copy(
        update={"key": "pretest", "title": "Before you start", "kind": "pretest", "attempts": 1}
    )
    beside = []
    for item in tiny.items:
        update = {"key": f"pre-{item.key}", "use": ("pretest",), "stem": f"Another: {item.stem}"}
        beside.append(item.model_copy(update=update))
    items = (*tiny.items, *beside)
    publish([tiny.model_copy(update={"quizzes": (pretest, final), "items": items})], NOW())
    return Course.objects.get(key="tiny")


def take(user, course: Course, quiz_key: str = "final", *, right: bool = False) -> Attempt:
    quiz = content_of(course.edition_id).quiz(quiz_key)
    attempt = open_attempt(user, course.pk, course.edition_id, quiz, NOW())
    for number in range(1, len(attempt.items) + 1):
        item = drawn_item(attempt, number)
        answer = right_answer(item) if right else wrong_answer(item)
        save_response(user, attempt.key, item.key, answer, Event(uuid.uuid4(), 1), NOW())
    return submit_attempt(user, attempt.key, NOW())


@pytest.fixture
def ben(cast, practised, sign_in):
    enrol(cast.ben, practised, NOW())
    return sign_in(cast.ben)


@pytest.fixture
def attempt(ben, cast, practised) -> Attempt:
    return take(cast.ben, practised)


def page_of(attempt: Attempt, number: int = 1) -> str:
    return f"/attempts/{attempt.key}/practise/{number}/"


def fields(option: list[str], tries: int = 0) -> dict[str, object]:
    return {"question-option": option, "question-tries": tries}


def test_it_works(ben, attempt):
    result = ben.get(f"/attempts/{attempt.key}/result/")
    assert "Practise these now 3 questions like these, without marks." in words(result)
    assert page_of(attempt) in result.content.decode()
    shown = ben.get(page_of(attempt))
    assert "Question 1 of 3" in words(shown)
    assert "Another:" in words(shown)
    item = practice_after(attempt)[0]
    answered = ben.post(page_of(attempt) + "check/", fields(right_answer(item)))
    assert "Next" in words(answered)
    assert page_of(attempt, 2) in answered.content.decode()
    last = practice_after(attempt)[2]
    ended = ben.post(page_of(attempt, 3) + "check/", fields(right_answer(last)))
    assert "Back to your result" in words(ended)
    assert f"/attempts/{attempt.key}/result/" in ended.content.decode()
    assert page_of(attempt, 4) not in ended.content.decode()


def test_what_is_practised_stands_beside_what_was_wrong_safety_first(ben, attempt):
    drawn = [drawn_item(attempt, number) for number in (1, 2, 3)]
    practised = practice_after(attempt)
    assert {item.use for item in practised} == {("pretest",)}
    assert {item.parallel for item in practised} == {item.parallel for item in drawn}
    assert practised[0].critical


def test_the_first_wrong_answer_gets_a_hint_and_the_second_the_answer(ben, attempt):
    item = practice_after(attempt)[1]
    right = {option.key: option for option in item.options if option.correct}
    url = page_of(attempt, 2) + "check/"
    assert not any(
        option.feedback in ben.get(page_of(attempt, 2)).content.decode() for option in item.options
    )
    first = ben.post(url, fields(wrong_answer(item))).content.decode()
    assert not any(option.feedback in first for option in right.values())
    assert "Try again" in first
    assert re.search(r'name="question-tries" value="1"', first)
    second = ben.post(url, fields(wrong_answer(item), tries=1)).content.decode()
    assert all(option.feedback in second for option in right.values())
    assert "Try again" not in second


def test_nothing_is_stored(ben, attempt):
    before = (Attempt.objects.count(), Response.objects.count(), ItemScore.objects.count())
    item = practice_after(attempt)[0]
    for _ in range(2):
        ben.post(page_of(attempt) + "check/", fields(right_answer(item)))
    after = (Attempt.objects.count(), Response.objects.count(), ItemScore.objects.count())
    assert after == before


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"question-option": "unknown"},
        {"question-option": "\x00", "question-tries": "many"},
        {"question-tries": "9" * 40},
    ],
)
def test_what_is_no_answer_is_refused_in_words(ben, attempt, data):
    refused = ben.post(page_of(attempt) + "check/", data)
    assert refused.status_code == 400
    assert "Error:" in words(refused)
    assert "CANARY" not in refused.content.decode()


def test_it_is_the_learners_own_and_no_longer_than_it_is(cast, attempt, ben, sign_in):
    for number in (0, 4, 10**30):
        assert ben.get(page_of(attempt, number)).status_code == 404
        assert ben.post(page_of(attempt, number) + "check/").status_code == 404
    assert ben.get(page_of(attempt) + "check/").status_code == 405
    assert ben.post(page_of(attempt)).status_code == 405
    for other in (cast.ana, cast.tess, cast.olga):
        assert sign_in(other).get(page_of(attempt)).status_code == 404
        assert sign_in(other).post(page_of(attempt) + "check/").status_code == 404


def test_what_was_all_right_and_a_pretest_have_nothing_to_practise(ben, cast, practised):
    pretest = take(cast.ben, practised, "pretest")
    final = take(cast.ben, practised, right=True)
    for attempt in (pretest, final):
        assert practice_after(attempt) == []
        assert ben.get(page_of(attempt)).status_code == 404
        assert "Practise these" not in words(ben.get(f"/attempts/{attempt.key}/result/"))


def test_the_items_of_an_open_attempt_are_withheld(ben, cast, practised, attempt):
    quiz = content_of(practised.edition_id).quiz("pretest")
    opened = open_attempt(cast.ben, practised.pk, practised.edition_id, quiz, NOW())
    drawn = {row["key"] for row in opened.items}
    assert not drawn & {item.key for item in practice_after(attempt)}


def test_an_answer_sent_while_signed_out_fills_the_page_again(ben, cast, attempt):
    item = practice_after(attempt)[0]
    ben.get(page_of(attempt))
    del ben.cookies["sessionid"]
    sent = ben.post(page_of(attempt) + "check/", fields(wrong_answer(item)))
    assert sent.status_code == 302
    ben.force_login(cast.ben)
    shown = ben.get(page_of(attempt)).content.decode()
    assert re.search(rf'value="{wrong_answer(item)[0]}"[^>]* checked', shown)


def test_those_met_before_come_last_and_never_more_than_a_few(tiny_content):
    tiny = tiny_content[0]
    item = tiny.items[0]
    pretest = tiny.quizzes[0].model_copy(update={"key": "pretest", "kind": "pretest"})
    pool = [item.model_copy(update={"key": f"p{n}", "use": ("pretest",)}) for n in range(8)]
    shared = item.model_copy(update={"key": "later", "use": ("pretest", "day-90")})
    course = tiny.model_copy(update={"quizzes": (pretest,), "items": (shared, *pool)})
    chosen = practice_items(course, [item] * 7, {"p1"}, {"p0", "p2"})
    assert [one.key for one in chosen] == ["p3", "p4", "p5", "p6", "p7"]
    assert len(chosen) == MOST
    assert practice_items(tiny, [item], set(), set()) == [], "it has no pre-test"
