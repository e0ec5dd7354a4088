"""“Are we ready for babies?” as a document: four tagged pages, whatever the size."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from courses.readiness.pdf import (
    AnswerFacts,
    CourseFacts,
    ReadinessFacts,
    RoleFacts,
    readiness_pdf,
)
from courses.readiness.plan_questions import QUESTIONS

UNREVIEWED = "Written from published guidance. Not yet reviewed by a clinician."
FACTS = ReadinessFacts(
    organisation="Riverside Health Visiting",
    day=date(2026, 11, 30),
    made_on=date(2026, 12, 1),
    site_name="Notice",
    site_url="https://notice.example.org",
    courses=(
        CourseFacts(
            "The first 1001 days", "80 of 120 in post are trained and current", "66%", UNREVIEWED
        ),
        CourseFacts("All courses", "Fewer than five people, so the number is not shown", "", ""),
    ),
    counts_for="for 36 months",
    staff_as_of=date(2026, 11, 1),
    columns=("Health visitor", "CAMHS practitioner"),
    rows=(("North: Early help", ("8 of 12 (66%)", "Hidden", "Hidden")),),
    totals=("8 of 12 (66%)", "5 of ?", "13 of 12 + ?"),
    left_out=0,
    roles=(
        RoleFacts(
            "Health visitor",
            "The first 1001 days",
            "They meet every baby",
            "36 months",
            "8 of 12",
            "7",
        ),
    ),
    answers=tuple(AnswerFacts(row.short, "Not answered yet", "", "", "") for row in QUESTIONS),
    plan_summary="0 yes, 0 partly, 0 no, 0 not known, 12 not answered yet",
    stale=0,
)
LONG = "Ŵordswithoutanyplacetobreak" * 8


def big() -> ReadinessFacts:
    """Sixteen teams with long names, every role, every text as long as may be typed."""
    columns = tuple(f"Early years practitioner {number}" for number in range(9))
    cells = ("10000 of 10000 + ?",) * 10
    answer = AnswerFacts(LONG, "Not known, check again", LONG * 5, LONG, "30 November 2026")
    role = RoleFacts("Early years practitioner", LONG * 2, LONG * 2, "36 months", "1 of 2", "7")
    return replace(
        FACTS,
        organisation=LONG,
        courses=tuple(CourseFacts(LONG, FACTS.courses[0].words, "66%", UNREVIEWED) for _ in "four"),
        columns=columns,
        rows=tuple((f"{number} {LONG}", cells) for number in range(16)),
        totals=cells,
        left_out=34,
        roles=(role,) * 9,
        answers=(answer,) * 12,
        stale=12,
    )


def read(facts: ReadinessFacts) -> PdfReader:
    return PdfReader(io.BytesIO(readiness_pdf(facts)))


def text_of(facts: ReadinessFacts, page: int) -> str:
    return " ".join(read(facts).pages[page].extract_text().split())


def tags(node: Any) -> list[str]:
    """The tags of a document in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for child in node for tag in tags(child)]
    if not hasattr(node, "get"):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + tags(node.get("/K", []))


def test_it_works():
    first = text_of(FACTS, 0)
    assert "Are we ready for babies? Riverside Health Visiting. As of Monday 30 November 2026" in (
        first
    )
    assert "80 of 120 in post are trained and current" in first
    assert "Not yet reviewed by a clinician" in first
    assert "it is no accreditation" in first
    assert "North: Early help 8 of 12 (66%) Hidden Hidden" in text_of(FACTS, 1)
    assert "They meet every baby" in text_of(FACTS, 2)
    assert "Babies are named in the plan Not answered yet" in text_of(FACTS, 3)


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        big(),
        replace(FACTS, columns=(), rows=(), totals=(), roles=(), staff_as_of=None, courses=()),
        replace(FACTS, organisation="شركة 児童 \u0301\u0301 𓀀"),
    ],
    ids=["small", "big", "empty", "letters"],
)
def test_it_has_four_a4_pages(facts):
    pages = read(facts).pages
    assert len(pages) == 4
    for page in pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]


def test_nothing_of_the_largest_one_is_cut_off():
    """What stands last on each page is there, and above the foot of the page."""
    ends = ["those of the day above", "put right", "not read", "more than a year"]
    pages = read(big()).pages
    for number, end in enumerate(ends):
        assert end in text_of(big(), number), number
        assert lowest_text(pages[number]) >= FOOT, number


FOOT = 48  # points from the lower edge, where the room for text ends


def lowest_text(page: PageObject) -> float:
    """How far above the lower edge the lowest line stands, the foot of the page left out."""
    heights: list[float] = []

    def note(text: str, matrix: Any, text_matrix: Any, *_: object) -> None:
        height = text_matrix[5] * matrix[3] + matrix[5]
        is_foot = "Page" in text or "Are we ready" in text
        if text.strip() and not is_foot:
            heights.append(height)

    page.extract_text(visitor_text=note)
    return min(height for height in heights if height > 30)


def test_it_is_tagged_and_says_its_language_and_title():
    document = read(FACTS)
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert document.metadata and document.metadata.title == "Are we ready for babies?"
    found = tags(root["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert found.count("/H2") >= 5
    assert found.count("/Table") == 3
    assert found.count("/TH") >= 14
    metadata = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in metadata
    assert "pdfaid:part>2<" in metadata


def test_an_organisation_that_is_not_confirmed_is_not_named():
    text = text_of(replace(FACTS, organisation=None), 0)
    assert "Riverside" not in text
    assert "babies? As of Monday" in text


def test_what_is_left_out_is_said():
    assert "34 more are in the file of coverage" in text_of(big(), 1)


def test_the_same_facts_give_the_same_bytes():
    assert readiness_pdf(FACTS) == readiness_pdf(FACTS)
