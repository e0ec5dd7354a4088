"""A visitor, without an account: sees what this is, tries a scene, looks at a course, checks a certificate."""

import pytest
from playwright.sync_api import expect

from tests.browser.acting import headline, sign_in

pytestmark = pytest.mark.browser


def to_the_scene(page):
    page.goto("/")
    page.get_by_role("link", name="What do you see").click()


def test_it_works(open_as, look):
    page = open_as()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_role("link", name="What do you see")).to_be_in_viewport()
    to_the_scene(page)
    expect(page.get_by_role("img").filter(visible=True).first).to_be_visible()
    assert page.locator("main").get_by_role("status").count() == 0
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="See what it says").click()
    said = page.get_by_role("main").get_by_role("status")
    expect(said.get_by_role("listitem")).to_have_count(4)
    look(page, "state-scene-answered")
    page.get_by_role("main").get_by_role("link", name="See the courses").click()
    headline(page, "Courses")
    page.get_by_role("heading", level=2).get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Start this course")).to_be_visible()


def test_the_first_thing_on_a_phone_is_the_scene(open_as):
    page = open_as(viewport={"width": 360, "height": 740})
    page.goto("/")
    expect(page.get_by_role("link", name="What do you see")).to_be_in_viewport(ratio=1)


def test_the_scene_asks_for_an_answer_first(open_as, look):
    page = open_as()
    to_the_scene(page)
    page.get_by_role("button", name="See what it says").click()
    options = page.get_by_role("group").filter(has=page.get_by_role("radio"))
    expect(options).to_have_accessible_description("Error: Choose what you see first.")
    look(page, "state-scene-error")


def test_the_scene_tells_nothing_before_the_answer(open_as):
    page = open_as()
    to_the_scene(page)
    before = page.content()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="See what it says").click()
    lines = (
        page.get_by_role("main").get_by_role("status").get_by_role("paragraph").all_inner_texts()
    )
    assert len(lines) == 4
    assert not [line for line in lines if line[:60] in before]


def test_the_scene_works_without_javascript(open_as):
    page = open_as(java_script_enabled=False)
    to_the_scene(page)
    page.get_by_role("radio").last.check()
    page.get_by_role("button", name="See what it says").click()
    expect(page.get_by_role("main").get_by_role("status")).to_be_visible()


def test_starting_a_course_asks_to_sign_in_and_leads_back(open_as, site, course):
    person = site.person()
    page = open_as()
    page.goto(f"/courses/{course['key']}/")
    page.get_by_role("button", name="Start this course").click()
    headline(page, "Sign in")
    sign_in(page, person.email, person.password)
    headline(page, course["title"])


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
