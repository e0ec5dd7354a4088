"""Queries across cohorts and their assignments. Which cohorts a user may see is in models."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from courses.people.due_dates import own_due
from courses.people.models import (
    LEADING_ROLES,
    Assignment,
    Cohort,
    Extension,
    Membership,
    Organisation,
    User,
)
from courses.people.organisation_names import is_like

MOST_ALIKE = 3  # organisations of a like name that a page shows


@dataclass(frozen=True)
class OwnDue:
    """A course that a cohort gives to one learner, and until when they have for it.

    `due_at` None: no due date. `is_extended`: it is later than for the rest of the cohort.
    """

    cohort: Cohort
    due_at: datetime | None
    is_extended: bool


def nearest_due(user: User) -> dict[int, OwnDue]:
    """What is due next for this user on each course of their cohorts, by course id; one query.

    With their own extensions, and without archived cohorts. What has no due date comes after what
    has one. Of two that are due at the same time, the one assigned first is taken.
    """
    nearest: dict[int, OwnDue] = {}
    for assignment in sorted(_own_assignments(user), key=_due_first):
        due_at = own_due(assignment.due_at, assignment.extended_to)  # type: ignore[attr-defined]
        own = OwnDue(assignment.cohort, due_at, is_extended=due_at != assignment.due_at)
        nearest.setdefault(assignment.course_id, own)
    return nearest


def _own_assignments(user: User) -> list[Assignment]:
    """What the user's cohorts give them, each with the end of their extension or None."""
    extensions = Extension.objects.in_force().filter(assignment=OuterRef("pk"), user=user)
    assignments = Assignment.objects.filter(
        cohort__cohort_memberships__user=user,
        cohort__cohort_memberships__left_at=None,
        cohort__archived_at=None,
    )
    with_extensions = assignments.annotate(extended_to=Subquery(extensions.values("due_at")[:1]))
    return list(with_extensions.select_related("cohort"))


def _due_first(assignment: Assignment) -> tuple[bool, float, datetime, int]:
    due_at = own_due(assignment.due_at, assignment.extended_to)  # type: ignore[attr-defined]
    when = due_at.timestamp() if due_at else 0.0
    return due_at is None, when, assignment.assigned_at, assignment.pk


def like_organisations(name: str) -> list[Organisation]:
    """Organisations whose name is like this one, at most three.

    Confirmed ones come first, then the one that was there first.
    """
    alike = []
    for pk, other, confirmed_at in Organisation.objects.values_list("pk", "name", "confirmed_at"):
        if is_like(name, other):
            alike.append((confirmed_at is None, pk))
    first = [pk for _, pk in sorted(alike)[:MOST_ALIKE]]
    found = Organisation.objects.in_bulk(first)
    return [found[pk] for pk in first if pk in found]


def trainers_of(cohort: Cohort) -> QuerySet[User]:
    """Who trains the cohort and is a trainer of its organisation now, by name."""
    training = Membership.objects.current().filter(
        organisation=cohort.organisation_id, role=Membership.Role.TRAINER
    )
    trainers = User.objects.filter(cohorts_led=cohort, pk__in=training.values("user"))
    return trainers.filter(is_active=True).order_by("name", "pk")


def leaders_of(organisation_id: int) -> QuerySet[User]:
    """Trainers and managers of an organisation now, by name."""
    leading = Membership.objects.current().filter(
        organisation=organisation_id, role__in=LEADING_ROLES
    )
    people = User.objects.filter(pk__in=leading.values("user"), is_active=True)
    return people.order_by("name", "pk")


def possible_trainers(cohort: Cohort) -> QuerySet[User]:
    """Trainers and managers of the cohort's organisation who do not train it, by name."""
    return leaders_of(cohort.organisation_id).exclude(pk__in=trainers_of(cohort).values("pk"))


def cohorts_to_move_to(trainer: User, cohort: Cohort, learner: User) -> QuerySet[Cohort]:
    """Open cohorts of the same organisation that this person trains and the learner is not in."""
    joined = learner.cohort_memberships.current().values("cohort")
    others = Cohort.objects.trained_by(trainer).open().exclude(pk__in=joined)
    return others.filter(organisation=cohort.organisation_id).order_by("name")
