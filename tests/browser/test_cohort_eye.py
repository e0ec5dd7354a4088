"""How a cohort sees babies, in the browser: it fits a phone, and axe finds nothing."""

import pytest

from tests.browser.acting import headline
from tests.browser.looking import faults

pytestmark = pytest.mark.browser


def test_it_fits_every_width(site, open_as):
    page = open_as(site.demo("tess"))
    page.goto("/cohorts/")
    page.get_by_role("main").get_by_role("link", name="Riverside, autumn").first.click()
    page.get_by_role("link", name="How this cohort sees babies").click()
    headline(page, "How this cohort sees babies")
    assert faults(page, "cohort eye") == []
