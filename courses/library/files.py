"""All course files of a folder, read and held against each other. Rows and editions are made elsewhere."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from courses.library import content, schema
from courses.library.images import read_svg
from courses.library.lessons import read_lesson
from courses.library.markdown import Notes, render
from courses.library.problems import Problem, Problems, line_of, read_text, read_yaml, validate
from courses.library.reader import KEY, Reader, make_options

Authored = TypeVar("Authored", bound=schema.Authored)
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
    whole = data if isinstance(data, dict) else {}
    if data is not None:
        validate(schema.References, data, path, 1, "references", problems)
    publications, sources = {}, {}
    for key, raw in _mapping(whole.get("publications")).items():
        if one := _silently(schema.Publication, raw):
            publications[str(key)] = content.Publication(
                cite=_line(one.cite), doi=one.doi, url=one.url, status=one.status
            )
    for key, raw in _mapping(whole.get("sources")).items():
        line = line_of(data, ["sources", key], 1)
        entry = _silently(schema.Source, raw)
        names = entry.publications if entry else []
        for name in names:
            if name not in publications:
                problems.add(path, line, str(key), f"publication {name!r} is not listed; add it above")
        known = tuple(name for name in names if name in publications)
        check_by = entry.check_by.isoformat() if entry and entry.check_by else ""
        says, reported = (entry.says, entry.reported) if entry else ("", False)
        sources[str(key)] = content.Source(publications=known, says=says, check_by=check_by, reported=reported)
    return Shelf(publications, sources, _read_glossary(root, sources, problems))


def _mapping(data: Any) -> dict[Any, Any]:
    return data if isinstance(data, dict) else {}


def _silently(model: type[Authored], data: Any) -> Authored | None:
    """The entry if it is right; what is wrong with it was told when the whole file was checked."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _line(text: str) -> str:
    """A citation's Markdown (italics) as HTML without a paragraph."""
    return render(text, Notes({}, {})).removeprefix("<p>").removesuffix("</p>\n").strip()


def _read_glossary(root: Path, sources: dict[str, content.Source], problems: Problems) -> dict[str, content.Entry]:
    path = root / "glossary.yaml"
    data = _load(path, problems)
    glossary = {}
    if data is not None and not isinstance(data, dict):
        problems.add(path, 1, "glossary", "is not a mapping of fields; write `key: {term, means}` entries")
    for key, raw in _mapping(data).items():
        line = line_of(data, [key], 1)
        if not KEY.match(str(key)):
            problems.add(path, line, str(key), "does not fit; write something like 'lower-case-words'")
        entry = validate(schema.Entry, raw, path, line, str(key), problems)
        for source in entry.sources if entry else ():
            if source not in sources:
                problems.add(path, line, str(key), f"source {source!r} is not in references.yaml; add it there")
        if entry:
            glossary[str(key)] = content.Entry(term=entry.term, html=_line(entry.means))
    return glossary


@dataclass(frozen=True)
class Placed:
    """An item with the file and line it stands at, for what is only seen when the files are held together."""

    item: content.Item
    path: Path
    line: int


def _read_course(
    folder: Path, position: int, shelf: Shelf, problems: Problems, check_pose: PoseCheck
) -> content.Course | None:
    path = folder / "course.yaml"
    data = _load(path, problems)
    front = validate(schema.Course, data, path, 1, "course", problems) if data is not None else None
    scenes = _read_scenes(folder, shelf, problems, check_pose)
    lessons = _read_lessons(folder, shelf, {scene.key for scene in scenes}, problems)
    placed = _read_items(folder, shelf, problems)
    if not front:
        return None
    cover = read_svg(
        folder / "images" / front.cover, front.cover_alt, problems, (path, line_of(data, ["cover"], 1), "cover")
    )
    by_key = {lesson.key: lesson for lesson in lessons}
    _check_lessons(path, data, front, lessons, problems)
    _check_items(front, lessons, placed, problems)
    _check_outcomes(folder, front, lessons, {one.item.outcome for one in placed}, problems)
    items = [one.item for one in placed]
    _check_quizzes(path, data, front, items, problems)
    ordered = tuple(by_key[key] for key in front.lessons if key in by_key)
    used = _used_sources(ordered, items, scenes)
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
    )


def _used_sources(
    lessons: tuple[content.Lesson, ...], items: list[content.Item], scenes: list[content.Scene]
) -> set[str]:
    used = {source for lesson in lessons for source in lesson.sources}
    return used | {s for item in [*items, *(scene.item for scene in scenes)] for o in item.options for s in o.sources}


def _read_lessons(folder: Path, shelf: Shelf, scenes: set[str], problems: Problems) -> list[content.Lesson]:
    lessons: list[content.Lesson] = []
    for path in sorted((folder / "lessons").glob("*.md")):
        lesson = read_lesson(Reader(path, folder / "images", shelf.cites, shelf.terms, problems, scenes))
        if lesson and not re.fullmatch(rf"\d\d-{re.escape(lesson.key)}\.md", path.name):
            problems.add(path, 2, "key", f"does not fit the file's name; name the file NN-{lesson.key}.md")
        if lesson and lesson.key in {one.key for one in lessons}:
            problems.add(path, 2, "key", f"{lesson.key!r} is the key of two lessons; give one another key")
        if lesson:
            lessons.append(lesson)
    return lessons


def _read_items(folder: Path, shelf: Shelf, problems: Problems) -> list[Placed]:
    items: list[Placed] = []
    for path in sorted((folder / "items").glob("*.yaml")):
        data = _load(path, problems)
        book = validate(schema.ItemFile, data, path, 1, "items", problems) if data is not None else None
        _check_text(path, shelf, problems)
        for n, row in enumerate(book.items if book else ()):
            reader = Reader(path, folder / "images", shelf.cites, shelf.terms, problems)
            line = line_of(data, ["items", n], 1)
            items.append(Placed(_item(reader, row, book.lesson if book else "", line), path, line))
    for key, times in Counter(one.item.key for one in items).items():
        if times > 1:
            first = next(one for one in items if one.item.key == key)
            problems.add(first.path, first.line, key, f"is the key of {times} items; keys are used once")
    return items


def _check_text(path: Path, shelf: Shelf, problems: Problems) -> None:
    """What no line of the file may have, when it can be read at all."""
    if (text := read_text(path, Problems(problems.root))) is not None:
        Reader(path, path.parent, shelf.cites, shelf.terms, problems).check_lines(text.splitlines(), 1)


def _item(reader: Reader, row: schema.Item, lesson: str, line: int) -> content.Item:
    return content.Item(
        key=row.key,
        kind=row.kind,
        stem=reader.block(row.stem, line, row.key),
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
        _check_text(path, shelf, problems)
        if row:
            _check_scene(path, data, row, check_pose, problems)
            reader = Reader(path, folder / "images", shelf.cites, shelf.terms, problems)
            scenes.append(_scene(reader, row, line_of(data, ["options"], 1)))
    return scenes


def _check_scene(path: Path, data: Any, row: schema.Scene, check_pose: PoseCheck, problems: Problems) -> None:
    if path.stem != row.key:
        line = line_of(data, ["key"], 1)
        problems.add(path, line, "key", f"{row.key!r} does not fit the file's name; name the file {row.key}.yaml")
    try:
        check_pose(dict(row.pose))
    except ValueError as error:
        for fault in str(error).splitlines():
            problems.add(path, line_of(data, ["pose"], 1), "pose", fault)


def _scene(reader: Reader, row: schema.Scene, line: int) -> content.Scene:
    options = make_options(reader, "single", row.options, line, row.key)
    item = content.Item(key=row.key, kind="single", stem=reader.block(row.prompt, line, row.key), options=options)
    pose = {str(key): value for key, value in row.pose.items()}
    fields = {"key": row.key, "title": row.title, "age_months": row.age_months, "setting": row.setting}
    return content.Scene(**fields, pose=pose, description=row.description, item=item)  # type: ignore[arg-type]


def _check_lessons(
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


def _check_items(front: schema.Course, lessons: list[content.Lesson], placed: list[Placed], problems: Problems) -> None:
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


def _check_outcomes(
    folder: Path, front: schema.Course, lessons: list[content.Lesson], tested: set[str], problems: Problems
) -> None:
    """Where a course has quizzes, each outcome of its lessons is tested by an item."""
    for lesson in lessons if front.quizzes else ():
        path = next(iter((folder / "lessons").glob(f"*-{lesson.key}.md")), folder / "course.yaml")
        for outcome in lesson.outcomes:
            if outcome.key not in tested:
                line = next((n for n, text in enumerate(path.read_text().splitlines(), 1) if outcome.key in text), 1)
                problems.add(path, line, outcome.key, "is an outcome that no item tests; write an item for it")


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
