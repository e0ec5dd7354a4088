"""Sources: one folded line a card for a learner, ids and numbers for a reviewer, and the page that explains them."""

import re

import pytest

from courses.library.citations import cited_numbers, uncited, without_marks
from tests.test_lesson_pages import (  # noqa: F401
    LESSON,
    answer,
    ben,
    block_of,
    lesson,
    options,
    text,
    words,
)

SOURCES = "/courses/tiny/sources/"
MARKS = re.compile(r"<sup>|#ref-")


def lines_of(page: str) -> list[str]:
    return re.findall(r'<details class="nhsuk-details sources">.*?</details>', page, re.S)


def test_it_works(ben):  # noqa: F811
    page = text(ben.get(LESSON + "opening/"))
    line = lines_of(page)[0]
    assert f'href="{SOURCES}?from=first-things/opening#' in line
    assert "Tiny A (2020)" in line


def test_a_learner_reads_no_marks_of_citations(ben):  # noqa: F811
    page = text(ben.get(LESSON + "opening/"))
    assert not MARKS.search(page)
    assert "Small things grow." in words(ben.get(LESSON + "opening/"))


def test_feedback_has_one_line_and_no_ids(ben, lesson):  # noqa: F811
    step, block = block_of(lesson, "which-are-small")
    answer(ben, lesson, "which-are-small", option=options(block, "A seed", "A crumb"))
    page = text(ben.get(f"{LESSON}{step}/"))
    assert "reply--right" in page
    assert not re.search(r"source [A-H]\d", page)


def test_the_page_of_sources_leads_back_to_the_step(ben):  # noqa: F811
    page = text(ben.get(SOURCES + "?from=first-things/opening"))
    assert re.search(rf'<a[^>]* href="{LESSON}opening/">Back to “[^”]+”</a>', page)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "nothing",
        "first-things",
        "first-things/nothing",
        "nothing/opening",
        "//evil.example/",
        "%00",
    ],
)
def test_a_place_that_is_none_leads_nowhere(client, course, place):
    page = client.get(f"{SOURCES}?from={place}")
    assert page.status_code == 200
    assert "Back to “" not in words(page)


@pytest.mark.parametrize(
    ("html", "plain", "numbers"),
    [
        ("<p>Small.</p>", "<p>Small.</p>", ()),
        ('<p>One <sup><a href="#ref-2">2</a></sup>.</p>', "<p>One.</p>", (2,)),
        (
            '<p>One <sup><a href="#ref-2">2</a> <a href="#ref-1">1</a></sup> more.</p>',
            "<p>One more.</p>",
            (2, 1),
        ),
        ('<sup><a href="#ref-1">1</a></sup>A<sup><a href="#ref-1">1</a></sup>', "A", (1,)),
    ],
)
def test_marks_go_and_the_words_stay(html, plain, numbers):
    assert without_marks(html) == plain
    assert cited_numbers(html) == numbers


def test_a_text_remembers_what_it_cited(tiny_content):
    course = tiny_content[0]
    step = course.lessons[0].steps[0]
    cited = [block for block in step.blocks if "<sup>" in block.html]
    assert cited, "the course cites nothing here any more"
    unmarked = {block.html: block.sources for block in uncited(course, step).blocks}
    for block in cited:
        assert unmarked[without_marks(block.html)], block.html
