"""Regrading while others regrade, void, submit, open and time out.

Real threads on the real database.

On SQLite writers come one after the other; these are about PostgreSQL, where they meet.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.utils import timezone

from courses.assessment.accommodations import NotVoidable, reset_quiz, void_attempt
from courses.assessment.actions import AttemptsUsedUp, NotOpen, drawn_item, save_response
from courses.assessment.forms import Event
from courses.assessment.models import Attempt, RegradedAttempt
from courses.authoring.publishing import publish
from courses.learning.actions import (
    close_expired_attempts,
    move_to_newest,
    open_attempt,
    regrade,
    submit_attempt,
)
from courses.learning.models import Enrolment
from courses.library.content import Item
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Assignment, User
from tests.conftest import begin_quiz, learn, right_answer
from tests.test_races import T, at_once, published, somebody

pytestmark = pytest.mark.django_db(transaction=True)
READ = {"courses_attempt", "courses_itemscore", "courses_response"}
WRONG_KEYS = ("grows-a", "grows-b", "small-a", "small-b")


def slowly(action: Callable[[], object], pause: float = 0.02) -> Callable[[], object]:
    """The action with a pause after each reading of attempts and scores, for others to change them."""

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and READ & set(sql.split('"')):
            sleep(pause)
        return result

    def watched() -> object:
        with connection.execute_wrapper(watch):
            return action()

    return watched


def taken(
    user: User, course: Course, *, handed_in: bool = True, wrong: tuple[str, ...] = WRONG_KEYS
) -> Attempt:
    """An attempt that fails by the first key of some items, and has all marks by the corrected."""
    learn(user, course)
    attempt = begin_quiz(user, course)
    for number in (1, 2, 3):
        item = drawn_item(attempt, number)
        answer = right_answer(turned(item) if item.key in wrong else item)
        save_response(user, attempt.key, item.key, answer, Event(uuid.uuid4(), 1), T)
    return submit_attempt(user, attempt.key, T) if handed_in else attempt


def cohort_of(tess: User, course: Course, *users: User) -> Assignment:
    """The course, given to a cohort of Tess's in which these people learn since long before."""
    long_ago = T - timedelta(days=1)
    service = start_organisation(tess, "Riverside", long_ago)
    cohort = start_cohort(tess, service, "Autumn", course, None, long_ago)
    for user in users:
        join_cohort(user, cohort, long_ago)
    return Assignment.objects.select_related("cohort", "course").get(cohort=cohort)


def turned(item: Item) -> Item:
    """The item with another key: each option is as right as the one before it was."""
    rights = [option.correct for option in item.options]
    options = zip(item.options, [rights[-1], *rights], strict=False)
    return item.model_copy(
        update={
            "options": tuple(
                option.model_copy(update={"correct": right}) for option, right in options
            )
        }
    )


def corrected(tiny_content) -> Course:
    tiny = tiny_content[0]
    items = [turned(item) if item.key in WRONG_KEYS else item for item in tiny.items]
    publish([tiny.model_copy(update={"items": tuple(items)})], T)
    return Course.objects.get(key="tiny")


def regrading(course: Course, staff: User, *keys: str) -> list[Callable[[], object]]:
    return [
        slowly(lambda key=key: regrade(staff, course, key, "The key was wrong", T)) for key in keys
    ]


def assert_whole(attempt: Attempt) -> None:
    """All marks, and what they make of it."""
    attempt.refresh_from_db()
    marks = attempt.item_scores.values_list("earned", flat=True)
    assert (attempt.earned, sum(marks), attempt.passed) == (3, 3, True)
    assert Enrolment.objects.get(user=attempt.user_id).completed_at


def no_error(results: list[object], *expected: type[Exception]) -> None:
    assert [
        one for one in results if isinstance(one, Exception) and not isinstance(one, expected)
    ] == []


def test_it_works(tiny_content):
    """Four items regraded at once: every attempt has what all four give it."""
    course, staff = published(tiny_content), somebody("sam")
    attempts = [taken(somebody(f"ben{n}"), course) for n in range(4)]
    assert not any(attempt.passed for attempt in attempts)
    results = at_once(*regrading(corrected(tiny_content), staff, *WRONG_KEYS))
    no_error(results)
    for attempt in attempts:
        assert_whole(attempt)


def test_the_same_item_regraded_twice_at_once_is_raised_once(tiny_content):
    course, staff = published(tiny_content), somebody("sam")
    attempt = taken(somebody("ben"), course)
    newest = corrected(tiny_content)
    for key in WRONG_KEYS:
        no_error(at_once(*regrading(newest, staff, key, key)))
    assert_whole(attempt)
    raised = [one for one in RegradedAttempt.objects.all() if one.earned_after > one.earned_before]
    assert len(raised) == 2, "one for each corrected item"


def test_what_is_voided_meanwhile_is_not_regraded_and_completes_nothing(tiny_content):
    """Either the void came first, or the pass did, and then a pass is not taken back."""
    course, tess, staff = published(tiny_content), somebody("tess"), somebody("sam")
    attempts = [taken(somebody(f"ben{n}"), course, wrong=WRONG_KEYS[:2]) for n in range(8)]
    assignment = cohort_of(tess, course, *(attempt.user for attempt in attempts))

    def voiding() -> object:
        for attempt in reversed(attempts):
            sleep(0.01)
            with suppress(NotVoidable):
                void_attempt(tess, assignment, attempt, "The line broke down", T)
        return None

    results = at_once(*regrading(corrected(tiny_content), staff, *WRONG_KEYS[:2]), voiding)
    no_error(results)
    for attempt in attempts:
        attempt.refresh_from_db()
        completed = Enrolment.objects.get(user=attempt.user_id).completed_at
        if attempt.state == "voided":
            assert (attempt.earned, attempt.passed, completed) == (2, False, None)
        else:
            assert_whole(attempt)


def test_what_is_handed_in_meanwhile_is_marked_by_the_corrected_key(tiny_content):
    course, staff = published(tiny_content), somebody("sam")
    attempts = [taken(somebody(f"ben{n}"), course, handed_in=False) for n in range(8)]

    def handing_in() -> object:
        for attempt in attempts:
            slowly(lambda attempt=attempt: submit_attempt(attempt.user, attempt.key, T), 0.01)()
        return None

    no_error(at_once(handing_in, *regrading(corrected(tiny_content), staff, *WRONG_KEYS)))
    for attempt in attempts:
        assert_whole(attempt)


def test_what_is_handed_in_after_a_regrade_is_marked_by_the_corrected_key_too(tiny_content):
    course, staff = published(tiny_content), somebody("sam")
    attempt = taken(somebody("ben"), course, handed_in=False)
    newest = corrected(tiny_content)
    for key in WRONG_KEYS:
        regrade(staff, newest, key, "The key was wrong", T)
    submit_attempt(attempt.user, attempt.key, T)
    assert_whole(attempt)


def test_a_fresh_beginning_and_a_regrade_wait_for_each_other(tiny_content):
    course, tess, staff = published(tiny_content), somebody("tess"), somebody("sam")
    people = [somebody(f"ben{n}") for n in range(4)]
    for _ in range(2):
        for user in people:
            taken(user, course)
    newest = corrected(tiny_content)
    assignment = cohort_of(tess, course, *people)

    def fresh() -> object:
        for user in reversed(people):
            with suppress(NotVoidable):
                reset_quiz(tess, assignment, user.pk, "final", "A fresh start", T)
        return None

    no_error(at_once(*regrading(newest, staff, *WRONG_KEYS), slowly(fresh)))
    for attempt in Attempt.objects.all():
        assert attempt.state == "scored" or not attempt.passed


def test_publishing_and_regrading_wait_for_each_other(tiny_content):
    course, staff = published(tiny_content), somebody("sam")
    attempts = [taken(somebody(f"ben{n}"), course) for n in range(6)]
    newest = corrected(tiny_content)
    lessons = tuple(one.model_copy(update={"version": 2}) for one in tiny_content[0].lessons)

    def publishing() -> object:
        publish([tiny_content[0].model_copy(update={"lessons": lessons})], T)
        return move_to_newest(Course.objects.get(key="tiny"))

    no_error(at_once(*regrading(newest, staff, *WRONG_KEYS), slowly(publishing)))
    assert len(attempts) == Attempt.objects.filter(state="scored").count()


def timed_out(course: Course, name: str) -> Attempt:
    attempt = taken(somebody(name), course, handed_in=False)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=T + timedelta(minutes=30))
    return attempt


def test_two_timers_and_the_learner_close_an_attempt_once(tiny_content):
    course = published(tiny_content)
    attempts = [timed_out(course, f"ben{n}") for n in range(8)]
    now = timezone.now()

    def pressing() -> object:
        return [
            submit_attempt(attempt.user, attempt.key, now).state for attempt in reversed(attempts)
        ]

    def timer() -> object:
        return close_expired_attempts(now)

    results = at_once(slowly(timer, 0.005), slowly(timer, 0.005), slowly(pressing, 0.005))
    no_error(results)
    assert results[0].failed == results[1].failed == 0
    for attempt in attempts:
        attempt.refresh_from_db()
        assert (attempt.state, attempt.submitted_at) == ("scored", T + timedelta(minutes=30))
        assert attempt.item_scores.count() == 3


def test_the_next_attempt_the_timer_and_a_void_wait_for_each_other(tiny_content):
    """Each locks the person, the attempt and the records, and none in another order."""
    course, tess = published(tiny_content), somebody("tess")
    quiz = content_of(course.edition_id).finals[0]
    now = timezone.now()
    attempts = [timed_out(course, f"ben{n}") for n in range(6)]
    assignment = cohort_of(tess, course, *(attempt.user for attempt in attempts))
    for attempt in attempts:
        user = attempt.user

        def opening(user=user) -> object:
            return open_attempt(user, course.pk, course.edition_id, quiz, now)

        def voiding(attempt=attempt) -> object:
            return void_attempt(tess, assignment, attempt, "The line broke down", now)

        results = at_once(
            slowly(opening),
            slowly(voiding),
            slowly(lambda: close_expired_attempts(now)),
            slowly(opening),
        )
        no_error(results, NotVoidable, NotOpen, AttemptsUsedUp)
        assert Attempt.objects.filter(user=user, state="open").count() <= 1
        assert Attempt.objects.filter(user=user, number=1).exclude(state="open").exists()
