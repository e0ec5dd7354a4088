"""A cohort as a whole: its name, who trains it, closed or archived, copied to the next term.

Its courses are in `cohort_courses`, its learners in `cohort_actions`.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from courses.people.actions import REPEAT_WINDOW, MayNotStart, NameTaken, check_daily_limit
from courses.people.audit import AuditEvent
from courses.people.cohort_courses import assign_course
from courses.people.cohort_locks import lock_changeable, lock_cohorts
from courses.people.due_dates import end_of_day
from courses.people.mails import mail_trainer_added
from courses.people.models import Assignment, Cohort, Membership, Organisation, User
from courses.people.permissions import NotYours, Refused
from courses.people.queries import possible_trainers, trainers_of


class LastTrainer(Refused):
    """Nobody else trains the cohort now."""


@transaction.atomic
def rename_cohort(trainer: User, cohort: Cohort, name: str, now: datetime) -> bool:
    """Gives the cohort another name. Returns whether it had another one before.

    Raises:
        NotYours: the person does not train the cohort.
        CohortArchived: it can only be read.
        NameTaken: the organisation has a cohort of this name.
    """
    _check_trains(trainer, cohort)
    locked = lock_changeable(cohort)
    if locked.name == name:
        return False
    try:
        with transaction.atomic():
            Cohort.objects.filter(pk=locked.pk).update(name=name)
    except IntegrityError:  # from the constraint `one_cohort_of_a_name`
        raise _name_taken(name) from None
    _record(trainer, locked, "rename_cohort", now)
    return True


@transaction.atomic
def add_trainer(trainer: User, cohort: Cohort, person: User, now: datetime) -> bool:
    """Lets a trainer or manager of the organisation train the cohort too, and tells them by mail.

    A manager becomes a trainer of the organisation by it. Returns whether they did not train it.

    Raises:
        NotYours: the actor does not train the cohort, or the person is neither trainer nor manager
            of its organisation.
        CohortArchived: it can only be read.
    """
    _check_trains(trainer, cohort)
    locked = lock_changeable(cohort)
    if trainers_of(locked).filter(pk=person.pk).exists():
        return False
    if not possible_trainers(locked).filter(pk=person.pk).exists():
        raise NotYours(
            f"{person} is no trainer or manager of this organisation now. Nothing was changed."
        )
    Membership.objects.get_or_create(
        user=person,
        organisation_id=locked.organisation_id,
        role=Membership.Role.TRAINER,
        ended_at=None,
        defaults={"started_at": now, "given_by": trainer},
    )
    locked.trainers.add(person)
    _record(trainer, locked, "add_trainer", now, person)
    mail_trainer_added(trainer, person, locked)
    return True


@transaction.atomic
def remove_trainer(trainer: User, cohort: Cohort, person: User, now: datetime) -> bool:
    """Ends somebody's training of the cohort, one's own too. Returns whether they trained it.

    Raises:
        NotYours: the actor does not train the cohort.
        CohortArchived: it can only be read.
        LastTrainer: nobody else trains it.
    """
    _check_trains(trainer, cohort)
    # As who leaves the organisation does (`organisations.leaving`): one of the two waits.
    Organisation.objects.select_for_update(no_key=True).get(pk=cohort.organisation_id)
    locked = lock_changeable(cohort)
    own = Cohort.trainers.through.objects.filter(cohort=locked, user=person)
    if not own.exists():
        return False
    if not trainers_of(locked).exclude(pk=person.pk).exists():
        raise LastTrainer(
            f"Nobody else trains {locked.name}. Add another trainer first. Nothing was changed."
        )
    own.delete()
    _record(trainer, locked, "remove_trainer", now, person)
    return True


@transaction.atomic
def close_cohort(trainer: User, cohort: Cohort, now: datetime) -> bool:
    """Nobody joins any more, and no reminders go out; who is in it learns on.

    Returns whether it was open.

    Raises:
        NotYours: the person does not train the cohort.
        CohortArchived: it can only be read.
    """
    _check_trains(trainer, cohort)
    lock_changeable(cohort)
    return _update(
        trainer, _same(cohort).filter(closed_at=None), "close_cohort", now, closed_at=now
    )


@transaction.atomic
def reopen_cohort(trainer: User, cohort: Cohort, now: datetime) -> bool:
    """People join again. Returns whether it was closed. Raises as `close_cohort`."""
    _check_trains(trainer, cohort)
    lock_changeable(cohort)
    closed = _same(cohort).exclude(closed_at=None)
    return _update(trainer, closed, "reopen_cohort", now, closed_at=None)


@transaction.atomic
def archive_cohort(trainer: User, cohort: Cohort, now: datetime) -> bool:
    """Takes the cohort off the lists and out of all mail, and closes it; it can be read.

    Returns whether this call did it.

    Raises:
        NotYours: the person does not train the cohort.
    """
    _check_trains(trainer, cohort)
    lock_cohorts(cohort)
    listed = Cohort.objects.listed().filter(pk=cohort.pk)
    closed_at = Coalesce("closed_at", now)
    return _update(trainer, listed, "archive_cohort", now, archived_at=now, closed_at=closed_at)


@transaction.atomic
def restore_cohort(trainer: User, cohort: Cohort, now: datetime) -> bool:
    """Puts an archived cohort on the lists again; it stays closed.

    Returns whether it was archived.

    Raises:
        NotYours: the person does not train the cohort.
    """
    _check_trains(trainer, cohort)
    lock_cohorts(cohort)
    archived = _same(cohort).exclude(archived_at=None)
    return _update(trainer, archived, "restore_cohort", now, archived_at=None)


@transaction.atomic
def copy_cohort(
    trainer: User, source: Cohort, name: str, due_days: Mapping[int, date | None], now: datetime
) -> Cohort:
    """A new cohort for the next term: the courses and trainers of another one, and no learners.

    The same form sent again within two minutes returns the cohort of the first time. An archived
    cohort can be copied too.

    Args:
        due_days: the last day of each course by its id; None or missing: no due date.

    Raises:
        NotYours: the person does not train the cohort.
        MayNotStart: the site's rule does not let the person start one there.
        TooManyCohorts: the limit of 24 hours (`COHORTS_A_DAY`) is reached.
        NameTaken: the organisation has a cohort of this name.
    """
    _check_trains(trainer, source)
    # With their row locked, the second of two presses finds the cohort of the first.
    User.objects.select_for_update().get(pk=trainer.pk)
    if not Organisation.objects.startable_by(trainer).filter(pk=source.organisation_id).exists():
        raise MayNotStart("You cannot start a cohort in this organisation. Nothing was made.")
    repeated = _same_copy(trainer, source, name, due_days, now)
    if repeated:
        return repeated
    check_daily_limit(trainer, now)
    cohort = _new_cohort_like(trainer, source, name, now)
    cohort.trainers.add(trainer, *trainers_of(source))
    for assignment in assignments_to_copy(source):
        due = due_days.get(assignment.course_id)
        assign_course(trainer, cohort, assignment.course, due, now)
    details = {"cohort": str(cohort.key), "from": str(source.key)}
    AuditEvent.objects.create(actor=trainer, action="copy_cohort", details=details, at=now)
    return cohort


def assignments_to_copy(source: Cohort) -> QuerySet[Assignment]:
    """The cohort's courses that can still be started, with their rows, in the catalogue's order."""
    offered = source.assignments.filter(course__edition__isnull=False, course__retired_at=None)
    return offered.select_related("course").order_by("course__position", "pk")


def _same_copy(
    trainer: User, source: Cohort, name: str, due_days: Mapping[int, date | None], now: datetime
) -> Cohort | None:
    """What the same form made a moment ago; None where there is none."""
    recent = Cohort.objects.filter(started_by=trainer, created_at__gt=now - REPEAT_WINDOW)
    others = recent.filter(organisation=source.organisation_id).exclude(pk=source.pk)
    cohort = others.filter(name=name).first()
    if not cohort:
        return None
    wanted = {}
    for assignment in assignments_to_copy(source):
        due = due_days.get(assignment.course_id)
        wanted[assignment.course_id] = end_of_day(due) if due else None
    made = dict(cohort.assignments.values_list("course", "due_at"))
    return cohort if made == wanted else None


def _new_cohort_like(trainer: User, source: Cohort, name: str, now: datetime) -> Cohort:
    """A cohort of the same organisation with the same way of joining, and a code of its own."""
    try:
        with transaction.atomic():
            return Cohort.objects.create(
                organisation_id=source.organisation_id,
                name=name,
                joining=source.joining,
                created_at=now,
                started_by=trainer,
            )
    except IntegrityError:  # from the constraint `one_cohort_of_a_name`
        raise _name_taken(name) from None


def _name_taken(name: str) -> NameTaken:
    return NameTaken(
        f"Your organisation has a cohort called {name} already. Give this one another name."
    )


def _check_trains(trainer: User, cohort: Cohort) -> None:
    if not Cohort.objects.once_trained_by(trainer).filter(pk=cohort.pk).exists():
        raise NotYours("A trainer of the cohort does this. Nothing was changed.")


def _same(cohort: Cohort) -> QuerySet[Cohort]:
    return Cohort.objects.filter(pk=cohort.pk)


def _update(
    trainer: User, cohorts: QuerySet[Cohort], action: str, now: datetime, **values: object
) -> bool:
    """Sets the values on the one cohort still in the state before; whether there was one."""
    cohort = cohorts.first()
    if not cohort:
        return False
    cohorts.update(**values)
    _record(trainer, cohort, action, now)
    return True


def _record(
    actor: User, cohort: Cohort, action: str, now: datetime, subject: User | None = None
) -> None:
    details = {"cohort": str(cohort.key)}
    AuditEvent.objects.create(actor=actor, subject=subject, action=action, details=details, at=now)
