"""A training room: people behind one address get in, open one join link, join, and begin a lesson.

Half of them make an account and confirm it by the link in their mail, half have one and sign in.
All begin within the same moment, as when a trainer puts the link on the wall.
"""

import http.client
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.drills.client import FORM, HTML, Reply
from tests.drills.world import Room
from tests.longruns.report import Report
from tests.longruns.served import Served

PEOPLE = 60
MINUTES = 2
SILENCE = 60  # seconds without an answer until a request counts as lost
MAIL = 60  # seconds to wait for a mail
AT_ONCE = 20  # hands on a phone at the same moment
PASSWORD = "the-quiet-baby"
STEPS = ("signed in", "joined", "began a lesson")


def promised(name: str, people: int) -> dict[str, str]:
    """The figures of this drill and their targets."""
    targets = {f"{name}, {step}": f"{people} of {people}" for step in STEPS}
    return targets | {
        f"{name}, answers with 500": "0",
        f"{name}, seconds": f"at most {MINUTES * 60}",
    }


class Phone:
    """A browser of somebody who is not signed in yet: it keeps the cookies it is given."""

    def __init__(self, port: int) -> None:
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SILENCE)
        self.statuses: Counter[int] = Counter()

    def get(self, path: str) -> Reply:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Reply:
        """Sends a form with the token of the page before, which is fetched where there is none."""
        if "csrftoken" not in self.cookies:
            self.get("/account/login/")
        token = self.cookies.get("csrftoken", "")
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> Reply:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Accept": HTML, "Cookie": cookies}
        if body is not None:
            headers["Content-Type"] = FORM
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            page = answer.read()
        except (OSError, http.client.HTTPException):
            self.statuses[0] += 1
            return Reply(0)
        finally:
            self.connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.statuses[answer.status] += 1
        return Reply(answer.status, answer.headers.get("Location", ""), page, str(answer.headers))


class Learner:
    """One person of the room: what they do, and how far they came."""

    def __init__(self, number: int, server: Served, room: Room, mails: Path) -> None:
        self.room, self.mails = room, mails
        self.phone = Phone(server.port)
        self.has_account = number < len(room.emails)
        self.email = room.emails[number] if self.has_account else f"new-{number}@example.org"
        self.reached: list[str] = []
        self.stopped = ""

    def run(self) -> None:
        for step, act in zip(STEPS, (self._get_in, self._join, self._begin), strict=True):
            reply = act()
            if reply is not None:
                self.stopped = f"{step}: {reply.status} {reply.location}"
                return
            self.reached.append(step)

    def _get_in(self) -> Reply | None:
        """None once signed in, else the answer that stopped it; so do the other two."""
        if not self.has_account:
            refused = self._sign_up()
            if refused:
                return refused
        typed = {"login": self.email, "password": PASSWORD, "next": self.room.join}
        reply = self.phone.post("/account/login/", typed)
        return None if reply.location == self.room.join else reply

    def _sign_up(self) -> Reply | None:
        typed = {"name": "Somebody New", "email": self.email, "profession": "camhs"}
        reply = self.phone.post("/account/signup/", typed | {"password1": PASSWORD})
        if reply.status != 302:
            return reply
        link = self._link()
        if not link:
            return Reply(0, "no mail came")
        confirmed = self.phone.post(link, {})
        return None if confirmed.status == 302 else confirmed

    def _link(self) -> str:
        """The path of the link in the mail to this person; empty when none came in time."""
        until = time.monotonic() + MAIL
        while time.monotonic() < until:
            for found in links_for(self.mails, self.email):
                return found
            time.sleep(0.5)
        return ""

    def _join(self) -> Reply | None:
        page = self.phone.get(self.room.join)
        if page.status != 200:
            return page
        reply = self.phone.post(self.room.join, {})
        return None if reply.status == 302 and reply.location == "/" else reply

    def _begin(self) -> Reply | None:
        reply = self.phone.post(f"/courses/{self.room.course}/enrol/", {})
        if reply.status != 302:
            return reply
        reply = self.phone.post(self.room.begin, {})
        if reply.status != 302:
            return reply
        step = self.phone.get(reply.location)
        return None if step.status == 200 else step


def links_for(mails: Path, email: str) -> Iterator[str]:
    """Paths of the links to confirm an address, of all mails to it that are whole."""
    for path in mails.glob("*.log"):
        written = path.read_bytes()
        if email.encode() not in written:
            continue
        mail = message_from_bytes(written, policy=policy.default)
        link = re.search(r"https?://\S+/confirm-email/\S+/\s", mail.get_content() + "\n")
        if link:
            yield urlsplit(link[0].strip()).path


def measure(name: str, server: Served, room: Room, mails: Path, report: Report) -> None:
    """Sends everybody of the room in together, half with an account and half without."""
    people = 2 * len(room.emails)
    learners = [Learner(number, server, room, mails) for number in range(people)]
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(Learner.run, interleaved(learners)))
    seconds = time.monotonic() - begun
    for step in STEPS:
        reached = sum(step in learner.reached for learner in learners)
        report.at_least(f"{name}, {step}", reached, people, f"{reached} of {people}")
    statuses = sum((learner.phone.statuses for learner in learners), Counter())
    errors = sum(count for status, count in statuses.items() if status == 0 or status >= 500)
    report.at_most(f"{name}, answers with 500", errors, 0, f"{errors}")
    report.at_most(f"{name}, seconds", seconds, MINUTES * 60, f"{seconds:.0f}")
    stopped = Counter(learner.stopped for learner in learners if learner.stopped)
    for where, count in stopped.most_common(4):
        report.tell(f"{name}, stopped at", f"{count}: {where}")


def interleaved(learners: list[Learner]) -> list[Learner]:
    """One with an account, one without, and so on."""
    half = len(learners) // 2
    pairs = zip(learners[:half], learners[half:], strict=True)
    return [learner for pair in pairs for learner in pair]
