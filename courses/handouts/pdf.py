"""A handout as a document to print and pin up: two pages of A4, from the content of an edition.
No rows and no request.

PDF/UA-1 and PDF/A-2a, set with the fonts of the certificate; the same facts give the same bytes.
`handout.typ` says how it looks, and takes the largest type at which both pages fit.
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
    """Everything a handout says.

    `status` is a sentence about who has signed it off, `sources_url` the page that explains each
    source id, and `published_on` the London day on which the edition was published.
    """

    handout: Handout
    course_title: str
    edition: int
    published_on: date
    status: str
    sources_url: str
    site_name: str


def handout_pdf(facts: HandoutFacts) -> bytes:
    """The two pages as PDF.

    Raises:
        RuntimeError: this process was forked from one that had made a PDF already: see
            `typesetting.compiler`.
    """
    say = partial(printable_text, covered=covered_characters())
    day = facts.published_on
    return TYPESETTER.pdf(
        TEMPLATE,
        {
            "title": facts.handout.title,
            "lead": facts.handout.lead,
            "course": facts.course_title,
            "edition": facts.edition,
            # For the document's properties: the same edition always gives the same bytes.
            "published": {"year": day.year, "month": day.month, "day": day.day},
            "pages": [_page(facts.handout, number) for number in (1, 2)],
            "status": say(facts.status),
            "sources_url": facts.sources_url,
            "issuer": facts.site_name,
            "fonts": list(coverage()),
        },
    )


def _page(handout: Handout, number: int) -> dict[str, object]:
    """One page as JSON values; keep its keys in step with `handout.typ`."""
    sections = [section for section in handout.sections if section.page == number]
    return {
        "sections": [_section(section) for section in sections],
        "sources": in_sheet_order(handout.sources_on(number)),
    }


def _section(section: HandoutSection) -> dict[str, object]:
    return {
        "title": section.title,
        "look": section.look,
        "half": section.half,
        "lead": section.lead,
        "columns": list(section.columns),
        "rows": [list(row.cells) for row in section.rows],
    }
