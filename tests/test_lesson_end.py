import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from courses.authoring.publishing import publish
from courses.learning import lesson_actions
from courses.learning.completion import next_untried, untried_checks
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.queries import enrolment_progress_on
from courses.library import content
from courses.library.content import TakeAway
from courses.library.models import Course
from courses.library.queries import content_of
from tests.conftest import learn, right_answer, tried, wrong_answer

LESSON = "/courses/tiny/lessons/first-things/"
LAST = "/courses/tiny/lessons/last-things/"
STEPS = ("opening", "placing", "writing")
"""Three steps; the first two have checks."""


def words(page) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


@pytest.fixture
def lesson(course):
    return content_of(course.edition_id).lessons[0]


@pytest.fixture
def ben(cast, course, sign_in) -> Client:
    """Ben's browser, on the first lesson."""
    browser = sign_in(cast.ben)
    browser.post("/courses/tiny/enrol/")
    browser.post(f"{LESSON}begin/")
    return browser


def try_all(cast, lesson, *, but: int = 0, answer=wrong_answer) -> list:
    """Ben answers every check of the lesson but so many of the last; those left out."""
    enrolment = Enrolment.objects.get(user=cast.ben)
    checks = [block for step in lesson.steps for block in step.blocks if block.item]
    now = enrolment.enrolled_at
    for block in checks[: len(checks) - but]:
        answer_activity(enrolment, lesson.key, block.key, answer(block.item), now)
    return checks[len(checks) - but :]


def press_through(browser: Client) -> str:
    """Continue on every step; where the last press led."""
    return [browser.post(f"{LESSON}{step}/finish/").url for step in STEPS][-1]


def is_completed() -> bool:
    return LessonRecord.objects.get().completed_at is not None


def test_it_works(ben, cast, lesson):
    try_all(cast, lesson)
    assert press_through(ben) == f"{LESSON}done/"
    page = words(ben.get(f"{LESSON}done/"))
    assert "First things: done" in page
    assert "1 of 3 done" in page
    assert "Start lesson: Last things" in page
    assert is_completed()


def test_continue_alone_does_not_complete_a_lesson(ben, cast, lesson):
    checks = len(tried(lesson))
    assert press_through(ben) == f"{LESSON}done/"
    page = words(ben.get(f"{LESSON}done/"))
    assert f"{checks} questions are still to try" in page
    assert "Right or wrong makes no difference" in page
    assert not is_completed()
    assert enrolment_progress_on(cast.ben, "tiny").progress.done == 0


def test_all_lessons_in_seconds_by_continue_are_not_done(ben, cast, course):
    for lesson in content_of(course.edition_id).lessons:
        path = f"/courses/tiny/lessons/{lesson.key}/"
        ben.post(f"{path}begin/")
        for step in lesson.steps:
            ben.post(f"{path}{step.key}/finish/")
    with_checks = [lesson for lesson in content_of(course.edition_id).lessons if tried(lesson)]
    completed = set(
        LessonRecord.objects.exclude(completed_at=None).values_list("lesson_key", flat=True)
    )
    assert with_checks
    assert not completed & {lesson.key for lesson in with_checks}


def test_each_step_with_questions_left_is_a_link_to_the_first_of_them(ben, cast, lesson):
    left = try_all(cast, lesson, but=1)
    press_through(ben)
    page = ben.get(f"{LESSON}done/").content.decode()
    assert "1 question is still to try" in page
    (address,) = set(re.findall(rf'href="({LESSON}[a-z]+/#a\w+)"', page))
    path, name = address.split("#")
    assert f'id="{name}"' in ben.get(path).content.decode()
    assert left[0].key not in page


def test_trying_the_last_one_completes_the_lesson_by_the_next_press(ben, cast, lesson):
    (left,) = try_all(cast, lesson, but=1)
    press_through(ben)
    step = next(step for step in lesson.steps if left in step.blocks)
    enrolment = Enrolment.objects.get(user=cast.ben)
    answer_activity(enrolment, lesson.key, left.key, wrong_answer(left.item), enrolment.enrolled_at)
    assert not is_completed(), "an answer alone moves nobody on"
    assert "You have tried every question" in words(ben.get(f"{LESSON}done/"))
    assert ben.post(f"{LESSON}{step.key}/finish/").url == f"{LESSON}done/"
    assert is_completed()
    assert "First things: done" in words(ben.get(f"{LESSON}done/"))


def test_the_button_of_that_page_completes_it_too(ben, cast, lesson):
    (left,) = try_all(cast, lesson, but=1)
    press_through(ben)
    enrolment = Enrolment.objects.get(user=cast.ben)
    answer_activity(enrolment, lesson.key, left.key, wrong_answer(left.item), enrolment.enrolled_at)
    page = ben.get(f"{LESSON}done/").content.decode()
    (address,) = re.findall(rf'action="({LESSON}\w+/finish/)"', page)
    ben.post(address)
    assert is_completed()


def test_after_the_end_continue_leads_to_the_next_step_with_a_question(ben, lesson):
    press_through(ben)
    with_checks = [step.key for step in lesson.steps if any(block.item for block in step.blocks)]
    assert with_checks == ["opening", "placing"]
    assert ben.post(f"{LESSON}opening/finish/").url == f"{LESSON}placing/"
    assert ben.post(f"{LESSON}placing/finish/").url == f"{LESSON}done/"


def test_pressing_twice_changes_nothing(ben, cast, lesson):
    press_through(ben)
    before = LessonRecord.objects.values().get()
    ben.post(f"{LESSON}writing/finish/")
    assert LessonRecord.objects.values().get() == before
    try_all(cast, lesson)
    ben.post(f"{LESSON}writing/finish/")
    completed_at = LessonRecord.objects.get().completed_at
    ben.post(f"{LESSON}writing/finish/")
    assert LessonRecord.objects.get().completed_at == completed_at


def test_a_completed_lesson_stays_completed(cast, course, sign_in):
    """As those that were completed before checks counted: they may have no answer at all."""
    learn(cast.ben, course)
    browser = sign_in(cast.ben)
    assert "First things: done" in words(browser.get(f"{LESSON}done/"))
    before = LessonRecord.objects.get(lesson_key="first-things").completed_at
    press_through(browser)
    assert LessonRecord.objects.get(lesson_key="first-things").completed_at == before


def test_right_answers_count_no_more_than_wrong_ones(ben, cast, lesson):
    try_all(cast, lesson, answer=right_answer)
    press_through(ben)
    assert is_completed()


def test_the_page_is_not_there_before_the_end(ben, cast, sign_in):
    assert ben.get(f"{LESSON}done/").status_code == 404
    ben.post(f"{LESSON}opening/finish/")
    assert ben.get(f"{LESSON}done/").status_code == 404
    press_through(ben)
    assert sign_in(cast.olga).get(f"{LESSON}done/").status_code == 404
    assert ben.post(f"{LESSON}done/").status_code == 405


def test_checks_that_a_passed_test_excuses_are_not_needed(lesson):
    skipping = lesson.model_copy(update={"test_out": content.TestOut(step="opening", to="writing")})
    needed = untried_checks(skipping, set(), has_tested_out=True)
    everything = untried_checks(skipping, set(), has_tested_out=False)
    assert {check.step.key for check in needed} == {"opening"}
    assert {check.step.key for check in everything} == {"opening", "placing"}
    # Only right answers excuse: with wrong ones the steps are not skipped.
    checks = [block for block in lesson.steps[0].blocks if block.item]
    right = {block.key: right_answer(block.item) for block in checks}
    wrong = {block.key: wrong_answer(block.item) for block in checks}
    assert lesson_actions.checks_to_try(skipping, right) == []
    assert lesson_actions.checks_to_try(skipping, wrong) != []


def test_lessons_without_a_check_end_with_their_last_step(lesson):
    plain = lesson.model_copy(update={"steps": lesson.steps[-1:]})
    assert untried_checks(plain, set(), has_tested_out=False) == []
    assert lesson_actions.checks_to_try(plain, {}) == []


def test_the_next_question_is_looked_for_after_the_step_and_not_before(lesson):
    untried = untried_checks(lesson, set(), has_tested_out=False)
    assert next_untried(0, untried).key == "opening"
    assert next_untried(1, untried).key == "placing"
    assert next_untried(2, untried) is None


def test_the_plan_is_shown_with_its_day(cast, course, sign_in):
    enrolment = learn(cast.ben, course)
    browser = sign_in(cast.ben)
    assert "Choose one thing to do" in words(browser.get(f"{LAST}done/"))
    answer = {"sentence": "own", "own": "Ask <b>Sam</b> first", "on": "2026-12-07"}
    now = enrolment.enrolled_at
    answer_activity(enrolment, "last-things", "one-sentence", answer, now)
    page = browser.get(f"{LAST}done/")
    assert "Ask &lt;b&gt;Sam&lt;/b&gt; first" in page.content.decode()
    assert "On Monday 7 December 2026" in words(page)
    answer_activity(enrolment, "last-things", "one-sentence", {**answer, "sentence": "0"}, now)
    page = words(browser.get(f"{LAST}done/"))
    assert "Ask" not in page
    assert "On Monday 7 December 2026" in page


@pytest.mark.parametrize(
    "answer", ["text", {}, {"sentence": "9", "on": "2026-12-07"}, {"sentence": "own", "on": "soon"}]
)
def test_a_plan_that_cannot_be_read_is_as_none(cast, course, sign_in, answer):
    enrolment = learn(cast.ben, course)
    answer_activity(enrolment, "last-things", "one-sentence", answer, enrolment.enrolled_at)
    assert "Choose one thing to do" in words(sign_in(cast.ben).get(f"{LAST}done/"))


def test_a_lesson_takes_three_things_away(cast, sign_in, tiny_content):
    tiny = tiny_content[0]
    said = [TakeAway(text=f"Thing {n} & more", sources=("B1",)) for n in range(3)]
    first = tiny.lessons[0].model_copy(update={"take_away": tuple(said)})
    publish([tiny.model_copy(update={"lessons": (first, tiny.lessons[1])})], timezone.now())
    learn(cast.ben, Course.objects.get())
    browser = sign_in(cast.ben)
    page = browser.get(f"{LESSON}done/")
    assert "Three things to take away" in words(page)
    assert "Thing 2 &amp; more" in page.content.decode()
    assert "Three things to take away" not in words(browser.get(f"{LAST}done/"))
