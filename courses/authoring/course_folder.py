"""The files in the folder of one course, each read: lessons, items, scenes, handout.

`courses` compares them.
"""

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from courses.assessment.items import KINDS
from courses.authoring import schema
from courses.authoring.checks.cross_checks import (
    AuthoredLesson,
    LocatedItem,
    keys_of_lesson_files,
)
from courses.authoring.checks.item_checks import check_lesson_item
from courses.authoring.reading.diagnostics import Problems, line_of, validate
from courses.authoring.reading.handouts import make_handout
from courses.authoring.reading.lessons import read_lesson
from courses.authoring.reading.reader import FileReader
from courses.authoring.reading.references import References, load
from courses.authoring.reading.scenes import make_scene
from courses.library import content

# Whether right options show by their place is judged over a whole course, and takes a time that
# grows with the square of these. The largest course has seven lessons and 150 items.
MOST_LESSONS = 50
MOST_ITEMS = 1_000


@dataclass(frozen=True)
class CourseFiles:
    """What the files of a course say beside course.yaml; a file with problems may be left out.

    `has_all_items` is False when a file of items has a problem, so that some may be missing.
    """

    lessons: list[AuthoredLesson]
    items: list[LocatedItem]
    scenes: list[content.Scene]
    handout: content.Handout | None
    has_all_items: bool


def read_files(folder: Path, references: References, problems: Problems) -> CourseFiles:
    """Every file of the course but course.yaml and the pictures; adds all problems in them."""
    scenes = _read_scenes(folder, references, problems)
    # By their files, so that a scene with problems of its own is not reported as missing too.
    scene_keys = {path.stem for path in _files(folder, "scenes", "*.yaml")}
    lessons = _read_lessons(folder, references, scene_keys, problems)
    items = _read_items(folder, references, scene_keys, problems)
    item_files = _files(folder, "items", "*.yaml")
    return CourseFiles(
        lessons=lessons,
        items=items,
        scenes=scenes,
        handout=_read_handout(folder, references, problems),
        has_all_items=not any(problems.are_in(path) for path in item_files),
    )


def _files(folder: Path, kind: str, pattern: str) -> list[Path]:
    return sorted((folder / kind).glob(pattern))


def _read_handout(
    folder: Path, references: References, problems: Problems
) -> content.Handout | None:
    """The two printed pages of a course; None where it has none."""
    path = folder / "handout.yaml"
    # A link to nothing does not "exist", and is reported all the same.
    if not os.path.lexists(path):
        return None
    data = load(path, problems)
    if data is None:
        return None
    row = validate(schema.Handout, data, path, 1, "handout", problems)
    return make_handout(references.reader(path), data, row) if row else None


def _read_lessons(
    folder: Path, references: References, scene_keys: set[str], problems: Problems
) -> list[AuthoredLesson]:
    lessons: list[AuthoredLesson] = []
    keys: set[str] = set()
    paths = _files(folder, "lessons", "*.md")
    if len(paths) > MOST_LESSONS:
        what = f"is one of {len(paths)} lessons; have at most {MOST_LESSONS} in a course"
        problems.add(paths[MOST_LESSONS], 1, "lessons", what)
    for path in paths[:MOST_LESSONS]:
        reader = references.reader(path, scene_keys)
        lesson = read_lesson(reader)
        if not lesson:
            continue
        if not re.fullmatch(rf"\d\d-{re.escape(lesson.key)}\.md", path.name):
            what = f"does not fit the file's name; name the file NN-{lesson.key}.md"
            problems.add(path, 2, "key", what)
        if lesson.key in keys:
            what = f"{lesson.key!r} is the key of two lessons; give one another key"
            problems.add(path, 2, "key", what)
        keys.add(lesson.key)
        lessons.append(AuthoredLesson(lesson, path, reader.lines))
    return lessons


def _read_items(
    folder: Path, references: References, scene_keys: set[str], problems: Problems
) -> list[LocatedItem]:
    items: list[LocatedItem] = []
    for path in _files(folder, "items", "*.yaml"):
        reader = references.reader(path, scene_keys)
        items += _read_item_file(reader, folder)
        if len(items) > MOST_ITEMS:
            what = f"is more than {MOST_ITEMS} items into the course; have fewer in a course"
            problems.add(path, 1, "items", what)
            return []
    times = Counter(located.item.key for located in items)
    for located in items:
        # `pop`, because one problem is enough, at the first of them.
        count = times.pop(located.item.key, 1)
        if count > 1:
            what = f"is the key of {count} items; keys are used once"
            problems.add(located.path, located.line, located.item.key, what)
    return items


def _read_item_file(reader: FileReader, folder: Path) -> list[LocatedItem]:
    path = reader.path
    data = load(path, reader.problems)
    if data is None:
        return []
    file = validate(schema.ItemFile, data, path, 1, "items", reader.problems)
    if file is None:
        return []
    _check_file_name(reader, data, file.lesson, folder)
    items = []
    for number, fields in enumerate(data["items"]):
        line = line_of(data, ["items", number], 1)
        if item := _item(reader, fields, file.lesson, number, line):
            items.append(LocatedItem(item, path, line))
    return items


def _check_file_name(reader: FileReader, data: Any, lesson: str, folder: Path) -> None:
    """A file named after one lesson does not have the items of another."""
    name = reader.path.stem
    if name != lesson and {lesson, name} <= keys_of_lesson_files(folder):
        what = f"is {lesson!r}, and the file is named after another lesson; name both alike"
        reader.report(line_of(data, ["lesson"], 1), "lesson", what)


def _item(
    reader: FileReader, data: Mapping[str, Any], lesson: str, number: int, line: int
) -> content.Item | None:
    """The item; None (and a problem) when it is of no known kind or its fields do not fit."""
    where = f"items items.{number}"
    name = str(data.get("kind", ""))
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(repr(known) for known in KINDS)
        what = f"{name[:40]!r} is not allowed; write {known}"
        if not name:
            what = f"is missing; write one of {known}"
        reader.report(line_of(data, ["kind"], 1), f"{where}.kind", what)
        return None
    model = schema.item_fields(kind.fields)
    row: Any = validate(model, data, reader.path, 1, where, reader.problems)
    if not row:
        return None
    return content.Item(
        key=row.key,
        kind=name,
        stem=reader.block(row.stem, line, row.key),
        outcome=row.outcome,
        lesson=lesson,
        use=tuple(row.use),
        parallel=row.parallel,
        step=row.step,
        difficulty=row.difficulty,
        critical=row.critical,
        **kind.make(reader, row, line, row.key),
    )


def _read_scenes(folder: Path, references: References, problems: Problems) -> list[content.Scene]:
    scenes = []
    for path in _files(folder, "scenes", "*.yaml"):
        data = load(path, problems)
        if data is None:
            continue
        row = validate(schema.Scene, data, path, 1, "scene", problems)
        if row is None:
            continue
        reader = references.reader(path)
        scene = make_scene(reader, data, row)
        line = line_of(data, ["options"], 1)
        report_error = partial(reader.report, line, row.key)
        report_advice = partial(reader.warn, line, row.key)
        check_lesson_item(scene.item, report_error, report_advice)
        scenes.append(scene)
    return scenes
