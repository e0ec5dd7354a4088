"""A trainer's cohort from term to term: a new name, more time for one learner, a move, archived, copied."""

import datetime as dt

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


def test_it_works(open_as, trainer, learner, cohort):
    """One walk by what a trainer reads: each press says what came of it."""
    page = open_as(trainer)
    page.goto(f"/cohorts/{cohort['key']}/")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Name of the cohort").fill("Riverbank, summer")
    page.get_by_role("button", name="Save this name").click()
    expect(page.get_by_role("main")).to_contain_text("is called Riverbank, summer now")

    page.get_by_role("link", name="Copy to next term").click()
    expect(page.get_by_label("Name of the cohort")).to_have_value("Riverbank, autumn")
    page.get_by_role("button", name="Make the new cohort").click()
    headline(page, "Riverbank, autumn")

    page.goto(f"/cohorts/{cohort['key']}/")
    page.get_by_role("link", name="See everyone").click()
    page.get_by_role("link", name="Lark Field", exact=True).first.click()
    page.get_by_role("link", name="Give more time for this course").click()
    later = dt.date.today() + dt.timedelta(days=60)
    page.get_by_label("New due date").fill(later.isoformat())
    page.get_by_label("Reason").fill("Back from leave")
    page.get_by_role("button", name="Give this time").click()
    expect(page.get_by_role("main")).to_contain_text("Lark Field has until")
    expect(page.get_by_role("main")).to_contain_text("Reason: Back from leave")

    page.get_by_role("link", name="Move to another cohort").click()
    page.get_by_label("Move to").select_option(label="Riverbank, autumn")
    page.get_by_role("button", name="Move Lark Field").click()
    expect(page.get_by_role("main")).to_contain_text("Lark Field is in Riverbank, autumn now")

    page.goto(f"/cohorts/{cohort['key']}/settings/")
    page.get_by_role("button", name="Archive this cohort").click()
    headline(page, "Settings of this cohort")
    page.get_by_role("link", name="All archived cohorts").click()
    expect(page.get_by_role("main").get_by_role("link", name="Riverbank, summer")).to_be_visible()
