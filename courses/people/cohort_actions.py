"""What a trainer does for one learner of a cohort: more time, another cohort, out of the cohort.

The cohort itself is in `cohort_life`, its courses and their dates are in `cohort_courses`.
"""

from datetime import date, datetime

from django.db import transaction

from courses.people.audit import AuditEvent
from courses.people.cohort_locks import (
    forbid_archived,
    forbid_closed,
    lock_changeable,
    lock_cohorts,
)
from courses.people.due_dates import end_of_day
from courses.people.mails import (
    mail_extension,
    mail_extension_withdrawn,
    mail_moved,
    mail_removed,
)
from courses.people.models import (
    Assignment,
    Cohort,
    CohortMembership,
    CohortMembershipQuerySet,
    Extension,
    User,
)
from courses.people.permissions import NoLongerHere, NotYours, Refused, forbid_oneself
from courses.web import dates


class NotLater(Refused):
    """The new date gives the learner no more time than they have."""


class NoDueDate(Refused):
    """The cohort has no due date for the course, so there is nothing to extend."""


class ThereAlready(Refused):
    """The learner is in the other cohort already."""


@transaction.atomic
def extend_due_date(
    trainer: User,
    assignment: Assignment,
    learner_user: User,
    due: date,
    reason: str,
    now: datetime,
) -> Extension:
    """Gives one learner until the end of another day, and tells them by mail with the reason.

    The same date and reason again return the extension that is there, and send nothing.

    Args:
        due: the last day, later than that of the cohort.
        reason: at most 300 characters, which the learner reads.

    Raises:
        OnOneself: the trainer is the learner.
        CohortArchived: the cohort can only be read.
        NoLongerHere: the learner has left the cohort, or it no longer has the course.
        NoDueDate: the cohort has no due date for the course.
        NotLater: the day is not after that of the cohort, or has passed.
    """
    forbid_oneself(trainer.pk, learner_user.pk)
    cohort = lock_changeable(assignment.cohort)
    _membership_in(cohort, learner_user)
    current = _assignment_now(assignment)
    due_at = end_of_day(due)
    _check_later(current, due_at, now)
    own = Extension.objects.in_force().filter(assignment=current, user=learner_user)
    newest = own.first()
    if newest and (newest.due_at, newest.reason) == (due_at, reason):
        return newest
    extension = Extension.objects.create(
        assignment=current,
        user=learner_user,
        due_at=due_at,
        reason=reason,
        granted_by=trainer,
        granted_at=now,
    )
    details = _details(cohort) | {"course": current.course.key, "due_on": due.isoformat()}
    _record(trainer, learner_user, "extend_due_date", details, now)
    mail_extension(extension)
    return extension


def _assignment_now(assignment: Assignment) -> Assignment:
    """The assignment as it is now: the page may have been open while its date was changed."""
    assignments = Assignment.objects.select_related("cohort", "course")
    current = assignments.filter(pk=assignment.pk).first()
    if not current:
        raise NoLongerHere("This cohort no longer has the course. Nothing was changed.")
    return current


def _check_later(assignment: Assignment, due_at: datetime, now: datetime) -> None:
    """Raises NoDueDate or NotLater, see `extend_due_date`."""
    if assignment.due_at is None:
        raise NoDueDate(
            "The course has no due date in this cohort, so there is nothing to extend. "
            "Nothing was changed."
        )
    if due_at < now:
        raise NotLater("This day has passed. Choose today or a later day. Nothing was changed.")
    if due_at <= assignment.due_at:
        raise NotLater(
            f"Everybody in the cohort has until {dates.long_day(assignment.due_at)}. "
            "Choose a later day. Nothing was changed."
        )


@transaction.atomic
def withdraw_extension(
    trainer: User, assignment: Assignment, learner_user: User, now: datetime
) -> bool:
    """Ends a learner's extension: the date of the cohort counts for them again.

    They get a mail where that is earlier. Returns whether there was one.

    Raises:
        OnOneself: the trainer is the learner.
        CohortArchived: the cohort can only be read.
    """
    forbid_oneself(trainer.pk, learner_user.pk)
    cohort = lock_changeable(assignment.cohort)
    own = Extension.objects.in_force().filter(assignment=assignment, user=learner_user)
    newest = own.first()
    if not newest:
        return False
    own.update(withdrawn_at=now, withdrawn_by=trainer)
    details = _details(cohort) | {"course": assignment.course.key}
    _record(trainer, learner_user, "withdraw_extension", details, now)
    current = _assignment_now(assignment)
    # An extension that the cohort's date has passed by made no difference: no news then.
    is_earlier_now = current.due_at is not None and newest.due_at > current.due_at
    if is_earlier_now and _current(cohort, learner_user).exists():
        mail_extension_withdrawn(trainer, learner_user, current)
    return True


@transaction.atomic
def move_learner(
    trainer: User, cohort: Cohort, to_cohort: Cohort, learner_user: User, now: datetime
) -> CohortMembership:
    """Moves a learner to another cohort of the trainer, and tells them by mail.

    Nothing is lost to the organisation: the new trainers see what the earlier ones saw, from the
    day on which the learner joined the first of the cohorts. Extensions go with the learner for
    the courses that both cohorts have, where they are later than the new cohort's date.

    Raises:
        OnOneself: the trainer is the learner.
        NotYours: the trainer does not train both cohorts, or they are of two organisations.
        CohortArchived: one of them can only be read.
        CohortClosed: nobody joins the other one.
        NoLongerHere: the learner is not in the cohort.
        ThereAlready: the learner is in the other cohort.
    """
    forbid_oneself(trainer.pk, learner_user.pk)
    source, target = lock_cohorts(cohort, to_cohort)
    _check_own_pair(trainer, source, target)
    forbid_archived(source)
    forbid_archived(target)
    if target.cohort_memberships.current().filter(user=learner_user).exists():
        raise ThereAlready(f"{learner_user} is in {target.name} already. Nothing was changed.")
    membership = _membership_in(source, learner_user)
    forbid_closed(target)
    _leave(source, learner_user, now)
    moved = CohortMembership.objects.create(
        cohort=target, user=learner_user, joined_at=membership.joined_at
    )
    _carry_extensions(source, target, learner_user)
    details = _details(source) | {"to": str(target.key)}
    _record(trainer, learner_user, "move_learner", details, now)
    mail_moved(trainer, learner_user, source, target)
    return moved


def _check_own_pair(trainer: User, source: Cohort, target: Cohort) -> None:
    """Raises NotYours, see `move_learner`."""
    pair = {source.pk, target.pk}
    trained = Cohort.objects.once_trained_by(trainer).filter(pk__in=pair).count()
    is_one_organisation = source.organisation_id == target.organisation_id
    if len(pair) != 2 or trained != 2 or not is_one_organisation:
        raise NotYours(
            "A learner moves between two cohorts of one organisation that you train yourself. "
            "Nothing was changed."
        )


def _carry_extensions(source: Cohort, target: Cohort, learner: User) -> None:
    """The learner's newest extensions for the courses of both cohorts, copied to the other one."""
    targets = {assignment.course_id: assignment for assignment in target.assignments.all()}
    own = Extension.objects.in_force().filter(assignment__cohort=source, user=learner)
    carried: set[int] = set()
    for extension in own.select_related("assignment"):
        assignment = targets.get(extension.assignment.course_id)
        if not assignment or assignment.pk in carried:
            continue
        carried.add(assignment.pk)
        if assignment.due_at and extension.due_at > assignment.due_at:
            _copy_extension(extension, assignment)


def _copy_extension(extension: Extension, assignment: Assignment) -> None:
    Extension.objects.create(
        assignment=assignment,
        user_id=extension.user_id,
        due_at=extension.due_at,
        reason=extension.reason,
        granted_by_id=extension.granted_by_id,
        granted_at=extension.granted_at,
    )


@transaction.atomic
def remove_learner(trainer: User, cohort: Cohort, learner_user: User, now: datetime) -> bool:
    """Ends a learner's membership of the cohort, and tells them by mail.

    What they learnt stays theirs, and they stay in the organisation. Returns whether this call
    did it; False: they had left already, and nothing is sent.

    Raises:
        OnOneself: the trainer is the learner; leaving is on "What my trainer sees about me".
        CohortArchived: the cohort can only be read.
    """
    forbid_oneself(trainer.pk, learner_user.pk)
    locked = lock_changeable(cohort)
    if not _leave(locked, learner_user, now):
        return False
    _record(trainer, learner_user, "remove_learner", _details(locked), now)
    mail_removed(trainer, learner_user, locked)
    return True


def _leave(cohort: Cohort, learner: User, now: datetime) -> bool:
    """Ends the learner's membership of the cohort; whether there was one."""
    return bool(_current(cohort, learner).update(left_at=now))


def _membership_in(cohort: Cohort, learner: User) -> CohortMembership:
    membership = _current(cohort, learner).first()
    if not membership:
        raise NoLongerHere(f"{learner} is not in {cohort.name} any more. Nothing was changed.")
    return membership


def _current(cohort: Cohort, learner: User) -> CohortMembershipQuerySet:
    return CohortMembership.objects.current().filter(cohort=cohort, user=learner)


def _details(cohort: Cohort) -> dict[str, str]:
    return {"cohort": str(cohort.key)}


def _record(
    actor: User, subject: User, action: str, details: dict[str, str], now: datetime
) -> None:
    AuditEvent.objects.create(actor=actor, subject=subject, action=action, details=details, at=now)
