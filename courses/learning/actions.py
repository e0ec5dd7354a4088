"""Actions of learning: enrol, take quizzes, ask for accommodations, complete a course.

Going through lessons is in `lesson_actions`. An attempt itself is opened, scored and closed by
the actions of `assessment`; the ones here wrap them and complete the course in the same
transaction.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from courses.assessment import accommodations
from courses.assessment import actions as assessment
from courses.assessment.actions import AttemptsUsedUp, Refused
from courses.assessment.models import AccommodationRequest, Attempt
from courses.assessment.regrading import Regraded, regrade_item, regrade_late
from courses.learning.certifying import certify_completion
from courses.learning.completion import LessonFact, progress
from courses.learning.mails import mail_completed, mail_request
from courses.learning.models import Enrolment, EnrolmentQuerySet, LessonRecord
from courses.learning.retries import Retry
from courses.learning.retry_queries import retry_of
from courses.learning.step_records import locked_records
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import Assignment, Cohort, CohortMembership, User
from courses.web import dates

logger = logging.getLogger(__name__)
BATCH = 500  # attempts closed at most in one round of the timer


class NotYet(Refused):
    """One more attempt is possible, and something has to happen before."""


class NotStarted(Refused):
    """The learner has not begun the course, so there is nothing to record in it."""


def enrol(user: User, course: Course, now: datetime) -> Enrolment:
    """The person's enrolment: a new one pinned to the newest edition, or the one there is."""
    # Of two presses at once, the unique constraint lets one create it and gives it to the other.
    newest = {"edition": course.edition, "enrolled_at": now}
    enrolment, _ = Enrolment.objects.get_or_create(user=user, course=course, defaults=newest)
    return enrolment


def move_to_newest(course: Course) -> int:
    """Moves learners to the newest edition of the course; returns how many.

    Only those who have not completed it, and whose edition has changed materially since: the
    author raised the version of a lesson of theirs. The others stay on the edition they began
    with; a completed course never changes.
    """
    if not course.edition_id:
        return 0
    newest = {lesson.key: lesson.version for lesson in content_of(course.edition_id).lessons}
    not_completed = Enrolment.objects.filter(course=course, completed_at=None)
    outdated = not_completed.exclude(edition=course.edition)
    moved = 0
    for edition_id in outdated.values_list("edition_id", flat=True).distinct():
        lessons = content_of(edition_id).lessons
        # A lesson that the newest edition has dropped is no reason to move anybody.
        if any(newest.get(lesson.key, 0) > lesson.version for lesson in lessons):
            moved += _move(outdated.filter(edition=edition_id), course)
    return moved


@transaction.atomic
def _move(enrolments: EnrolmentQuerySet, course: Course) -> int:
    """Moves these enrolments, locked first in the order of their people.

    An UPDATE of many alone would lock them in any order: see `_complete_courses_if_done`.
    """
    list(enrolments.order_by("user_id").select_for_update().values_list("pk"))
    return enrolments.update(edition=course.edition)


def complete_course_if_done(
    records: list[LessonRecord],
    now: datetime,
    passed_now: str = "",
    learner: User | None = None,
    issued_at: datetime | None = None,
) -> bool:
    """Writes the moment of completion, once, if the facts complete the course now.

    With it, the certificate is issued and the learner gets a mail. `records` come from
    `locked_records`, in the same transaction; `passed_now` is the key of a quiz passed in this
    transaction; `learner` saves a query for whose course it is; `issued_at` is the moment of the
    certificate, where that is after the completion. Returns whether this call completed it.
    """
    if not records:
        return False
    enrolment = records[0].enrolment
    if records[0].is_course_completed:
        return False
    course = content_of(enrolment.edition_id)
    lessons = {record.lesson_key: _lesson_fact(record) for record in records}
    # Most lessons finished are not the last one: then there is no need to ask for quizzes.
    if progress(course, lessons, set()).next_lesson:
        return False
    passed = {passed_now} if passed_now else set()
    if {quiz.key for quiz in course.finals} - passed:
        passed |= _passed_quizzes(enrolment)
    if not progress(course, lessons, passed).is_complete:
        return False
    # Filtered, so that the moment is written once and never moved.
    rows = Enrolment.objects.filter(pk=enrolment.pk, completed_at=None)
    if not rows.update(completed_at=now):
        return False
    learner = learner or enrolment.user
    certify_completion(enrolment, now, learner, issued_at or now)
    mail_completed(learner, course)
    return True


def _lesson_fact(record: LessonRecord) -> LessonFact:
    is_completed = record.completed_at is not None
    return LessonFact(record.step_key, record.furthest, is_completed, record.version)


def _passed_quizzes(enrolment: Enrolment) -> set[str]:
    """The keys of the quizzes of the course that the learner has passed."""
    attempts = Attempt.objects.filter(
        user=enrolment.user_id, course=enrolment.course_id, passed=True
    )
    counted = attempts.exclude(state=Attempt.State.VOIDED)
    return set(counted.values_list("quiz_key", flat=True))


def keep_intention(enrolment: Enrolment, text: str) -> None:
    """Saves the one thing a learner means to do; empty text takes it out."""
    rows = Enrolment.objects.filter(pk=enrolment.pk)
    rows.update(intention=text)


def regrade(actor: User, course: Course, item_key: str, reason: str, now: datetime) -> Regraded:
    """Scores an item again by its corrected key, and completes the courses this completes.

    Two transactions: the regrade of what was handed in, and then of what was handed in
    meanwhile.

    Raises:
        NotComparable: see `regrade_item`.
    """
    with transaction.atomic():
        regraded = regrade_item(actor, course, item_key, reason, now)
        _complete_courses_if_done(regraded.newly_passed, now)
    # An attempt submitted while that ran may have been scored by the old key.
    with transaction.atomic():
        late = regrade_late(regraded.regrade)
        _complete_courses_if_done(late.newly_passed, now)
    return regraded + late


def _complete_courses_if_done(passed: Sequence[Attempt], now: datetime) -> None:
    """Completes the courses where these attempts were the last thing missing.

    Call it inside their transaction. Enrolments are locked in the order of their people, as in
    `move_to_newest`, so that no two transactions wait for each other in a circle.
    """
    for attempt in sorted(passed, key=lambda attempt: (attempt.user_id, attempt.quiz_key)):
        records = locked_records(attempt.user_id, attempt.course_id)
        complete_course_if_done(records, now, passed_now=attempt.quiz_key)


@transaction.atomic
def submit_attempt(user: User, attempt_key: UUID, now: datetime) -> Attempt:
    """Submits and scores an attempt, and completes the course where only it was missing.

    This is `assessment.actions.submit_attempt` with the completion of the course, which
    `assessment` knows nothing of, in one transaction: all of it happens or nothing. A second
    call changes nothing and returns the same attempt.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: it was voided.
    """
    attempt, is_submitted_now = assessment.submit_attempt(user, attempt_key, now)
    # A repeat must not complete the course at a later moment than the first call.
    if is_submitted_now:
        _complete_with(attempt, now, user)
    return attempt


@transaction.atomic
def assess_otherwise(
    actor: User, assignment: Assignment, learner_id: int, quiz_key: str, reason: str, now: datetime
) -> Attempt:
    """Records a pass that the learner showed in another way, and completes the course with it.

    Raises:
        NotStarted: the learner is not enrolled on the course, or their edition lacks the quiz.
        OnOneself, NoLongerHere, OtherDecides, PassedAlready, StillOpen: see
            `accommodations.record_pass`.
    """
    enrolments = Enrolment.objects.filter(user=learner_id, course=assignment.course_id)
    enrolment = enrolments.first()
    quiz = content_of(enrolment.edition_id).quiz(quiz_key) if enrolment else None
    if not enrolment or not quiz:
        raise NotStarted("The learner has not begun this course yet. Nothing was changed.")
    attempt = accommodations.record_pass(
        actor, assignment, learner_id, enrolment.edition_id, quiz, reason, now
    )
    _complete_with(attempt, now)
    return attempt


def _complete_with(attempt: Attempt, now: datetime, learner: User | None = None) -> None:
    """Completes the course where this attempt, just scored, was the last thing missing.

    An attempt whose time ran out counts from its deadline, or from the last lesson finished
    since, and not from when it happens to be closed.
    """
    if not attempt.passed:
        return
    records = locked_records(attempt.user_id, attempt.course_id)
    completed_at = now
    if attempt.expired and attempt.submitted_at:
        lessons_at = [record.completed_at for record in records if record.completed_at]
        completed_at = max([attempt.submitted_at, *lessons_at])
    complete_course_if_done(records, completed_at, attempt.quiz_key, learner, issued_at=now)


@transaction.atomic
def request_accommodation(
    enrolment: Enrolment,
    course: content.Course,
    quiz: content.Quiz,
    kind: str,
    reason: str,
    now: datetime,
) -> AccommodationRequest:
    """A learner's request for one more attempt or more time, with a mail to their trainers.

    Raises:
        AskedAlready: a request for the same is pending; nobody gets another mail.
    """
    learner = enrolment.user
    request = accommodations.request_accommodation(
        learner, enrolment.course_id, quiz.key, kind, reason, now
    )
    title = f"{quiz.title}, {course.title}"
    # The mails are rows of this transaction: where it fails, none is sent.
    cohort = _deciding_cohort(learner, enrolment.course_id)
    if cohort:
        for trainer in _trainers_of(cohort, learner):
            mail_request(request, trainer, cohort, course.key, title)
    return request


def _deciding_cohort(learner: User, course_id: int) -> Cohort | None:
    """The cohort whose trainers decide about the learner's attempts on this course."""
    memberships = CohortMembership.objects.deciding(learner.pk, course_id)
    membership = memberships.select_related("cohort").first()
    return membership.cohort if membership else None


def _trainers_of(cohort: Cohort, learner: User) -> list[User]:
    """The trainers of the cohort who may answer this learner's request."""
    others = cohort.trainers.filter(is_active=True).exclude(pk=learner.pk)
    # One of them may have left the organisation since, and with it lost the right.
    still_trained = Cohort.objects.filter(pk=cohort.pk)
    return [trainer for trainer in others if still_trained.trained_by(trainer).exists()]


def open_attempt(
    user: User, course_id: int, edition_id: int, quiz: content.Quiz, now: datetime
) -> Attempt:
    """The attempt this person goes on with: the open one, or a new one.

    One whose time is over is closed first, whether or not a new one may begin; where it is
    passed, it is returned, and no new one begins. Where all are used up and nobody trains this
    person, one more begins by the rule of `retries`.

    Raises:
        AttemptsUsedUp, TooSoon: see `assessment.actions.open_attempt`.
        NotYet: nobody trains this person, and the rule of `retries` lets them wait.
    """
    with transaction.atomic():
        over = Attempt.objects.taken_by(user).at_quiz(course_id, quiz.key).over(now).first()
        closed = close_expired_attempt(over.pk, now) if over else None
        if closed and closed.passed:
            return closed
        try:
            return assessment.open_attempt(user, course_id, edition_id, quiz, now)
        except Refused as error:
            refusal = error  # raised after the commit, so that the closing is kept
    if isinstance(refusal, AttemptsUsedUp):
        return _open_retry(user, course_id, edition_id, quiz, now, refusal)
    raise refusal


def _open_retry(
    user: User,
    course_id: int,
    edition_id: int,
    quiz: content.Quiz,
    now: datetime,
    refusal: AttemptsUsedUp,
) -> Attempt:
    """One more attempt for somebody whom nobody trains, by the rule of `retries`.

    Raises:
        AttemptsUsedUp: the refusal, where the rule is not for them.
        NotYet: the wait is not over, or lessons are still to look at.
    """
    retry = retry_of(user, course_id, edition_id, quiz)
    if not retry:
        raise refusal
    if not retry.is_open(now):
        raise NotYet(_retry_message(retry))
    return assessment.open_attempt(
        user, course_id, edition_id, quiz, now, one_more_after=retry.after
    )


def _retry_message(retry: Retry) -> str:
    message = f"You can take it once more from {dates.moment(retry.opens_at)}"
    if not retry.lessons:
        return f"{message}."
    titles = ", ".join(f"“{lesson.title}”" for lesson in retry.lessons)
    return f"{message}, once you have looked again at {titles}."


@transaction.atomic
def close_expired_attempt(attempt_id: int, now: datetime) -> Attempt | None:
    """Closes one attempt whose time is over, and completes the course if only it was missing.

    None where there is nothing to close: see `assessment.actions.close_expired_attempt`.
    """
    attempt = assessment.close_expired_attempt(attempt_id, now)
    if attempt:
        _complete_with(attempt, now)
    return attempt


@dataclass(frozen=True)
class ClosedAttempts:
    """What one round did: attempts closed, those that passed, and those that failed to be scored.

    `last` is the id of the last attempt looked at, None where there was none.
    """

    closed: int
    passed: int
    failed: int
    last: int | None


def close_expired_attempts(now: datetime, after: int = 0, most: int = BATCH) -> ClosedAttempts:
    """Closes at most `most` attempts whose time is over, by ascending id, those above `after`.

    Each in a transaction of its own: a second run, or another copy at the same time, finds them
    closed. One that cannot be scored is logged with its key, left as it is, and stops no other.
    """
    closed = passed = failed = 0
    pk = None
    rows = Attempt.objects.over(now).filter(pk__gt=after).order_by("pk").values_list("pk", "key")
    for pk, key in rows[:most]:
        try:
            attempt = close_expired_attempt(pk, now)
        except Exception:  # whatever it is, the others must not stay open for it
            logger.exception("attempt %s could not be closed", key)
            failed += 1
            continue
        closed += attempt is not None
        passed += bool(attempt and attempt.passed)
    return ClosedAttempts(closed, passed, failed, pk)
