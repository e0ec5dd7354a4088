"""`make bench`: one run, one line a figure with its target. Exits 1 on a MISS, or where the bench itself failed.

Traffic goes to 127.0.0.1 alone.
"""

import os
import platform
import signal
import sys
import traceback
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.longruns.postgres_server import Postgres
from tests.longruns.report import OutOfTime, Report
from tests.longruns.running import limit_time, own_folder

if TYPE_CHECKING:
    from tests.bench.world import World

LIMIT = 600  # seconds until what is left is given up
SETTINGS = "tests.bench.settings"

STEP, ACTIVITY = "lesson step of 15 KB", "lesson step with an activity"
SAVE, HAND_IN = "saving one answer", "handing in a quiz of 10"
SQL = "SQL queries of a lesson step, by Back too"
FIRST, SCRIPTS = "first visit of a lesson step", "JavaScript of a lesson step"
NEXT = "next page, Continue pressed"
PDF = "certificate PDF"
MEMORY, START = "memory of two workers", "first page after make run, second time"
PROMISED = {
    STEP: "≥ 0.60 × A-auth",
    ACTIVITY: "≥ 0.60 × A-auth",
    SAVE: "≥ 0.65 × A-ins",
    HAND_IN: "≥ 0.55 × A-ins",
    SQL: "≤ 4",
    FIRST: "≤ 50 KB, ≤ 6 requests",
    SCRIPTS: "≤ 15 KB",
    NEXT: "≤ 8 KB, ≤ 2 requests",
    PDF: "≤ 60 ms",
    "check_courses, all shipped": "≤ 5 s",
    "publish_courses, all shipped": "≤ 10 s",
    "publish_courses again, unchanged": "≤ 3 s",
    MEMORY: "≤ 1.6 × the bare app",
    START: "≤ 5 s",
}


def make_world(postgres: Postgres) -> "World":
    """The database with everybody in it, and the static files as they are served."""
    os.environ["DATABASE_URL"] = postgres.product
    os.environ["DATABASE_TIMEOUT"] = "900"  # seconds: making many rows is one statement
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.models import Note
    from tests.bench.world import World

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.schema_editor() as editor:
        editor.create_model(Note)
    return World()


def measure_all(report: Report, folder: Path, postgres: Postgres, world: "World") -> None:
    from tests.bench import commands, memory, weight
    from tests.bench.ratios import CHECKED, Ratios
    from tests.bench.ratios import STEP as STEP_PATH
    from tests.longruns.served import Served

    with Served(folder, "product", SETTINGS, postgres.product) as server:
        server.database = postgres.process()
        ratios = Ratios(server, folder, world, report)
        report.section([STEP], lambda: ratios.page(STEP, 0.60, STEP_PATH))
        report.section([ACTIVITY], lambda: ratios.page(ACTIVITY, 0.60, CHECKED))
        report.section([SAVE], lambda: ratios.saving(SAVE, 0.65))
        report.section([HAND_IN], lambda: ratios.handing_in(HAND_IN, 0.55))
        names = [FIRST, SCRIPTS, NEXT]
        report.section(names, lambda: weight.measure(names, server, world, report))
    report.section([SQL], lambda: count_queries(world, report))
    report.section([START], lambda: commands.starting(START, folder, report))
    report.section([PDF], lambda: commands.certificate(PDF, report))
    names = list(commands.COMMANDS)
    report.section(names, lambda: commands.publishing(folder, report))
    weigh = [MEMORY, 1.6, folder, postgres, world, report]
    report.section([MEMORY], lambda: memory.measure(*weigh))


def count_queries(world: "World", report: Report) -> None:
    """A step with an activity, come to by Back from the step after it."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.ratios import CHECKED, STEP

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = world.readers[1].session
    client.get(STEP)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(CHECKED)
    assert response.status_code == 200, response.status_code
    report.at_most(SQL, len(captured), 4, f"{len(captured)}")


def print_head(postgres: Postgres) -> None:
    now, load = datetime.now().astimezone(), os.getloadavg()
    print(f"{now:%Y-%m-%d %H:%M %Z}, {os.cpu_count()} cores, load before {load[0]:.1f}")
    print(f"Python {platform.python_version()}, Django {django.get_version()}", end="")
    print(f", gunicorn 2 × 4 threads, PostgreSQL {postgres.version()} ({postgres.kind})")


def main() -> int:
    report = Report(PROMISED)
    limit_time(LIMIT)
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(own_folder(SETTINGS))
            postgres = stack.enter_context(Postgres())
            print_head(postgres)
            world = make_world(postgres)
            people = len(world.finishers) + len(world.readers)
            print(f"{people} people, made in {report.seconds:.0f} s", flush=True)
            measure_all(report, folder, postgres, world)
            from django.db import connections

            connections.close_all()
    except OutOfTime as over:
        report.failures += 1
        report.give_up(list(PROMISED), str(over))
    except Exception as error:
        report.failures += 1
        traceback.print_exc()
        report.give_up(list(PROMISED), f"the bench failed: {type(error).__name__}: {error}")
    report.give_up(list(PROMISED), "the run ended before it")
    signal.alarm(0)
    missed = f"{report.misses} missed" if report.misses else "none missed"
    print(f"{len(report.printed)} figures, {missed}, in {report.seconds:.0f} s")
    return 1 if report.failures or report.misses else 0


if __name__ == "__main__":
    sys.exit(main())
