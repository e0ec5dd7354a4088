"""What a first visit of a lesson step weighs in a real browser: bytes over the wire and requests."""

import os
import shutil
from typing import Any

from courses.library.queries import content_of
from tests.bench.world import World
from tests.chromium import CHROMIUMS
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KB = 1000


def measure(names: list[str], server: Served, world: World, report: Report) -> None:
    """`names` are of the figures for a first visit, its JavaScript, and the next page by Continue."""
    from playwright.sync_api import sync_playwright

    steps = steps_of(world)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        with browser.new_context(**signed_in(world.finisher, server)) as context:
            sizes = {path: len(context.request.get(path).body()) for path in steps}
        heaviest = max(sizes, key=sizes.__getitem__)
        visits = []
        for path in (steps[0], heaviest):
            with browser.new_context(**signed_in(world.finisher, server)) as context:
                page = context.new_page()
                visits.append(wire(page, lambda page=page, path=path: page.goto(path)))
        with browser.new_context(**signed_in(world.beginner, server)) as context:
            page = context.new_page()
            wire(page, lambda: page.goto(steps[0]))
            onward = wire(page, lambda: page.get_by_role("button", name="Continue").click())
        browser.close()
    size = max(sum(visit.values()) for visit in visits)
    requests = max(len(visit) for visit in visits)
    words = (
        f"{size / KB:.1f} KB in {requests} requests, the larger of the first step and {heaviest}"
    )
    report.holds(names[0], size <= 50 * KB and requests <= 6, words)
    scripts = [sum(visit[url] for url in visit if url.endswith(".js")) for visit in visits]
    report.at_most(names[1], max(scripts), 15 * KB, f"{max(scripts) / KB:.1f} KB")
    size = sum(onward.values())
    words = f"{size / KB:.1f} KB in {len(onward)} requests"
    report.holds(names[2], size <= 8 * KB and len(onward) <= 2, words)


def steps_of(world: World) -> list[str]:
    """The paths of all steps of the shipped course, in order."""
    paths = []
    for lesson in content_of(world.shipped.edition_id).lessons:
        prefix = f"/courses/{world.shipped.key}/lessons/{lesson.key}"
        paths += [f"{prefix}/{step.key}/" for step in lesson.steps]
    return paths


def chromium() -> str:
    """The browser of `CHROMIUM`, or the one on PATH."""
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUMS):
        if name and (path := shutil.which(name)):
            return path
    raise NotRun("no Chromium on PATH, and CHROMIUM names none")


def signed_in(session: str, server: Served) -> dict[str, Any]:
    """The options of a browser context with nothing in its cache, signed in with this session."""
    cookie = {"name": "sessionid", "value": session, "url": server.url}
    state = {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/"}]}
    del state["cookies"][0]["url"]
    return {
        "base_url": server.url,
        "storage_state": state,
        "viewport": {"width": 390, "height": 844},
    }


def wire(page: Any, act: Any) -> dict[str, int]:
    """Bytes that came over the wire for each address, heads included, while `act` loads a page."""
    finished: list[Any] = []
    page.on("requestfinished", finished.append)
    act()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    page.remove_listener("requestfinished", finished.append)
    loaded = {}
    for request in finished:
        sizes = request.sizes()
        if sizes["responseBodySize"] > 0:  # else it came from the browser's cache
            loaded[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    return loaded
