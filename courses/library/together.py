"""What is only seen when the files of a course are held together: lists, outcomes, pools. Reading them is in `files`."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.library import content, schema
from courses.library.problems import Problems, line_of


@dataclass(frozen=True)
class Placed:
    """An item with the file and line it stands at, for what is only seen when the files are held together."""

    item: content.Item
    path: Path
    line: int


def check_lessons(
    path: Path, data: Any, front: schema.Course, lessons: list[content.Lesson], problems: Problems
) -> None:
    """The lessons listed are those written, each once; the course's key is its folder's name."""
    line, keys = line_of(data, ["lessons"], 1), {lesson.key for lesson in lessons}
    if front.key != path.parent.name:
        problems.add(path, line_of(data, ["key"], 1), "key", f"does not fit the folder; write {path.parent.name!r}")
    for n, key in enumerate(front.lessons):
        if key not in keys:
            problems.add(path, line, f"lessons.{n}", f"no lesson has the key {key!r}; write its file")
    for key, times in Counter(front.lessons).items():
        if times > 1:
            problems.add(path, line, "lessons", f"lesson {key!r} is listed {times} times; list it once")
    for key in sorted(keys - set(front.lessons)):
        problems.add(path, line, "lessons", f"lesson {key!r} is not in the list; add it")


def check_items(front: schema.Course, lessons: list[content.Lesson], placed: list[Placed], problems: Problems) -> None:
    """Every item belongs to a lesson, an outcome and a quiz that exist."""
    keys = {lesson.key for lesson in lessons}
    outcomes = {outcome.key for lesson in lessons for outcome in lesson.outcomes}
    quizzes = {quiz.key for quiz in front.quizzes}
    for one in placed:
        item, wrongs = one.item, []
        if item.outcome not in outcomes:
            wrongs.append(f"tests outcome {item.outcome!r}, which no lesson has; use one of a lesson")
        if item.lesson not in keys:
            problems.add(
                one.path, 1, "lesson", f"is {item.lesson!r}, which does not exist; name a lesson of the course"
            )
        wrongs += [
            f"is for quiz {quiz!r}, which course.yaml does not have; name one it has"
            for quiz in sorted(set(item.use) - quizzes)
        ]
        for wrong in wrongs:
            problems.add(one.path, one.line, item.key, wrong)


def check_outcomes(
    folder: Path, front: schema.Course, lessons: list[content.Lesson], tested: set[str], problems: Problems
) -> None:
    """Where a course has quizzes, each outcome of its lessons is tested by an item."""
    for lesson in lessons if front.quizzes else ():
        path = next(iter((folder / "lessons").glob(f"*-{lesson.key}.md")), folder / "course.yaml")
        for outcome in lesson.outcomes:
            if outcome.key not in tested:
                line = next((n for n, text in enumerate(path.read_text().splitlines(), 1) if outcome.key in text), 1)
                problems.add(path, line, outcome.key, "is an outcome that no item tests; write an item for it")


def check_quizzes(path: Path, data: Any, front: schema.Course, items: list[content.Item], problems: Problems) -> None:
    for n, quiz in enumerate(front.quizzes):
        line, pool = line_of(data, ["quizzes", n], 1), [item for item in items if quiz.key in item.use]
        if len(pool) < quiz.draw:
            problems.add(
                path, line, f"quizzes.{n}", f"draws {quiz.draw} of {len(pool)} items; write more items, or draw fewer"
            )
        elif len(pool) < 2 * quiz.draw:
            what = f"has a pool of {len(pool)} for a draw of {quiz.draw}; a pool is at least twice as large"
            problems.add(path, line, f"quizzes.{n}", what)
    for key, times in Counter(quiz.key for quiz in front.quizzes).items():
        if times > 1:
            problems.add(path, line_of(data, ["quizzes"], 1), key, f"is the key of {times} quizzes; keys are used once")
