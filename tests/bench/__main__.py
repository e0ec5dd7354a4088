"""`make bench`: one run, one line a figure, under five minutes. It measures and does not judge the build: misses exit 0.

It exits 1 only when the bench itself failed. Traffic goes to 127.0.0.1 alone.
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

from tests.bench.database import TABLE, Postgres
from tests.bench.report import OutOfTime, Report
from tests.bench.running import limit_time, own_folder

if TYPE_CHECKING:
    from tests.bench.world import World

LIMIT = 295  # seconds until what is left is given up
SETTINGS = "tests.bench.settings"
STEP = "lesson step of 15 KB, signed in"
SAVE, TAIL, HAND_IN = "saving one answer", "saving one answer, p95", "handing in a quiz of 10"
SQL = {"lesson step": 4, "course page": 5, "quiz page": 5, "handing in": 8, "cohort table": 6}
WEIGHT = [
    "first visit of a lesson step",
    "JavaScript of a lesson step",
    "next page, Continue pressed",
]
MOVING = ["moving scene, frames a second", "step with a moving scene weighs more by"]
PDF, PDF_MEMORY = "certificate PDF", "certificate PDF, peak memory of its process"
PUBLISHING = [
    "check_courses, all shipped",
    "publish_courses, all shipped",
    "publish_courses again, unchanged",
]
ANALYSIS = ["item analysis over 100,000 responses", "SQL queries, item analysis"]
MEMORY, START = "memory of two workers", "first page after make run, second time"
PROMISED = {
    STEP: "≥ 0.50 × A-auth",
    SAVE: "≥ 0.60 × A-ins",
    TAIL: "≤ 2 × p50",
    HAND_IN: "≥ 0.50 × A-ins",
    **{f"SQL queries, {page}": f"≤ {limit}, the same for both" for page, limit in SQL.items()},
    WEIGHT[0]: "≤ 50 KB, ≤ 6 requests",
    WEIGHT[1]: "≤ 15 KB",
    WEIGHT[2]: "≤ 8 KB, ≤ 2 requests",
    MOVING[0]: "≥ 55",
    MOVING[1]: "≤ 40 KB",
    PDF: "≤ 60 ms",
    PDF_MEMORY: "≤ 150 MB",
    ANALYSIS[0]: "≤ 2 s",
    ANALYSIS[1]: "≤ 3",
    PUBLISHING[0]: "≤ 5 s",
    PUBLISHING[1]: "≤ 10 s",
    PUBLISHING[2]: "≤ 3 s",
    MEMORY: "≤ 1.5 × the bare app",
    START: "≤ 5 s",
}


def make_world(postgres: Postgres) -> "World":
    """The database with everybody in it, and the static files as they are served."""
    os.environ["DATABASE_URL"] = postgres.product
    os.environ["DATABASE_TIMEOUT"] = "900"  # seconds: making millions of rows is one statement
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    from tests.bench.world import World

    return World()


def head(postgres: Postgres) -> None:
    now, load = datetime.now().astimezone(), os.getloadavg()
    print(f"{now:%Y-%m-%d %H:%M %Z}, {os.cpu_count()} cores, load before {load[0]:.1f}")
    print(
        f"Python {platform.python_version()}, Django {django.get_version()}, gunicorn 2 × 4 threads, ",
        end="",
    )
    print(f"PostgreSQL {postgres.version()} ({postgres.kind})")


def measure_all(report: Report, folder: Path, postgres: Postgres, world: "World") -> None:
    from tests.bench import analysis, certificate, memory, publishing, queries, starting
    from tests.bench.ratios import Ratios
    from tests.bench.served import Served

    with Served(folder, "product", SETTINGS, postgres.product) as server:
        made: list[Ratios] = []
        report.section([], lambda: made.append(Ratios(server, postgres.process(), world, report)))
        if made:
            report.section([STEP], lambda: made[0].lesson(STEP))
            report.section([SAVE, TAIL], lambda: made[0].saving(SAVE, TAIL))
            report.section([HAND_IN], lambda: made[0].handing_in(HAND_IN))
            report.section([], made[0].other_lessons)
            report.tell(
                "memory of these two workers, at the end of it", f"{server.memory():.0f} MB"
            )
        report.give_up([STEP, SAVE, TAIL, HAND_IN], "the server gave no page to begin with")
    report.section([f"SQL queries, {page}" for page in SQL], lambda: queries.measure(world, report))
    report.section(ANALYSIS, lambda: analysis.measure(*ANALYSIS, world, report))
    report.section([START], lambda: starting.measure(START, folder, report))
    report.section(WEIGHT, lambda: weigh(report, folder, postgres, world))
    report.section(MOVING, lambda: play(report, folder, postgres, world))
    report.section([PDF, PDF_MEMORY], lambda: certificate.measure(PDF, PDF_MEMORY, report))
    report.section(PUBLISHING, lambda: publishing.measure(PUBLISHING, folder, report))
    report.section([MEMORY], lambda: memory.measure(MEMORY, folder, postgres, world, report))


def weigh(report: Report, folder: Path, postgres: Postgres, world: "World") -> None:
    from courses.library.queries import content_of
    from tests.bench import weight
    from tests.bench.served import Served

    row = world.courses[world.shipped]
    lessons = content_of(row.edition_id).lessons
    paths = [
        [f"/courses/{row.key}/lessons/{lesson.key}/{step.key}/" for step in lesson.steps]
        for lesson in lessons
    ]
    everything = [path for steps in paths for path in steps]
    keys = [session for _, session in world.walkers]
    log = ["--access-logfile", str(folder / "weight.access"), *weight.LOG]
    with Served(folder, "weight", SETTINGS, postgres.product, *log) as server:
        weight.measure(WEIGHT, server, paths[0], everything, keys, report)


def play(report: Report, folder: Path, postgres: Postgres, world: "World") -> None:
    from tests.bench import moving
    from tests.bench.served import Served

    with Served(folder, "moving", SETTINGS, postgres.product) as server:
        moving.measure(MOVING, server, world, report)


def main() -> int:
    report = Report(PROMISED)
    limit_time(LIMIT)
    try:
        with ExitStack() as stack:
            folder = stack.enter_context(own_folder(SETTINGS))
            postgres = stack.enter_context(Postgres())
            head(postgres)
            world = make_world(postgres)
            people = len(world.finishers) + len(world.readers)
            print(
                f"{people} people, made in {report.seconds:.0f} s; shipped pages are those of {world.what}",
                flush=True,
            )
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
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
