"""What a first visit of a lesson step weighs in a real browser: bytes over the wire and requests."""

import gzip
from typing import Any

from courses.library.queries import content_of
from tests.bench.world import World
from tests.chromium import find_browser
from tests.longruns.over_the_wire import loaded
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KB = 1000


def measure(names: list[str], server: Served, world: World, report: Report) -> None:
    """`names` are of the figures for a first visit, its JavaScript, and the next page by Continue."""
    from playwright.sync_api import sync_playwright

    chromium, why = find_browser(may_install=False)
    if not chromium:
        raise NotRun(why)
    steps = steps_of(world)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)

        def new_page(session: str) -> Any:
            """A page with nothing in its cache, signed in."""
            context = browser.new_context(base_url=server.url)
            context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
            return context.new_page()

        page = new_page(world.finisher)
        sizes = {path: len(gzip.compress(page.request.get(path).body())) for path in steps}
        heaviest = max(sizes, key=sizes.__getitem__)
        first = loaded(page, lambda: page.goto(steps[0]))
        other = new_page(world.finisher)
        heavy = loaded(other, lambda: other.goto(heaviest))
        onward = new_page(world.beginner)
        loaded(onward, lambda: onward.goto(steps[0]))
        following = loaded(onward, lambda: onward.get_by_role("button", name="Continue").click())
        browser.close()
    size = max(sum(first.values()), sum(heavy.values()))
    requests = max(len(first), len(heavy))
    words = f"{sum(first.values()) / KB:.1f} KB in {len(first)} requests; of the heaviest step, "
    words += f"{heaviest}, {sum(heavy.values()) / KB:.1f} KB in {len(heavy)}"
    report.holds(names[0], size <= 50 * KB and requests <= 6, words)
    scripts = sum(size for url, size in heavy.items() if url.endswith(".js"))
    report.at_most(names[1], scripts, 15 * KB, f"{scripts / KB:.1f} KB")
    size = sum(following.values())
    words = f"{size / KB:.1f} KB in {len(following)} requests"
    report.holds(names[2], size <= 8 * KB and len(following) <= 2, words)


def steps_of(world: World) -> list[str]:
    """The paths of all steps of the shipped course, in order."""
    paths = []
    for lesson in content_of(world.shipped.edition_id).lessons:
        prefix = f"/courses/{world.shipped.key}/lessons/{lesson.key}"
        paths += [f"{prefix}/{step.key}/" for step in lesson.steps]
    return paths
