"""Deeds about people and groups: start a cohort, join one, leave it, give it a course, renew its code."""

from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from courses.library.models import Course
from courses.people.audit import AuditEvent
from courses.people.models import Assignment, Cohort, Membership, Organisation, Place, User, new_join_code
from courses.people.permissions import NotYours, forbid_oneself


class NameTaken(Exception):
    """The organisation has a cohort of this name already."""


def end_of_day(day: date) -> datetime:
    """The last second of a day in London, whatever the clocks do that night."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


@transaction.atomic
def start_organisation(user: User, name: str, now: datetime) -> Organisation:
    """A new organisation with this person as its trainer and manager."""
    stem = slugify(name)[:40] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug = next(s for n in range(1, len(taken) + 3) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)
    organisation = Organisation.objects.create(name=name, slug=slug)
    for role in (Membership.Role.TRAINER, Membership.Role.MANAGER):
        Membership.objects.create(user=user, organisation=organisation, role=role, started_at=now)
    AuditEvent.objects.create(actor=user, deed="start_organisation", details={"organisation": slug}, at=now)
    return organisation


def start_cohort(
    trainer: User, organisation: Organisation, name: str, course: Course, due: date | None, now: datetime
) -> Cohort:
    """A new cohort led by this trainer, with its first course.

    Raises:
        NameTaken: the organisation has a cohort of this name.
    """
    try:
        with transaction.atomic():
            cohort = Cohort.objects.create(organisation=organisation, name=name, created_at=now)
            cohort.trainers.add(trainer)
            training = {
                "user": trainer,
                "organisation": organisation,
                "role": Membership.Role.TRAINER,
                "ended_at": None,
            }
            Membership.objects.get_or_create(
                **training, defaults={"started_at": now}
            )  # a manager who starts one trains it
            assign_course(trainer, cohort, course, due, now)
            return cohort
    except IntegrityError:
        raise NameTaken(
            f"{organisation.name} has a cohort called {name} already. Give this one another name."
        ) from None


@transaction.atomic
def assign_course(trainer: User, cohort: Cohort, course: Course, due: date | None, now: datetime) -> Assignment:
    """The course given to the cohort, with its due date (None: no date); giving it again changes the date."""
    due_at = end_of_day(due) if due else None
    made, _ = Assignment.objects.update_or_create(
        cohort=cohort,
        course=course,
        defaults={"due_at": due_at},
        create_defaults={"due_at": due_at, "assigned_at": now},
    )
    details = {"cohort": str(cohort.key), "course": course.key, "due_on": due.isoformat() if due else None}
    AuditEvent.objects.create(actor=trainer, deed="assign_course", details=details, at=now)
    return made


@transaction.atomic
def join_cohort(user: User, cohort: Cohort, now: datetime) -> Place:
    """The person's place in the cohort, and their membership of its organisation; a second call finds the first."""
    Membership.objects.get_or_create(
        user=user,
        organisation_id=cohort.organisation_id,
        role=Membership.Role.LEARNER,
        ended_at=None,
        defaults={"started_at": now},
    )
    place, _ = Place.objects.get_or_create(cohort=cohort, user=user, left_at=None, defaults={"joined_at": now})
    return place


def leave_cohort(user: User, cohort: Cohort, now: datetime) -> bool:
    """Ends the person's place; their learning stays theirs. Whether there was one."""
    return bool(Place.objects.current().filter(cohort=cohort, user=user).update(left_at=now))


@transaction.atomic
def renew_join_code(trainer: User, cohort: Cohort, now: datetime) -> str:
    """A new join code; links with the old one stop working at once."""
    cohort.join_code = new_join_code()
    cohort.save(update_fields=["join_code"])
    AuditEvent.objects.create(actor=trainer, deed="renew_join_code", details={"cohort": str(cohort.key)}, at=now)
    return cohort.join_code


@transaction.atomic
def let_review(staff: User, reviewer: User, may: bool, now: datetime) -> None:
    """Gives a clinician the right to sign lessons off, or takes it; what they signed before stays.

    Raises:
        OnOneself: it is their own.
        NotYours: the person who gives it is not staff.
    """
    forbid_oneself(staff.pk, reviewer.pk)
    if not (staff.is_staff and staff.is_active):
        raise NotYours("A member of staff gives and takes the right to sign lessons off. Nothing was changed.")
    User.objects.filter(pk=reviewer.pk).update(is_reviewer=may)
    reviewer.is_reviewer = may
    AuditEvent.objects.create(actor=staff, subject=reviewer, deed="let_review", details={"may": may}, at=now)
