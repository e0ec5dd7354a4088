"""Local pathways, without scripts: a trainer writes one down, and a learner reads it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.acting import headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser


@pytest.fixture
def trainer(site, open_as) -> Page:
    """Tess's browser without scripts, on her organisation's pathways."""
    page = open_as(site.demo("tess"), java_script_enabled=False)
    page.goto("/organisations/")
    page.get_by_role("link", name="Local pathways", exact=True).click()
    headline(page, "Local pathways")
    return page


def test_it_works(trainer, site, open_as):
    page = trainer
    stale = page.get_by_text("Checked 7 months ago – check it before you rely on it.")
    expect(stale).to_be_visible()
    page.get_by_role("button", name=re.compile("still right ?: Invented CAMHS")).click()
    expect(page.get_by_role("status")).to_contain_text("was checked today")
    expect(stale).to_have_count(0)

    page.get_by_role("link", name="Add a pathway").click()
    page.get_by_role("textbox", name="Service").fill("Invented baby line")
    page.get_by_role("button", name="Add this pathway").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose consultation or referral.")
    expect(page.get_by_role("alert")).to_contain_text("Give a phone number")
    expect(page.get_by_role("textbox", name="Service")).to_have_value("Invented baby line")
    page.get_by_label(re.compile("^Consultation")).check()
    page.get_by_label("Phone").fill("01632 960 155")
    page.get_by_role("button", name="Add this pathway").click()
    expect(page.get_by_role("status")).to_contain_text("Invented baby line is added.")

    learner = open_as(site.demo("ana"))
    learner.goto("/practice/")
    number = learner.get_by_role("link", name="01632 960 155")
    expect(number).to_have_attribute("href", "tel:01632960155")
    assert faults(learner) == []

    page.get_by_role("link", name="Remove Invented baby line").click()
    headline(page, "Remove Invented baby line?")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_contain_text("Invented baby line is removed.")
    learner.reload()
    expect(number).to_have_count(0)


def test_two_tabs_overwrite_nothing(trainer, site, open_as):
    # The other tab has no scripts; this one has them, as the look at its page needs them.
    page, other = open_as(site.demo("tess")), trainer
    for tab in (page, other):
        tab.goto("/organisations/")
        tab.get_by_role("link", name="Local pathways", exact=True).click()
        tab.get_by_role("link", name="Change Invented Parent-Infant Team").click()
    other.get_by_label("Phone").fill("01632 960 199")
    other.get_by_label("Hours and notes").fill("Wednesdays, 9 to 12")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("status")).to_contain_text("is saved")
    expect(other.get_by_role("link", name="01632 960 199")).to_be_visible()

    page.get_by_label("Hours and notes").fill("Thursdays, 2 to 4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing of yours was saved.")
    meanwhile = page.get_by_role("region", name="What was changed meanwhile")
    expect(meanwhile).to_contain_text("Wednesdays, 9 to 12")
    expect(page.get_by_label("Hours and notes")).to_have_value("Thursdays, 2 to 4")
    expect(page.get_by_label("Phone")).to_have_value("01632 960 199")
    assert faults(page, "pathway-changed-meanwhile") == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    expect(page.get_by_role("link", name="01632 960 199")).to_be_visible()
    expect(page.get_by_text("Thursdays, 2 to 4")).to_be_visible()

    page.get_by_role("link", name="Change Invented Infant Mental Health").click()
    other.get_by_role("link", name="Remove Invented Infant Mental Health").click()
    other.get_by_role("button", name="Remove it").click()
    page.get_by_label("Hours and notes").fill("Mondays, 2 to 4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("was removed while you had it open")
    assert faults(page, "pathway-removed-meanwhile") == []
    page.get_by_label("Last checked on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Add this pathway").click()
    expect(page.get_by_text("Mondays, 2 to 4")).to_be_visible()
