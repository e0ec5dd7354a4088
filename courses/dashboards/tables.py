"""The trainer's table as rows of HTML, made in Python so that 500 of them stay fast.

What the cells say comes from `queries`, and the dots from `dots`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from courses.dashboards.dots import dots_of
from courses.dashboards.filters import is_overdue
from courses.dashboards.queries import Learner
from courses.dashboards.states import state_of
from courses.library.content import Course, Quiz
from courses.web import dates


@dataclass(frozen=True)
class Ticks:
    """Which learners can be ticked, to do something for several at once.

    Nobody can tick their own row. `ticked` are the keys of those ticked already.
    """

    own_id: int
    ticked: Collection[str] = ()
    is_all: bool = False

    def box(self, learner: Learner) -> str:
        """The cell with the box of one learner, empty in the viewer's own row."""
        if learner.user_id == self.own_id:
            return '<td class="tick"></td>'
        checked = " checked" if self.is_all or str(learner.key) in self.ticked else ""
        return (
            '<td class="tick"><input type="checkbox" name="learner" '
            f'value="{learner.key}" aria-label="Choose {escape(learner.name)}"{checked}></td>'
        )


def table_rows(
    course: Course, learners: list[Learner], now: datetime, ticks: Ticks | None = None
) -> Iterator[SafeString]:
    """A `tr` for each learner, in their order.

    Its cells are those of `orders.Column`, after a box to tick; `ticks` None: without boxes.
    """
    for learner in learners:
        cells = [ticks.box(learner)] if ticks else []
        cells += [
            _name_cell(learner),
            _need_cell(learner),
            _progress_cell(learner),
            _quiz_cell(course, learner),
            _cell(_last_seen(learner)),
            _due_cell(learner, now),
        ]
        # Safe: what comes from people is escaped in each cell.
        yield mark_safe(f"<tr>{''.join(cells)}</tr>")


def _cell(words: str, css_class: str = "") -> str:
    """A cell with words that are safe, with their shape where they have one."""
    if not css_class:
        return f"<td>{words}</td>"
    return f'<td><span class="{css_class}">{words}</span></td>'


def _name_cell(learner: Learner) -> str:
    assignment = learner.assignment
    address = [assignment.cohort.key, assignment.course.key, learner.key]
    url = reverse("courses:learner", args=address)
    return f'<th scope="row"><a href="{url}">{escape(learner.name)}</a></th>'


def _need_cell(learner: Learner) -> str:
    if learner.revoked_at:
        return _cell("Completed, certificate withdrawn", "overdue")
    if not learner.attention_reasons:
        return '<td class="quiet">Nothing</td>'
    style = "overdue" if learner.has_started else "not-started"
    reasons = [f'<span class="{style}">{words}</span>' for words in learner.reason_words]
    return f"<td>{'<br>'.join(reasons)}</td>"


def _progress_cell(learner: Learner) -> str:
    """The state as one of five words, then how many lessons are done, as a number and as dots."""
    state = state_of(learner)
    words = state.words
    if learner.is_completed and not learner.completed_at:
        words = "Passed before joining"
    dots = dots_of(learner)
    shapes = "".join(f'<i class="{shape}"></i>' for shape in dots.shapes)
    in_words = f'<span class="nhsuk-u-visually-hidden"> lessons. {dots.words}</span>'
    return (
        f'<td><span class="{state.css_class}">{words}</span> '
        f'<span class="dots"><span>{dots.done} of {dots.total}{in_words}</span>'
        f'<span aria-hidden="true">{shapes}</span></span></td>'
    )


def _quiz_cell(course: Course, learner: Learner) -> str:
    """What came of each final quiz; with its title where the course has several."""
    results = []
    for quiz in course.finals:
        css_class, words = _quiz_result(quiz, learner)
        title = f"{escape(quiz.title)}: " if len(course.finals) > 1 else ""
        results.append(f'<span class="{css_class}">{title}{words}</span>')
    return f"<td>{'<br>'.join(results)}</td>"


def _quiz_result(quiz: Quiz, learner: Learner) -> tuple[str, str]:
    """The class of its shape, and its words."""
    row = learner.enrolment_progress
    if not row:
        return "not-started", "Not started"
    taken = row.attempts_at(quiz.key)
    has_passed_since = any(attempt.passed for attempt in taken)
    # An attempt since joining that is passed says more than the words.
    if quiz.key in learner.passed_before and not has_passed_since:
        return "done", "Passed before joining"
    if not taken:
        return "not-started", "Not started"
    best = row.best_at(quiz.key)
    if not best:
        if any(attempt.is_open for attempt in taken):
            return "under-way", "Attempt open"
        return "waiting", "Time over, being marked"
    if best.is_assessed_otherwise:
        return "done", f"Passed, {best.result}"
    scored = sum(attempt.is_scored for attempt in taken)
    attempts = "1 attempt" if scored == 1 else f"{scored} attempts"
    marks = f"{best.marks} of {best.possible}, {attempts}"
    return ("done", f"Passed, {marks}") if best.passed else ("waiting", f"Not yet, {marks}")


def _last_seen(learner: Learner) -> str:
    if learner.last_seen_at:
        return dates.day(learner.last_seen_at)
    return "Not since joining" if learner.has_started else "Never"


def _due_cell(learner: Learner, now: datetime) -> str:
    """Their own due date, with its weekday, and whether it is later than the cohort's."""
    if not learner.due_at:
        return '<td class="quiet">No date</td>'
    words = dates.long_day(learner.due_at)
    if learner.is_extended:
        words += " (more time)"
    return _cell(words, "overdue" if is_overdue(learner, now) else "")
