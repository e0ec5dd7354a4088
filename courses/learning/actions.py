"""Deeds of learning: enrol, begin and go through lessons, answer activities, hand in a quiz or ask for more, complete."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.assessment import accommodations
from courses.assessment import actions as assessment
from courses.assessment.actions import Refused
from courses.assessment.items import is_right
from courses.assessment.models import AccommodationRequest, Attempt
from courses.assessment.regrading import Regraded, regrade_item, regrade_late
from courses.learning.completion import LessonFact, progress
from courses.learning.models import ActivityAnswer, Enrolment, EnrolmentQuerySet, LessonRecord
from courses.learning.step_records import locked_records
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import Cohort, CohortMembership, User
from courses.web.mail.outbox import send_text

logger = logging.getLogger(__name__)
ROUND = 500  # attempts closed at most in one round of the timer


class NotReached(Refused):
    """The step lies ahead of what the learner has reached."""


def enrol(user: User, course: Course, now: datetime) -> Enrolment:
    """The person's enrolment, pinned to the newest edition when it is new; a second call finds the first."""
    newest = {"edition": course.edition, "enrolled_at": now}
    found, _ = Enrolment.objects.get_or_create(user=user, course=course, defaults=newest)
    return found


def move_to_newest(course: Course) -> int:
    """Moves learners who have not completed the course to its newest edition, where that changed materially; how many.

    A material change is a lesson whose version its author raised. Others stay on the edition they began with; a
    completed course never changes.
    """
    moved = 0
    pending = Enrolment.objects.filter(course=course, completed_at=None).exclude(
        edition=course.edition
    )
    newest = (
        {lesson.key: lesson.version for lesson in content_of(course.edition_id).lessons}
        if course.edition_id
        else {}
    )
    for edition_id in pending.values_list("edition_id", flat=True).distinct():
        lessons = content_of(edition_id).lessons
        if any(newest.get(lesson.key, 0) > lesson.version for lesson in lessons):
            moved += _move(pending.filter(edition=edition_id), course)
    return moved


@transaction.atomic
def _move(pending: EnrolmentQuerySet, course: Course) -> int:
    """Moves these enrolments, locked first in the order of their people.

    An UPDATE of many alone would lock them in any order: see `_conclude_all`.
    """
    list(pending.order_by("user_id").select_for_update().values_list("pk"))
    return pending.update(edition=course.edition)


def begin_lesson(enrolment: Enrolment, lesson: content.Lesson, now: datetime) -> LessonRecord:
    """The record of a lesson, at its first step when it is new."""
    first = {
        "version": lesson.version,
        "step_key": lesson.steps[0].key,
        "started_at": now,
        "seen_at": now,
    }
    record, _ = LessonRecord.objects.get_or_create(
        enrolment=enrolment, lesson_key=lesson.key, defaults=first
    )
    return record


def reached_position(record: LessonRecord, lesson: content.Lesson, step: content.Step) -> int:
    """The position of a step the learner may read, from 1. Reading it writes nothing.

    Raises:
        NotReached: the step lies ahead of the furthest one reached.
    """
    position = lesson.position(step.key) or 1
    if position > record.furthest and not record.completed_at:
        raise NotReached("That step comes later. Here is where you were.")
    return position


def finish_step(
    record: LessonRecord, lesson: content.Lesson, step: content.Step, now: datetime
) -> content.Step | None:
    """Moves the learner on: the next step, or None when this was the last and the lesson is now completed.

    This alone moves the place where a learner carries on: looking back at an earlier step does not.

    Raises:
        NotReached: the step lies ahead of the furthest one reached.
    """
    position = reached_position(record, lesson, step)
    if position == len(lesson.steps):
        _complete_lesson(record.enrolment, lesson, now)
        return None
    following = lesson.steps[position]
    furthest = max(record.furthest, position + 1)
    mine = LessonRecord.objects.filter(pk=record.pk, furthest__lte=furthest)
    mine.update(step_key=following.key, furthest=furthest, seen_at=now)
    return following


def has_tested_out(
    lesson: content.Lesson, step: content.Step, answers: Mapping[str, object]
) -> bool:
    """Whether every check of the step is answered rightly, and the lesson lets such people go on at a later step.

    `answers` is by activity key; what is not in it is not answered.
    """
    if not lesson.test_out or lesson.test_out.step != step.key:
        return False
    asked = [block for block in step.blocks if block.item]
    return all(block.item and is_right(block.item, answers.get(block.key)) for block in asked)


def skip_steps(
    record: LessonRecord,
    lesson: content.Lesson,
    step: content.Step,
    answers: Mapping[str, object],
    now: datetime,
) -> content.Step:
    """Moves a learner who has shown that they know it past the steps that teach it; the step they go on at.

    Raises:
        NotReached: the checks are not all answered rightly, or the lesson leaves nothing out.
    """
    if not has_tested_out(lesson, step, answers) or lesson.test_out is None:
        raise NotReached(
            "Answer every question of this step rightly first. Here is where you were."
        )
    position = lesson.position(lesson.test_out.to) or 1
    following = lesson.steps[position - 1]
    furthest = max(record.furthest, position)
    mine = LessonRecord.objects.filter(pk=record.pk, furthest__lte=furthest)
    mine.update(step_key=following.key, furthest=furthest, seen_at=now)
    return following


@transaction.atomic
def _complete_lesson(enrolment: Enrolment, lesson: content.Lesson, now: datetime) -> None:
    records = locked_records(enrolment.user_id, enrolment.course_id)
    for record in records:
        if record.lesson_key == lesson.key:
            if record.completed_at is None or record.version < lesson.version:
                record.completed_at, record.version = now, lesson.version
            record.step_key, record.seen_at, record.furthest = (
                lesson.steps[0].key,
                now,
                len(lesson.steps),
            )
            record.save(
                update_fields=["completed_at", "version", "step_key", "seen_at", "furthest"]
            )
    complete_course_if_done(records, now)


def complete_course_if_done(
    records: list[LessonRecord], now: datetime, passed_now: str = ""
) -> bool:
    """Writes the moment of completion if the facts now make it, once; whether this call did.

    `records` come from `locked_records`; `passed_now` is a quiz passed in this transaction.
    """
    if not records:
        return False
    enrolment = records[0].enrolment
    course = content_of(enrolment.edition_id)
    facts = {
        r.lesson_key: LessonFact(r.step_key, r.furthest, r.completed_at is not None, r.version)
        for r in records
    }
    passed = {passed_now} - {""}
    if records[0].is_course_completed or not _lessons_done(course, facts):
        return False
    if {quiz.key for quiz in course.finals} - passed:
        taken = Attempt.objects.filter(
            user=enrolment.user_id, course=enrolment.course_id, passed=True
        )
        passed |= set(taken.exclude(state=Attempt.State.VOIDED).values_list("quiz_key", flat=True))
    if not progress(course, facts, passed).is_complete:
        return False
    return bool(
        Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=now)
    )


def _lessons_done(course: content.Course, facts: dict[str, LessonFact]) -> bool:
    """Whether it is worth asking for quizzes: every lesson is completed."""
    return all(one.is_completed for one in progress(course, facts, set()).lessons)


def answer_activity(
    enrolment: Enrolment, lesson_key: str, activity_key: str, answer: object, now: datetime
) -> None:
    """Keeps what a learner answered to an activity; a newer answer replaces it."""
    ActivityAnswer.objects.update_or_create(
        enrolment=enrolment,
        lesson_key=lesson_key,
        activity_key=activity_key,
        defaults={"answer": answer, "answered_at": now},
    )


def keep_intention(enrolment: Enrolment, text: str) -> None:
    """Keeps the one thing a learner means to do; empty takes it back."""
    Enrolment.objects.filter(pk=enrolment.pk).update(intention=text)


def regrade(actor: User, course: Course, item_key: str, reason: str, now: datetime) -> Regraded:
    """Marks an item again by its corrected key; who passes now and lacked only that completes the course.

    Two transactions: the run, and then what was handed in while it was on.

    Raises:
        NotComparable: see `regrade_item`.
    """
    with transaction.atomic():
        done = regrade_item(actor, course, item_key, reason, now)
        _complete_courses_if_done(done.newly_passed, now)
    with transaction.atomic():
        late = regrade_late(done.regrade)
        _complete_courses_if_done(late.newly_passed, now)
    return done + late


def _complete_courses_if_done(passed: Sequence[Attempt], now: datetime) -> None:
    """Completes the course where these attempts were the last thing missing.

    Call it inside their transaction. Enrolments are locked in the order of their people, as in
    `move_to_newest`, so that nothing waits in a circle.
    """
    for attempt in sorted(passed, key=lambda one: (one.user_id, one.quiz_key)):
        complete_course_if_done(
            locked_records(attempt.user_id, attempt.course_id), now, passed_now=attempt.quiz_key
        )


@transaction.atomic
def submit_attempt(user: User, attempt_key: UUID, now: datetime) -> Attempt:
    """Hands an attempt in, scores it and, where it was the last thing missing, completes the course: all or nothing.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: it was voided.
    """
    attempt, did_it = assessment.submit_attempt(user, attempt_key, now)
    if did_it:
        _with_completion(attempt, now)
    return attempt


@transaction.atomic
def request_accommodation(
    enrolment: Enrolment,
    course: content.Course,
    quiz: content.Quiz,
    wish: str,
    reason: str,
    now: datetime,
) -> AccommodationRequest:
    """A learner's request for one more attempt or more time, with a mail to each of their trainers.

    Raises:
        AskedAlready: one for the same is waiting; nobody gets another mail.
    """
    learner = enrolment.user
    request = accommodations.request_accommodation(
        learner, enrolment.course_id, quiz.key, wish, reason, now
    )
    for trainer, cohort in _trainers_of(learner, enrolment.course_id).items():
        _mail_request(request, trainer, cohort, course.key, f"{quiz.title}, {course.title}")
    return request


def _trainers_of(learner: User, course_id: int) -> dict[User, Cohort]:
    """Who may answer a request about this course: the trainers of the cohort that decides about the attempts."""
    place = (
        CohortMembership.objects.deciding(learner.pk, course_id).select_related("cohort").first()
    )
    if not place:
        return {}
    found: dict[User, Cohort] = {}
    for trainer in place.cohort.trainers.filter(is_active=True).exclude(pk=learner.pk):
        if Cohort.objects.trained_by(trainer).filter(pk=place.cohort_id).exists():
            found[trainer] = place.cohort
    return found


def _mail_request(
    request: AccommodationRequest, trainer: User, cohort: Cohort, course_key: str, title: str
) -> None:
    """The learner's reason is not in it: it may say more than should lie in a mailbox."""
    address = [cohort.key, course_key, request.user.key]
    context = {
        "request": request,
        "learner": request.user,
        "trainer": trainer,
        "cohort": cohort,
        "title": title,
        "url": settings.SITE_URL + reverse("courses:learner", args=address),
    }
    subject = f"{request.user.name} asks for {request.get_wish_display()}: {title}"
    send_text(subject, "learning/asked_for_more.txt", context, trainer.email)


def _with_completion(attempt: Attempt, now: datetime) -> None:
    """Completes the course where this attempt, just scored, was the last thing missing.

    One that ran out of time counts from its deadline, or from the last lesson finished since,
    whenever it is closed.
    """
    if not attempt.passed:
        return
    records = locked_records(attempt.user_id, attempt.course_id)
    moment = now
    if attempt.expired and attempt.submitted_at:
        finished = [record.completed_at for record in records if record.completed_at]
        moment = max([attempt.submitted_at, *finished])
    complete_course_if_done(records, moment, passed_now=attempt.quiz_key)


def open_attempt(
    user: User, course_id: int, edition_id: int, quiz: content.Quiz, now: datetime
) -> Attempt:
    """The attempt this person goes on with: the open one, or a new one.

    One whose time is over is closed first; where that passed, it is returned, and no new one
    begins. It stays closed also where no new one may begin.

    Raises:
        AttemptsUsedUp, TooSoon: see `assessment.actions.open_attempt`.
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
    raise refusal


@transaction.atomic
def close_expired_attempt(attempt_id: int, now: datetime) -> Attempt | None:
    """Closes one attempt whose time is over; it completes the course if only it was missing.

    None where there is nothing to close: see `assessment.actions.close_expired_attempt`.
    """
    attempt = assessment.close_expired_attempt(attempt_id, now)
    if attempt:
        _with_completion(attempt, now)
    return attempt


@dataclass(frozen=True)
class Closed:
    """What one round did: attempts closed, those that passed, and those that could not be marked.

    `last` is the id of the last one looked at, None where there was none.
    """

    closed: int
    passed: int
    failed: int
    last: int | None


def close_expired_attempts(now: datetime, after: int = 0, most: int = ROUND) -> Closed:
    """Closes attempts whose time is over, at most `most`, in the order of their ids, from `after` on.

    Each in a transaction of its own: a second run, or a second copy at the same time, finds them
    closed. One that cannot be marked is logged with its key and left as it is, and stops no other.
    """
    closed = passed = failed = 0
    pk = None
    rows = Attempt.objects.over(now).filter(pk__gt=after).order_by("pk").values_list("pk", "key")
    for pk, key in rows[:most]:
        try:
            attempt = close_expired_attempt(pk, now)
        except Exception:
            logger.exception("attempt %s could not be closed", key)
            failed += 1
            continue
        closed += attempt is not None
        passed += bool(attempt and attempt.passed)
    return Closed(closed, passed, failed, pk)
