"""Writes the digests that are due: a trainer's each week, a manager's each month.

One a person, organisation and period, whatever the number of runs and copies. A period with
nothing to say is a row too, so that a page can show that digests are alive.
"""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, transaction

from courses.people.models import Membership, User
from courses.reminders.digest_mails import monthly_message, weekly_message
from courses.reminders.digest_queries import memberships_due, month_of_teams, week_of_cohorts
from courses.reminders.models import Digest
from courses.reminders.schedule import LATEST, WEEK, OwnTime, is_good_hour, month_of
from courses.web.dates import LONDON
from courses.web.mail.outbox import TextMessage, send_all

logger = logging.getLogger(__name__)

ROLES = {
    Digest.Kind.WEEKLY: Membership.Role.TRAINER,
    Digest.Kind.MONTHLY: Membership.Role.MANAGER,
}


@dataclass(frozen=True)
class Digests:
    """What was done: mails written, and people with an error."""

    mails: int
    failed: int


def send_due_digests(now: datetime) -> Digests:
    """Writes each digest whose moment has come. An error of one holds up no other."""
    mails = failed = 0
    for kind, role in ROLES.items():
        for membership_id, begins_on in _due(kind, role, now):
            try:
                mails += _send(membership_id, kind, begins_on, now)
            except DatabaseError:
                raise  # it would fail for everybody
            except Exception:
                logger.exception("reminders: the digest of one person failed")
                failed += 1
    return Digests(mails, failed)


def _due(kind: str, role: str, now: datetime) -> Iterator[tuple[int, date]]:
    """Memberships with a digest due, each with the day on which its period begins."""
    memberships = memberships_due(role, kind, now)
    fields = ("pk", "started_at", "user__reminder_weekday", "user__reminder_hour")
    for pk, started_at, weekday, hour in list(memberships.values_list(*fields)):
        own_time = OwnTime(weekday, hour)
        begins_at = _begin_of_period(kind, own_time, now)
        latest = LATEST if kind == Digest.Kind.WEEKLY else WEEK
        # Nobody gets the digest of a week or month in which they were no trainer or manager yet.
        is_theirs = started_at <= begins_at and now <= begins_at + latest
        if is_theirs and is_good_hour(begins_at, own_time, now):
            yield pk, begins_at.astimezone(LONDON).date()


def _begin_of_period(kind: str, own_time: OwnTime, now: datetime) -> datetime:
    if kind == Digest.Kind.WEEKLY:
        return own_time.week_of(now)
    return month_of(now, own_time)


@transaction.atomic
def _send(membership_id: int, kind: str, begins_on: date, now: datetime) -> int:
    """Writes one digest and the row that says so; returns the number of mails, 0 or 1."""
    membership = Membership.objects.select_related("organisation").get(pk=membership_id)
    people = User.objects.filter(pk=membership.user_id, is_active=True)
    # Who is locked is being written to by another copy.
    person = people.select_for_update(skip_locked=True, no_key=True).first()
    period = Digest.objects.of(membership.organisation).filter(
        user=membership.user_id, kind=kind, begins_on=begins_on
    )
    if person is None or membership.ended_at or period.exists():
        return 0
    digest = Digest(
        organisation=membership.organisation, user=person, kind=kind, begins_on=begins_on, at=now
    )
    message = _fill(digest, now)
    digest.save()
    send_all([message] if message else [])
    return 1 if message else 0


def _fill(digest: Digest, now: datetime) -> TextMessage | None:
    """Sets why the digest is not sent, or the key of its mail, which is returned."""
    if not digest.user.wants_digests:
        digest.obstacle = Digest.NotSent.SWITCHED_OFF
        return None
    key = uuid.uuid4()
    if digest.kind == Digest.Kind.WEEKLY:
        week = week_of_cohorts(digest.user, digest.organisation, now)
        message = weekly_message(digest, week, key) if week else None
    else:
        figures = month_of_teams(digest.organisation, now)
        message = monthly_message(digest, figures, key) if figures else None
    if message:
        digest.mail_key = key
    else:
        digest.obstacle = Digest.NotSent.NOTHING
    return message
