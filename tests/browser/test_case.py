"""A case of practice by pointer, touch, keyboard, without scripts and from its description alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import Keyboard, headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def begin(site, open_as):
    """A new learner's page at the first case of a round, in a browser with these options."""

    def begin_(**options: object) -> Page:
        page = open_as(site.person(), **options)
        page.goto("/eye/")
        page.get_by_role("button", name="Begin a round of twelve").click()
        headline(page, "Case 1 of 12")
        return page

    return begin_


def fill(page: Page) -> None:
    page.locator(".options label").first.click()
    page.locator(".chip", has_text="Fairly sure").click()


def answer(page: Page) -> None:
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator("#answer")).to_be_visible()


def test_it_works(begin):
    page = begin()
    assert faults(page, "case") == []
    fill(page)
    page.locator(".chip", has_text="Mouth and face").click()
    page.locator(".chip", has_text="Adjust now").click()
    answer(page)
    expect(page.locator("#answer")).to_be_focused()
    expect(page.get_by_text("Often mistaken for it")).to_be_visible()
    expect(page.get_by_role("button", name="Check my answer")).to_be_hidden()
    assert faults(page, "case answered") == []
    page.get_by_role("link", name="Next case").click()
    headline(page, "Case 2 of 12")


def test_a_tap_marks_the_picture_and_the_drawing_answers_with_rings(begin):
    page = begin(has_touch=True, **PHONE)
    fill(page)
    picture = page.locator(".scene svg").first
    picture.scroll_into_view_if_needed()
    picture.tap(position={"x": 60, "y": 60})
    expect(page.locator(".scene .ring")).to_have_count(1)
    assert float(page.locator("[name=tapped_x]").input_value()) > 0
    page.locator(".chip", has_text="Mouth and face").tap()
    expect(page.locator(".scene .ring")).to_have_count(0)
    assert page.locator("[name=tapped_x]").input_value() == ""
    picture.tap(position={"x": 60, "y": 60})
    answer(page)
    stored = page.locator("[data-show]").get_attribute("data-rings")
    if stored:
        expect(page.locator(".scene .ring").first).to_be_visible()


def test_by_keyboard_alone(begin):
    page = begin()
    keys = Keyboard(page)
    page.locator("[name=chosen]").first.focus()
    keys.press("Space")
    page.locator("[name=certainty]").first.focus()
    keys.press("Space", "ArrowRight")
    expect(page.locator("[name=certainty]").nth(1)).to_be_checked()
    page.get_by_role("button", name="Check my answer").focus()
    keys.press("Enter")
    expect(page.locator("#answer")).to_be_focused()


def test_what_is_missing_is_said_in_place_and_nothing_is_lost(begin):
    page = begin()
    page.locator(".options label").first.click()
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator("#case-error")).to_contain_text("Say how sure you are.")
    expect(page.locator("[name=chosen]").first).to_be_checked()


def test_without_scripts_it_is_a_form_and_a_page(begin):
    page = begin(java_script_enabled=False)
    fill(page)
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator("#answer")).to_be_visible()
    page.get_by_role("link", name="Next case").click()
    headline(page, "Case 2 of 12")
    page.get_by_role("button", name="Skip this one").click()
    headline(page, "Case 2 of 12")


def test_from_the_description_alone(begin):
    page = begin()
    page.get_by_role("link", name="Work from a description").click()
    expect(page.get_by_role("heading", name="What can be seen")).to_be_visible()
    expect(page.locator("main svg")).to_have_count(0)
    assert faults(page, "case described") == []
    fill(page)
    answer(page)
    page.get_by_role("link", name="Next case").click()
    expect(page).to_have_url(re.compile(r"by=text"))


def test_a_whole_round_ends_with_three_lines(begin):
    page = begin()
    for number in range(1, 13):
        headline(page, f"Case {number} of 12")
        fill(page)
        answer(page)
        page.get_by_role("link", name=re.compile("Next case|How it went")).click()
    headline(page, "How it went")
    expect(page.get_by_text("Look for on your next visit")).to_be_visible()
    assert faults(page, "round result") == []


def test_without_a_line_the_answer_stays_and_is_sent_later(begin):
    page = begin()
    fill(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Check my answer").click()
    expect(page.locator("#case-error")).to_contain_text("There is no connection")
    expect(page.locator("[name=chosen]").first).to_be_checked()
    page.context.set_offline(False)
    answer(page)
