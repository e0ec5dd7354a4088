"""What comes over the wire for a step on a first visit, its scripts, and the next page. In a real browser."""

import sys

from playwright.sync_api import Page

from tests.longruns.over_the_wire import loaded
from tests.longruns.report import Report
from tests.walk.browsing import Walker, onward

SCRIPTS = "JavaScript of the heaviest step"
FIRST = "first visit of the heaviest step, files kept by nobody"
NEXT = "next page, Continue pressed"
HOME = "first visit of the home page"
PROMISED = {SCRIPTS: "≤ 12 KB", FIRST: "≤ 55 KB", NEXT: "≤ 8 KB", HOME: "≤ 55 KB"}
NAMES = list(PROMISED)
KB = 1000


def measure(walker: Walker, report: Report) -> None:
    person = walker.site.person()
    paths = walker.site.ask("every_step", email=person.email)
    with walker.opened(person) as page:
        sizes = {path: len(page.context.request.get(path).body()) for path in paths}
    heaviest = max(sizes, key=sizes.__getitem__)
    moving = walker.site.ask("scene_steps", email=person.email)[0]["path"]
    visits = {}
    for path in dict.fromkeys((heaviest, moving)):
        with walker.opened(person) as page:
            visits[path] = loaded(page, lambda page=page, path=path: page.goto(path))
    scripts = {path: scripts_of(visit) for path, visit in visits.items()}
    totals = {path: sum(visit.values()) for path, visit in visits.items()}
    at_most(report, SCRIPTS, scripts, 12)
    at_most(report, FIRST, totals, 55)
    measure_next(walker, report)
    with walker.opened() as page:
        home = loaded(page, lambda: page.goto("/"))
    at_most(report, HOME, {"/": sum(home.values())}, 55)
    if "-v" in sys.argv:
        for visit in (*visits.values(), home):
            tell(visit)


def tell(visit: dict[str, int]) -> None:
    for url, size in sorted(visit.items(), key=lambda row: -row[1]):
        print(f"  {size / KB:5.1f} KB {url.split('/', 3)[-1]}", file=sys.stderr)


def at_most(report: Report, name: str, sizes: dict[str, int], limit: int) -> None:
    worst = max(sizes, key=sizes.__getitem__)
    report.at_most(name, sizes[worst], limit * KB, f"{sizes[worst] / KB:.1f} KB, {worst}")


def scripts_of(visit: dict[str, int]) -> int:
    return sum(size for url, size in visit.items() if url.split("?")[0].endswith(".js"))


def measure_next(walker: Walker, report: Report) -> None:
    """The heaviest of the first four steps, come to by Continue."""
    person = walker.site.person()
    walker.site.ask("reach", email=person.email, lesson=1, step=1)
    course = walker.site.ask("course")
    lesson = course["lessons"][0]
    sizes = {}
    with walker.opened(person) as page:
        for step in lesson["steps"][:4]:
            path = f"/courses/{course['key']}/lessons/{lesson['key']}/{step['key']}/"
            size = sum(loaded(page, lambda path=path: arrive(page, path)).values())
            sizes[path] = size
    first = next(iter(sizes))
    del sizes[first]  # it brings the style sheets
    at_most(report, NEXT, sizes, 8)


def arrive(page: Page, path: str) -> None:
    """Goes on, card by card, until this step is there; the first is opened."""
    if page.url == "about:blank":
        page.goto(path)
        return
    for _ in range(15):
        onward(page).click()
        page.wait_for_timeout(80)
        if path in page.url:
            return
    raise AssertionError(f"Continue never led to {path}")
