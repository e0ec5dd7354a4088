"""A handout as a document to print and pin up: two pages of A4, from the content of an edition. No rows, no request.

PDF/UA-1 and PDF/A-2a, set with the fonts of the certificate; the same facts give the same bytes. `handout.typ` says how
it looks, and takes the largest type at which both pages stand.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from courses.library.content import Handout, HandoutSection, in_sheet_order
from courses.typesetting.compiler import TYPESETTER
from courses.typesetting.glyph_coverage import coverage, covered_characters, printable_text

TEMPLATE = Path(__file__).parent / "handout.typ"


@dataclass(frozen=True)
class HandoutFacts:
    """Everything a handout says: `status` is who has signed it off, `sources_url` the page that says what each id is."""

    handout: Handout
    course_title: str
    edition: int
    published_on: date
    status: str
    sources_url: str
    site_name: str


def handout_pdf(facts: HandoutFacts) -> bytes:
    """The two pages as PDF. RuntimeError in a process forked from one that had printed already (see `typesetting.compiler`)."""
    say = partial(printable_text, covered=covered_characters())
    day = facts.published_on
    return TYPESETTER.pdf(
        TEMPLATE,
        {
            "title": facts.handout.title,
            "lead": facts.handout.lead,
            "course": facts.course_title,
            "edition": facts.edition,
            "published": {"year": day.year, "month": day.month, "day": day.day},
            "pages": [_page(facts.handout, number) for number in (1, 2)],
            "status": say(facts.status),
            "sources_url": facts.sources_url,
            "issuer": facts.site_name,
            "fonts": list(coverage()),
        },
    )


def _page(handout: Handout, number: int) -> dict[str, object]:
    sections = [section for section in handout.sections if section.page == number]
    return {
        "sections": [_section(one) for one in sections],
        "sources": in_sheet_order(handout.sources_on(number)),
    }


def _section(section: HandoutSection) -> dict[str, object]:
    plain = {name: getattr(section, name) for name in ("title", "look", "half", "lead")}
    return {
        **plain,
        "columns": list(section.columns),
        "rows": [list(row.cells) for row in section.rows],
    }
