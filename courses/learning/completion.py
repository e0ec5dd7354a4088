"""When a course is complete, and how far somebody is: one pure function from facts. No rows, no pages, no clock."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from courses.library.content import Course, Lesson, Quiz


@dataclass(frozen=True)
class LessonFact:
    """What is stored of a lesson: the step last seen, how many steps were reached, whether and in which version it was
    finished.
    """

    step_key: str
    furthest: int
    is_completed: bool
    version: int = 1


@dataclass(frozen=True)
class LessonProgress:
    """One lesson of the course for one learner, counted from 1, 0 when it was never begun.

    `step` is where to carry on, `furthest` the highest reached: going back to look does not undo progress.
    """

    lesson: Lesson
    step: int
    furthest: int
    is_completed: bool
    is_outdated: bool  # it was completed, and has changed materially since

    @property
    def is_started(self) -> bool:
        return self.step > 0

    @property
    def steps(self) -> int:
        return len(self.lesson.steps)

    @property
    def state(self) -> str:
        """One of done, under-way, not-started."""
        if self.is_completed:
            return "done"
        return "under-way" if self.is_started else "not-started"

    @property
    def words(self) -> str:
        """The state as every page, table and file says it."""
        if self.is_completed:
            return "Done"
        if self.is_outdated:
            return "Changed: look again"
        return f"Step {self.furthest} of {self.steps}" if self.is_started else "Not started"

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes, at least a minute while it is not completed."""
        if self.is_completed:
            return 0
        return max(
            1, round(self.lesson.minutes * (self.steps - max(self.step, 1) + 1) / self.steps)
        )


@dataclass(frozen=True)
class QuizProgress:
    quiz: Quiz
    is_passed: bool


@dataclass(frozen=True)
class Progress:
    """How far one learner is on one edition. A course is complete when every lesson is completed and every final passed."""

    lessons: tuple[LessonProgress, ...]
    finals: tuple[QuizProgress, ...]

    @property
    def done(self) -> int:
        """Parts finished: completed lessons and passed final quizzes."""
        return sum(one.is_completed for one in self.lessons) + sum(
            one.is_passed for one in self.finals
        )

    @property
    def total(self) -> int:
        return len(self.lessons) + len(self.finals)

    @property
    def percent(self) -> int:
        """Whole percent of the parts, 100 only when all are finished."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def minutes(self) -> int:
        """Individual CPD minutes of the finished parts: what the catalogue says they take, not time measured."""
        lessons = sum(one.lesson.minutes for one in self.lessons if one.is_completed)
        return lessons + sum(one.quiz.minutes for one in self.finals if one.is_passed)

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def next_lesson(self) -> LessonProgress | None:
        """The first lesson that is not completed, None when all are."""
        return next((one for one in self.lessons if not one.is_completed), None)

    @property
    def next_quiz(self) -> QuizProgress | None:
        """The first final quiz that is not passed, None when all are."""
        return next((one for one in self.finals if not one.is_passed), None)


def resume_at(lesson: Lesson, step_key: str, furthest: int) -> int:
    """The step, from 1, where a learner carries on: the one last seen, or if it is gone, the furthest there still is."""
    return lesson.position(step_key) or min(furthest, len(lesson.steps))


def progress(course: Course, lessons: Mapping[str, LessonFact], passed: Set[str]) -> Progress:
    """The progress that these facts make on this edition.

    `lessons` is by lesson key; keys the edition does not have do not count. `passed` is the keys of quizzes passed.
    A step that the edition no longer has carries on at the furthest step it has. A lesson finished in an older version
    than the edition's is to be looked at again.
    """
    standings = []
    for lesson in course.lessons:
        fact = lessons.get(lesson.key)
        step = resume_at(lesson, fact.step_key, fact.furthest) if fact else 0
        furthest = max(step, min(fact.furthest, len(lesson.steps))) if fact else 0
        finished = bool(fact and fact.is_completed)
        outdated = bool(fact and fact.is_completed and fact.version < lesson.version)
        standings.append(
            LessonProgress(lesson, step, furthest, finished and not outdated, outdated)
        )
    finals = tuple(QuizProgress(quiz, quiz.key in passed) for quiz in course.finals)
    return Progress(tuple(standings), finals)
