"""A warning before a date was broken in its query: here the clock is moved, end to end.

Certificates of this product do not expire; the date that people are warned of is the due date. The
clock stands at 60, 30, 7 and 1 days before it, on it, and after. What this does not cover: an
organisation counts a completed course as current for 12, 24 or 36 months (`readiness.currency`),
and nobody is warned before those run out, as no course can be taken a second time yet.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from courses.people.actions import end_of_day, join_cohort
from courses.people.models import Assignment, CohortMembership, Membership
from courses.reminders.runs import send_due_reminders
from courses.web.dates import LONDON
from courses.web.mail.delivery import deliver_due
from tests.conftest import person

pytestmark = pytest.mark.django_db
DUE_ON = date(2027, 3, 29)  # the Monday after the clocks went forward
SEPTEMBER = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def since_september(cast):
    for number in range(5):
        join_cohort(person(f"Learner{number}"), cast.cohort, SEPTEMBER)
    CohortMembership.objects.update(joined_at=SEPTEMBER)
    Assignment.objects.filter(cohort=cast.cohort).update(
        assigned_at=SEPTEMBER, due_at=end_of_day(DUE_ON)
    )
    Membership.objects.update(started_at=SEPTEMBER)


def mails_on(outbox, day: date) -> dict[str, list[str]]:
    """The subjects that each person gets on this day, with a run every hour of it."""
    outbox.mails.clear()
    for hour in range(24):
        send_due_reminders(datetime.combine(day, time(hour), LONDON))
    deliver_due(timezone.now() + timedelta(seconds=1))
    subjects: dict[str, list[str]] = {}
    for to, text in outbox.mails:
        subject = text.split("Subject: ")[1].split("\n")[0].strip()
        subjects.setdefault(to, []).append(subject)
    return subjects


DAYS_BEFORE = [(60, None), (30, None), (7, "is due on"), (1, None), (0, None), (-7, "was due on")]


@pytest.mark.parametrize(("days", "words"), DAYS_BEFORE)
def test_it_works(cast, outbox, days, words):
    """Each clock by itself: with nothing sent before, every learner gets what that day brings."""
    subjects = mails_on(outbox, DUE_ON - timedelta(days=days))
    to_ana = subjects.get("ana@example.org", [])
    if words is None:
        # A day before and on the day: nobody was told in time, so they are told at the next hour.
        assert to_ana == [] or days in (0, 1)
    else:
        assert len(to_ana) == 1
        assert words in to_ana[0]
    learners = [to for to in subjects if to.startswith(("learner", "ana"))]
    assert len(learners) in (0, 6), "all of them, or none"


def test_from_winter_to_summer_each_day_once(cast, outbox):
    """Every day from 60 before to 40 after: one warning, three after it, and no day is counted late."""
    told = []
    for days in range(60, -40, -1):
        day = DUE_ON - timedelta(days=days)
        for subject in mails_on(outbox, day).get("ana@example.org", []):
            told.append((days, "is due" if "is due" in subject else "was due"))
    assert told == [(7, "is due"), (-7, "was due"), (-14, "was due"), (-21, "was due")]


def test_managers_are_told_in_numbers(cast, outbox):
    """The first Monday after the date: how many are past it, and nobody by name."""
    mails_on(outbox, date(2027, 4, 5))
    (text,) = [text for to, text in outbox.mails if to == "mo@example.org"]
    assert "- past a due date: 6" in text
    assert "Ana" not in text
