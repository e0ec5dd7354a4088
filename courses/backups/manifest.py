"""What a backup says of itself: when and by which release it was made, and what is in it.

Plain Python. The secret key itself is in no backup, only its fingerprint.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courses.backups.refusals import BadArchive, Different, NewerBackup, OtherKey

VERSION = 1  # of the manifest; a new field with a default needs no new one
SHA256 = Field(pattern=r"^[0-9a-f]{64}$")
Count = Annotated[int, Field(ge=0, le=2**63)]
# With rows in no other table, nothing is lost by a restore: `migrate` fills three of them, any page
# that was shown may have filled the cache, and the site itself notes when it looked for reminders.
HOLDS_NO_DATA = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "cache",
        "courses_reminderrun",
    }
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Table(_Part):
    """`digest` is made of all rows; it is compared only with one of the same kind of database."""

    rows: Count
    digest: str = Field(max_length=64)


class Member(_Part):
    """A file of the archive, unpacked."""

    size: Count
    sha256: Annotated[str, SHA256]


class Manifest(_Part):
    """`migrations` has the last one applied of each app. `made_at` is UTC, in ISO format."""

    format: Literal["notice-backup"]
    version: int
    made_at: str = Field(max_length=40)
    release: str = Field(max_length=40)
    engine: Literal["sqlite", "postgresql"]
    key: str = Field(max_length=64)
    migrations: dict[str, str]
    tables: dict[str, Table]
    database: Member


@dataclass(frozen=True)
class Contents:
    """What a database holds: its tables by name, and the last migration of each app."""

    tables: Mapping[str, Table]
    migrations: Mapping[str, str]


def new_manifest(
    contents: Contents, database: Member, engine: str, release: str, key: str, now: datetime
) -> Manifest:
    """The manifest of a backup made `now` (UTC) by `release`; `key` is a fingerprint."""
    fields = {
        "format": "notice-backup",
        "version": VERSION,
        "made_at": now.isoformat(timespec="seconds"),
        "release": release,
        "engine": engine,
        "key": key,
        "migrations": dict(contents.migrations),
        "tables": dict(contents.tables),
        "database": database,
    }
    return Manifest.model_validate(fields)


def read_manifest(data: bytes, name: str) -> Manifest:
    """The manifest in these bytes of the backup `name`; raises BadArchive and NewerBackup."""
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError:
        message = f"{name} is no backup of Notice: its manifest cannot be read; use another backup"
        raise BadArchive(message) from None
    if manifest.version > VERSION:
        raise NewerBackup(_newer(name, manifest, f"manifest version {manifest.version}"))
    return manifest


def fingerprint(secret: str) -> str:
    """By which two keys are told apart, and from which neither can be found."""
    return hmac.new(secret.encode(), b"notice-backup-key", hashlib.sha256).hexdigest()[:16]


def check_schema(manifest: Manifest, known: Iterable[tuple[str, str]], name: str) -> None:
    """Raises NewerBackup unless every migration in the manifest is `known`, as (app, name)."""
    unknown = sorted(set(manifest.migrations.items()) - set(known))
    if unknown:
        app, migration = unknown[0]
        raise NewerBackup(_newer(name, manifest, f"{app}.{migration}"))


def _newer(name: str, manifest: Manifest, what: str) -> str:
    return (
        f"{name} was made by another release, {manifest.release}, and has {what}, which "
        "this one does not know; install that release or a newer one, then restore"
    )


def check_key(manifest: Manifest, key: str, name: str) -> None:
    """Raises OtherKey unless the backup was made with the key of this fingerprint."""
    if manifest.key != key:
        raise OtherKey(
            f"{name} was made with the SECRET_KEY of fingerprint {manifest.key}, and this site's "
            f"is {key}; set that key, or accept with --another-key that links in old mails end "
            "and everybody signs in again"
        )


def check_contents(manifest: Manifest, contents: Contents) -> None:
    """Raises Different, naming the first table, unless all rows are those that were saved."""
    if dict(contents.tables) == manifest.tables:
        return
    names = sorted({*contents.tables, *manifest.tables})
    for name in names:
        saved, found = manifest.tables.get(name), contents.tables.get(name)
        if saved != found:
            raise Different(
                f"the table {name} has {_rows(found)} where {_rows(saved)} were saved; "
                "use another backup"
            )


def _rows(table: Table | None) -> str:
    return f"{table.rows} rows (digest {table.digest[:8]})" if table else "no rows and no table"
