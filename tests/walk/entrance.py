"""From an opened invitation to the first scene, and what a visitor meets on the home page."""

import re
import sys
import time
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.browser.server import Person
from tests.longruns.report import Report
from tests.walk.browsing import PHONE, Walker, height_of

TAPS = "taps from the opened invitation to the first scene"
ENTRIES = "entries on that way"
MACHINE = "seconds of machine time on that way"
PAGES = "pages of that way"
HOME_SCENE = "the visitor's first scene, lower edge on the home page"
HOME_HEIGHT, CATALOGUE_HEIGHT = "height of the home page, phone", "height of the catalogue, phone"
HEADER = "header of ordinary pages, phone, the demo's bar apart"
PROMISED = {
    TAPS: "≤ 6",
    ENTRIES: "≤ 4",
    MACHINE: "for information",
    PAGES: "for information",
    HOME_SCENE: "≤ 844 px",
    HOME_HEIGHT: "for information",
    CATALOGUE_HEIGHT: "for information",
    HEADER: "≤ 64 px",
}
NAMES = list(PROMISED)
MOST_PAGES = 20
PASSWORD = "a-quiet-lake-at-dawn"
# What a person who wants to begin would press, the surest first.
PRESSES = [
    "Create an account",
    "Create my account",
    "Confirm my email",
    "Yes, this is my address",
    "Sign in",
    "Join and start",
    "Join",
    "Start the first lesson",
    "Start lesson",
    "Start this course",
    "Start the course",
    "Start",
    "Carry on",
    "Open this lesson",
    "Open",
    "Begin",
    "Go on learning",
    "Go on",
    "Continue",
]
LOWER_EDGE = """() => {
  const pictures = [...document.querySelectorAll("main svg, main img")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 200);
  return pictures.length ? Math.round(pictures[0].getBoundingClientRect().bottom) : 99999;
}"""
HEADER_HEIGHT = """() => {
  const header = document.querySelector("header");
  const demo = header?.querySelector(".demo-bar")?.getBoundingClientRect().height ?? 0;
  return header ? Math.round(header.getBoundingClientRect().height - demo) : 0;
}"""


@dataclass
class Hand:
    """What somebody who was invited does on a page, and how often."""

    walker: Walker
    page: Page
    address: str
    taps: int = 0
    entries: int = 0
    pages: int = 0
    invitation: str = ""
    has_account: bool = False
    is_opened_again: bool = False

    def fill(self) -> None:
        """Gives what an empty form in the page asks for."""
        for field in self.page.locator("main input:visible, main select:visible").all():
            if self._is_asked_for(field):
                self._give(field)

    def _is_asked_for(self, field: Locator) -> bool:
        kind = field.evaluate("(e) => e.type")
        if kind in {"submit", "button", "hidden", "checkbox", "radio", "search", "range"}:
            return False
        is_optional = field.evaluate("(e) => /optional/i.test(e.labels?.[0]?.textContent ?? '')")
        return not is_optional and field.input_value() == ""

    def _give(self, field: Locator) -> None:
        kind = field.evaluate("(e) => e.type")
        self.entries += 1
        if kind.startswith("select"):
            field.select_option(index=1)
            return
        given = {"email": self.address, "password": PASSWORD}
        field.fill(given.get(kind, "Wren Hill"))

    def press(self) -> None:
        """Presses what leads on, by mail where the page says that one was sent."""
        self.taps += 1
        self.pages += 1
        if "-v" in sys.argv:
            print(f"  {self.page.url}: {self._words()}", file=sys.stderr)
        if re.search(
            r"check your e-?mail|look in your e-?mail|we (have )?sent", self._words(), re.I
        ):
            self.page.goto(self.walker.mail_link(self.address))
            return
        if self._is_lost():
            self.is_opened_again = True
            self.page.goto(self.invitation)
            return
        with self.page.expect_navigation():
            self._onward().click()

    def _is_lost(self) -> bool:
        """Whether somebody who was invited stands on the home page, in no cohort."""
        if self.is_opened_again or urlsplit(self.page.url).path != "/":
            return False
        return self.page.locator("main a[href='/join/']").count() > 0

    def _words(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def _onward(self) -> Locator:
        main = self.page.locator("main")
        for name in PRESSES[2 if self.has_account else 0 :]:
            exact = re.compile(rf"^\s*{re.escape(name)}\b")
            for role in ("button", "link"):
                found = main.get_by_role(role, name=exact).filter(visible=True)
                if found.count() and not self._is_back(name, found.first):
                    self.has_account |= name == "Create my account"
                    return found.first
        course = main.get_by_role("heading").get_by_role("link").filter(visible=True)
        if course.count():
            return course.first
        raise AssertionError(f"nothing to press on {self.page.url}: {self._words()}")

    def _is_back(self, name: str, found: Locator) -> bool:
        """Signing in is no way on for somebody who has no account yet."""
        return name == "Sign in" and not self.page.locator("input[type=password]").count()


def measure(walker: Walker, report: Report) -> None:
    measure_invitation(walker, report)
    with walker.opened() as page:
        page.goto("/")
        edge = page.evaluate(LOWER_EDGE)
        report.at_most(HOME_SCENE, edge, PHONE["height"], f"{edge} px")
        report.tell(HOME_HEIGHT, f"{height_of(page)} px")
        walker.judge(page)
        page.goto("/courses/")
        report.tell(CATALOGUE_HEIGHT, f"{height_of(page)} px")
        walker.judge(page)
    measure_headers(walker, report)


def measure_invitation(walker: Walker, report: Report) -> None:
    trainer = walker.site.person("Tove Lund", "trainer")
    cohort = walker.site.ask("cohort", trainer=trainer.email, learners=[])
    with walker.opened() as page:
        address = f"wren-{uuid.uuid4().hex[:8]}@example.org"
        hand = Hand(walker, page, address, invitation=f"/join/{cohort['code']}/")
        began = time.monotonic()
        page.goto(hand.invitation)
        walk_to_a_scene(hand)
        seconds = time.monotonic() - began
    report.at_most(TAPS, hand.taps, 6, str(hand.taps))
    report.at_most(ENTRIES, hand.entries, 4, str(hand.entries))
    report.tell(MACHINE, f"{seconds:.1f} s")
    report.tell(PAGES, str(hand.pages))


def walk_to_a_scene(hand: Hand) -> None:
    scene = hand.page.locator("main .scene, main .beside__look, main .moving").filter(visible=True)
    while not scene.count():
        if hand.pages == MOST_PAGES:
            return
        hand.walker.judge(hand.page)
        hand.fill()
        hand.press()
        hand.page.wait_for_load_state()
        hand.page.wait_for_timeout(150)


def measure_headers(walker: Walker, report: Report) -> None:
    pages: list[tuple[str, Person | None, str]] = [("visitor", None, "/courses/")]
    pages += [("learner", walker.site.demo("ana"), "/courses/")]
    pages += [("trainer", walker.site.demo("tess"), "/courses/")]
    pages += [("reviewer", walker.site.demo("rhea"), "/courses/")]
    heights = {}
    for who, person, path in pages:
        with walker.opened(person) as page:
            page.goto(path)
            heights[who] = page.evaluate(HEADER_HEIGHT)
    shown = ", ".join(f"{who} {height} px" for who, height in heights.items())
    report.at_most(HEADER, max(heights.values()), 64, shown)
