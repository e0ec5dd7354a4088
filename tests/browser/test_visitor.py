"""A visitor, without an account: sees what this is, tries a scene, looks at a course, checks a certificate."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import headline, sign_in

pytestmark = pytest.mark.browser


PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}


def give(page, number):
    """Chooses the option at this place, from 0, and sends it."""
    page.get_by_role("radio").nth(number).check()
    page.get_by_role("main").get_by_role("button", name=re.compile("Check|Try")).click()


def answer_to_the_end(page):
    """Answers until the answer is open: with one try where the first was right, else with two."""
    give(page, 0)
    reply = page.get_by_role("main").get_by_role("status")
    expect(reply).to_be_visible()
    again = page.get_by_role("button", name="Try again")
    if again.count():
        again.click()
    expect(page.get_by_role("button", name="Keep going")).to_be_visible()
    return reply


def test_it_works(open_as, look):
    page = open_as()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_role("img").filter(visible=True).first).to_be_visible()
    assert page.locator("main").get_by_role("status").count() == 0
    answer_to_the_end(page)
    assert page.url.endswith("/"), "the reply came in place"
    focus = page.evaluate("document.activeElement.id")
    assert focus == "answer"
    look(page, "state-scene-answered")
    page.get_by_role("main").get_by_role("link", name="See the courses").first.click()
    headline(page, "Courses")
    page.get_by_role("heading", level=2).get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Start this course")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_scene_is_on_the_first_screen(open_as, viewport):
    page = open_as(viewport=viewport)
    page.goto("/")
    picture = page.locator(".scene svg").first
    box = picture.bounding_box()
    print(
        f"first scene on {viewport['width']} px | {box['y']:.0f} to {box['y'] + box['height']:.0f}"
    )
    assert box["y"] + box["height"] <= viewport["height"]
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    ("path", "most"), [("/", 2500), ("/courses/", 3000)], ids=["home", "catalogue"]
)
def test_a_page_is_short_on_a_phone(open_as, path, most):
    page = open_as(viewport=PHONE)
    page.goto(path)
    height = page.evaluate("document.documentElement.scrollHeight")
    header = page.get_by_role("banner").bounding_box()["height"]
    print(f"{path} on a phone | {height} px | {most} | header {header:.0f} of 64")
    assert height <= most
    assert header <= 64


def test_the_menu_of_a_phone_opens_by_keyboard_and_gives_the_focus_back(open_as, look):
    page = open_as(viewport=PHONE)
    page.goto("/courses/")
    menu = page.get_by_role("button", name="Menu")
    link = page.get_by_role("link", name="Check a certificate")
    expect(link).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    look(page, "state-menu")


def test_the_scene_asks_for_an_answer_first(open_as, look):
    page = open_as()
    page.goto("/see/")
    page.get_by_role("button", name="Check my answer").click()
    options = page.get_by_role("group").filter(has=page.get_by_role("radio"))
    expect(options).to_have_accessible_description("Error: Choose what you see first.")
    look(page, "state-scene-error")


@pytest.mark.parametrize("path", ["/", "/see/"])
def test_the_scene_works_without_javascript(open_as, path):
    page = open_as(java_script_enabled=False)
    page.goto(path)
    answer_to_the_end(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_dead_line_leads_to_the_browsers_own_page_and_back_keeps_the_answer(open_as):
    page = open_as()
    page.goto("/see/")
    page.get_by_role("radio").first.check()
    page.context.set_offline(True)
    page.get_by_role("button", name="Check my answer").click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto("/see/")
    answer_to_the_end(page)


def test_starting_a_course_asks_to_sign_in_and_leads_back(open_as, site, course):
    person = site.person()
    page = open_as()
    page.goto(f"/courses/{course['key']}/")
    page.get_by_role("button", name="Start this course").click()
    headline(page, "Create an account")
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    headline(page, "Sign in")
    sign_in(page, person.email, person.password)
    headline(page, course["lessons"][0]["steps"][0]["title"])


def check(page, code):
    page.goto("/verify/")
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Check", exact=True).click()


def test_a_certificate_is_checked_in_one_step(open_as, site):
    code = site.ask("certificate", email="ben@example.org")
    page = open_as()
    check(page, code.lower().replace("-", " "))
    headline(page, "This certificate is valid")
    expect(page.get_by_role("main")).to_contain_text("Ben")
    expect(page.get_by_role("main")).to_contain_text(code)
    expect(page.get_by_role("main")).not_to_contain_text("ben@example.org")


def test_an_unknown_and_a_mistyped_code_are_told_alike(open_as, site, look):
    code = site.ask("certificate", email="ben@example.org")
    page = open_as()
    check(page, code[:-1] + ("0" if code[-1] != "0" else "1"))
    unknown = page.get_by_role("status").inner_text()
    assert "No certificate has this code" in unknown
    expect(page.get_by_label("Code")).to_have_value(code[:-1] + ("0" if code[-1] != "0" else "1"))
    look(page, "state-verify-unknown")
    check(page, "not a code at all")
    assert page.get_by_role("status").inner_text() == unknown


def test_a_page_that_is_not_here_says_so(open_as, look):
    page = open_as()
    answer = page.goto("/courses/no-such-course/")
    assert answer.status == 404
    headline(page, "This page is not here, or not yours to see")
    look(page, "state-404")
