"""The cohorts that somebody leads, each with its course in numbers, for their first page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
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

    `trained` is the ids of the cohorts they train, and may act in. `invited` is by the id of a
    cohort: how many were invited by email and have never signed in.
    """

    assignments: Sequence[Assignment]
    without_course: list[Cohort]
    trained: frozenset[int]
    invited: dict[int, int]
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
    trained = Cohort.objects.trained_by(user).filter(pk=OuterRef("cohort"))
    unanswered = Invitation.objects.unanswered().filter(cohort=OuterRef("cohort"), times_sent__gt=0)
    invited = unanswered.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    # Whether it is worth asking: these two may be of others in the organisation.
    organisation = OuterRef("cohort__organisation")
    empty = Cohort.objects.listed().filter(assignments=None, organisation=organisation)
    is_near = Q(cohort=OuterRef("cohort")) | Q(cohort=None, organisation=organisation)
    rows = Assignment.objects.filter(cohort__in=led).annotate(
        is_trained=Exists(trained),
        invited=Coalesce(Subquery(invited), 0),
        has_empty=Exists(empty),
        has_join_requests=Exists(JoinRequest.objects.waiting().order_by().filter(is_near)),
    )
    related = rows.select_related("cohort__organisation", "course")
    assignments = list(related.order_by(BY_COHORT, "course__position"))
    has_empty = any(row.has_empty for row in assignments) or not assignments
    has_join_requests = any(row.has_join_requests for row in assignments) or not assignments
    without_course = led.filter(assignments=None).order_by("name") if has_empty else led.none()
    return Led(
        assignments=assignments,
        without_course=list(without_course),
        trained=frozenset(row.cohort_id for row in assignments if row.is_trained),
        invited={row.cohort_id: row.invited for row in assignments if row.invited},
        join_requests=join_requests_for(user) if has_join_requests else [],
    )


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


def invited_lines(led: Led) -> Sequence[InvitedLine]:
    """One for each cohort they train to which somebody is invited and has not come, by name."""
    lines = {}
    for row in led.assignments:
        if row.cohort_id in led.invited and row.cohort_id in led.trained:
            lines[row.cohort_id] = InvitedLine(row.cohort, led.invited[row.cohort_id])
    return list(lines.values())
