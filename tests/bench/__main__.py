"""`make bench`: one run, one line a figure with its target. Exits 1 on a MISS, or where the bench itself failed.

Traffic goes to 127.0.0.1 alone.
"""

import os
import signal
import sys
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
QUERIES, MEMORY = "SQL queries of a lesson step, by Back too", "memory of two workers"
WEIGHTS = ["first visit of a lesson step", "its JavaScript", "next page, Continue pressed"]
PUBLISHING, PDF = "publish_courses, all shipped", "certificate PDF"
GROWING = "growing the whole pool of drawn cases"
START = "first page after make run, second time"
PROMISED = {
    STEP: "≥ 0.60 × A-auth",
    ACTIVITY: "≥ 0.60 × A-auth",
    SAVE: "≥ 0.65 × A-ins",
    HAND_IN: "≥ 0.55 × A-ins",
    QUERIES: "≤ 4",
    MEMORY: "≤ 1.6 × the bare app",
    WEIGHTS[0]: "≤ 50 KB, ≤ 6 requests",
    WEIGHTS[1]: "≤ 15 KB",
    WEIGHTS[2]: "≤ 8 KB, ≤ 2 requests",
    PUBLISHING: "≤ 10 s",
    GROWING: "≤ 20 s",
    PDF: "≤ 60 ms",
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
    from tests.bench import commands, memory, ratios, weight
    from tests.longruns.served import Served

    with Served(folder, "product", SETTINGS, postgres.product) as server:
        server.database = postgres.process()
        compare = ratios.Ratios(server, folder, world, report)
        report.section([STEP], lambda: compare.page(STEP, 0.60, ratios.STEP))
        report.section([ACTIVITY], lambda: compare.page(ACTIVITY, 0.60, ratios.CHECKED))
        report.section([SAVE], lambda: compare.saving(SAVE, 0.65))
        report.section([HAND_IN], lambda: compare.handing_in(HAND_IN, 0.55))
        report.section(WEIGHTS, lambda: weight.measure(WEIGHTS, server, world, report))
    report.section([QUERIES], lambda: count_queries(world, report))
    report.section([MEMORY], lambda: memory.measure(MEMORY, folder, postgres, world, report))
    report.section([START], lambda: commands.starting(START, folder, report))
    report.section([PDF], lambda: commands.certificate(PDF, report))
    report.section([PUBLISHING], lambda: commands.publishing(PUBLISHING, folder, report))
    report.section([GROWING], lambda: commands.growing(GROWING, report))


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
    report.at_most(QUERIES, len(captured), 4, f"{len(captured)}")


def main() -> int:
    report = Report(PROMISED)
    limit_time(LIMIT)
    try:
        with own_folder(SETTINGS) as folder, Postgres() as postgres:
            print(f"{datetime.now():%Y-%m-%d %H:%M}, {os.cpu_count()} cores", end=", ")
            print(f"load {os.getloadavg()[0]:.1f}, PostgreSQL {postgres.version()}", flush=True)
            world = make_world(postgres)
            measure_all(report, folder, postgres, world)
            django.db.connections.close_all()
    except OutOfTime as over:
        report.failures += 1
        report.give_up(list(PROMISED), str(over))
    signal.alarm(0)
    print(f"{len(report.printed)} figures, {report.misses} missed, in {report.seconds:.0f} s")
    return 1 if report.failures or report.misses else 0


if __name__ == "__main__":
    sys.exit(main())
