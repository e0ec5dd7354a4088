"""A trainer's weekly and a manager's monthly digest: whom they name, and that silence is on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.assessment.accommodations import request_accommodation
from courses.learning.models import Enrolment, LessonRecord
from courses.models import Digest, LearnerNote
from courses.people.actions import join_cohort
from courses.people.models import Assignment, CohortMembership, Membership, Team, User
from courses.reminders import digests as digests_module
from courses.reminders.digest_queries import month_of_teams, week_of_cohorts
from courses.reminders.digests import Digests, send_due_digests
from courses.reminders.schedule import DAY, WEEK
from courses.reminders.stop_links import DIGESTS, stop_url
from courses.reminders.team_figures import Person, figures_of
from tests.conftest import given, learn, person

MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)  # the first of its month
JOINED = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def since_september(cast):
    CohortMembership.objects.update(joined_at=JOINED)
    Assignment.objects.update(assigned_at=JOINED)
    Membership.objects.update(started_at=JOINED)


def to(mailoutbox, user: User) -> list:
    return [mail for mail in mailoutbox if mail.to == [user.email]]


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_it_works(cast, course, mailoutbox):
    """Who asked, who is late and who is away are named; who never started is a number."""
    for name in ("Fay", "Gus", "Hal"):
        join_cohort(person(name), cast.cohort, JOINED)
    fay, gus = User.objects.get(name="Fay"), User.objects.get(name="Gus")
    learn(fay, course, lessons=1)
    request_accommodation(fay, course.pk, "final", "attempt", "Called away", MONDAY)
    learn(gus, course, lessons=1)
    LessonRecord.objects.filter(enrolment__user=gus).update(seen_at=MONDAY - 20 * DAY)
    Enrolment.objects.filter(user=gus).update(enrolled_at=MONDAY - 30 * DAY)
    LearnerNote.objects.create(
        assignment=given(cast), user=cast.ana, reason="overdue", period="x", at=MONDAY - 2 * DAY
    )
    send_due_digests(MONDAY)
    (mail,) = to(mailoutbox, cast.tess)[:1]
    assert mail.subject == "Who needs you this week"
    stop = stop_url(cast.tess.key, DIGESTS)
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert (
        mail.body
        == f"""Dear Tess,

Asked you for something:
- Fay, Tiny things

Not seen for two weeks:
- Gus, Tiny things

Never started a course: 2 people

In the last seven days your learners were sent 1 reminder.

See them all, and answer or remind them here:
http://127.0.0.1:8000/cohorts/

You get this because you train. It comes once a week, at your own time,
Mondays at 8:00, and not in a quiet week. Another day or hour:
http://127.0.0.1:8000/details/#reminders

Stop it by one press, without signing in:
{stop}

Notice: learning for the first 1001 days
"""
    )


def test_a_reason_of_a_request_stays_on_the_page(cast, course, mailoutbox):
    learn(cast.ana, course, lessons=1)
    request_accommodation(cast.ana, course.pk, "final", "attempt", "My own illness", MONDAY)
    send_due_digests(MONDAY)
    assert all("illness" not in mail.body for mail in mailoutbox)


def test_once_a_week_however_often_it_runs(cast, mailoutbox):
    for hours in range(0, 72, 3):
        send_due_digests(MONDAY + timedelta(hours=hours))
    assert len([mail for mail in to(mailoutbox, cast.tess) if "week" in mail.subject]) == 1
    send_due_digests(MONDAY + WEEK)
    assert len([mail for mail in to(mailoutbox, cast.tess) if "week" in mail.subject]) == 2


def test_a_late_digest_waits_for_the_hour(cast, mailoutbox):
    """The site was down on Monday and came up in the night."""
    send_due_digests(MONDAY + timedelta(hours=17))
    assert mailoutbox == []
    send_due_digests(MONDAY + DAY)
    assert len(to(mailoutbox, cast.tess)) == 1


def test_a_quiet_week_sends_nothing_and_is_on_record(cast, mailoutbox):
    CohortMembership.objects.update(left_at=JOINED + DAY)
    assert send_due_digests(MONDAY) == Digests(0, 0)
    assert mailoutbox == []
    digest = Digest.objects.get(user=cast.tess, kind="weekly")
    assert (digest.obstacle, digest.mail_key) == ("nothing", None)


def test_who_switched_digests_off_gets_none_and_still_reminders(cast, sign_in, mailoutbox):
    sign_in(cast.tess).post("/details/reminders/", {"digests": "off"})
    send_due_digests(MONDAY)
    assert to(mailoutbox, cast.tess) == []
    assert set(Digest.objects.filter(user=cast.tess).values_list("obstacle", flat=True)) == {
        "switched-off"
    }
    cast.tess.refresh_from_db()
    assert cast.tess.wants_reminders


def test_a_closed_cohort_and_a_retired_course_are_not_in_it(cast, course, mailoutbox):
    type(course).objects.filter(pk=course.pk).update(retired_at=JOINED + DAY)
    send_due_digests(MONDAY)
    assert to(mailoutbox, cast.tess) == []
    type(course).objects.filter(pk=course.pk).update(retired_at=None)
    type(cast.cohort).objects.filter(pk=cast.cohort.pk).update(closed_at=JOINED + DAY)
    Digest.objects.all().delete()
    send_due_digests(MONDAY)
    assert to(mailoutbox, cast.tess) == []


def test_somebody_elses_cohort_is_in_nobodys_digest(cast, mailoutbox):
    join_cohort(cast.ben, cast.other_cohort, JOINED)
    send_due_digests(MONDAY)
    assert all("Ana" not in mail.body for mail in to(mailoutbox, cast.olga))
    assert "1 person" in to(mailoutbox, cast.olga)[0].body


def test_nobody_gets_a_digest_of_before_they_trained(cast, mailoutbox):
    Membership.objects.update(started_at=MONDAY + timedelta(hours=1))
    send_due_digests(MONDAY + timedelta(hours=2))
    assert not Digest.objects.exists()


def test_a_manager_reads_numbers_by_team_once_a_month(cast, course, mailoutbox):
    organisation = cast.cohort.organisation
    north = Team.objects.create(organisation=organisation, name="North")
    for number in range(6):
        learner = person(f"Person{number}")
        join_cohort(learner, cast.cohort, JOINED)
        Membership.objects.filter(user=learner, organisation=organisation).delete()
        Membership.objects.create(user=learner, organisation=organisation, team=north)
        learn(learner, course, lessons=1 if number else 100)
    for hours in (0, 5, 48):
        send_due_digests(MONDAY + timedelta(hours=hours))
    send_due_digests(MONDAY + WEEK)
    mails = to(mailoutbox, cast.mo)
    assert len(mails) == 1
    body = mails[0].body
    assert mails[0].subject == "Your teams this month"
    assert "North: 6 learning\n- have started: 6\n- have completed a course: none" in body
    assert "Person" not in body
    assert "Ana" not in body, "a team of one is left out, and nobody is named"
    assert "Riverside" not in body, "an organisation that is not confirmed is not named in a mail"
    send_due_digests(datetime(2027, 1, 4, 8, tzinfo=UTC))
    assert len(to(mailoutbox, cast.mo)) == 2


def test_numbers_below_five_are_not_shown():
    people = [Person("North", has_started=True) for _ in range(5)]
    people += [Person("North", is_overdue=True) for _ in range(2)]
    people += [Person("South") for _ in range(3)]
    people += [Person("") for _ in range(2)]
    north, small = figures_of(people)
    assert (north.people, north.started, north.completed, north.overdue) == (
        "7",
        "5",
        "none",
        "fewer than 5",
    )
    assert (small.team, small.people) == ("Smaller teams together", "5")
    assert figures_of(people[7:10]) == []


def test_an_error_of_one_digest_holds_up_no_other(cast, mailoutbox, monkeypatch):
    """And is written again once it is mended: no row says that it was sent."""
    write = digests_module.weekly_message

    def fail_for_tess(digest, week, key):
        if digest.user == cast.tess:
            raise ValueError("a broken edition")
        return write(digest, week, key)

    join_cohort(cast.ben, cast.other_cohort, JOINED)
    with monkeypatch.context() as patch:
        patch.setattr(digests_module, "weekly_message", fail_for_tess)
        assert send_due_digests(MONDAY).failed == 1
    assert len(to(mailoutbox, cast.olga)) == 1
    assert not Digest.objects.filter(user=cast.tess, kind="weekly").exists()
    assert send_due_digests(MONDAY + timedelta(hours=1)) == Digests(1, 0)


@pytest.mark.parametrize("people", [1, 12])
def test_queries_of_a_week_and_a_month_do_not_grow_with_people(cast, course, people):
    for number in range(people):
        learner = person(f"Learner{number}")
        join_cohort(learner, cast.cohort, JOINED)
        learn(learner, course, lessons=1)
    week_of_cohorts(cast.tess, cast.cohort.organisation, MONDAY)
    with CaptureQueriesContext(connection) as week:
        assert week_of_cohorts(cast.tess, cast.cohort.organisation, MONDAY)
    assert len(week) == 7
    with CaptureQueriesContext(connection) as month:
        month_of_teams(cast.cohort.organisation, MONDAY)
    assert len(month) == 1
