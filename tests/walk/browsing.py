"""Pages as the walk opens them: on a phone, a tablet or a laptop, as somebody, counting what a hand does. No figure here."""

import email
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.looking import axe_violations, sign_in
from tests.browser.server import Person, Site
from tests.html.validating import problems_of

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
LAPTOP = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds for anything on a page
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
FLAGS += ["--disable-component-update", "--disable-sync"]
ONWARD = re.compile("^(Continue|Next|Finish)")
# The shifts of the page as a browser counts them; those within half a second of a press are not a fault.
COUNT_SHIFTS = """
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Judged:
    """What is wrong on the pages that were looked at, by their path: axe, and the HTML as it was served."""

    pages: set[str] = field(default_factory=set)
    axe: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


@dataclass
class Walker:
    """Opens pages of a running site, and judges those it is shown."""

    site: Site
    browser: Browser
    judged: Judged = field(default_factory=Judged)

    @contextmanager
    def opened(self, person: Person | None = None, size: dict[str, int] = PHONE) -> Iterator[Page]:
        """A page in a browser of its own, as this person; None is a visitor. A phone is touched."""
        context = self.browser.new_context(**self._options(size))
        context.set_default_timeout(PATIENCE)
        context.add_init_script(COUNT_SHIFTS)
        if person:
            sign_in(context, self.site, person)
        try:
            yield context.new_page()
        finally:
            context.close()

    def _options(self, size: dict[str, int]) -> dict[str, Any]:
        is_phone = size["width"] < 600
        common = {"base_url": self.site.url, "locale": "en-GB", "timezone_id": "Europe/London"}
        return common | {"viewport": size, "has_touch": is_phone, "is_mobile": is_phone}

    def judge(self, page: Page) -> None:
        """Adds what axe and the validator say of the page as it is now."""
        path = page.url.removeprefix(self.site.url)
        self.judged.pages.add(re.sub(r"[0-9a-f-]{36}", "…", path))
        self.judged.axe += [f"{path}: {violation}" for violation in axe_violations(page)]
        served = served_html(page.context, page.url)
        self.judged.html += [f"{path}: {problem}" for problem in problems_of(served)]

    def mail_link(self, address: str) -> str:
        """The first link to the site in the newest mail to this address."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            mails = self.site.ask("sent_to", email=address)
            links = (
                re.findall(rf"{re.escape(self.site.url)}/\S+", text_of(mails[-1])) if mails else []
            )
            if links:
                return links[0]
        raise AssertionError(f"no mail with a link came to {address}")


def served_html(context: BrowserContext, url: str) -> str:
    return context.request.get(url).text()


def text_of(raw: str) -> str:
    """The plain text of a mail."""
    message: Message = email.message_from_string(raw)
    parts = message.walk() if message.is_multipart() else [message]
    for part in parts:
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode(part.get_content_charset() or "utf-8")
    return raw


def onward(page: Page) -> Locator:
    """The button, or link, that goes on from this card or page."""
    named = page.get_by_role("button", name=ONWARD).or_(page.get_by_role("link", name=ONWARD))
    return named.filter(visible=True).first


def height_of(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def open_card_of(page: Page, place: Locator) -> None:
    """Goes on from card to card until this part of a step is in sight."""
    for _ in range(30):
        if place.is_visible():
            return
        onward(page).click()
        page.wait_for_timeout(60)
    raise AssertionError(f"no card of {page.url} shows what was looked for")
