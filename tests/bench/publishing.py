"""The commands an author waits for, each in a process of its own: checking the shipped courses, publishing them, again."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.report import NotRun, Report
from tests.bench.served import ROOT
from tests.bench.starting import NOT_OURS

LIMITS = {
    "check_courses": 5.0,
    "publish_courses": 10.0,
    "publish_courses, unchanged": 3.0,
}  # seconds
PATIENCE = 60


def run(command: str, folder: Path) -> tuple[float, float, str]:
    """Seconds the command took, of them CPU, and what it printed last."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
        "VAR_DIR": str(folder)
    }
    before, begun = os.times(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    taken, after = time.monotonic() - begun, os.times()
    if done.returncode:
        raise NotRun(f"{command} failed: {(done.stdout + done.stderr)[-300:]}")
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return taken, cpu, (done.stdout.splitlines() or [""])[-1]


def measure(names: list[str], folder: Path, report: Report) -> None:
    home = folder / "publishing"
    home.mkdir()
    run("migrate --verbosity 0", home)
    for name, (command, limit) in zip(names, LIMITS.items(), strict=True):
        taken, cpu, said = run(command.partition(",")[0], home)
        report.at_most(name, taken, limit, f"{taken:.1f} s, with {cpu:.1f} s of CPU ({said})")
