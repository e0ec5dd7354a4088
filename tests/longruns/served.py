"""gunicorn as the product is served, and what its workers use: CPU time and memory. What is asked of it lives elsewhere."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.longruns.machine import children_of, cpu_of, uninterrupted

ROOT = Path(__file__).parent.parent.parent
WORKERS, THREADS = 2, 4  # as `manage.py serve`
PATIENCE = 30  # seconds until the first answer
PRODUCT, BARE = "elearn.wsgi", "django.core.wsgi:get_wsgi_application()"


def status_of(port: int, path: str) -> int:
    """The status 127.0.0.1 answers with on this port, 0 where nobody answers within five seconds."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0


class Served:
    """A running app on a free port of 127.0.0.1. Use it in a `with`; it ends what it started, by process id.

    The port is held here, so that nobody else takes it while the app is away. `under` is a command that runs it.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        settings: str,
        database: str,
        *options: str,
        app: str = PRODUCT,
        under: Sequence[str] = (),
    ) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.database: list[int] = []  # process ids of the database servers it uses
        self.access = folder / f"{name}.access"
        self.log = folder / f"{name}.log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": settings,
            "MALLOC_ARENA_MAX": "1",  # as `manage.py serve`
        }
        self.environment |= {"SITE_URL": self.url}
        bind = [
            "--bind",
            f"fd://{self.socket.fileno()}",
            "--log-level",
            "warning",
            "--no-control-socket",
        ]
        size = ["--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS)]
        self.command = [*under, sys.executable, "-m", "gunicorn", *bind, *size, *options, app]

    def __enter__(self) -> Self:
        self.start()
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def start(self) -> None:
        """Starts it, or starts it again after it ended; it may take a moment until it answers."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                pass_fds=[self.socket.fileno()],
            )

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            if status_of(self.port, "/anchor/worker/") == 200 and len(self._answering()) == WORKERS:
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start: {self.log.read_text()[-2000:]}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with uninterrupted():
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.socket.close()

    def _answering(self) -> set[bytes]:
        """Which workers answer when many ask at once."""
        asked = [
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            for _ in range(4 * WORKERS)
        ]
        for connection in asked:
            connection.request("GET", "/anchor/worker/")
        found = {connection.getresponse().read() for connection in asked}
        for connection in asked:
            connection.close()
        return found

    def workers(self) -> list[int]:
        """The process ids of the workers, gunicorn's own not among them."""
        return children_of(self.process.pid)

    def cpu_seconds(self) -> float:
        """What the workers have used so far, in user and kernel together."""
        return sum(cpu_of(pid) for pid in self.workers())

    def database_seconds(self) -> float:
        """The same for the database server, where it is ours: 0 where not."""
        return sum(cpu_of(pid) for root in self.database for pid in [root, *children_of(root)])

    def memory(self) -> float:
        """The workers' memory in MB: pages shared with other processes are split among them (PSS)."""
        kilobytes = 0
        for pid in self.workers():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kilobytes += next(
                int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
            )
        return kilobytes / 1024
