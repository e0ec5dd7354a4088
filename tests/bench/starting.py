"""`make run`, twice, in a folder of its own: the time from the command to the first page. What it starts, it ends."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.bench.machine import uninterrupted
from tests.bench.report import NotRun, Report
from tests.bench.served import ROOT, status_of

NOT_OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "EMAIL_FROM",
    "EMAIL_TIMEOUT",
    "MAIL_DELIVERY",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DEBUG",
    "BEHIND_PROXY",
)
NOT_OURS += ("DJANGO_SETTINGS_MODULE", "SITE_URL", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "DEMO")
PATIENCE = 60  # seconds


def start(port: int, folder: Path) -> tuple[float, float]:
    """Seconds from `make run` to the first 200 on /, and of CPU in all; it is stopped again as by Ctrl+C.

    The virtual environment is taken as it is (`-o`): installing is not what is measured.
    """
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
        "VAR_DIR": str(folder)
    }
    log = folder / "run.log"
    with log.open("w") as out:
        begun = time.monotonic()
        process = subprocess.Popen(
            ["make", "-o", ".venv/.run", "run", f"PORT={port}"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    before, taken = os.times(), 0.0
    try:
        while not taken and time.monotonic() - begun < PATIENCE and process.poll() is None:
            taken = time.monotonic() - begun if status_of(port, "/") == 200 else 0.0
            time.sleep(0.02)
    finally:
        with uninterrupted():
            stop(process, port)
    if not taken:
        raise NotRun(f"make run gave no page: {log.read_text()[-300:]}")
    after = os.times()
    return (
        taken,
        after.children_user + after.children_system - before.children_user - before.children_system,
    )


def stop(process: subprocess.Popen[bytes], port: int) -> None:
    """Ends make and everything it started: they are a process group of their own, made by `start`."""
    for end in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, end)
        except ProcessLookupError:
            break
        until = time.monotonic() + 5
        while time.monotonic() < until and (process.poll() is None or _is_taken(port)):
            time.sleep(0.05)
        if process.poll() is not None and not _is_taken(port):
            break
    process.wait(5)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def measure(name: str, folder: Path, report: Report) -> None:
    if not shutil.which("make"):
        raise NotRun("make is not on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = folder / "run"
    home.mkdir()
    first, _ = start(port, home)
    second, cpu = start(port, home)
    said = f"{second:.1f} s, with {cpu:.1f} s of CPU (the first time {first:.1f} s, without installing)"
    report.at_most(name, second, 5, said)
