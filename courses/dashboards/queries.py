"""What trainers and managers see of their learners, and a learner sees of that: the same rows.

Many learners first, one is many of one. Which of them need their trainer is in `attention`, and
what came before a learner joined in `since_joining`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from courses.assessment.models import AccommodationRequest, Attempt, ExtraAttempt
from courses.dashboards.attention import AttentionReason, CourseFacts, Take, attention_reasons
from courses.dashboards.begun import FailedAttempt, OnCourse, failed_attempts, unsafe_since
from courses.dashboards.earned import CertificateFact, certificates_of, certificates_since
from courses.dashboards.members import Member
from courses.dashboards.since_joining import progress_since, quizzes_passed_before, since_joining
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress, progress_of
from courses.library import content
from courses.library.queries import content_of
from courses.people.due_dates import own_due
from courses.people.models import Assignment, Cohort, CohortMembership, Extension, User


@dataclass(frozen=True, kw_only=True)
class Learner(Member):
    """One learner of a cohort on one course: the fields a trainer sees, no others.

    `enrolment_progress` None: never started. What came before the learner joined belongs to no
    assignment of this cohort: `enrolment_progress` has the attempts opened since,
    `passed_before` the keys of quizzes passed in earlier ones, and every moment before joining
    is None. `cohort_decides`: this cohort's organisation decides about the learner's attempts
    (`permissions.deciding_membership`). `certificates` are newest first, see `earned`.
    `extension_reason` is why they have a due date of their own.
    """

    profession: str
    enrolment_progress: EnrolmentProgress | None
    passed_before: frozenset[str] = frozenset()
    cohort_decides: bool = True
    certificates: tuple[CertificateFact, ...] = ()
    extension_reason: str = ""

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
    def certificate(self) -> CertificateFact | None:
        """The one that counts, if it was issued or withdrawn since joining; else None."""
        current = [row for row in self.certificates if row.is_current]
        return current[0] if current else None

    @property
    def revoked_at(self) -> datetime | None:
        """When the certificate that counts was withdrawn; None: it was not."""
        return self.certificate.ended_at if self.certificate else None

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

    Who needs the trainer most comes first, then by name. Six SQL queries at most, whatever the
    number of cohorts and learners. `only` narrows to the person with this key.
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
    certificates = certificates_of(enrolments)
    facts_by_id = {pk: _facts(own_progress) for pk, own_progress in progress_by_id.items()}
    editions = {row.edition_id: row.course_id for row in enrolments.values()}
    failed = failed_attempts(facts_by_id.values(), editions)
    extra_attempts = _extra_attempts(rows)
    learners = []
    for row in rows:
        assignment = assignments_by_id[row["assignment"]]
        row["extra_attempts"] = extra_attempts.get((row["user_id"], assignment.course_id), {})
        row["certificates"] = certificates.get(row["enrolment"], [])
        own_progress = progress_by_id.get(row["enrolment"])
        facts = facts_by_id.get(row["enrolment"])
        learners.append(_learner(row, assignment, own_progress, facts, failed, now))
    # Sorted here, as the reasons are not in the database.
    return sorted(learners, key=lambda row: (row.attention_rank, row.name.casefold()))


def _membership_rows(assignment_ids: list[int], only: UUID | None) -> list[dict[str, Any]]:
    """One row for each current member of a cohort and assignment of it, in one SQL query."""
    same_person = {"user": OuterRef("user"), "course": OuterRef("cohort__assignments__course")}
    enrolments = Enrolment.objects.filter(**same_person)
    granted = ExtraAttempt.objects.filter(**same_person)
    pending_requests = AccommodationRequest.objects.pending().filter(**same_person)
    deciding = CohortMembership.objects.deciding(**same_person)
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
        has_extra_attempts=Exists(granted),
        has_request=Exists(pending_requests),
        organisation=F("cohort__organisation"),
        deciding=Subquery(deciding.values("cohort__organisation")[:1]),
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


def _extra_attempts(rows: Iterable[dict[str, Any]]) -> dict[OnCourse, Counter[str]]:
    """How many attempts were granted and count, by quiz key. None asked for where none were."""
    people = {row["user_id"] for row in rows if row["has_extra_attempts"]}
    granted: dict[OnCourse, Counter[str]] = defaultdict(Counter)
    extra = ExtraAttempt.objects.in_force().filter(user__in=people)
    for user_id, course_id, quiz_key in extra.values_list("user_id", "course_id", "quiz_key"):
        granted[user_id, course_id][quiz_key] += 1
    return granted


def _facts(enrolment_progress: EnrolmentProgress) -> CourseFacts:
    """What of it decides whether the learner needs a trainer."""
    takes: dict[str, list[Take]] = {}
    for attempt in enrolment_progress.attempts:
        take = Take(attempt.pk, attempt.opened_at, attempt.is_scored, attempt.passed)
        takes.setdefault(attempt.quiz_key, []).append(take)
    return CourseFacts(
        is_completed=enrolment_progress.is_completed,
        last_seen_at=enrolment_progress.last_seen_at,
        finals=enrolment_progress.content.finals,
        takes=takes,
    )


def _cohort_decides(row: dict[str, Any]) -> bool:
    """See `Learner`. Where nobody decides, the learner is in no cohort that somebody else leads."""
    return row["deciding"] in (None, row["organisation"])


def _reasons(
    row: dict[str, Any],
    assignment: Assignment,
    facts: CourseFacts | None,
    unsafe: int,
    now: datetime,
) -> tuple[AttentionReason, ...]:
    return attention_reasons(
        facts,
        joined_at=row["joined_at"],
        due_at=own_due(assignment.due_at, row["extended_to"]),
        unsafe=unsafe,
        has_request=row["has_request"],
        extra_attempts=row["extra_attempts"],
        cohort_decides=_cohort_decides(row),
        is_open=assignment.course.retired_at is None,
        now=now,
    )


def _learner(
    row: dict[str, Any],
    assignment: Assignment,
    enrolment_progress: EnrolmentProgress | None,
    facts: CourseFacts | None,
    failed: Mapping[int, FailedAttempt],
    now: datetime,
) -> Learner:
    joined_at = row["joined_at"]
    unsafe = unsafe_since(facts, failed, joined_at) if facts else 0
    reasons = _reasons(row, assignment, facts, unsafe, now)
    passed_before: frozenset[str] = frozenset()
    last_seen_at = None
    if enrolment_progress:
        passed_before = quizzes_passed_before(enrolment_progress, joined_at)
        last_seen_at = since_joining(enrolment_progress.last_seen_at, joined_at)
        enrolment_progress = progress_since(enrolment_progress, joined_at)
    return Learner(
        key=row["key"],
        user_id=row["user_id"],
        name=row["name"],
        profession=str(User.Profession(row["profession"]).label),
        joined_at=joined_at,
        assignment=assignment,
        has_started=enrolment_progress is not None,
        is_completed=enrolment_progress is not None and enrolment_progress.is_completed,
        last_seen_at=last_seen_at,
        attention_reasons=reasons,
        unsafe=unsafe,
        enrolment_progress=enrolment_progress,
        passed_before=passed_before,
        cohort_decides=_cohort_decides(row),
        certificates=certificates_since(row["certificates"], joined_at),
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


def newest_content(assignment: Assignment) -> content.Course:
    """The newest edition of an assigned course: what the table's columns are."""
    assert assignment.course.edition_id is not None, "only published courses are assigned"
    return content_of(assignment.course.edition_id)


def title_of(assignment: Assignment) -> str:
    """The title of the assigned course in its newest edition."""
    return newest_content(assignment).title
