"""The pages of what was sent: for an organisation, and for one learner, without what a mail said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Digest, LearnerNote, Nudge, OutgoingMail, ReminderRun, User
from courses.people.actions import join_cohort
from courses.people.models import Assignment, CohortMembership, Membership
from courses.reminders.runs import send_due_reminders
from courses.web.mail.delivery import deliver_due
from tests.conftest import given, person

JOINED = datetime(2026, 9, 1, 9, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
SUNDAY_END = datetime(2026, 12, 13, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def since_september(cast):
    CohortMembership.objects.update(joined_at=JOINED)
    Assignment.objects.update(assigned_at=JOINED)
    Membership.objects.update(started_at=JOINED)


def mail_page(cast) -> str:
    return reverse("courses:mail", args=[cast.cohort.organisation.slug])


def history(cast, learner) -> str:
    return reverse("courses:reminder-history", args=[cast.cohort.key, "tiny", learner.key])


def note(cast, user, **more) -> LearnerNote:
    fields = {"assignment": given(cast), "reason": "overdue", "at": timezone.now()}
    period = str(LearnerNote.objects.count())
    return LearnerNote.objects.create(**(fields | {"user": user, "period": period} | more))


def chips(page: str) -> str:
    return " ".join(page.split('aria-label="State"')[1].split("</nav>")[0].split())


def test_it_works(cast, sign_in, outbox):
    """Waiting, then sent; not sent with its reason; by hand as by the clock."""
    ben, gone = cast.ben, person("Gone")
    for learner in (ben, gone):
        join_cohort(learner, cast.cohort, JOINED)
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=SUNDAY_END)
    User.objects.filter(pk=ben.pk).update(wants_reminders=False)
    sign_in(cast.tess).post(
        reverse("courses:send-nudge", args=[cast.cohort.key, "tiny", gone.key]),
        {"line": "A private line"},
    )
    Nudge.objects.update(sent_at=MONDAY - timedelta(hours=1))  # so it holds back the note
    send_due_reminders(MONDAY)
    page = sign_in(cast.mo).get(mail_page(cast)).content.decode()
    assert 'Waiting <span class="quiet">2</span>' in chips(page)
    assert "Not sent: they have switched reminders off" in page
    assert "By a trainer’s hand" in page
    deliver_due(timezone.now() + timedelta(seconds=1))
    page = sign_in(cast.mo).get(mail_page(cast)).content.decode()
    assert 'Waiting <span class="quiet">0</span>' in chips(page)
    assert 'Sent <span class="quiet">2</span>' in chips(page)
    assert 'Not sent <span class="quiet">1</span>' in chips(page)
    assert "A private line" not in page
    assert "example.org" not in page


def test_a_filter_is_in_the_address_and_counts_stay(cast, sign_in):
    note(cast, cast.ana)
    note(cast, cast.ana, obstacle="completed")
    mo = sign_in(cast.mo)
    page = mo.get(mail_page(cast) + "?state=not-sent").content.decode()
    assert "they have completed the course" in page
    assert page.count('<li><div class="needs__who"><a') == 1
    assert 'All <span class="quiet">2</span>' in chips(page)
    for junk in ("x", "", "sent'--", "%00"):
        assert mo.get(mail_page(cast) + f"?state={junk}&page=junk").status_code == 200
    empty = mo.get(mail_page(cast) + "?state=failed").content.decode()
    assert "There is none of this kind." in empty


def test_a_trainer_sees_their_cohorts_and_a_manager_all(cast, sign_in):
    note(cast, cast.ana)
    uma = person("Uma")
    Membership.objects.create(user=uma, organisation=cast.cohort.organisation, role="trainer")
    assert "Ana" in sign_in(cast.mo).get(mail_page(cast)).content.decode()
    assert "Ana" in sign_in(cast.tess).get(mail_page(cast)).content.decode()
    seen = sign_in(uma).get(mail_page(cast)).content.decode()
    assert "No reminder yet" in seen
    assert "Tess" not in seen, "whose digest came is for managers"


def test_it_is_paged_by_fifty_and_each_stands_once(cast, sign_in):
    at = timezone.now()
    join_cohort(cast.ben, cast.cohort, JOINED)
    for number in range(120):
        note(cast, cast.ana if number % 2 else cast.ben, at=at)
    mo, names = sign_in(cast.mo), 0
    for number in (1, 2, 3):
        page = mo.get(mail_page(cast) + f"?page={number}").content.decode()
        assert f"Page {number} of 3" in page
        names += page.count('<li><div class="needs__who"><a')
    assert names == 120


def test_queries_do_not_grow_with_rows(cast, sign_in):
    mo = sign_in(cast.mo)
    note(cast, cast.ana)
    mo.get(mail_page(cast))
    with CaptureQueriesContext(connection) as few:
        mo.get(mail_page(cast))
    for _ in range(60):
        note(cast, cast.ana)
    with CaptureQueriesContext(connection) as many:
        mo.get(mail_page(cast))
    assert len(many) == len(few) <= 14


def test_a_mail_that_was_given_up_is_said(cast, sign_in):
    mail = OutgoingMail.objects.create(failed_at=timezone.now(), from_email="a@example.org")
    note(cast, cast.ana, mail_key=mail.key)
    assert "Not delivered" in sign_in(cast.mo).get(mail_page(cast)).content.decode()


def test_who_only_learns_has_no_digest_line(cast, sign_in):
    page = sign_in(cast.mo).get(mail_page(cast)).content.decode()
    digests = page.split('id="digests"')[1].split("</section>")[0]
    assert "Tess" in digests
    assert "Mo" in digests
    assert "Ana" not in digests


def test_the_learners_record_leads_to_the_answer(cast, sign_in):
    record = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    assert history(cast, cast.ana) in sign_in(cast.tess).get(record).content.decode()


def test_a_nudge_of_another_cohort_is_not_on_it(cast, sign_in):
    sent = {"course": given(cast).course, "user": cast.ana, "sent_by": cast.olga}
    Nudge.objects.create(cohort=cast.other_cohort, reason="quiet", **sent)
    page = sign_in(cast.tess).get(history(cast, cast.ana)).content.decode()
    assert "By a trainer’s hand" not in page


def test_reminders_that_have_stopped_are_said_on_both_pages(cast, sign_in):
    now = timezone.now()
    ReminderRun.objects.create(pk=1, finished_at=now - timedelta(hours=25))
    for url in (mail_page(cast), history(cast, cast.ana)):
        assert "Reminders have stopped" not in sign_in(cast.mo).get(url).content.decode()
    ReminderRun.objects.update(finished_at=now - timedelta(hours=27))
    for url in (mail_page(cast), history(cast, cast.ana)):
        assert "Reminders have stopped" in sign_in(cast.mo).get(url).content.decode()


def test_digests_of_another_organisation_are_not_on_it(cast, sign_in):
    Digest.objects.create(
        organisation=cast.other_cohort.organisation,
        user=cast.olga,
        kind="weekly",
        begins_on=timezone.localdate(),
    )
    assert "Olga" not in sign_in(cast.mo).get(mail_page(cast)).content.decode()
