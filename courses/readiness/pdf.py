"""“Are we ready for babies?” as a document of four A4 pages: what it says, and how much fits.
No rows, no request and no stored file: the same facts give the same bytes.

The pages: 1 the answer and what it does not say; 2 coverage by team and role; 3 what is expected
of each role; 4 the local plan. PDF/UA-1 and PDF/A-2a; `readiness.typ` says how it looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from courses.typesetting.compiler import TYPESETTER
from courses.typesetting.glyph_coverage import WIDE_FONT, coverage, printable_text, shortened
from courses.web import dates

TEMPLATE = Path(__file__).parent / "readiness.typ"
TITLE = "Are we ready for babies?"
MOST_ROWS = 16
LONGEST_LABEL = 60
LONGEST_TEXT = 150
LONGEST_CELL = 170  # the titles of three courses, or a reason, as far as nine roles fit a page
NOT_SAID = (
    "It counts people who completed the lessons and passed their quizzes. It does not say how well "
    "they work with babies, and it is no accreditation.",
    "Staff in post is what the organisation entered. Who has left, changed role or learnt "
    "elsewhere may be missing.",
    "Numbers below five people are hidden, and so are others from which they could be worked out.",
    "The answers about the local plan are the organisation’s own.",
)


@dataclass(frozen=True)
class CourseFacts:
    """One course, or all: its coverage in words, percent ("" for none), who reviewed it."""

    title: str
    words: str
    percent: str
    status: str


@dataclass(frozen=True)
class RoleFacts:
    """A role: what is expected, why, how long it counts, how many are, how many applied it."""

    label: str
    level: str
    reason: str
    currency: str
    coverage: str
    applied: str


@dataclass(frozen=True)
class AnswerFacts:
    """A question of the local plan in short, with its answer; texts are empty where not given."""

    question: str
    answer: str
    evidence: str
    owner: str
    checked: str


@dataclass(frozen=True)
class ReadinessFacts:
    """What the document says.

    `organisation` None: it is not confirmed, so its name stays out. `rows` are teams, each with
    the words of its cells; `left_out` how many more there are. `staff_as_of` None: no staff in
    post is known.
    """

    organisation: str | None
    day: date
    made_on: date
    site_name: str
    site_url: str
    courses: tuple[CourseFacts, ...]
    counts_for: str
    staff_as_of: date | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    totals: tuple[str, ...]
    left_out: int
    roles: tuple[RoleFacts, ...]
    answers: tuple[AnswerFacts, ...]
    plan_summary: str
    stale: int


def readiness_pdf(facts: ReadinessFacts) -> bytes:
    """The document as PDF, always four A4 pages; what is too long is cut with “…”.

    Letters that none of our fonts has are printed as □.

    Raises:
        RuntimeError: this process was forked from one that had made a PDF already: see
            `typesetting.compiler`.
    """
    return TYPESETTER.pdf_of_any_text(TEMPLATE, partial(_page, facts))


def _page(facts: ReadinessFacts, covered: frozenset[int]) -> dict[str, object]:
    """Everything `readiness.typ` prints, as JSON values; keep its keys in step with that file."""

    def say(text: str, longest: int = LONGEST_TEXT) -> object:
        return printable_text(shortened(text, longest), covered)

    def say_all(texts: Sequence[str], longest: int = LONGEST_TEXT) -> list[object]:
        return [say(text, longest) for text in texts]

    rows = [[say(label, LONGEST_LABEL), *say_all(cells)] for label, cells in facts.rows]
    roles = []
    for role in facts.roles:
        texts = (role.label, role.level, role.reason, role.currency, role.coverage, role.applied)
        roles.append(say_all(texts, LONGEST_CELL))
    answers = []
    for row in facts.answers:
        answers.append(say_all((row.question, row.answer, row.evidence, row.owner, row.checked)))
    day = facts.made_on
    return {
        "title": TITLE,
        "organisation": say(facts.organisation) if facts.organisation else None,
        "day": dates.long_day(facts.day),
        "made_on": dates.day(day),
        "made": {"year": day.year, "month": day.month, "day": day.day},
        "issuer": say(facts.site_name),
        "site_url": facts.site_url,
        "courses": [_course(course, covered) for course in facts.courses],
        "counts_for": facts.counts_for,
        "staff_as_of": dates.day(facts.staff_as_of) if facts.staff_as_of else None,
        "columns": list(facts.columns),
        "rows": rows,
        "totals": say_all(facts.totals),
        "left_out": facts.left_out,
        "roles": roles,
        "answers": answers,
        "plan_summary": facts.plan_summary,
        "stale": facts.stale,
        "not_said": list(NOT_SAID),
        "fonts": list(coverage()),
        "wide_fonts": [WIDE_FONT, *coverage()],
    }


def _course(course: CourseFacts, covered: frozenset[int]) -> dict[str, object]:
    return {
        "title": printable_text(shortened(course.title, 120), covered),
        "words": course.words,
        "percent": course.percent,
        "status": printable_text(course.status, covered),
    }
