"""What is waited for outside a request: publishing, starting, and the PDF of a certificate, each in its own process.

`python -m tests.bench.commands` makes certificates and prints how long the first and the others took.
"""

import json
import os
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


GROW = """
import time
from pathlib import Path
from courses.authoring.pool.reading import read_pool
from courses.authoring.reading.diagnostics import Problems
from courses.authoring.reading.references import read_references
root = Path("courses/content")
problems = Problems(root)
references = read_references(root, problems)
begun = time.monotonic()
grown = read_pool(root, references, problems)
print(len(grown.pool.exemplars), time.monotonic() - begun)
"""


def own_environment(folder: Path) -> dict[str, str]:
    """The environment of a command that keeps everything it writes in this folder, which is made."""
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return {**kept, "VAR_DIR": str(folder)}


def run(command: list[str], environment: dict[str, str]) -> str:
    """What Python printed; NotRun where it failed."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    if ended.returncode:
        raise NotRun(f"{command} failed: {(ended.stdout + ended.stderr)[-300:]}")
    return ended.stdout


def growing(name: str, report: Report) -> None:
    """Reading the category files and growing every exemplar, without the checks."""
    count, seconds = run(["-c", GROW], dict(os.environ)).split()
    report.at_most(name, float(seconds), 20, f"{float(seconds):.1f} s for {count}")


def publishing(name: str, folder: Path, report: Report) -> None:
    """Reading, checking and publishing all shipped courses; and once more, when nothing has changed."""
    environment = own_environment(folder / "publishing")
    run(["manage.py", "migrate", "--verbosity", "0"], environment)
    seconds = []
    for _ in range(2):
        begun = time.monotonic()
        run(["manage.py", "publish_courses"], environment)
        seconds.append(time.monotonic() - begun)
    report.at_most(name, seconds[0], 10, f"{seconds[0]:.1f} s (unchanged {seconds[1]:.1f} s)")


def starting(name: str, folder: Path, report: Report) -> None:
    """`make run`, twice in one folder: from the command to the first page, the second time."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = own_environment(folder / "run")
    first, second = start(port, environment), start(port, environment)
    report.at_most(name, second, 5, f"{second:.1f} s (the first time {first:.1f} s)")


def start(port: int, environment: dict[str, str]) -> float:
    """Seconds from `make run` to the first 200 on /; then it is stopped.

    The virtual environment is taken as it is (`-o`): installing is not what is measured.
    """
    begun = time.monotonic()
    command = ["make", "-o", ".venv/.run", "run", f"PORT={port}"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while time.monotonic() - begun < PATIENCE and process.poll() is None:
            if status_of(port, "/") == 200:
                return time.monotonic() - begun
            time.sleep(0.02)
        raise NotRun("make run gave no page")
    finally:
        with uninterrupted(), suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # make and all it started are one group
            process.wait(PATIENCE)


def certificate(name: str, report: Report) -> None:
    """One certificate after the first of its process."""
    printed = run(["-m", "tests.bench.commands"], dict(os.environ))
    first, median = json.loads(printed)
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
