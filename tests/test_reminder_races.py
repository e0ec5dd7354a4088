"""Reminders in several copies at once, and from the site itself: each note and digest once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from courses.models import Digest, LearnerNote, OutgoingMail, ReminderRun
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Assignment, CohortMembership, Membership
from courses.reminders import background
from courses.reminders.runs import send_due_reminders
from tests.test_races import at_once, published, somebody

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture
def queued(settings):
    """Mails are rows; nobody delivers them."""
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = "worker"


def test_it_works(tiny_content, queued):
    """Four copies at the same second, and once more: one mail a learner, one digest a leader."""
    course, tess = published(tiny_content), somebody("tess")
    organisation = start_organisation(tess, "Riverside", SEPTEMBER)
    cohort = start_cohort(tess, organisation, "Autumn", course, None, SEPTEMBER)
    for number in range(20):
        join_cohort(somebody(f"learner{number}"), cohort, SEPTEMBER)
    CohortMembership.objects.update(joined_at=SEPTEMBER)
    Membership.objects.update(started_at=SEPTEMBER)
    Assignment.objects.update(assigned_at=SEPTEMBER, due_at=MONDAY + timedelta(days=6))
    results = at_once(*[lambda: send_due_reminders(MONDAY)] * 4)
    assert [result for result in results if isinstance(result, Exception)] == []
    send_due_reminders(MONDAY + timedelta(hours=1))
    assert LearnerNote.objects.count() == 20
    assert Digest.objects.count() == 2
    addresses = [mail.to[0] for mail in OutgoingMail.objects.all()]
    assert len(addresses) == 22
    assert len(set(addresses)) == 21, "Tess trains and manages: a digest of each kind"


def test_of_many_processes_one_takes_the_run(queued):
    now = timezone.now()
    ReminderRun.objects.create(pk=ReminderRun.ONLY)
    results = at_once(*[lambda: ReminderRun.objects.claim(now, background.EVERY)] * 5)
    assert sorted(map(str, results)) == ["False"] * 4 + ["True"]


def test_the_site_runs_them_by_itself_after_a_response(settings, monkeypatch):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = settings.REMINDERS_RUN = "after-response"
    runs: list[datetime] = []
    monkeypatch.setattr(background, "send_due_reminders", runs.append)
    handle = background.after_response(lambda request: HttpResponse("ok"))
    threads = []
    start = background.threading.Thread.start
    monkeypatch.setattr(
        background.threading.Thread, "start", lambda self: (threads.append(self), start(self))
    )
    for _ in range(50):
        assert handle(RequestFactory().get("/")).status_code == 200
    for thread in threads:
        thread.join()
    assert len(threads) == len(runs) == 1
    # Another process looks too, and finds the hour taken.
    background.after_response(lambda request: HttpResponse("ok"))(RequestFactory().get("/"))
    threads[-1].join()
    assert len(runs) == 1


def test_an_error_of_a_run_is_logged_and_answers_go_on(monkeypatch, caplog):
    def fail(now):
        raise ValueError("broken")

    monkeypatch.setattr(background, "send_due_reminders", fail)
    background.run_if_due()
    assert "a run failed" in caplog.text


@pytest.mark.parametrize(
    "more",
    [
        {"REMINDERS_RUN": "timer"},
        {"MAIL_DELIVERY": "worker"},
        {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
    ],
)
def test_it_is_switched_off_by_a_setting(settings, more):
    settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
    settings.MAIL_DELIVERY = settings.REMINDERS_RUN = "after-response"
    for name, value in more.items():
        setattr(settings, name, value)
    with pytest.raises(MiddlewareNotUsed):
        background.after_response(lambda request: HttpResponse("ok"))
    assert django_settings.MAIL_RECHECK == "courses.reminders.rechecking.withdraw_unwanted"
