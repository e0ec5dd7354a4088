"""What two workers weigh after the same number of requests: the product, and a bare Django app with the anchors."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from tests.bench.asked import Same
from tests.bench.database import Postgres
from tests.bench.load import Client, Failed, Round, get, post
from tests.bench.ratios import STEP
from tests.bench.report import NotRun, Report
from tests.bench.served import BARE, ROOT, Served
from tests.bench.world import TEN, World

REQUESTS = 200  # to each worker
PATIENCE = 220  # seconds of the whole run after which only what has a target is measured
TURNS = 4  # half-second slices of each, for the speed
SETTINGS, BARE_SETTINGS = "tests.bench.settings", "tests.bench.bare"


def bare_session(postgres: Postgres) -> str:
    """Makes the bare app's tables and one signed-in person, in a process of its own; the session's key."""
    environment = {
        **os.environ,
        "DATABASE_URL": postgres.bare,
        "DJANGO_SETTINGS_MODULE": BARE_SETTINGS,
    }
    command = [sys.executable, "-m", "tests.bench.barely"]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    if run.returncode:
        raise NotRun(f"the bare app could not be set up: {run.stderr.strip()[-300:]}")
    return str(json.loads(run.stdout))


def pages_of(world: World, person: int) -> list[bytes]:
    """What people ask for, in turn: lesson, course, quiz, an item, home, their record, and the trainer's tables."""
    one = world.readers[person]
    mine = [
        STEP,
        f"/courses/{TEN}/",
        f"/courses/{TEN}/quiz/final/",
        f"/attempts/{one.attempt}/items/1/",
        "/",
        "/record/",
    ]
    tables = [f"/cohorts/{cohort.key}/{TEN}/" for cohort in world.cohorts.values()]
    asked = [get(path, f"sessionid={one.session}", gzip=True) for path in mine]
    return asked + [get(path, f"sessionid={world.tess_session}", gzip=True) for path in tables[:1]]


def anchors_of(session: str) -> list[bytes]:
    """The anchors, read and written in turn."""
    token = secrets.token_hex(16)
    body = f"csrfmiddlewaretoken={token}&text=noticed".encode()
    cookies = f"csrftoken={token}; sessionid={session}"
    note = post(
        "/anchor/insert/", cookies, body, "application/x-www-form-urlencoded", "application/json"
    )
    return [get("/anchor/auth/", cookies, gzip=True), note]


def weigh(server: Served, asked: list[bytes]) -> float:
    """The workers' memory in MB after REQUESTS to each of them, over all their threads' connections."""
    with Client(server) as client:
        for number in range(REQUESTS * len(server.workers())):
            line = client.lines[number % len(client.lines)]
            status, _, _ = line.ask(asked[number // len(client.lines) % len(asked)])
            if status != 200:
                raise Failed(f"request {number} answered {status}")
        return server.memory()


def speeds(product: Served, bare: Served, ours: bytes, theirs: bytes) -> str:
    """The anchor's page under the product's middleware and sign-in, against the same page of the bare app."""
    done = (Round(), Round())
    for turn in range(2 * TURNS):
        server, request = ((product, ours), (bare, theirs))[turn % 2]
        with Client(server) as client:
            done[turn % 2].add(client.round(Same(request), 0.5))
    mine, others = done
    said = f"{mine.rate / others.rate:.2f} × ({mine.rate:.0f}/s against {others.rate:.0f}/s; "
    return said + f"CPU {mine.cpu_ms:.2f} ms against {others.cpu_ms:.2f} ms)"


def measure(name: str, folder: Path, postgres: Postgres, world: World, report: Report) -> None:
    """Both at the same time, because what they share with other processes is split; then both loaded before forking."""
    session = bare_session(postgres)
    asked, anchors = pages_of(world, 2), anchors_of(session)
    found = []
    for options in ((), ("--preload",)):
        if options and report.seconds > PATIENCE:
            break
        with (
            Served(folder, "product-memory", SETTINGS, postgres.product, *options) as product,
            Served(folder, "bare", BARE_SETTINGS, postgres.bare, *options, app=BARE) as bare,
        ):
            weigh(bare, anchors)
            mine = weigh(product, asked)
            found.append(_compared(mine, bare.memory()))
            if not options:
                page = get("/anchor/auth/", f"sessionid={world.readers[2].session}")
                said = speeds(product, bare, page, get("/anchor/auth/", f"sessionid={session}"))
                report.at_most(name, mine / bare.memory(), 1.5, found[0])
    report.tell(
        "memory of two workers with --preload", found[1] if found[1:] else "left out, to save time"
    )
    report.tell("A-auth here against the bare app's, not compressed", said)


def _compared(mine: float, bare: float) -> str:
    return f"{mine / bare:.2f} × ({mine:.0f} MB against {bare:.0f} MB, the workers' PSS)"
