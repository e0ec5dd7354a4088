"""What is waited for outside a request: publishing, starting, and the PDF of a certificate, each in its own process.

`python -m tests.bench.commands` makes certificates and prints how long they took.
"""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tests.longruns.machine import uninterrupted
from tests.longruns.report import NotRun, Report
from tests.longruns.running import NOT_OURS
from tests.longruns.served import ROOT, status_of

CERTIFICATES = 40
PATIENCE = 60  # seconds
COMMANDS = {
    "check_courses, all shipped": ("check_courses", 5.0),
    "publish_courses, all shipped": ("publish_courses", 10.0),
    "publish_courses again, unchanged": ("publish_courses", 3.0),
}


def environment_in(folder: Path) -> dict[str, str]:
    """The environment of a command that keeps everything it writes in this folder."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return {**kept, "VAR_DIR": str(folder)}


def publishing(folder: Path, report: Report) -> None:
    """Checking the shipped courses, publishing them, and once more."""
    home = folder / "publishing"
    home.mkdir()
    manage("migrate --verbosity 0", home)
    for name, (command, limit) in COMMANDS.items():
        begun = time.monotonic()
        last_line = manage(command, home)
        seconds = time.monotonic() - begun
        report.at_most(name, seconds, limit, f"{seconds:.1f} s ({last_line})")


def manage(command: str, folder: Path) -> str:
    """Runs a command of `manage.py`; its last line."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=environment_in(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if ended.returncode:
        raise NotRun(f"{command} failed: {(ended.stdout + ended.stderr)[-300:]}")
    return (ended.stdout.splitlines() or [""])[-1]


def starting(name: str, folder: Path, report: Report) -> None:
    """`make run`, twice in one folder: from the command to the first page, the second time."""
    if not shutil.which("make"):
        raise NotRun("make is not on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = folder / "run"
    home.mkdir()
    first, second = start(port, home), start(port, home)
    report.at_most(name, second, 5, f"{second:.1f} s (the first time {first:.1f} s)")


def start(port: int, folder: Path) -> float:
    """Seconds from `make run` to the first 200 on /; it is stopped again as by Ctrl+C.

    The virtual environment is taken as it is (`-o`): installing is not what is measured.
    """
    log = folder / "run.log"
    begun = time.monotonic()
    with log.open("w") as out:
        process = subprocess.Popen(
            ["make", "-o", ".venv/.run", "run", f"PORT={port}"],
            cwd=ROOT,
            env=environment_in(folder),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while time.monotonic() - begun < PATIENCE and process.poll() is None:
            if status_of(port, "/") == 200:
                return time.monotonic() - begun
            time.sleep(0.02)
        raise NotRun(f"make run gave no page: {log.read_text()[-300:]}")
    finally:
        with uninterrupted():  # make and all it started are a process group of their own
            with suppress(ProcessLookupError):  # it may have ended by itself
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def certificate(name: str, report: Report) -> None:
    """One certificate after the first of its process."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.commands"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if ended.returncode:
        raise NotRun(f"making certificates failed: {ended.stderr.strip()[-300:]}")
    first, median = json.loads(ended.stdout)
    report.at_most(name, median, 60, f"{median:.0f} ms, the median (first {first:.0f} ms)")


def make_certificates() -> tuple[float, float]:
    """Milliseconds of the first, and the median of the others."""
    from courses.certificates.codes import new_code
    from courses.certificates.pdf import certificate_pdf
    from tests.test_certificate_pdf import ANA

    taken = []
    for number in range(CERTIFICATES + 1):
        facts = replace(ANA, code=new_code(), name=f"Siân O’Neill-Łukasz {number}")
        begun = time.perf_counter()
        assert certificate_pdf(facts).startswith(b"%PDF-"), "no PDF was made"
        taken.append(1000 * (time.perf_counter() - begun))
    return taken[0], statistics.median(taken[1:])


if __name__ == "__main__":
    print(json.dumps(make_certificates()))
