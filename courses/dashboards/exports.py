"""Tables as files: CSV that opens in any spreadsheet and runs in none. What the rows say lives in queries."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone

from courses.assessment.queries import AnalysedItem
from courses.dashboards.queries import Learner
from courses.library.content import Course

BEFORE = "before joining"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> str:
    """Text no spreadsheet reads as a formula: what begins like one gets an apostrophe in front."""
    text = str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted, CRLF at line ends (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return "\ufeff".encode() + out.getvalue().encode()


def _day(moment: object) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""  # type: ignore[arg-type]


def progress_csv(course: Course, learners: list[Learner]) -> bytes:
    """One row a learner: the same facts as the table, dates as London days in ISO form.

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
    header += [
        f"{quiz.title}: {what}"
        for quiz in course.finals
        for what in ("attempts", "best marks", "of", "passed")
    ]
    header.append("Certificate withdrawn")
    return csv_file(header, (_row(course, learner) for learner in learners))


def _day_or_before(moment: object, has_happened: bool) -> str:
    """The day of what happened since joining; the words for it where it happened before; else empty."""
    return BEFORE if has_happened and not moment else _day(moment)


def _row(course: Course, learner: Learner) -> list[object]:
    standing = learner.standing
    row: list[object] = [learner.name, learner.profession, _day(learner.joined_at)]
    row.append("; ".join(need.value for need in learner.needs))
    row += [_day_or_before(learner.started_at, learner.has_started), _day(learner.last_seen_at)]
    row += [_day_or_before(learner.completed_at, learner.is_completed), learner.percent]
    row.append(_day(learner.assignment.due_at))
    done = {one.lesson.key: one for one in standing.progress.lessons} if standing else {}
    for lesson in course.lessons:
        one = done.get(lesson.key)
        row.append(one.words if one else "Not started")
    for quiz in course.finals:
        taken = [a for a in standing.attempts_at(quiz.key) if a.is_scored] if standing else []
        best = standing.best_at(quiz.key) if standing else None
        row += [len(taken), best.marks, best.possible] if best else [0, "", ""]
        row.append(_passed(learner, quiz.key))
    row.append(_day(learner.revoked_at))
    return row


def _passed(learner: Learner, quiz_key: str) -> str:
    best = learner.standing.best_at(quiz_key) if learner.standing else None
    if best and best.passed:
        return "yes"
    if quiz_key in learner.passed_before:
        return BEFORE
    return "no" if best else ""


def analysis_csv(course: Course, rows: list[AnalysedItem]) -> bytes:
    """One row an option or card of each item, with the item's figures; empty where too few people answered.

    Which option is right is told with the figures alone, and so are the author's names of the item and its outcome,
    which can say it: anybody can start a cohort, and read this before the quiz. Until then an item has its number.
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
    ]
    header += ["Option or card", "Right", "Chosen, or put right"]
    lines: list[list[object]] = []
    for number, one in enumerate(rows, 1):
        lines += _analysis_rows(course, number, one)
    return csv_file(header, lines)


def _analysis_rows(course: Course, number: int, one: AnalysedItem) -> Iterator[list[object]]:
    # here, so that a web worker that never needs it does not hold Markdown in memory
    from courses.library.markdown import plain

    lesson, item, found = course.lesson(one.item.lesson), one.item, one.figures
    name, outcome = (item.key, item.outcome) if found.facility is not None else (number, "")
    rounded = [
        "" if figure is None else f"{figure:.2f}"
        for figure in (found.facility, found.discrimination)
    ]
    start: list[object] = [lesson.title if lesson else "", name, item.kind, outcome]
    start += [
        "yes" if item.critical else "",
        found.n,
        found.people,
        *rounded,
        "; ".join(found.flags),
    ]
    for answer in item.answers:
        right = "yes" if found.facility is not None and getattr(answer, "correct", True) else ""
        yield [*start, plain(answer.html), right, found.options.get(answer.key, "")]
    yield [*start, "No answer", "", found.options.get("", "")]
