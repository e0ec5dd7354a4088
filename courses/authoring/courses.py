"""All courses of a folder: read, compared, put together.

Rows and editions are made in `publishing`.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from courses.authoring import schema
from courses.authoring.checks.cross_checks import (
    AuthoredLesson,
    check_items,
    check_lessons,
    check_outcomes,
    check_quizzes,
)
from courses.authoring.checks.guessing import check_guessing
from courses.authoring.checks.item_checks import check_quiz_items, check_waiting
from courses.authoring.checks.lesson_checks import advise, check_duration
from courses.authoring.checks.rung_checks import check_rungs
from courses.authoring.checks.unused_checks import check_unused
from courses.authoring.course_folder import CourseFiles, read_files
from courses.authoring.pool.checks import check_pool
from courses.authoring.pool.reading import GrownPool, read_pool
from courses.authoring.reading.diagnostics import Problem, Problems, line_of, validate
from courses.authoring.reading.files import list_files
from courses.authoring.reading.images import read_svg
from courses.authoring.reading.references import References, load, read_references
from courses.library import content


@dataclass(frozen=True)
class Reading:
    """The courses of a folder by name, and the problems and warnings by file and line.

    `grown` is the pool that practice draws from; None where the folder has none.

    The courses are only to be used when there is no problem at all; warnings stop nothing.
    """

    courses: list[content.Course]
    problems: list[Problem]
    warnings: list[Problem]
    grown: GrownPool | None = None


def read_courses(root: Path) -> tuple[list[content.Course], list[Problem]]:
    """Every course of the folder and every problem in it; see `read_folder`."""
    reading = read_folder(root, wants_advice=False)
    return reading.courses, reading.problems


def read_folder(root: Path, *, wants_advice: bool = True) -> Reading:
    """Reads and checks every course of a folder.

    Without `wants_advice`, the warnings that take longest to find are left out.
    """
    problems = Problems(root, wants_advice)
    files = list_files(root, problems)
    # More than is ever read: its other problems would take too long to find.
    if files is None:
        return Reading([], problems.errors, [])
    references = read_references(root, problems)
    folders = sorted(path.parent for path in root.glob("*/course.yaml"))
    if not folders:
        what = "has no course; make a folder with a course.yaml"
        problems.add(root / "course.yaml", 1, "courses", what)
    courses = []
    for position, folder in enumerate(folders):
        course = _read_course(folder, position, references, problems)
        if course:
            courses.append(course)
    grown = read_pool(root, references, problems)
    if grown:
        check_pool(grown, problems)
    check_rungs(problems)
    check_unused(root, files, courses, references, problems)
    errors = sorted(set(problems.errors))
    return Reading(courses, errors, sorted(set(problems.warnings)), grown)


def _read_course(
    folder: Path, position: int, references: References, problems: Problems
) -> content.Course | None:
    """The course; None (and a problem) when its course.yaml cannot be read."""
    path = folder / "course.yaml"
    data = load(path, problems)
    front = None
    if data is not None:
        front = validate(schema.Course, data, path, 1, "course", problems)
    # Read in any case, so that their problems are reported together with those of course.yaml.
    files = read_files(folder, references, problems)
    if front is None:
        return None
    place = (path, line_of(data, ["cover"], 1), "cover")
    cover = read_svg(folder / "images", front.cover, front.cover_alt, problems, place)
    _check_course(path, data, front, files, problems)
    return _course(position, front, files, cover, references)


def _check_course(
    path: Path, data: Any, front: schema.Course, files: CourseFiles, problems: Problems
) -> None:
    """What is only seen when the files are compared, in the order of the guide."""
    lessons = [authored.lesson for authored in files.lessons]
    items = [located.item for located in files.items]
    check_lessons(path, data, front, lessons, problems)
    check_items(front, lessons, files.items, problems)
    # Otherwise what the items that cannot be read test would be reported as not tested.
    if files.has_all_items:
        tested = {item.outcome for item in items}
        check_outcomes(front, files.lessons, tested, problems)
    check_quiz_items(files.items, problems)
    check_quizzes(path, data, front, items if files.has_all_items else None, problems)
    for authored in files.lessons:
        check_duration(authored, problems)
    _check_guessing(path, files, problems)
    if problems.wants_advice:
        _advise(files.lessons, problems)


def _check_guessing(path: Path, files: CourseFiles, problems: Problems) -> None:
    """Right options that show by their length or place: in a file, in a lesson, in the course."""
    items_by_file: dict[Path, list[content.Item]] = {}
    for located in files.items:
        items_by_file.setdefault(located.path, []).append(located.item)
    for file, items in items_by_file.items():
        check_guessing(items, "items", partial(problems.add, file, 1, "items"))
    all_checks: list[content.Item] = []
    for authored in files.lessons:
        checks = _checks_of(authored.lesson)
        report = partial(problems.add, authored.path, 1, authored.lesson.key)
        check_guessing(checks, "checks", report)
        all_checks += checks
    all_items = [located.item for located in files.items]
    report_on_quizzes = partial(problems.add, path, 1, "quizzes")
    check_guessing(all_items, "items of the course", report_on_quizzes)
    check_waiting(all_items, report_on_quizzes)
    report_on_lessons = partial(problems.add, path, 1, "lessons")
    check_guessing(all_checks, "checks of the course", report_on_lessons)


def _checks_of(lesson: content.Lesson) -> list[content.Item]:
    blocks = [block for step in lesson.steps for block in step.blocks]
    return [block.item for block in blocks if block.item]


def _advise(lessons: list[AuthoredLesson], problems: Problems) -> None:
    for authored in lessons:
        # What is said of a lesson that is read by half would not be true.
        if not problems.are_in(authored.path):
            advise(authored, problems)


def _course(
    position: int,
    front: schema.Course,
    files: CourseFiles,
    cover: str,
    references: References,
) -> content.Course:
    """The course with what its texts show of the references and the glossary, and nothing else."""
    by_key = {authored.lesson.key: authored.lesson for authored in files.lessons}
    lessons = tuple(by_key[key] for key in front.lessons if key in by_key)
    glossary = _glossary_of(lessons, references)
    used = _used_sources(lessons, files, glossary) & set(references.sources)
    sources = {key: references.sources[key] for key in sorted(used)}
    return content.Course(
        key=front.key,
        position=position,
        title=front.title,
        summary=front.summary,
        for_whom=front.for_whom,
        afterwards=tuple(front.afterwards),
        cover=cover,
        lessons=lessons,
        quizzes=tuple(content.Quiz(**quiz.model_dump()) for quiz in front.quizzes),
        items=tuple(located.item for located in files.items),
        scenes=tuple(files.scenes),
        publications=_publications_of(sources, references),
        sources=sources,
        glossary=glossary,
        handout=files.handout,
    )


def _glossary_of(
    lessons: tuple[content.Lesson, ...], references: References
) -> dict[str, content.Entry]:
    """The entries that the lessons open, by key, in the order of the alphabet."""
    terms: set[str] = set()
    for lesson in lessons:
        for step in lesson.steps:
            terms |= set(step.terms)
    return {key: references.glossary[key] for key in sorted(terms)}


def _publications_of(
    sources: dict[str, content.Source], references: References
) -> dict[str, content.Publication]:
    """The publications that the sources rest on, in the order of references.yaml."""
    names: set[str] = set()
    for source in sources.values():
        names |= set(source.publications)
    publications = references.publications
    return {key: publications[key] for key in publications if key in names}


def _used_sources(
    lessons: tuple[content.Lesson, ...], files: CourseFiles, glossary: dict[str, content.Entry]
) -> set[str]:
    """The ids that anything a learner or trainer meets rests on, known or not."""
    used: set[str] = set()
    for lesson in lessons:
        used |= set(lesson.sources)
    for scene in files.scenes:
        if scene.seen:
            used |= set(scene.seen.sources)
    for entry in glossary.values():
        used |= set(entry.sources)
    items = [located.item for located in files.items]
    items += [scene.item for scene in files.scenes]
    for item in items:
        for answer in item.answers:
            used |= set(answer.sources)
    if files.handout:
        used |= {*files.handout.sources_on(1), *files.handout.sources_on(2)}
    return used
