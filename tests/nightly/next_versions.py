"""The whole suite on the next Python and the next Django: the versions the product will move to.

The lock file names Django 6 for Python 3.12 and newer, so an environment of such a Python has both.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.installing import make_environment
from tests.kept.release import ROOT
from tests.longruns.report import NotRun, Report

PYTHONS = ("python3.14", "python3.13", "python3.12")
SUITE = "make test on the next Python and Django"
VERSIONS = (
    "import sys, django; print(f'Python {sys.version.split()[0]}, Django {django.__version__}')"
)


def promised() -> dict[str, str]:
    return {SUITE: "every phase passes"}


def measure(folder: Path, report: Report) -> None:
    """Raises NotRun where this machine has no newer Python; NEXT_PYTHON names one elsewhere."""
    newer = find_python()
    python = make_environment(ROOT / "requirements-dev.txt", folder / "venv", newer)
    versions = subprocess.check_output([python, "-c", VERSIONS], text=True).strip()
    log = folder / "suite.log"
    with log.open("w") as output:
        command = [python, "-m", "tests.run"]
        done = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        print("\n".join(log.read_text().splitlines()[-40:]), flush=True)
    result = "passes" if done.returncode == 0 else f"fails with {done.returncode}"
    report.holds(SUITE, done.returncode == 0, f"{versions}: {result}")


def find_python() -> str:
    """A newer Python that starts; a name on PATH may stand for one that is not installed."""
    for name in (os.environ.get("NEXT_PYTHON", ""), *PYTHONS):
        path = shutil.which(name) if name else None
        if (
            path
            and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
        ):
            return path
    raise NotRun(f"needs one of {', '.join(PYTHONS)}, or NEXT_PYTHON naming one")
