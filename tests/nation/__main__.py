"""`make bench-nation`: what pages of trainers and managers cost in a nation of learners, on PostgreSQL.

`--size 1` is the whole nation, 1,000,000 learners; the default is a hundredth. Exits 1 on a MISS, or
where the bench itself failed. Nothing is sent over a network.
"""

import argparse
import os
import signal
import sys
from datetime import datetime

import django

from tests.longruns.postgres_server import Postgres
from tests.longruns.report import OutOfTime, Report
from tests.longruns.running import limit_time, own_folder

SETTINGS = "tests.bench.settings"
LIMIT = 900  # seconds at a hundredth of the size; ten times as long for the whole
NATION = 1_000_000


def size_of_arguments() -> float:
    parser = argparse.ArgumentParser(prog="make bench-nation", description=__doc__)
    parser.add_argument("--size", type=float, default=0.01, help="from 0.001 to 1")
    size: float = parser.parse_args().size
    if not 0.001 <= size <= 1:
        parser.error("--size is from 0.001 to 1")
    return size


def main() -> int:
    size = size_of_arguments()
    from tests.nation.figures import PROMISED

    report = Report(PROMISED)
    limit_time(LIMIT if size <= 0.01 else 10 * LIMIT)
    try:
        with own_folder(SETTINGS), Postgres(own=True) as postgres:
            print(f"{datetime.now():%Y-%m-%d %H:%M}, {os.cpu_count()} cores", end=", ")
            print(f"load {os.getloadavg()[0]:.1f}, PostgreSQL {postgres.version()}", flush=True)
            os.environ["DATABASE_URL"] = postgres.product
            os.environ["DATABASE_TIMEOUT"] = "7200"  # seconds: one statement makes many rows
            django.setup()
            from tests.nation.figures import measure_all

            measure_all(report, round(NATION * size))
            django.db.connections.close_all()
    except OutOfTime as over:
        report.failures += 1
        report.give_up(list(PROMISED), str(over))
    signal.alarm(0)
    print(f"{len(report.printed)} figures, {report.misses} missed, in {report.seconds:.0f} s")
    return 1 if report.failures or report.misses else 0


if __name__ == "__main__":
    sys.exit(main())
