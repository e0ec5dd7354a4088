"""What `make test` leaves out because it takes long: tests marked `nightly`, and hypothesis with many examples.

`tests.examples` gives the number of examples: few for each change, many when NIGHTLY is set.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.chromium import find_browser
from tests.longruns.report import Report

MARKED = "tests marked nightly, on SQLite"
MARKED_ON_POSTGRES = "tests marked nightly, on PostgreSQL"
IN_BROWSER = "tests marked nightly, in Chromium"
MANY_EXAMPLES = "hypothesis with many examples"
MUTANTS = "mutants of the rules"


def promised() -> dict[str, str]:
    names = (MARKED, MARKED_ON_POSTGRES, IN_BROWSER, MANY_EXAMPLES)
    return {**dict.fromkeys(names, "all pass"), MUTANTS: "every one is caught"}


def measure(folder: Path, report: Report) -> None:
    judge(report, MARKED, folder, ["-m", "nightly and not browser"])
    on_postgres = ["-p", "tests.postgres", "-m", "nightly and not browser"]
    judge(report, MARKED_ON_POSTGRES, folder, on_postgres)
    chromium, why = find_browser()
    if chromium:
        environment = {"CHROMIUM": chromium, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        judge(report, IN_BROWSER, folder, ["-m", "nightly and browser"], environment)
    else:
        report.holds(IN_BROWSER, False, why)
    judge(report, MANY_EXAMPLES, folder, ["-m", "not browser and not nightly", *with_hypothesis()])
    done = run([sys.executable, "-m", "tests.mutation"], folder, {})
    report.holds(MUTANTS, done.returncode == 0, done.stdout.strip().splitlines()[-1])


def with_hypothesis() -> list[str]:
    """The test files that ask hypothesis for a number of examples."""
    files = sorted(Path("tests").glob("test_*.py"))
    return [str(path) for path in files if "examples(" in path.read_text(encoding="utf-8")]


def judge(
    report: Report,
    name: str,
    folder: Path,
    arguments: list[str],
    more: dict[str, str] | None = None,
) -> None:
    """Runs pytest; the figure is its last line."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "-n",
        "2",
        "--dist",
        "loadfile",
        *arguments,
    ]
    done = run(command, folder, more or {})
    if done.returncode:
        print(done.stdout[-4000:], flush=True)
    report.holds(name, done.returncode == 0, done.stdout.strip().splitlines()[-1])


def run(command: list[str], folder: Path, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    (folder / "static").mkdir(exist_ok=True)
    environment = {**os.environ, "VAR_DIR": str(folder), "NIGHTLY": "1", **more}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
