"""What trainers and managers see of their learners, and a learner sees of that: the same rows. Many first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from courses.assessment.models import ExtraAttempt, ExtraRequest
from courses.certificates.models import Certificate
from courses.learning.models import Enrolment
from courses.learning.queries import Standing, progress_of
from courses.library import content
from courses.library.queries import content_of
from courses.people.models import Assignment, Cohort, Place, User

QUIET = timedelta(days=14)  # begun, not finished, and not seen for this long


class Need(Enum):
    """Why a learner needs their trainer, the most pressing first. The values are the words on the page."""

    NEVER_STARTED = "Never started"
    ASKS = "Asks you for more"
    NO_ATTEMPTS = "No attempts left"
    OVERDUE = "Overdue"
    QUIET = "Not seen for two weeks"


@dataclass(frozen=True)
class Learner:
    """One learner of a cohort on one course: the fields a trainer sees, no others. `standing` None: never started.

    `revoked_at` is when their certificate was revoked, None where it was not or there is none.
    """

    key: UUID
    user_id: int
    name: str
    profession: str
    joined_at: datetime
    assignment: Assignment
    standing: Standing | None
    needs: tuple[Need, ...]
    revoked_at: datetime | None = None

    @property
    def has_started(self) -> bool:
        return self.standing is not None

    @property
    def completed_at(self) -> datetime | None:
        return self.standing.enrolment.completed_at if self.standing else None

    @property
    def percent(self) -> int:
        if self.completed_at:
            return 100
        return self.standing.progress.percent if self.standing else 0


def assignment_of(cohorts: QuerySet[Cohort], cohort_key: UUID, course_key: str) -> Assignment | None:
    """A cohort's assignment of one course with cohort, organisation and course, None if not there; one SQL query."""
    rows = Assignment.objects.filter(cohort__in=cohorts, cohort__key=cohort_key, course__key=course_key)
    return rows.select_related("cohort__organisation", "course").first()


def learners_on(assignments: list[Assignment], now: datetime, only: UUID | None = None) -> list[Learner]:
    """Everyone in the cohorts of these assignments, each on its course: who needs the trainer first, then by name.

    Three SQL queries whatever the number of cohorts and learners. `only` narrows to one person's key.
    """
    by_id = {assignment.pk: assignment for assignment in assignments}
    rows = _places(list(by_id), only)
    enrolments = {
        (row["assignment"], row["user_id"]): Enrolment(
            pk=row["enrolment"],
            user_id=row["user_id"],
            course_id=by_id[row["assignment"]].course_id,
            edition_id=row["edition"],
            enrolled_at=row["enrolled_at"],
            completed_at=row["completed_at"],
        )
        for row in rows
        if row["enrolment"]
    }
    standings = progress_of({e.pk: e for e in enrolments.values()}.values())
    learners = []
    for row in rows:
        assignment = by_id[row["assignment"]]
        enrolment = enrolments.get((assignment.pk, row["user_id"]))
        standing = standings[enrolment.pk] if enrolment else None
        learners.append(_learner(row, assignment, standing, now))
    order = list(Need)
    return sorted(
        learners, key=lambda one: (order.index(one.needs[0]) if one.needs else len(order), one.name.casefold())
    )


def _places(assignment_ids: list[int], only: UUID | None) -> list[dict[str, Any]]:
    mine = Enrolment.objects.filter(user=OuterRef("user"), course=OuterRef("cohort__assignments__course"))
    granted = ExtraAttempt.objects.filter(user=OuterRef("user"), course=OuterRef("cohort__assignments__course"))
    certificates = Certificate.objects.filter(
        enrolment__user=OuterRef("user"), enrolment__course=OuterRef("cohort__assignments__course")
    )
    asking = ExtraRequest.objects.pending().filter(
        user=OuterRef("user"), course=OuterRef("cohort__assignments__course")
    )
    rows = Place.objects.current().filter(cohort__assignments__in=assignment_ids)
    if only:
        rows = rows.filter(user__key=only)
    found = rows.values(
        "user_id",
        "joined_at",
        name=F("user__name"),
        key=F("user__key"),
        profession=F("user__profession"),
        assignment=F("cohort__assignments"),
        enrolment=Subquery(mine.values("pk")[:1]),
        edition=Subquery(mine.values("edition_id")[:1]),
        enrolled_at=Subquery(mine.values("enrolled_at")[:1]),
        completed_at=Subquery(mine.values("completed_at")[:1]),
        granted=Subquery(granted.order_by().values("user").annotate(n=Count("pk")).values("n")),
        asks=Exists(asking),
        revoked_at=Subquery(certificates.values("revoked_at")[:1]),
    )
    return [dict(row) for row in found]


def _learner(row: dict[str, Any], assignment: Assignment, standing: Standing | None, now: datetime) -> Learner:
    return Learner(
        key=row["key"],
        user_id=row["user_id"],
        name=row["name"],
        profession=str(User.Profession(row["profession"]).label),
        joined_at=row["joined_at"],
        assignment=assignment,
        standing=standing,
        needs=_needs(assignment, standing, row, now),
        revoked_at=row["revoked_at"],
    )


def _needs(assignment: Assignment, standing: Standing | None, row: dict[str, Any], now: datetime) -> tuple[Need, ...]:
    """Why this learner needs the trainer; nothing once the course is completed."""
    if standing and standing.is_completed:
        return ()
    needs = [Need.ASKS] if row["asks"] else []
    if standing is None:
        needs.append(Need.NEVER_STARTED)
    elif _used_up(standing, row["granted"] or 0):
        needs.append(Need.NO_ATTEMPTS)
    if assignment.is_overdue(now):
        needs.append(Need.OVERDUE)
    if standing and now - standing.last_seen_at > QUIET:
        needs.append(Need.QUIET)
    return tuple(needs)


def _used_up(standing: Standing, granted: int) -> bool:
    """Whether a final quiz is not passed and all attempts, the rule's and the granted, are taken and scored."""
    for one in standing.progress.finals:
        taken = standing.attempts_at(one.quiz.key)
        if not one.is_passed and len(taken) >= one.quiz.attempts + granted and all(a.is_scored for a in taken):
            return True
    return False


@dataclass(frozen=True)
class Summary:
    """One cohort on one course in numbers; each is of `people`."""

    assignment: Assignment
    title: str
    people: int
    never_started: int
    under_way: int
    completed: int
    needing: int


def summary_of(assignment: Assignment, learners: list[Learner]) -> Summary:
    """The numbers of one assignment, counted from the same rows the table shows."""
    mine = [one for one in learners if one.assignment.pk == assignment.pk]
    completed = sum(one.completed_at is not None for one in mine)
    started = sum(one.has_started for one in mine)
    return Summary(
        assignment=assignment,
        title=title_of(assignment),
        people=len(mine),
        never_started=len(mine) - started,
        under_way=started - completed,
        completed=completed,
        needing=sum(bool(one.needs) for one in mine),
    )


def newest_content(assignment: Assignment) -> content.Course:
    """The newest edition of an assigned course: what the table's columns are."""
    assert assignment.course.edition_id is not None, "only published courses are assigned"
    return content_of(assignment.course.edition_id)


def title_of(assignment: Assignment) -> str:
    return newest_content(assignment).title
