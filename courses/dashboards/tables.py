"""The trainer's table as cells, made in Python so that 500 rows stay fast.

What the cells say comes from `queries`.
"""

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
        assignment = learner.assignment
        address = [assignment.cohort.key, assignment.course.key, learner.key]
        url = reverse("courses:learner", args=address)
        # Safe: every cell is constant or made by `format_html`.
        cells = mark_safe("".join(_cells(course, learner)))
        yield Row(url, learner.name, cells)


def _cells(course: Course, learner: Learner) -> Iterator[str]:
    yield _state_cell(learner)
    yield from _lesson_cells(course, learner)
    for quiz in course.finals:
        yield _quiz_cell(learner, quiz.key)
    yield format_html("<td>{}</td>", _last_seen(learner))


def _state_cell(learner: Learner) -> str:
    if learner.revoked_at:
        return '<td class="overdue">Completed, certificate withdrawn</td>'
    if learner.is_completed:
        words = "Completed" if learner.completed_at else "Completed before joining"
        return format_html('<td class="done">{}</td>', words)
    if not learner.attention_reasons:
        return '<td class="under-way">On the way</td>'
    style = "overdue" if learner.has_started else "not-started"
    words = ". ".join(reason.value for reason in learner.attention_reasons)
    return format_html('<td class="{}">{}</td>', style, words)


def _lesson_cells(course: Course, learner: Learner) -> Iterator[str]:
    lessons = {}
    if learner.enrolment_progress:
        rows = learner.enrolment_progress.progress.lessons
        lessons = {row.lesson.key: row for row in rows}
    for lesson in course.lessons:
        # The learner's own edition may not have a lesson of the newest one.
        row = lessons.get(lesson.key)
        if row:
            yield format_html('<td class="{}">{}</td>', row.state, row.words)
        else:
            yield NOT_STARTED


def _quiz_cell(learner: Learner, quiz_key: str) -> str:
    if not learner.enrolment_progress:
        return NOT_STARTED
    taken = learner.enrolment_progress.attempts_at(quiz_key)
    has_passed_since = any(attempt.passed for attempt in taken)
    # An attempt since joining that is passed says more than the words.
    if quiz_key in learner.passed_before and not has_passed_since:
        return '<td class="done">Passed before joining</td>'
    if not taken:
        return NOT_STARTED
    best = learner.enrolment_progress.best_at(quiz_key)
    if not best:
        if any(attempt.is_open for attempt in taken):
            return '<td class="under-way">Attempt open</td>'
        return '<td class="waiting">Time over, being marked</td>'
    if best.is_assessed_otherwise:
        return format_html('<td class="done">Passed, {}</td>', best.result)
    style, word = ("done", "Passed") if best.passed else ("waiting", "Not yet")
    scored = sum(attempt.is_scored for attempt in taken)
    attempts = "1 attempt" if scored == 1 else f"{scored} attempts"
    return format_html(
        '<td class="{}">{}, {} of {}, {}</td>', style, word, best.marks, best.possible, attempts
    )


def _last_seen(learner: Learner) -> str:
    if learner.last_seen_at:
        return dates.day(learner.last_seen_at)
    return "Not since joining" if learner.has_started else "Never"
