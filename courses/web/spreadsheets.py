"""Tables as files, CSV and XLSX, that open in any spreadsheet and run in none.

What the rows say comes from the package whose table it is.
"""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"

# What a spreadsheet reads as the start of a formula, with the full-width forms of = + - and @.
FORMULA_STARTS = (
    "=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20",
)  # fmt: skip
# XML 1.0, section 2.2: the characters that no XLSX file can hold.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CHUNK = 64 * 1024


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet reads as a formula; None is empty.

    What begins like a formula gets an apostrophe in front. The source of the rule is OWASP's page
    "CSV Injection". `plain_cell` takes the apostrophe off again.
    """
    text = NOT_IN_XML.sub("", "" if value is None else str(value))
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def plain_cell(text: str) -> str:
    """The text of a cell without the apostrophe that `safe_cell` put in front of a formula."""
    is_guarded = text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA_STARTS)
    return text[1:] if is_guarded else text


def csv_rows(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The file in pieces, by RFC 4180: cells quoted, CRLF at line ends. UTF-8 with a mark."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    # Without the byte order mark, Excel takes the file for the machine's old character set.
    out.write("\ufeff")
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        if out.tell() > CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def xlsx_file(
    header: Sequence[object], rows: Iterable[Sequence[object]], title: str = "Sheet1"
) -> IO[bytes]:
    """A temporary file, open at its start, with one sheet of text cells under a header that stays.

    Every cell is text, so that an employee number keeps its leading zeros and nothing becomes a
    date. `title` is the sheet's name, of at most 31 characters. Closing the file deletes it.
    """
    # here, so that a web worker that writes no spreadsheet does not hold it in memory
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([safe_cell(cell) for cell in header])
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller sends it, and closes it
    workbook.save(file)
    file.seek(0)
    return file
