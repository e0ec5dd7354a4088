"""What may lie in a folder of courses, and how its files are opened.

What a file says is read elsewhere.

A folder may come from somebody else. So nothing is opened before it is known to be a plain file
inside the folder: a pipe would be waited for, a device has no end, and a link would publish what
lies outside.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from courses.authoring.reading.diagnostics import Problems
from courses.library.markdown import control_character_in

LARGEST_FILE = 400_000  # bytes
LARGEST_FOLDER = 10_000_000  # bytes of all files; the shipped courses have less than 2 MB
MOST_FILES = 5_000
DEEPEST = 4  # folders below that of the courses; a course needs two
LONGEST_WORD = 60  # letters
LONGEST_RUN = 1_000  # characters without a space: an address has fewer
MOST_LINES = 20  # of a file that are reported for a character or a word
WORD = re.compile(rf"[^\W\d_]{{{LONGEST_WORD + 1},}}")
RUN = re.compile(rf"\S{{{LONGEST_RUN + 1},}}")


def list_files(root: Path, problems: Problems) -> list[Path] | None:
    """Every plain file below `root`, sorted; hidden ones and an editor's copies are left out.

    Adds a problem for whatever is neither a file nor a folder, or cannot be listed. None (and a
    problem) when there is more than is ever read.
    """
    files: list[Path] = []
    size = 0
    folders = [root]
    # A list of our own, because folders can be nested deeper than Python calls functions.
    while folders:
        for path, status in _entries(folders.pop(), problems):
            if stat.S_ISDIR(status.st_mode):
                if _may_be_listed(path, problems):
                    folders.append(path)
            elif reason := _reason_not_to_open(status):
                problems.add(path, 1, path.name, reason)
            else:
                files.append(path)
                size += status.st_size
        if len(files) + len(folders) > MOST_FILES:
            problems.add(root, 1, "courses", f"has more than {MOST_FILES} files; take some away")
            return None
        if size > LARGEST_FOLDER:
            what = f"holds more than {LARGEST_FOLDER // 1_000_000} MB; split it, or shorten it"
            problems.add(root, 1, "courses", what)
            return None
    return sorted(files)


def _entries(folder: Path, problems: Problems) -> Iterator[tuple[Path, os.stat_result]]:
    """What lies in a folder, by name, with its status.

    A link has its own status, not its target's.
    """
    try:
        with os.scandir(folder) as entries:
            # One more than is allowed is enough to refuse the folder.
            names = sorted(entry.name for entry in islice(entries, MOST_FILES + 1))
        names_by_case: dict[str, str] = {}
        for name in names:
            if name.startswith(".") or name.endswith("~"):
                continue
            path = folder / name
            other = names_by_case.setdefault(name.casefold(), name)
            if other != name:
                what = f"differs from {other!r} only in case, and so is the same file to some"
                problems.add(path, 1, name, f"{what} computers; rename one of them")
            if not name.isprintable():
                what = "has a name that cannot be printed"
                problems.add(path, 1, name, f"{what}; use small letters, digits and hyphens")
            yield path, path.lstat()
    except NotADirectoryError:
        return  # only `root` can be a file: then it has no course, which is reported
    except FileNotFoundError:
        return
    except OSError as error:
        problems.add(folder, 1, folder.name, _unreadable(error))


def _may_be_listed(folder: Path, problems: Problems) -> bool:
    depth = len(folder.relative_to(problems.root).parts)
    if depth > DEEPEST:
        what = "is a folder too deep in others to be of a course; move it up, or take it away"
        problems.add(folder, 1, folder.name, what)
    return depth <= DEEPEST


def _reason_not_to_open(status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        # Also a link that stays inside: not every system and no archive keeps it a link.
        return "is a link; put the file or folder itself in its place"
    if not stat.S_ISREG(status.st_mode):
        return "is no file; put one in its place, or take it away"
    return ""


def _unreadable(error: OSError) -> str:
    return f"cannot be read ({error.strerror}); make it readable, or take it away"


def read_bytes(path: Path, problems: Problems) -> bytes | None:
    """What is in a file; None (and a problem) when it is missing, too large or no plain file."""
    problems.read.add(path)
    try:
        if not _is_plain_file(path, problems):
            return None
        # Neither follows a link nor waits for a pipe, should one have come there meanwhile.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        what = "cannot be read; create it, or take its name out of the course"
        problems.add(path, 1, path.name, what)
        return None
    except OSError as error:
        problems.add(path, 1, path.name, _unreadable(error))
        return None
    if len(data) > LARGEST_FILE:
        what = f"is larger than {LARGEST_FILE // 1000} kB; split it"
        problems.add(path, 1, path.name, what)
        return None
    return data


def _is_plain_file(path: Path, problems: Problems) -> bool:
    """Whether it is a plain file in plain folders below the root; adds a problem when not.

    Raises:
        OSError: it is not there, or one may not look.
    """
    places = [path]
    if path.is_relative_to(problems.root):
        inner = path.relative_to(problems.root).parents
        # From the root down, so that the link itself is reported and not what is reached by it.
        places = [problems.root / place for place in reversed(inner)][1:] + places
    for place in places:
        status = place.lstat()
        if place != path and stat.S_ISDIR(status.st_mode):
            continue
        if reason := _reason_not_to_open(status):
            problems.add(place, 1, place.name, reason)
            return False
    return True


def read_text(path: Path, problems: Problems) -> str | None:
    """The text of a file an author writes; None (and problems) when it cannot be read as one.

    The text is kept in `problems.texts`, for checks that look at whole files.
    """
    data = read_bytes(path, problems)
    if data is None:
        return None
    text = decode(data, path, problems)
    if text is None:
        return None
    # Whatever looks at words, or for addresses among them, takes longer than the text is long.
    if faults := _lines_with(text, _overlong_in):
        _report(faults, path, problems)
        return None
    problems.texts[path] = text
    return text


def decode(data: bytes, path: Path, problems: Problems) -> str | None:
    """The text of a file; None (and problems) when it is not UTF-8 or has control characters."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(path, 1, path.name, f"is not UTF-8 at byte {error.start}; save it as UTF-8")
        return None
    if faults := _lines_with(text, _control_character_in):
        _report(faults, path, problems)
        return None
    return text


def _lines_with(text: str, fault_in: Callable[[str], str]) -> list[tuple[int, str]]:
    """The first lines with a fault, and the fault of each."""
    faults = []
    if not fault_in(text):
        return []
    for number, line in enumerate(text.split("\n"), 1):
        if fault := fault_in(line):
            faults.append((number, fault))
            if len(faults) == MOST_LINES:
                break
    return faults


def _report(faults: list[tuple[int, str]], path: Path, problems: Problems) -> None:
    for line, fault in faults:
        problems.add(path, line, path.name, fault)


def _control_character_in(line: str) -> str:
    character = control_character_in(line)
    return f"has the control character {character}; take it out" if character else ""


def _overlong_in(line: str) -> str:
    if word := WORD.search(line):
        letters = len(word[0])
        return f"{word[0][:10] + '…'!r} of {letters} letters is no word; write what is meant"
    if run := RUN.search(line):
        return f"has {len(run[0])} characters without a space; write words"
    return ""
