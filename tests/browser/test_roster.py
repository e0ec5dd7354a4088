"""A manager's roster: a file with ten kinds of broken row, mended, imported, and its receipt."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Site
from tests.rosters import BROKEN, MENDED

pytestmark = pytest.mark.browser


def upload(page: Page, name: str, data: bytes) -> None:
    page.get_by_label("File with your people").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": data}]
    )
    page.get_by_role("button", name="Check this file").click()


def test_it_works(site: Site, open_as, look):
    mo = site.demo("mo")
    page = open_as(mo)
    page.goto("/organisations/")
    page.get_by_role("link", name="Upload a roster").click()
    look(page, "roster-upload")
    upload(page, "staff.csv", BROKEN)
    expect(page.get_by_role("heading", level=1)).to_have_text("What staff.csv would do")
    expect(page.get_by_role("link", name=re.compile(r"To correct: 1[23]"))).to_be_visible()
    look(page, "roster-broken")
    page.get_by_role("link", name="Upload another file instead").click()
    upload(page, "staff.csv", MENDED)
    page.get_by_role("button", name="Import now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt: staff.csv")
    look(page, "roster-receipt")
    page.get_by_role("link", name="Upload a roster").last.click()
    expect(page.get_by_text("imported by")).to_be_visible()
    upload(page, "staff.pdf", b"%PDF-1.7")
    expect(page.get_by_role("alert")).to_contain_text("This is a PDF")
    look(page, "roster-refused")
