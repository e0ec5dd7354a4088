"""A SQLite database as a backup takes it and gives it back. Plain Python.

It is read by SQLite's online backup, so that the site goes on serving and saving meanwhile.
"""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from courses.backups.ending import uninterrupted
from courses.backups.manifest import HOLDS_NO_DATA, Contents, Table
from courses.backups.refusals import InUse, NoDatabase, NotWritten

PATIENCE = 5  # seconds to wait for a lock
LOGS = ("-wal", "-journal")  # may hold what was saved last, and SQLite reads them with any file
TABLES = """SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ?
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"""
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


@dataclass(frozen=True)
class SQLiteDatabase:
    """The database in this file, which need not be there yet."""

    path: Path
    engine = "sqlite"

    def staging(self, archive: Path) -> Path:
        """Where a backup is unpacked: beside the database, so that it can be moved into place."""
        return self.path.parent

    def save(self, to: Path) -> Contents:
        """Writes the database as of one moment into a new file; raises NoDatabase, NotWritten."""
        if not self.path.is_file():
            raise NoDatabase(f"there is no database {self.path}; check DATABASE_URL")
        try:
            with _reading(self.path) as source, closing(sqlite3.connect(to)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, complete by itself
        except sqlite3.Error as error:
            raise NotWritten(f"the database cannot be copied ({error}); check the disk") from None
        return _contents(to)

    def is_empty(self) -> bool:
        """Whether nothing is lost with it: it has no rows but those of `migrate` and the cache."""
        if not self.path.exists():
            return True
        try:
            with _reading(self.path) as database:
                # Shadow tables, of the search, have rows from the beginning.
                names = {name for (name,) in database.execute(TABLES, ["table"])}
                return not any(_has_rows(database, name) for name in names - HOLDS_NO_DATA)
        except sqlite3.Error:
            return False  # what cannot be read may still be somebody's data

    def replace_by(self, copy: Path, check: Callable[[Contents], None]) -> None:
        """Puts the copy in the database's place; the old file is kept beside it until success.

        `check` raises where the contents are not what was saved: once before anything is touched,
        once in place. Raises InUse and NotWritten.
        """
        check(_contents(copy))
        self._check_place()
        new, is_kept = copy.stat(), False
        try:
            with uninterrupted():
                is_kept = self._keep_and_prepare(copy)
            copy.replace(self.path)
            _sync_folder(self.path.parent)
            check(_contents(self.path))
        except BaseException:
            self._take_back(new, is_kept)
            raise
        self._kept.unlink(missing_ok=True)

    def rehearse(self, copy: Path) -> Contents:
        """What the database is after a restore of this copy: the very file is moved into place."""
        return _contents(copy)

    @property
    def _kept(self) -> Path:
        """The old database while the new one is not compared yet."""
        return self.path.with_name(f"{self.path.name}.before-restore")

    def _check_place(self) -> None:
        """Raises NotWritten where a file beside the database may hold somebody's data."""
        if self._kept.exists():
            raise NotWritten(
                f"{self._kept} is the database from before a restore that was cut off; "
                "move it away first"
            )
        if self.path.exists():
            return
        for log in LOGS:
            left = self.path.with_name(f"{self.path.name}{log}")
            if left.exists():
                raise NotWritten(
                    f"{self.path} is gone, but {left} is there and may hold what was saved last; "
                    "put the database back beside it, or move it away, then restore"
                )

    def _keep_and_prepare(self, copy: Path) -> bool:
        """Gives the old database its second name; False where there is none.

        The copy has its owner before it is in place: no moment in which the site cannot read it.
        """
        if not self.path.exists():
            return False
        _close_logs(self.path)
        _give_owner(copy, self.path.stat())
        os.link(self.path, self._kept)
        return True

    def _take_back(self, new: os.stat_result, is_kept: bool) -> None:
        """Leaves the old database in its place, or none where there was none.

        A file that is neither the old one nor the `new` is of somebody else, and stays.
        """
        if is_kept and self._kept.samefile(self.path):
            self._kept.unlink()  # a rename to another name of the same file would do nothing
        elif is_kept:
            self._kept.replace(self.path)
        elif self.path.exists() and os.path.samestat(self.path.stat(), new):
            self.path.unlink()


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as database:
        yield database


def _contents(path: Path) -> Contents:
    """The tables of a whole database; raises NoDatabase where it is none or a damaged one."""
    try:
        with _reading(path) as database:
            (state,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if state != "ok":
                raise NoDatabase(f"{path.name} is damaged: {state}; use another backup")
            migrations = dict(database.execute(MIGRATIONS).fetchall())
            names = []
            for kind in ("table", "shadow"):
                names += [name for (name,) in database.execute(TABLES, [kind])]
            database.text_factory = bytes  # as it is stored, also where it is no UTF-8
            tables = {name: _table(database, name) for name in names}
    except sqlite3.Error as error:
        message = f"{path.name} is no database of Notice ({error}); use another backup"
        raise NoDatabase(message) from None
    return Contents(tables, migrations)


def _table(database: sqlite3.Connection, name: str) -> Table:
    checksum, count = hashlib.sha256(), 0
    for row in database.execute(f"SELECT * FROM {_quoted(name)}"):  # noqa: S608
        checksum.update(repr(row).encode())
        count += 1
    return Table(rows=count, digest=checksum.hexdigest())


def _has_rows(database: sqlite3.Connection, name: str) -> bool:
    query = f"SELECT 1 FROM {_quoted(name)} LIMIT 1"  # noqa: S608
    return database.execute(query).fetchone() is not None


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _close_logs(path: Path) -> None:
    """Moves what the log beside the file holds into it; raises InUse where others have it open."""
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
            # Without a -wal that changes nothing and asks for no lock: a -journal is played back,
            # and somebody who writes is noticed, by this alone.
            database.execute("BEGIN EXCLUSIVE")
            database.rollback()
    except sqlite3.OperationalError:
        message = "the database is in use; stop the site and its commands, then restore"
        raise InUse(message) from None
    except sqlite3.DatabaseError as error:
        message = f"{path} is damaged ({error}); move it and its -wal file away, then restore"
        raise NotWritten(message) from None


def _give_owner(copy: Path, old: os.stat_result) -> None:
    """Else a database restored by root could not be written by the site."""
    os.chown(copy, old.st_uid, old.st_gid)
    copy.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
