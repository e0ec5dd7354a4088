"""The trainer's table as cells, made in Python so that 500 rows stay fast. What the cells say comes from queries."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from courses.dashboards.queries import Learner
from courses.library.content import Course
from courses.web import dates

NOT_STARTED = mark_safe('<td class="not-started">Not started</td>')


@dataclass(frozen=True)
class Row:
    """One learner: the address of their record, their name, and all their cells as HTML."""

    url: str
    name: str
    cells: SafeString


def matrix_rows(course: Course, learners: list[Learner]) -> Iterator[Row]:
    """Rows in the order of the learners; columns are state, lessons, final quizzes, last seen."""
    for learner in learners:
        cohort, key = learner.assignment.cohort.key, learner.assignment.course.key
        url = reverse("courses:learner", args=[cohort, key, learner.key])
        yield Row(url, learner.name, mark_safe("".join(_cells(course, learner))))


def _cells(course: Course, learner: Learner) -> Iterator[str]:
    yield _state(learner)
    standing = learner.standing
    lessons = {one.lesson.key: one for one in standing.progress.lessons} if standing else {}
    for lesson in course.lessons:
        one = lessons.get(lesson.key)
        yield format_html('<td class="{}">{}</td>', one.state, one.words) if one else NOT_STARTED
    for quiz in course.finals:
        yield _quiz(learner, quiz.key)
    yield format_html("<td>{}</td>", _last_seen(learner))


def _last_seen(learner: Learner) -> str:
    if learner.last_seen_at:
        return dates.day(learner.last_seen_at)
    return "Not since joining" if learner.has_started else "Never"


def _state(learner: Learner) -> str:
    if learner.revoked_at:
        return '<td class="overdue">Completed, certificate withdrawn</td>'
    if learner.is_completed:
        words = "Completed" if learner.completed_at else "Completed before joining"
        return format_html('<td class="done">{}</td>', words)
    if not learner.needs:
        return '<td class="under-way">On the way</td>'
    shape = "not-started" if not learner.has_started else "overdue"
    return format_html(
        '<td class="{}">{}</td>', shape, ". ".join(need.value for need in learner.needs)
    )


def _quiz(learner: Learner, quiz_key: str) -> str:
    taken = learner.standing.attempts_at(quiz_key) if learner.standing else []
    scored = [attempt for attempt in taken if attempt.is_scored]
    if quiz_key in learner.passed_before and not any(attempt.passed for attempt in taken):
        return '<td class="done">Passed before joining</td>'
    if not taken:
        return NOT_STARTED
    best = learner.standing.best_at(quiz_key) if learner.standing else None
    if not best:
        if any(attempt.is_open for attempt in taken):
            return '<td class="under-way">Attempt open</td>'
        return '<td class="waiting">Time over, being marked</td>'
    word, shape = ("Passed", "done") if best.passed else ("Not yet", "waiting")
    attempts = f"{len(scored)} attempt{'s' if len(scored) > 1 else ''}"
    return format_html(
        '<td class="{}">{}, {} of {}, {}</td>', shape, word, best.marks, best.possible, attempts
    )
