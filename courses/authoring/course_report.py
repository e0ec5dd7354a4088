"""What a set of courses holds, counted: for authors, reviewers and machines.

Right or wrong is for `checks`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from courses.authoring.checks.guessing import distribution_of
from courses.authoring.checks.readability import grade_of, prose_of
from courses.learning.duration import path_words_of
from courses.library.content import Block, Course, Item, Lesson, in_sheet_order

UNKNOWN = "unknown"
Signed = Callable[[Course, Lesson], bool | str]
"""Whether clinicians signed a lesson off as it stands; UNKNOWN where nobody can say."""


@dataclass(frozen=True)
class LessonReport:
    """One lesson.

    `activities` and `items` are counts by kind; `outcomes` has the keys of the items that test
    each outcome.

    `sources` are all ids the lesson or one of its items cites, in the order of the fact sheet;
    `reading_grade` is a Flesch–Kincaid grade to one decimal; `signed_off` is True, False or
    UNKNOWN.
    """

    key: str
    minutes: int
    steps: int
    activities: dict[str, int]
    items: dict[str, int]
    critical: int
    outcomes: dict[str, list[str]]
    sources: list[str]
    reading_grade: float
    signed_off: bool | str
    contacts: list[str]
    path_words: int


@dataclass(frozen=True)
class QuizReport:
    """A quiz: how many items it may draw, and how many it draws."""

    key: str
    kind: str
    pool: int
    draw: int


@dataclass(frozen=True)
class GuessingReport:
    """Where the right option is, over the `asked` items that take one option.

    `longest` and `shortest` count the items in which it is that, `places` those in which it stands
    first, second and so on.
    """

    asked: int
    longest: int
    shortest: int
    places: list[int]


@dataclass(frozen=True)
class CourseReport:
    """One course; `guessing` counts its items and its lessons' checks, by those two names."""

    key: str
    lessons: list[LessonReport]
    quizzes: list[QuizReport]
    guessing: dict[str, GuessingReport]


@dataclass(frozen=True)
class Report:
    """All courses; `scenes` counts those that stand still and those that move, by family."""

    courses: list[CourseReport]
    scenes: dict[str, dict[str, int]]


def report(courses: Iterable[Course], signed: Signed) -> Report:
    """These courses, counted, in their order."""
    courses = list(courses)
    return Report([_course(course, signed) for course in courses], _scenes(courses))


def _course(course: Course, signed: Signed) -> CourseReport:
    quizzes = []
    for quiz in course.quizzes:
        pool = course.pool(quiz.key)
        quizzes.append(QuizReport(quiz.key, quiz.kind, len(pool), quiz.draw))
    lessons = [_lesson(course, lesson, signed) for lesson in course.lessons]
    checks: list[Item] = []
    for lesson in course.lessons:
        checks += [block.item for block in _blocks_of(lesson) if block.item]
    guessing = {"items": _guessing(course.items), "checks": _guessing(checks)}
    return CourseReport(course.key, lessons, quizzes, guessing)


def _blocks_of(lesson: Lesson) -> list[Block]:
    return [block for step in lesson.steps for block in step.blocks]


def _guessing(items: Iterable[Item]) -> GuessingReport:
    counted = distribution_of(items)
    return GuessingReport(counted.asked, counted.longest, counted.shortest, list(counted.places))


def _lesson(course: Course, lesson: Lesson, signed: Signed) -> LessonReport:
    items = [item for item in course.items if item.lesson == lesson.key]
    activities = [block.kind for block in _blocks_of(lesson) if block.is_activity]
    outcomes = {outcome.key: _testing(course.items, outcome.key) for outcome in lesson.outcomes}
    sources = set(lesson.sources)
    for item in items:
        for answer in item.answers:
            sources |= set(answer.sources)
    return LessonReport(
        key=lesson.key,
        minutes=lesson.minutes,
        steps=len(lesson.steps),
        activities=_counted(activities),
        items=_counted(item.kind for item in items),
        critical=sum(item.critical for item in items),
        outcomes=outcomes,
        sources=in_sheet_order(sources),
        reading_grade=round(grade_of(prose_of(lesson)), 1),
        signed_off=signed(course, lesson),
        contacts=list(lesson.contacts),
        path_words=path_words_of(lesson.steps),
    )


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    """How often each kind is there, by the alphabet."""
    counts = Counter(kinds)
    return dict(sorted(counts.items()))


def _testing(items: Iterable[Item], outcome: str) -> list[str]:
    return [item.key for item in items if item.outcome == outcome]


def _scenes(courses: Iterable[Course]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for course in courses:
        for scene in course.scenes:
            # Editions of before had no families.
            family = counts.setdefault(scene.family or UNKNOWN, {"still": 0, "moving": 0})
            family["moving" if scene.timeline else "still"] += 1
    return dict(sorted(counts.items()))
