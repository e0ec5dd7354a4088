"""A cohort's report as a document: one tagged page, and further ones for names."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from courses.reports import words
from courses.reports.pdf import BarFacts, ReportFacts, report_pdf
from courses.typesetting.glyph_coverage import shortened
from tests.test_readiness_pdf import FOOT, lowest_text, tags


def text_of(data: bytes, page: int = 0) -> str:
    """The text of a page of a PDF, on one line."""
    return " ".join(PdfReader(io.BytesIO(data)).pages[page].extract_text().split())


FACTS = ReportFacts(
    organisation="Riverside",
    logo=None,
    cohort="Autumn",
    course="The first 1001 days",
    edition="edition 2",
    as_of=date(2026, 12, 1),
    site_name="Notice",
    site_url="https://notice.example.org",
    people="64 people",
    counts=tuple(words.count_rows([13] * 5, is_open=True)),
    weeks=(BarFacts("5 October 2026 to 11 October 2026", "7", 1.0),),
    scores_note="People by their best score.",
    scores=(BarFacts("90 to 100%", "7", 1.0),),
    gain_note="On average 40% of the marks before and 80% after.",
    outcomes=(("Name a sign", "40%", "80%"),),
    hard_note="The hardest comes first.",
    hard=(("The first weeks", "Name a sign", "34%"),),
    asked=(("More time", "Nobody."),),
)
LONG = "Ŵordswithoutanyplacetobreak" * 8


def big() -> ReportFacts:
    """Every table as long as it can be, every text longer than it may be, five hundred names."""
    bar = BarFacts("28 September 2026 to 31 December 2026", "Hidden", 0.0)
    return replace(
        FACTS,
        organisation=LONG,
        cohort=LONG,
        course=LONG,
        weeks=(bar,) * 13,
        scores=(bar,) * 10,
        outcomes=((LONG, "Too few people", "Too few people"),) * 12,
        left_out=14,
        hard=((LONG, LONG, "34%"),) * 5,
        asked=(("One more attempt", LONG), ("More time", LONG)),
        names=((LONG, "before joining"), ("ليلى أحمد", "3 May 2026"), ("Siân Llŷr", "")) * 170,
    )


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        replace(big(), names=None),
        replace(FACTS, counts=(), people="Fewer than five people"),
        replace(FACTS, cohort="شركة 児童 \u0301\u0301 𓀀", organisation=None),
    ],
    ids=["small", "big", "few", "letters"],
)
def test_it_is_one_a4_page(facts):
    pages = PdfReader(io.BytesIO(report_pdf(facts))).pages
    assert len(pages) == 1
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


def test_nothing_of_the_largest_one_is_cut_off():
    data = report_pdf(big())
    first = PdfReader(io.BytesIO(data)).pages[0]
    assert "Made with Notice" in text_of(data)
    assert lowest_text(first) >= FOOT - 4


def test_names_go_onto_further_pages_with_the_head_of_their_table():
    data = report_pdf(big())
    pages = PdfReader(io.BytesIO(data)).pages
    assert len(pages) > 10
    for number in range(1, len(pages)):
        assert "Name Completed" in text_of(data, number), number
    assert "Siân Llŷr" in text_of(data, 1)


def test_it_is_tagged_and_says_its_language_and_title():
    document = PdfReader(io.BytesIO(report_pdf(FACTS)))
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert document.metadata
    assert document.metadata.title == "Cohort report: Autumn, The first 1001 days"
    found = tags(root["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert found.count("/H2") == 6
    assert found.count("/Table") == 5
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in metadata
    assert "pdfaid:part>2<" in metadata


@pytest.mark.parametrize(
    ("text", "cut"),
    [("", ""), ("Autumn", "Autumn"), ("Autumns", "Autum…"), ("Early in May", "Early…")],
)
def test_a_text_that_is_too_long_is_cut_with_an_ellipsis(text, cut):
    assert shortened(text, 6) == cut


def test_an_organisation_that_is_not_confirmed_is_not_named():
    text = text_of(report_pdf(replace(FACTS, organisation=None)))
    assert "Riverside" not in text


def test_the_same_facts_give_the_same_bytes():
    assert report_pdf(FACTS) == report_pdf(FACTS)
