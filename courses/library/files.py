"""All course files of a folder, read and held against each other. Rows and editions are made elsewhere."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import create_model

from courses.library import content, schema
from courses.library.handouts import make_handout
from courses.library.images import read_svg
from courses.library.lessons import read_lesson
from courses.library.problems import Problem, Problems, line_of, read_text, validate
from courses.library.reader import Kind, Reader
from courses.library.scenes import PoseCheck, make_scene
from courses.library.shelf import Shelf, load, read_shelf
from courses.library.spelling import check_spelling
from courses.library.together import Placed, check_items, check_lessons, check_outcomes, check_quizzes


def read_courses(
    root: Path, check_pose: PoseCheck, kinds: Mapping[str, Kind]
) -> tuple[list[content.Course], list[Problem]]:
    """Every course of the folder, by its name, and every problem in it, by file and line.

    A course is only to be used when there is no problem at all. `check_pose` raises ValueError for a pose that
    cannot be drawn; `kinds` are the kinds of item by name.
    """
    problems = Problems(root)
    shelf = read_shelf(root, kinds, problems)
    folders = sorted(path.parent for path in root.glob("*/course.yaml"))
    if not folders:
        problems.add(root / "course.yaml", 1, "courses", "has no course; make a folder with a course.yaml")
    read = [_read_course(folder, n, shelf, problems, check_pose) for n, folder in enumerate(folders)]
    check_spelling(root, problems.prose, problems)
    return [course for course in read if course], sorted(set(problems.found))


def _read_course(
    folder: Path, position: int, shelf: Shelf, problems: Problems, check_pose: PoseCheck
) -> content.Course | None:
    path = folder / "course.yaml"
    data = load(path, problems)
    front = validate(schema.Course, data, path, 1, "course", problems) if data is not None else None
    scenes = _read_scenes(folder, shelf, problems, check_pose)
    lessons = _read_lessons(folder, shelf, {scene.key for scene in scenes}, problems)
    placed = _read_items(folder, shelf, {scene.key for scene in scenes}, problems)
    handout = _read_handout(folder, shelf, problems)
    if not front:
        return None
    cover = read_svg(
        folder / "images" / front.cover, front.cover_alt, problems, (path, line_of(data, ["cover"], 1), "cover")
    )
    by_key = {lesson.key: lesson for lesson in lessons}
    check_lessons(path, data, front, lessons, problems)
    check_items(front, lessons, placed, problems)
    check_outcomes(folder, front, lessons, {one.item.outcome for one in placed}, problems)
    items = [one.item for one in placed]
    check_quizzes(path, data, front, items, problems)
    ordered = tuple(by_key[key] for key in front.lessons if key in by_key)
    used = _used_sources(ordered, items, scenes)
    used |= {*handout.sources_on(1), *handout.sources_on(2)} if handout else set()
    used &= set(shelf.sources)
    names = {name for source in used for name in shelf.sources[source].publications}
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
        publications={key: one for key, one in shelf.publications.items() if key in names},
        sources={key: shelf.sources[key] for key in sorted(used)},
        glossary={
            key: shelf.glossary[key] for key in sorted({t for one in ordered for s in one.steps for t in s.terms})
        },
        handout=handout,
    )


def _read_handout(folder: Path, shelf: Shelf, problems: Problems) -> content.Handout | None:
    """The two printed pages of a course, None where it has none."""
    path = folder / "handout.yaml"
    data = load(path, problems) if path.exists() else None
    row = validate(schema.Handout, data, path, 1, "handout", problems) if data is not None else None
    return make_handout(shelf.reader(path), data, row) if row else None


def _used_sources(
    lessons: tuple[content.Lesson, ...], items: list[content.Item], scenes: list[content.Scene]
) -> set[str]:
    used = {source for lesson in lessons for source in lesson.sources}
    used |= {source for scene in scenes if scene.seen for source in scene.seen.sources}
    return used | {s for item in [*items, *(scene.item for scene in scenes)] for o in item.answers for s in o.sources}


def _read_lessons(folder: Path, shelf: Shelf, scenes: set[str], problems: Problems) -> list[content.Lesson]:
    lessons: list[content.Lesson] = []
    for path in sorted((folder / "lessons").glob("*.md")):
        lesson = read_lesson(shelf.reader(path, scenes))
        if lesson and not re.fullmatch(rf"\d\d-{re.escape(lesson.key)}\.md", path.name):
            problems.add(path, 2, "key", f"does not fit the file's name; name the file NN-{lesson.key}.md")
        if lesson and lesson.key in {one.key for one in lessons}:
            problems.add(path, 2, "key", f"{lesson.key!r} is the key of two lessons; give one another key")
        if lesson:
            lessons.append(lesson)
    return lessons


def _read_items(folder: Path, shelf: Shelf, scenes: set[str], problems: Problems) -> list[Placed]:
    items: list[Placed] = []
    for path in sorted((folder / "items").glob("*.yaml")):
        data = load(path, problems)
        book = validate(schema.ItemFile, data, path, 1, "items", problems) if data is not None else None
        _check_text(path, shelf)
        for n in range(len(book.items) if book else 0):
            line = line_of(data, ["items", n], 1)
            item = _item(shelf.reader(path, scenes), data["items"][n], book.lesson if book else "", n, line)
            items += [Placed(item, path, line)] if item else []
    for key, times in Counter(one.item.key for one in items).items():
        if times > 1:
            first = next(one for one in items if one.item.key == key)
            problems.add(first.path, first.line, key, f"is the key of {times} items; keys are used once")
    return items


def _check_text(path: Path, shelf: Shelf) -> None:
    """What no line of the file may have, when it can be read at all."""
    if (text := read_text(path, Problems(shelf.problems.root))) is not None:
        shelf.reader(path).check_lines(text.splitlines(), 1)


@cache
def item_fields(own: type[schema.Authored]) -> type[schema.Authored]:
    """What an author writes for an item of a kind: what every item has, and the kind's own fields."""
    return create_model("Item", __base__=(schema.Item, own))


def _item(reader: Reader, raw: Any, lesson: str, number: int, line: int) -> content.Item | None:
    """The item, None (and a problem) when it is of no known kind or its fields do not fit."""
    where, known = f"items items.{number}", ", ".join(repr(kind) for kind in reader.kinds)
    kind = str(raw.get("kind", ""))
    if kind not in reader.kinds:
        what = f"{kind[:40]!r} is not allowed; write {known}" if kind else f"is missing; write one of {known}"
        reader.say(line_of(raw, ["kind"], 1), f"{where}.kind", what)
        return None
    row: Any = validate(item_fields(reader.kinds[kind].fields), raw, reader.path, 1, where, reader.problems)
    if not row:
        return None
    return content.Item(
        key=row.key,
        kind=kind,  # type: ignore[arg-type]
        stem=reader.block(row.stem, line, row.key),
        outcome=row.outcome,
        lesson=lesson,
        use=tuple(row.use),
        parallel=row.parallel,
        difficulty=row.difficulty,
        critical=row.critical,
        **reader.kinds[kind].make(reader, row, line, row.key),
    )


def _read_scenes(folder: Path, shelf: Shelf, problems: Problems, check_pose: PoseCheck) -> list[content.Scene]:
    scenes = []
    for path in sorted((folder / "scenes").glob("*.yaml")):
        data = load(path, problems)
        row = validate(schema.Scene, data, path, 1, "scene", problems) if data is not None else None
        _check_text(path, shelf)
        if row:
            scenes.append(make_scene(shelf.reader(path), data, row, check_pose))
    return scenes
