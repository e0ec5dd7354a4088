from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from courses.assessment.actions import AttemptsUsedUp
from courses.assessment.models import Attempt
from courses.learning.actions import NotYet, open_attempt, submit_attempt
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.retries import WAIT, retry_after
from courses.learning.retry_queries import retry_of
from courses.library.queries import content_of
from tests.conftest import answer_all, learn

QUIZ = "/courses/tiny/quiz/final/"
ENDED = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def words(page) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


def begin(user) -> Attempt:
    enrolment = Enrolment.objects.get(user=user)
    quiz = content_of(enrolment.edition_id).finals[0]
    course_id, edition_id = enrolment.course_id, enrolment.edition_id
    return open_attempt(user, course_id, edition_id, quiz, timezone.now())


def fail(user) -> None:
    attempt = begin(user)
    answer_all(user, attempt, right=False)
    submit_attempt(user, attempt.key, timezone.now())


def days_later(days: int, user) -> None:
    """As if the last attempts and everything in lessons had been so many days ago."""
    past = timezone.now() - timedelta(days=days)
    Attempt.objects.filter(user=user).update(submitted_at=past)
    LessonRecord.objects.filter(enrolment__user=user).update(seen_at=past - HOUR)


def look_again(browser) -> None:
    """Continue on one step of each lesson."""
    for step in ("first-things/opening", "last-things/ending"):
        browser.post(f"/courses/tiny/lessons/{step}/finish/")


@pytest.fixture
def ben(cast, course):
    """He learns alone, has done both lessons, and has used up both attempts just now."""
    learn(cast.ben, course)
    for _ in range(2):
        fail(cast.ben)
    return cast.ben


def test_it_works(ben, sign_in):
    browser = sign_in(ben)
    days_later(4, ben)
    page = words(browser.get(QUIZ))
    assert "look again at these lessons" in page
    look_again(browser)
    page = browser.get(QUIZ)
    assert "You can try once more" in words(page)
    assert f'action="{QUIZ}open/"' in page.content.decode()
    assert "/attempts/" in browser.post(f"{QUIZ}open/").url
    assert Attempt.objects.filter(user=ben).count() == 3


def test_the_lessons_and_the_days_are_both_needed(ben, sign_in):
    browser = sign_in(ben)
    for days, has_looked in ((4, False), (2, True)):
        days_later(days, ben)
        if has_looked:
            look_again(browser)
        with pytest.raises(NotYet, match="You can take it once more from"):
            begin(ben)
        page = browser.get(QUIZ)
        assert f'action="{QUIZ}open/"' not in page.content.decode()
        sent = browser.post(f"{QUIZ}open/", follow=True)
        assert "You can take it once more from" in words(sent)
    assert Attempt.objects.filter(user=ben).count() == 2


def test_looking_at_a_page_is_no_looking_again(ben, sign_in):
    browser = sign_in(ben)
    days_later(4, ben)
    browser.get("/courses/tiny/lessons/first-things/opening/")
    with pytest.raises(NotYet):
        begin(ben)


def test_each_round_asks_for_the_same_again(ben, sign_in):
    browser = sign_in(ben)
    days_later(4, ben)
    look_again(browser)
    fail(ben)
    with pytest.raises(NotYet):
        begin(ben)
    days_later(4, ben)
    with pytest.raises(NotYet, match="once you have looked again"):
        begin(ben)
    look_again(browser)
    fail(ben)
    assert Attempt.objects.filter(user=ben).count() == 4


def test_two_presses_begin_one_attempt(ben, sign_in):
    browser = sign_in(ben)
    days_later(4, ben)
    look_again(browser)
    first, second = (browser.post(f"{QUIZ}open/").url for _ in range(2))
    assert first == second
    assert Attempt.objects.filter(user=ben, state="open").count() == 1


def test_who_has_a_trainer_asks_the_trainer(cast, course, sign_in):
    learn(cast.ana, course)
    for _ in range(2):
        fail(cast.ana)
    days_later(9, cast.ana)
    look_again(sign_in(cast.ana))
    with pytest.raises(AttemptsUsedUp):
        begin(cast.ana)
    assert "Ask your trainer" in words(sign_in(cast.ana).get(QUIZ))


def test_there_is_none_before_all_are_used_nor_after_passing(cast, course):
    enrolment = learn(cast.ben, course)
    quiz = content_of(course.edition_id).finals[0]
    arguments = (cast.ben, course.pk, enrolment.edition_id, quiz)
    assert retry_of(*arguments) is None
    fail(cast.ben)
    assert retry_of(*arguments) is None
    attempt = begin(cast.ben)
    assert retry_of(*arguments) is None, "while one is open"
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    assert retry_of(*arguments) is None


def test_only_the_lessons_of_what_was_wrong_are_to_look_at(ben, course):
    last = Attempt.objects.filter(user=ben).latest("number")
    edition = content_of(course.edition_id)
    of_first = {item.key for item in edition.items if item.lesson == "first-things"}
    last.item_scores.exclude(item_key__in=of_first).update(earned=1)
    asked = set(last.item_scores.values_list("item_key", flat=True))
    quiz = edition.finals[0]
    retry = retry_of(ben, course.pk, course.edition_id, quiz)
    assert {lesson.key for lesson in retry.lessons} == (
        {"first-things"} if asked & of_first else set()
    )
    assert retry.after == 2


def test_there_is_an_address_to_ask(ben, sign_in, settings):
    settings.SUPPORT_EMAIL = "help@site.example"
    assert 'href="mailto:help@site.example"' in sign_in(ben).get(QUIZ).content.decode()
    settings.SUPPORT_EMAIL = ""
    assert "Is something unclear?" not in words(sign_in(ben).get(QUIZ))


@pytest.mark.parametrize(
    ("seen_at", "now", "is_open"),
    [
        ({}, ENDED + WAIT, False),
        ({"first-things": ENDED}, ENDED + WAIT, False),
        ({"first-things": ENDED - HOUR}, ENDED + WAIT, False),
        ({"first-things": ENDED + HOUR}, ENDED + WAIT, True),
        ({"first-things": ENDED + HOUR}, ENDED + WAIT - HOUR, False),
        ({"last-things": ENDED + HOUR}, ENDED + WAIT, False),
    ],
)
def test_the_rule(tiny_content, seen_at, now, is_open):
    lesson = tiny_content[0].lesson("first-things")
    retry = retry_after(2, ENDED, [lesson], seen_at)
    assert retry.is_open(now) == is_open
    assert retry.opens_at == ENDED + timedelta(days=3)
    assert retry_after(2, ENDED, [], {}).is_open(now) == (now >= ENDED + WAIT)
