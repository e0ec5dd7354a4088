"""A reminder never came because of a stop flag that no page showed: here one line says why."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.queries import learners_on
from courses.learning.actions import submit_attempt
from courses.learning.models import Enrolment, LessonRecord
from courses.models import LearnerNote, Nudge, User
from courses.people.models import Assignment, Cohort, CohortMembership
from courses.reminders.actions import send_nudge
from courses.reminders.schedule import DAY
from courses.web import dates
from tests.conftest import answer_all, begin_quiz, given, learn

pytestmark = pytest.mark.django_db
AGO = timedelta(days=90)


@pytest.fixture(autouse=True)
def three_months_ago(cast):
    CohortMembership.objects.update(joined_at=timezone.now() - AGO)
    Assignment.objects.update(assigned_at=timezone.now() - AGO)


def due_in(days: int) -> datetime:
    at = timezone.now() + timedelta(days=days)
    Assignment.objects.update(due_at=at)
    return at


def answer(cast, sign_in) -> str:
    url = reverse("courses:reminder-history", args=[cast.cohort.key, "tiny", cast.ana.key])
    page = sign_in(cast.tess).get(url).content.decode()
    line = page.split('id="answer">')[1].split("</p>")[0]
    return " ".join(line.split())


def test_it_works(cast, sign_in):
    """The hidden flag of the thread: switched off."""
    due_in(-3)
    User.objects.filter(pk=cast.ana.pk).update(wants_reminders=False)
    assert answer(cast, sign_in) == (
        "Ana has had no reminder of this course. "
        "None is sent, because they have switched reminders off."
    )


def test_a_closed_cohort_a_closed_account_and_completion_are_said(cast, course, sign_in):
    due_in(-3)
    Cohort.objects.update(closed_at=timezone.now())
    assert "because the cohort is closed." in answer(cast, sign_in)
    Cohort.objects.update(closed_at=None)
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert "because their account is closed." in answer(cast, sign_in)
    User.objects.filter(pk=cast.ana.pk).update(is_active=True)
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    assert "because they have completed the course." in answer(cast, sign_in)


def test_nothing_is_due_yet_says_when_it_will_be(cast, sign_in):
    due_in(40)
    line = answer(cast, sign_in)
    assert "The next would come on Monday" in line
    assert "08:00, because the due date is near" in line


def test_no_date_and_never_begun(cast, sign_in):
    assert "they have not begun and no due date lies ahead" in answer(cast, sign_in)


def test_a_date_long_past_says_that_no_more_come(cast, sign_in):
    due_in(-40)
    assert "The due date is more than three weeks ago" in answer(cast, sign_in)


def test_who_was_asked_back_once_is_not_asked_again(cast, course, sign_in):
    learn(cast.ana, course, lessons=1)
    seen = timezone.now() - 30 * DAY
    LessonRecord.objects.update(seen_at=seen)
    Enrolment.objects.update(enrolled_at=seen - DAY)
    assert "if they are not seen before" in answer(cast, sign_in)
    LearnerNote.objects.create(
        assignment=given(cast),
        user=cast.ana,
        reason="come-back",
        period=timezone.localdate(seen).isoformat(),
    )
    assert "one note is enough for one time away" in answer(cast, sign_in)


def test_what_came_last_is_named(cast, sign_in, mailoutbox):
    due_in(-3)
    now = timezone.now()
    (ana,) = learners_on([given(cast)], now)
    send_nudge(cast.tess, ana, now)
    today = dates.long_day(Nudge.objects.get().sent_at)
    assert answer(cast, sign_in).startswith(f"Ana last had a reminder of this course on {today}.")
