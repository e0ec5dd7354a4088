"""The trainer's table in a browser: whole on paper, cards on a phone, several learners by keyboard."""

import io
import re

import pypdf
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
# What is left of A4 between the margins, in CSS pixels.
PAPER = {"portrait": 718, "landscape": 1047}


def table_of(page):
    """The demo trainer's table of 24 learners, in view."""
    page.goto("/cohorts/")
    page.get_by_role("link", name=re.compile("^See everyone.*autumn")).click()
    expect(page.get_by_role("table")).to_be_visible()
    return page


@pytest.mark.parametrize("paper", PAPER)
def test_the_whole_table_is_on_paper(open_as, site, paper):
    page = table_of(open_as(site.demo("tess")))
    page.get_by_role("link", name=re.compile("^All 24 on one page")).click()
    names = page.get_by_role("rowheader").all_inner_texts()
    assert len(names) == 24
    file = io.BytesIO(page.pdf(format="A4", landscape=paper == "landscape"))
    pages = [part.extract_text() for part in pypdf.PdfReader(file).pages]
    text = " ".join(" ".join(pages).split())
    assert [name for name in names if name not in text] == []
    headed = [part for part in pages if any(name in part for name in names)]
    assert all("Last seen" in part and "Due" in part for part in headed)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER[paper], "height": 900})
    right = page.evaluate("document.querySelector('.learners table').getBoundingClientRect().right")
    assert right <= PAPER[paper]


def test_it_stays_inside_the_column_of_the_page(open_as, site):
    page = table_of(open_as(site.demo("tess")))
    for width in (1280, 1024, 800, 700):
        page.set_viewport_size({"width": width, "height": 900})
        table, head = [
            page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().right")
            for part in (".learners table", ".page-head")
        ]
        assert table <= head + 1, width


def test_on_a_phone_each_learner_is_a_card(open_as, site):
    page = table_of(open_as(site.demo("tess"), viewport={"width": 390, "height": 844}))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    card = page.get_by_role("row").filter(has_text="Ana").last
    box = card.bounding_box()
    assert box["width"] > 300
    assert box["height"] > 150
    assert card.get_by_role("checkbox").count() == 1


def test_a_learner_is_ticked_and_reminded_without_a_mouse_and_a_script(open_as, site):
    page = table_of(open_as(site.demo("tess"), java_script_enabled=False))
    box = page.get_by_role("checkbox", name="Choose Ana", exact=True)
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    page.get_by_role("button", name="Remind them").focus()
    page.keyboard.press("Enter")
    said = page.get_by_role("status").first
    expect(said).to_contain_text(re.compile("Reminded (1|nobody)"))
