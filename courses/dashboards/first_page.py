"""The cohorts that somebody leads, each with its course in numbers, for their first page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from courses.dashboards.members import Member
from courses.dashboards.queries import title_of
from courses.organisations.models import Invitation, JoinRequest
from courses.organisations.queries import join_requests_for
from courses.people.models import Assignment, Cohort, User

BY_COHORT = F("cohort__name").asc(nulls_last=True)  # never null: the test of orders cannot know


@dataclass(frozen=True)
class Led:
    """What somebody leads: the courses of their cohorts, and cohorts that have no course.

    `trained` is the ids of the cohorts they train, and may act in. `invited` is by cohort: how
    many were invited by email and have never signed in.
    """

    assignments: Sequence[Assignment]
    without_course: list[Cohort]
    trained: frozenset[int]
    invited: dict[Cohort, int]
    join_requests: list[JoinRequest]


@dataclass(frozen=True)
class CohortLine:
    """One cohort on one course in numbers, each of `people`; `needing` need their trainer.

    `started` is of who has started or finished (`course_state`): which of the two is in the table.
    """

    assignment: Assignment
    title: str
    people: int
    not_started: int
    started: int
    passed: int
    needing: int
    is_trained: bool


def led_by(user: User) -> Led:
    """What this person leads, without archived cohorts, by the cohorts' names.

    One SQL query; one more where a cohort has no course, and where somebody asks to join.
    """
    led = Cohort.objects.led_by(user).listed()
    empty = led.filter(assignments=None)
    waiting = JoinRequest.objects.waiting().answered_by(user)
    rows = Assignment.objects.filter(cohort__in=led).annotate(
        **_of_cohort(user, "cohort"),
        has_empty=Exists(empty),
        has_join_requests=Exists(waiting.order_by()),
    )
    related = rows.select_related("cohort__organisation", "course")
    assignments = list(related.order_by(BY_COHORT, "course__position"))
    without_course: list[Cohort] = []
    if not assignments or assignments[0].has_empty:
        named = empty.annotate(**_of_cohort(user, "pk")).select_related("organisation")
        without_course = list(named.order_by("name"))
    has_join_requests = not assignments or assignments[0].has_join_requests
    facts: dict[Cohort, Any] = {row.cohort: row for row in assignments}
    facts |= {cohort: cohort for cohort in without_course}
    return Led(
        assignments=assignments,
        without_course=without_course,
        trained=frozenset(cohort.pk for cohort, row in facts.items() if row.is_trained),
        invited={cohort: row.invited for cohort, row in facts.items() if row.invited},
        join_requests=join_requests_for(user) if has_join_requests else [],
    )


def _of_cohort(user: User, cohort: str) -> dict[str, Any]:
    """Annotations of rows with a cohort in this field: who trains it, and how many are invited."""
    trained = Cohort.objects.trained_by(user).filter(pk=OuterRef(cohort))
    unanswered = Invitation.objects.unanswered().filter(cohort=OuterRef(cohort), times_sent__gt=0)
    invited = unanswered.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return {"is_trained": Exists(trained), "invited": Coalesce(Subquery(invited), 0)}


def cohort_lines(led: Led, members: Iterable[Member]) -> list[CohortLine]:
    """A line for each course of a cohort, counted from the members that the page lists."""
    people: Counter[int] = Counter()
    started: Counter[int] = Counter()
    passed: Counter[int] = Counter()
    needing: Counter[int] = Counter()
    for member in members:
        pk = member.assignment.pk
        people[pk] += 1
        started[pk] += member.has_started
        passed[pk] += member.is_completed
        needing[pk] += bool(member.attention_reasons)
    lines = []
    for row in led.assignments:
        pk = row.pk
        lines.append(
            CohortLine(
                assignment=row,
                title=title_of(row),
                people=people[pk],
                not_started=people[pk] - started[pk],
                started=started[pk] - passed[pk],
                passed=passed[pk],
                needing=needing[pk],
                is_trained=row.cohort_id in led.trained,
            )
        )
    return lines


@dataclass(frozen=True)
class InvitedLine:
    """How many of a cohort were invited and have never signed in."""

    cohort: Cohort
    people: int


def invited_lines(led: Led) -> list[InvitedLine]:
    """One for each cohort they train to which somebody is invited and has not come."""
    invited = led.invited.items()
    return [InvitedLine(cohort, people) for cohort, people in invited if cohort.pk in led.trained]
