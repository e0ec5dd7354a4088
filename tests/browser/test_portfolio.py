"""My practice in a browser: what was written is found, looked up, answered for and taken along; also without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import answer, headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser
WORDS = "She looked at him, and he waited."  # what `answer` writes


@pytest.fixture
def written(open_as, site):
    """A learner's page without scripts, with a reflection written; and the path of its step."""
    learner = site.person()
    step = site.ask("step_with", email=learner.email, kind="reflect")
    page = open_as(learner, java_script_enabled=False)
    page.goto(step["path"])
    answer(page, step["activity"])
    return learner, page, step["path"]


def open_practice(page):
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My practice").click()
    headline(page, "My practice")


def test_it_works(written):
    _, page, path = written
    open_practice(page)
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Go to this step")).click()
    expect(page).to_have_url(re.compile(re.escape(path)))


def test_a_word_is_found_in_notes_signs_terms_and_lessons(written):
    _, page, _ = written
    open_practice(page)
    page.get_by_role("searchbox").fill("waited crying'")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing found")
    page.get_by_role("searchbox").fill("waiting")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("main").get_by_role("link").filter(
        has_text=re.compile("^(Think|What|How|Write|When)")
    ).first.click()
    expect(page.get_by_text(WORDS)).to_be_visible()


def test_signs_are_chosen_by_how_urgent_they_are(written):
    _, page, _ = written
    page.goto("/practice/signs/")
    chips = page.get_by_role("navigation", name="How urgent")
    chips.get_by_role("link", name=re.compile("^R4")).click()
    expect(chips.get_by_role("link", name=re.compile("^R4"))).to_have_attribute(
        "aria-current", "true"
    )
    expect(page.get_by_role("status")).to_contain_text("where it may come to R4")


def test_a_plan_is_answered_for_in_one_press(open_as, site):
    learner = site.person()
    step = site.ask("step_with", email=learner.email, kind="commitment")
    page = open_as(learner, java_script_enabled=False)
    page.goto(step["path"])
    answer(page, step["activity"])
    page.goto("/practice/")
    page.get_by_text("Say how it went").click()
    page.get_by_role("button", name="I did it").click()
    expect(page.get_by_text("Saved. Only you can see this.")).to_be_visible()
    expect(page.get_by_text("How 1 earlier plan went")).to_be_visible()


def test_notes_become_a_document(written):
    _, page, _ = written
    page.goto("/practice/account/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Plain text to copy").click()
    expect(page.locator("body")).to_contain_text(WORDS)
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the PDF").click()
    assert download.value.suggested_filename == "reflective-account.pdf"


def test_each_page_is_accessible_in_the_dark_too(written, open_as):
    learner, _, _ = written
    page = open_as(learner, color_scheme="dark")
    for path in ("", "signs/", "glossary/", "search/?q=cry", "account/"):
        page.goto(f"/practice/{path}")
        name = path.partition("/")[0] or "practice"
        assert faults(page, f"dark-{name}", axe_at=(360,)) == [], path
