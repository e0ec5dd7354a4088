"""What is seen only when files of a course are compared: lesson lists, outcomes, pools of quizzes.

The files are read in `authoring.courses`; one item or one lesson by itself is checked in the
modules beside this one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.authoring import schema
from courses.authoring.reading.diagnostics import Problems, line_of
from courses.library import content


@dataclass(frozen=True)
class AuthoredLesson:
    """A lesson with its file.

    `lines` has the lines of steps and activities by their key, of outcomes and fields of the front
    matter by `key:`.
    """

    lesson: content.Lesson
    path: Path
    lines: Mapping[str, int]

    def line(self, key: str) -> int:
        return self.lines.get(key, 1)


@dataclass(frozen=True)
class LocatedItem:
    """An item with its file and its first line there."""

    item: content.Item
    path: Path
    line: int


def check_lessons(
    path: Path, data: Any, front: schema.Course, lessons: list[content.Lesson], problems: Problems
) -> None:
    """The course lists the lessons that are written, each once, and its key is its folder's name.

    `path`, `data` and `front` are course.yaml: where it is, as YAML with lines, and validated.
    """
    folder = path.parent.name
    if front.key != folder:
        line = line_of(data, ["key"], 1)
        problems.add(path, line, "key", f"does not fit the folder; write {folder!r}")
    line = line_of(data, ["lessons"], 1)
    written = {lesson.key for lesson in lessons}
    # A lesson that cannot be read has its own problems; that it is missing would be one too many.
    known = written | keys_of_lesson_files(path.parent)
    for position, key in enumerate(front.lessons):
        if key not in known:
            what = f"no lesson has the key {key!r}; write its file"
            problems.add(path, line, f"lessons.{position}", what)
    for key, times in _repeated(front.lessons):
        what = f"lesson {key!r} is listed {times} times; list it once"
        problems.add(path, line, "lessons", what)
    for key in sorted(written - set(front.lessons)):
        problems.add(path, line, "lessons", f"lesson {key!r} is not in the list; add it")


def keys_of_lesson_files(folder: Path) -> set[str]:
    """The keys in the names of a course's lesson files, of those too that cannot be read."""
    files = (folder / "lessons").glob("[0-9][0-9]-*.md")
    return {path.stem.partition("-")[2] for path in files}


def check_items(
    front: schema.Course,
    lessons: list[content.Lesson],
    items: list[LocatedItem],
    problems: Problems,
) -> None:
    """Every item belongs to a lesson, to one of its outcomes and to quizzes that exist."""
    by_key = {lesson.key: lesson for lesson in lessons}
    quizzes = {quiz.key for quiz in front.quizzes}
    for located in items:
        item = located.item
        lesson = by_key.get(item.lesson)
        if lesson:
            for what in _lesson_errors(item, lesson):
                problems.add(located.path, located.line, item.key, what)
        elif item.lesson not in keys_of_lesson_files(located.path.parent.parent):
            what = f"is {item.lesson!r}, which does not exist; name a lesson of the course"
            problems.add(located.path, 1, "lesson", what)
        for quiz in sorted(set(item.use) - quizzes):
            what = f"is for quiz {quiz!r}, which course.yaml does not have; name one it has"
            problems.add(located.path, located.line, item.key, what)


def _lesson_errors(item: content.Item, lesson: content.Lesson) -> Iterator[str]:
    """What an item names that its lesson does not have: an outcome, or the step that taught it."""
    if item.step and lesson.position(item.step) is None:
        steps = ", ".join(step.key for step in lesson.steps)
        yield f"names step {item.step!r}, which lesson {lesson.key!r} does not have; use {steps}"
    known = sorted(outcome.key for outcome in lesson.outcomes)
    if item.outcome not in known:
        tested = f"outcome {item.outcome!r}, which lesson {lesson.key!r} does not have"
        yield f"tests {tested}; use {', '.join(known)}"


def check_outcomes(
    front: schema.Course, lessons: list[AuthoredLesson], tested: set[str], problems: Problems
) -> None:
    """An outcome belongs to one lesson, and where a course has quizzes an item tests it."""
    owners: dict[str, str] = {}
    for written in lessons:
        lesson_key = written.lesson.key
        for outcome in written.lesson.outcomes:
            owner = owners.setdefault(outcome.key, lesson_key)
            line = written.line(f"{outcome.key}:")
            if owner != lesson_key:
                what = f"is an outcome of lesson {owner!r} too; give this one another key"
                problems.add(written.path, line, outcome.key, what)
            elif front.quizzes and outcome.key not in tested:
                what = "is an outcome that no item tests; write an item for it"
                problems.add(written.path, line, outcome.key, what)


def check_quizzes(
    path: Path,
    data: Any,
    front: schema.Course,
    items: list[content.Item] | None,
    problems: Problems,
) -> None:
    """Every quiz has a key of its own and a pool of items that can be drawn from.

    `items` is None when some could not be read: then the pools are not known, and not checked.
    """
    if items is not None:
        for position, quiz in enumerate(front.quizzes):
            pool = [item for item in items if quiz.key in item.use]
            place = (path, line_of(data, ["quizzes", position], 1), f"quizzes.{position}")
            _check_pool(quiz, pool, place, problems)
    line = line_of(data, ["quizzes"], 1)
    for key, times in _repeated(quiz.key for quiz in front.quizzes):
        problems.add(path, line, key, f"is the key of {times} quizzes; keys are used once")


def _check_pool(
    quiz: schema.Quiz, pool: list[content.Item], place: tuple[Path, int, str], problems: Problems
) -> None:
    errors = list(_pool_errors(quiz, pool))
    for what in errors:
        problems.add(*place, what)
    if not errors:
        for what in _pool_advice(quiz, pool):
            problems.warn(*place, what)


def _pool_errors(quiz: schema.Quiz, pool: list[content.Item]) -> Iterator[str]:
    """Why a quiz cannot be drawn as `assessment.actions.draw_items` draws it.

    One item of each parallel group is drawn first, beginning with the groups that have critical
    items.
    """
    groups = {item.parallel for item in pool}
    critical = {item.parallel for item in pool if item.critical}
    if len(pool) < quiz.draw:
        yield f"draws {quiz.draw} of {len(pool)} items; write more items, or draw fewer"
    elif len(pool) < 2 * quiz.draw:
        size = f"has a pool of {len(pool)} for a draw of {quiz.draw}"
        yield f"{size}; write items until it is twice as large"
    elif len(groups) < quiz.draw:
        drawn = f"draws {quiz.draw} items of {len(groups)} groups, so two test the same"
        yield f"{drawn}; write more groups, or draw fewer"
    if len(critical) > quiz.draw:
        drawn = f"draws {quiz.draw} items, but {len(critical)} groups are critical"
        yield f"{drawn}; draw at least one of each"


def _pool_advice(quiz: schema.Quiz, pool: list[content.Item]) -> Iterator[str]:
    """A second attempt should meet another item of each group."""
    if quiz.kind != "final" or quiz.attempts == 1:
        return
    for group, times in Counter(item.parallel for item in pool).items():
        if times == 1:
            yield (
                f"has one item of group {group!r}, so a second attempt meets it again;"
                " write a parallel one"
            )


def _repeated(keys: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The keys that are there more than once, with how often."""
    for key, times in Counter(keys).items():
        if times > 1:
            yield key, times
