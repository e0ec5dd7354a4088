"""From an invitation to the first scene: taps and entries counted, and every way it may go wrong."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import EMAIL, headline

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
PASSWORD = "three-herons-at-dawn"
MOST_TAPS, MOST_ENTRIES, MOST_SECONDS = 6, 4, 120


class Hand:
    """What a person does with a phone, counted: a tap on a link or button, an entry in a field."""

    def __init__(self, page: Page, email: str) -> None:
        self.page, self.email = page, email
        self.taps = self.entries = 0
        self.began = time.monotonic()

    def tap(self, name: str | re.Pattern[str], role: str = "button") -> None:
        self.taps += 1
        self.page.get_by_role("main").get_by_role(role, name=name).first.click()

    def sign_up(self) -> None:
        """Gives each thing once, and presses the button."""
        headline(self.page, "Create an account")
        self.page.get_by_label("Your name").fill("Wren Hill")
        self.page.get_by_label(EMAIL).fill(self.email)
        self.page.get_by_label("Your professional role").select_option("Midwife")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.entries += 4
        self.tap("Create my account")
        headline(self.page, "Check your email")

    def open_mail(self, page: Page | None = None) -> str:
        """Taps the link in the newest mail, on this device or another; returns its address."""
        here = page or self.page
        mails = here.get_by_role("article").filter(has_text=f"To {self.email}")
        for _ in range(50):  # it leaves after the response, within a second or so
            here.goto("/mail/")
            if mails.count():
                break
            here.wait_for_timeout(200)
        link = mails.first.get_by_role("link").first
        address = link.get_attribute("href") or ""
        self.taps += 1
        link.click()
        return address

    def report(self, name: str) -> None:
        seconds = time.monotonic() - self.began
        for what, figure, most in (
            ("taps", self.taps, MOST_TAPS),
            ("entries", self.entries, MOST_ENTRIES),
            ("seconds of the machine", round(seconds), MOST_SECONDS),
        ):
            print(f"{name}: {what} | {figure} | ≤ {most} | {'ok' if figure <= most else 'no'}")
        assert self.taps <= MOST_TAPS
        assert self.entries <= MOST_ENTRIES
        assert seconds <= MOST_SECONDS


@pytest.fixture
def cohort(site) -> dict[str, str]:
    trainer = site.person("Tove Lund", "trainer")
    made = site.ask("cohort", trainer=trainer.email, learners=[])
    return {**made, "trainer": trainer}


def sees_scene(page: Page) -> None:
    """Waits until a step with a scene is in sight."""
    expect(page.locator("main .scene").filter(visible=True).first).to_be_visible()


def test_it_works(open_as, cohort, course, look):
    page = open_as(viewport=PHONE)
    hand = Hand(page, "wren-invited@example.org")
    page.goto(f"/join/{cohort['code']}/")
    headline(page, f"Tove Lund invites you to {cohort['name']}")
    look(page, "state-invitation")
    hand.tap("Create an account", "link")
    hand.sign_up()
    hand.open_mail()
    hand.tap("Confirm my email")
    headline(page, f"Tove Lund invites you to {cohort['name']}")
    hand.tap("Join and start")
    headline(page, course["lessons"][0]["steps"][0]["title"])
    sees_scene(page)
    hand.report("from the invitation to the first scene")
    trainer = open_as(cohort["trainer"])
    trainer.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    expect(trainer.get_by_role("main")).to_contain_text("Wren Hill")


def test_starting_a_course_leads_to_its_first_scene(open_as, course):
    page = open_as(viewport=PHONE)
    hand = Hand(page, "wren-starts@example.org")
    page.goto(f"/courses/{course['key']}/")
    hand.tap("Start this course")
    hand.sign_up()
    hand.open_mail()
    hand.tap("Confirm my email")
    headline(page, course["lessons"][0]["steps"][0]["title"])
    sees_scene(page)
    hand.report("from “Start this course” to the first scene")


def test_who_has_an_account_joins_in_three_taps(open_as, site, cohort, course):
    person = site.person()
    page = open_as(viewport=PHONE)
    hand = Hand(page, person.email)
    page.goto(f"/join/{cohort['code']}/")
    hand.tap("I have one", "link")
    page.get_by_label(EMAIL).fill(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(person.password)  # Tab leads from the address to the password
    hand.tap("Sign in")
    hand.tap("Join and start")
    headline(page, course["lessons"][0]["steps"][0]["title"])
    assert hand.taps == 3


@pytest.mark.parametrize("is_scripted", [True, False], ids=["script", "no script"])
def test_the_link_opened_on_another_device_asks_for_the_password_alone(
    open_as, cohort, is_scripted
):
    laptop, phone = open_as(), open_as(viewport=PHONE, java_script_enabled=is_scripted)
    hand = Hand(laptop, f"wren-{is_scripted}@example.org".lower())
    laptop.goto(f"/join/{cohort['code']}/")
    hand.tap("Create an account", "link")
    hand.sign_up()
    link = hand.open_mail(phone)
    phone.get_by_role("button", name="Confirm my email").click()
    headline(phone, "Sign in")
    expect(phone.get_by_label(EMAIL)).to_have_value(hand.email)
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_role("main").get_by_role("button", name="Sign in").click()
    headline(phone, f"Tove Lund invites you to {cohort['name']}")
    # The laptop, where the mail is opened later, says so and leads on.
    laptop.goto(link)
    headline(laptop, "Your email is confirmed already")
    laptop.get_by_role("main").get_by_role("link", name="Sign in").click()
    headline(laptop, "Sign in")


def test_a_double_tap_on_sign_up_makes_one_account_and_the_link_signs_in(open_as, cohort):
    page = open_as(viewport=PHONE)
    hand = Hand(page, "wren-taps-twice@example.org")
    page.goto(f"/account/signup/?next=/join/{cohort['code']}/")
    page.get_by_label("Your name").fill("Wren Hill")
    page.get_by_label(EMAIL).fill(hand.email)
    page.get_by_label("Your professional role").select_option("Midwife")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create my account").dblclick()
    headline(page, "Check your email")
    hand.open_mail()
    page.get_by_role("button", name="Confirm my email").dblclick()
    page.wait_for_load_state()
    onward = page.get_by_role("main").get_by_role("link", name="Carry on")
    if onward.count():
        onward.click()
    headline(page, f"Tove Lund invites you to {cohort['name']}")


def test_back_at_every_point_loses_nothing(open_as, cohort):
    page = open_as(viewport=PHONE)
    hand = Hand(page, "wren-goes-back@example.org")
    page.goto(f"/join/{cohort['code']}/")
    hand.tap("Create an account", "link")
    page.go_back()
    headline(page, f"Tove Lund invites you to {cohort['name']}")
    page.go_forward()
    hand.sign_up()
    page.go_back()
    headline(page, "Create an account")
    page.go_forward()
    hand.open_mail()
    hand.tap("Confirm my email")
    page.go_back()
    page.reload()
    headline(page, "Your email is confirmed already")
    hand.tap("Carry on", "link")
    hand.tap("Join and start")
    page.go_back()
    page.reload()
    expect(page.get_by_text("You are in this cohort")).to_be_visible()


def test_a_wrong_or_renewed_invitation_says_what_to_do(open_as, cohort, look):
    page = open_as(viewport=PHONE)
    page.goto("/join/ABCDEFGHJK/")
    headline(page, "This invitation does not work")
    look(page, "state-invitation-wrong")
    page.get_by_label("Join code").fill(cohort["code"].lower())
    page.get_by_role("button", name="Continue").click()
    headline(page, f"Tove Lund invites you to {cohort['name']}")


def test_errors_are_seen_at_once_and_say_what_to_do(open_as):
    page = open_as(viewport=PHONE)
    page.goto("/account/signup/")
    page.get_by_role("button", name="Create my account").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter your email address")
    expect(summary).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.activeElement.className").startswith("nhsuk-error-summary")
    heading = page.get_by_role("heading", level=1).bounding_box()
    below = summary.bounding_box()["y"] - heading["y"] - heading["height"]
    print(f"error summary below its heading | {below:.0f} px | ≤ 60 | {below <= 60}")
    assert below <= 60


def test_a_password_can_be_shown_and_is_sent_as_one(open_as):
    page = open_as()
    page.goto("/account/signup/")
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")
