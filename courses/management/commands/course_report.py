"""`manage.py course_report [FOLDER] [--json]`: what each course holds, counted.

Reads the files, writes nothing.

Needs no database, but for what clinicians said: without one that is unknown.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from courses.authoring.course_report import UNKNOWN, CourseReport, LessonReport, Report, report
from courses.authoring.courses import read_courses
from courses.library.content import Course, Lesson
from courses.management.commands.check_courses import add_folder_argument
from courses.signoffs.queries import signed_lessons

WIDTH = 110
STATES = {True: "signed off", False: "not signed off", UNKNOWN: "sign-off unknown"}


class Command(BaseCommand):
    help = (
        "Count what each course holds: lessons, activities, items, outcomes, sources, "
        "reading grade, sign-off."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_folder_argument(parser)
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        courses, problems = read_courses(folder)
        if problems:
            self.stderr.write(
                f"{len(problems)} problems, which `check_courses` lists: "
                "what follows may be incomplete"
            )
        counted = report(courses, _signed(courses))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(counted), indent=2, ensure_ascii=False))
        else:
            self.stdout.write(_table(counted))


def _signed(courses: Sequence[Course]) -> Any:
    """A function that says whether a lesson is signed off as its file stands."""
    try:
        known = {course.key: signed_lessons(course) for course in courses}
    except DatabaseError:
        # Authors count their courses on machines without the product's database.
        return lambda course, lesson: UNKNOWN

    def is_signed(course: Course, lesson: Lesson) -> bool:
        return lesson.key in known[course.key]

    return is_signed


def _table(counted: Report) -> str:
    lines: list[str] = []
    for course in counted.courses:
        lines += _course(course)
    lines.append(f"{'Scenes':28}{'still':>8}{'moving':>8}")
    lines += [f"  {family:26}{n['still']:8}{n['moving']:8}" for family, n in counted.scenes.items()]
    return "\n".join(lines)


def _course(course: CourseReport) -> Iterator[str]:
    minutes = sum(lesson.minutes for lesson in course.lessons)
    items = sum(sum(lesson.items.values()) for lesson in course.lessons)
    yield f"{course.key}: {len(course.lessons)} lessons, {minutes} minutes, {items} items"
    yield ""
    for lesson in course.lessons:
        yield from _lesson(lesson)
    yield f"  {'Quiz':16}{'kind':10}{'pool':>6}{'draw':>6}"
    for quiz in course.quizzes:
        yield f"  {quiz.key:16}{quiz.kind:10}{quiz.pool:6}{quiz.draw:6}"
    yield ""
    heading = f"  {'The right option is':22}{'of':>6}{'longest':>10}{'shortest':>10}"
    yield f"{heading}   in place 1, 2, 3, 4"
    for name, guessing in course.guessing.items():
        places = ", ".join(str(count) for count in guessing.places)
        counts = f"{guessing.asked:6}{guessing.longest:10}{guessing.shortest:10}"
        yield f"  {name:22}{counts}   {places}"
    yield ""


def _lesson(lesson: LessonReport) -> Iterator[str]:
    grade = f"grade {lesson.reading_grade:.1f}"
    state = STATES[lesson.signed_off]
    yield f"  {lesson.key:34}{lesson.minutes:3} min{lesson.steps:4} steps   {grade:12}{state}"
    yield f"    {'words':12}{lesson.path_words} on one path"
    yield f"    activities  {_counts(lesson.activities)}"
    yield f"    items       {_counts(lesson.items)}; {lesson.critical} critical"
    for key, items in lesson.outcomes.items():
        yield _row("outcome", f"{key}: {', '.join(items) or 'no item'}")
    if lesson.contacts:
        yield _row("reviews", ", ".join(lesson.contacts))
    yield _row("sources", " ".join(lesson.sources) or "none")
    yield ""


def _row(label: str, words: str) -> str:
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=f"    {label:12}",
        subsequent_indent=" " * 16,
        break_on_hyphens=False,
    )


def _counts(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in kinds.items()) or "none"
