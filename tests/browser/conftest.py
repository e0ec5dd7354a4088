"""What the browser tests lean on: the running site, pages as somebody, eyes on a page, and the walks. No test here."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import looking
from tests.browser.server import Person, Site

PATIENCE = 8_000  # milliseconds for anything on a page
QUIET = ["background-networking", "component-update", "sync", "gpu"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product with its shipped courses and demo people, on a port of its own."""
    looking.SCREENS.mkdir(parents=True, exist_ok=True)
    with Site(tmp_path_factory.mktemp("site")) as running:
        yield running
    looking.contact_sheets(looking.SCREENS)


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
    return {"executable_path": os.environ.get("CHROMIUM"), "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    viewport = {"width": 1280, "height": looking.HEIGHT}
    common = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
    return {"base_url": base_url, "viewport": viewport, **common}


@pytest.fixture
def open_as(
    browser: Browser, browser_context_args: dict[str, Any], site: Site
) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own, as this person; None is a visitor. Options are those of a browser context."""
    opened: list[BrowserContext] = []

    def open_(person: Person | None = None, **options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **options})
        opened.append(context)
        context.set_default_timeout(PATIENCE)
        if person:
            looking.sign_in(context, site, person)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


@pytest.fixture
def look(site: Site) -> Iterator[Callable[[Page, str], None]]:
    """Judges and pictures a page in this state; what is wrong fails the test at its end, after the journey."""
    found: list[str] = []

    def look_at(page: Page, name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in looking.faults(page, name, axe_at=(360,)))

    yield look_at
    assert not found, "\n".join(found)


@pytest.fixture(scope="session")
def course(site: Site) -> dict[str, Any]:
    """The first shipped course: lessons, steps, activities with right answers and secrets."""
    return site.ask("course")


@pytest.fixture(scope="session")
def walks(
    site: Site, browser: Browser, browser_context_args: dict[str, Any]
) -> Callable[[str], looking.Walk]:
    """The walk of a demo person, or "visitor", over all their pages; walked once."""
    done: dict[str, looking.Walk] = {}
    judged: set[str] = set()
    code = site.ask("certificate", email="ben@example.org")
    start = {"visitor": ["/", f"/verify/{code}/", "/account/signup/", "/account/login/"]}

    def walk(who: str) -> looking.Walk:
        if who not in done:
            context = browser.new_context(**browser_context_args)
            if who != "visitor":
                looking.sign_in(context, site, site.demo(who))
            done[who] = looking.Walk(site, context, who, start.get(who, ["/"]), judged)
            context.close()
        return done[who]

    return walk
