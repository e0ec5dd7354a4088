"""What trainers record of group sessions, and the line that a learner writes of their own.

Whoever calls a trainer's action has fetched the cohort by `trained_by`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from courses.group_sessions.bounds import (
    NOBODY_CAME,
    refuse_day,
    refuse_line,
    refuse_minutes,
)
from courses.group_sessions.models import Attendance, GroupSession, Room
from courses.people.audit import AuditEvent
from courses.people.cohort_locks import lock_changeable
from courses.people.models import Cohort, CohortMembership, User
from courses.people.permissions import ChangedMeanwhile, NoLongerHere, OnOneself, Refused

UNCHANGED = "Nothing was changed."


class WrongDay(Refused):
    """The day has not come yet, or is too long before the cohort began."""


class WrongMinutes(Refused):
    """A session is shorter or longer than `bounds` allow."""


class NobodyCame(Refused):
    """A session that nobody came to gives nobody anything."""


class TooLate(Refused):
    """The session can no longer be corrected, only voided."""


class VoidedAlready(Refused):
    """The session does not count any more."""


class NoLine(Refused):
    """The line is empty or too long."""


@dataclass(frozen=True)
class SessionFacts:
    """What a trainer records: topic, day in London, minutes, and the ids of those who came."""

    topic: str
    held_on: date
    minutes: int
    user_ids: frozenset[int]


@transaction.atomic
def record_session(
    trainer: User, cohort: Cohort, facts: SessionFacts, now: datetime, room: Room | None = None
) -> GroupSession:
    """Records a group session; the same facts again return the session that is there.

    Args:
        room: of the same cohort, from which the session is recorded; None: from none. Who took
            part in it is forgotten, as it only served to fill in the form.

    Raises:
        OnOneself: the trainer is among those who came.
        CohortArchived: the cohort can only be read.
        WrongDay, WrongMinutes, NobodyCame: see these.
        NoLongerHere: somebody who came is not in the cohort.
    """
    locked = lock_changeable(cohort)
    _check(trainer, locked, facts, now)
    if not facts.user_ids:
        raise NobodyCame(f"{NOBODY_CAME} {UNCHANGED}")
    _forbid_strangers(locked, facts.user_ids)
    if room:
        room.answered_by.clear()
    for earlier in _alike(trainer, locked, facts):
        if _present(earlier) == facts.user_ids:
            return earlier
    session = GroupSession.objects.create(
        cohort=locked,
        topic=facts.topic,
        held_on=facts.held_on,
        minutes=facts.minutes,
        led_by=trainer,
        created_at=now,
    )
    rows = [Attendance(session=session, user_id=user_id) for user_id in sorted(facts.user_ids)]
    Attendance.objects.bulk_create(rows)
    _audit(trainer, "record_session", session, now, minutes=facts.minutes, came=len(rows))
    return session


def _check(trainer: User, cohort: Cohort, facts: SessionFacts, now: datetime) -> None:
    """Raises OnOneself, WrongMinutes or WrongDay of facts that cannot be."""
    if trainer.pk in facts.user_ids:
        raise OnOneself(
            "Nobody records themselves as having come. Another trainer of the cohort can. "
            "Nothing was changed."
        )
    refusal = refuse_minutes(facts.minutes)
    if refusal:
        raise WrongMinutes(f"{refusal} {UNCHANGED}")
    refusal = refuse_day(facts.held_on, cohort.created_at, now)
    if refusal:
        raise WrongDay(f"{refusal} {UNCHANGED}")


def _members(cohort: Cohort) -> frozenset[int]:
    """The ids of those who learn in the cohort now."""
    current = CohortMembership.objects.current().filter(cohort=cohort)
    return frozenset(current.values_list("user_id", flat=True))


def _forbid_strangers(cohort: Cohort, user_ids: Iterable[int]) -> None:
    if set(user_ids) - _members(cohort):
        raise NoLongerHere(
            "Somebody you ticked is not in the cohort any more. Nothing was changed. "
            "Look at the list again."
        )


def _alike(trainer: User, cohort: Cohort, facts: SessionFacts) -> list[GroupSession]:
    """Sessions in force that say the same, but for who came: what a second press would record."""
    sessions = GroupSession.objects.in_force().filter(
        cohort=cohort,
        led_by=trainer,
        topic=facts.topic,
        held_on=facts.held_on,
        minutes=facts.minutes,
    )
    return list(sessions.order_by("pk"))


def _present(session: GroupSession) -> frozenset[int]:
    rows = session.attendances.filter(removed_at=None)
    return frozenset(rows.values_list("user_id", flat=True))


@transaction.atomic
def correct_session(
    trainer: User, session: GroupSession, facts: SessionFacts, stamp: str, now: datetime
) -> bool:
    """Corrects a session within 14 days of recording it; False: it says so already.

    Who is not ticked any more keeps the line they wrote, and has no minutes of it; ticked again,
    it counts again. Those who have left the cohort since are left as they are: where everybody
    who came has left, nobody needs to be ticked.

    Args:
        stamp: `GroupSession.stamp` of what the trainer's page showed.

    Raises:
        ChangedMeanwhile: somebody has corrected it after the page showed it.
        VoidedAlready: it does not count any more.
        TooLate: it was recorded more than 14 days ago.
        OnOneself: as in `record_session`, or the trainer is recorded at it by another one.
        CohortArchived, WrongDay, WrongMinutes, NobodyCame, NoLongerHere: as in `record_session`.
    """
    cohort = lock_changeable(session.cohort)
    current = GroupSession.objects.get(pk=session.pk)
    _forbid_voided(current)
    if not current.is_correctable(now):
        raise TooLate(
            "A session is corrected within 14 days of recording it. Nothing was changed. "
            "You can void it with a reason, and record it again."
        )
    _check(trainer, cohort, facts, now)
    before = _present(current)
    _forbid_own(trainer, before)
    if not facts.user_ids and before <= _members(cohort):
        raise NobodyCame(f"{NOBODY_CAME} {UNCHANGED}")
    _forbid_strangers(cohort, facts.user_ids - before)
    has_new_words = _store(current, facts)
    moved = _set_present(current, cohort, facts.user_ids, now)
    if not has_new_words and not moved:
        return False
    if current.stamp != stamp:
        # Only now is it known that this is no second press. What was stored above is rolled back.
        raise ChangedMeanwhile(
            "This session was corrected while you had it open. Nothing of yours was saved."
        )
    GroupSession.objects.filter(pk=current.pk).update(corrected_at=now)
    _audit(trainer, "correct_session", current, now, minutes=facts.minutes, people=moved)
    return True


def _forbid_own(trainer: User, present: Collection[int]) -> None:
    """Raises OnOneself where the trainer is recorded at the session themselves."""
    if trainer.pk in present:
        raise OnOneself(
            f"You are recorded at this session yourself, so another trainer changes it. {UNCHANGED}"
        )


def _store(session: GroupSession, facts: SessionFacts) -> bool:
    """Stores topic, day and minutes; whether one of them is another than before."""
    wanted = (facts.topic, facts.held_on, facts.minutes)
    if (session.topic, session.held_on, session.minutes) == wanted:
        return False
    session.topic, session.held_on, session.minutes = wanted
    session.save(update_fields=["topic", "held_on", "minutes"])
    return True


def _set_present(
    session: GroupSession, cohort: Cohort, user_ids: frozenset[int], now: datetime
) -> int:
    """Makes these the members who came; returns for how many people that is a change.

    Attendances of people who have left the cohort stay.
    """
    members = CohortMembership.objects.current().filter(cohort=cohort)
    own = session.attendances.filter(user__in=members.values("user"))
    gone = own.filter(removed_at=None).exclude(user__in=user_ids).update(removed_at=now)
    returned = own.exclude(removed_at=None).filter(user__in=user_ids).update(removed_at=None)
    known = set(session.attendances.values_list("user_id", flat=True))
    rows = [Attendance(session=session, user_id=user_id) for user_id in user_ids - known]
    Attendance.objects.bulk_create(rows)
    return gone + returned + len(rows)


def _forbid_voided(session: GroupSession) -> None:
    if session.voided_at:
        raise VoidedAlready("This session was voided, so nothing was changed. Record it anew.")


@transaction.atomic
def void_session(trainer: User, session: GroupSession, reason: str, now: datetime) -> bool:
    """Ends that a session counts for anybody; False: it was voided already.

    Args:
        reason: at most 300 characters, which those who came read too.

    Raises:
        OnOneself: the trainer is recorded at it by another one.
        CohortArchived: the cohort can only be read.
    """
    lock_changeable(session.cohort)
    _forbid_own(trainer, _present(session))
    rows = GroupSession.objects.in_force().filter(pk=session.pk)
    if not rows.update(voided_at=now, voided_by=trainer, void_reason=reason):
        return False
    _audit(trainer, "void_session", session, now)
    return True


@transaction.atomic
def write_line(attendance: Attendance, line: str, now: datetime) -> bool:
    """Keeps a person's own line, with which the minutes count; False: it says so already.

    The caller has fetched the attendance by `of`. The moment is that of the first line.

    Raises:
        NoLine: it is empty, or longer than 500 characters.
        NoLongerHere: meanwhile the session was voided, or the person taken off it.
    """
    refusal = refuse_line(line)
    if refusal:
        raise NoLine(refusal)
    own = Attendance.objects.select_for_update(of=("self",)).in_force()
    current = own.filter(pk=attendance.pk).first()
    if not current:
        raise NoLongerHere(
            "Your trainer has changed this session meanwhile, and you are not recorded at it any "
            "more. Your line was not saved."
        )
    if current.reflection == line:
        return False
    current.reflection = line
    current.written_at = current.written_at or now
    current.save(update_fields=["reflection", "written_at"])
    return True


def _audit(
    trainer: User, action: str, session: GroupSession, now: datetime, **details: int
) -> None:
    keys = {"cohort": str(session.cohort.key), "session": str(session.key)}
    AuditEvent.objects.create(actor=trainer, action=action, details=keys | details, at=now)
