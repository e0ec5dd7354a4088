"""How far people are, from stored facts: many enrolments first, one is many of one.

When a course is complete is the rule of `completion`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils import timezone

from courses.assessment.gain import OutcomeGain, gains
from courses.assessment.models import Attempt, is_over
from courses.assessment.queries import tallies_of
from courses.assessment.scoring import shown_marks
from courses.learning.completion import LessonFact, Progress, progress
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.content import Quiz
from courses.library.queries import content_of
from courses.people.models import User
from courses.signoffs.queries import review_statuses_in, sign_offs_of
from courses.signoffs.review_status import ReviewStatus


@dataclass(frozen=True)
class AttemptFact:
    """One attempt as tables and pages need it, with its quiz's title.

    Only attempts at final quizzes are passed or not. `earned` and `possible` are marks, 0 until
    it is scored. `is_over`: its time has run out, and it is not closed yet.
    `is_assessed_otherwise`: a trainer recorded a pass shown in another way, so it has no marks.
    """

    pk: int
    key: str
    quiz_key: str
    title: str
    is_final: bool
    number: int
    state: str
    passed: bool
    opened_at: datetime
    submitted_at: datetime | None
    earned: Decimal
    possible: int
    deadline_at: datetime | None
    is_over: bool
    is_assessed_otherwise: bool = False

    @property
    def result(self) -> str:
        """What was earned, as every page, table and file says it after "Passed" or "Not passed"."""
        if self.is_assessed_otherwise:
            return "assessed in another way"
        return f"{self.marks} of {self.possible} marks"

    @property
    def marks(self) -> str:
        """The marks it earned, as pages say them."""
        return shown_marks(self.earned)

    @property
    def is_open(self) -> bool:
        """Whether it takes answers."""
        return self.state == Attempt.State.OPEN and not self.is_over

    @property
    def ended_at(self) -> datetime | None:
        """When it was handed in or its time ran out, closed or not; None while it takes answers."""
        return self.deadline_at if self.is_over else self.submitted_at

    @property
    def is_scored(self) -> bool:
        return self.state == Attempt.State.SCORED

    @property
    def is_voided(self) -> bool:
        return self.state == Attempt.State.VOIDED


@dataclass(frozen=True)
class EnrolmentProgress:
    """One enrolment with everything that its pages and tables show.

    `attempts` are those that count, by quiz and number, and `voided` the others. `last_seen_at`
    is when the learner last did anything on the course. `lesson_at` is by lesson key: when the
    lesson was finished or, where it is not, last seen.
    """

    enrolment: Enrolment
    content: content.Course
    progress: Progress
    attempts: tuple[AttemptFact, ...]
    last_seen_at: datetime
    voided: tuple[AttemptFact, ...] = ()
    lesson_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def review_statuses(self) -> dict[str, ReviewStatus]:
        """What clinicians said of each lesson, by its key.

        Only for what `enrolment_progress_on` fetched: it needs the enrolment's `sign_off_count`.
        """
        enrolment = self.enrolment
        # Sign-offs are in memory by their count: a new one changes it, and they are read again.
        sign_offs = sign_offs_of(enrolment.course_id, enrolment.sign_off_count)
        statuses = review_statuses_in(enrolment.edition_id, sign_offs)
        return {lesson.key: statuses[lesson.key] for lesson in self.content.lessons}

    def attempts_at(self, quiz_key: str) -> list[AttemptFact]:
        """The attempts at a quiz that count, in the order of their numbers."""
        return [attempt for attempt in self.attempts if attempt.quiz_key == quiz_key]

    def allowed_at(self, quiz: Quiz) -> int:
        """How many attempts the learner has at a quiz: those of its rule, and those granted.

        Only for the quiz that `enrolment_progress_on` was called with.
        """
        return quiz.attempts + self.enrolment.extra

    def best_at(self, quiz_key: str) -> AttemptFact | None:
        """The scored attempt that counts for the quiz; None when there is none.

        A passed one goes before any other, since a regrade or another edition may have changed
        what is needed to pass; then the one with the most marks.
        """
        scored = [attempt for attempt in self.attempts_at(quiz_key) if attempt.is_scored]
        if not scored:
            return None
        return max(scored, key=lambda attempt: (attempt.passed, attempt.earned))

    @property
    def is_completed(self) -> bool:
        """Completed is a fact with a moment; it does not go away when a course changes."""
        return self.enrolment.completed_at is not None


def progress_of(enrolments: Iterable[Enrolment]) -> dict[int, EnrolmentProgress]:
    """How far each enrolment is, by its id.

    Two SQL queries whatever their number; editions come from memory.
    """
    rows = list(enrolments)
    records = _lesson_records(rows)
    attempts = _attempts(rows)
    now = timezone.now()  # a page shows an attempt as it is at this moment
    progress_by_id = {}
    for row in rows:
        own_attempts = attempts[(row.user_id, row.course_id)]
        progress_by_id[row.pk] = _enrolment_progress(row, records[row.pk], own_attempts, now)
    return progress_by_id


def _lesson_records(enrolments: Sequence[Enrolment]) -> dict[int, list[Any]]:
    """The lesson records of each enrolment as named tuples, by its id."""
    # Not model instances: the table of a large cohort reads ten thousand of them.
    records: dict[int, list[Any]] = defaultdict(list)
    rows = LessonRecord.objects.filter(enrolment__in=[row.pk for row in enrolments])
    rows_with_fields = rows.values_list(
        "enrolment_id",
        "lesson_key",
        "step_key",
        "furthest",
        "version",
        "seen_at",
        "completed_at",
        "ended_at",
        named=True,
    )
    for record in rows_with_fields:
        records[record.enrolment_id].append(record)
    return records


def _attempts(enrolments: Sequence[Enrolment]) -> dict[tuple[int, int], list[Any]]:
    """The attempts as named tuples, by the ids of their user and course; voided ones too.

    There may be some of other pairs of these people and courses than the enrolments are.
    """
    attempts: dict[tuple[int, int], list[Any]] = defaultdict(list)
    users = {row.user_id for row in enrolments}
    courses = {row.course_id for row in enrolments}
    # Two lists in one query are far cheaper than one condition for each pair.
    rows = Attempt.objects.filter(user__in=users, course__in=courses)
    rows_with_fields = rows.order_by("quiz_key", "number").values_list(
        "user_id",
        "course_id",
        "pk",
        "key",
        "quiz_key",
        "number",
        "state",
        "passed",
        "opened_at",
        "submitted_at",
        "earned",
        "possible",
        "deadline_at",
        "assessed_by_id",
        named=True,
    )
    for attempt in rows_with_fields:
        attempts[(attempt.user_id, attempt.course_id)].append(attempt)
    return attempts


def _enrolment_progress(
    enrolment: Enrolment, records: Sequence[Any], attempts: Sequence[Any], now: datetime
) -> EnrolmentProgress:
    course = content_of(enrolment.edition_id)
    lessons: dict[str, LessonFact] = {}
    lesson_at: dict[str, datetime] = {}
    last_seen_at = enrolment.enrolled_at
    for record in records:
        is_completed = record.completed_at is not None
        key = record.lesson_key
        is_at_end = record.ended_at is not None
        lessons[key] = LessonFact(
            record.step_key, record.furthest, is_completed, record.version, is_at_end
        )
        lesson_at[key] = record.completed_at or record.seen_at
        last_seen_at = max(last_seen_at, record.seen_at)
    facts = [_attempt_fact(attempt, course, now) for attempt in attempts]
    counted = tuple(fact for fact in facts if not fact.is_voided)
    for attempt in counted:
        last_seen_at = max(last_seen_at, attempt.submitted_at or attempt.opened_at)
    passed = {attempt.quiz_key for attempt in counted if attempt.passed}
    return EnrolmentProgress(
        enrolment=enrolment,
        content=course,
        progress=progress(course, lessons, passed),
        attempts=counted,
        last_seen_at=last_seen_at,
        voided=tuple(fact for fact in facts if fact.is_voided),
        lesson_at=lesson_at,
    )


def _attempt_fact(attempt: Any, course: content.Course, now: datetime) -> AttemptFact:
    quiz = course.quiz(attempt.quiz_key)
    return AttemptFact(
        pk=attempt.pk,
        key=str(attempt.key),
        quiz_key=attempt.quiz_key,
        # A later edition may have dropped the quiz: then its key has to do.
        title=quiz.title if quiz else attempt.quiz_key,
        is_final=quiz is not None and quiz.kind == "final",
        number=attempt.number,
        state=attempt.state,
        passed=bool(attempt.passed),
        opened_at=attempt.opened_at,
        submitted_at=attempt.submitted_at,
        earned=attempt.earned or Decimal(0),
        possible=attempt.possible or 0,
        deadline_at=attempt.deadline_at,
        is_over=is_over(attempt.state, attempt.deadline_at, now),
        is_assessed_otherwise=attempt.assessed_by_id is not None,
    )


def enrolment_progress_of(user: User) -> list[EnrolmentProgress]:
    """How far a learner is on each of their own courses, the one used last first."""
    enrolments = Enrolment.objects.held_by(user).select_related("course")
    rows = progress_of(enrolments).values()
    return sorted(rows, key=lambda row: row.last_seen_at, reverse=True)


def enrolment_progress_on(user: User, course_key: str, quiz_key: str = "") -> EnrolmentProgress:
    """How far a learner is on one of their own courses.

    With a quiz, its enrolment is one `with_accommodations` at that quiz.

    Raises:
        Enrolment.DoesNotExist: this person is not enrolled on it.
    """
    enrolments = Enrolment.objects.held_by(user).with_sign_off_count().select_related("course")
    if quiz_key:
        enrolments = enrolments.with_accommodations(quiz_key)
    enrolment = enrolments.get(course__key=course_key)
    return progress_of([enrolment])[enrolment.pk]


def enrolment_progress_or_404(user: User, course_key: str, quiz_key: str = "") -> EnrolmentProgress:
    """The same for a page: 404 for who is not enrolled, as for a course that is not there."""
    try:
        return enrolment_progress_on(user, course_key, quiz_key)
    except Enrolment.DoesNotExist:
        raise Http404 from None


def gains_of(enrolment_progress: EnrolmentProgress, attempt: Attempt) -> list[OutcomeGain]:
    """What changed from the learner's pre-test to this final attempt, by outcome.

    Empty where one of them is missing or not scored.
    """
    course = content_of(attempt.edition_id)
    pretest = course.pretest
    quiz = course.quiz(attempt.quiz_key)
    if not pretest or not quiz:
        return []
    if quiz.kind != "final" or attempt.state != Attempt.State.SCORED:
        return []
    pretests = enrolment_progress.attempts_at(pretest.key)
    scored = [pretest_attempt for pretest_attempt in pretests if pretest_attempt.is_scored]
    if not scored:
        return []
    first = scored[0]  # a later pre-test was taken after learning had begun
    tallies = tallies_of([first.pk, attempt.pk], course)
    return gains(course.outcomes, tallies.get(first.pk, {}), tallies.get(attempt.pk, {}))


@dataclass(frozen=True)
class SourceRow:
    """A source id of a course as its page of sources shows it.

    `used_in` is the titles of where it is cited. `check_by` is None where the claim does not
    change with time.
    """

    key: str
    source: content.Source
    publications: tuple[content.Publication, ...]
    used_in: tuple[str, ...]
    check_by: date | None
    is_overdue: bool

    @property
    def is_read(self) -> bool:
        """Whether an author read every publication it rests on."""
        return all(publication.status == "read" for publication in self.publications)


def sources_of(course: content.Course, today: date) -> list[SourceRow]:
    """Every source id of the course, in the order of the edition."""
    used_in: dict[str, list[str]] = defaultdict(list)
    for lesson in course.lessons:
        for key in lesson.sources:
            used_in[key].append(lesson.title)
    # Each source once, however many items cite it.
    for key in _sources_of_items(course):
        used_in[key].append("Quiz items")
    for key in course.handout_sources:
        used_in[key].append("Handout")
    return [_source_row(course, key, used_in[key], today) for key in course.sources]


def _sources_of_items(course: content.Course) -> set[str]:
    keys: set[str] = set()
    for item in course.items:
        for answer in item.answers:
            keys.update(answer.sources)
    return keys


def _source_row(course: content.Course, key: str, used_in: Sequence[str], today: date) -> SourceRow:
    source = course.sources[key]
    check_by = date.fromisoformat(source.check_by) if source.check_by else None
    return SourceRow(
        key=key,
        source=source,
        publications=tuple(course.publications[name] for name in source.publications),
        used_in=tuple(used_in),
        check_by=check_by,
        is_overdue=check_by is not None and check_by < today,
    )
