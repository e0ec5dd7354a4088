"""Switching something on once gave certificates to everyone eligible: only a completion issues one.

Ana completed the course before completions issued certificates, so she is eligible and has none.
"""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.certificates.models import Certificate
from courses.learning.actions import move_to_newest, regrade, submit_attempt
from courses.models import Assignment, Enrolment
from courses.people.actions import end_of_day
from tests.conftest import answer_all, begin_quiz, learn
from tests.test_certificates import complete, complete_before


@pytest.fixture
def eligible(cast, course) -> None:
    complete_before(cast.ana, course)
    assert Enrolment.objects.get(user=cast.ana).completed_at


def test_it_works(cast, course):
    complete(cast.ana, course)
    held = Certificate.objects.get()
    assert held.user == cast.ana
    assert held.issued_at == Enrolment.objects.get(user=cast.ana).completed_at


def test_settings_and_mail_issue_none(cast, eligible, settings, sign_in):
    settings.SITE_NAME, settings.SITE_URL = "Another site", "https://another.example"
    ana = sign_in(cast.ana)
    ana.post("/details/", {"name": "Ana Jones", "profession": "health-visitor"})
    assert ana.post(reverse("courses:set-reminders"), {"reminders": "off"}).status_code == 302
    assert ana.post(reverse("courses:set-reminders"), {"reminders": "on"}).status_code == 302
    call_command("send_due_reminders")
    call_command("close_expired_attempts")
    assert not Certificate.objects.exists()


def test_publishing_and_moving_issue_none(course, eligible, tiny_content):
    tiny = tiny_content[0]
    lessons = tuple(lesson.model_copy(update={"version": 2}) for lesson in tiny.lessons)
    publish([tiny.model_copy(update={"lessons": lessons})], timezone.now())
    course.refresh_from_db()
    assert course.edition.number == 2
    move_to_newest(course)
    assert not Certificate.objects.exists()


def test_a_due_date_and_a_second_cohort_issue_none(cast, eligible, sign_in):
    Assignment.objects.update(due_at=end_of_day(timezone.localdate() - timedelta(days=1)))
    sign_in(cast.ana).post(f"/join/{cast.other_cohort.join_code}/")
    assert not Certificate.objects.exists()


def test_a_regrade_that_changes_nothing_issues_none(cast, course, eligible):
    item = Attempt.objects.get(user=cast.ana).items[0]["key"]
    regrade(cast.sam, course, item, "Looked at again", timezone.now())
    assert not Certificate.objects.exists()


def test_a_quiz_passed_again_issues_no_second_one(cast, course):
    complete(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    assert Certificate.objects.count() == 1


def test_a_failed_quiz_issues_none(cast, course):
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt, right=False)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    assert not Certificate.objects.exists()
