"""An XLSX workbook as the text of its cells. What Excel did to them is undone or named.

Plain Python, no Django. CSV is in `reading`.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from courses.roster.columns import HEADER_WITHIN, column_of
from courses.roster.reading import SAVE_AGAIN, Sheet, Table, Unreadable, table_of

MAX_UNPACKED = 60_000_000  # bytes of all parts together; a roster of 5,000 rows has about 3 MB
MAX_RATIO = 200  # of unpacked to packed bytes of one part: sheets have about 10
MAX_PARTS = 2_000
MAX_COLUMNS = 60
MAX_SCANNED = 1_048_576  # the rows of a sheet; a file may name a row that no sheet has
EXACT_DIGITS = 15  # of a number that Excel keeps
NO_VALUE = "A formula without a result stands here. Copy the column, paste it as values, and save."
MERGED = "This cell is merged with another. Unmerge the cells, and write the value in each row."


def read_workbook(data: bytes) -> Table:
    """The table in the first visible sheet that has a column of addresses.

    Raises:
        Unreadable: it is no workbook, is locked or harmful, or has no such sheet.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_old_or_locked(data))
    _check_parts(data)
    try:
        return _table_in(data)
    except Unreadable:
        raise
    except Exception as error:  # what a damaged workbook makes its reader raise has no one class
        raise Unreadable(f"This workbook is damaged. {SAVE_AGAIN}") from error


def _old_or_locked(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return (
            "This workbook is locked with a password. Save a copy without one, and choose that. "
            "Nothing was read, and nothing was changed."
        )
    return f"This is a file of the old kind (.xls or .doc). {SAVE_AGAIN}"


def _check_parts(data: bytes) -> None:
    """Raises Unreadable for what is no workbook, or unpacks to far more than a roster."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable(f"This workbook is damaged. {SAVE_AGAIN}") from None
    if "xl/workbook.xml" not in names:
        raise Unreadable(f"This is not an Excel workbook (.xlsx). {SAVE_AGAIN}")
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable(f"This workbook is locked with a password. {SAVE_AGAIN}")
    is_huge = sum(part.file_size for part in parts) > MAX_UNPACKED
    if is_huge or len(parts) > MAX_PARTS or any(_is_bomb(part) for part in parts):
        raise Unreadable(f"This workbook unpacks to far more than a list of people. {SAVE_AGAIN}")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    # A small part may repeat itself a lot: what fills memory is large.
    return part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(1, part.compress_size)


def _table_in(data: bytes) -> Table:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise Unreadable("Every sheet of this workbook is hidden. Show the one to be read.")
        chosen = next((sheet for sheet in visible if _has_header(sheet)), visible[0])
        notes = _sheet_notes(workbook, chosen)
        markup = _markup(data, chosen)
        problems = _merged(markup)
        problems |= _without_value(data, chosen.title, markup)
        return table_of(Sheet(_rows(chosen, problems), problems, notes))
    finally:
        workbook.close()


def _has_header(sheet: Any) -> bool:
    rows = sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MAX_COLUMNS, values_only=True)
    return any("email" in _columns_in(row) for row in rows)


def _columns_in(row: tuple[Any, ...]) -> list[str | None]:
    return [column_of(value) for value in row if isinstance(value, str)]


def _sheet_notes(workbook: Any, chosen: Any) -> tuple[str, ...]:
    others = []
    for sheet in workbook.worksheets:
        if sheet is not chosen:
            hidden = "" if sheet.sheet_state == "visible" else " (hidden)"
            others.append(f"{sheet.title}{hidden}")
    if not others:
        return ()
    return (f"The sheet “{chosen.title}” was read. Not read: {', '.join(others[:8])}.",)


def _markup(data: bytes, sheet: Any) -> str:
    """The XML of one sheet, for what the reader in row order does not tell."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(sheet._worksheet_path).decode("utf-8", "replace")


def _merged(markup: str) -> dict[tuple[int, int], str]:
    """A problem for every cell that a merge emptied; merges above the people do no harm."""
    problems = {}
    for reference in re.findall(r'<(?:\w+:)?mergeCell ref="([A-Z0-9:]+)"', markup)[:5_000]:
        left, top, right, bottom = range_boundaries(reference)
        if not (left and top and right and bottom):
            continue
        for row in range(top, min(bottom, top + 5_000) + 1):
            for column in range(left, min(right, MAX_COLUMNS) + 1):
                if (row, column) != (top, left):
                    problems[row, column - 1] = MERGED
        if len(problems) > 100_000:
            raise Unreadable("Too many cells of this sheet are merged. Unmerge them, and save.")
    return problems


def _without_value(data: bytes, title: str, markup: str) -> dict[tuple[int, int], str]:
    """A problem for every formula whose result is not in the file."""
    if not re.search(r"<(?:\w+:)?f[ >/]", markup):
        return {}
    formulas = load_workbook(io.BytesIO(data), read_only=True)
    values = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    problems = {}
    try:
        pairs = zip(_cells(formulas[title]), _cells(values[title]), strict=False)
        for (number, written), (_, shown) in pairs:
            for index, cell in enumerate(written):
                is_formula = getattr(cell, "data_type", "") == "f"
                if is_formula and (index >= len(shown) or shown[index].value is None):
                    problems[number, index] = NO_VALUE
    finally:
        formulas.close()
        values.close()
    return problems


def _cells(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The cells of each row with its number, from 1."""
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        if number > MAX_SCANNED:
            raise Unreadable(f"This sheet names rows that no sheet has. {SAVE_AGAIN}")
        yield number, row


def _rows(sheet: Any, problems: dict[tuple[int, int], str]) -> Iterator[tuple[int, list[str]]]:
    """The text of each row; what is found wrong on the way is added to `problems`."""
    for number, row in _cells(sheet):
        cells = []
        for index, cell in enumerate(row):
            text, problem = text_of(cell.value, getattr(cell, "number_format", "") or "")
            cells.append(text)
            if problem:
                problems[number, index] = problem
        # A row of which all that is known is a problem is a row of somebody.
        yield number, cells


def text_of(value: Any, number_format: str = "") -> tuple[str, str]:
    """A cell's value as the text its reader saw, and what is wrong with it ("": nothing).

    Args:
        number_format: as “00000”, by which Excel shows the leading zeros of a number.
    """
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, datetime):
        return value.date().isoformat(), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, int | float):
        return _number_text(value, number_format)
    return str(value), ""


def _number_text(value: float, number_format: str) -> tuple[str, str]:
    if value != value or value in (float("inf"), float("-inf")):
        return "", "This is no number. Write the value itself."
    is_whole = value == int(value)
    text = str(int(value)) if is_whole else repr(value)
    if is_whole and len(text.lstrip("-")) > EXACT_DIGITS:
        return text, (
            f"Excel keeps {EXACT_DIGITS} digits of a number, and this one had more, so the last "
            "ones are lost. Set the column to Text, and type the number again."
        )
    if is_whole and re.fullmatch("0+", number_format):
        text = text.zfill(len(number_format))
    return text, ""
