"""What is known of an organisation's readiness as the facts of its document."""

from collections.abc import Sequence
from datetime import date

from courses.readiness.coverage import Cell, Row
from courses.readiness.pdf import (
    MOST_ROWS,
    AnswerFacts,
    CourseFacts,
    ReadinessFacts,
    RoleFacts,
)
from courses.readiness.queries import QuestionRow, RoleRow
from courses.readiness.report import Readiness
from courses.web import dates


def facts_of(readiness: Readiness, made_on: date, site_name: str, site_url: str) -> ReadinessFacts:
    """The facts of the document: the largest teams where there are too many for a page."""
    table = readiness.table
    courses = [
        CourseFacts(line.title, line.words, line.percent, line.status) for line in readiness.lines
    ]
    return ReadinessFacts(
        organisation=readiness.organisation.printed_name,
        day=readiness.day,
        made_on=made_on,
        site_name=site_name,
        site_url=site_url,
        courses=tuple(courses),
        counts_for=readiness.months,
        staff_as_of=readiness.newest_as_of,
        columns=tuple(readiness.column_labels),
        rows=tuple((row.label, _words(row.cells)) for row in largest_rows(table.rows)),
        totals=_words(table.totals.cells),
        left_out=max(0, len(table.rows) - MOST_ROWS),
        roles=tuple(_role(row) for row in readiness.roles),
        answers=tuple(_answer(row) for row in readiness.plan.rows),
        plan_summary=readiness.plan.summary.words,
        stale=readiness.plan.summary.stale,
    )


def largest_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows with the most staff in post that fit a page, in the order that they had."""
    by_size = sorted(rows, key=lambda row: row.cells[-1].staff or 0, reverse=True)
    kept = by_size[:MOST_ROWS]
    return [row for row in rows if row in kept]


def _words(cells: Sequence[Cell]) -> tuple[str, ...]:
    words = []
    for cell in cells:
        percent = f" ({cell.percent_words})" if cell.percent is not None else ""
        words.append(f"{cell.words}{percent}")
    return tuple(words)


def _role(row: RoleRow) -> RoleFacts:
    coverage = f"{row.coverage} {row.percent}".strip()
    return RoleFacts(
        label=row.label,
        level=", ".join(row.courses) or "Nothing set",
        reason=row.reason or "–",
        currency=f"{row.months} months" if row.courses else "–",
        coverage=coverage or "–",
        applied=row.applied_words,
    )


def _answer(row: QuestionRow) -> AnswerFacts:
    if not row.answer:
        return AnswerFacts(row.question.short, row.words, "", "", "")
    checked = dates.day(row.answer.checked_on)
    evidence, owner = row.answer.evidence, row.answer.owner
    return AnswerFacts(row.question.short, row.words, evidence, owner, checked)
