"""A marker in every private field of every item, and in every name an author gave: looked for in all that leaves a running
server before handing in.

Every route and every link, as each of the cast, in each state of Ana's attempt; what her answers are told; the headers; the
logs at their loudest; and every mail that can be had meanwhile.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.drills.client import HTML, JSON, Browser, Change, Reply
from tests.drills.rows import items_of
from tests.drills.world import BEGUN, SETTINGS, Given, House
from tests.longruns.report import Report
from tests.longruns.served import Served

MARK = "CANARY"
SIGNS = (MARK, "NAMED-")  # as `tests.crawling` writes them
LINK = re.compile(rb'(?:href|action|src|data-motion)="([^"#?]+)')
UNASKED = ("/static/", "/account/logout/", "/admin/jsi18n/", "/admin/logout/")
FURTHEST = 400  # addresses of one person in one state
MAY_READ = {"rhea": "/reviewing/"}  # who signs lessons off reads them whole, there
PAGES, SEEN, TOLD = (
    "pages looked at",
    "markers in pages and headers",
    "markers in what an answer is told",
)
LENGTHS, LOGS, AFTER = (
    "right and wrong told in the same length",
    "markers in logs and mails",
    "markers once it is handed in",
)
QUIET = "errors of the server"


def promised(name: str) -> dict[str, str]:
    targets = {
        PAGES: "≥ 3,000",
        SEEN: "0",
        TOLD: "0",
        LENGTHS: "all",
        LOGS: "0, in ≥ 3 mails",
        QUIET: "0",
    }
    targets[AFTER] = "≥ 30 for the learner, 0 for others"
    return {f"{name}, {what}": target for what, target in targets.items()}


def tells(reply: Reply) -> bool:
    """Whether what is private, or what an author called it, is in a reply."""
    return any(reply.has(sign) for sign in SIGNS)


@dataclass
class Found:
    """What was looked at, and where a marker was."""

    pages: int = 0
    errors: int = 0
    marked: list[str] = field(default_factory=list)


class Crawl:
    """Everybody's browsers on one server. `attempt` is the address of Ana's attempt, once she has one."""

    def __init__(self, house: House, server: Served) -> None:
        self.house = house
        self.browsers = {
            name: Browser(server.port, session) for name, session in house.sessions.items()
        }
        self.ana = self.browsers["ana"]
        self.attempt = f"/attempts/{BEGUN}/"
        self.found = Found()
        self.told: list[Reply] = []

    def begin(self) -> None:
        reply = self.ana.begin(self.house.course, self.house.quiz)
        if not reply.attempt:
            raise RuntimeError(f"beginning the quiz answered {reply.status}, {reply.location}")
        self.attempt = reply.attempt

    def here(self, address: str) -> str:
        """The address with the key of Ana's attempt in it."""
        return address.replace(f"/attempts/{BEGUN}/", self.attempt)

    def look(self, state: str, *, follow: bool = False) -> None:
        """As everybody, at every route; as Ana, and where one is to `follow` as all, at whatever its links lead to too."""
        for name in self.browsers:
            for url, reply in self.visit(name, follow=follow or name == "ana"):
                allowed = MAY_READ.get(name)
                if tells(reply) and not (allowed and url.startswith(allowed)):
                    self.found.marked.append(f"{state}, {name}, {url}")

    def visit(self, name: str, *, follow: bool) -> Iterator[tuple[str, Reply]]:
        """Every address one person can come to, with what it answers."""
        browser, waiting = (
            self.browsers[name],
            [self.here(url) for url in self.house.routes.values()],
        )
        waiting += [
            f"{self.attempt}items/{number}/" for number in range(1, len(self.house.answers) + 1)
        ]
        met: set[str] = set()
        while waiting and len(met) < FURTHEST:
            url = waiting.pop(0)
            if url in met or url.startswith(UNASKED):
                continue
            met.add(url)
            reply = browser.get(url)
            self.found.pages += 1
            self.found.errors += reply.is_error
            yield url, reply
            if not follow:
                continue
            links = [link.decode(errors="replace") for link in LINK.findall(reply.body)]
            for link in filter(None, [*links, reply.location]):
                parts = urlsplit(urljoin(url, link))
                if not parts.netloc or parts.netloc.startswith("127.0.0.1"):
                    waiting.append(parts.path)

    def answer(self, *, right: bool, sequence: int, accept: str) -> list[Reply]:
        """Ana answers every item, and is refused one with an old sequence and one that the item does not have."""
        replies = []
        for number, item in enumerate(items_of(self.house.database, self.attempt), 1):
            given = next(one for one in self.house.answers[item] if one.is_right == right)
            change = Change(item, given, sequence)
            replies.append(self.ana.save(self.attempt, number, change, accept))
            junk = Given(dict.fromkeys(given.fields, "no-such-thing"), None, is_right=False)
            for refused in (
                replace(Change(item, given, 1), sequence=1),
                Change(item, junk, sequence + 1),
            ):
                self.told.append(self.ana.save(self.attempt, number, refused, accept))
        self.told += replies
        return replies

    def have_mails(self) -> None:
        """A nudge to Ana, a sign-up, a forgotten password."""
        self.browsers["tess"].post(self.house.nudge, {})
        fields = {
            "name": "New",
            "email": "new@example.org",
            "profession": "gp",
            "password1": "three-herons-at-dawn",
        }
        self.browsers["visitor"].post("/account/signup/", fields)
        self.browsers["visitor"].post("/account/password/reset/", {"email": "ana@example.org"})


def alike(crawl: Crawl) -> tuple[int, int]:
    """How many items are told in the same length whether right or wrong, to a script and to a form; and of how many."""
    same = of = 0
    for sequence, accept in ((2, JSON), (4, HTML)):
        wrong = crawl.answer(right=False, sequence=sequence, accept=accept)
        crawl.look(f"all wrong, told to {accept}")
        right = crawl.answer(right=True, sequence=sequence + 1, accept=accept)
        crawl.look(f"all right, told to {accept}")
        pairs = list(zip(right, wrong, strict=True))
        same += sum(
            one.length == other.length and one.status == other.status in {200, 302}
            for one, other in pairs
        )
        of += len(pairs)
    return same, of


def measure(name: str, folder: Path, house: House, report: Report) -> None:
    access = folder / "leak.access"
    loud = ["--log-level", "debug", "--access-logfile", str(access), "--capture-output"]
    loud += [
        "--access-logformat",
        "%(t)s %(r)s %(s)s %(B)s %(f)s %({location}o)s %({set-cookie}o)s",
    ]
    with Served(folder, "leak", SETTINGS, house.database, *loud) as server:
        crawl = Crawl(house, server)
        crawl.look("not begun")
        crawl.begin()
        crawl.look("begun", follow=True)
        same, of = alike(crawl)
        crawl.have_mails()
        void = house.void.replace(BEGUN, crawl.attempt.split("/")[2])
        crawl.browsers["tess"].post(void, {"reason": "The line broke"})
        crawl.look("voided")
        crawl.begin()
        crawl.look("begun again")
        before, crawl.found.marked = crawl.found.marked, []
        logs, mails = list(_logs(folder)), list(Path(folder, "var", "mail").glob("*"))
        crawl.ana.post(f"{crawl.attempt}submit/", {})
        mine = crawl.ana.get(f"{crawl.attempt}result/").body.count(MARK.encode())
        crawl.look("handed in")
    others = [one for one in crawl.found.marked if not one.startswith("handed in, ana, ")]
    judge(name, crawl, before, (same, of), (logs, len(mails)), (mine, others), report)


def judge(
    name: str,
    crawl: Crawl,
    before: list[str],
    lengths: tuple[int, int],
    written: tuple[list[Path], int],
    after: tuple[int, list[str]],
    report: Report,
) -> None:
    told = sum(tells(reply) for reply in crawl.told)
    marked = []
    for path in written[0]:
        text = path.read_text(errors="replace")
        if any(sign in text for sign in SIGNS):
            marked.append(path.name)
    report.at_least(f"{name}, {PAGES}", crawl.found.pages, 3000, f"{crawl.found.pages:,}")
    report.at_most(f"{name}, {SEEN}", len(before), 0, "; ".join([str(len(before)), *before[:3]]))
    report.at_most(f"{name}, {TOLD}", told, 0, f"{told} of {len(crawl.told)} replies")
    report.holds(
        f"{name}, {LENGTHS}", lengths[0] == lengths[1] > 0, f"{lengths[0]} of {lengths[1]}"
    )
    figure = f"{len(marked)} of {len(written[0])} files, {written[1]} mails"
    report.holds(f"{name}, {LOGS}", not marked and written[1] >= 3, figure)
    report.at_most(f"{name}, {QUIET}", crawl.found.errors, 0, f"{crawl.found.errors}")
    figure = "; ".join([f"{after[0]} on her result, {len(after[1])} elsewhere", *after[1][:3]])
    report.holds(f"{name}, {AFTER}", after[0] >= 30 and not after[1], figure)


def _logs(folder: Path) -> Iterator[Path]:
    """Everything the run has written but the database, which must hold what is private."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("db.sqlite3"):
            yield path
