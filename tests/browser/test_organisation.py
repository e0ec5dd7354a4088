"""An organisation in a browser: people invited, asked in and handed over, teams, logo; by phone and laptop."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.acting import headline

pytestmark = pytest.mark.browser

HOME = "/organisations/riverside-community-health/"


@pytest.fixture
def manager(site, open_as) -> Page:
    """Mo’s browser, on the first page of the organisation."""
    page = open_as(site.demo("mo"))
    page.goto("/organisations/")
    return page


def menu(page: Page, name: str) -> None:
    nav = page.get_by_role("navigation").filter(has_text="Local plan")
    nav.get_by_role("link", name=name, exact=True).click()


def test_it_works(manager, site, open_as, look):
    """A team is added, somebody is invited to it, opens the link and accepts with another address."""
    page = manager
    look(page, "organisation")
    menu(page, "Teams")
    page.get_by_label("Name of the team").fill("Harbour team")
    page.get_by_role("button", name="Add this team").click()
    expect(page.get_by_text("Harbour team is added.")).to_be_visible()
    look(page, "teams")
    page.get_by_label("Name of the team").fill("harbour team")
    page.get_by_role("button", name="Add this team").click()
    expect(page.get_by_role("alert")).to_contain_text("called Harbour team already")
    look(page, "teams-error")

    menu(page, "Invitations")
    form = page.locator("#invite")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    page.get_by_label("Email addresses").fill("not an address")
    page.get_by_role("button", name="Send invitations").click()
    expect(page.get_by_role("alert")).to_contain_text("“not an address”")
    look(page, "invitations-error")
    page.get_by_label("Email addresses").fill("Lin Cove <lin.work@example.org>")
    page.get_by_label("Team (optional)").select_option("Harbour team")
    page.get_by_role("button", name="Send invitations").click()
    expect(page.get_by_role("status")).to_contain_text("1 person invited")
    look(page, "invitations")

    mail = site.ask("sent_to", email="lin.work@example.org")[-1].replace("=\n", "")
    lin = open_as(site.person("Lin Cove"))
    lin.goto(re.search(r"(http\S+/invitations/\S+/)", mail)[1])
    headline(lin, "Mo invites you to Riverside Community Health")
    look(lin, "invitation-by-email")
    lin.get_by_role("button", name="Accept").click()
    lin.goto("/details/organisations/")
    headline(lin, "Organisations you are in")
    look(lin, "own-organisations")

    page.goto(f"{HOME}people/?q=Lin")
    look(page, "organisation-people")
    page.get_by_role("link", name="Lin Cove").click()
    expect(page.get_by_text("Invited as lin.work@example.org")).to_be_visible()
    expect(page.get_by_label("Team").locator("option:checked")).to_have_text("Harbour team")
    look(page, "organisation-person")
    page.get_by_role("button", name="Lin Cove has left").click()
    expect(page.get_by_role("status")).to_contain_text("What they learnt stays theirs")
    lin.reload()
    expect(lin.get_by_text("You are in none")).to_be_visible()


def test_a_logo_is_set_and_a_wrong_file_refused(manager, look, tmp_path):
    page = manager
    page.get_by_label("Picture").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg></svg>"}
    )
    page.get_by_role("button", name=re.compile("the logo")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("This is an SVG drawing")
    look(page, "organisation-logo-error")
    file = io.BytesIO()
    Image.new("RGB", (800, 300), "#2c5542").save(file, "PNG")
    page.get_by_label("Picture").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_role("button", name=re.compile("the logo")).first.click()
    expect(page.get_by_role("status")).to_contain_text("The logo is set.")
    shown = page.locator("img.logo")
    assert shown.evaluate("picture => picture.naturalWidth") == 400


def test_a_trainer_lets_somebody_into_a_cohort(site, open_as, look):
    trainer = site.person("Tirion Vale", "trainer")
    learner = site.person("Lark Wood")
    cohort = site.ask("cohort", trainer=trainer.email, learners=[])
    page = open_as(trainer, java_script_enabled=False)
    page.goto(f"/cohorts/{cohort['key']}/")
    page.get_by_label("Only whom I let in, one by one").check()
    page.get_by_role("button", name="Save who joins").click()
    link = page.locator("a.link-text").inner_text()
    asking = open_as(learner)
    asking.goto(link)
    look(asking, "invitation-on-approval")
    asking.get_by_role("button", name="Ask to join").click()
    expect(asking.get_by_text("You asked to join on")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Let in Lark Wood").click()
    expect(page.get_by_role("status")).to_contain_text("Lark Wood is in")
    asking.reload()
    expect(asking.get_by_text("You are in this cohort")).to_be_visible()


def test_a_like_name_is_shown_first(site, open_as, look):
    page = open_as(site.person("Nerys Hale", "trainer"))
    page.goto("/cohorts/new/")
    page.get_by_label("Organisation").fill("Riverside Community NHS Trust")
    page.get_by_label("Name of the cohort").fill("First group")
    page.get_by_role("button", name="Start this cohort").click()
    expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    look(page, "new-cohort-like-name")
    page.get_by_role("button", name=re.compile("^Ask to join it")).click()
    headline(page, "Organisations you are in")
    expect(page.get_by_text("You asked to join Riverside")).to_be_visible()
