"""Retiring a course by hand, and offering it again. One whose files are gone: `authoring`."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from courses.learning.models import Enrolment
from courses.library.models import Course
from courses.people.audit import AuditEvent
from courses.people.models import Cohort, User
from courses.people.permissions import NotYours


@dataclass(frozen=True)
class StillLearning:
    """Whom retiring a course touches: people under way, and open cohorts that have the course."""

    people: int
    cohorts: int


def still_learning(course: Course) -> StillLearning:
    """Who has begun the course and not completed it, and where it is assigned. Two SQL queries."""
    under_way = Enrolment.objects.filter(course=course, completed_at=None)
    assigned = Q(assignments__course=course)
    cohorts = Cohort.objects.open().listed().filter(assigned).distinct()
    return StillLearning(under_way.count(), cohorts.count())


@transaction.atomic
def retire_course(staff: User, course: Course, now: datetime) -> bool:
    """Takes a course off the catalogue; returns whether this call did it.

    Nobody can start it any more, and no reminder of it leaves from now on, also none that waits in
    the outbox. Who is under way may finish. Publishing does not bring it back.

    Raises:
        NotYours: the person is not active staff.
    """
    _check_staff(staff)
    offered = Course.objects.filter(pk=course.pk, retired_at=None)
    if not offered.update(retired_at=now, retired_by=staff):
        return False
    _record(staff, course, "retire_course", now)
    return True


@transaction.atomic
def offer_course_again(staff: User, course: Course, now: datetime) -> bool:
    """Puts a course that staff retired back on the catalogue; returns whether this call did it.

    Raises:
        NotYours: the person is not active staff.
    """
    _check_staff(staff)
    retired = Course.objects.filter(pk=course.pk, retired_by__isnull=False)
    if not retired.update(retired_at=None, retired_by=None):
        return False
    _record(staff, course, "offer_course_again", now)
    return True


def _check_staff(user: User) -> None:
    if not (user.is_staff and user.is_active):
        raise NotYours("A member of staff retires courses. Nothing was changed.")


def _record(staff: User, course: Course, action: str, now: datetime) -> None:
    details = {"course": course.key}
    AuditEvent.objects.create(actor=staff, action=action, details=details, at=now)
