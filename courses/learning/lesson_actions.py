"""Actions inside lessons: begin one, move from step to step, skip ahead, answer activities.

Enrolling, quizzes and the completion of courses are in `actions`.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from courses.assessment.actions import Refused
from courses.assessment.items import is_right
from courses.learning.actions import complete_course_if_done, locked_records
from courses.learning.completion import UntriedCheck, next_untried, untried_checks
from courses.learning.models import ActivityAnswer, Enrolment, LessonRecord
from courses.library import content

MOST_TRIES = 1000  # that are counted: nobody needs more, and the column has an end


class NotReached(Refused):
    """The step lies ahead of what the learner has reached."""


def begin_lesson(enrolment: Enrolment, lesson: content.Lesson, now: datetime) -> LessonRecord:
    """The record of a lesson: a new one at its first step, or the one there is."""
    # A second press changes nothing: the unique constraint lets only one record be there.
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
    record: LessonRecord,
    lesson: content.Lesson,
    step: content.Step,
    answers: Mapping[str, object],
    now: datetime,
) -> content.Step | None:
    """Moves the learner on to the next step, which is returned.

    None where the lesson ends: with its last step, or with any step once the last one was
    finished and no check is left to try. It is completed there if every check was tried, see
    `checks_to_try`; if not, the steps with such checks are gone through again, one by one. Only
    this and `skip_steps` move the place where a learner carries on; looking back at an earlier
    step does not. `answers` is by activity key, for the whole lesson.

    Raises:
        NotReached: the step lies ahead of the furthest one reached.
    """
    position = reached_position(record, lesson, step)
    is_last = position == len(lesson.steps)
    if not is_last and not is_at_end(record):
        return _move_to(record, lesson, position + 1, now)
    untried = checks_to_try(lesson, answers)
    if is_completed(record, lesson) or not untried:
        _complete_lesson(record.enrolment, lesson, now)
        return None
    _reach_end(record, now)
    return None if is_last else next_untried(position, untried)


def is_completed(record: LessonRecord, lesson: content.Lesson) -> bool:
    """Whether the lesson is completed as it is now, and not only as it was once."""
    return record.completed_at is not None and record.version >= lesson.version


def is_at_end(record: LessonRecord) -> bool:
    """Whether the last step was finished with checks left to try, and nothing completed since."""
    if record.ended_at is None:
        return False
    return record.completed_at is None or record.completed_at < record.ended_at


def checks_to_try(lesson: content.Lesson, answers: Mapping[str, object]) -> list[UntriedCheck]:
    """The checks that keep the lesson from being done, in its order.

    `answers` is by activity key; what is not in it was not tried.
    """
    return untried_checks(lesson, answers, has_tested_out=_has_shown_to_know(lesson, answers))


def _has_shown_to_know(lesson: content.Lesson, answers: Mapping[str, object]) -> bool:
    if not lesson.test_out:
        return False
    tested_at = lesson.position(lesson.test_out.step) or 1
    return has_tested_out(lesson, lesson.steps[tested_at - 1], answers)


def _reach_end(record: LessonRecord, now: datetime) -> None:
    """Notes that the last step was finished, though checks are left to try."""
    if not is_at_end(record):
        LessonRecord.objects.filter(pk=record.pk).update(ended_at=now)


def has_tested_out(
    lesson: content.Lesson, step: content.Step, answers: Mapping[str, object]
) -> bool:
    """Whether the learner may skip steps of the lesson from this one.

    They may where the lesson allows it at this step, and every check of the step is answered
    rightly. `answers` is by activity key; what is not in it is not answered.
    """
    if not lesson.test_out or lesson.test_out.step != step.key:
        return False
    checks = {block.key: block.item for block in step.blocks if block.item}
    return all(is_right(item, answers.get(key)) for key, item in checks.items())


def skip_steps(
    record: LessonRecord,
    lesson: content.Lesson,
    step: content.Step,
    answers: Mapping[str, object],
    now: datetime,
) -> content.Step:
    """Moves a learner past the steps that teach what they have shown they know.

    Returns the step where they carry on.

    Raises:
        NotReached: not every check is answered rightly, or the lesson skips nothing here.
    """
    if not has_tested_out(lesson, step, answers) or lesson.test_out is None:
        raise NotReached(
            "Answer every question of this step rightly first. Here is where you were."
        )
    return _move_to(record, lesson, lesson.position(lesson.test_out.to) or 1, now)


def _move_to(
    record: LessonRecord, lesson: content.Lesson, position: int, now: datetime
) -> content.Step:
    """Lets the learner carry on at this position, from 1; the step there."""
    step = lesson.steps[position - 1]
    furthest = max(record.furthest, position)
    # Another window may have got further since `record` was fetched: that is kept.
    rows = LessonRecord.objects.filter(pk=record.pk, furthest__lte=furthest)
    rows.update(step_key=step.key, furthest=furthest, seen_at=now)
    return step


@transaction.atomic
def _complete_lesson(enrolment: Enrolment, lesson: content.Lesson, now: datetime) -> None:
    """Completes the lesson and, where it was the last thing missing, the course."""
    # Locked before anything is written: two lessons finished at once are counted one by one.
    records = locked_records(enrolment.user_id, enrolment.course_id)
    for record in records:
        if record.lesson_key != lesson.key:
            continue
        # Going through a completed lesson again does not move the moment of its completion.
        if record.completed_at is None or record.version < lesson.version:
            record.completed_at = now
            record.version = lesson.version
        record.step_key = lesson.steps[0].key
        record.seen_at = now
        record.furthest = len(lesson.steps)
        record.save(update_fields=["completed_at", "version", "step_key", "seen_at", "furthest"])
    complete_course_if_done(records, now)


@transaction.atomic
def answer_activity(
    enrolment: Enrolment,
    lesson_key: str,
    activity_key: str,
    answer: object,
    now: datetime,
    *,
    tries_seen: int | None = None,
) -> ActivityAnswer:
    """Saves a learner's answer to an activity, as one try more; a newer answer replaces it.

    `tries_seen` is how many tries the page had shown, None where it does not say. By it the second
    press of one button is told from the same answer given again: the press changes nothing.
    """
    place = {"enrolment": enrolment, "lesson_key": lesson_key, "activity_key": activity_key}
    first = {"answer": answer, "answered_at": now, "tries": 1}
    rows = ActivityAnswer.objects.select_for_update()
    row, is_first = rows.get_or_create(**place, defaults=first)
    is_repeated = row.answer == answer and row.tries != tries_seen
    if is_first or is_repeated:
        return row
    row.answer = answer
    row.answered_at = now
    row.tries = min(row.tries + 1, MOST_TRIES)
    row.save(update_fields=["answer", "answered_at", "tries"])
    return row
