"""Whether what was typed in a lesson is there afterwards: after Continue, without a line, and after the session has ended."""

from playwright.sync_api import Locator, Page, TimeoutError

from tests.browser.server import Person
from tests.longruns.report import Report
from tests.walk.browsing import Walker, onward, open_card_of

WAYS = {
    "continue": "typed words after Continue",
    "offline": "typed words without a line, seen by another browser",
    "signed out": "typed words when the session ends in the middle",
}
PROMISED = dict.fromkeys(WAYS.values(), "kept")
NAMES = list(PROMISED)
PATIENCE = 20_000  # milliseconds until what waited in the browser was sent


def measure(walker: Walker, report: Report) -> None:
    for way, do in (
        ("continue", after_continue),
        ("offline", after_offline),
        ("signed out", after_sign_out),
    ):
        person = walker.site.person()
        writing = walker.site.ask("writing_step", email=person.email)
        words = f"I will wait a little longer, {way}."
        is_kept = do(walker, person, writing, words)
        report.holds(WAYS[way], is_kept, "kept" if is_kept else "lost")


def typed(page: Page, writing: dict[str, str], words: str) -> Locator:
    """The box, with the words typed into it by hand."""
    page.goto(writing["path"])
    box = box_of(page, writing)
    box.click()
    box.press_sequentially(words, delay=5)
    return box


def box_of(page: Page, writing: dict[str, str]) -> Locator:
    box = page.locator(f"#{writing['name']} textarea").first
    open_card_of(page, box)
    return box


def is_there(walker: Walker, person: Person, writing: dict[str, str], words: str) -> bool:
    """Whether another browser of the same person shows the words."""
    with walker.opened(person) as page:
        page.goto(writing["path"])
        return box_of(page, writing).input_value() == words


def after_continue(walker: Walker, person: Person, writing: dict[str, str], words: str) -> bool:
    with walker.opened(person) as page:
        typed(page, writing, words)
        finish(page, walker.site.url + writing["path"])
    return is_there(walker, person, writing, words)


def finish(page: Page, step: str) -> None:
    """Goes on from card to card until another page has come."""
    for _ in range(12):
        try:
            onward(page).click(timeout=5_000)
            page.wait_for_url(lambda url: url.split("#")[0] != step, timeout=3_000)
        except TimeoutError:  # the next card of this step, or the page that ends the lesson
            pass
        if page.url.split("#")[0] != step:
            return


def after_offline(walker: Walker, person: Person, writing: dict[str, str], words: str) -> bool:
    with walker.opened(person) as page:
        page.goto(writing["path"])
        box_of(page, writing)
        page.context.set_offline(True)
        box = page.locator(f"#{writing['name']} textarea").first
        box.click()
        box.press_sequentially(words, delay=5)
        page.wait_for_timeout(2500)
        page.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        return comes(walker, person, writing, words, page)


def comes(walker: Walker, person: Person, writing: dict[str, str], words: str, page: Page) -> bool:
    for _ in range(PATIENCE // 2000):
        page.wait_for_timeout(2000)
        if is_there(walker, person, writing, words):
            return True
    return False


def after_sign_out(walker: Walker, person: Person, writing: dict[str, str], words: str) -> bool:
    """The session ends while somebody writes; they press the button, sign in, and look for their words."""
    with walker.opened(person) as page:
        page.goto(writing["path"])
        box_of(page, writing)
        page.context.clear_cookies(name="sessionid")
        box = page.locator(f"#{writing['name']} textarea").first
        box.click()
        box.press_sequentially(words, delay=5)
        place = page.locator(f"#{writing['name']}")
        save = place.locator("button[type=submit]").filter(visible=True)
        (save.first if save.count() else onward(page)).click()
        page.wait_for_timeout(2500)
        if not page.locator("input[type=password]").count():
            page.goto(f"/account/login/?next={writing['path']}")
        page.locator("input[type=email], input[name=login]").first.fill(person.email)
        page.locator("input[type=password]").first.fill(person.password)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        page.goto(writing["path"])
        page.wait_for_timeout(1500)
        return box_of(page, writing).input_value() == words
