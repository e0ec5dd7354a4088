"""A manager's export: a layout made for a staff record, a file, and a large one after the password."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.acting import headline

pytestmark = pytest.mark.browser
LARGE = 501  # one more than leaves without the password


@pytest.fixture
def trainer(site):
    return site.person("Tove Lund", "trainer")


@pytest.fixture
def cohort(site, trainer):
    learner = site.person("Lark Field")
    return site.ask("cohort", trainer=trainer.email, learners=[learner.email])


def saved(page, path: Path) -> Path:
    """What the press of the button downloads."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this file").click()
    download.value.save_as(path)
    return path


def test_it_works(open_as, trainer, cohort, tmp_path, look):
    page = open_as(trainer)
    page.goto("/organisations/")
    page.get_by_role("link", name="Exports").click()
    headline(page, "Exports")
    page.get_by_role("link", name="Make a layout").click()
    page.get_by_label("Name of this layout").fill("Staff record")
    page.get_by_label("Employee number: place in the file").fill("1")
    page.get_by_label("Employee number: heading in the file").fill("Assignment Number")
    page.get_by_label("Name: place in the file", exact=True).fill("two")
    page.get_by_role("button", name="Save this layout").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a whole number from 1 to 99")
    look(page, "export-layout-refused")
    page.get_by_label("Name: place in the file", exact=True).fill("2")
    page.get_by_role("button", name="Save this layout").click()
    expect(page.get_by_label("Columns")).to_contain_text("Staff record")
    look(page, "exports")
    sheet = load_workbook(saved(page, tmp_path / "records.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows == [("Assignment Number", "Name"), (None, "Lark Field")]


def test_a_large_file_comes_once_the_password_is_given(
    site, open_as, trainer, cohort, tmp_path, look
):
    site.ask("crowd", cohort=cohort["key"], number=LARGE)
    page = open_as(trainer)
    page.goto("/organisations/")
    page.get_by_role("link", name="Exports").click()
    page.get_by_label("CSV").check()
    page.get_by_role("button", name="Download this file").click()
    headline(page, "Confirm that it is you")
    look(page, "exports-password")
    page.get_by_label("Password", exact=True).fill(trainer.password)
    with page.expect_download() as download:
        page.get_by_role("button", name="Confirm").click()
    download.value.save_as(tmp_path / "records.csv")
    with (tmp_path / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + LARGE + 1


def test_what_another_tab_has_removed_is_not_saved_but_offered_as_new(
    open_as, trainer, cohort, look
):
    page = open_as(trainer)
    page.goto("/organisations/")
    page.get_by_role("link", name="Exports").click()
    page.get_by_role("link", name="Make a layout").click()
    page.get_by_label("Name of this layout").fill("Rota")
    page.get_by_label("Name: place in the file", exact=True).fill("1")
    page.get_by_role("button", name="Save this layout").click()
    page.get_by_role("link", name="Rota").click()
    saver, remover = page.context.new_page(), page.context.new_page()
    for tab in (saver, remover):
        tab.goto(page.url)
    page.get_by_role("button", name="Remove Rota").click()
    expect(page.get_by_role("status")).to_contain_text("Rota is removed")
    remover.get_by_role("button", name="Remove Rota").click()
    expect(remover.get_by_role("status")).to_contain_text("removed already")
    look(remover, "export-layout-removed-already")
    saver.get_by_label("Cohort: place in the file").fill("2")
    saver.get_by_role("button", name="Save this layout").click()
    expect(saver.get_by_role("alert")).to_contain_text("This layout was removed meanwhile")
    look(saver, "export-layout-removed-meanwhile")
    saver.get_by_role("button", name="Save this layout").click()
    expect(saver.get_by_role("status")).to_contain_text("Rota is saved")
