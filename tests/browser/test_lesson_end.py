"""The end of a lesson and the first page of each role, in the browser: by script, and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import headline

pytestmark = pytest.mark.browser
MOST_PRESSES = 60


def press_continue(page: Page) -> int:
    """Presses Continue, and nothing else, to the end of the lesson; how often it was."""
    for pressed in range(MOST_PRESSES):
        if page.url.endswith("/done/"):
            return pressed
        onward = page.get_by_role("button", name=re.compile("^(Continue|Finish this lesson)"))
        onward.locator("visible=true").last.click()
        page.wait_for_load_state()
    raise AssertionError("the lesson has no end")


@pytest.mark.parametrize("scripts", [True, False])
def test_continue_alone_ends_at_the_questions_that_are_left(
    open_as, site, course, look, scripts, phone
):
    person, lesson = site.person(), course["lessons"][0]
    site.ask("reach", email=person.email, lesson=1, step=len(lesson["steps"]))
    page = open_as(person, java_script_enabled=scripts, **phone)
    path = f"/courses/{course['key']}/lessons/{lesson['key']}/"
    page.goto(f"{path}{lesson['steps'][-1]['key']}/")
    press_continue(page)
    headline(page, re.compile(r"^\d+ questions are still to try$"))
    if scripts:
        look(page, "state-lesson-not-yet")
    page.goto("/")
    expect(page.get_by_role("link", name=f"questions of {lesson['title']}")).to_be_visible()
    page.goto(f"{path}done/")
    page.get_by_role("link", name="Go to the first one").click()
    name = page.url.partition("#")[2]
    expect(page.locator(f"[id='{name}']")).to_be_visible()


def test_the_first_page_of_each_role_is_their_work(open_as, site):
    for name, path in (("tess", "/cohorts/"), ("mo", "/cohorts/"), ("rhea", "/reviewing/")):
        page = open_as(site.demo(name))
        page.goto("/")
        expect(page).to_have_url(re.compile(f"{path}$"))
        page.get_by_role("main").get_by_role("link", name="My own learning").click()
        expect(page).to_have_url(re.compile("/learning/$"))


@pytest.fixture
def phone() -> dict[str, object]:
    return {"viewport": {"width": 390, "height": 844}, "has_touch": True}
