"""A learner: signs up, goes through a lesson, answers, leaves and comes back; also without JavaScript, and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import EMAIL, Keyboard, answer, come_to, headline, plain, sign_in

pytestmark = pytest.mark.browser
PASSWORD = "three-herons-at-dawn"
MARKED = ("single", "multiple", "sort", "match")
OWN_WORDS = (
    "rewrite",
    "look",
    "commitment",
    "reflect",
)  # no course has a checklist; tests/test_lesson_pages.py does
CASES = [
    *((kind, right) for kind in MARKED for right in (True, False)),
    *((kind, True) for kind in OWN_WORDS),
]


def sign_up(page, email):
    page.goto("/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill("Wren Hill")
    page.get_by_label(EMAIL).fill(email)
    page.get_by_label("Your professional role").select_option("Midwife")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()


def confirm(page, email):
    headline(page, "Check your email")
    mails = page.get_by_role("article").filter(has_text=f"To {email}")
    for _ in range(20):  # it leaves after the response, within a second
        page.goto("/mail/")
        if mails.count():
            break
        page.wait_for_timeout(100)
    mails.first.get_by_role("link").first.click()
    page.get_by_role("button", name="Confirm my email").click()


def start(page, course):
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Courses").click()
    page.get_by_role("heading", level=2).get_by_role("link", name=course["title"]).click()
    page.get_by_role("button", name="Start this course").click()


def go_on(page, lesson, number):
    """Presses Continue on a step, counted from 1, and waits for what comes next."""
    is_last = number == len(lesson["steps"])
    while page.locator(".one-card .step:not(.on-last)").count():
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Finish this lesson" if is_last else "Continue").click()
    headline(page, f"{lesson['title']}: done" if is_last else lesson["steps"][number]["title"])


def test_it_works(open_as, course, look):
    page, email, lesson = open_as(), "wren-signs-up@example.org", course["lessons"][0]
    sign_up(page, email)
    confirm(page, email)
    headline(page, "Welcome, Wren Hill")
    look(page, "state-home-first")
    start(page, course)
    for number, step in enumerate(lesson["steps"], 1):
        headline(page, step["title"])
        expect(
            page.get_by_text(f"Step {number} of {len(lesson['steps'])}", exact=True)
        ).to_be_visible()
        for activity in step["activities"]:
            answer(page, activity)
            expect(
                page.locator(f"#{activity['name']}")
                .get_by_text(re.compile("^(Yes|Saved|One possible)"))
                .first
            ).to_be_visible()
        go_on(page, lesson, number)
    look(page, "state-lesson-done")
    expect(
        page.get_by_role(
            "link", name=re.compile(rf"^Start lesson ?: {course['lessons'][1]['title']}")
        )
    ).to_be_visible()


def test_signing_up_says_what_is_wrong_and_keeps_what_was_typed(open_as, look):
    page = open_as()
    page.goto("/account/signup/")
    page.get_by_label("Your name").fill("Wren Hill")
    page.get_by_label(EMAIL).fill("not an address")
    page.get_by_role("button", name="Create my account").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    expect(page.get_by_label("Your name")).to_have_value("Wren Hill")
    expect(page).to_have_title(re.compile("^Error"))
    look(page, "state-signup-errors")
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.localName") in {"input", "select"}


def test_a_wrong_password_says_so(open_as, site, look):
    page, person = open_as(), site.person()
    page.goto("/account/login/")
    sign_in(page, person.email, "not-the-password")
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    expect(page.get_by_label(EMAIL)).to_have_value(person.email)
    look(page, "state-login-error")


def on_a_step_with(kind, open_as, site):
    """A page at the first step of a course that has an activity of this kind, and the activity."""
    person = site.person()
    found = site.ask("step_with", email=person.email, kind=kind)
    page = open_as(person)
    page.goto(found["path"])
    return page, found["activity"], person


@pytest.mark.parametrize(("kind", "right"), CASES)
def test_feedback_comes_only_after_the_answer(open_as, site, look, kind, right):
    page, activity, person = on_a_step_with(kind, open_as, site)
    before = plain(page.evaluate("document.documentElement.textContent"))
    assert not [secret for secret in activity["secrets"] if secret in before]
    answer(page, activity, right=right)
    place = page.locator(f"#{activity['name']}")
    if kind in MARKED and not right:
        expect(place.get_by_text("Look again, and try once more")).to_be_visible()
        hint = plain(place.locator(".reply").text_content())
        assert not all(secret in hint for secret in activity["secrets"])
        place.get_by_role("button", name="Try again").click()
        expect(place.get_by_text("Look again, and try once more")).to_have_count(0)
    if activity["secrets"]:
        told = plain(place.locator(".reply").text_content())
        assert all(secret in told for secret in activity["secrets"])
    else:
        expect(place.get_by_text("Only you can see this")).to_be_visible()
    if kind in MARKED:
        assert ("Yes, that fits." in place.inner_text()) == right
    if kind in OWN_WORDS or not right:
        look(page, f"state-step-{kind}")
    assert activity["key"] in site.ask("activity_answers", email=person.email)


@pytest.mark.parametrize("kind", ["single", "sort", "rewrite"])
def test_after_an_answer_the_focus_and_the_eye_are_at_the_feedback(open_as, site, kind):
    page, activity, _ = on_a_step_with(kind, open_as, site)
    answer(page, activity, right=False)
    said = page.locator(f"#{activity['name']}-said")
    expect(said).to_be_in_viewport()
    expect(said).to_be_focused()


def test_an_empty_answer_is_refused_in_words(open_as, site, course, look):
    person, lesson = site.person(), course["lessons"][0]
    number = next(n for n, s in enumerate(lesson["steps"], 1) if s["activities"])
    site.ask("reach", email=person.email, lesson=1, step=number)
    page = open_as(person)
    page.goto(f"/courses/{course['key']}/lessons/{lesson['key']}/")
    name = lesson["steps"][number - 1]["activities"][0]["name"]
    come_to(page, name).get_by_role("button", name="Check my answer").click()
    error = page.locator(f"#{name}-error")
    expect(error).to_contain_text("Nothing was changed")
    expect(error).to_be_focused()
    look(page, "state-step-error")
    assert site.ask("activity_answers", email=person.email) == {}


def test_one_comes_back_on_another_device_at_the_very_step(open_as, site, course):
    person, lesson = site.person(), course["lessons"][0]
    site.ask("reach", email=person.email, lesson=1, step=3)
    first = open_as(person)
    first.goto(f"/courses/{course['key']}/lessons/{lesson['key']}/")
    headline(first, lesson["steps"][2]["title"])
    go_on(first, lesson, 3)
    first.context.close()
    second = open_as(viewport={"width": 360, "height": 740})
    second.goto("/")
    second.get_by_role("link", name="Sign in").first.click()
    sign_in(second, person.email, person.password)
    headline(second, lesson["title"])
    expect(second.get_by_role("main")).to_contain_text(f"Step 4 of {len(lesson['steps'])}")
    carry_on = second.get_by_role("link", name=re.compile("^Carry on"))
    expect(carry_on).to_be_in_viewport(ratio=1)
    carry_on.click()
    headline(second, lesson["steps"][3]["title"])


def test_a_step_ahead_leads_to_where_one_was(open_as, site, course):
    person, lesson = site.person(), course["lessons"][0]
    site.ask("reach", email=person.email, lesson=1, step=2)
    page = open_as(person)
    page.goto(f"/courses/{course['key']}/lessons/{lesson['key']}/{lesson['steps'][-1]['key']}/")
    headline(page, lesson["steps"][1]["title"])
    expect(page.get_by_role("status").first).to_contain_text("That step comes later")


def test_the_glossary_opens_without_leaving(open_as, site, course):
    person, lesson = site.person(), course["lessons"][0]
    site.ask("go_through", email=person.email)
    page = open_as(person)
    for step in lesson["steps"]:
        page.goto(f"/courses/{course['key']}/lessons/{lesson['key']}/{step['key']}/")
        terms = page.locator("main button[popovertarget]:not([popovertargetaction])").filter(
            visible=True
        )
        if terms.count():
            break
    where = page.url
    terms.first.focus()
    page.keyboard.press("Enter")
    entry = page.locator("[popover]:popover-open")
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_have_count(0)
    assert page.url == where


def test_the_same_without_javascript(open_as, site, course):
    person, lesson = site.person(), course["lessons"][0]
    page = open_as(java_script_enabled=False)
    page.goto("/account/login/")
    sign_in(page, person.email, person.password)
    start(page, course)
    for number, step in enumerate(lesson["steps"], 1):
        headline(page, step["title"])
        for activity in step["activities"]:
            answer(page, activity)
            expect(
                page.locator(f"#{activity['name']}")
                .get_by_text(re.compile("^(Yes|Saved|One possible)"))
                .first
            ).to_be_visible()
        go_on(page, lesson, number)
    answered = site.ask("activity_answers", email=person.email)
    assert set(answered) == {
        activity["key"] for step in lesson["steps"] for activity in step["activities"]
    }


def test_the_same_by_keyboard_alone(open_as, site, course):
    person, lesson = site.person(), course["lessons"][0]
    page = open_as()
    keys = Keyboard(page)
    page.goto("/account/login/")
    keys.to("Skip to main content")
    keys.press("Enter")
    keys.to("mail", "email")
    page.keyboard.type(person.email)
    keys.to("Password", "password")
    page.keyboard.type(person.password)
    keys.follow("Sign in")
    keys.follow("Courses")
    keys.follow(course["title"])
    keys.follow("Start this course", "Space")
    for number, step in enumerate(lesson["steps"], 1):
        headline(page, step["title"])
        for activity in step["activities"]:
            answer_by_keyboard(keys, activity)
        while page.locator(".step:not(.on-last)").count():
            keys.to("Continue")
            keys.press("Enter")
        keys.follow("Finish this lesson" if number == len(lesson["steps"]) else "Continue")
    headline(page, f"{lesson['title']}: done")
    answered = site.ask("activity_answers", email=person.email)
    assert set(answered) == {
        activity["key"] for step in lesson["steps"] for activity in step["activities"]
    }
    assert not keys.dull, "\n".join(dict.fromkeys(keys.dull))


def answer_by_keyboard(keys, activity):
    page = keys.page
    place, kind = page.locator(f"#{activity['name']}"), activity["kind"]
    while place.is_hidden():
        keys.to("Continue")
        keys.press("Enter")
    if kind in {"sort", "match"}:
        keys.to(plain(place.locator(".tap__place").first.text_content()))
        keys.press(*["Enter"] * len(activity["right"]))
    elif kind in {"single", "multiple", "checklist"}:
        keys.to(
            plain(
                place.locator("input:not([type=hidden])").first.evaluate(
                    "(e) => e.labels[0].textContent"
                )
            )
        )
        keys.press("Space")
    elif kind == "commitment":
        keys.to(plain(place.get_by_role("radio").first.evaluate("(e) => e.labels[0].textContent")))
        keys.press("Space")
        keys.to("On which day?", "date")
        page.keyboard.type("11012027")
    else:
        keys.to(
            plain(place.get_by_role("textbox").evaluate("(e) => e.labels[0].textContent")),
            "textarea",
        )
        page.keyboard.type("She looked at him.")
    keys.to(place.get_by_role("button", name=re.compile("^(Check|Save)")).inner_text())
    keys.press("Enter")
    expect(page.locator(f"#{activity['name']}-said")).to_be_focused()
