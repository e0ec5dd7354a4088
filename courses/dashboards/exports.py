"""The tables of progress and of items as CSV files.

What the rows say comes from `queries`; how a file is written, from `web.spreadsheets`.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from courses.assessment.queries import AnalysedItem
from courses.dashboards.dots import dots_of
from courses.dashboards.leavers import Leaver
from courses.dashboards.queries import Learner
from courses.dashboards.states import state_of
from courses.library.content import Course
from courses.web.spreadsheets import csv_rows

BEFORE = "before joining"
NOT_THEIRS = "Not in their edition"


def _iso_day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def progress_csv(
    course: Course, learners: list[Learner], leavers: list[Leaver] | None = None
) -> bytes:
    """One row for each learner: the same facts as the table, dates as London days in ISO form.

    What came before the learner joined has no date and no marks, but the words "before joining".
    With a list of people who have left, each has a row after the others, and a column more says
    when they left; nothing they learnt is in it.
    """
    header = [
        "Name",
        "Professional role",
        "Joined",
        "Needs",
        "Started",
        "Last seen",
        "Completed",
        "Percent",
        "Due",
        "State",
        "Lessons done",
        "Lessons",
    ]
    header += [lesson.title for lesson in course.lessons]
    for quiz in course.finals:
        for figure in ("attempts", "best marks", "of", "passed"):
            header.append(f"{quiz.title}: {figure}")
    header += ["Certificate", "Certificate issued", "Certificate withdrawn"]
    rows = [_progress_row(course, learner) for learner in learners]
    if leavers is not None:
        rows = _with_leavers(rows, leavers, len(header))
        header.append("Left")
    return b"".join(csv_rows(header, rows))


def _with_leavers(
    rows: list[list[object]], leavers: list[Leaver], width: int
) -> list[list[object]]:
    """The rows with one cell more, the day of leaving, and after them those of who has left."""
    extended = [[*row, ""] for row in rows]
    for leaver in leavers:
        who = [leaver.name, leaver.profession, _iso_day(leaver.joined_at)]
        nothing = [""] * (width - len(who))
        extended.append([*who, *nothing, _iso_day(leaver.left_at)])
    return extended


def _progress_row(course: Course, learner: Learner) -> list[object]:
    """The cells of one learner; keep them in step with the header of `progress_csv`."""
    dots = dots_of(learner)
    row: list[object] = [
        learner.name,
        learner.profession,
        _iso_day(learner.joined_at),
        "; ".join(learner.reason_words),
        _day_or_before(learner.started_at, learner.has_started),
        _iso_day(learner.last_seen_at),
        _day_or_before(learner.completed_at, learner.is_completed),
        learner.percent,
        _iso_day(learner.due_at),
        state_of(learner).words,
        dots.done,
        dots.total,
    ]
    row += _lesson_cells(course, learner)
    for quiz in course.finals:
        row += _quiz_cells(learner, quiz.key)
    return row + _certificate_cells(learner)


def _certificate_cells(learner: Learner) -> list[object]:
    """The code of the certificate that counts, and when it was issued and withdrawn."""
    certificate = learner.certificate
    if not certificate:
        return ["", "", ""]
    issued_on, withdrawn_on = _iso_day(certificate.issued_at), _iso_day(learner.revoked_at)
    return [certificate.code, issued_on, withdrawn_on]


def _day_or_before(moment: datetime | None, has_happened: bool) -> str:
    """The day since joining on which it happened, "before joining", or empty if it has not."""
    # It happened before joining, and when is not for this cohort's trainers to see.
    if has_happened and not moment:
        return BEFORE
    return _iso_day(moment)


def _lesson_cells(course: Course, learner: Learner) -> list[str]:
    """The words of each lesson of the newest edition; a learner's own edition may be without it."""
    if not learner.enrolment_progress:
        return ["Not started"] * len(course.lessons)
    rows = learner.enrolment_progress.progress.lessons
    words = {row.lesson.key: row.words for row in rows}
    return [words.get(lesson.key, NOT_THEIRS) for lesson in course.lessons]


def _quiz_cells(learner: Learner, quiz_key: str) -> list[object]:
    """Scored attempts, the marks of the best one, of how many, and whether it is passed."""
    passed_before = BEFORE if quiz_key in learner.passed_before else ""
    if not learner.enrolment_progress:
        return [0, "", "", passed_before]
    best = learner.enrolment_progress.best_at(quiz_key)
    if not best:
        return [0, "", "", passed_before]
    taken = learner.enrolment_progress.attempts_at(quiz_key)
    scored = sum(attempt.is_scored for attempt in taken)
    passed = "yes" if best.passed else passed_before or "no"
    if best.is_assessed_otherwise:
        return [scored, best.result, "", passed]  # there are no marks
    return [scored, best.marks, best.possible, passed]


def analysis_csv(course: Course, rows: list[AnalysedItem]) -> bytes:
    """One row for each option or card of each item, with the item's figures.

    Where too few people answered, the figures are empty. So is then which option is right, and
    an item has its number instead of the author's names of it and its outcome, which can give
    the answer away: anybody can start a cohort, and read this file before the quiz.
    """
    header = [
        "Lesson",
        "Item",
        "Kind",
        "Outcome",
        "Safety",
        "Responses",
        "People",
        "Facility",
        "Discrimination",
        "To look at",
        "Option or card",
        "Right",
        "Chosen, or put right",
    ]
    lines: list[list[object]] = []
    for number, row in enumerate(rows, 1):
        lines += _analysis_rows(course, number, row)
    return b"".join(csv_rows(header, lines))


def _analysis_rows(course: Course, number: int, row: AnalysedItem) -> Iterator[list[object]]:
    # here, so that a web worker that never needs it does not hold Markdown in memory
    from courses.library.markdown import plain

    item, figures = row.item, row.figures
    lesson = course.lesson(item.lesson)
    has_figures = figures.facility is not None
    of_item: list[object] = [
        lesson.title if lesson else "",
        item.key if has_figures else number,
        item.kind,
        item.outcome if has_figures else "",
        "yes" if item.critical else "",
        figures.n,
        figures.people,
        _two_places(figures.facility),
        _two_places(figures.discrimination),
        "; ".join(figures.flags),
    ]
    for answer in item.answers:
        # Cards have no `correct`: each of them has a right place.
        is_right = has_figures and getattr(answer, "correct", True)
        chosen = figures.options.get(answer.key, "")
        yield [*of_item, plain(answer.html), "yes" if is_right else "", chosen]
    yield [*of_item, "No answer", "", figures.options.get("", "")]


def _two_places(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"
