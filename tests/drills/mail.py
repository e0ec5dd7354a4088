"""A mail server that is slow or away: people sign up, pages are served, and every mail arrives once.

Ten people sign up at once while another reads pages. First with a mail server that answers at once, which is what is
usual; then with one that takes its time to answer; then with one that is away and comes back.
"""

import re
import socketserver
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.drills.client import Browser, Reply
from tests.drills.world import World
from tests.longruns.report import Report
from tests.longruns.served import Served

PEOPLE = 10
SLOW = 25.0  # seconds a slow mail server takes to answer
READING = 0.05  # seconds between two pages of the reader
QUIET = 10.0  # seconds of reading before anything happens
AWAY = 5.0  # seconds the mail server stays away after the last sign-up
PATIENCE = 180  # seconds until the last mail must have arrived
NOISE = 0.02  # seconds by which two p95 of the same pages may differ on a busy machine
PASSWORD = "a-calm-morning"
ADDRESS = re.compile(r"<([^>]*)>")
PHASES = ("usual", "slow", "down")
PAGES = ("/", "/courses/", "/join/", "/record/")
ANSWERED, USUAL, PACE, ARRIVED = (
    "sign-ups answered",
    "slowest sign-up",
    "p95 of other pages",
    "mails that arrived",
)
DOWN, BACK = "sign-ups answered while mail is down", "mails that arrived once it was back"


def promised(name: str, *wanted: str) -> dict[str, str]:
    """The figures of this drill and their targets: all, or those wanted."""
    count = f"= {PEOPLE}"
    targets = {
        ANSWERED: count,
        USUAL: "≤ 2 × usual",
        PACE: "≤ 2 × with a quick mail server",
        ARRIVED: f"{count}, none twice",
        DOWN: count,
        BACK: f"{count}, none twice",
    }
    return {
        f"{name}, {what}": target for what, target in targets.items() if what in (wanted or targets)
    }


class MailServer:
    """Takes mail on a port of 127.0.0.1 and keeps who got what. It answers a new connection after `delay` seconds.

    The port is the same after `stop` and `start`; between them a connection is refused.
    """

    def __init__(self) -> None:
        self.delay = 0.0
        self.mails: list[tuple[str, str]] = []  # recipient, and the whole mail
        self.refused: set[str] = set()  # addresses nobody has here
        self.calls = 0  # connections so far
        self.port = 0
        self.server: socketserver.ThreadingTCPServer | None = None

    def start(self) -> None:
        self.server = Listener(("127.0.0.1", self.port), Conversation)
        self.server.house = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def times(self, people: list[str]) -> list[int]:
        """How often each of them got a mail."""
        counted = Counter(recipient for recipient, _ in self.mails)
        return [counted[person] for person in people]


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    house: MailServer


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    def handle(self) -> None:
        self.server.house.calls += 1
        time.sleep(self.server.house.delay)
        self._say("220 ready")
        recipient = ""
        while line := self.rfile.readline().decode("utf-8", "replace"):
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = ADDRESS.search(line)[1]
                if recipient in self.server.house.refused:
                    self._say(f"550 {recipient} is nobody here")
                    continue
            if verb == "DATA":
                self._say("354 go on")
                self.server.house.mails.append((recipient, self._text()))
            self._say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def _text(self) -> str:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).decode("utf-8", "replace")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def served(folder: Any, settings: str, database: str, mail: MailServer) -> Served:
    """The product with this mail server; use it in a `with`."""
    server = Served(folder, "mail", settings, database)
    server.environment["EMAIL_URL"] = mail.url
    return server


@dataclass
class SignUps:
    """What came of ten at once: the replies, and seconds until each."""

    people: list[str]
    replies: list[Reply] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many were led on to the page that says where to look."""
        return sum(reply.location == "/account/confirm-email/" for reply in self.replies)

    @property
    def shown(self) -> str:
        """How many were answered, and what others got."""
        others = [str(reply.status) for reply in self.replies if reply.status != 302]
        return ", ".join([f"{self.answered}", *others])


def sign_up(port: int, phase: str) -> SignUps:
    """All of them at once, each from an address of this machine of their own: no rate limit is drilled here."""
    found = SignUps([f"{phase}{number}@example.org" for number in range(PEOPLE)])
    line = threading.Barrier(PEOPLE)

    def one(number: int) -> tuple[Reply, float]:
        browser = Browser(port, "")
        browser.connection.source_address = (f"127.0.{PHASES.index(phase)}.{number + 2}", 0)
        fields = {
            "name": "Nia",
            "email": found.people[number],
            "profession": "camhs",
            "password1": PASSWORD,
        }
        line.wait()
        begun = time.monotonic()
        reply = browser.post("/account/signup/", fields)
        browser.close()
        return reply, time.monotonic() - begun

    with ThreadPoolExecutor(PEOPLE) as pool:
        for reply, seconds in pool.map(one, range(PEOPLE)):
            found.replies.append(reply)
            found.seconds.append(seconds)
    return found


class Reader(threading.Thread):
    """Somebody signed in who wants a page every READING seconds, until told to stop.

    `seconds` are from when a page was wanted until it was there: one that is late makes those
    after it late too, and they count.
    """

    def __init__(self, port: int, session: str) -> None:
        super().__init__(daemon=True)
        self.browser = Browser(port, session)
        self.stopping = threading.Event()
        self.seconds: list[float] = []
        self.errors = 0

    def run(self) -> None:
        wanted = time.monotonic()
        while not self.stopping.wait(max(0.0, wanted - time.monotonic())):
            reply = self.browser.get(PAGES[len(self.seconds) % len(PAGES)])
            self.errors += reply.is_error
            self.seconds.append(time.monotonic() - wanted)
            wanted += READING
        while wanted < (now := time.monotonic()):  # wanted, and never asked for
            self.seconds.append(now - wanted)
            wanted += READING

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else 0.0


@contextmanager
def reading(port: int, session: str) -> Iterator[Reader]:
    reader = Reader(port, session)
    reader.start()
    yield reader
    reader.stopping.set()
    reader.join()


def wait_for(is_so: Callable[[], bool], seconds: float) -> float:
    """Waits until it is so, at most this long; how long it took."""
    begun = time.monotonic()
    while not is_so() and time.monotonic() - begun < seconds:
        time.sleep(0.1)
    return time.monotonic() - begun


def judge_mails(name: str, mail: MailServer, people: list[str], report: Report) -> None:
    """Waits for a mail to each of them, and a little longer for one too many."""
    took = wait_for(lambda: all(mail.times(people)), PATIENCE)
    time.sleep(2)
    times = mail.times(people)
    figure = (
        f"{sum(map(bool, times))}, {sum(n > 1 for n in times)} twice, the last after {took:.0f} s"
    )
    report.holds(name, set(times) == {1}, figure)


def usual_seconds(server: Served, mail: MailServer) -> float:
    """The slowest of ten sign-ups at once while the mail server answers at once."""
    usual = sign_up(server.port, "usual")
    wait_for(lambda: all(mail.times(usual.people)), PATIENCE)
    return max(usual.seconds)


def measure(name: str, server: Served, world: World, mail: MailServer, report: Report) -> None:
    """All phases. Pages beside a slow mail server are compared with pages beside a quick one.

    Ten people sign up in both: hashing ten passwords takes its time, and is not what is drilled.
    """
    session = world.sessions[0]
    with reading(server.port, session) as quiet:
        time.sleep(QUIET)
    report.tell(f"{name}, p95 of pages before anybody signs up", f"{1000 * quiet.p95:.0f} ms")
    with reading(server.port, session) as quick:
        begun = time.monotonic()
        usual = usual_seconds(server, mail)
        time.sleep(max(0.0, SLOW - (time.monotonic() - begun)))
    with reading(server.port, session) as slow:
        measure_slow(name, server, mail, usual, SLOW, report)
    limit = max(2 * quick.p95, quick.p95 + NOISE)
    figure = f"{1000 * slow.p95:.0f} ms, {1000 * quick.p95:.0f} ms with a quick one, {slow.errors} errors"
    report.holds(f"{name}, {PACE}", slow.p95 <= limit and not slow.errors, figure)
    measure_down(name, server, mail, report)


def measure_slow(
    name: str, server: Served, mail: MailServer, usual: float, slow: float, report: Report
) -> None:
    """Ten sign up while the mail server takes `slow` seconds to answer; `usual` is from `usual_seconds`.

    To tell a page that waits for the mail from one that does not, `slow` must be over twice `usual`.
    """
    mail.delay = slow
    waiting = sign_up(server.port, "slow")
    report.holds(f"{name}, {ANSWERED}", waiting.answered == PEOPLE, waiting.shown)
    slowest = max(waiting.seconds)
    report.at_most(
        f"{name}, {USUAL}", slowest, 2 * usual, f"{slowest:.2f} s, usually {usual:.2f} s"
    )
    judge_mails(f"{name}, {ARRIVED}", mail, waiting.people, report)
    mail.delay = 0


def measure_down(name: str, server: Served, mail: MailServer, report: Report) -> None:
    """Ten sign up while connections to the mail server are refused; a few seconds later it is back."""
    mail.stop()
    down = sign_up(server.port, "down")
    report.holds(f"{name}, {DOWN}", down.answered == PEOPLE, down.shown)
    time.sleep(AWAY)
    mail.start()
    judge_mails(f"{name}, {BACK}", mail, down.people, report)
