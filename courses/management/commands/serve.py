"""`manage.py serve`: everything `make run` needs after the install: migrate, publish, demo people, then gunicorn.

Steps: 1 look at the port and folder; 2 database; 3 courses; 4 demo people, where the database is new; 5 static files;
6 say where it is; 7 start the timer; 8 become gunicorn. A second start finds all of it done.
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

from courses.management.commands.make_demo import PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Prepare the database, courses and static files, then serve on loopback with gunicorn."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, port: int, workers: int, **options: Any) -> None:
        self._look_at(port)
        is_new = self._migrate()
        call_command("publish_courses", stdout=self.stdout)
        if settings.DEMO and is_new:
            call_command("make_demo", stdout=self.stdout)
        if not settings.DEBUG:
            self._collect()
        self._greet(port)
        self.stdout.flush()
        self._start_timer()
        options_ = [
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(workers),
            "--threads",
            "4",
            "--worker-class",
            "gthread",
        ]
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            *options_,
            "--log-level",
            "warning",
            "elearn.wsgi",
        ]
        os.execv(sys.executable, command)  # noqa: S606

    def _look_at(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise CommandError(
                    f"Port {port} is in use. Stop what uses it, or choose another: make run PORT={port + 1}"
                ) from None
        try:
            settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
            (settings.VAR_DIR / ".writable").touch()
        except OSError:
            raise CommandError(
                f"{settings.VAR_DIR} cannot be written. Set VAR_DIR to a folder that can."
            ) from None

    def _migrate(self) -> bool:
        """Brings the database up to date; whether there was nothing in it before."""
        executor = MigrationExecutor(connection)
        is_new = not executor.loader.applied_migrations
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            if not settings.REDIS_URL:
                call_command("createcachetable", verbosity=0)
        return is_new

    def _collect(self) -> None:
        """Collects the static files, unless they are there and as they were the last time."""
        mark, manifest = (
            settings.VAR_DIR / ".static",
            Path(settings.STATIC_ROOT) / "staticfiles.json",
        )
        files = sorted(path for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file())
        stamps = "\n".join(
            f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in files
        )
        digest = hashlib.sha256(stamps.encode()).hexdigest()
        if manifest.exists() and mark.exists() and mark.read_text() == digest:
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        mark.write_text(digest)

    def _start_timer(self) -> None:
        """What a timer does in production, as a process beside gunicorn; it ends with gunicorn.

        Gunicorn takes this process's place, and so has its id.
        """
        manage = str(settings.BASE_DIR / "manage.py")
        timer = ["close_expired_attempts", "--loop", "--parent", str(os.getpid())]
        subprocess.Popen([sys.executable, manage, *timer])  # noqa: S603

    def _greet(self, port: int) -> None:
        self.stdout.write(
            f"\n{settings.SITE_NAME} is at http://127.0.0.1:{port}/   (stop with Ctrl+C)\n"
        )
        if settings.DEMO:
            self.stdout.write(f"Demo sign-ins, all with the password {PASSWORD}:")
            for person in PEOPLE:
                self.stdout.write(f"  {person.email:22} {person.what}")
            self.stdout.write(f"Mail of the demo: http://127.0.0.1:{port}/mail/\n")
