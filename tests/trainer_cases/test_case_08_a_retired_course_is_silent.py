"""A retired course kept sending reminders: here its mail stops that day, and staff read so before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from courses.models import LearnerNote, OutgoingMail
from courses.people.models import Assignment, CohortMembership, Membership
from courses.reminders.runs import send_due_reminders
from courses.reminders.schedule import WEEK
from courses.web.mail.delivery import deliver_due
from tests.conftest import learn

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def since_september(cast):
    CohortMembership.objects.update(joined_at=SEPTEMBER)
    Assignment.objects.update(assigned_at=SEPTEMBER, due_at=MONDAY + timedelta(days=6))
    Membership.objects.update(started_at=SEPTEMBER)


def test_it_works(cast, course, sign_in, outbox):
    learn(cast.ana, course, lessons=1)
    send_due_reminders(MONDAY)
    assert OutgoingMail.objects.filter(to=["ana@example.org"]).count() == 1, "it waits"
    change = Permission.objects.filter(codename="change_course")
    cast.sam.user_permissions.set(change)
    sam, page = sign_in(cast.sam), reverse("admin:courses_course_retire", args=[course.pk])
    shown = sam.get(page).content.decode()
    assert "1 person is still learning it" in shown
    assert "Its reminders stop today" in shown
    sam.post(page, {"choice": "retire"})
    deliver_due(timezone.now() + timedelta(seconds=1))
    assert "ana@example.org" not in [to for to, _ in outbox.mails], "not even the one that waited"
    assert LearnerNote.objects.get().obstacle == "course-retired"
    outbox.mails.clear()
    for weeks in range(1, 9):
        for hours in range(0, 48, 6):
            send_due_reminders(MONDAY + weeks * WEEK + timedelta(hours=hours))
    deliver_due(timezone.now() + timedelta(seconds=1))
    to_learners = [
        text for to, text in outbox.mails if to in ("ana@example.org", "ben@example.org")
    ]
    assert to_learners == []
    assert all("Tiny things" not in text for _, text in outbox.mails), "nor in a digest"


def test_the_page_says_why(cast, course, sign_in):
    type(course).objects.filter(pk=course.pk).update(retired_at=MONDAY)
    url = reverse("courses:reminder-history", args=[cast.cohort.key, "tiny", cast.ana.key])
    page = sign_in(cast.tess).get(url).content.decode()
    assert "None is sent, because the course is retired." in page
