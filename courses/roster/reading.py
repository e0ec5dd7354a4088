"""A file, or cells pasted from a spreadsheet, as the text of its cells. Plain Python, no Django.

CSV and text are read here, XLSX in `workbooks`. What the cells mean is in `rows`.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from courses.roster.columns import HEADER_WITHIN, IGNORED, MAX_ROWS, NAMES, column_of, key_of

MAX_BYTES = 5_000_000
DELIMITERS = (",", ";", "\t", "|")
MOST_NAMED = 8  # unknown columns that a note names
SIGNATURES = (
    (b"%PDF", "This is a PDF, whatever its name ends in."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
    (b"GIF8", "This is a picture."),
    (b"{\\rtf", "This is a text document (RTF)."),
    (b"\x1f\x8b", "This is a compressed file."),
    (b"Rar!", "This is a compressed file."),
    (b"7z\xbc\xaf", "This is a compressed file."),
)
SAVE_AGAIN = (
    "Open it in the spreadsheet, choose “Save as”, and save it as “CSV UTF-8” or as “Excel "
    "workbook (.xlsx)”. Nothing was read, and nothing was changed."
)


class Unreadable(Exception):
    """A file of which nothing can be read. The message says why, and what to do."""


@dataclass(frozen=True)
class Sheet:
    """Rows as they came. `number` of a row is its number in the spreadsheet, from 1.

    `problems` are of single cells, by row number and index of the cell: (3, 0) is A3.
    """

    rows: Iterable[tuple[int, list[str]]]
    problems: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What stands below the names of the columns, rows without anything left out.

    `columns` are the keys of the columns that were understood, in the order of the file.
    `rows` are (row number, key → text, key → what is wrong with the cell).
    """

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str], dict[str, str]]]
    notes: tuple[str, ...] = ()


def read_file(data: bytes) -> Table:
    """The table in a file. Its kind is told by its content: names of files are often wrong.

    Raises:
        Unreadable: it is no CSV or XLSX file, or has no column of addresses, or too many rows.
    """
    if not data.strip():
        raise Unreadable("This file is empty. Choose the file with the people in it.")
    if len(data) > MAX_BYTES:
        raise Unreadable("This file is larger than 5 MB. Take out pictures and other sheets.")
    for signature, words in SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"{words} {SAVE_AGAIN}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        # here, so that a web worker that reads no workbook does not hold its reader in memory
        from courses.roster.workbooks import read_workbook

        return read_workbook(data)
    return read_text_table(decoded(data))


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 or Windows-1252, with or without a byte order mark.

    Raises:
        Unreadable: it is none of them.
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(f"This is not a table, or it is damaged: it holds no readable text. "
                     f"{SAVE_AGAIN}")  # fmt: skip


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Of western text in UTF-16, every second byte is a NUL.
    if data[1:2] == b"\0":
        return ("utf-16-le",)
    if data[:1] == b"\0":
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def read_text_table(text: str) -> Table:
    """The table in the text of a CSV file, whichever character separates its cells.

    Raises:
        Unreadable: see `read_file`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 1)
    offset = 0
    if re.fullmatch(r"sep=.", lines[0].strip(), re.IGNORECASE):  # a habit of Excel's own
        text, offset = (lines[1] if len(lines) > 1 else ""), 1
    most, chosen = -1, ","
    for delimiter in DELIMITERS:
        understood = _understood(text, delimiter)
        if understood > most:
            most, chosen = understood, delimiter
    return table_of(Sheet(_csv_rows(text, chosen, offset)))


def _understood(text: str, delimiter: str) -> int:
    """How many columns are understood where this character separates the cells."""
    try:
        for number, cells in _csv_rows(text, delimiter):
            columns = [column_of(cell) for cell in cells]
            if "email" in columns:
                return len(columns) - columns.count(None)
            if number >= HEADER_WITHIN:
                break
    except Unreadable:
        return -1
    return -1


def _csv_rows(text: str, delimiter: str, offset: int = 0) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from enumerate(reader, 1 + offset)
    except csv.Error:
        raise Unreadable(
            "A cell of this file does not end: a quotation mark may be missing. " + SAVE_AGAIN
        ) from None


def table_of(sheet: Sheet) -> Table:
    """The rows below the names of the columns, which may have titles above them.

    Raises:
        Unreadable: no row names a column of addresses, a column is there twice, or rows are too
            many or none.
    """
    rows = iter(sheet.rows)
    names = _header(rows)
    columns = [column_of(name) for name in names]
    _forbid_twice(columns, names)
    table = []
    count = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count <= MAX_ROWS:
            table.append(_row(number, cells, columns, sheet.problems))
    _check_count(count)
    understood = tuple(column for column in columns if column)
    return Table(understood, table, (*sheet.notes, *_unknown(columns, names)))


def _header(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    for number, cells in rows:
        if "email" in [column_of(cell) for cell in cells]:
            return cells
        if number >= HEADER_WITHIN:
            break
    raise Unreadable(
        f"No column for email addresses was found in the first {HEADER_WITHIN} rows. The first "
        f"row names the columns: {', '.join(NAMES.values())}. Only Email must be there; the order "
        "does not matter. Nothing was read, and nothing was changed."
    )


def _forbid_twice(columns: list[str | None], names: list[str]) -> None:
    for column in set(columns) - {None}:
        if columns.count(column) > 1:
            both = [name.strip() for name, key in zip(names, columns, strict=True) if key == column]
            raise Unreadable(
                f"The columns {' and '.join(both)} mean the same to us. Take one of them out, and "
                "upload the file again. Nothing was changed."
            )


def _row(
    number: int,
    cells: list[str],
    columns: list[str | None],
    problems: dict[tuple[int, int], str],
) -> tuple[int, dict[str, str], dict[str, str]]:
    values, wrong = {}, {}
    for index, column in enumerate(columns):
        if not column:
            continue
        values[column] = cells[index] if index < len(cells) else ""
        if (number, index) in problems:
            wrong[column] = problems[number, index]
    return number, values, wrong


def _check_count(count: int) -> None:
    if not count:
        raise Unreadable("There is nobody below the names of the columns. Nothing was changed.")
    if count > MAX_ROWS:
        parts = -(-count // MAX_ROWS)
        raise Unreadable(
            f"This file has {count:,} rows of people, and we read {MAX_ROWS:,} at a time. Split it"
            f" into {parts} files, each with the names of the columns in its first row. Nothing "
            "was changed."
        )


def _unknown(columns: list[str | None], names: list[str]) -> tuple[str, ...]:
    unknown = []
    for column, name in zip(columns, names, strict=True):
        if not column and key_of(name) not in IGNORED and name.strip():
            unknown.append(" ".join(name.split())[:40])
    if not unknown:
        return ()
    more = f" and {len(unknown) - MOST_NAMED} more" if len(unknown) > MOST_NAMED else ""
    return (f"Columns we do not read: {', '.join(unknown[:MOST_NAMED])}{more}.",)
