"""Answering an activity: taps for cards, how long a reply takes, and how long a result is."""

import statistics

from playwright.sync_api import Locator, Page

from tests.longruns.report import Report
from tests.walk.browsing import Walker, height_of, open_card_of

TAPS = "taps for the cards of the longest sort, and Check"
REPLY = "reply to an answer, median"
RESULT = "height of a result with three mistakes, phone"
PROMISED = {TAPS: "≤ its cards + 1", REPLY: "< 150 ms, no page load", RESULT: "≤ 3,000 px"}
NAMES = list(PROMISED)
# Presses Check and waits until words of feedback are in the page; nothing is timed from outside the browser.
ANSWER = """(place) => new Promise((done, fail) => {
  const began = performance.now();
  const said = () => place.querySelector("[id$='-said']")?.textContent.trim();
  const before = said();
  const watch = new MutationObserver(() => {
    if (said() && said() !== before) requestAnimationFrame(() => done(performance.now() - began));
  });
  watch.observe(place, { childList: true, subtree: true, characterData: true });
  [...place.querySelectorAll("button[type=submit]")].find((button) => /check/i.test(button.textContent)).click();
  setTimeout(() => fail(new Error("no feedback came in ten seconds")), 10_000);
})"""


def measure(walker: Walker, report: Report) -> None:
    measure_taps(walker, report)
    measure_reply(walker, report)
    measure_result(walker, report)


def measure_taps(walker: Walker, report: Report) -> None:
    person = walker.site.person()
    sort = walker.site.ask("longest_sort", email=person.email)
    with walker.opened(person) as page:
        page.goto(sort["path"])
        place = page.locator(f"#{sort['name']}")
        open_card_of(page, place)
        cards = sort["cards"]
        taps = taps_for(place, cards) + 1
        walker.judge(page)
    report.at_most(TAPS, taps, cards + 1, f"{taps} for {cards} cards")


def taps_for(place: Locator, cards: int) -> int:
    """Places every card, and counts what it takes: a menu is opened and then chosen from."""
    menus = place.locator("select").filter(visible=True)
    if menus.count():
        for menu in menus.all():
            menu.select_option(index=1)
        return 2 * menus.count()
    for _ in range(cards):
        place.locator(".tap__place").filter(visible=True).first.click()
    values = place.locator("select").evaluate_all("(menus) => menus.map((menu) => menu.value)")
    assert all(values), f"{cards} taps left some of {values} without a place"
    return cards


def measure_reply(walker: Walker, report: Report) -> None:
    person = walker.site.person()
    milliseconds = []
    loads = 0
    with walker.opened(person) as page:
        for choice in walker.site.ask("choices_in_steps", email=person.email)[:9]:
            page.goto(choice["path"])
            place = page.locator(f"#{choice['name']}")
            open_card_of(page, place)
            time_ms, is_loaded = reply_to(page, place)
            milliseconds.append(time_ms)
            loads += is_loaded
    median = statistics.median(milliseconds)
    shown = f"{median:.0f} ms, {loads} page loads in {len(milliseconds)} answers"
    report.holds(REPLY, median < 150 and not loads, shown)


def reply_to(page: Page, place: Locator) -> tuple[float, bool]:
    """Milliseconds from Check to the feedback, and whether a page was loaded for it."""
    place.locator("input[type=radio] + label").first.click()
    page.wait_for_timeout(400)  # what is saved while it is chosen is another request
    element = place.element_handle()
    try:
        return page.evaluate(ANSWER, element), False
    except Exception as error:
        if "navigation" not in str(error) and "destroyed" not in str(error):
            raise
    page.wait_for_timeout(600)
    page.wait_for_load_state()
    spent = "performance.getEntriesByType('navigation')[0].duration"
    return page.evaluate(spent), True


def measure_result(walker: Walker, report: Report) -> None:
    person = walker.site.person()
    attempt = walker.site.ask("take_with_mistakes", email=person.email, mistakes=3)
    with walker.opened(person) as page:
        page.goto(f"/attempts/{attempt}/result/")
        height = height_of(page)
        walker.judge(page)
    report.at_most(RESULT, height, 3000, f"{height:,} px")
