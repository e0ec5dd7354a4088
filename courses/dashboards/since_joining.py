"""What the trainers of a cohort see of a learner: what came since the learner joined it.

What came before belongs to no assignment of the cohort, and is seen in words without dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from courses.learning.completion import LessonProgress
from courses.learning.queries import AttemptFact, EnrolmentProgress


@dataclass(frozen=True)
class LessonBeforeJoining(LessonProgress):
    """A lesson last touched before joining: its trainers see no step and no date of it."""

    @property
    def words(self) -> str:
        if self.is_outdated:
            return super().words
        return "Done before joining" if self.is_completed else "Begun before joining"


def since_joining(moment: datetime | None, joined_at: datetime) -> datetime | None:
    """The moment, or None where it was before the learner joined."""
    return moment if moment and moment >= joined_at else None


def progress_since(enrolment_progress: EnrolmentProgress, joined_at: datetime) -> EnrolmentProgress:
    """A learner's progress as the trainers of a cohort see it, joined at this moment.

    Attempts opened before are left out, and the others are numbered from 1; a lesson last
    touched before has no step.
    """
    if enrolment_progress.enrolment.enrolled_at >= joined_at:
        return enrolment_progress  # nothing came before
    lessons = tuple(_lessons_since(enrolment_progress, joined_at))
    return replace(
        enrolment_progress,
        progress=replace(enrolment_progress.progress, lessons=lessons),
        attempts=tuple(_attempts_since(enrolment_progress, joined_at)),
        voided=(),
    )


def _lessons_since(
    enrolment_progress: EnrolmentProgress, joined_at: datetime
) -> Sequence[LessonProgress]:
    lessons: list[LessonProgress] = []
    for lesson in enrolment_progress.progress.lessons:
        touched_at = enrolment_progress.lesson_at.get(lesson.lesson.key)
        if touched_at is not None and touched_at < joined_at:
            lessons.append(LessonBeforeJoining(**vars(lesson)))
        else:
            lessons.append(lesson)
    return lessons


def _attempts_since(
    enrolment_progress: EnrolmentProgress, joined_at: datetime
) -> Sequence[AttemptFact]:
    earlier = _numbers_before(enrolment_progress, joined_at)
    attempts = []
    for attempt in enrolment_progress.attempts:
        if attempt.opened_at >= joined_at:
            number = attempt.number - earlier.get(attempt.quiz_key, 0)
            attempts.append(replace(attempt, number=number))
    return attempts


def _numbers_before(enrolment_progress: EnrolmentProgress, joined_at: datetime) -> dict[str, int]:
    """The highest number of an attempt opened before joining, by quiz key.

    Voided ones count: their numbers are never given again.
    """
    numbers: dict[str, int] = {}
    for attempt in (*enrolment_progress.attempts, *enrolment_progress.voided):
        if attempt.opened_at < joined_at:
            key = attempt.quiz_key
            numbers[key] = max(attempt.number, numbers.get(key, 0))
    return numbers


def quizzes_passed_before(
    enrolment_progress: EnrolmentProgress, joined_at: datetime
) -> frozenset[str]:
    """The keys of the quizzes passed in an attempt opened before joining."""
    keys = set()
    for attempt in enrolment_progress.attempts:
        if attempt.passed and attempt.opened_at < joined_at:
            keys.add(attempt.quiz_key)
    return frozenset(keys)
