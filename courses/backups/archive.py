"""The file of a backup: a zip archive of a manifest and a database, sealed by a checksum.

The seal is the archive's comment: the SHA-256 of every byte before it. So one changed byte
anywhere is found, and the file still opens with any zip program. Plain Python.
"""

import hashlib
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from courses.backups.manifest import Manifest, Member, read_manifest
from courses.backups.refusals import BadArchive

MANIFEST, DATABASE = "manifest.json", "database"
SEAL, HEX = b"notice-backup sha256 ", 64
ENCRYPTED = (".gpg", ".asc", ".age")
LARGEST_MANIFEST = 5_000_000  # bytes
BLOCK = 1 << 20
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)


def describe(path: Path) -> Member:
    """The size and the checksum of a file."""
    with path.open("rb") as file:
        return Member(size=path.stat().st_size, sha256=_hash(file, path.stat().st_size))


def write_archive(path: Path, manifest: Manifest, database: Path) -> None:
    """Writes the sealed archive, readable by its owner alone; `path` must not be there yet."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.comment = SEAL + b"0" * HEX
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
            member = archive.open(DATABASE, "w", force_zip64=True)
            with member, database.open("rb") as source:
                shutil.copyfileobj(source, member, BLOCK)
        _seal(file)
        os.fsync(file.fileno())


def _seal(file: BinaryIO) -> None:
    """Puts the checksum of all that stands before it at the end of the file."""
    size = file.seek(0, os.SEEK_END)
    checksum = _hash(file, size - HEX)
    file.seek(size - HEX)
    file.write(checksum.encode())
    file.flush()


def _hash(file: BinaryIO, size: int) -> str:
    """The SHA-256 of the first `size` bytes."""
    checksum = hashlib.sha256()
    file.seek(0)
    while size > 0:
        block = file.read(min(BLOCK, size))
        if not block:
            break
        checksum.update(block)
        size -= len(block)
    return checksum.hexdigest()


@contextmanager
def open_archive(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose seal holds, with its manifest; raises BadArchive and NewerBackup."""
    try:
        file = path.open("rb")
    except OSError as error:
        message = f"{path.name} cannot be read ({error.strerror}); name the file of a backup"
        raise BadArchive(message) from None
    with file:
        _check_seal(file, path.name)
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED:
            raise BadArchive(f"{path.name} is a damaged zip file; use another backup") from None
        with archive:
            yield archive, _manifest(archive, path.name)


def _check_seal(file: BinaryIO, name: str) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - len(SEAL) - HEX, 0))
    seal = file.read()
    if not seal.startswith(SEAL) and name.endswith(ENCRYPTED):
        raise BadArchive(
            f"{name} is encrypted; decrypt it with its private key, or use another one"
        )
    if not seal.startswith(SEAL):
        raise BadArchive(f"{name} is no backup of Notice, or its end is missing; use another one")
    if seal.removeprefix(SEAL) != _hash(file, size - HEX).encode():
        raise BadArchive(f"{name} is damaged: its checksum does not fit; use another backup")


def _manifest(archive: zipfile.ZipFile, name: str) -> Manifest:
    """Nothing is unpacked by a name of the archive: it has these two members or is refused."""
    if sorted(archive.namelist()) != [DATABASE, MANIFEST]:
        message = f"{name} does not hold one manifest and one database; use another backup"
        raise BadArchive(message)
    try:
        with archive.open(MANIFEST) as member:
            data = member.read(LARGEST_MANIFEST + 1)
    except DAMAGED:
        raise BadArchive(f"{name} has a damaged manifest; use another backup") from None
    if len(data) > LARGEST_MANIFEST:
        raise BadArchive(f"{name} has a manifest of impossible length; use another backup")
    return read_manifest(data, name)


def unpack_database(archive: zipfile.ZipFile, manifest: Manifest, to: Path, name: str) -> None:
    """Writes the database of the archive into a new file; raises BadArchive if it is another."""
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, archive.open(DATABASE) as member:
            unpacked = _copy(member, file, manifest.database.size)
            os.fsync(file.fileno())
    except DAMAGED:
        raise BadArchive(f"{name} has a damaged database in it; use another backup") from None
    if unpacked != manifest.database:
        message = f"{name} holds another database than its manifest says; use another backup"
        raise BadArchive(message)


def _copy(source: IO[bytes], to: BinaryIO, size: int) -> Member:
    """Copies one byte more than `size` at most: a member that unpacks without end stops here.

    Returns what was copied, so that it need not be read once more.
    """
    checksum, left = hashlib.sha256(), size + 1
    while left > 0:
        block = source.read(min(BLOCK, left))
        if not block:
            break
        to.write(block)
        checksum.update(block)
        left -= len(block)
    return Member(size=size + 1 - left, sha256=checksum.hexdigest())
