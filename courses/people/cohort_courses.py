"""Which courses a cohort is given, and until when. Who learns in it is in `cohort_actions`."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from courses.library.models import Course
from courses.people.audit import AuditEvent
from courses.people.cohort_locks import lock_changeable
from courses.people.due_dates import end_of_day
from courses.people.mails import mail_earlier_date
from courses.people.models import Assignment, Cohort, Extension, User
from courses.people.permissions import Refused


class BegunAlready(Refused):
    """Somebody of the cohort has begun the course, so it is not taken away from them."""


@transaction.atomic
def assign_course(
    trainer: User, cohort: Cohort, course: Course, due: date | None, now: datetime
) -> Assignment:
    """Gives the course to the cohort; where it has the course already, changes the due date.

    Where a date that was there becomes earlier, whoever has less time by it gets one mail: those
    who have not completed the course and have no extension beyond the new date.

    Args:
        due: the last day; None: no due date.

    Raises:
        CohortArchived: the cohort can only be read.
    """
    lock_changeable(cohort)
    due_at = end_of_day(due) if due else None
    earlier = Assignment.objects.filter(cohort=cohort, course=course).first()
    assignment, _ = Assignment.objects.update_or_create(
        cohort=cohort,
        course=course,
        defaults={"due_at": due_at},
        create_defaults={"due_at": due_at, "assigned_at": now},
    )
    details = {
        "cohort": str(cohort.key),
        "course": course.key,
        "due_on": due.isoformat() if due else None,
    }
    AuditEvent.objects.create(actor=trainer, action="assign_course", details=details, at=now)
    if earlier and _is_earlier(due_at, earlier.due_at):
        for learner in _with_less_time(assignment):
            mail_earlier_date(trainer, learner, assignment)
    return assignment


def _is_earlier(due_at: datetime | None, before: datetime | None) -> bool:
    """Whether there is a date now that leaves less time than the one before, or than none."""
    if due_at is None:
        return False
    return before is None or due_at < before


def _with_less_time(assignment: Assignment) -> QuerySet[User]:
    """Learners for whom an earlier date of this assignment is news."""
    longer = Extension.objects.in_force().filter(
        assignment=assignment, due_at__gte=assignment.due_at
    )
    memberships = assignment.cohort.cohort_memberships.current()
    learners = User.objects.filter(pk__in=memberships.values("user"), is_active=True)
    # By the relation's name: enrolments stand above this package.
    completed = User.objects.filter(
        enrolments__course=assignment.course_id, enrolments__completed_at__isnull=False
    )
    return learners.exclude(pk__in=longer.values("user")).exclude(pk__in=completed.values("pk"))


@transaction.atomic
def unassign_course(trainer: User, cohort: Cohort, course: Course, now: datetime) -> bool:
    """Takes a course away from a cohort in which nobody has begun it.

    Returns whether this call did it; False: the cohort does not have the course.

    Raises:
        CohortArchived: the cohort can only be read.
        BegunAlready: somebody of the cohort has begun the course.
    """
    lock_changeable(cohort)
    begun = begun_by(cohort, course)
    if begun:
        people = "1 person has" if begun == 1 else f"{begun} people have"
        raise BegunAlready(
            f"{people} begun this course, so it stays with the cohort. Nothing was changed. "
            "You can take its due date away instead."
        )
    assignments = Assignment.objects.filter(cohort=cohort, course=course)
    if not assignments.exists():
        return False
    assignments.delete()
    details = {"cohort": str(cohort.key), "course": course.key}
    AuditEvent.objects.create(actor=trainer, action="unassign_course", details=details, at=now)
    return True


def begun_by(cohort: Cohort, course: Course) -> int:
    """How many people of the cohort have begun the course, here or anywhere else."""
    learners = cohort.cohort_memberships.current().values("user")
    return User.objects.filter(pk__in=learners, enrolments__course=course).count()
