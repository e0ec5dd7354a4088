"""`make test`: every test, each phase named with what it ran. Called as `python -m tests.run [pytest arguments]`.

Phases: everything on SQLite but the browser; on PostgreSQL what asks the database something; the
browser, against gunicorn; and what was NOT RUN. What takes too long for each change is marked
`nightly` and runs in `make nightly`.

The browser waits much and computes little, so SQLite runs beside it, and PostgreSQL after it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import find_browser

QUICK = "not browser and not nightly"


@dataclass(frozen=True)
class Phase:
    """A run of pytest in a process of its own; `key` names its files."""

    key: str
    name: str
    arguments: list[str]
    environment: dict[str, str]


@dataclass(frozen=True)
class Result:
    """How a phase ended; no test collected, pytest's code 5, is a failure too. `failed` names its tests."""

    code: int
    failed: list[str]


def run_phase(phase: Phase) -> Result:
    """Runs it to its end and then prints what it printed, so that phases side by side do not mix."""
    started = time.monotonic()
    folder = Path(phase.environment["VAR_DIR"])
    report, log = folder / f"{phase.key}.xml", folder / f"{phase.key}.log"
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *phase.arguments]
    with log.open("wb") as output:
        code = subprocess.run(
            command, env=phase.environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    seconds = time.monotonic() - started
    result = "passed" if code == 0 else f"FAILED ({code})"
    printed = log.read_text(encoding="utf-8", errors="replace").strip()
    print(f"\n== {phase.name}\n{printed}\n== {phase.name}: {result} in {seconds:.0f} s", flush=True)
    failed = [f"{phase.name}: {test}" for test in failed_tests(report)] if code else []
    return Result(code, failed)


def failed_tests(report: Path) -> list[str]:
    """What failed by a phase's JUnit report, so that the last lines of a long log name it."""
    if not report.exists():
        return ["the phase ended before it wrote its report"]
    failed = []
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname')}::{case.get('name')}")
    return failed


def phases_of(folder: str, extra: list[str], chromium: str) -> list[list[Phase]]:
    """The phases in two rows, which run side by side; within a row one follows the other."""
    environment = {**os.environ, "VAR_DIR": folder, "PYTHONWARNINGS": "default"}
    environment.pop("DEMO", None)
    # What a file makes once (a served site, a walk over all pages) is made in one process.
    common = ["-q", "-rfEs", "--dist", "loadfile", *extra]
    workers = str(min(4, os.cpu_count() or 1))
    quick = [*common, "-n", workers, "-m", QUICK]
    sqlite = Phase("sqlite", "unit, contracts and content, on SQLite", quick, environment)
    on_postgres = ["-p", "tests.postgres", *quick]
    postgres = Phase("postgres", "the same on PostgreSQL", on_postgres, environment)
    second_row = [postgres]
    if chromium:
        with_browser = {
            **environment,
            "CHROMIUM": chromium,
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        arguments = [*common, "-n", workers, "-m", "browser and not nightly"]
        second_row.insert(0, Phase("browser", "browser, in Chromium", arguments, with_browser))
    return [[sqlite], second_row]


def run_row(row: list[Phase]) -> list[Result]:
    return [run_phase(phase) for phase in row]


def main(extra: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="notice-test-")
    Path(folder, "static").mkdir()
    chromium, why = find_browser()
    if not chromium:
        print(f"browser tests will NOT RUN: {why}", flush=True)
    rows = phases_of(folder, extra, chromium)
    with ThreadPoolExecutor(len(rows)) as pool:
        results = [result for done in pool.map(run_row, rows) for result in done]
    shutil.rmtree(folder, ignore_errors=True)
    for result in results:
        for test in result.failed:
            print(test, flush=True)
    codes = [result.code for result in results]
    if not chromium:
        print(f"\nbrowser tests NOT RUN: {why}")
        codes.append(1 if os.environ.get("CI") == "true" else 0)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
