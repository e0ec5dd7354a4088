"""What trainers and managers see of their learners, and a learner sees of that: the same rows. Many first."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from courses.assessment.models import AccommodationRequest, Attempt, ExtraAttempt
from courses.certificates.models import Certificate
from courses.learning.completion import LessonProgress
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress, progress_of
from courses.library import content
from courses.library.queries import content_of
from courses.people.models import Assignment, Cohort, CohortMembership, User

QUIET = timedelta(days=14)  # begun, not finished, and not seen for this long


class Need(Enum):
    """Why a learner needs their trainer, the most pressing first. The values are the words on the page."""

    NEVER_STARTED = "Never started"
    ASKS = "Asks you for more"
    NO_ATTEMPTS = "No attempts left"
    OVERDUE = "Overdue"
    QUIET = "Not seen for two weeks"


@dataclass(frozen=True)
class LessonBefore(LessonProgress):
    """A lesson last touched before the cohort was joined: its trainers see no step and no date of it."""

    @property
    def words(self) -> str:
        if self.is_outdated:
            return super().words
        return "Done before joining" if self.is_completed else "Begun before joining"


@dataclass(frozen=True)
class Learner:
    """One learner of a cohort on one course: the fields a trainer sees, no others. `standing` None: never started.

    What came before the learner joined belongs to no assignment of this cohort: `standing` has the attempts opened
    since (`seen_since`), `passed_before` the quizzes passed in earlier ones, and a moment before joining is None.
    `decides`: this cohort's organisation decides about the learner's attempts (`permissions.deciding_membership`).
    `revoked_at` is when their certificate was revoked, None where it was not, there is none, or it was before they joined.
    """

    key: UUID
    user_id: int
    name: str
    profession: str
    joined_at: datetime
    assignment: Assignment
    standing: EnrolmentProgress | None
    needs: tuple[Need, ...]
    passed_before: frozenset[str] = frozenset()
    decides: bool = True
    revoked_at: datetime | None = None

    @property
    def has_started(self) -> bool:
        return self.standing is not None

    @property
    def is_completed(self) -> bool:
        return self.standing is not None and self.standing.is_completed

    @property
    def completed_at(self) -> datetime | None:
        """When the course was completed; None: it is not, or it was before joining."""
        return self._since(self.standing.enrolment.completed_at) if self.standing else None

    @property
    def started_at(self) -> datetime | None:
        """When the course was started; None: it is not, or it was before joining."""
        return self._since(self.standing.enrolment.enrolled_at) if self.standing else None

    @property
    def last_seen_at(self) -> datetime | None:
        """The last action of learning on this course; None: there is none since joining."""
        return self._since(self.standing.last_seen_at) if self.standing else None

    def _since(self, moment: datetime | None) -> datetime | None:
        return moment if moment and moment >= self.joined_at else None

    @property
    def titles_passed_before(self) -> list[str]:
        """Titles of the final quizzes passed before joining."""
        finals = self.standing.content.finals if self.standing else ()
        return [quiz.title for quiz in finals if quiz.key in self.passed_before]

    @property
    def percent(self) -> int:
        if self.is_completed:
            return 100
        return self.standing.progress.percent if self.standing else 0


def assignment_of(
    cohorts: QuerySet[Cohort], cohort_key: UUID, course_key: str
) -> Assignment | None:
    """A cohort's assignment of one course with cohort, organisation and course, None if not there; one SQL query."""
    rows = Assignment.objects.filter(
        cohort__in=cohorts, cohort__key=cohort_key, course__key=course_key
    )
    return rows.select_related("cohort__organisation", "course").first()


def learners_on(
    assignments: list[Assignment], now: datetime, only: UUID | None = None
) -> list[Learner]:
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
        learners,
        key=lambda one: (
            order.index(one.needs[0]) if one.needs else len(order),
            one.name.casefold(),
        ),
    )


def _places(assignment_ids: list[int], only: UUID | None) -> list[dict[str, Any]]:
    theirs = {"user": OuterRef("user"), "course": OuterRef("cohort__assignments__course")}
    mine = Enrolment.objects.filter(**theirs)
    granted = ExtraAttempt.objects.in_force().filter(**theirs)
    asking = AccommodationRequest.objects.pending().filter(**theirs)
    deciding = CohortMembership.objects.deciding(**theirs)
    certificates = Certificate.objects.filter(
        enrolment__user=theirs["user"], enrolment__course=theirs["course"]
    )
    rows = CohortMembership.objects.current().filter(cohort__assignments__in=assignment_ids)
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
        organisation=F("cohort__organisation"),
        deciding=Subquery(deciding.values("cohort__organisation")[:1]),
        revoked_at=Subquery(certificates.values("revoked_at")[:1]),
    )
    return [dict(row) for row in found]


def _learner(
    row: dict[str, Any], assignment: Assignment, standing: EnrolmentProgress | None, now: datetime
) -> Learner:
    seen = seen_since(standing, row["joined_at"]) if standing else None
    return Learner(
        key=row["key"],
        user_id=row["user_id"],
        name=row["name"],
        profession=str(User.Profession(row["profession"]).label),
        joined_at=row["joined_at"],
        assignment=assignment,
        standing=seen,
        needs=_needs(assignment, standing, row, now),
        passed_before=_passed_before(standing, row["joined_at"]) if standing else frozenset(),
        decides=_decides(row),
        revoked_at=_since(row["revoked_at"], row["joined_at"]),
    )


def _since(moment: datetime | None, joined_at: datetime) -> datetime | None:
    """A moment of before the learner joined is nobody's here."""
    return moment if moment and moment >= joined_at else None


def seen_since(standing: EnrolmentProgress, joined_at: datetime) -> EnrolmentProgress:
    """A learner's standing as the trainers of a cohort see it whom they joined at this moment.

    Attempts opened before are not in it, and those that are count from one; a lesson last touched before has no step.
    """
    if standing.enrolment.enrolled_at >= joined_at:
        return standing  # nothing came before
    lessons = []
    for one in standing.progress.lessons:
        touched_at = standing.lesson_at.get(one.lesson.key)
        is_before = touched_at is not None and touched_at < joined_at
        lessons.append(LessonBefore(**vars(one)) if is_before else one)
    attempts = [one for one in standing.attempts if one.opened_at >= joined_at]
    earlier = _numbers_before(standing, joined_at)
    return replace(
        standing,
        progress=replace(standing.progress, lessons=tuple(lessons)),
        attempts=tuple(
            replace(one, number=one.number - earlier.get(one.quiz_key, 0)) for one in attempts
        ),
        voided=(),
    )


def _numbers_before(standing: EnrolmentProgress, joined_at: datetime) -> dict[str, int]:
    """The highest number of an attempt opened before, by quiz; the voided count, since numbers are never given again."""
    found: dict[str, int] = {}
    for one in (*standing.attempts, *standing.voided):
        if one.opened_at < joined_at:
            found[one.quiz_key] = max(one.number, found.get(one.quiz_key, 0))
    return found


def _passed_before(standing: EnrolmentProgress, joined_at: datetime) -> frozenset[str]:
    passed = [one for one in standing.attempts if one.passed]
    return frozenset(one.quiz_key for one in passed if one.opened_at < joined_at)


def _decides(row: dict[str, Any]) -> bool:
    return row["deciding"] is None or row["deciding"] == row["organisation"]


def _needs(
    assignment: Assignment, standing: EnrolmentProgress | None, row: dict[str, Any], now: datetime
) -> tuple[Need, ...]:
    """Why this learner needs the trainer; nothing once the course is completed, and nothing another trainer decides."""
    if standing and standing.is_completed:
        return ()
    decides, joined_at = _decides(row), row["joined_at"]
    needs = [Need.ASKS] if row["asks"] and decides else []
    if standing is None:
        needs.append(Need.NEVER_STARTED)
    elif decides and _used_up(standing, row["granted"] or 0, joined_at):
        needs.append(Need.NO_ATTEMPTS)
    if assignment.is_overdue(now):
        needs.append(Need.OVERDUE)
    if standing and now - max(standing.last_seen_at, joined_at) > QUIET:
        needs.append(Need.QUIET)
    return tuple(needs)


def _used_up(standing: EnrolmentProgress, granted: int, joined_at: datetime) -> bool:
    """Whether a final quiz is not passed and all attempts, the rule's and the granted, are taken and scored.

    Where all were taken before joining it says nothing of them: the learner can ask.
    """
    for one in standing.progress.finals:
        taken = standing.attempts_at(one.quiz.key)
        is_used_up = len(taken) >= one.quiz.attempts + granted and all(a.is_scored for a in taken)
        if is_used_up and not one.is_passed and taken[-1].opened_at >= joined_at:
            return True
    return False


def attempts_seen_by(user: User) -> QuerySet[Attempt]:
    """Attempts of learners in cohorts this person leads that have the course, opened since they joined."""
    places = CohortMembership.objects.current().filter(cohort__in=Cohort.objects.led_by(user))
    theirs = {"user": OuterRef("user"), "cohort__assignments__course": OuterRef("course")}
    return Attempt.objects.filter(
        Exists(places.filter(**theirs, joined_at__lte=OuterRef("opened_at")))
    )


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
    completed = sum(one.is_completed for one in mine)
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
