"""What is only seen when the files of a course are held together: lists, outcomes, pools; reading is in `authoring.courses`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.authoring import schema
from courses.authoring.reading.diagnostics import Problems, line_of
from courses.library import content


@dataclass(frozen=True)
class AuthoredLesson:
    """A lesson with its file and the lines of its steps and activities by key, its outcomes and front fields by `key:`."""

    lesson: content.Lesson
    path: Path
    lines: Mapping[str, int]

    def line(self, key: str) -> int:
        return self.lines.get(key, 1)


@dataclass(frozen=True)
class LocatedItem:
    """An item with the file and line it stands at, for what is only seen when the files are held together."""

    item: content.Item
    path: Path
    line: int


def check_lessons(
    path: Path, data: Any, front: schema.Course, lessons: list[content.Lesson], problems: Problems
) -> None:
    """The lessons listed are those written, each once; the course's key is its folder's name."""
    line, keys = line_of(data, ["lessons"], 1), {lesson.key for lesson in lessons}
    begun = begun_in(path.parent)
    if front.key != path.parent.name:
        problems.add(
            path,
            line_of(data, ["key"], 1),
            "key",
            f"does not fit the folder; write {path.parent.name!r}",
        )
    for n, key in enumerate(front.lessons):
        if key not in keys | begun:
            problems.add(
                path, line, f"lessons.{n}", f"no lesson has the key {key!r}; write its file"
            )
    for key, times in Counter(front.lessons).items():
        if times > 1:
            problems.add(
                path, line, "lessons", f"lesson {key!r} is listed {times} times; list it once"
            )
    for key in sorted(keys - set(front.lessons)):
        problems.add(path, line, "lessons", f"lesson {key!r} is not in the list; add it")


def begun_in(folder: Path) -> set[str]:
    """The keys that the names of lesson files give, those that cannot be read with them: what is wrong there was told."""
    return {path.stem.partition("-")[2] for path in (folder / "lessons").glob("[0-9][0-9]-*.md")}


def check_items(
    front: schema.Course,
    lessons: list[content.Lesson],
    placed: list[LocatedItem],
    problems: Problems,
) -> None:
    """Every item belongs to a lesson, an outcome of it, and a quiz that exist."""
    outcomes = {lesson.key: {outcome.key for outcome in lesson.outcomes} for lesson in lessons}
    quizzes = {quiz.key for quiz in front.quizzes}
    for one in placed:
        item, wrongs = one.item, []
        if item.lesson not in outcomes and item.lesson not in begun_in(one.path.parent.parent):
            what = f"is {item.lesson!r}, which does not exist; name a lesson of the course"
            problems.add(one.path, 1, "lesson", what)
        elif item.outcome not in outcomes.get(item.lesson, {item.outcome}):
            known = ", ".join(sorted(outcomes[item.lesson]))
            wrongs.append(
                f"tests outcome {item.outcome!r}, which lesson {item.lesson!r} does not have; use {known}"
            )
        wrongs += [
            f"is for quiz {quiz!r}, which course.yaml does not have; name one it has"
            for quiz in sorted(set(item.use) - quizzes)
        ]
        for wrong in wrongs:
            problems.add(one.path, one.line, item.key, wrong)


def check_outcomes(
    front: schema.Course, lessons: list[AuthoredLesson], tested: set[str], problems: Problems
) -> None:
    """An outcome is of one lesson, and where a course has quizzes an item tests it."""
    owners: dict[str, str] = {}
    for one in lessons:
        for outcome in one.lesson.outcomes:
            line, owner = (
                one.line(f"{outcome.key}:"),
                owners.setdefault(outcome.key, one.lesson.key),
            )
            if owner != one.lesson.key:
                what = f"is an outcome of lesson {owner!r} too; give this one another key"
                problems.add(one.path, line, outcome.key, what)
            elif front.quizzes and outcome.key not in tested:
                problems.add(
                    one.path,
                    line,
                    outcome.key,
                    "is an outcome that no item tests; write an item for it",
                )


def check_quizzes(
    path: Path,
    data: Any,
    front: schema.Course,
    items: list[content.Item] | None,
    problems: Problems,
) -> None:
    """Every quiz has a key of its own, and a pool to draw from; the pools are not looked at when `items` is None."""
    for n, quiz in enumerate(front.quizzes if items is not None else ()):
        line, pool = (
            line_of(data, ["quizzes", n], 1),
            [item for item in items or () if quiz.key in item.use],
        )
        wrongs = list(_pool_wrongs(quiz, pool))
        for what in wrongs:
            problems.add(path, line, f"quizzes.{n}", what)
        for group, times in Counter(item.parallel for item in pool).items():
            if times == 1 and quiz.kind == "final" and quiz.attempts > 1 and not wrongs:
                what = f"has one item of group {group!r}, so a second attempt meets it again; write a parallel one"
                problems.warn(path, line, f"quizzes.{n}", what)
    for key, times in Counter(quiz.key for quiz in front.quizzes).items():
        if times > 1:
            problems.add(
                path,
                line_of(data, ["quizzes"], 1),
                key,
                f"is the key of {times} quizzes; keys are used once",
            )


def _pool_wrongs(quiz: schema.Quiz, pool: list[content.Item]) -> Iterator[str]:
    """What keeps a quiz from being drawn: one item of each group is drawn first, of groups with critical items before all."""
    groups = {item.parallel for item in pool}
    critical = {item.parallel for item in pool if item.critical}
    if len(pool) < quiz.draw:
        yield f"draws {quiz.draw} of {len(pool)} items; write more items, or draw fewer"
    elif len(pool) < 2 * quiz.draw:
        yield f"has a pool of {len(pool)} for a draw of {quiz.draw}; write items until it is twice as large"
    elif len(groups) < quiz.draw:
        yield f"draws {quiz.draw} items of {len(groups)} groups, so two test the same; write more groups, or draw fewer"
    if len(critical) > quiz.draw:
        yield f"draws {quiz.draw} items, but {len(critical)} groups are critical; draw at least one of each"
