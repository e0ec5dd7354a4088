"""When a course is complete, and how far somebody is: one pure function from facts.

No rows, no pages and no clock. The facts are fetched in `queries`.
"""

from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import dataclass

from courses.learning.duration import minutes_from
from courses.library.content import Block, Course, Lesson, Quiz, Step


@dataclass(frozen=True)
class LessonFact:
    """What is stored of a lesson that was begun.

    `step_key` is the step last seen, `furthest` the highest step reached, counted from 1, and
    `version` the lesson's version when it was begun or, where it is completed, finished.
    `is_at_end`: its last step was finished with checks left to try.
    """

    step_key: str
    furthest: int
    is_completed: bool
    version: int = 1
    is_at_end: bool = False


@dataclass(frozen=True)
class LessonProgress:
    """One lesson of the course for one learner.

    `step` is where to carry on and `furthest` the highest step reached, both counted from 1, and
    0 when the lesson was never begun: going back to look does not undo progress. `is_outdated`:
    it was completed and has changed materially since, so it is not completed any more.
    `is_at_end`: it was read to its end, and checks are left to try.
    """

    lesson: Lesson
    step: int
    furthest: int
    is_completed: bool
    is_outdated: bool
    is_at_end: bool = False

    @property
    def is_started(self) -> bool:
        return self.step > 0

    @property
    def steps(self) -> int:
        return len(self.lesson.steps)

    @property
    def state(self) -> str:
        """One of done, under-way, not-started: the class that templates style it by."""
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
        if not self.is_started:
            return "Not started"
        if self.is_at_end:
            return "Questions left to try"
        return f"Step {self.furthest} of {self.steps}"

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes, at least a minute while it is not completed."""
        if self.is_completed:
            return 0
        # The step where the learner is has still to be read.
        return minutes_from(self.lesson, max(self.step, 1))


@dataclass(frozen=True)
class QuizProgress:
    """One final quiz of the course for one learner."""

    quiz: Quiz
    is_passed: bool


@dataclass(frozen=True)
class Progress:
    """How far one learner is on one edition.

    A course is complete when every lesson is completed and every final quiz passed.
    """

    lessons: tuple[LessonProgress, ...]
    finals: tuple[QuizProgress, ...]

    @property
    def done(self) -> int:
        """Parts finished: completed lessons and passed final quizzes."""
        lessons = sum(lesson.is_completed for lesson in self.lessons)
        finals = sum(final.is_passed for final in self.finals)
        return lessons + finals

    @property
    def total(self) -> int:
        return len(self.lessons) + len(self.finals)

    @property
    def percent(self) -> int:
        """Whole percent of the parts, 100 only when all are finished."""
        # Rounded down: 99.6 percent is not finished.
        return 100 * self.done // self.total if self.total else 0

    @property
    def minutes(self) -> int:
        """Individual CPD minutes of the finished parts.

        They are what the catalogue says the parts take, not time measured.
        """
        minutes = 0
        for row in self.lessons:
            if row.is_completed:
                minutes += row.lesson.minutes
        for final in self.finals:
            if final.is_passed:
                minutes += final.quiz.minutes
        return minutes

    @property
    def is_complete(self) -> bool:
        # An edition without any part is never complete.
        return self.total > 0 and self.done == self.total

    @property
    def lessons_left(self) -> int:
        """How many lessons are not completed."""
        return sum(not lesson.is_completed for lesson in self.lessons)

    @property
    def next_lesson(self) -> LessonProgress | None:
        """The first lesson that is not completed, None when all are."""
        for lesson in self.lessons:
            if not lesson.is_completed:
                return lesson
        return None

    @property
    def next_quiz(self) -> QuizProgress | None:
        """The first final quiz that is not passed, None when all are."""
        for final in self.finals:
            if not final.is_passed:
                return final
        return None


@dataclass(frozen=True)
class UntriedCheck:
    """A check of a lesson without an answer yet: its block, and the step it is on.

    `position` is that of the step in the lesson, from 1.
    """

    block: Block
    step: Step
    position: int


def untried_checks(
    lesson: Lesson, tried: Container[str], *, has_tested_out: bool
) -> list[UntriedCheck]:
    """The checks that are still to try before the lesson counts as done, in its order.

    A check is an activity that asks an item; every answer to it counts, right or wrong. `tried`
    is by activity key. `has_tested_out`: the learner has shown that they know what the steps
    teach that the lesson lets them skip, so the checks of those are not needed.
    """
    excused = _skippable_positions(lesson) if has_tested_out else range(0)
    untried = []
    for position, step in enumerate(lesson.steps, start=1):
        if position in excused:
            continue
        for block in step.blocks:
            if block.item and block.key not in tried:
                untried.append(UntriedCheck(block, step, position))
    return untried


def _skippable_positions(lesson: Lesson) -> range:
    """The positions of the steps between the one with the test and the one it leads to."""
    if not lesson.test_out:
        return range(0)
    tested_at = lesson.position(lesson.test_out.step) or 0
    leads_to = lesson.position(lesson.test_out.to) or 0
    return range(tested_at + 1, leads_to)


def next_untried(position: int, untried: Sequence[UntriedCheck]) -> Step | None:
    """The next step after this position that has a check to try, None where none has."""
    for check in untried:
        if check.position > position:
            return check.step
    return None


def resume_at(lesson: Lesson, step_key: str, furthest: int) -> int:
    """The position of the step, from 1, where a learner carries on.

    It is the step last seen or, where the lesson has lost that, the furthest that it still has.
    """
    last_seen = lesson.position(step_key)
    return last_seen or min(furthest, len(lesson.steps))


def progress(course: Course, lessons: Mapping[str, LessonFact], passed: Set[str]) -> Progress:
    """The progress that these facts make on this edition.

    `lessons` is by lesson key, without those never begun; `passed` is the keys of passed quizzes.
    Keys that the edition does not have do not count.
    """
    rows = tuple(_lesson_progress(lesson, lessons.get(lesson.key)) for lesson in course.lessons)
    finals = tuple(QuizProgress(quiz, quiz.key in passed) for quiz in course.finals)
    return Progress(rows, finals)


def _lesson_progress(lesson: Lesson, fact: LessonFact | None) -> LessonProgress:
    if not fact:
        return LessonProgress(lesson, 0, 0, is_completed=False, is_outdated=False)
    step = resume_at(lesson, fact.step_key, fact.furthest)
    # The edition may have fewer steps than the one in which they were reached.
    furthest = max(step, min(fact.furthest, len(lesson.steps)))
    is_outdated = fact.is_completed and fact.version < lesson.version
    is_completed = fact.is_completed and not is_outdated
    is_at_end = fact.is_at_end and not fact.is_completed
    return LessonProgress(lesson, step, furthest, is_completed, is_outdated, is_at_end)
