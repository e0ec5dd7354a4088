"""A round of practice: how soon a case answers, how soon the next is there, and what it weighs."""

import statistics
import sys

from playwright.sync_api import Page

from tests.longruns.over_the_wire import loaded
from tests.longruns.report import Report
from tests.walk.browsing import Walker
from tests.walk.weights import tell

ANSWER = "from the press to the answer of a case, median"
NEXT = "next case, Next pressed, median"
WEIGHT = "next case of practice over the wire, heaviest"
ONE_VIEW = "the picture and four choices of a case in one view, phone"
PROMISED = {ANSWER: "≤ 100 ms", NEXT: "≤ 100 ms", WEIGHT: "≤ 12 KB", ONE_VIEW: "of still ones all"}
NAMES = list(PROMISED)
KB = 1000
CASES = 12
# Timed inside the browser: from the press until the headline is in the page and a frame is due.
PRESS = """() => new Promise((done, fail) => {
  const place = document.querySelector("[data-answer]");
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (place.querySelector("#answer")) requestAnimationFrame(() => done(performance.now() - began));
  });
  watch.observe(place, { childList: true, subtree: true });
  document.querySelector("[data-check]").click();
  setTimeout(() => fail(new Error("no answer came in ten seconds")), 10_000);
})"""
IS_IN_VIEW = """() => {
  const bar = document.querySelector(".onward--bar").getBoundingClientRect().top;
  const last = [...document.querySelectorAll(".options label")].at(-1).getBoundingClientRect();
  return last.bottom <= bar;
}"""
ARRIVED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def measure(walker: Walker, report: Report) -> None:
    answers: list[float] = []
    arrivals: list[float] = []
    weights: list[int] = []
    views: list[bool] = []
    person = walker.site.person()
    with walker.opened(person) as page:
        page.goto("/eye/")
        walker.judge(page)
        page.get_by_role("button", name="Begin a round of twelve").click()
        walker.judge(page)
        for _ in range(CASES - 1):
            is_still = page.locator(".moving").count() == 0
            if is_still:
                views.append(page.evaluate(IS_IN_VIEW))
            answers.append(answer(page))
            visit = loaded(page, page.locator("[data-onward]").click)
            weights.append(sum(visit.values()))
            if "-v" in sys.argv:
                tell(visit)
            arrivals.append(page.evaluate(ARRIVED))
        answer(page)
        walker.judge(page)
        page.locator("[data-onward]").click()
        walker.judge(page)
    report.tell(ANSWER, f"{statistics.median(answers):.0f} ms, slowest {max(answers):.0f}")
    report.tell(NEXT, f"{statistics.median(arrivals):.0f} ms, slowest {max(arrivals):.0f}")
    report.tell(WEIGHT, f"{max(weights) / KB:.1f} KB, median {statistics.median(weights) / KB:.1f}")
    report.tell(ONE_VIEW, f"{sum(views)} of {len(views)}")


def answer(page: Page) -> float:
    """Chooses something, presses, and returns the milliseconds until the answer is there."""
    page.locator(".options label").first.click()
    page.locator(".chip", has_text="Fairly sure").click()
    return page.evaluate(PRESS)
