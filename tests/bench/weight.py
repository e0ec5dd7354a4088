"""What a page weighs in a real browser: bytes over the wire and requests. gunicorn's access log counts beside it."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.load import Line, get
from tests.bench.report import NotRun, Report
from tests.bench.served import Served
from tests.chromium import CHROMIUMS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
FLAGS += ["--disable-sync", "--no-first-run"]
LOG = ["--access-logformat", "%(m)s %(U)s"]
KB = 1000


@dataclass
class Traffic:
    """Everything that crossed the wire for one page: by request its type, address, and bytes with their heads."""

    kinds: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    sizes: dict[str, float] = field(default_factory=dict)
    scripts: float = 0
    unseen: list[str] = field(
        default_factory=list
    )  # in the server's log only: the browser's own requests
    unseen_size: int = 0

    @property
    def size(self) -> float:
        return sum(self.sizes.values()) + self.unseen_size

    @property
    def requests(self) -> int:
        return len(self.paths) + len(self.unseen)

    def words(self) -> str:
        return f"{self.size / KB:.1f} KB in {self.requests} requests"


class Watch:
    """Listens to one page's network by the DevTools protocol."""

    def __init__(self, context: Any, page: Any, server: Served) -> None:
        self.server = server
        self.session = context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.requestWillBeSent", self._sent)
        self.session.on("Network.loadingFinished", self._finished)
        self.begin()

    def begin(self) -> None:
        self.traffic = Traffic()
        self.logged = len(self._log())

    def _log(self) -> list[str]:
        return self.server.access.read_text().splitlines()

    def _sent(self, event: dict[str, Any]) -> None:
        found = self.traffic
        if event["request"]["url"].startswith("data:"):
            return
        found.kinds[event["requestId"]] = event.get("type", "")
        found.paths.append(
            event["request"]["method"] + " " + event["request"]["url"].removeprefix(self.server.url)
        )
        if "redirectResponse" in event:
            self._add(event["requestId"], event["redirectResponse"]["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        self._add(event["requestId"], event["encodedDataLength"])

    def _add(self, request: str, size: float) -> None:
        self.traffic.sizes[request] = self.traffic.sizes.get(request, 0) + size
        if self.traffic.kinds.get(request) == "Script":
            self.traffic.scripts += size

    def end(self, page: Any) -> Traffic:
        """What came since `begin`. What the page took from its cache is not in the server's log and does not count."""
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        found, logged = self.traffic, self._log()[self.logged :]
        found.paths = [path for path in found.paths if _taken(path, logged)]
        found.unseen = logged
        for line in logged:
            found.unseen_size += self._weigh(line)
        return found

    def _weigh(self, line: str) -> int:
        method, _, path = line.partition(" ")
        if method != "GET":
            raise RuntimeError(f"the browser sent {line} of its own")
        _, head, body = Line(self.server.port).ask(get(path, gzip=True))
        return len(head) + len(body)


def _taken(path: str, logged: list[str]) -> bool:
    if path in logged:
        logged.remove(path)
        return True
    return False


def heaviest(server: Served, session: str, steps: list[str]) -> str:
    """The step whose page is the largest, compressed."""
    line = Line(server.port)
    sizes = {}
    for path in steps:
        status, _, body = line.ask(get(path, f"sessionid={session}", gzip=True))
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        sizes[path] = len(body)
    return max(sizes, key=sizes.__getitem__)


@contextmanager
def browser() -> Iterator[Any]:
    """A real Chromium: `CHROMIUM`, or what is on PATH."""
    path = shutil.which(os.environ.get("CHROMIUM", "")) or next(
        filter(None, map(shutil.which, CHROMIUMS)), None
    )
    if not path:
        raise NotRun("no Chromium on PATH, and CHROMIUM names none")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def page_as(started: Any, server: Served, session: str) -> Iterator[tuple[Any, Watch]]:
    """A page with nothing in its cache, signed in as this session's person."""
    context = started.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    page = context.new_page()
    try:
        yield page, Watch(context, page, server)
    finally:
        context.close()


def first_visit(started: Any, server: Served, session: str, path: str) -> Traffic:
    with page_as(started, server, session) as (page, watch):
        answer = page.goto(server.url + path)
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path} did not load")
        return watch.end(page)


def continued(started: Any, server: Served, session: str, path: str, steps: int) -> list[Traffic]:
    """Every Continue of a lesson, from its first step to its last."""
    found = []
    with page_as(started, server, session) as (page, watch):
        page.goto(server.url + path)
        watch.end(page)
        for _ in range(steps - 1):
            watch.begin()
            before = page.url
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url(lambda url, old=before: url != old)
            found.append(watch.end(page))
    return found


def measure(
    names: list[str],
    server: Served,
    lesson: list[str],
    steps: list[str],
    keys: list[str],
    report: Report,
) -> None:
    """`lesson` is the steps of the first lesson, `steps` all of the course; `keys` the sessions of two walkers."""
    began = time.monotonic()
    most = heaviest(server, keys[1], steps)
    with browser() as started:
        visits = [
            first_visit(started, server, keys[1], path) for path in dict.fromkeys([lesson[0], most])
        ]
        following = continued(started, server, keys[0], lesson[0], len(lesson))
    first, heavy = visits[0], visits[-1]
    said = f"{first.words()} for the first step, {heavy.words()} for the heaviest of {len(steps)}"
    good = max(one.size for one in visits) <= 50 * KB and max(one.requests for one in visits) <= 6
    report.holds(
        names[0], good, f"{said}: {', '.join(_short(one) for one in [*heavy.paths, *heavy.unseen])}"
    )
    scripts = max(one.scripts for one in visits)
    report.at_most(names[1], scripts, 15 * KB, f"{scripts / KB:.1f} KB")
    largest, most_requests = (
        max(one.size for one in following),
        max(one.requests for one in following),
    )
    good = largest <= 8 * KB and most_requests <= 2
    sizes = ", ".join(f"{one.size / KB:.1f}" for one in following)
    report.holds(
        names[2], good, f"{largest / KB:.1f} KB and {most_requests} requests at most (KB: {sizes})"
    )
    if time.monotonic() - began > 60:
        report.tell("the browser", "took more than a minute")


def _short(path: str) -> str:
    return Path(path.split(" ")[-1]).name.split(".")[0]
