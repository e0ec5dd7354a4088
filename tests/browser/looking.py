"""Looking at pages: what axe, the layout and the network say of one, its pictures, and a walk over all of them.

What is judged is said here once; the tests say which pages and states.
"""

import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

from tests.browser.server import ROOT, Person, Site

SCREENS = ROOT / "var" / "screens"
SHOOTS = os.environ.get("CI") != "true"  # nobody opens the pictures there
WIDTHS = (1280, 360)
HEIGHT = 900
NARROW = ((320, 800), (320, 256))  # the second is 1280 × 1024 at 400 % zoom: WCAG 2.2, 1.4.10
AXE = Axe().axe_script
RUN_AXE = "() => axe.run(document, {resultTypes: ['violations'], elementRef: false}).then((found) => found.violations)"
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return "";
  const out = (e) => e.getBoundingClientRect().right > innerWidth + 1;
  const worst = [...document.body.querySelectorAll(":not(svg *)")].filter((e) => out(e) && ![...e.children].some(out))[0];
  return `${wide} px too wide: ${worst ? worst.outerHTML.slice(0, 120) : "?"}`;
}"""
NAMELESS = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")]
  .filter((e) => e.checkVisibility())
  .filter((e) => ![e.ariaLabel, e.textContent, ...[...(e.labels ?? [])].map((l) => l.textContent),
    ...[...e.querySelectorAll("img")].map((i) => i.alt)].some((name) => name?.trim()))
  .map((e) => e.outerHTML.slice(0, 120))"""
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)[^>]*>|<style[\s>]|<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", re.I
)
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|event_id)" value="[^"]*"')
TELL_CSP = "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now: rule, impact, and the first place."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)
    return [
        f"{v['id']} ({v['impact']}, {len(v['nodes'])}): {v['nodes'][0]['html'][:160]}"
        for v in found
    ]


def faults(page: Page, name: str = "", axe_at: tuple[int, ...] = WIDTHS) -> list[str]:
    """Everything wrong with how a page stands at each width, and with `name` its pictures into var/screens/.

    `axe_at` are the widths at which axe looks, which takes most of the time: one is enough for a state of a page.
    """
    page.wait_for_load_state()
    found: list[str] = []
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px: {one}" for one in axe_violations(page)] if width in axe_at else []
        found += [f"{width} px: {wide}"] if (wide := page.evaluate(TOO_WIDE)) else []
        if name and SHOOTS:
            page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
    for width, height in NARROW:
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} × {height} px: {wide}"] if (wide := page.evaluate(TOO_WIDE)) else []
    found += [f"without a name: {one}" for one in page.evaluate(NAMELESS)]
    if (count := page.locator("h1").count()) != 1:
        found.append(f"{count} h1")
    if before:
        page.set_viewport_size(before)
    return found


@dataclass
class Seen:
    """One page as one person met it. Each list names what is wrong; empty is good."""

    who: str
    path: str
    status: int
    html: str
    cache_control: str
    faults: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def inline(self) -> list[str]:
        return [found[:160] for found in INLINE.findall(self.html)]


def _route(url: str) -> str:
    """The name of a page's kind: its URL name, or its path with codes and numbers folded where only a demo has it."""
    parts = urlsplit(url)
    try:
        name = resolve(parts.path).view_name.split(":")[-1]
    except Resolver404:
        name = re.sub(r"[^a-z]+", "-", parts.path.lower()).strip("-")
    return "-".join([name, *sorted(parse_qs(parts.query))])


class Walk:
    """Everything one person reaches by links, each kind of page a few times.

    `judged` holds the contents that were judged, of all walks: what two people see alike is judged and pictured once.
    """

    OFTEN = {"ana": {"step": 10}}  # hers have every kind of activity, some answered
    TWICE = 2

    def __init__(
        self, site: Site, context: BrowserContext, who: str, start: list[str], judged: set[str]
    ) -> None:
        self.site, self.who = site, who
        self.page = context.new_page()
        self.page.add_init_script(TELL_CSP)
        self.console: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.console.append(f"error {error}"))
        self.page.on("request", self._notice)
        self.judged = judged
        self.kinds: Counter[str] = Counter()
        self.queue = deque(site.url + path for path in start)
        self.downloads: list[str] = []
        self.seen = list(self._walk())
        self.page.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console.append(message.text[:300])

    def _notice(self, request: Request) -> None:
        if request.url.startswith(("http:", "https:")) and not request.url.startswith(
            self.site.url + "/"
        ):
            self.foreign.append(request.url[:200])

    def _walk(self) -> Iterator[Seen]:
        met: set[str] = set()
        often = self.OFTEN.get(self.who, {})
        while self.queue:
            url = urlunsplit(urlsplit(self.queue.popleft())._replace(fragment=""))
            kind = _route(url)
            if (
                url in met
                or not url.startswith(self.site.url)
                or self.kinds[kind] >= often.get(kind, self.TWICE)
            ):
                continue
            met.add(url)
            self.kinds[kind] += 1
            if seen := self._visit(url, kind):
                yield seen

    def _visit(self, url: str, kind: str) -> Seen | None:
        self.console.clear()
        self.foreign.clear()
        try:
            response = self.page.goto(url)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            self.downloads.append(url)
            return None
        assert response is not None
        path = url.removeprefix(self.site.url)
        seen = Seen(
            self.who,
            path,
            response.status,
            response.text(),
            response.headers.get("cache-control", ""),
        )
        main = (
            TOKEN.sub("", self.page.locator("main").inner_html())
            .replace(self.who, "")
            .replace(self.who.title(), "")
        )
        if main not in self.judged:
            self.judged.add(main)
            number = f"-{self.kinds[kind]}" if self.kinds[kind] > 1 else ""
            axe_at = (
                WIDTHS if self.kinds[kind] == 1 else WIDTHS[-1:]
            )  # more pages of a kind are laid out alike
            seen.faults = faults(self.page, f"{self.who}-{kind}{number}", axe_at)
        seen.console, seen.foreign = list(self.console), list(self.foreign)
        self.queue.extend(
            self.page.eval_on_selector_all("a[href]", "links => links.map((link) => link.href)")
        )
        return seen


def sign_in(context: BrowserContext, site: Site, person: Person) -> None:
    """Gives the context this person's session, as if they had signed in."""
    context.add_cookies([{"name": "sessionid", "value": person.session, "url": site.url}])


def contact_sheets(folder: Path) -> None:
    """One picture of all pictures for each width, where Pillow is installed; it is not a dependency."""
    try:
        from PIL import Image
    except ImportError:
        return

    def tile(path: Path, cell: int) -> Image.Image:
        with Image.open(path) as picture:
            height = min(picture.height, picture.width * 3)
            return (
                picture.crop((0, 0, picture.width, height))
                .convert("RGB")
                .reduce(picture.width // cell)
            )

    for width, columns, cell in ((360, 8, 180), (1280, 4, 427)):
        paths = sorted(
            path for path in folder.glob(f"*-{width}.png") if not path.name.startswith("sheet")
        )
        with ThreadPoolExecutor(2) as pool:
            tiles = list(pool.map(tile, paths, [cell] * len(paths)))
        cell = max((one.width for one in tiles), default=cell)
        rows = [tiles[n : n + columns] for n in range(0, len(tiles), columns)]
        heights = [max(one.height for one in row) + 8 for row in rows]
        sheet = Image.new("RGB", (columns * (cell + 8), max(1, sum(heights))), "#888")
        for n, row in enumerate(rows):
            for column, one in enumerate(row):
                sheet.paste(one, (column * (cell + 8), sum(heights[:n])))
        sheet.save(folder / f"sheet-{width}.png")
