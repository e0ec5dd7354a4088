"""`manage.py serve`: everything `make run` needs after the install.

Steps: 1 check the port and the folder; 2 migrate; 3 publish the courses; 4 create the demo people,
where the database is new; 5 collect static files; 6 print the address; 7 start the timer; 8 replace
this process by gunicorn. A second start finds steps 2 to 5 done.
"""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from courses.management.demo.cast import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Prepare the database, courses and static files, then serve on loopback with gunicorn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, port: int, workers: int, **kwargs: Any) -> None:
        self._check_port(port)
        self._check_folder()
        is_new = self._migrate()
        call_command("publish_courses", stdout=self.stdout)
        if settings.DEMO and is_new:
            call_command("make_demo", stdout=self.stdout)
        if not settings.DEBUG:
            self._collect()
        self._print_address(port)
        self.stdout.flush()
        self._start_timer()
        options = [
            f"--config={settings.BASE_DIR / 'gunicorn.conf.py'}",
            f"--bind=127.0.0.1:{port}",
            f"--workers={workers}",
            "--worker-class=gthread",
            "--threads=4",
            "--log-level=warning",
        ]
        gunicorn = [sys.executable, "-m", "gunicorn", *options, "elearn.wsgi"]
        # glibc otherwise keeps a heap for each thread, of which most is unused: a tenth of a worker
        os.environ.setdefault("MALLOC_ARENA_MAX", "1")
        os.execv(sys.executable, gunicorn)  # noqa: S606

    def _check_port(self, port: int) -> None:
        with socket.socket() as probe:
            # as gunicorn binds it: a port whose last connections are still closing is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CommandError(
                    f"Port {port} is in use. Stop what uses it, or choose another:"
                    f" make run PORT={port + 1}"
                ) from None

    def _check_folder(self) -> None:
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            (settings.VAR_DIR / ".writable").touch()
        except OSError:
            raise CommandError(
                f"{settings.VAR_DIR} cannot be written. Set VAR_DIR to a folder that can."
            ) from None

    def _migrate(self) -> bool:
        """Applies missing migrations; returns whether the database was empty before."""
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        # Asked first, since `migrate` itself takes seconds even with nothing to apply.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            if not settings.REDIS_URL:
                call_command("createcachetable", verbosity=0)
        return is_new

    def _collect(self) -> None:
        """Collects the static files, unless no file has changed since the last time."""
        digest_file = settings.VAR_DIR / ".static"
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        digest = _digest_of_files(settings.BASE_DIR / "static")
        if manifest.exists() and digest_file.exists() and digest_file.read_text() == digest:
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        digest_file.write_text(digest)

    def _start_timer(self) -> None:
        """Starts a process that closes expired attempts, as a timer does in production.

        It ends when its parent ends: gunicorn, which replaces this process and keeps its id.
        """
        manage = str(settings.BASE_DIR / "manage.py")
        timer = ["close_expired_attempts", "--loop", "--parent", str(os.getpid())]
        subprocess.Popen([sys.executable, manage, *timer])  # noqa: S603

    def _print_address(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\n{settings.SITE_NAME} is at {address}/   (stop with Ctrl+C)\n")
        if settings.DEMO:
            self.stdout.write(f"Demo sign-ins, all with the password {PASSWORD}:")
            for person in PEOPLE:
                self.stdout.write(f"  {person.email:22} {person.what}")
            self.stdout.write(f"Mail of the demo: {address}/mail/\n")


def _digest_of_files(folder: Path) -> str:
    """A digest of the paths, times and sizes of all files in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = []
    for path in files:
        stat = path.stat()
        lines.append(f"{path}:{stat.st_mtime_ns}:{stat.st_size}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
