"""All course files of a folder, read and held against each other. Rows and editions are made elsewhere."""

import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import create_model

from courses.assessment.items import KINDS
from courses.authoring import schema
from courses.authoring.checks.cross_checks import (
    AuthoredLesson,
    LocatedItem,
    check_items,
    check_lessons,
    check_outcomes,
    check_quizzes,
    keys_of_lesson_files,
)
from courses.authoring.checks.guessing import check_guessing
from courses.authoring.checks.item_checks import (
    check_lesson_item,
    check_quiz_items,
    check_waiting,
)
from courses.authoring.checks.lesson_checks import advise, check_duration
from courses.authoring.checks.rung_checks import check_rungs
from courses.authoring.checks.unused_checks import check_unused
from courses.authoring.reading.diagnostics import Problem, Problems, line_of, validate
from courses.authoring.reading.files import list_files
from courses.authoring.reading.handouts import make_handout
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.lessons import read_lesson
from courses.authoring.reading.reader import Reader
from courses.authoring.reading.references import References, load, read_references
from courses.authoring.reading.scenes import make_scene
from courses.library import content


@dataclass(frozen=True)
class Reading:
    """The courses of a folder, by name, and what is to be mended or thought over, by file and line.

    A course is only to be used when there is no problem at all; warnings stop nothing.
    """

    courses: list[content.Course]
    problems: list[Problem]
    warnings: list[Problem]


def read_courses(root: Path) -> tuple[list[content.Course], list[Problem]]:
    """Every course of the folder and every problem in it; see `read_folder`."""
    reading = read_folder(root, wants_advice=False)
    return reading.courses, reading.problems


def read_folder(root: Path, *, wants_advice: bool = True) -> Reading:
    """Reads and checks every course of a folder; what is only advice takes a little time, and can be left out."""
    problems = Problems(root, wants_advice)
    files = list_files(root, problems)
    if files is None:
        return Reading([], problems.found, [])
    references = read_references(root, problems)
    folders = sorted(path.parent for path in root.glob("*/course.yaml"))
    if not folders:
        problems.add(
            root / "course.yaml", 1, "courses", "has no course; make a folder with a course.yaml"
        )
    read = [_read_course(folder, n, references, problems) for n, folder in enumerate(folders)]
    courses = [course for course in read if course]
    check_rungs(problems)
    check_unused(root, files, courses, references, problems)
    return Reading(courses, sorted(set(problems.found)), sorted(set(problems.warnings)))


def _read_course(
    folder: Path, position: int, references: References, problems: Problems
) -> content.Course | None:
    path = folder / "course.yaml"
    data = load(path, problems)
    front = validate(schema.Course, data, path, 1, "course", problems) if data is not None else None
    scenes = _read_scenes(folder, references, problems)
    drawn = {
        path.stem for path in (folder / "scenes").glob("*.yaml")
    }  # one that is wrong was told of
    written = _read_lessons(folder, references, drawn, problems)
    lessons = [one.lesson for one in written]
    placed = _read_items(folder, references, drawn, problems)
    are_whole = not any(problems.are_in(path) for path in (folder / "items").glob("*.yaml"))
    handout = _read_handout(folder, references, problems)
    if not front:
        return None
    cover = read_svg(
        folder / "images",
        front.cover,
        front.cover_alt,
        problems,
        (path, line_of(data, ["cover"], 1), "cover"),
    )
    by_key = {lesson.key: lesson for lesson in lessons}
    check_lessons(path, data, front, lessons, problems)
    check_items(front, lessons, placed, problems)
    if are_whole:  # else the items that cannot be read would be missed
        check_outcomes(front, written, {one.item.outcome for one in placed}, problems)
    check_quiz_items(placed, problems)
    items = [one.item for one in placed]
    check_quizzes(path, data, front, items if are_whole else None, problems)
    for one in written:
        check_duration(one, problems)
    _check_guessing(written, placed, path, problems)
    if problems.wants_advice:
        _advise(written, problems)
    ordered = tuple(by_key[key] for key in front.lessons if key in by_key)
    terms = sorted({term for lesson in ordered for step in lesson.steps for term in step.terms})
    glossary = {key: references.glossary[key] for key in terms}
    used = _used_sources(ordered, items, scenes, list(glossary.values()))
    used |= {*handout.sources_on(1), *handout.sources_on(2)} if handout else set()
    used &= set(references.sources)
    names = {name for source in used for name in references.sources[source].publications}
    return content.Course(
        key=front.key,
        position=position,
        title=front.title,
        summary=front.summary,
        for_whom=front.for_whom,
        afterwards=tuple(front.afterwards),
        cover=cover,
        lessons=ordered,
        quizzes=tuple(content.Quiz(**quiz.model_dump()) for quiz in front.quizzes),
        items=tuple(items),
        scenes=tuple(scenes),
        publications={key: one for key, one in references.publications.items() if key in names},
        sources={key: references.sources[key] for key in sorted(used)},
        glossary=glossary,
        handout=handout,
    )


def _read_handout(
    folder: Path, references: References, problems: Problems
) -> content.Handout | None:
    """The two printed pages of a course, None where it has none."""
    path = folder / "handout.yaml"
    data = load(path, problems) if os.path.lexists(path) else None
    row = validate(schema.Handout, data, path, 1, "handout", problems) if data is not None else None
    return make_handout(references.reader(path), data, row) if row else None


def _check_guessing(
    written: list[AuthoredLesson], placed: list[LocatedItem], path: Path, problems: Problems
) -> None:
    """Right options that are found by length or place: in a file of items, in a lesson, and over the course."""
    files = sorted({one.path for one in placed})
    for file in files:
        mine = [one.item for one in placed if one.path == file]
        check_guessing(mine, "items", partial(problems.add, file, 1, "items"))
    for one in written:
        checks = _checks_of(one.lesson)
        check_guessing(checks, "checks", partial(problems.add, one.path, 1, one.lesson.key))
    items = [one.item for one in placed]
    checks = [check for one in written for check in _checks_of(one.lesson)]
    check_guessing(items, "items of the course", partial(problems.add, path, 1, "quizzes"))
    check_waiting(items, partial(problems.add, path, 1, "quizzes"))
    check_guessing(checks, "checks of the course", partial(problems.add, path, 1, "lessons"))


def _advise(written: list[AuthoredLesson], problems: Problems) -> None:
    """What an author may want to think over."""
    for one in written:
        if not problems.are_in(
            one.path
        ):  # of a lesson that is read by half, nothing true can be said
            advise(one, problems)


def _checks_of(lesson: content.Lesson) -> list[content.Item]:
    return [block.item for step in lesson.steps for block in step.blocks if block.item]


def _used_sources(
    lessons: tuple[content.Lesson, ...],
    items: list[content.Item],
    scenes: list[content.Scene],
    entries: list[content.Entry],
) -> set[str]:
    used = {source for lesson in lessons for source in lesson.sources}
    used |= {source for scene in scenes if scene.seen for source in scene.seen.sources}
    used |= {source for entry in entries for source in entry.sources}
    return used | {
        s
        for item in [*items, *(scene.item for scene in scenes)]
        for o in item.answers
        for s in o.sources
    }


def _read_lessons(
    folder: Path, references: References, scenes: set[str], problems: Problems
) -> list[AuthoredLesson]:
    lessons: list[AuthoredLesson] = []
    for path in sorted((folder / "lessons").glob("*.md")):
        reader = references.reader(path, scenes)
        lesson = read_lesson(reader)
        if lesson and not re.fullmatch(rf"\d\d-{re.escape(lesson.key)}\.md", path.name):
            problems.add(
                path, 2, "key", f"does not fit the file's name; name the file NN-{lesson.key}.md"
            )
        if lesson and lesson.key in {one.lesson.key for one in lessons}:
            problems.add(
                path, 2, "key", f"{lesson.key!r} is the key of two lessons; give one another key"
            )
        if lesson:
            lessons.append(AuthoredLesson(lesson, path, reader.lines))
    return lessons


def _read_items(
    folder: Path, references: References, scenes: set[str], problems: Problems
) -> list[LocatedItem]:
    items: list[LocatedItem] = []
    for path in sorted((folder / "items").glob("*.yaml")):
        data = load(path, problems)
        book = (
            validate(schema.ItemFile, data, path, 1, "items", problems)
            if data is not None
            else None
        )
        if (
            book
            and book.lesson != path.stem
            and {book.lesson, path.stem} <= keys_of_lesson_files(folder)
        ):
            what = (
                f"is {book.lesson!r}, and the file is named after another lesson; name both alike"
            )
            problems.add(path, line_of(data, ["lesson"], 1), "lesson", what)
        for n in range(len(book.items) if book else 0):
            line = line_of(data, ["items", n], 1)
            item = _item(
                references.reader(path, scenes),
                data["items"][n],
                book.lesson if book else "",
                n,
                line,
            )
            items += [LocatedItem(item, path, line)] if item else []
    for key, times in Counter(one.item.key for one in items).items():
        if times > 1:
            first = next(one for one in items if one.item.key == key)
            problems.add(
                first.path, first.line, key, f"is the key of {times} items; keys are used once"
            )
    return items


@cache
def item_fields(own: type[schema.Authored]) -> type[schema.Authored]:
    """What an author writes for an item of a kind: what every item has, and the kind's own fields."""
    return create_model("Item", __base__=(schema.Item, own))


def _item(reader: Reader, raw: Any, lesson: str, number: int, line: int) -> content.Item | None:
    """The item, None (and a problem) when it is of no known kind or its fields do not fit."""
    where, known = f"items items.{number}", ", ".join(repr(kind) for kind in KINDS)
    kind = str(raw.get("kind", ""))
    if kind not in KINDS:
        what = (
            f"{kind[:40]!r} is not allowed; write {known}"
            if kind
            else f"is missing; write one of {known}"
        )
        reader.say(line_of(raw, ["kind"], 1), f"{where}.kind", what)
        return None
    row: Any = validate(
        item_fields(KINDS[kind].fields), raw, reader.path, 1, where, reader.problems
    )
    if not row:
        return None
    return content.Item(
        key=row.key,
        kind=kind,
        stem=reader.block(row.stem, line, row.key),
        outcome=row.outcome,
        lesson=lesson,
        use=tuple(row.use),
        parallel=row.parallel,
        difficulty=row.difficulty,
        critical=row.critical,
        **KINDS[kind].make(reader, row, line, row.key),
    )


def _read_scenes(folder: Path, references: References, problems: Problems) -> list[content.Scene]:
    scenes = []
    for path in sorted((folder / "scenes").glob("*.yaml")):
        data = load(path, problems)
        row = validate(schema.Scene, data, path, 1, "scene", problems) if data is not None else None
        if row:
            reader, line = references.reader(path), line_of(data, ["options"], 1)
            scenes.append(make_scene(reader, data, row))
            say, warn = partial(reader.say, line, row.key), partial(reader.warn, line, row.key)
            check_lesson_item(scenes[-1].item, say, warn)
    return scenes
