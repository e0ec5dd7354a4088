"""A lesson on a phone: its cards, the place of Continue, the minutes left, and a lesson by Continue alone."""

import re
import time

from playwright.sync_api import Page

from tests.browser.server import Person
from tests.longruns.report import Report
from tests.walk.browsing import PHONE, Walker, height_of, onward, served_html

PLACE = "Continue on every card of a lesson, spread of its place"
LEFT = "steps that say how many minutes are left"
STEP_HEIGHT = "height of a lesson's steps together, phone"
TALLEST = "the tallest card of that lesson, phone"
BY_CONTINUE = "a lesson by Continue alone"
PROMISED = {
    PLACE: "0 px",
    LEFT: "all",
    STEP_HEIGHT: "for information",
    TALLEST: "for information",
    BY_CONTINUE: "not done",
}
NAMES = list(PROMISED)
MINUTES = re.compile(r"\b(about )?(\d+|a few|one|two|less than (a|one)) minutes? left", re.I)
MOST_CARDS = 150


def measure(walker: Walker, report: Report) -> None:
    walk_by_continue(walker, report)
    measure_minutes(walker, report)


def walk_by_continue(walker: Walker, report: Report) -> None:
    """The first lesson as somebody in a hurry goes through it, measured on the way."""
    person = walker.site.person()
    lesson = first_lesson(walker, person)
    tops: set[int] = set()
    heights: dict[str, int] = {}
    tallest = 0
    began = time.monotonic()
    with walker.opened(person) as page:
        page.goto(lesson)
        for _ in range(MOST_CARDS):
            if not page.url.split("#")[0].startswith(walker.site.url + lesson):
                break
            if not onward(page).count() or "/done/" in page.url:
                break
            tops.add(round(onward(page).evaluate("(e) => e.getBoundingClientRect().top")))
            path = page.url.split("#")[0]
            heights[path] = max(heights.get(path, 0), height_of(page))
            tallest = max(tallest, height_of(page))
            press_onward(page)
        walker.judge(page)
    seconds = time.monotonic() - began
    spread = max(tops) - min(tops)
    report.at_most(PLACE, spread, 0, f"{spread} px on {len(heights)} steps")
    report.tell(STEP_HEIGHT, f"{sum(heights.values()):,} px")
    report.tell(TALLEST, f"{tallest:,} px ({tallest / PHONE['height']:.1f} screens)")
    done = walker.site.ask("lessons_done", email=person.email)
    word = "done" if done else "not done"
    report.holds(BY_CONTINUE, not done, f"{word}, after {seconds:.0f} s")


def press_onward(page: Page) -> None:
    onward(page).click()
    page.wait_for_timeout(80)
    page.wait_for_load_state()


def first_lesson(walker: Walker, person: Person) -> str:
    """The path of the first lesson, at whose first step the person is now."""
    walker.site.ask("reach", email=person.email, lesson=1, step=1)
    course = walker.site.ask("course")
    return f"/courses/{course['key']}/lessons/{course['lessons'][0]['key']}/"


def measure_minutes(walker: Walker, report: Report) -> None:
    """Over every step of every course, by what is served."""
    person = walker.site.person()
    paths = walker.site.ask("every_step", email=person.email)
    silent = []
    with walker.opened(person) as page:
        for path in paths:
            if not MINUTES.search(words_of(served_html(page.context, walker.site.url + path))):
                silent.append(path)
    shown = f"{len(paths) - len(silent)} of {len(paths)}"
    if silent:
        shown += f" (not {silent[0]})"
    report.holds(LEFT, not silent, shown)


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
