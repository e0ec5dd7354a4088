"""The report of a cohort as a document: one A4 page, and further ones for names alone.
No rows, no request and no stored file: the same facts give the same bytes.

PDF/UA-1 and PDF/A-2a; `report.typ` says how it looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from courses.typesetting.compiler import TYPESETTER
from courses.typesetting.glyph_coverage import WIDE_FONT, coverage, printable_text, shortened
from courses.web import dates

TEMPLATE = Path(__file__).parent / "report.typ"
LONGEST_TITLE = 160
LONGEST_CELL = 120


@dataclass(frozen=True)
class BarFacts:
    """A bar: its words, its number in words, its share of the longest one, 0 to 1."""

    label: str
    number: str
    share: float


@dataclass(frozen=True)
class ReportFacts:
    """What the document says; each text is whole, each row one of a table.

    `organisation` None: it is not confirmed, so its name stays out; `logo` is its PNG, None: there
    is none. `counts` are five states with their numbers in words; empty, as everything after
    them: fewer than five people are in the cohort. The notes say what stands under their
    headings, or why nothing does. `outcomes` are an outcome, its share before, and after, and
    `left_out` is how many more there are; `hard` a lesson, an outcome and a share; `asked` a kind
    and what came of it. `names` None: the document has none; else pairs of a name and a day.
    """

    organisation: str | None
    logo: bytes | None
    cohort: str
    course: str
    edition: str
    as_of: date
    site_name: str
    site_url: str
    people: str
    counts: tuple[tuple[str, str], ...] = ()
    weeks_note: str = ""
    weeks: tuple[BarFacts, ...] = ()
    scores_note: str = ""
    scores: tuple[BarFacts, ...] = ()
    gain_note: str = ""
    outcomes: tuple[tuple[str, str, str], ...] = ()
    left_out: int = 0
    hard_note: str = ""
    hard: tuple[tuple[str, str, str], ...] = ()
    asked_note: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] | None = None


def report_pdf(facts: ReportFacts) -> bytes:
    """The document as PDF: one A4 page, and as many more as the names need.

    What is too long is cut with “…”. Letters that none of our fonts has are printed as □.

    Raises:
        RuntimeError: this process was forked from one that had made a PDF already: see
            `typesetting.compiler`.
    """
    return TYPESETTER.pdf_of_any_text(TEMPLATE, partial(_page, facts))


def _page(facts: ReportFacts, covered: frozenset[int]) -> dict[str, object]:
    """Everything `report.typ` prints, as JSON values; keep its keys in step with that file."""

    def say(text: str, longest: int = LONGEST_CELL) -> object:
        return printable_text(shortened(text, longest), covered)

    def say_rows(rows: Sequence[Sequence[str]]) -> list[object]:
        return [list(map(say, row)) for row in rows]

    day = facts.as_of
    return {
        "title": say(f"Cohort report: {facts.cohort}, {facts.course}", 2 * LONGEST_TITLE),
        "organisation": say(facts.organisation) if facts.organisation else None,
        "logo": list(facts.logo) if facts.logo else None,
        "logo_alt": say(f"Logo of {facts.organisation or 'the organisation'}"),
        "cohort": say(facts.cohort),
        "course": say(facts.course, LONGEST_TITLE),
        "edition": facts.edition,
        "as_of": dates.long_day(day),
        "made": {"year": day.year, "month": day.month, "day": day.day},
        "issuer": say(facts.site_name),
        "site_url": facts.site_url,
        "people": facts.people,
        "counts": say_rows(facts.counts),
        "weeks_note": facts.weeks_note,
        "weeks": _bars(facts.weeks),
        "scores_note": facts.scores_note,
        "scores": _bars(facts.scores),
        "gain_note": facts.gain_note,
        "outcomes": say_rows(facts.outcomes),
        "left_out": facts.left_out,
        "hard_note": facts.hard_note,
        "hard": say_rows(facts.hard),
        "asked_note": facts.asked_note,
        "asked": say_rows(facts.asked),
        "names": None if facts.names is None else say_rows(facts.names),
        "fonts": list(coverage()),
        "wide_fonts": [WIDE_FONT, *coverage()],
    }


def _bars(bars: Sequence[BarFacts]) -> list[dict[str, object]]:
    return [{"label": bar.label, "number": bar.number, "share": bar.share} for bar in bars]
