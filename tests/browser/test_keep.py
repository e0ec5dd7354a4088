"""Keep it, in the browser: offered on the first page, begun by keyboard, whole without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_it_works(site, open_as):
    page = open_as(site.person())
    page.goto("/keep/")
    assert faults(page, "keep-it") == []
    button = page.get_by_role("button", name=re.compile("Look now.*First look"))
    button.focus()
    page.keyboard.press("Enter")
    headline(page, "Case 1 of 20")
    page.goto("/keep/")
    expect(page.get_by_role("button", name="Go on where you stopped")).to_be_visible()


def test_the_pages_hold_on_a_phone_without_scripts(site, open_as):
    page = open_as(site.person(), java_script_enabled=False, **PHONE)
    page.goto("/learning/")
    page.get_by_role("button", name="Look now").click()
    headline(page, "Case 1 of 20")


@pytest.mark.parametrize("path", ["/keep/", "/keep/then-and-now/", "/learning/"])
def test_the_pages_are_accessible_on_a_phone(site, open_as, path):
    page = open_as(site.person(), **PHONE)
    page.goto(path)
    assert faults(page, path) == []
