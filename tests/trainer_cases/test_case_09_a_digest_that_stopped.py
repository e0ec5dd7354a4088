"""A weekly digest stopped and nobody saw it for months, and it listed the managers themselves."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Digest
from courses.people.actions import join_cohort
from courses.people.models import CohortMembership, Membership
from courses.reminders.digest_queries import month_of_teams, week_of_cohorts
from courses.reminders.models import ReminderRun
from courses.reminders.schedule import DAY
from tests.conftest import person

pytestmark = pytest.mark.django_db


def page_of(cast, sign_in) -> str:
    url = reverse("courses:mail", args=[cast.cohort.organisation.slug])
    return sign_in(cast.mo).get(url).content.decode()


def digest(cast, days: int, obstacle: str = "") -> None:
    at = timezone.now() - timedelta(days=days)
    Digest.objects.create(
        organisation=cast.cohort.organisation,
        user=cast.tess,
        kind="weekly",
        begins_on=at.date(),
        at=at,
        obstacle=obstacle,
    )


def test_it_works(cast, sign_in):
    """The manager's page says when the last one was, and raises an alarm when the next is overdue."""
    digest(cast, days=20)
    page = page_of(cast, sign_in)
    assert "1 digest should have come by now" in page
    assert "Overdue: the last was on" in page
    digest(cast, days=3)
    page = page_of(cast, sign_in)
    assert "should have come by now" not in page
    assert "Sent on" in page


def test_a_quiet_week_is_no_alarm_and_is_said(cast, sign_in):
    digest(cast, days=3, obstacle="nothing")
    page = page_of(cast, sign_in)
    assert "there was nothing to say" in page
    assert "Overdue" not in page


def test_one_that_never_came_is_an_alarm_once_it_should_have(cast, sign_in):
    assert "Overdue" not in page_of(cast, sign_in)
    Membership.objects.update(started_at=timezone.now() - 10 * DAY)
    assert "Overdue: there has been none" in page_of(cast, sign_in)


def test_a_site_that_began_to_remind_lately_owes_nobody_a_digest(cast, sign_in):
    """An organisation is older than the first release that reminds: nothing came, and all is well."""
    now = timezone.now()
    Membership.objects.update(started_at=now - 90 * DAY)
    ReminderRun.objects.create(pk=ReminderRun.ONLY, began_at=now - DAY, finished_at=now)
    assert "Overdue" not in page_of(cast, sign_in)
    ReminderRun.objects.update(began_at=now - 10 * DAY)
    assert "Overdue: there has been none" in page_of(cast, sign_in)


def test_staff_who_do_not_learn_are_never_listed(cast):
    """Trainers and managers are members of the organisation too, and no learners by that."""
    now = timezone.now()
    organisation = cast.cohort.organisation
    for number in range(6):
        manager = person(f"Manager{number}")
        Membership.objects.create(user=manager, organisation=organisation, role="manager")
    week = week_of_cohorts(cast.tess, organisation, now)
    assert week.never_started == 1, "Ana, and nobody who manages"
    assert month_of_teams(organisation, now) == [], "one learner alone is not shown"
    # A trainer who also sits in the cohort they train is not told about themselves.
    join_cohort(cast.tess, cast.cohort, now)
    assert CohortMembership.objects.filter(user=cast.tess).exists()
    assert week_of_cohorts(cast.tess, organisation, now).never_started == 1
