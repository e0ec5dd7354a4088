"""Deeds of learning: enrol, begin and go through lessons, answer activities, hand in a quiz, and complete the course."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from courses.assessment.actions import Refused, submit_attempt
from courses.assessment.items import is_right
from courses.assessment.models import Attempt
from courses.assessment.remarks import Remarked, remark_item
from courses.learning.completion import LessonFact, progress
from courses.learning.models import ActivityAnswer, Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User


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
    pending = Enrolment.objects.filter(course=course, completed_at=None).exclude(edition=course.edition)
    newest = (
        {lesson.key: lesson.version for lesson in content_of(course.edition_id).lessons} if course.edition_id else {}
    )
    for edition_id in pending.values_list("edition_id", flat=True).distinct():
        lessons = content_of(edition_id).lessons
        if any(newest.get(lesson.key, 0) > lesson.version for lesson in lessons):
            moved += pending.filter(edition=edition_id).update(edition=course.edition)
    return moved


def begin_lesson(enrolment: Enrolment, lesson: content.Lesson, now: datetime) -> LessonRecord:
    """The record of a lesson, at its first step when it is new."""
    first = {"version": lesson.version, "step_key": lesson.steps[0].key, "started_at": now, "seen_at": now}
    record, _ = LessonRecord.objects.get_or_create(enrolment=enrolment, lesson_key=lesson.key, defaults=first)
    return record


def visit_step(record: LessonRecord, lesson: content.Lesson, step: content.Step, now: datetime) -> None:
    """Remembers where the learner is; no SQL when it is the same step as before.

    Raises:
        NotReached: the step lies ahead of the furthest one reached.
    """
    position = lesson.position(step.key) or 1
    if position > record.furthest and not record.completed_at:
        raise NotReached("That step comes later. Here is where you were.")
    if record.step_key != step.key:
        LessonRecord.objects.filter(pk=record.pk).update(step_key=step.key, seen_at=now)


def finish_step(record: LessonRecord, lesson: content.Lesson, step: content.Step, now: datetime) -> content.Step | None:
    """Moves the learner on: the next step, or None when this was the last and the lesson is now completed.

    Raises:
        NotReached: the step lies ahead of the furthest one reached.
    """
    position = lesson.position(step.key) or 1
    if position > record.furthest and not record.completed_at:
        raise NotReached("That step comes later. Here is where you were.")
    if position == len(lesson.steps):
        _complete_lesson(record.enrolment, lesson, now)
        return None
    following = lesson.steps[position]
    furthest = max(record.furthest, position + 1)
    mine = LessonRecord.objects.filter(pk=record.pk, furthest__lte=furthest)
    mine.update(step_key=following.key, furthest=furthest, seen_at=now)
    return following


def has_tested_out(lesson: content.Lesson, step: content.Step, answers: Mapping[str, object]) -> bool:
    """Whether every check of the step is answered rightly, and the lesson lets such people go on at a later step.

    `answers` is by activity key; what is not in it is not answered.
    """
    if not lesson.test_out or lesson.test_out.step != step.key:
        return False
    asked = [block for block in step.blocks if block.item]
    return all(block.item and is_right(block.item, answers.get(block.key)) for block in asked)


def skip_steps(
    record: LessonRecord, lesson: content.Lesson, step: content.Step, answers: Mapping[str, object], now: datetime
) -> content.Step:
    """Moves a learner who has shown that they know it past the steps that teach it; the step they go on at.

    Raises:
        NotReached: the checks are not all answered rightly, or the lesson leaves nothing out.
    """
    if not has_tested_out(lesson, step, answers) or lesson.test_out is None:
        raise NotReached("Answer every question of this step rightly first. Here is where you were.")
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
            record.step_key, record.seen_at, record.furthest = lesson.steps[0].key, now, len(lesson.steps)
            record.save(update_fields=["completed_at", "version", "step_key", "seen_at", "furthest"])
    conclude(records, now)


def locked_records(user_id: int, course_id: int) -> list[LessonRecord]:
    """The lesson records of an enrolment, locked with the enrolment itself until the transaction ends, in one order.

    Whoever may complete the course reads it through here, so that of two last deeds at once the later one sees both.
    """
    rows = LessonRecord.objects.filter(enrolment__user=user_id, enrolment__course=course_id)
    return list(rows.select_related("enrolment").select_for_update(of=("self", "enrolment")).order_by("pk"))


def conclude(records: list[LessonRecord], now: datetime, passed_now: str = "") -> bool:
    """Writes the moment of completion if the facts now make it, once; whether this call did.

    `records` come from `locked_records`; `passed_now` is a quiz passed in this transaction.
    """
    if not records:
        return False
    enrolment = records[0].enrolment
    course = content_of(enrolment.edition_id)
    facts = {r.lesson_key: LessonFact(r.step_key, r.furthest, r.completed_at is not None, r.version) for r in records}
    passed = {passed_now} - {""}
    if enrolment.completed_at or not _lessons_done(course, facts):
        return False
    if {quiz.key for quiz in course.finals} - passed:
        taken = Attempt.objects.filter(user=enrolment.user_id, course=enrolment.course_id, passed=True)
        passed |= set(taken.exclude(state=Attempt.State.VOIDED).values_list("quiz_key", flat=True))
    if not progress(course, facts, passed).is_complete:
        return False
    return bool(Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=now))


def _lessons_done(course: content.Course, facts: dict[str, LessonFact]) -> bool:
    """Whether it is worth asking for quizzes: every lesson is completed."""
    return all(one.is_completed for one in progress(course, facts, set()).lessons)


def answer_activity(enrolment: Enrolment, lesson_key: str, activity_key: str, answer: object, now: datetime) -> None:
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


@transaction.atomic
def remark(actor: User, course: Course, item_key: str, reason: str, now: datetime) -> Remarked:
    """Marks an item again by its corrected key; who passes now and lacked only that completes the course.

    Raises:
        NotComparable: see `remark_item`.
    """
    done = remark_item(actor, course, item_key, reason, now)
    for attempt in done.newly_passed:
        conclude(locked_records(attempt.user_id, attempt.course_id), now, passed_now=attempt.quiz_key)
    return done


@transaction.atomic
def hand_in(user: User, attempt_key: UUID, now: datetime) -> Attempt:
    """Hands an attempt in, scores it and, where it was the last thing missing, completes the course: all or nothing.

    Raises:
        Attempt.DoesNotExist: not this person's attempt.
        NotOpen: it was voided.
    """
    attempt, did_it = submit_attempt(user, attempt_key, now)
    if did_it and attempt.passed:
        conclude(locked_records(user.pk, attempt.course_id), now, passed_now=attempt.quiz_key)
    return attempt
