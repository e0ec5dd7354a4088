"""All course files of a folder, read and held against each other. Rows and editions are made elsewhere."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courses.library import content, schema
from courses.library.images import read_svg
from courses.library.lessons import read_lesson
from courses.library.markdown import Notes, render
from courses.library.problems import Problem, Problems, line_of, read_text, read_yaml, validate
from courses.library.reader import Reader, make_options

PoseCheck = Callable[[dict[str, object]], object]


@dataclass(frozen=True)
class Shelf:
    """What all courses share: publications, sources and the glossary, with what a lesson needs of them."""

    publications: dict[str, content.Publication]
    sources: dict[str, content.Source]
    glossary: dict[str, content.Entry]

    @property
    def cites(self) -> dict[str, tuple[str, ...]]:
        return {key: source.publications for key, source in self.sources.items()}

    @property
    def terms(self) -> dict[str, str]:
        return {key: entry.term for key, entry in self.glossary.items()}


def read_courses(root: Path, check_pose: PoseCheck) -> tuple[list[content.Course], list[Problem]]:
    """Every course of the folder, by its name, and every problem in it, by file and line.

    A course is only to be used when there is no problem at all. `check_pose` raises ValueError for a pose that
    cannot be drawn.
    """
    problems = Problems(root)
    shelf = _read_shelf(root, problems)
    folders = sorted(path.parent for path in root.glob("*/course.yaml"))
    if not folders:
        problems.add(root / "course.yaml", 1, "courses", "has no course; make a folder with a course.yaml")
    read = [_read_course(folder, n, shelf, problems, check_pose) for n, folder in enumerate(folders)]
    return [course for course in read if course], sorted(set(problems.found))


def _load(path: Path, problems: Problems) -> Any:
    text = read_text(path, problems)
    return None if text is None else read_yaml(text, path, 1, problems)


def _read_shelf(root: Path, problems: Problems) -> Shelf:
    path = root / "references.yaml"
    data = _load(path, problems)
    book = validate(schema.References, data, path, 1, "references", problems) if data is not None else None
    publications, sources = {}, {}
    for key, one in (book.publications if book else {}).items():
        publications[key] = content.Publication(cite=_line(one.cite), doi=one.doi, url=one.url, status=one.status)
    for key, entry in (book.sources if book else {}).items():
        for name in entry.publications:
            if name not in publications:
                problems.add(
                    path, line_of(data, ["sources", key], 1), key, f"publication {name!r} is not listed; add it above"
                )
        check_by = entry.check_by.isoformat() if entry.check_by else ""
        known = tuple(name for name in entry.publications if name in publications)
        sources[key] = content.Source(publications=known, says=entry.says, check_by=check_by, reported=entry.reported)
    return Shelf(publications, sources, _read_glossary(root, sources, problems))


def _line(text: str) -> str:
    """A citation's Markdown (italics) as HTML without a paragraph."""
    return render(text, Notes({}, {})).removeprefix("<p>").removesuffix("</p>\n").strip()


def _read_glossary(root: Path, sources: dict[str, content.Source], problems: Problems) -> dict[str, content.Entry]:
    path = root / "glossary.yaml"
    data = _load(path, problems)
    glossary = {}
    for key, raw in data.items() if isinstance(data, dict) else ():
        line = line_of(data, [key], 1)
        entry = validate(schema.Entry, raw, path, line, str(key), problems)
        for source in entry.sources if entry else ():
            if source not in sources:
                problems.add(path, line, str(key), f"source {source!r} is not in references.yaml; add it there")
        if entry:
            glossary[str(key)] = content.Entry(term=entry.term, html=_line(entry.means))
    return glossary


def _read_course(
    folder: Path, position: int, shelf: Shelf, problems: Problems, check_pose: PoseCheck
) -> content.Course | None:
    path = folder / "course.yaml"
    data = _load(path, problems)
    front = validate(schema.Course, data, path, 1, "course", problems) if data is not None else None
    lessons = _read_lessons(folder, shelf, problems)
    items = _read_items(folder, shelf, problems)
    scenes = _read_scenes(folder, shelf, problems, check_pose)
    if not front:
        return None
    cover = read_svg(
        folder / "images" / front.cover, front.cover_alt, problems, (path, line_of(data, ["cover"], 1), "cover")
    )
    by_key = {lesson.key: lesson for lesson in lessons}
    _hold_together(path, data, front, by_key, items, problems)
    _check_spots(folder, lessons, {scene.key for scene in scenes}, problems)
    ordered = tuple(by_key[key] for key in front.lessons if key in by_key)
    used = _used_sources(ordered, items, scenes)
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
    )


def _used_sources(
    lessons: tuple[content.Lesson, ...], items: list[content.Item], scenes: list[content.Scene]
) -> set[str]:
    used = {source for lesson in lessons for source in lesson.sources}
    return used | {s for item in [*items, *(scene.item for scene in scenes)] for o in item.options for s in o.sources}


def _read_lessons(folder: Path, shelf: Shelf, problems: Problems) -> list[content.Lesson]:
    lessons = []
    for path in sorted((folder / "lessons").glob("*.md")):
        lesson = read_lesson(Reader(path, folder / "images", shelf.cites, shelf.terms, problems))
        if lesson and not re.fullmatch(rf"\d\d-{re.escape(lesson.key)}\.md", path.name):
            problems.add(path, 2, "key", f"does not fit the file's name; name the file NN-{lesson.key}.md")
        if lesson:
            lessons.append(lesson)
    return lessons


def _read_items(folder: Path, shelf: Shelf, problems: Problems) -> list[content.Item]:
    items: list[content.Item] = []
    for path in sorted((folder / "items").glob("*.yaml")):
        data = _load(path, problems)
        book = validate(schema.ItemFile, data, path, 1, "items", problems) if data is not None else None
        for n, row in enumerate(book.items if book else ()):
            reader = Reader(path, folder / "images", shelf.cites, shelf.terms, problems)
            items.append(_item(reader, row, book.lesson if book else "", line_of(data, ["items", n], 1)))
    for key, times in Counter(item.key for item in items).items():
        if times > 1:
            problems.add(folder / "items", 1, key, f"is the key of {times} items; keys are used once")
    return items


def _item(reader: Reader, row: schema.Item, lesson: str, line: int) -> content.Item:
    notes = reader.notes()
    stem = render(row.stem, notes)
    reader.settle(notes, line, row.key)
    return content.Item(
        key=row.key,
        kind=row.kind,
        stem=stem,
        options=make_options(reader, row.kind, row.options, line, row.key),
        outcome=row.outcome,
        lesson=lesson,
        use=tuple(row.use),
        parallel=row.parallel,
        difficulty=row.difficulty,
        critical=row.critical,
    )


def _read_scenes(folder: Path, shelf: Shelf, problems: Problems, check_pose: PoseCheck) -> list[content.Scene]:
    scenes = []
    for path in sorted((folder / "scenes").glob("*.yaml")):
        data = _load(path, problems)
        row = validate(schema.Scene, data, path, 1, "scene", problems) if data is not None else None
        if not row:
            continue
        try:
            check_pose(dict(row.pose))
        except ValueError as error:
            problems.add(path, line_of(data, ["pose"], 1), "pose", str(error))
        reader = Reader(path, folder / "images", shelf.cites, shelf.terms, problems)
        options = make_options(reader, "single", row.options, line_of(data, ["options"], 1), row.key)
        item = content.Item(key=row.key, kind="single", stem=render(row.prompt, reader.notes()), options=options)
        pose = {str(key): value for key, value in row.pose.items()}
        fields = {"key": row.key, "title": row.title, "age_months": row.age_months, "setting": row.setting}
        scenes.append(content.Scene(**fields, pose=pose, description=row.description, item=item))  # type: ignore[arg-type]
    return scenes


def _hold_together(
    path: Path,
    data: Any,
    front: schema.Course,
    lessons: dict[str, content.Lesson],
    items: list[content.Item],
    problems: Problems,
) -> None:
    """What must fit between the files of one course: lessons listed, outcomes tested, pools large enough."""
    if front.key != path.parent.name:
        problems.add(path, line_of(data, ["key"], 1), "key", f"does not fit the folder; write {path.parent.name!r}")
    for n, key in enumerate(front.lessons):
        if key not in lessons:
            problems.add(
                path, line_of(data, ["lessons"], 1), f"lessons.{n}", f"no lesson has the key {key!r}; write its file"
            )
    for key in sorted(set(lessons) - set(front.lessons)):
        problems.add(path, line_of(data, ["lessons"], 1), "lessons", f"lesson {key!r} is not in the list; add it")
    _check_quizzes(path, data, front, items, problems)
    folder = path.parent / "items"
    outcomes = {outcome.key for lesson in lessons.values() for outcome in lesson.outcomes}
    for item in items:
        if item.outcome not in outcomes:
            problems.add(
                folder, 1, item.key, f"tests outcome {item.outcome!r}, which no lesson has; use one of a lesson"
            )
        if item.lesson not in lessons:
            problems.add(folder, 1, item.key, f"belongs to lesson {item.lesson!r}, which does not exist; name a lesson")
        for quiz in sorted(set(item.use) - {quiz.key for quiz in front.quizzes}):
            problems.add(folder, 1, item.key, f"is for quiz {quiz!r}, which course.yaml does not have; name one it has")


def _check_spots(folder: Path, lessons: list[content.Lesson], scenes: set[str], problems: Problems) -> None:
    for lesson in lessons:
        for block in (block for step in lesson.steps for block in step.blocks):
            if block.scene and block.scene not in scenes:
                what = f"asks for scene {block.scene!r}, which is not in scenes/; write it, or name another"
                problems.add(folder / "lessons", 1, f"{lesson.key} {block.key}", what)


def _check_quizzes(path: Path, data: Any, front: schema.Course, items: list[content.Item], problems: Problems) -> None:
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
