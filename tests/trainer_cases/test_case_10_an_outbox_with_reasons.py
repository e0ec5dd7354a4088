"""Copies stopped and nobody could see why: here each person has sent or not sent, and the reason."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import OutgoingMail, User
from courses.people.actions import join_cohort
from courses.people.models import Assignment, CohortMembership
from courses.reminders.runs import send_due_reminders
from courses.web.mail.delivery import ATTEMPTS, deliver_due
from tests.conftest import person

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_it_works(cast, sign_in, outbox):
    people = [person(name) for name in ("Off", "Closed", "Left", "Fails")]
    for learner in people:
        join_cohort(learner, cast.cohort, SEPTEMBER)
    CohortMembership.objects.update(joined_at=SEPTEMBER)
    Assignment.objects.update(assigned_at=SEPTEMBER, due_at=MONDAY + timedelta(days=6))
    off, closed, left, fails = people
    User.objects.filter(pk=off.pk).update(wants_reminders=False)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    send_due_reminders(MONDAY)
    CohortMembership.objects.filter(user=left).update(left_at=MONDAY)
    # One address that the server never accepted.
    OutgoingMail.objects.filter(to=[fails.email]).update(
        attempts=ATTEMPTS, failed_at=timezone.now(), last_error="SMTPRecipientsRefused 550"
    )
    deliver_due(timezone.now() + timedelta(seconds=1))
    url = reverse("courses:mail", args=[cast.cohort.organisation.slug])
    page = " ".join(sign_in(cast.mo).get(url).content.decode().split())
    rows = page.split('<section id="reminders">')[1].split('<li><div class="needs__who">')[1:]
    states = {}
    for row in rows:
        name = row.split("</a>")[0].split("</strong>")[0].split(">")[-1]
        states[name] = row.split('<div class="needs__what">')[1].split("</span>")[0].split(">")[1]
    assert states == {
        "Ana": "Sent",
        "Off": "Not sent: they have switched reminders off",
        "Closed": "Not sent: their account is closed",
        "Left": "Not sent: they have left the cohort, or it no longer has the course",
        "Fails": "Not delivered",
    }


def test_who_has_left_is_named_without_a_page(cast, sign_in, mailoutbox):
    """The record of what was sent stays; the page of a learner is for those who learn there."""
    CohortMembership.objects.update(joined_at=SEPTEMBER)
    Assignment.objects.update(assigned_at=SEPTEMBER, due_at=MONDAY + timedelta(days=6))
    send_due_reminders(MONDAY)
    CohortMembership.objects.update(left_at=MONDAY + timedelta(hours=1))
    url = reverse("courses:mail", args=[cast.cohort.organisation.slug])
    mo = sign_in(cast.mo)
    page = mo.get(url).content.decode()
    history = reverse("courses:reminder-history", args=[cast.cohort.key, "tiny", cast.ana.key])
    assert "Ana" in page
    assert history not in page
    assert mo.get(history).status_code == 404
