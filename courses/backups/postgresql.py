"""A PostgreSQL database as a backup takes it and gives it back, by PostgreSQL's own programs.

Plain Python. `pg_dump` and `pg_restore` are found on PATH and are of the server's major version:
older ones refuse to dump, and newer ones write settings that the server may not know.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from courses.backups.ending import uninterrupted
from courses.backups.manifest import HOLDS_NO_DATA, Contents, Table
from courses.backups.refusals import InUse, NoDatabase, NotWritten, ToolMissing, Unfinished

NAMES = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
KNOWN = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
PLAIN = ("--no-owner", "--no-privileges", "--no-comments", "--schema=public")
# What a program of another version writes, and what it means.
MISMATCHES = {
    "version mismatch": "is older than the server",
    "unsupported version": "is older than the one that wrote the backup",
    "unrecognized configuration parameter": "is newer than the server",
}
KEPT = "before_restore"  # the schema that the old tables are in until a restore has succeeded
# The same text of a row whatever the server's own settings are; and no limit of time.
SESSION = """SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres';
    SET bytea_output = 'hex'; SET extra_float_digits = 1; SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
ROWS = """SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)
    FROM public.{} t"""
MIGRATIONS = "SELECT app, name FROM public.django_migrations ORDER BY id"
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""


@dataclass(frozen=True)
class PostgreSQLDatabase:
    """`address` is libpq's, without the password, since other users see arguments of programs."""

    address: str
    password: str = ""
    engine = "postgresql"

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "PostgreSQLDatabase":
        """The database that Django's settings `config` name."""
        options = {key: value for key, value in config["OPTIONS"].items() if key in KNOWN}
        named = {name: config.get(key) for key, name in NAMES.items() if config.get(key)}
        return cls(make_conninfo("", **{**options, **named}), config.get("PASSWORD") or "")

    def staging(self, archive: Path) -> Path:
        """Where a backup is unpacked: beside it, for the system's own folder may be in memory."""
        return archive.parent

    def save(self, to: Path) -> Contents:
        """Writes a dump and returns what is in it, both as of one moment."""
        with self._connected() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            found = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert found
            snapshot = f"--snapshot={found[0]}"
            file = f"--file={to}"
            self._run("pg_dump", "--format=custom", snapshot, file, *PLAIN)
            return _contents(connection)

    def is_empty(self) -> bool:
        """Whether nothing is lost with it: it has no rows but those of `migrate` and the cache."""
        with self._connected() as connection:
            names = {name for (name,) in connection.execute(TABLES)}
            return not any(_has_rows(connection, name) for name in names - HOLDS_NO_DATA)

    def replace_by(self, copy: Path, check: Callable[[Contents], None]) -> None:
        """Fills the database anew from a dump; the old tables are kept until `check` has passed.

        `check` raises where the contents are not what was saved. Raises InUse and NotWritten.
        """
        is_aside = False
        try:
            with uninterrupted():
                self._set_aside()
                is_aside = True
            self._fill(copy)
            with self._connected() as connection:
                check(_contents(connection))
        except BaseException:
            if is_aside:
                self._take_back()
            raise
        drop = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(KEPT))
        with uninterrupted():
            self._finish(f"the backup is restored, but the schema {KEPT} remains: drop it", drop)

    def rehearse(self, copy: Path) -> Contents:
        """What a scratch database is after a restore of this dump; it is dropped again."""
        name = f"notice_rehearsal_{secrets.token_hex(6)}"
        scratch = replace(self, address=make_conninfo(self.address, dbname=name))
        quoted, is_made = sql.Identifier(name), False
        try:
            with uninterrupted():
                self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
                is_made = True
            scratch._fill(copy)
            with scratch._connected() as connection:
                return _contents(connection)
        finally:
            if is_made:
                with uninterrupted():
                    self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))

    def _set_aside(self) -> None:
        """Puts all tables into a schema of another name, and makes an empty one for the dump."""
        with self._connected() as connection:
            (others,) = connection.execute(OTHERS).fetchone() or (0,)
        if others:
            message = f"the database is in use by {others} others; stop the site, then restore"
            raise InUse(message)
        kept = sql.Identifier(KEPT)
        rename = sql.SQL("ALTER SCHEMA public RENAME TO {}").format(kept)
        self._execute(rename, sql.SQL("CREATE SCHEMA public"))

    def _take_back(self) -> None:
        """Gives the old tables their place again."""
        kept = sql.Identifier(KEPT)
        rename = sql.SQL("ALTER SCHEMA {} RENAME TO public").format(kept)
        message = (
            f"the old tables are in the schema {KEPT}: drop the schema public, rename that one"
        )
        self._finish(message, sql.SQL("DROP SCHEMA public CASCADE"), rename)

    def _finish(self, message: str, *statements: sql.SQL | sql.Composed) -> None:
        """Executes what must follow; raises Unfinished with the message where that fails."""
        try:
            self._execute(*statements)
        except NotWritten as refusal:
            raise Unfinished(f"{message} ({refusal})") from None

    def _fill(self, copy: Path) -> None:
        self._run("pg_restore", "--single-transaction", "--exit-on-error", *PLAIN, str(copy))

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        """A connection with one transaction, rolled back at the end; raises NoDatabase."""
        try:
            with psycopg.connect(self.address, password=self.password or None) as connection:
                connection.execute(SESSION)
                connection.commit()
                yield connection
                connection.rollback()
        except psycopg.Error as error:
            message = f"the database does not answer as it should ({_first_line(str(error))})"
            raise NoDatabase(f"{message}; check DATABASE_URL") from None

    def _execute(self, *statements: sql.SQL | sql.Composed) -> None:
        """Executes these: several in one transaction, a single one in none."""
        address, password = self.address, self.password or None
        is_alone = len(statements) == 1
        try:
            with psycopg.connect(address, password=password, autocommit=is_alone) as connection:
                connection.execute(SESSION)
                for statement in statements:
                    connection.execute(statement)
        except psycopg.Error as error:
            raise NotWritten(
                f"the database refuses this ({_first_line(str(error))}); its user must own it and "
                f"may need CREATEDB, and no schema {KEPT} of a restore that was cut off may remain"
            ) from None

    def _run(self, program: str, *arguments: str) -> None:
        """Runs a program of PostgreSQL on this database; raises ToolMissing and NotWritten."""
        found = shutil.which(program)
        if not found:
            raise ToolMissing(f"{program} is not on PATH; install the package postgresql-client")
        command = [found, f"--dbname={self.address}", "--no-password", *arguments]
        environment = {**os.environ, "LC_ALL": "C"}  # what it writes is looked for in English
        if self.password:
            environment["PGPASSWORD"] = self.password
        run = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, check=False
        )
        if not run.returncode:
            return
        for words, meaning in MISMATCHES.items():
            if words in run.stderr:
                raise ToolMissing(
                    f"{found} {meaning}; install the package postgresql-client of the server's own "
                    "major version, and let its programs be first on PATH"
                )
        raise NotWritten(f"{program} failed: {_first_line(run.stderr)}; nothing is changed")


def _contents(connection: psycopg.Connection) -> Contents:
    names = [name for (name,) in connection.execute(TABLES)]
    tables = {name: _table(connection, name) for name in names}
    migrations: dict[str, str] = dict(connection.execute(MIGRATIONS).fetchall())
    return Contents(tables, migrations)


def _table(connection: psycopg.Connection, name: str) -> Table:
    rows, digest = connection.execute(sql.SQL(ROWS).format(sql.Identifier(name))).fetchone() or ()
    return Table(rows=rows, digest=str(digest))


def _has_rows(connection: psycopg.Connection, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM public.{} LIMIT 1").format(sql.Identifier(name))
    return connection.execute(query).fetchone() is not None


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
