"""Tables as files: CSV that opens in any spreadsheet and runs in none.

What the rows say comes from `queries`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from courses.assessment.queries import AnalysedItem
from courses.dashboards.queries import Learner
from courses.library.content import Course

BEFORE = "before joining"
# What a spreadsheet reads as the start of a formula, with the full-width forms of = + - and @.
FORMULA_STARTS = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20",
)  # fmt: skip


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet reads as a formula.

    What begins like one gets an apostrophe in front.
    """
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted, CRLF at line ends (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    # Without the byte order mark, Excel takes the file for the machine's old character set.
    return "\ufeff".encode() + out.getvalue().encode()


def _iso_day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def progress_csv(course: Course, learners: list[Learner]) -> bytes:
    """One row for each learner: the same facts as the table, dates as London days in ISO form.

    What came before the learner joined has no date and no marks, but the words "before joining".
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
    ]
    header += [lesson.title for lesson in course.lessons]
    for quiz in course.finals:
        for figure in ("attempts", "best marks", "of", "passed"):
            header.append(f"{quiz.title}: {figure}")
    header.append("Certificate withdrawn")
    return csv_file(header, (_progress_row(course, learner) for learner in learners))


def _progress_row(course: Course, learner: Learner) -> list[object]:
    """The cells of one learner; keep them in step with the header of `progress_csv`."""
    row: list[object] = [
        learner.name,
        learner.profession,
        _iso_day(learner.joined_at),
        "; ".join(reason.value for reason in learner.attention_reasons),
        _day_or_before(learner.started_at, learner.has_started),
        _iso_day(learner.last_seen_at),
        _day_or_before(learner.completed_at, learner.is_completed),
        learner.percent,
        _iso_day(learner.assignment.due_at),
    ]
    row += _lesson_cells(course, learner)
    for quiz in course.finals:
        row += _quiz_cells(learner, quiz.key)
    row.append(_iso_day(learner.revoked_at))
    return row


def _day_or_before(moment: datetime | None, has_happened: bool) -> str:
    """The day since joining on which it happened, "before joining", or empty if it has not."""
    # It happened before joining, and when is not for this cohort's trainers to see.
    if has_happened and not moment:
        return BEFORE
    return _iso_day(moment)


def _lesson_cells(course: Course, learner: Learner) -> list[str]:
    words = {}
    if learner.enrolment_progress:
        rows = learner.enrolment_progress.progress.lessons
        words = {row.lesson.key: row.words for row in rows}
    return [words.get(lesson.key, "Not started") for lesson in course.lessons]


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
    return csv_file(header, lines)


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
