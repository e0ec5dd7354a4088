"""Case 22: leavers pollute reports and still get mail.

Who has left an organisation or a cohort is out of the table, its file, the figures of items, the
coverage and the mail from that moment, and what they learn later is not seen. One switch of the
file, `left=1`, lists who was there and until when. The record stays theirs.
"""

import csv
import io
from datetime import timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.leavers import leavers_of
from courses.dashboards.queries import attempts_seen_by, learners_on
from courses.library.queries import catalogue
from courses.models import Assignment, CohortMembership
from courses.organisations.leaving import end_membership
from courses.people.actions import join_cohort, leave_cohort, start_cohort
from courses.people.cohort_actions import move_learner
from courses.readiness.queries import group_counts, levels_of
from tests.conftest import given, learn, person
from tests.test_certificates import complete


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


def file_of(cast, sign_in, query: str = "") -> list[list[str]]:
    url = reverse("courses:cohort-csv", args=[cast.cohort.key, "tiny"])
    text = sign_in(cast.tess).get(f"{url}{query}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def coverage_of(cast) -> int:
    """How many people of Tess's organisation are counted as trained and current today."""
    levels = levels_of("tiny", catalogue(), {})
    counts = group_counts(cast.cohort.organisation, levels, [timezone.localdate()])
    return sum(count.current for count in counts)


def test_one_switch_lists_who_left_and_nothing_they_learnt(cast, course, sign_in):
    complete(cast.ana, course)
    leave_cohort(cast.ana, cast.cohort, timezone.now())
    join_cohort(cast.ben, cast.cohort, timezone.now())
    header, *rows = file_of(cast, sign_in)
    assert "Left" not in header
    assert [row[0] for row in rows] == ["Ben"]
    header, *rows = file_of(cast, sign_in, "?left=1")
    ben, ana = (dict(zip(header, row, strict=True)) for row in rows)
    today = timezone.localdate().isoformat()
    assert (ben["Name"], ben["Left"]) == ("Ben", "")
    assert (ana["Name"], ana["Joined"], ana["Left"]) == ("Ana", today, today)
    known = {"Name", "Professional role", "Joined", "Left"}
    assert {name: cell for name, cell in ana.items() if cell and name not in known} == {}


def test_who_came_back_is_no_leaver_and_who_left_twice_is_one(cast):
    now = timezone.now()
    leave_cohort(cast.ana, cast.cohort, now)
    join_cohort(cast.ana, cast.cohort, now + timedelta(days=1))
    assert leavers_of(cast.cohort) == []
    leave_cohort(cast.ana, cast.cohort, now + timedelta(days=2))
    (ana,) = leavers_of(cast.cohort)
    assert (ana.name, ana.left_at) == ("Ana", now + timedelta(days=2))
    assert ana.joined_at == now + timedelta(days=1)
    assert leavers_of(cast.other_cohort) == []


def test_leavers_take_one_query(cast, django_assert_num_queries):
    for number in range(3):
        learner = person(f"Learner{number}")
        join_cohort(learner, cast.cohort, timezone.now())
        leave_cohort(learner, cast.cohort, timezone.now())
    with django_assert_num_queries(1):
        assert len(leavers_of(cast.cohort)) == 3


def test_a_switch_that_is_none_is_off(cast, sign_in):
    leave_cohort(cast.ana, cast.cohort, timezone.now())
    for query in ("?left=", "?left=2", "?left=1%00", "?left=on"):
        header, *rows = file_of(cast, sign_in, query)
        assert rows == []
        assert "Left" not in header


def test_items_and_coverage_leave_out_who_left(cast, course):
    complete(cast.ana, course)
    assert attempts_seen_by(cast.tess).count() == 1
    assert coverage_of(cast) == 1
    end_membership(cast.mo, cast.ana, cast.cohort.organisation, None, timezone.now())
    assert attempts_seen_by(cast.tess).count() == 0
    assert coverage_of(cast) == 0


def test_a_leaving_date_in_the_past_counts_from_that_day(cast, course, sign_in):
    """As a list of people sets it: out at once, and the file says that day."""
    day = timezone.now() - timedelta(days=5)
    CohortMembership.objects.filter(user=cast.ana).update(
        joined_at=day - timedelta(days=9), left_at=day
    )
    header, row = file_of(cast, sign_in, "?left=1")
    assert row[header.index("Left")] == timezone.localdate(day).isoformat()
    assert learners_on([given(cast)], timezone.now()) == []


def test_who_was_moved_away_twice_is_listed_once(cast, course):
    winter = start_cohort(
        cast.tess, cast.cohort.organisation, "Winter", course, None, timezone.now()
    )
    for start, end in ((cast.cohort, winter), (winter, cast.cohort), (cast.cohort, winter)):
        move_learner(cast.tess, start, end, cast.ana, timezone.now())
    assert [row.name for row in leavers_of(cast.cohort)] == ["Ana"]
