"""Two case discussions of Tess's first cohort: Ana has written her line about one of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from courses.group_sessions.actions import SessionFacts, record_session, write_line
from courses.group_sessions.models import Attendance, GroupSession
from courses.people.models import Cohort, User

LINE = "I say aloud what I see the baby do, and wait for the parent to add to it."
TALKS = (  # days ago, minutes, topic
    (9, 60, "The baby who looks away"),
    (2, 45, "A quiet six-month-old in the clinic"),
)


def make_talks(
    tess: User, ana: User, cohort: Cohort, learners: Sequence[User], now: datetime
) -> None:
    """Records both with Ana and these learners; the first has the lines of most of them."""
    earlier, _ = [_record(tess, cohort, [ana, *learners], talk, now) for talk in TALKS]
    rows = Attendance.objects.filter(session=earlier).order_by("user__pk")
    for attendance in rows[: len(learners)]:
        write_line(attendance, LINE, now - timedelta(days=8))


def _record(
    tess: User,
    cohort: Cohort,
    people: Sequence[User],
    talk: tuple[int, int, str],
    now: datetime,
) -> GroupSession:
    days, minutes, topic = talk
    at = now - timedelta(days=days)
    ids = frozenset(user.pk for user in people)
    facts = SessionFacts(topic, timezone.localdate(at), minutes, ids)
    return record_session(tess, cohort, facts, at)
