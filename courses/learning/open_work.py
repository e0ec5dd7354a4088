"""What is open for a learner, as their first page shows it: the same for one course and for many.

How far they are on a course is in `queries`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from courses.assessment.actions import next_attempt_at
from courses.assessment.models import AccommodationRequest, Attempt, ExtraAttempt
from courses.assessment.queries import AttemptSheet, sheets_of
from courses.learning.completion import LessonProgress
from courses.learning.queries import AttemptFact, EnrolmentProgress
from courses.library.content import Quiz
from courses.people.models import User
from courses.people.queries import OwnDue

NEWS_FOR = timedelta(days=14)  # an answer to a request is shown so long, if it is not used before


@dataclass(frozen=True)
class OpenQuiz:
    """An attempt that was begun and not handed in.

    `is_over`: its time has run out, and what was saved counts.
    """

    sheet: AttemptSheet
    is_over: bool

    @property
    def total(self) -> int:
        """How many items it asks."""
        return len(self.sheet.items)


@dataclass(frozen=True)
class AnsweredRequest:
    """A request for an accommodation that a trainer has answered, with the quiz it is about."""

    request: AccommodationRequest
    row: EnrolmentProgress
    quiz: Quiz


@dataclass(frozen=True)
class NextPart:
    """The next part of a course that is not completed, and when the course is due.

    One of `lesson` and `quiz` is there. `has_attempts`: the quiz may be taken once more, now or
    from `opens_at`, which is None where it may be now. `has_asked`: a request about it waits for
    its trainer's answer. `due` None: no cohort has the course.
    """

    row: EnrolmentProgress
    due: OwnDue | None
    lesson: LessonProgress | None
    quiz: Quiz | None = None
    has_attempts: bool = True
    opens_at: datetime | None = None
    has_asked: bool = False


def open_quizzes(rows: Sequence[EnrolmentProgress]) -> list[OpenQuiz]:
    """The attempts under way on these courses, the one begun last first; two SQL queries."""
    facts: dict[int, AttemptFact] = {}
    for row in rows:
        for fact in row.attempts:
            if fact.is_open or fact.is_over:
                facts[fact.pk] = fact
    attempts = list(Attempt.objects.filter(pk__in=facts).order_by("-opened_at"))
    return [OpenQuiz(sheet, facts[sheet.attempt.pk].is_over) for sheet in sheets_of(attempts)]


def answered_requests(
    user: User, rows: Sequence[EnrolmentProgress], now: datetime
) -> list[AnsweredRequest]:
    """The answers this person has had lately and not used yet, the newest first; one SQL query.

    Of several answers about one quiz, the newest is shown.
    """
    requests = AccommodationRequest.objects.filter(user=user, decided_at__gt=now - NEWS_FOR)
    by_course = {row.enrolment.course_id: row for row in rows}
    answered: dict[tuple[int, str], AnsweredRequest] = {}
    for request in requests.order_by(F("decided_at").desc(nulls_last=True)):
        row = by_course.get(request.course_id)
        quiz = row.content.quiz(request.quiz_key) if row else None
        if row and quiz and not _is_used(request, row):
            answered.setdefault((request.course_id, quiz.key), AnsweredRequest(request, row, quiz))
    return list(answered.values())


def _is_used(request: AccommodationRequest, row: EnrolmentProgress) -> bool:
    """Whether the quiz was passed, or begun again, since the request was answered."""
    for attempt in row.attempts_at(request.quiz_key):
        if attempt.passed:
            return True
        if request.decided_at and attempt.opened_at > request.decided_at:
            return True
    return False


def next_parts(
    user: User,
    rows: Sequence[EnrolmentProgress],
    due: dict[int, OwnDue],
    now: datetime,
) -> list[NextPart]:
    """What comes next on each course that is not completed, in their order.

    Two SQL queries, or none where no quiz is next.

    A course whose next part is an attempt under way is left out: see `open_quizzes`. `due` is by
    course id.
    """
    # Only a quiz needs to know how many attempts are left.
    at_quiz = any(row.progress.next_lesson is None for row in rows if not row.is_completed)
    extra = _extra_attempts(user) if at_quiz else Counter()
    asked = _pending_requests(user) if at_quiz else set()
    parts = []
    for row in rows:
        if row.is_completed:
            continue
        own_due = due.get(row.enrolment.course_id)
        lesson = row.progress.next_lesson
        if lesson:
            parts.append(NextPart(row, own_due, lesson))
        elif part := _next_quiz(row, own_due, extra, now):
            has_asked = part.quiz is not None and (row.enrolment.course_id, part.quiz.key) in asked
            parts.append(replace(part, has_asked=has_asked))
    return parts


def _extra_attempts(user: User) -> Counter[tuple[int, str]]:
    """How many attempts were granted to this person, by course id and quiz key."""
    granted = ExtraAttempt.objects.in_force().filter(user=user)
    return Counter(granted.values_list("course_id", "quiz_key"))


def _pending_requests(user: User) -> set[tuple[int, str]]:
    """The quizzes that this person has asked about and had no answer yet: course id and key."""
    pending = AccommodationRequest.objects.filter(user=user).pending()
    return set(pending.values_list("course_id", "quiz_key"))


def _next_quiz(
    row: EnrolmentProgress,
    due: OwnDue | None,
    extra: Counter[tuple[int, str]],
    now: datetime,
) -> NextPart | None:
    """The final quiz to take next, None where it is being taken or there is none."""
    next_quiz = row.progress.next_quiz
    if not next_quiz:
        return None
    quiz = next_quiz.quiz
    taken = row.attempts_at(quiz.key)
    if any(attempt.is_open or attempt.is_over for attempt in taken):
        return None
    allowed = quiz.attempts + extra[(row.enrolment.course_id, quiz.key)]
    opens_at = next_attempt_at(quiz, taken[-1].ended_at if taken else None)
    if opens_at and opens_at <= now:
        opens_at = None
    return NextPart(row, due, None, quiz, len(taken) < allowed, opens_at)


@dataclass(frozen=True)
class WaitingLine:
    """A group session that the learner came to and has written no line about yet.

    Without it, its minutes are no participatory CPD. `key` is the session's, in addresses.
    """

    key: UUID
    topic: str
    held_on: date
    minutes: int


def waiting_lines(user: User) -> list[WaitingLine]:
    """The sessions that wait for this person's line, the newest first; one SQL query."""
    # By the relations' names: group sessions stand above this package.
    rows = user.attendances.filter(
        written_at=None, removed_at=None, session__voided_at=None
    ).order_by("-session__held_on", "-session__pk")
    columns = ("session__key", "session__topic", "session__held_on", "session__minutes")
    return [WaitingLine(*row) for row in rows.values_list(*columns)]
