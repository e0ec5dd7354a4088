"""The product as it is served: its own folder, gunicorn on a free port, and the desk beside it. No test lives here."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent
NOT_OURS = {
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
}
WORKERS = ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
PATIENCE = 90  # seconds until /health/ must answer, on a busy machine too


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; `session` is the value of their cookie."""

    email: str
    name: str
    session: str
    password: str = ""


class Site:
    """A running product. Use it in a `with`; it ends what it started, by process id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        self.environment = kept | {"VAR_DIR": str(folder), "DEMO": "1", "SITE_URL": self.url}
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "elearn.settings",
            "PYTHONWARNINGS": "ignore",
        }
        (folder / "static").mkdir(exist_ok=True)

    def __enter__(self) -> Self:
        self.log = (self.folder / "server.log").open("w")
        self.desk = self._start(
            "tests.browser.desk", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.server = None
        try:
            self.made_up = self.ask("set_up")
            bind = [
                "--bind",
                f"fd://{self.socket.fileno()}",
                "--no-control-socket",
                "--log-level",
                "warning",
            ]
            bind += [
                "--access-logfile",
                str(self.folder / "access.log"),
                "--access-logformat",
                "%(s)s %(U)s",
            ]
            self.server = self._start(
                "gunicorn", *bind, *WORKERS, "elearn.wsgi", pass_fds=[self.socket.fileno()]
            )
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self, module: str, *arguments: str, **options: Any) -> subprocess.Popen[Any]:
        command = [sys.executable, "-m", module, *arguments]
        common = {"cwd": ROOT, "env": self.environment, "stderr": self.log}
        return subprocess.Popen(command, **{"stdout": self.log, **common, **options})

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health/", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError(
            f"the server did not start:\n{(self.folder / 'server.log').read_text()[-3000:]}"
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.desk.stdin.close()
        for process in filter(None, (self.server, self.desk)):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.desk.stdout.close()
        self.socket.close()
        self.log.close()

    def ask(self, action: str, **arguments: Any) -> Any:
        """What the desk answers to a deed of its list.

        Raises:
            RuntimeError: it could not; the message says why.
        """
        self.desk.stdin.write(json.dumps([action, arguments]) + "\n")
        self.desk.stdin.flush()
        line = self.desk.stdout.readline()
        told = (
            json.loads(line)
            if line
            else {"failed": (self.folder / "server.log").read_text()[-3000:]}
        )
        if "failed" in told:
            raise RuntimeError(told["failed"])
        return told["done"]

    def asked(self) -> list[str]:
        """The path of every request that reached the server and was answered with 200, in order."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [line.removeprefix("200 ") for line in lines if line.startswith("200 ")]

    def person(self, name: str = "Wren Hill", profession: str = "health-visitor") -> Person:
        """A fresh person, known to no other test."""
        return Person(**self.ask("person", name=name, profession=profession))

    def demo(self, name: str) -> Person:
        """One of the demo people, by name in small letters."""
        return Person(**self.ask("known", email=f"{name}@example.org"))
