"""An attempt whose time is over: shown as that to everybody, closed by a press or the timer."""

import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import void_attempt
from courses.assessment.actions import TooSoon, drawn_item, save_response
from courses.assessment.forms import Event
from courses.assessment.models import GRACE, Attempt
from courses.authoring.publishing import publish
from courses.learning.actions import (
    NotYet,
    close_expired_attempts,
    enrol,
    open_attempt,
    submit_attempt,
)
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.learning.models import Enrolment
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import CohortMembership
from tests.conftest import given, learn, right_answer, tried
from tests.test_access import rows
from tests.test_quiz_pages import words

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
DEADLINE = T + timedelta(minutes=30)
LATER = T + timedelta(hours=5)
START = "/courses/tiny/quiz/final/"


@pytest.fixture
def timed(cast, tiny_content) -> Course:
    """The tiny course with half an hour for its quiz."""
    return republished(tiny_content)


@pytest.fixture(autouse=True)
def later():
    """It is five hours after the attempts began."""
    with patch("django.utils.timezone.now", lambda: LATER):
        yield


def republished(tiny_content, **rule: object) -> Course:
    quiz = tiny_content[0].finals[0].model_copy(update={"limit_minutes": 30, **rule})
    publish([tiny_content[0].model_copy(update={"quizzes": (quiz,)})], T)
    return Course.objects.get(key="tiny")


def begun(user, course: Course, now: datetime = T, *, right: bool = True) -> Attempt:
    """An attempt begun at this moment, with every answer saved at once."""
    edition = enrol(user, course, now).edition_id
    attempt = open_attempt(user, course.pk, edition, content_of(edition).finals[0], now)
    for number in range(1, len(attempt.items) + 1) if right else ():
        item = drawn_item(attempt, number)
        save_response(user, attempt.key, item.key, right_answer(item), Event(uuid.uuid4(), 1), now)
    return attempt


def result_of(attempt: Attempt) -> str:
    return reverse("courses:result", args=[attempt.key])


def closed(now: datetime = LATER) -> str:
    """What the command says."""
    out = StringIO()
    call_command("close_expired_attempts", stdout=out)
    return out.getvalue().strip()


def test_it_works(cast, timed):
    attempt = begun(cast.ben, timed)
    assert closed() == "1 attempt closed, 1 passed"
    attempt.refresh_from_db()
    assert (attempt.state, attempt.expired, attempt.passed) == ("scored", True, True)
    assert (attempt.submitted_at, attempt.scored_at) == (DEADLINE, LATER)
    assert closed() == "0 attempts closed"


def test_until_then_the_learner_sees_that_the_time_was_over(cast, timed, sign_in):
    attempt, ben, before = begun(cast.ben, timed), sign_in(cast.ben), rows()
    for name, more in (("attempt", []), ("item", [1]), ("review-attempt", [])):
        page = ben.get(reverse(f"courses:{name}", args=[attempt.key, *more]), follow=True)
        assert page.redirect_chain[-1][0] == result_of(attempt)
    said = words(page)
    assert "The time was over on Monday 2 March 2026, 09:30" in said
    assert "3 of 3 questions have an answer" in said
    assert (
        f'action="{reverse("courses:submit-attempt", args=[attempt.key])}"' in page.content.decode()
    )
    start = ben.get(START)
    assert "Attempt 1: its time was over on Monday 2 March 2026, 09:30" in words(start)
    assert "open since" not in words(start)
    assert rows() == before


def test_one_press_shows_the_result(cast, timed, sign_in):
    attempt, ben = begun(cast.ben, timed), sign_in(cast.ben)
    page = ben.post(reverse("courses:submit-attempt", args=[attempt.key]), follow=True)
    assert page.redirect_chain[-1][0] == result_of(attempt)
    assert "Passed: 3 of 3" in words(page)
    assert "time ran out" in words(page)
    assert Attempt.objects.get().submitted_at == DEADLINE


def test_until_then_the_trainer_does_not_see_it_as_open(cast, timed, sign_in):
    CohortMembership.objects.update(joined_at=T - timedelta(days=1))
    begun(cast.ana, timed)
    tess = sign_in(cast.tess)
    table = reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    record = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    for page in (tess.get(table), tess.get(record), sign_in(cast.ana).get("/seen-by-trainer/")):
        assert "Time over, being marked" in words(page)
        assert "Attempt open" not in words(page)
        assert "Open since" not in words(page)


def test_an_answer_that_comes_too_late_closes_it(cast, timed, sign_in):
    attempt = begun(cast.ben, timed, right=False)
    item = drawn_item(attempt, 1)
    sent = {"option": right_answer(item), "event_id": uuid.uuid4(), "sequence": 1}
    address = reverse("courses:save-response", args=[attempt.key, 1])
    page = sign_in(cast.ben).post(address, sent, follow=True)
    assert "The time was over when this answer came" in words(page)
    assert Attempt.objects.get().state == "scored"
    assert not attempt.responses.exists()


def test_the_next_attempt_closes_the_one_before_it(cast, timed, sign_in):
    first = begun(cast.ben, timed, right=False)
    page = sign_in(cast.ben).post(f"{START}open/")
    first.refresh_from_db()
    assert (first.state, first.submitted_at, first.passed) == ("scored", DEADLINE, False)
    second = Attempt.objects.get(number=2)
    assert (second.state, page.url) == ("open", reverse("courses:attempt", args=[second.key]))


def test_no_next_attempt_begins_where_the_one_before_it_passed(cast, timed, sign_in):
    first = begun(cast.ben, timed)
    page = sign_in(cast.ben).post(f"{START}open/", follow=True)
    assert page.redirect_chain[-1][0] == result_of(first)
    assert "Passed: 3 of 3" in words(page)
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "error"), [({"attempts": 1}, NotYet), ({"wait_hours": 12}, TooSoon)]
)
def test_it_is_closed_also_where_no_next_one_may_begin(cast, tiny_content, rule, error):
    course = republished(tiny_content, **rule)
    begun(cast.ben, course, right=False)
    with pytest.raises(error):
        begun(cast.ben, course, LATER)
    assert Attempt.objects.get().state == "scored"


def test_the_pause_counts_from_the_deadline_whenever_it_is_closed(cast, tiny_content, sign_in):
    course = republished(tiny_content, wait_hours=12)
    begun(cast.ben, course, right=False)
    ben = sign_in(cast.ben)
    ben.post(f"{START}open/")
    assert "Next attempt from Monday 2 March 2026, 21:30" in words(ben.get(START))


@pytest.mark.parametrize("closing", ["in time", "late"])
def test_the_course_is_completed_at_the_deadline_whenever_it_is_closed(cast, timed, closing):
    with patch("django.utils.timezone.now", lambda: T):
        learn(cast.ben, timed)
    begun(cast.ben, timed)
    close_expired_attempts(
        DEADLINE + GRACE + timedelta(seconds=1) if closing == "in time" else LATER
    )
    assert Enrolment.objects.get().completed_at == DEADLINE


def test_a_lesson_finished_after_the_deadline_completes_the_course_at_its_own_moment(cast, timed):
    with patch("django.utils.timezone.now", lambda: T):
        enrolment = learn(cast.ben, timed, lessons=1)
    begun(cast.ben, timed)
    last = content_of(timed.edition_id).lessons[1]
    moment = DEADLINE + timedelta(hours=1)
    record = begin_lesson(enrolment, last, moment)
    for step in last.steps:
        finish_step(record, last, step, tried(last), moment)
        record.refresh_from_db()
    close_expired_attempts(LATER)
    assert Enrolment.objects.get().completed_at == moment


def test_what_is_open_in_time_or_voided_or_untimed_is_left_alone(cast, timed, tiny_content):
    CohortMembership.objects.update(joined_at=T - timedelta(days=1))
    begun(cast.ben, timed)
    begun(cast.ana, timed)
    void_attempt(
        cast.tess, given(cast), Attempt.objects.get(user=cast.ana), "The line broke down", T
    )
    before = rows()
    assert close_expired_attempts(DEADLINE + GRACE).closed == 0
    assert rows() == before
    assert close_expired_attempts(LATER).closed == 1
    assert Attempt.objects.get(user=cast.ana).state == "voided"
    untimed = republished(tiny_content, limit_minutes=None)
    begun(cast.mo, untimed)
    assert close_expired_attempts(LATER).closed == 0


def test_a_round_is_bounded_and_the_next_does_the_rest(cast, timed):
    for user in (cast.ana, cast.ben, cast.mo):
        begun(user, timed)
    assert [close_expired_attempts(LATER, most=2).closed for _ in range(3)] == [2, 1, 0]


def test_one_that_cannot_be_marked_stops_no_other(cast, timed, caplog):
    broken = begun(cast.ana, timed)
    begun(cast.ben, timed)
    Attempt.objects.filter(pk=broken.pk).update(quiz_key="gone")
    first = close_expired_attempts(LATER, most=1)
    rest = close_expired_attempts(LATER, after=first.last)
    assert (first.closed, first.failed, rest.closed, rest.failed) == (0, 1, 1, 0)
    assert str(broken.key) in caplog.text
    assert Attempt.objects.get(user=cast.ben).state == "scored"
    with pytest.raises(CommandError, match="1 could not be marked"):
        closed()


def looping(*arguments: str) -> subprocess.Popen:
    """The loop in a process of its own, where no database can be reached."""
    command = [sys.executable, "manage.py", "close_expired_attempts", "--loop", *arguments]
    nowhere = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all/db.sqlite3"}
    root = Path(__file__).parent.parent
    return subprocess.Popen(command, env=nowhere, cwd=root, stderr=subprocess.PIPE, text=True)


def test_the_loop_outlives_a_database_that_is_away_and_ends_when_it_is_asked_to():
    with looping() as process:
        assert "not everything could be closed in this round" in process.stderr.readline()
        process.terminate()
        assert process.wait(20) == 0


def test_the_loop_ends_with_its_parent():
    with looping("--parent", "1") as process:
        assert process.wait(20) == 0


def test_looking_at_home_the_course_and_the_catalogue_goes_on(cast, timed, sign_in):
    begun(cast.ben, timed)
    ben = sign_in(cast.ben)
    for path in ("/", "/courses/", "/courses/tiny/", "/record/", START):
        assert ben.get(path).status_code == 200


def test_handing_in_twice_is_closing_once(cast, timed):
    attempt = begun(cast.ben, timed)
    close_expired_attempts(LATER)
    before = rows()
    submit_attempt(cast.ben, attempt.key, timezone.now())
    assert rows() == before
