"""Files and zip archives of strangers, read with bounds on everything. What stands in them is read in `trees` and `gift`.

Nothing is ever unpacked to disk. An entry is unpacked only when it is asked for, and never beyond its bound.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from courses.exchange.refusals import (
    BadArchive,
    BadPath,
    Encrypted,
    Inflated,
    Location,
    Nested,
    NotAFile,
    NotText,
    Refused,
    SameName,
    TooDeep,
    TooLarge,
    TooMany,
)

LARGEST = 5_000_000  # bytes of a file, and of an entry that is read
MOST_ENTRIES = 2_000
MOST_UNPACKED = 50_000_000  # bytes of all entries together
HIGHEST_RATIO = 100  # XML packs about 5 to 1
DEEPEST = 10  # folders
LONGEST_NAME = 200
ZIP, DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
PACKED = (
    ZIP,
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)
PACKED_NAME = re.compile(
    r"\.(zip|jar|gz|tgz|tar|bz2|xz|7z|rar|zst|imscc|h5p|mbz|epub|docx|odt|xlsx|pptx)$", re.I
)


def read_file(path: Path) -> bytes:
    """The bytes of a file of a stranger.

    Raises:
        TooLarge, BadArchive: it is larger than a bank of items can be, or cannot be read.
    """
    place = Location(path.name)
    try:
        if not path.is_file():
            raise BadArchive(place, "is not a file; name the file that was exported")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadArchive(
            place, f"cannot be read ({error.strerror}); name the file that was exported"
        ) from None
    if len(data) > LARGEST:
        raise TooLarge(
            place, f"is larger than {LARGEST // 1_000_000} MB; export fewer items at once"
        )
    return data


def write_new(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files, or none: none of them may be there yet.

    Raises:
        BadArchive: one is there, or cannot be written.
    """
    written: list[Path] = []
    try:
        for path, data in files.items():
            with path.open("xb") as file:
                written.append(path)
                file.write(data)
    except OSError as error:
        for done in written:
            done.unlink()
        what = (
            "is there already; name another file, or take it away"
            if path.exists()
            else f"fails: {error.strerror}"
        )
        raise BadArchive(Location(path.name), what) from None


def as_text(data: bytes, place: Location) -> str:
    """The text of a file or entry, lines ending in a newline; raises NotText."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise NotText(place, f"is not UTF-8 at byte {error.start}; save it as UTF-8") from None


class Archive:
    """A zip archive whose every entry was looked at before any was unpacked.

    Raises:
        Refused: one of the named reasons, with the entry.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if not data.startswith(ZIP):
            self._refuse(BadArchive, name, "is not a zip file; export it as a package again")
        if (
            data.count(DIRECTORY) > MOST_ENTRIES
        ):  # counted in the bytes: zipfile would first read all of them
            self._refuse(
                TooMany, name, f"has more than {MOST_ENTRIES:,} entries; export fewer items at once"
            )
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (
            zipfile.BadZipFile,
            struct.error,
            ValueError,
            NotImplementedError,
            OSError,
            EOFError,
        ) as error:
            raise BadArchive(
                Location(name), f"is a damaged zip file ({error}); export it again"
            ) from None
        self.entries = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        self._check()

    def read(self, entry: str) -> bytes:
        """The bytes of an entry, which must be there; raises BadArchive and TooLarge."""
        if self.entries[entry].file_size > LARGEST:
            self._refuse(
                TooLarge,
                entry,
                f"unpacks to more than {LARGEST // 1_000_000} MB; take it out of the package",
            )
        return self._unpack(entry, LARGEST)

    def _check(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > MOST_ENTRIES:
            self._refuse(
                TooMany,
                self.name,
                f"has more than {MOST_ENTRIES:,} entries; export fewer items at once",
            )
        seen: set[str] = set()
        for info in infos:
            self._check_path(info)
            self._check_entry(info)
            if info.filename.casefold().rstrip("/") in seen:
                self._refuse(
                    SameName, info.filename, "stands in the archive twice; export it again"
                )
            seen.add(info.filename.casefold().rstrip("/"))
        if sum(info.file_size for info in infos) > MOST_UNPACKED:
            self._refuse(
                TooLarge,
                self.name,
                f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB; export fewer items",
            )
        for entry in self.entries:
            self._check_contents(entry)

    def _check_path(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        shown = re.sub(r"[^\x20-\x7e]", "?", name[:60])
        if len(name) > LONGEST_NAME or info.filename.count("/") > DEEPEST:
            self._refuse(
                TooDeep,
                shown,
                "has a name that is too long or too deep; export it with shorter names",
            )
        if any(ord(letter) < 32 or letter in "\\\x7f" for letter in name):
            self._refuse(
                BadPath, shown, "has a backslash or control character in its name; export it again"
            )
        if name.startswith("/") or re.match(r"[A-Za-z]:", name):
            self._refuse(
                BadPath,
                shown,
                "has a path from the root of a disk; a path in a package is relative",
            )
        if any(part in {"", ".", ".."} for part in name.removesuffix("/").split("/")):
            self._refuse(
                BadPath,
                shown,
                "has a path that leads out of the archive; a path in a package leads down",
            )

    def _check_entry(self, info: zipfile.ZipInfo) -> None:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
            self._refuse(
                NotAFile, info.filename, "is a link or a device, not a file; pack the file itself"
            )
        if info.flag_bits & 0x2041:  # encrypted, strongly encrypted, or a masked directory
            self._refuse(
                Encrypted, info.filename, "is encrypted; export the package without a password"
            )
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            self._refuse(
                BadArchive,
                info.filename,
                "is packed in an unusual way; pack it as an ordinary zip file",
            )
        if info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
            self._refuse(
                Inflated,
                info.filename,
                f"unpacks to more than {HIGHEST_RATIO} times its size; take it out",
            )
        if PACKED_NAME.search(info.filename):
            self._refuse(
                Nested,
                info.filename,
                "is an archive inside the archive; unpack it, and import it by itself",
            )

    def _check_contents(self, entry: str) -> None:
        if self._unpack(entry, 8, whole=False).startswith(PACKED):
            self._refuse(
                Nested,
                entry,
                "is an archive inside the archive; unpack it, and import it by itself",
            )

    def _unpack(self, entry: str, most: int, whole: bool = True) -> bytes:
        """At most so many bytes of an entry; when `whole`, its length and checksum must be what the archive says."""
        try:
            with self._zip.open(self.entries[entry]) as file:
                data = file.read(most)
                if whole and (file.read(1) or len(data) != self.entries[entry].file_size):
                    self._refuse(
                        BadArchive,
                        entry,
                        "is longer or shorter than the archive says; export it again",
                    )
                return data
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise BadArchive(Location(entry), f"is damaged ({error}); export it again") from None

    def _refuse(self, reason: type[Refused], entry: str, what: str) -> NoReturn:
        raise reason(Location(entry), what)
