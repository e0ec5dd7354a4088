"""The last release's code on the newest schema and edition, as while one replaces the other.

Steps: 1 its code from its commit, its libraries from its own lock file; 2 the newest code migrates
an empty database, publishes a course and makes the cast; 3 the old code serves that, and people
sign up, sign in, join, learn, answer, hand in and get their certificate there.
"""

import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.drills.client import Browser, Change, Outcome
from tests.drills.rows import items_of
from tests.drills.world import FOR_LAST_RELEASE, House, make_house
from tests.installing import make_environment
from tests.kept.release import LAST_RELEASE, code_of, environment_of, run_in
from tests.longruns.postgres_server import Postgres
from tests.longruns.report import Report
from tests.longruns.served import status_of

KINDS = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
TARGETS = {
    "starts": "200 of /health/",
    "signs somebody up": "302",
    "signs in by password": "302, with a session",
    "pages": "all 200",
    "joins and enrols": "all 302",
    "steps finished": "all 302",
    "answers saved": "all acknowledged",
    "handed in": "302, passed",
    "certificate": "verified, with its PDF",
    "errors of the server": "0",
}
PAGES = [
    "home",
    "courses:catalogue",
    "courses:course",
    "courses:lesson",
    "courses:step",
    "courses:quiz",
]
PAGES += ["courses:record", "courses:details", "courses:seen-by-trainer"]
LAST_STEPS = ["first-things/writing", "last-things/leaving"]
PASSWORD = "the-quiet-baby"  # of the cast, as in tests.conftest, which needs Django
PATIENCE = 60  # seconds until it answers


def promised() -> dict[str, str]:
    return {figure(kind, what): target for kind in KINDS for what, target in TARGETS.items()}


def figure(kind: str, what: str) -> str:
    return f"{LAST_RELEASE} on {KINDS[kind]}, {what}"


@dataclass(frozen=True)
class Release:
    """An older release, ready to run."""

    code: Path
    python: Path


def measure(folder: Path, report: Report) -> None:
    """Raises NotRun where the commit is not in this clone."""
    code = code_of(LAST_RELEASE, folder / "code")
    release = Release(code, make_environment(code / "requirements.txt", folder / "venv"))
    with database_of("sqlite", folder) as database:
        serve_and_walk(release, "sqlite", database, folder, report)
    with database_of("postgres", folder) as database:
        serve_and_walk(release, "postgres", database, folder, report)


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/new.sqlite3"
        return
    with Postgres() as server:
        yield server.product


def serve_and_walk(
    release: Release,
    kind: str,
    database: str,
    folder: Path,
    report: Report,
) -> None:
    house = make_house(database, FOR_LAST_RELEASE)  # by the newest code
    own = folder / kind
    (own / "static").mkdir(parents=True)
    with served(release, database, own) as port:
        status = status_of(port, "/health/")
        report.holds(figure(kind, "starts"), status == 200, str(status))
        if status == 200:
            Walk(kind, house, port, report).all()
    asked = (own / "access.log").read_text().splitlines()  # the status and path of each request
    failed = [line for line in asked if line.startswith("5")]
    report.holds(
        figure(kind, "errors of the server"),
        not failed,
        f"{len(failed)} {' '.join(failed[:3])}".strip(),
    )


@contextmanager
def served(release: Release, database: str, folder: Path) -> Iterator[int]:
    """The port the release serves on, once it answers or has ended; it is ended afterwards."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as held:
        port = held.getsockname()[1]
        settings = {
            "VAR_DIR": str(folder),
            "DATABASE_URL": database,
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
        run_in(
            release.code,
            release.python,
            ["manage.py", "collectstatic", "--noinput", "-v", "0"],
            settings,
        )
        options = ["--bind", f"fd://{held.fileno()}", "--no-control-socket", "--threads", "4"]
        options += [
            "--access-logfile",
            str(folder / "access.log"),
            "--access-logformat",
            "%(s)s %(U)s",
        ]
        command = [str(release.python), "-m", "gunicorn", *options, "elearn.wsgi"]
        with (folder / "server.log").open("w") as log:
            environment = environment_of(release.code, settings)
            server = subprocess.Popen(
                command,
                cwd=release.code,
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=[held.fileno()],
            )
        try:
            wait_for(server, port)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until and status_of(port, "/health/") != 200:
        time.sleep(0.2)


class Walk:
    """What people do there. Each method prints one figure."""

    def __init__(self, kind: str, house: House, port: int, report: Report) -> None:
        self.kind, self.house, self.port, self.report = kind, house, port, report
        self.ana = Browser(port, "")

    def all(self) -> None:
        self.sign_up()
        self.sign_in()
        self.look()
        self.join_and_enrol()
        self.finish_steps()
        self.take_the_quiz()
        self.certify()

    def holds(self, what: str, is_so: bool, found: object) -> None:
        self.report.holds(figure(self.kind, what), is_so, str(found)[:300])

    def sign_up(self) -> None:
        """Somebody new: rows written by a release that knows no newer column."""
        email = f"{secrets.token_hex(4)}@example.org"
        form = {"name": "Somebody", "email": email, "profession": "gp", "password1": PASSWORD}
        reply = Browser(self.port, "").post("/account/signup/", form)
        self.holds("signs somebody up", reply.status == 302, reply.status)

    def sign_in(self) -> None:
        form = {"login": "ana@example.org", "password": PASSWORD}
        reply = Browser(self.port, "").post("/account/login/", form)
        session = re.search(r"sessionid=(\w+)", reply.head)
        self.ana = Browser(self.port, session[1] if session else self.house.sessions["ana"])
        is_in = reply.status == 302 and session is not None
        self.holds("signs in by password", is_in, reply.status)

    def look(self) -> None:
        found = {}
        for name in PAGES:
            reply = self.ana.get(self.house.routes[name])
            if reply.location.startswith("/courses/"):  # a lesson leads to its step
                reply = self.ana.get(reply.location)
            found[name] = reply.status
        wrong = {name: status for name, status in found.items() if status != 200}
        self.holds("pages", not wrong, wrong or f"{len(found)} of {len(found)}")

    def join_and_enrol(self) -> None:
        """Ben, who is in no cohort and on no course."""
        ben = Browser(self.port, self.house.sessions["ben"])
        addresses = [self.house.routes[name] for name in ("courses:join-cohort", "courses:enrol")]
        addresses.append(self.house.routes["courses:begin-lesson"])
        found = [ben.post(address, {}).status for address in addresses]
        self.holds("joins and enrols", set(found) == {302}, found)

    def finish_steps(self) -> None:
        """The last step of each lesson; Ana has reached all."""
        at = f"/courses/{self.house.course}/lessons"
        found = [self.ana.post(f"{at}/{step}/finish/", {}).status for step in LAST_STEPS]
        self.holds("steps finished", set(found) == {302}, found)

    def take_the_quiz(self) -> None:
        """Every item answered right, by the script of the page."""
        attempt = self.ana.begin(self.house.course, self.house.quiz).attempt
        keys = items_of(self.house.database, attempt) if attempt else []
        outcomes = []
        for number, key in enumerate(keys, 1):
            right = next(given for given in self.house.answers[key] if given.is_right)
            outcomes.append(self.ana.save(attempt, number, Change(key, right, 1)).outcome)
        saved = outcomes.count(Outcome.ACKNOWLEDGED)
        self.holds("answers saved", bool(keys) and saved == len(keys), f"{saved} of {len(keys)}")
        handed_in = self.ana.post(f"{attempt}submit/", {})
        result = self.ana.get(f"{attempt}result/")
        is_right = handed_in.status == 302 and result.status == 200 and result.has("Passed: ")
        self.holds("handed in", is_right, f"{handed_in.status}, {result.status}")

    def certify(self) -> None:
        address = self.house.routes["courses:claim-certificate"]
        claimed = self.ana.post(address, {"name": "Ana Jones"})
        code = claimed.location.strip("/").split("/")[-1]
        printed = self.ana.get(f"/certificates/{code}/pdf/")
        verified = Browser(self.port, "").get(f"/verify/{code}/")
        is_right = printed.body.startswith(b"%PDF") and verified.has("Ana Jones")
        statuses = [reply.status for reply in (claimed, printed, verified)]
        self.holds("certificate", is_right, statuses)
