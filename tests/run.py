"""`make test`: every test, in four phases, each named with what it ran. Called as `python -m tests.run [pytest arguments]`.

Phases: 1 everything on SQLite but the browser; 2 the same on PostgreSQL; 3 the browser, against gunicorn; 4 what was NOT RUN.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import find_browser


def pytest(name: str, arguments: list[str], environment: dict[str, str]) -> tuple[int, list[str]]:
    """One phase in a process of its own: its exit code, and what failed.

    No test collected (pytest's 5) counts as a failure.
    """
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    report = Path(environment["VAR_DIR"], f"{len(name)}.xml")
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *arguments]
    code = subprocess.run(command, env=environment, check=False).returncode
    result = "passed" if code == 0 else f"FAILED ({code})"
    print(f"== {name}: {result} in {time.monotonic() - started:.0f} s", flush=True)
    return code, [f"{name}: {test}" for test in failed_tests(report)] if code else []


def failed_tests(report: Path) -> list[str]:
    """What failed by a phase's JUnit report, so that the last lines of a long log name it."""
    if not report.exists():
        return ["the phase ended before it wrote its report"]
    cases = ElementTree.parse(report).iter("testcase")
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def main(extra: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="notice-test-")
    environment = {**os.environ, "VAR_DIR": folder, "PYTHONWARNINGS": "default"}
    environment.pop("DEMO", None)
    Path(folder, "static").mkdir()
    # What a file makes once (a served site, a walk over all pages, a scene's film) is made in one process.
    common = ["-q", "-rfEs", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    quick = [*common, "-m", "not browser", *extra]
    chromium, why = find_browser()
    if not chromium:
        print(f"browser tests will NOT RUN: {why}", flush=True)
    phases = [pytest("unit, contracts and content, on SQLite", quick, environment)]
    phases.append(pytest("the same on PostgreSQL", ["-p", "tests.postgres", *quick], environment))
    if chromium:
        browser = {**environment, "CHROMIUM": chromium, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        phases.append(pytest("browser, in Chromium", [*common, "-m", "browser", *extra], browser))
    shutil.rmtree(folder, ignore_errors=True)
    codes = [code for code, _ in phases]
    for _, failed in phases:
        print("\n".join(failed), flush=True)
    if not chromium:
        print(f"\nbrowser tests NOT RUN: {why}")
        codes.append(1 if os.environ.get("CI") == "true" else 0)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
