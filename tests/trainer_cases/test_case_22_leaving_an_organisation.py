"""Case 22: leavers pollute reports and still get mail.

Here the leaving itself: who has left an organisation is out of its cohorts from that moment, gets
none of its reminders, and what they learn later is not seen. The record stays theirs.
"""

from datetime import timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.queries import learners_on
from courses.models import Assignment
from courses.organisations.leaving import end_membership
from tests.conftest import given, learn


def test_who_left_is_out_of_the_reports_and_gets_no_more_mail(cast, course, sign_in, mailoutbox):
    learn(cast.ana, course, lessons=1)
    now = timezone.now()
    Assignment.objects.update(due_at=now + timedelta(days=2))
    end_membership(cast.mo, cast.ana, cast.cohort.organisation, None, now)
    assert learners_on([given(cast)], now) == []
    call_command("send_due_reminders")
    assert mailoutbox == []
    learn(cast.ana, course)
    table = reverse("courses:cohort-csv", args=[cast.cohort.key, "tiny"])
    assert "Ana" not in sign_in(cast.tess).get(table).content.decode()
    record = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    assert sign_in(cast.tess).get(record).status_code == 404


def test_the_record_stays_the_persons_and_the_leaving_stays_on_the_list(cast, course, sign_in):
    learn(cast.ana, course)
    end_membership(cast.mo, cast.ana, cast.cohort.organisation, None, timezone.now())
    assert "Tiny things" in sign_in(cast.ana).get(reverse("courses:record")).content.decode()
    left = reverse("courses:organisation-people", args=["riverside"]) + "?state=left"
    assert "Ana" in sign_in(cast.mo).get(left).content.decode()


def test_who_was_removed_from_a_cohort_is_out_of_its_reports_and_gets_no_more_mail(
    cast, course, sign_in, mailoutbox
):
    """They stay in the organisation, and in no table, file or reminder of the cohort."""
    learn(cast.ana, course, lessons=1)
    now = timezone.now()
    Assignment.objects.update(due_at=now + timedelta(days=2))
    tess = sign_in(cast.tess)
    tess.post(reverse("courses:remove-learner", args=[cast.cohort.key, "tiny", cast.ana.key]))
    mailoutbox.clear()
    call_command("send_due_reminders")
    assert mailoutbox == []
    assert learners_on([given(cast)], now) == []
    for name in ("cohort-csv", "cohort-progress"):
        table = tess.get(reverse(f"courses:{name}", args=[cast.cohort.key, "tiny"]))
        # The page says once that she is removed, in the message of the press.
        assert table.content.decode().count("Ana ") <= (name == "cohort-progress")
    assert cast.ana.memberships.filter(ended_at=None).exists()
    assert "Tiny things" in sign_in(cast.ana).get(reverse("courses:learning")).content.decode()
