"""One stretch of load by locust: how many right answers, how long they took, and what they cost in CPU.

What is asked lives in `locustfile`; who is asked for in `ratios`.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.longruns.report import NotRun
from tests.longruns.served import ROOT, Served

USERS = 8
SECONDS = 3  # of load in a round
LOCUST = ["-m", "locust", "-f", "tests/bench/locustfile.py", "--headless", "--json"]


@dataclass
class Round:
    """One round, or several added up. `workers` and `database` are seconds of CPU that the server's processes used."""

    done: int = 0
    seconds: float = 0.0
    workers: float = 0.0
    database: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.done / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of CPU for one answer, of workers and database together."""
        return 1000 * (self.workers + self.database) / self.done

    def add(self, other: "Round") -> None:
        self.done += other.done
        self.seconds += other.seconds
        self.workers += other.workers
        self.database += other.database


def run(server: Served, folder: Path, work: dict[str, Any], seconds: int = SECONDS) -> Round:
    """One round of this work: see `locustfile` for what it holds.

    The CPU of the server is what counts, so it does not matter that locust takes its share of the
    machine, nor that starting it takes a moment.

    Raises:
        NotRun: locust failed, or an answer was not right.
    """
    file = folder / "work.json"
    file.write_text(json.dumps(work))
    size = ["-u", str(USERS), "-r", str(USERS), "-t", f"{seconds}s", "--host", server.url]
    workers, database = server.cpu_seconds(), server.database_seconds()
    ended = subprocess.run(
        [sys.executable, *LOCUST, *size],
        cwd=ROOT,
        env={**os.environ, "BENCH_WORK": str(file)},
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=False,
    )
    workers, database = server.cpu_seconds() - workers, server.database_seconds() - database
    if ended.returncode:
        raise NotRun(f"locust ended with {ended.returncode}: {ended.stderr[-300:]}")
    (stats,) = json.loads(ended.stdout)
    if stats["num_failures"]:
        raise NotRun(f"{stats['num_failures']} of {stats['num_requests']} answers were wrong")
    took = stats["last_request_timestamp"] - stats["start_time"]
    return Round(stats["num_requests"], took, workers, database)
