"""`make drills`: long proofs on both databases, one line a figure. Exits 1 on a MISS, or where a drill itself failed.

`make drills ARGS="race leak"` runs those alone. Traffic goes to 127.0.0.1 alone; what is started here ends here.
"""

import argparse
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.drills import kill, leak, mail, race, room, trace
from tests.drills.killers import DatabaseKiller, killing_server
from tests.drills.world import SETTINGS, make_house, make_room, make_world
from tests.longruns.postgres_server import Postgres
from tests.longruns.report import OutOfTime, Report
from tests.longruns.running import limit_time, own_folder
from tests.longruns.served import Served

LIMIT = 60 * 60  # seconds until what is left is given up
ROUNDS = 200
KILLS, ANSWERS = 100, 25_000  # on each of two databases
CRASHES, CRASH_ANSWERS = 20, 2_000
TRACED = 200
NAMES = ("race", "kill", "crash", "trace", "leak", "room", "mail")
SEED = 20260302  # what is killed when is the same in each run, as far as the machine allows


@dataclass(frozen=True)
class Drill:
    """One drill on one database: the figures it promises, and what prints them."""

    kind: str
    name: str
    promised: dict[str, str]
    run: Callable[[str, Path, Report], None]


def drills() -> list[Drill]:
    """All of them, in the order they run."""
    found = []
    for database in ("sqlite", "postgres"):
        shown = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[database]
        name = f"race on {shown}"
        found.append(Drill("race", name, race.promised(name, ROUNDS), _on(database, run_race)))
        name = f"kill on {shown}"
        found.append(
            Drill("kill", name, kill.promised(name, KILLS, ANSWERS), _on(database, run_kill))
        )
        name = f"room on {shown}"
        found.append(Drill("room", name, room.promised(name, room.PEOPLE), _on(database, run_room)))
        name = f"mail on {shown}"
        found.append(Drill("mail", name, mail.promised(name), _on(database, run_mail)))
    name = "crash of PostgreSQL"
    promised = kill.promised(name, CRASHES, CRASH_ANSWERS) | {
        f"{name}, recoveries": f"= {CRASHES}, synced"
    }
    found.append(Drill("crash", name, promised, run_crash))
    found.append(
        Drill(
            "trace",
            "trace on SQLite",
            trace.promised("trace on SQLite", TRACED),
            _on("sqlite", run_trace),
        )
    )
    found.append(Drill("leak", "leak", leak.promised("leak"), _on("sqlite", run_leak)))
    return found


@contextmanager
def database_of(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    with Postgres() as postgres:
        yield postgres.product


def _on(
    kind: str, run: Callable[[str, Path, str, Report], None]
) -> Callable[[str, Path, Report], None]:
    def on(name: str, folder: Path, report: Report) -> None:
        with database_of(kind, folder) as url:
            run(name, folder, url, report)

    return on


def run_race(name: str, folder: Path, url: str, report: Report) -> None:
    world = make_world(url, ROUNDS)
    with Served(folder, "race", SETTINGS, url) as server:
        race.measure(name, server, world, ROUNDS, report)


def run_kill(name: str, folder: Path, url: str, report: Report) -> None:
    world = make_world(url, kill.LEARNERS)
    with Served(folder, "kill", SETTINGS, url) as server, killing_server(server, SEED) as killer:
        kill.measure(name, server, world, killer, KILLS, ANSWERS, report)
        report.tell(f"{name}, of the kills", f"{killer.masters} were of the master")


def run_crash(name: str, folder: Path, report: Report) -> None:
    with Postgres(own=True) as postgres:
        world = make_world(postgres.product, kill.LEARNERS)
        killer = DatabaseKiller(postgres, random.Random(SEED))
        with Served(folder, "crash", SETTINGS, postgres.product) as server:
            kill.measure(name, server, world, killer, CRASHES, CRASH_ANSWERS, report)
        is_right, figure = killer.recovered(CRASHES)
        report.holds(f"{name}, recoveries", is_right, figure)


def run_trace(name: str, folder: Path, url: str, report: Report) -> None:
    trace.measure(name, folder, make_world(url, 1), TRACED, report)


def run_leak(name: str, folder: Path, url: str, report: Report) -> None:
    leak.measure(name, folder, make_house(url), report)


def run_room(name: str, folder: Path, url: str, report: Report) -> None:
    made = make_room(url, room.PEOPLE)
    with Served(folder, "room", SETTINGS, url) as server:
        room.measure(name, server, made, folder / "var" / "mail", report)


def run_mail(name: str, folder: Path, url: str, report: Report) -> None:
    world = make_world(url, 1)
    with mail.mail_server() as sink, mail.served(folder, SETTINGS, url, sink) as server:
        mail.measure(name, server, world, sink, report)


def run_one(drill: Drill, report: Report) -> None:
    """In a folder of its own, so that no drill finds what another has left."""

    def measure() -> None:
        with own_folder(SETTINGS) as folder:
            drill.run(drill.name, folder, report)

    begun = report.seconds
    report.section(list(drill.promised), measure)
    report.tell(f"{drill.name}, took", f"{report.seconds - begun:.0f} s")


def main(wanted: list[str]) -> int:
    chosen = [drill for drill in drills() if drill.kind in wanted]
    report = Report({name: target for drill in chosen for name, target in drill.promised.items()})
    now, load = datetime.now().astimezone(), os.getloadavg()
    print(
        f"{now:%Y-%m-%d %H:%M %Z}, {os.cpu_count()} cores, load before {load[0]:.1f}, gunicorn 2 × 4 threads",
        flush=True,
    )
    limit_time(LIMIT)
    try:
        for drill in chosen:
            run_one(drill, report)
    except OutOfTime as over:
        report.failures += 1
        report.give_up(list(report.promised), str(over))
    except Exception as error:
        report.failures += 1
        traceback.print_exc()
        report.give_up(list(report.promised), f"the drill failed: {type(error).__name__}: {error}")
    signal.alarm(0)
    report.give_up(list(report.promised), "the run ended before it")
    missed = f"{report.misses} missed" if report.misses else "none missed"
    print(f"{len(report.printed)} figures, {missed}, in {report.seconds:.0f} s")
    return 1 if report.misses or report.failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument(
        "drills", nargs="*", metavar="drill", help=f"any of {', '.join(NAMES)}; all without one"
    )
    wanted = parser.parse_args().drills
    if unknown := set(wanted) - set(NAMES):
        parser.error(
            f"there is no drill {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}"
        )
    sys.exit(main(wanted or list(NAMES)))
