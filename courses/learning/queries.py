"""How far people are, from stored facts: many first, one is many of one. The rule itself is in `completion`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

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
    """One attempt as tables and pages need it, with its quiz's title; only finals are passed or not.

    `earned` and `possible` are 0 until it is scored. `is_over`: its time has run out, and it is not
    closed yet.
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

    @property
    def marks(self) -> str:
        """What it earned, as pages say it."""
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


@dataclass(frozen=True)
class EnrolmentProgress:
    """One enrolment with everything its pages and tables show. `last_seen_at` is the last deed of learning.

    `attempts` are those that count; `voided` the others. `lesson_at` is by lesson key when it was finished or, where it
    is not, last seen.
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
        """What clinicians say of each lesson, by its key; known of a standing that `enrolment_progress_on` fetched."""
        mine = self.enrolment
        found = review_statuses_in(
            mine.edition_id, sign_offs_of(mine.course_id, mine.sign_off_count)
        )
        return {lesson.key: found[lesson.key] for lesson in self.content.lessons}

    def attempts_at(self, quiz_key: str) -> list[AttemptFact]:
        return [attempt for attempt in self.attempts if attempt.quiz_key == quiz_key]

    def allowed_at(self, quiz: Quiz) -> int:
        """How many attempts there are at the quiz this standing was fetched for: the rule's, and those granted."""
        return quiz.attempts + self.enrolment.extra

    def best_at(self, quiz_key: str) -> AttemptFact | None:
        """The scored attempt that stands for the quiz: a passed one before any other, then the most marks."""
        scored = [attempt for attempt in self.attempts_at(quiz_key) if attempt.is_scored]
        return max(scored, key=lambda attempt: (attempt.passed, attempt.earned), default=None)

    @property
    def is_completed(self) -> bool:
        """Completed is a fact with a moment; it does not go away when a course changes."""
        return self.enrolment.completed_at is not None


def progress_of(enrolments: Iterable[Enrolment]) -> dict[int, EnrolmentProgress]:
    """The standing of each enrolment, by its id, in two SQL queries whatever their number (editions come from memory)."""
    rows = list(enrolments)
    lessons, seen, lesson_at = _lesson_facts(rows)
    attempts, voided = _attempt_facts(rows)
    standings = {}
    for row in rows:
        mine = attempts[(row.user_id, row.course_id)]
        course = content_of(row.edition_id)
        passed = {attempt.quiz_key for attempt in mine if attempt.passed}
        moments = [row.enrolled_at, *seen[row.pk], *(a.submitted_at or a.opened_at for a in mine)]
        made = progress(course, lessons[row.pk], passed)
        others = tuple(voided[(row.user_id, row.course_id)])
        standings[row.pk] = EnrolmentProgress(
            row, course, made, tuple(mine), max(moments), others, lesson_at[row.pk]
        )
    return standings


def _lesson_facts(
    rows: Sequence[Enrolment],
) -> tuple[
    dict[int, dict[str, LessonFact]], dict[int, list[datetime]], dict[int, dict[str, datetime]]
]:
    facts: dict[int, dict[str, LessonFact]] = defaultdict(dict)
    seen: dict[int, list[datetime]] = defaultdict(list)
    lesson_at: dict[int, dict[str, datetime]] = defaultdict(dict)
    found = LessonRecord.objects.filter(enrolment__in=[row.pk for row in rows])
    fields = [
        "enrolment_id",
        "lesson_key",
        "step_key",
        "furthest",
        "version",
        "seen_at",
        "completed_at",
    ]
    for enrolment, key, step, furthest, version, seen_at, completed_at in found.values_list(
        *fields
    ):
        facts[enrolment][key] = LessonFact(step, furthest, completed_at is not None, version)
        seen[enrolment].append(seen_at)
        lesson_at[enrolment][key] = completed_at or seen_at
    return facts, seen, lesson_at


Facts = dict[tuple[int, int], list[AttemptFact]]


def _attempt_facts(rows: Sequence[Enrolment]) -> tuple[Facts, Facts]:
    """The attempts by (user, course): those that count, and the voided."""
    facts: Facts = defaultdict(list)
    voided: Facts = defaultdict(list)
    courses = {(row.user_id, row.course_id): content_of(row.edition_id) for row in rows}
    found = Attempt.objects.filter(
        user__in={row.user_id for row in rows}, course__in={row.course_id for row in rows}
    )
    now = timezone.now()  # a page shows an attempt as it is at this moment
    fields = [
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
    ]
    fields.append("deadline_at")
    for user, course, *values in found.order_by("quiz_key", "number").values_list(
        "user_id", "course_id", *fields
    ):
        pk, key, quiz, number, state, passed, opened, submitted, earned, possible, deadline = values
        rule = courses[(user, course)].quiz(quiz) if (user, course) in courses else None
        title, is_final = (rule.title, rule.kind == "final") if rule else (quiz, False)
        fact = AttemptFact(
            pk,
            str(key),
            quiz,
            title,
            is_final,
            number,
            state,
            bool(passed),
            opened,
            submitted,
            earned or Decimal(0),
            possible or 0,
            deadline,
            is_over(state, deadline, now),
        )
        kind = voided if state == Attempt.State.VOIDED else facts
        kind[(user, course)].append(fact)
    return facts, voided


def enrolment_progress_of(user: User) -> list[EnrolmentProgress]:
    """A learner's own courses, the one used last first."""
    rows = Enrolment.objects.held_by(user).select_related("course")
    return sorted(
        progress_of(rows).values(), key=lambda standing: standing.last_seen_at, reverse=True
    )


def enrolment_progress_on(user: User, course_key: str, quiz_key: str = "") -> EnrolmentProgress:
    """A learner's own standing on one course; with a quiz, its enrolment is one `with_accommodations`.

    Raises:
        Enrolment.DoesNotExist: this person is not enrolled on it.
    """
    mine = Enrolment.objects.held_by(user).with_sign_off_count().select_related("course")
    row = (mine.with_accommodations(quiz_key) if quiz_key else mine).get(course__key=course_key)
    return progress_of([row])[row.pk]


def enrolment_progress_or_404(user: User, course_key: str, quiz_key: str = "") -> EnrolmentProgress:
    """The same for a page: not enrolled is not there."""
    try:
        return enrolment_progress_on(user, course_key, quiz_key)
    except Enrolment.DoesNotExist:
        raise Http404 from None


def gains_of(standing: EnrolmentProgress, attempt: Attempt) -> list[OutcomeGain]:
    """What changed from the learner's pre-test to this final attempt, by outcome; empty where one of them is missing."""
    course = content_of(attempt.edition_id)
    pretest, quiz = course.pretest, course.quiz(attempt.quiz_key)
    if not pretest or not quiz or quiz.kind != "final" or attempt.state != Attempt.State.SCORED:
        return []
    first = next((one for one in standing.attempts_at(pretest.key) if one.is_scored), None)
    if not first:
        return []
    tallies = tallies_of([first.pk, attempt.pk], course)
    return gains(course.outcomes, tallies.get(first.pk, {}), tallies.get(attempt.pk, {}))


@dataclass(frozen=True)
class SourceRow:
    """A source id of a course as its page of sources shows it; `check_by` is None where the claim does not move."""

    key: str
    source: content.Source
    publications: tuple[content.Publication, ...]
    used_in: tuple[str, ...]
    check_by: date | None
    is_overdue: bool

    @property
    def is_read(self) -> bool:
        """Whether somebody opened every publication it rests on."""
        return all(one.status == "read" for one in self.publications)


def sources_of(course: content.Course, today: date) -> list[SourceRow]:
    """Every source id of the course, in the order of the edition."""
    used: dict[str, list[str]] = defaultdict(list)
    for lesson in course.lessons:
        for key in lesson.sources:
            used[key].append(lesson.title)
    for key in dict.fromkeys(
        key for item in course.items for answer in item.answers for key in answer.sources
    ):
        used[key].append("Quiz items")
    for key in course.handout_sources:
        used[key].append("Handout")
    return [_source_row(course, key, tuple(used[key]), today) for key in course.sources]


def _source_row(
    course: content.Course, key: str, used_in: tuple[str, ...], today: date
) -> SourceRow:
    source = course.sources[key]
    publications = tuple(course.publications[name] for name in source.publications)
    check_by = date.fromisoformat(source.check_by) if source.check_by else None
    return SourceRow(
        key, source, publications, used_in, check_by, bool(check_by and check_by < today)
    )
