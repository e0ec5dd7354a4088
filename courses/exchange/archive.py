"""Files and zip archives of other systems, read within bounds. Their contents are read elsewhere.

Nothing is ever unpacked to disk. An entry is unpacked only when it is asked for, and never beyond
its bound.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from courses.exchange.refusals import BadArchive, BadFile, Location, TooMuch

LARGEST = 5_000_000  # bytes of a file, and of an entry that is read
MOST_ENTRIES = 2_000
MOST_UNPACKED = 50_000_000  # bytes of all entries together
HIGHEST_RATIO = 100  # XML packs about 5 to 1
DEEPEST = 10  # folders
LONGEST_NAME = 200
ZIP, DIRECTORY = b"PK\x03\x04", b"PK\x01\x02"
GZIP, BZIP, XZ, ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"
PACKED = (ZIP, b"PK\x05\x06", GZIP, BZIP, XZ, b"7z\xbc\xaf", b"Rar!", ZSTD)
SUFFIXES = "zip|jar|gz|tgz|tar|bz2|xz|7z|rar|zst|imscc|h5p|mbz|epub|docx|odt|xlsx|pptx"
PACKED_NAME = re.compile(rf"\.({SUFFIXES})$", re.I)
NESTED = "is an archive inside the archive; unpack it, and import it by itself"
ENCRYPTED = 0x2041  # flags: encrypted, strongly encrypted, or a masked directory
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


def read_file(path: Path) -> bytes:
    """The bytes of a file of another system; raises TooMuch and BadArchive."""
    place = Location(path.name)
    try:
        if not path.is_file():
            raise BadArchive(place, "is not a file; name the file that was exported")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        what = f"cannot be read ({error.strerror}); name the file that was exported"
        raise BadArchive(place, what) from None
    if len(data) > LARGEST:
        what = f"is larger than {LARGEST // 1_000_000} MB; export fewer items at once"
        raise TooMuch(place, what)
    return data


def write_new(files: Mapping[Path, bytes]) -> None:
    """Writes all of these files or none; raises BadArchive, also when one exists already."""
    written: list[Path] = []
    try:
        for path, data in files.items():
            with path.open("xb") as file:
                written.append(path)
                file.write(data)
    except OSError as error:
        # Only files that were made here: one that was there before is never touched.
        for done in written:
            done.unlink()
        what = f"fails: {error.strerror}"
        if path.exists():
            what = "is there already; name another file, or take it away"
        raise BadArchive(Location(path.name), what) from None


def as_text(data: bytes, place: Location) -> str:
    """The text of a file or entry, lines ending in a newline; raises BadFile."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadFile(place, f"is not UTF-8 at byte {error.start}; save it as UTF-8") from None


class Archive:
    """A zip archive, all its entries checked before one is read; raises BadArchive, TooMuch."""

    def __init__(self, data: bytes, name: str) -> None:
        place = Location(name)
        if not data.startswith(ZIP):
            raise BadArchive(place, "is not a zip file; export it as a package again")
        # Counted in the bytes: zipfile would read all of a huge directory before it can be asked.
        if data.count(DIRECTORY) > MOST_ENTRIES:
            what = f"has more than {MOST_ENTRIES:,} entries; export fewer items at once"
            raise TooMuch(place, what)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except DAMAGED as error:
            what = f"is a damaged zip file ({error}); export it again"
            raise BadArchive(place, what) from None
        infos = self._zip.infolist()
        self._check(infos)
        if sum(info.file_size for info in infos) > MOST_UNPACKED:
            what = f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB; export fewer items"
            raise TooMuch(place, what)
        # The beginning of every entry is looked at, for a name can lie about what it is.
        self.entries = {info.filename: info for info in infos if not info.is_dir()}
        for entry in self.entries:
            if self._unpack(entry, 8, is_whole=False).startswith(PACKED):
                raise BadArchive(Location(entry), NESTED)

    def read(self, entry: str) -> bytes:
        """The bytes of an entry, which must be there; raises BadArchive and TooMuch."""
        if self.entries[entry].file_size > LARGEST:
            what = f"unpacks to more than {LARGEST // 1_000_000} MB; take it out of the package"
            raise TooMuch(Location(entry), what)
        return self._unpack(entry, LARGEST)

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        names: set[str] = set()
        for info in infos:
            place = Location(re.sub(r"[^\x20-\x7e]", "?", info.orig_filename[:60]))
            for what in _faults(info):
                raise BadArchive(place, what)
            name = info.filename.casefold().rstrip("/")
            if name in names:
                raise BadArchive(place, "stands in the archive twice; export it again")
            names.add(name)

    def _unpack(self, entry: str, most: int, is_whole: bool = True) -> bytes:
        """At most so many bytes of an entry. `is_whole` also checks its length and checksum."""
        info = self.entries[entry]
        try:
            with self._zip.open(info) as file:
                data = file.read(most)
                # Only at the very end does zipfile compare the checksum.
                is_longer = is_whole and bool(file.read(1))
        except DAMAGED as error:
            raise BadArchive(Location(entry), f"is damaged ({error}); export it again") from None
        if is_longer or (is_whole and len(data) != info.file_size):
            what = "is longer or shorter than the archive says; export it again"
            raise BadArchive(Location(entry), what)
        return data


def _faults(info: zipfile.ZipInfo) -> Iterator[str]:
    """Why an entry is refused by what the directory of the archive says of it."""
    name = info.orig_filename
    if len(name) > LONGEST_NAME or name.count("/") > DEEPEST:
        yield "has a name that is too long or too deep; export it with shorter names"
    if re.search(r"[\x00-\x1f\\\x7f]", name):
        yield "has a backslash or control character in its name; export it again"
    if re.match(r"/|[A-Za-z]:", name):
        yield "has a path from the root of a disk; a path in a package is relative"
    if {"", ".", ".."} & set(name.removesuffix("/").split("/")):
        yield "has a path that leads out of the archive; a path in a package leads down"
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        yield "is a link or a device, not a file; pack the file itself"
    if info.flag_bits & ENCRYPTED:
        yield "is encrypted; export the package without a password"
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        yield "is packed in an unusual way; pack it as an ordinary zip file"
    if info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
        yield f"unpacks to more than {HIGHEST_RATIO} times its size; take it out"
    if PACKED_NAME.search(name):
        yield NESTED
