"""Reminders in a browser: one press from a mail stops them, day and hour are chosen, and what was sent is read."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.acting import headline

pytestmark = pytest.mark.browser


@pytest.fixture
def trainer(site):
    return site.person("Tove Lund", "trainer")


@pytest.fixture
def learner(site):
    return site.person("Lark Field")


@pytest.fixture
def cohort(site, trainer, learner):
    return site.ask("cohort", trainer=trainer.email, learners=[learner.email])


def remind(page, cohort, course):
    """The trainer reminds the learner by hand, with a line of their own."""
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    page.get_by_role("table").get_by_role("link", name="Lark Field").click()
    page.get_by_role("textbox").first.fill("Only a line for you, Lark.")
    page.get_by_role("button", name="Send a reminder").click()
    expect(page.get_by_text("We are sending Lark Field a reminder")).to_be_visible()


def stop_link(site, learner) -> str:
    """The link in the last mail to the learner."""
    text = site.ask("sent_to", email=learner.email)[-1].replace("=\n", "")
    return re.search(r"(http\S+/stop/reminders/\S+/)", text)[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_it_works(open_as, site, look, trainer, learner, cohort, course, scripts):
    """From the mail: no signing in, one press to stop, one to start again; with and without JavaScript."""
    remind(open_as(trainer), cohort, course)
    page = open_as(java_script_enabled=scripts)
    page.goto(stop_link(site, learner))
    headline(page, "Stop reminders by email")
    if scripts:
        look(page, "stop-mail")
    page.get_by_role("button", name="Stop reminders").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Stopped. No more reminders are sent to you.")
    if scripts:
        look(page, "stop-mail-stopped")
    page.get_by_role("button", name="Switch them on again").click()
    expect(page.get_by_role("status")).to_have_text("They are on again.")


def test_a_learner_chooses_when_reminders_come(open_as, learner, look):
    page = open_as(learner, java_script_enabled=False)
    page.goto("/details/")
    page.get_by_label("Day").select_option("Wednesday")
    page.get_by_label("Hour").select_option("17:00")
    page.get_by_role("button", name="Set the day and hour").click()
    expect(page.get_by_text("The day and hour of your emails are set.")).to_be_visible()
    expect(page.get_by_label("Day").locator("option:checked")).to_have_text("Wednesday")
    expect(page.get_by_label("Hour").locator("option:checked")).to_have_text("17:00")


def test_a_trainer_reads_what_was_sent_and_why_nothing_was(
    open_as, look, trainer, learner, cohort, course
):
    page = open_as(trainer)
    page.goto(f"/cohorts/{cohort['key']}/{course['key']}/")
    page.get_by_role("table").get_by_role("link", name="Lark Field").click()
    page.get_by_role("link", name=re.compile("or why there was none")).click()
    headline(page, "Reminders to Lark Field")
    expect(page.locator("#answer")).to_contain_text("Lark Field has had no reminder of this course")
    look(page, "reminder-history")
    remind(page, cohort, course)
    page.goto("/organisations/")
    page.get_by_role("link", name="Email sent").click()
    headline(page, "Email sent")
    row = page.locator("#reminders").get_by_role("listitem").filter(has_text="Lark Field")
    expect(row).to_contain_text("By a trainer’s hand")
    expect(page.get_by_role("main")).not_to_contain_text("Only a line for you")
    look(page, "mail")
    chips = page.get_by_role("navigation", name="State")
    chips.get_by_role("link", name=re.compile("^Not sent")).click()
    expect(page.get_by_text("There is none of this kind.")).to_be_visible()
    expect(chips.get_by_role("link", name=re.compile("^Not sent"))).to_have_attribute(
        "aria-current", "true"
    )
