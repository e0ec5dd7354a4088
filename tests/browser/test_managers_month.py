"""A manager's month: staff in post entered, coverage read, the plan answered, the document opened."""

import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.acting import headline
from tests.test_readiness_pdf import tags

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(site, open_as) -> Page:
    """Mo's browser, on the first page of the organisation."""
    page = open_as(site.demo("mo"))
    page.goto("/organisations/")
    return page


def menu(page: Page, name: str) -> None:
    nav = page.get_by_role("navigation").filter(has_text="Local plan")
    nav.get_by_role("link", name=name, exact=True).click()


def test_it_works(manager, look, tmp_path):
    page = manager
    menu(page, "Coverage")
    headline(page, "Coverage")
    look(page, "coverage-before")
    page.get_by_role("link", name=re.compile("staff in post")).click()
    page.get_by_label("Where the numbers are from").fill("Electronic staff record")
    field = page.get_by_label("No team, Health visitor")
    field.fill("-4")
    page.get_by_role("button", name="Save these numbers").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page, "staff-in-post-error")
    field.fill("40")
    page.get_by_label("No team, CAMHS practitioner").fill("30")
    page.get_by_role("button", name="Save these numbers").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
    expect(page.get_by_role("row", name=re.compile("^No team"))).to_contain_text("of 40")
    look(page, "coverage")

    page.get_by_label("Trained in").select_option("What is expected of each role")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("There is nobody to count yet")).to_be_visible()
    look(page, "coverage-expected-empty")
    page.get_by_role("link", name="Change what is expected: Health visitor").click()
    headline(page, "Health visitor: what is expected")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Why").fill("They meet every baby of the area.")
    look(page, "expectation")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("^Health visitor"))).to_contain_text(
        "They meet every baby"
    )

    menu(page, "Local plan")
    headline(page, "What does our local plan say?")
    look(page, "local-plan")
    page.get_by_role("link", name=re.compile("Babies are named in the plan")).click()
    page.get_by_role("radio", name="Partly").check()
    page.get_by_role("button", name="Save this answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Say where it stands")
    look(page, "plan-question-error")
    page.get_by_label("Evidence").fill("Draft plan, page 3: “0 to 25”.")
    page.get_by_label("Who looks after it").fill("Children’s commissioning manager")
    page.get_by_role("button", name="Save this answer").click()
    expect(page.locator("#babies-named")).to_contain_text("Partly")

    menu(page, "Ready for babies?")
    headline(page, "Are we ready for babies?")
    look(page, "readiness")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF, four pages").click()
    path = tmp_path / "ready.pdf"
    download.value.save_as(path)
    document = PdfReader(path)
    assert len(document.pages) == 4
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert tags(root["/StructTreeRoot"]).count("/Table") == 3
    text = " ".join(document.pages[3].extract_text().split())
    assert "Babies are named in the plan Partly Draft plan, page 3" in text


def test_it_works_without_scripts(site, open_as):
    page = open_as(site.demo("mo"), java_script_enabled=False)
    page.goto("/organisations/")
    menu(page, "Coverage")
    page.get_by_role("link", name=re.compile("staff in post")).click()
    page.get_by_label("Where the numbers are from").fill("A list of the wards")
    page.get_by_label("No team, Midwife").fill("12")
    page.get_by_role("button", name="Save these numbers").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
