"""A learner's lessons as dots: one shape for each lesson, and the same in words.

Used by the table and by the picture, so that the two never disagree.
"""

from collections import defaultdict
from dataclasses import dataclass

from courses.dashboards.queries import Learner, newest_content
from courses.learning.completion import LessonProgress

OUTDATED = "outdated"
LEGEND = (
    ("done", "Done"),
    ("under-way", "Begun"),
    (OUTDATED, "Changed since, to look at again"),
    ("not-started", "Not started"),
)


@dataclass(frozen=True)
class Dots:
    """The lessons of the edition that a learner is pinned to.

    `shapes` has the class of each lesson's dot, in the order of the course, and `words` which
    lesson is where, by their numbers from 1.
    """

    done: int
    shapes: tuple[str, ...]
    words: str

    @property
    def total(self) -> int:
        return len(self.shapes)


def dots_of(learner: Learner) -> Dots:
    """The dots of one learner; who has not begun has those of the newest edition, all empty."""
    row = learner.enrolment_progress
    if not row:
        total = len(newest_content(learner.assignment).lessons)
        return Dots(0, ("not-started",) * total, "")
    lessons = row.progress.lessons
    shapes = tuple(_shape(lesson) for lesson in lessons)
    done = len(lessons) - row.progress.lessons_left
    return Dots(done, shapes, _words(lessons))


def _shape(lesson: LessonProgress) -> str:
    return OUTDATED if lesson.is_outdated else lesson.state


def _words(lessons: tuple[LessonProgress, ...]) -> str:
    """As "Done: 1 to 3. Begun: 4. Not started: 5, 6." for who does not see the dots."""
    numbers = defaultdict(list)
    for number, lesson in enumerate(lessons, start=1):
        numbers[_lesson_words(lesson)].append(number)
    parts = [f"{words}: {_ranges(found)}." for words, found in numbers.items()]
    return " ".join(parts)


def _lesson_words(lesson: LessonProgress) -> str:
    """The words of the lesson; a step is too much where there is one dot for each lesson."""
    if lesson.is_outdated:
        return "Changed since"
    is_before_joining = lesson.words == "Begun before joining"
    if lesson.state == "under-way" and not is_before_joining:
        return "Begun"
    return lesson.words


def _ranges(numbers: list[int]) -> str:
    """Rising numbers, those that follow each other drawn together: "1 to 3, 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
