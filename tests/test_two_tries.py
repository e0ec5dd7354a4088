"""Two tries at an activity: a hint after the first, the answer after the second; kept with the answer."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.learning.activity_forms import page_name
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import ActivityAnswer, Enrolment
from courses.learning.tries import is_opened, reply_to
from courses.library.queries import content_of
from tests.conftest import right_answer, wrong_answer
from tests.crawling import JSON, through
from tests.test_items import ASKED

CHOICES = ("single", "multiple", "spot")
CARDS = ("sort", "match", "order")


@pytest.fixture
def ana(cast, course, sign_in):
    through(cast.ana, course)
    return sign_in(cast.ana)


@pytest.fixture
def lesson(course):
    return content_of(course.edition_id).lessons[0]


def send(client, key, step="opening", headers=None, **fields):
    url = reverse("courses:answer-activity", args=["tiny", "first-things", step, key])
    return client.post(url, fields, headers=headers)


def page(client, step="opening"):
    return client.get(reverse("courses:step", args=["tiny", "first-things", step])).content.decode()


def test_it_works(ana, lesson):
    item = lesson.steps[0].activity("which-grows").item
    send(ana, "which-grows", option=wrong_answer(item), tries=0)
    first = page(ana)
    assert "Not quite. Here is what to look for." in first
    assert "CANARY-CHECK-WRONG" in first
    assert "CANARY-CHECK-RIGHT" not in first
    assert "Try again" in first
    send(ana, "which-grows", option=wrong_answer(item), tries=1)
    second = page(ana)
    assert "Not quite. Here is the best answer, and why." in second
    assert "CANARY-CHECK-RIGHT" in second


@pytest.mark.parametrize("kind", [*CHOICES, *CARDS, "case"])
def test_a_right_answer_opens_at_once_and_a_wrong_one_at_the_second_try(kind):
    item = ASKED[kind]
    assert is_opened(item, right_answer(item), 1)
    assert not is_opened(item, wrong_answer(item), 1)
    assert is_opened(item, wrong_answer(item), 2)
    assert is_opened(item, wrong_answer(item), 7)


@pytest.mark.parametrize("kind", [*CHOICES, *CARDS, "case"])
def test_a_hint_speaks_of_what_was_chosen_alone_and_never_of_what_is_right(kind):
    item = ASKED[kind]
    reply = reply_to(item, wrong_answer(item), 1)
    assert not reply.is_open
    assert not reply.is_right
    assert reply.others == ()
    assert {line.result for line in reply.lines} <= {"wrong"}
    assert not any(line.belongs for line in reply.lines)


@pytest.mark.parametrize("kind", CARDS)
def test_a_hint_to_cards_names_those_that_do_not_fit_without_their_words(kind):
    item = ASKED[kind]
    reply = reply_to(item, wrong_answer(item), 1)
    assert re.fullmatch(r"\d of \d right", reply.headline)
    assert reply.lines
    assert all(line.placed and not line.feedback for line in reply.lines)


def test_ticks_that_fit_are_counted_and_what_is_missed_is_not_named():
    item = ASKED["multiple"]
    right = right_answer(item)
    reply = reply_to(item, right[:1], 1)
    assert reply.headline == "1 right so far. There is more to find."
    assert reply.lines == ()
    wrong = next(option.key for option in item.options if not option.correct)
    reply = reply_to(item, [right[0], wrong], 1)
    assert reply.headline == "1 of your 2 ticks fit. Here is what to look for."
    assert [line.key for line in reply.lines] == [wrong]


def test_an_open_answer_explains_the_chosen_and_the_best_and_folds_the_rest():
    item = ASKED["single"]
    reply = reply_to(item, wrong_answer(item), 2)
    assert {line.result for line in reply.lines} == {"wrong", "missed"}
    assert {line.result for line in reply.others} <= {"other"}
    assert len(reply.all_lines) == len(item.options)


def test_a_double_press_counts_no_try(ana, lesson):
    item = lesson.steps[0].activity("which-grows").item
    for _ in range(3):
        send(ana, "which-grows", option=wrong_answer(item), tries=0)
    assert ActivityAnswer.objects.get().tries == 1
    assert "CANARY-CHECK-RIGHT" not in page(ana)


def test_the_same_answer_from_a_page_with_its_hint_is_a_second_try(ana, lesson):
    item = lesson.steps[0].activity("which-grows").item
    for tries in range(2):
        send(ana, "which-grows", option=wrong_answer(item), tries=tries)
    assert ActivityAnswer.objects.get().tries == 2


def test_an_answer_that_was_opened_stays_open(ana, lesson):
    item = lesson.steps[0].activity("which-grows").item
    send(ana, "which-grows", option=right_answer(item), tries=0)
    assert "CANARY-CHECK-RIGHT" in page(ana)
    send(ana, "which-grows", option=wrong_answer(item), tries=1)
    assert "CANARY-CHECK-RIGHT" in page(ana)


def test_another_device_shows_the_same(ana, cast, lesson, sign_in):
    item = lesson.steps[0].activity("which-grows").item
    send(ana, "which-grows", option=wrong_answer(item), tries=0)
    phone = page(sign_in(cast.ana))
    assert "Here is what to look for." in phone
    assert f'name="{page_name("first-things", "which-grows")}-tries" value="1"' in phone


def test_an_answer_of_a_release_that_did_not_count_is_open(ana, cast, lesson):
    item = lesson.steps[0].activity("which-grows").item
    enrolment = Enrolment.objects.get(user=cast.ana)
    now = timezone.now()
    answer_activity(enrolment, "first-things", "which-grows", wrong_answer(item), now)
    row = ActivityAnswer.objects.get()
    ActivityAnswer.objects.all().delete()
    fields = {"enrolment": enrolment, "lesson_key": "first-things", "answer": row.answer}
    ActivityAnswer.objects.create(activity_key="which-grows", **fields)
    assert "CANARY-CHECK-RIGHT" in page(ana)


def test_a_script_is_told_no_more_than_the_page(ana, lesson):
    item = lesson.steps[0].activity("which-grows").item
    wrong = wrong_answer(item)
    first = send(ana, "which-grows", option=wrong, tries=0, **JSON).json()
    assert (first["is_open"], "CANARY-CHECK-RIGHT" in str(first)) == (False, False)
    assert "CANARY-CHECK-WRONG" in first["html"]
    second = send(ana, "which-grows", option=wrong, tries=1, **JSON).json()
    assert (second["is_open"], "CANARY-CHECK-RIGHT" in second["html"]) == (True, True)


def test_a_script_that_sends_no_answer_is_told_why_in_place(ana):
    refused = send(ana, "which-grows", tries=0, **JSON)
    assert refused.status_code == 400
    assert "Choose an option first" in refused.json()["html"]
    assert not ActivityAnswer.objects.exists()


def test_what_teaches_a_scene_comes_when_its_answer_is_open(ana, course):
    block = next(
        block
        for block in content_of(course.edition_id).lessons[1].steps[0].blocks
        if block.scene and block.item
    )
    url = reverse("courses:answer-activity", args=["tiny", "last-things", "ending", block.key])
    wrong = wrong_answer(block.item)
    first = ana.post(url, {"option": wrong, "tries": 0}, **JSON).json()["html"]
    assert "CANARY-KEY" not in first
    second = ana.post(url, {"option": wrong, "tries": 1}, **JSON).json()["html"]
    assert "CANARY-KEY-CUE" in second
