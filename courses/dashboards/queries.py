"""What trainers and managers see of their learners, and a learner sees of that: the same rows.

Many learners first, one is many of one. Which of them need their trainer is in `attention`, and
what came before a learner joined in `since_joining`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from courses.assessment.models import AccommodationRequest, Attempt, ExtraAttempt
from courses.certificates.models import Certificate
from courses.dashboards.attention import (
    NO_REASON_RANK,
    REMINDER_PAUSE,
    AttentionReason,
    attention_reasons,
)
from courses.dashboards.since_joining import progress_since, quizzes_passed_before, since_joining
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress, progress_of
from courses.library import content
from courses.library.queries import content_of
from courses.people.due_dates import own_due
from courses.people.models import Assignment, Cohort, CohortMembership, Extension, User


@dataclass(frozen=True)
class Learner:
    """One learner of a cohort on one course: the fields a trainer sees, no others.

    `enrolment_progress` None: never started. What came before the learner joined belongs to no
    assignment of this cohort: `enrolment_progress` has the attempts opened since,
    `passed_before` the keys of quizzes passed in earlier ones, and every moment before joining
    is None. `cohort_decides`: this cohort's organisation decides about the learner's attempts
    (`permissions.deciding_membership`). `revoked_at` is when their certificate was revoked.
    `reminded_at` is when a trainer last reminded them of the course, None: never. `extended_to` is
    the end of their own due date, given for `extension_reason`; None: that of the cohort counts.
    """

    key: UUID
    user_id: int
    name: str
    profession: str
    joined_at: datetime
    assignment: Assignment
    enrolment_progress: EnrolmentProgress | None
    attention_reasons: tuple[AttentionReason, ...]
    passed_before: frozenset[str] = frozenset()
    cohort_decides: bool = True
    revoked_at: datetime | None = None
    wants_reminders: bool = True
    reminded_at: datetime | None = None
    extended_to: datetime | None = None
    extension_reason: str = ""

    @property
    def due_at(self) -> datetime | None:
        """The end of the learner's due date, with an extension of their own; None: no due date."""
        return own_due(self.assignment.due_at, self.extended_to)

    @property
    def is_extended(self) -> bool:
        """Whether they have longer than the cohort."""
        return self.due_at != self.assignment.due_at

    @property
    def anchor(self) -> str:
        """The id of their row on a page with several cohorts and courses."""
        return f"{self.assignment.cohort.key}-{self.assignment.course.key}-{self.key}"

    @property
    def asks(self) -> bool:
        """Whether a request of theirs waits for a trainer of this cohort."""
        return AttentionReason.ASKS in self.attention_reasons

    def has_just_been_reminded(self, now: datetime) -> bool:
        """Whether the last reminder is too recent for another one."""
        return self.reminded_at is not None and self.reminded_at > now - REMINDER_PAUSE

    @property
    def has_started(self) -> bool:
        return self.enrolment_progress is not None

    @property
    def is_completed(self) -> bool:
        return self.enrolment_progress is not None and self.enrolment_progress.is_completed

    @property
    def completed_at(self) -> datetime | None:
        """When the course was completed; None: it is not, or it was before joining."""
        if not self.enrolment_progress:
            return None
        return since_joining(self.enrolment_progress.enrolment.completed_at, self.joined_at)

    @property
    def started_at(self) -> datetime | None:
        """When the course was started; None: it is not, or it was before joining."""
        if not self.enrolment_progress:
            return None
        return since_joining(self.enrolment_progress.enrolment.enrolled_at, self.joined_at)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the learner last did anything on this course; None: nothing since joining."""
        if not self.enrolment_progress:
            return None
        return since_joining(self.enrolment_progress.last_seen_at, self.joined_at)

    @property
    def titles_passed_before(self) -> list[str]:
        """Titles of the final quizzes passed before joining."""
        if not self.enrolment_progress:
            return []
        finals = self.enrolment_progress.content.finals
        return [quiz.title for quiz in finals if quiz.key in self.passed_before]

    @property
    def percent(self) -> int:
        """Whole percent of the course: 100 once it is completed, whatever its newest edition."""
        if not self.enrolment_progress:
            return 0
        return 100 if self.is_completed else self.enrolment_progress.progress.percent

    @property
    def attention_rank(self) -> int:
        """0 for the most pressing reason; after all others for a learner without one."""
        reasons = self.attention_reasons
        return reasons[0].rank if reasons else NO_REASON_RANK


def assignment_of(
    cohorts: QuerySet[Cohort], cohort_key: UUID, course_key: str
) -> Assignment | None:
    """A cohort's assignment of a course, with its cohort, organisation and course.

    None where none of these cohorts has it; one SQL query.
    """
    # Narrowed to the cohorts of the viewer first: somebody else's is as if it were not there.
    assignments = Assignment.objects.filter(
        cohort__in=cohorts, cohort__key=cohort_key, course__key=course_key
    )
    return assignments.select_related("cohort__organisation", "course").first()


def learners_on(
    assignments: list[Assignment], now: datetime, only: UUID | None = None
) -> list[Learner]:
    """Everyone in the cohorts of these assignments, each on its course.

    Who needs the trainer most comes first, then by name. Three SQL queries whatever the number
    of cohorts and learners. `only` narrows to the person with this key.
    """
    assignments_by_id = {assignment.pk: assignment for assignment in assignments}
    rows = _membership_rows(list(assignments_by_id), only)
    # One enrolment may be on the lists of several cohorts.
    enrolments = {}
    for row in rows:
        course_id = assignments_by_id[row["assignment"]].course_id
        if row["enrolment"]:
            enrolments[row["enrolment"]] = _enrolment(row, course_id)
    progress_by_id = progress_of(enrolments.values())
    learners = []
    for row in rows:
        assignment = assignments_by_id[row["assignment"]]
        learners.append(_learner(row, assignment, progress_by_id.get(row["enrolment"]), now))
    # Sorted here, as the reasons are not in the database.
    return sorted(learners, key=lambda row: (row.attention_rank, row.name.casefold()))


def _membership_rows(assignment_ids: list[int], only: UUID | None) -> list[dict[str, Any]]:
    """One row for each current member of a cohort and assignment of it, in one SQL query."""
    same_person = {"user": OuterRef("user"), "course": OuterRef("cohort__assignments__course")}
    enrolments = Enrolment.objects.filter(**same_person)
    granted = ExtraAttempt.objects.in_force().filter(**same_person)
    granted_counts = granted.order_by().values("user").annotate(n=Count("pk")).values("n")
    pending_requests = AccommodationRequest.objects.pending().filter(**same_person)
    deciding = CohortMembership.objects.deciding(**same_person)
    certificates = Certificate.objects.filter(
        enrolment__user=same_person["user"], enrolment__course=same_person["course"]
    )
    memberships = CohortMembership.objects.current().filter(cohort__assignments__in=assignment_ids)
    if only:
        memberships = memberships.filter(user__key=only)
    # Subqueries, since joins over so many rows of one learner would multiply the lines.
    rows = memberships.values(
        "user_id",
        "joined_at",
        name=F("user__name"),
        key=F("user__key"),
        profession=F("user__profession"),
        assignment=F("cohort__assignments"),
        enrolment=Subquery(enrolments.values("pk")[:1]),
        edition=Subquery(enrolments.values("edition_id")[:1]),
        enrolled_at=Subquery(enrolments.values("enrolled_at")[:1]),
        completed_at=Subquery(enrolments.values("completed_at")[:1]),
        extra_attempts=Subquery(granted_counts),
        has_request=Exists(pending_requests),
        organisation=F("cohort__organisation"),
        deciding=Subquery(deciding.values("cohort__organisation")[:1]),
        revoked_at=Subquery(certificates.values("revoked_at")[:1]),
        wants_reminders=F("user__wants_reminders"),
        reminded_at=Subquery(_own_reminders().values("nudges__sent_at")[:1]),
        extended_to=Subquery(_own_extensions().values("due_at")[:1]),
        extension_reason=Subquery(_own_extensions().values("reason")[:1]),
    )
    return [dict(row) for row in rows]


def _own_reminders() -> QuerySet[User]:
    """Inside a query of memberships with an assignment: a row a reminder, the newest first."""
    # By the relation's name: reminders stand above this package.
    reminded = User.objects.filter(
        pk=OuterRef("user"), nudges__course=OuterRef("cohort__assignments__course")
    )
    return reminded.order_by(F("nudges__sent_at").desc(nulls_last=True))


def _own_extensions() -> QuerySet[Extension]:
    """Inside a query of memberships with an assignment: the learner's extensions, newest first."""
    return Extension.objects.in_force().filter(
        assignment=OuterRef("cohort__assignments"), user=OuterRef("user")
    )


def _enrolment(row: dict[str, Any], course_id: int) -> Enrolment:
    """The enrolment of a row of `_membership_rows`, made without another SQL query."""
    return Enrolment(
        pk=row["enrolment"],
        user_id=row["user_id"],
        course_id=course_id,
        edition_id=row["edition"],
        enrolled_at=row["enrolled_at"],
        completed_at=row["completed_at"],
    )


def _learner(
    row: dict[str, Any],
    assignment: Assignment,
    enrolment_progress: EnrolmentProgress | None,
    now: datetime,
) -> Learner:
    joined_at = row["joined_at"]
    # None: no cohort decides, since the learner is in none that somebody else leads.
    cohort_decides = row["deciding"] in (None, row["organisation"])
    due_at = own_due(assignment.due_at, row["extended_to"])
    reasons = attention_reasons(
        enrolment_progress,
        joined_at=joined_at,
        is_overdue=due_at is not None and due_at < now,
        has_request=row["has_request"],
        extra_attempts=row["extra_attempts"] or 0,
        cohort_decides=cohort_decides,
        now=now,
    )
    passed_before: frozenset[str] = frozenset()
    if enrolment_progress:
        passed_before = quizzes_passed_before(enrolment_progress, joined_at)
        enrolment_progress = progress_since(enrolment_progress, joined_at)
    return Learner(
        key=row["key"],
        user_id=row["user_id"],
        name=row["name"],
        profession=str(User.Profession(row["profession"]).label),
        joined_at=joined_at,
        assignment=assignment,
        enrolment_progress=enrolment_progress,
        attention_reasons=reasons,
        passed_before=passed_before,
        cohort_decides=cohort_decides,
        revoked_at=since_joining(row["revoked_at"], joined_at),
        wants_reminders=row["wants_reminders"],
        reminded_at=row["reminded_at"],
        extended_to=row["extended_to"],
        extension_reason=row["extension_reason"] or "",
    )


def attempts_seen_by(user: User) -> QuerySet[Attempt]:
    """Attempts that this person's cohorts cover.

    Those of current learners in cohorts that they lead and that have the course, opened since
    the learner joined.
    """
    led = Cohort.objects.led_by(user)
    memberships = CohortMembership.objects.current().filter(
        cohort__in=led,
        user=OuterRef("user"),
        cohort__assignments__course=OuterRef("course"),
        joined_at__lte=OuterRef("opened_at"),
    )
    return Attempt.objects.filter(Exists(memberships))


@dataclass(frozen=True)
class Summary:
    """One cohort on one course in numbers; each is of `people`."""

    assignment: Assignment
    title: str
    people: int
    never_started: int
    under_way: int
    completed: int
    needing_attention: int


def summary_of(assignment: Assignment, learners: list[Learner]) -> Summary:
    """The numbers of one assignment, counted from the same rows the table shows."""
    # From the rows that the table shows, so that the two never disagree.
    own = [learner for learner in learners if learner.assignment.pk == assignment.pk]
    completed = sum(learner.is_completed for learner in own)
    started = sum(learner.has_started for learner in own)
    return Summary(
        assignment=assignment,
        title=title_of(assignment),
        people=len(own),
        never_started=len(own) - started,
        under_way=started - completed,
        completed=completed,
        needing_attention=sum(bool(learner.attention_reasons) for learner in own),
    )


def newest_content(assignment: Assignment) -> content.Course:
    """The newest edition of an assigned course: what the table's columns are."""
    assert assignment.course.edition_id is not None, "only published courses are assigned"
    return content_of(assignment.course.edition_id)


def title_of(assignment: Assignment) -> str:
    """The title of the assigned course in its newest edition."""
    return newest_content(assignment).title
