"""The drills in short, on the database the tests run on: through gunicorn, with real kills. `make drills` is the long run.

The whole file is one run in one process, since its parts share a server; none of it touches the tests' own database.
"""

import os
import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drills import kill, mail, race, room, trace
from tests.drills.killers import DatabaseKiller, killing_server
from tests.drills.trace import Seen
from tests.drills.world import SETTINGS, World, make_room, make_world
from tests.longruns.postgres_server import Postgres
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

ROUNDS, KILLS, ANSWERS, CRASHES, TRACED = 10, 20, 600, 2, 20
IN_ROOM = 24  # more than the limits of one address once let in
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("drills")
    (made / "static").mkdir()
    before = os.environ.get("VAR_DIR")
    os.environ["VAR_DIR"] = str(made)
    yield made
    if before is None:
        del os.environ["VAR_DIR"]
    else:
        os.environ["VAR_DIR"] = before


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[World]:
    if not POSTGRES:
        yield make_world(f"sqlite:///{folder}/drills.sqlite3", ROUNDS + 1 + kill.LEARNERS)
        return
    with Postgres() as postgres:
        yield make_world(postgres.product, ROUNDS + 1 + kill.LEARNERS)


@pytest.fixture
def server(folder: Path, world: World) -> Iterator[Served]:
    with Served(folder, "drill", SETTINGS, world.database) as running:
        yield running


def judged(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure that was promised came, and none missed."""
    missing = set(report.promised) - report.printed
    assert not report.misses and not missing, f"{capsys.readouterr().out}\nnever came: {missing}"


def test_sixteen_at_once_are_told_the_truth(server, world, capsys):
    report = Report(race.promised("race", ROUNDS))
    race.measure("race", server, world, ROUNDS, report)
    judged(report, capsys)


def test_kills_lose_and_double_nothing(server, world, capsys):
    report = Report(kill.promised("kill", KILLS, ANSWERS))
    with killing_server(server, seed=1) as killer:
        kill.measure("kill", server, world, killer, KILLS, ANSWERS, report)
    judged(report, capsys)


def test_a_room_behind_one_address_gets_in(folder, capsys):
    report = Report(room.promised("room", IN_ROOM))
    url = f"sqlite:///{folder}/room.sqlite3"
    with Postgres() if POSTGRES else nullcontext() as postgres:
        made = make_room(postgres.product if postgres else url, IN_ROOM)
        with Served(folder, "room", SETTINGS, made.database) as running:
            room.measure("room", running, made, folder / "mail", report)
    judged(report, capsys)


def test_a_slow_mail_server_delays_no_answer_and_loses_no_mail(folder, world, capsys):
    report = Report(mail.promised("mail", mail.ANSWERED, mail.USUAL, mail.ARRIVED))
    with mail.mail_server() as sink, mail.served(folder, SETTINGS, world.database, sink) as running:
        usual = mail.usual_seconds(running, sink)
        mail.measure_slow("mail", running, sink, usual, 2 * usual + 3, report)
    judged(report, capsys)


@pytest.mark.skipif(not POSTGRES, reason="SQLite has no process of its own")
def test_a_database_that_is_killed_comes_back_with_all_that_was_acknowledged(folder, capsys):
    report = Report(kill.promised("crash", CRASHES, ANSWERS // 4))
    with Postgres(own=True) as postgres:
        own, killer = (
            make_world(postgres.product, kill.LEARNERS),
            DatabaseKiller(postgres, random.Random(1)),
        )
        with Served(folder, "crash", SETTINGS, postgres.product) as running:
            kill.measure("crash", running, own, killer, CRASHES, ANSWERS // 4, report)
        judged(report, capsys)
        assert killer.recovered(CRASHES)[0]


@pytest.mark.skipif(POSTGRES, reason="what syncs on PostgreSQL is its own process")
def test_an_answer_is_synced_before_a_byte_of_saved_leaves(folder, world, capsys):
    report = Report(trace.promised("trace", TRACED))
    alone = replace(
        world, sessions=world.sessions[ROUNDS:]
    )  # the first of them has begun nothing yet
    try:
        trace.measure("trace", folder, alone, TRACED, report)
    except NotRun as why:
        pytest.skip(f"NOT RUN: {why}")
    judged(report, capsys)


GOOD = """\
7 pwrite64(9</x/db.sqlite3-wal>, "..."..., 4096, 0) = 4096
7 fdatasync(9</x/db.sqlite3-wal>) = 0
7 sendto(4<socket:[1]>, "HTTP/1.1 200 OK\\r\\n"..., 300, 0, NULL, 0) = 300
7 sendto(4<socket:[1]>, "{\\"saved\\": \\"14:02\\"}", 18, 0, NULL, 0) = 18
"""
LINES = GOOD.splitlines()


@pytest.mark.parametrize(
    ("lines", "synced"),
    [
        (LINES, 1),
        ([LINES[0], LINES[2], LINES[1], LINES[3]], 0),  # the head left first
        ([LINES[0], *LINES[2:]], 0),  # never synced
        (LINES[1:], 0),  # nothing was written
        ([LINES[0], LINES[1].replace("= 0", "= -1 EIO (Input/output error)"), *LINES[2:]], 0),
        (
            [
                LINES[0],
                LINES[1].replace(") = 0", " <unfinished ...>"),
                *LINES[2:],
                "7 <... fdatasync resumed>) = 0",
            ],
            0,
        ),
        (
            [
                LINES[0],
                LINES[1].replace(") = 0", " <unfinished ...>"),
                "7 <... fdatasync resumed>) = 0",
                *LINES[2:],
            ],
            1,
        ),
        ([LINES[0], LINES[1].replace("7 ", "8 ", 1), *LINES[2:]], 0),  # another thread's sync
        ([*LINES[:2], LINES[0], *LINES[2:]], 0),  # written again after the sync
    ],
)
def test_a_trace_is_read_as_it_stands(lines, synced):
    seen = Seen.of(lines)
    assert (seen.receipts, seen.synced) == (1, synced)
