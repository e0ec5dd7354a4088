"""Backing up, restoring and rehearsing a restore: all checks first, then one step that counts.

A database is given as Django's settings of it, so that it need not be the one of this process.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from courses.backups.archive import describe, open_archive, unpack_database, write_archive
from courses.backups.encryption import SUFFIX, encrypt
from courses.backups.manifest import (
    Contents,
    Manifest,
    check_contents,
    check_key,
    check_schema,
    fingerprint,
    new_manifest,
)
from courses.backups.postgresql import PostgreSQLDatabase
from courses.backups.refusals import NotEmpty, NotWritten, OtherDatabase
from courses.backups.sqlite import SQLiteDatabase


class Database(Protocol):
    """What backups ask of either kind of database; see `sqlite` and `postgresql`."""

    engine: str

    def staging(self, archive: Path) -> Path: ...

    def save(self, to: Path) -> Contents: ...

    def is_empty(self) -> bool: ...

    def replace_by(self, copy: Path, check: Callable[[Contents], None]) -> None: ...

    def rehearse(self, copy: Path) -> Contents: ...


def database_of(config: Mapping[str, Any]) -> Database:
    """The database that Django's settings `config` name."""
    if "sqlite" in config["ENGINE"]:
        return SQLiteDatabase(Path(config["NAME"]))
    return PostgreSQLDatabase.of(config)


def back_up(
    config: Mapping[str, Any], out: Path, now: datetime, public_key: Path | None = None
) -> tuple[Path, Manifest]:
    """Writes the database, as of one moment, into one archive; the site goes on meanwhile.

    Args:
        out: a new file, or a folder, in which the file is named by the moment.
        now: when it is made, UTC.
        public_key: a file with the key to encrypt to; None: the file is readable to who has it.

    Returns: the file, and what it says of itself.
    Raises: NoDatabase, ToolMissing, NotWritten; then there is no new file.
    """
    database = database_of(config)
    suffix = SUFFIX if public_key else ""
    path = out / f"notice-{_compact(now)}.zip{suffix}" if out.is_dir() else out
    if path.exists():
        raise NotWritten(f"{path} is there already; name another file, or take it away")
    with _scratch(path.parent) as folder:
        copy, whole = folder / "database", folder / "archive"
        contents = database.save(copy)
        key = fingerprint(settings.SECRET_KEY)
        member = describe(copy)
        manifest = new_manifest(contents, member, database.engine, settings.VERSION, key, now)
        write_archive(whole, manifest, copy)
        if public_key:
            encrypt(whole, folder / "encrypted", public_key)
            whole = folder / "encrypted"
        whole.replace(path)  # under its name only once it is whole
    return path, manifest


def _compact(now: datetime) -> str:
    """The moment in ISO's basic format, which has no colon: 20261201T093000Z."""
    moment = now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return moment.replace("-", "").replace(":", "") + "Z"


def restore(
    config: Mapping[str, Any], path: Path, *, is_replacing: bool, is_key_ignored: bool = False
) -> Manifest:
    """Puts a backup in the place of the database, which is as it was where anything is refused.

    Args:
        is_replacing: also when the database is not empty.
        is_key_ignored: also when the backup was made with another `SECRET_KEY`.

    Raises: BadArchive, NewerBackup, OtherDatabase, OtherKey, NotEmpty, InUse, NoDatabase,
        ToolMissing, NotWritten, Different.
    """
    database = database_of(config)
    with _unpacked(database, path, is_key_ignored=is_key_ignored) as (copy, manifest):
        if not is_replacing and not database.is_empty():
            raise NotEmpty("the database is not empty; back it up, then restore with --replace")
        database.replace_by(copy, partial(check_contents, manifest))
    return manifest


def rehearse(config: Mapping[str, Any], path: Path) -> Manifest:
    """Restores a backup into a scratch database and compares every table; leaves nothing.

    The database itself is not touched. Raises what `restore` raises, but for NotEmpty and InUse.
    """
    database = database_of(config)
    with _unpacked(database, path, is_key_ignored=False) as (copy, manifest):
        check_contents(manifest, database.rehearse(copy))
    return manifest


@contextmanager
def _unpacked(
    database: Database, path: Path, *, is_key_ignored: bool
) -> Iterator[tuple[Path, Manifest]]:
    """The database of an archive, as a file that is gone afterwards; everything is checked."""
    with open_archive(path) as (archive, manifest):
        if manifest.engine != database.engine:
            raise OtherDatabase(
                f"{path.name} is a backup of {manifest.engine}, and DATABASE_URL names "
                f"{database.engine}; restore it where the kind of database is the same"
            )
        check_schema(manifest, MigrationLoader(None).disk_migrations, path.name)
        if not is_key_ignored:
            check_key(manifest, fingerprint(settings.SECRET_KEY), path.name)
        with _scratch(database.staging(path)) as folder:
            copy = folder / "database"
            unpack_database(archive, manifest, copy, path.name)
            yield copy, manifest


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """A folder for the owner alone, gone at the end; raises NotWritten where the disk is full."""
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=parent) as folder:
            yield Path(folder)
    except OSError as error:
        message = f"cannot write in {parent} ({error.strerror}); nothing is changed"
        raise NotWritten(message) from None
