"""A PostgreSQL that stops answering: pages are a plain 503 within the time-outs, and no save is acknowledged.

Only a server this file started is stopped, by its processes' numbers, and it goes on at the end whatever happens.
"""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.drills.client import Browser, Change, Outcome
from tests.drills.rows import items_of
from tests.drills.world import SETTINGS, World, make_world
from tests.longruns.machine import children_of, uninterrupted
from tests.longruns.postgres_server import Postgres
from tests.longruns.served import Served

TIMEOUT = 2  # seconds for a statement; the page gives up three seconds later
AT_MOST = 15  # seconds for a page: 5 to see that a kept connection is dead, 5 to find that no new one opens, and some
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(not POSTGRES, reason="SQLite has no process that could stop"),
]


@contextmanager
def frozen(postgres: Postgres) -> Iterator[None]:
    """The server and all its processes stand still meanwhile."""
    (server,) = postgres.process()
    pids = [server, *children_of(server)]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        with uninterrupted():
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with Postgres(own=True) as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the world and the server keep the key that signs their sessions."""
    made = tmp_path_factory.mktemp("frozen")
    (made / "static").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAR_DIR", str(made))
        yield made


@pytest.fixture(scope="module")
def world(folder: Path, postgres: Postgres) -> World:
    return make_world(postgres.product, 1)


@pytest.fixture
def server(folder: Path, world: World, monkeypatch) -> Iterator[Served]:
    monkeypatch.setenv("DATABASE_TIMEOUT", str(TIMEOUT))
    monkeypatch.setenv("LOG_FORMAT", "json")
    with Served(folder, "frozen", SETTINGS, world.database) as running:
        yield running


def test_it_works(server, world, postgres):
    """Before, while and after: a page, a save, and what load balancers ask."""
    browser = Browser(server.port, world.sessions[0])
    attempt = browser.begin(world.course, world.quiz).attempt
    item = items_of(world.database, attempt)[0]
    first, second = world.answers[item][:2]
    assert browser.save(attempt, 1, Change(item, first, 1)).outcome == Outcome.ACKNOWLEDGED
    change = Change(item, second, 2)

    with frozen(postgres):
        started = time.monotonic()
        page = browser.get("/")
        seconds = time.monotonic() - started
        save = browser.save(attempt, 1, change)
        live, ready = browser.get("/health/live"), browser.get("/health/ready")

    assert (page.status, seconds < AT_MOST) == (503, True), seconds
    assert page.has("cannot reach our records just now")
    assert (save.status, save.outcome) == (503, Outcome.UNKNOWN)
    assert "saved" not in json.loads(save.body)
    assert (live.status, ready.status) == (200, 503)

    assert browser.get("/").status == 200
    assert (
        browser.save(attempt, 1, change).outcome == Outcome.ACKNOWLEDGED
    )  # the same event, sent again
    lines = [
        json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")
    ]
    assert {line["route"] for line in lines if line.get("status") == 503} >= {
        "home",
        "courses:save-response",
    }


def test_a_statement_that_takes_too_long_is_ended_by_the_server_itself(world):
    """So a query of a page that was given up does not go on working."""
    import psycopg

    from elearn.environment import database

    options = database(world.database, Path(), 1)["OPTIONS"]
    connection = psycopg.connect(world.database, options=options["options"])
    with connection, pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(5)")
