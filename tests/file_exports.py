"""Every address of the product that gives a table as a file, and how a test opens what it gives.

A route for a new file is listed in FILES: a test compares them with the URLconf.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test import Client
from openpyxl import load_workbook

from tests.test_access import NEEDS, World, url_of

ENDINGS = ("-csv", "-xlsx", "-file")


@dataclass(frozen=True)
class File:
    """A route that gives a table: who asks for it here, how, and what it is called when it comes."""

    route: str
    suffix: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.route} {self.suffix}"


RECORDS, ROSTER = "courses:export-file", "courses:roster-file"
FILES = (
    File("courses:item-analysis-csv", "csv"),
    File("courses:cohort-csv", "csv"),
    File("courses:coverage-csv", "csv"),
    File("courses:staff-in-post-csv", "csv"),
    File("courses:roster-import-csv", "csv"),
    File(ROSTER, "csv", "post", instead={"suffix": "csv"}),
    File(ROSTER, "xlsx", "post", instead={"suffix": "xlsx"}),
    File(RECORDS, "csv", "post", {"layout": "all", "format": "csv"}),
    File(RECORDS, "xlsx", "post", {"layout": "all", "format": "xlsx"}),
)


def routes_of_files() -> set[str]:
    """The routes whose name says that they give a file with a table."""
    return {route for route in NEEDS if route.endswith(ENDINGS)}


@dataclass(frozen=True)
class Opened:
    """A file as a spreadsheet has it: rows of cells with the header first, and which are formulas."""

    rows: list[list[str]]
    formulas: list[str]

    @property
    def cells(self) -> Iterator[str]:
        """Every cell below the header that is not empty."""
        for row in self.rows[1:]:
            yield from filter(None, row)


def open_file(client: Client, world: World, file: File) -> Opened:
    """Asks for the file as its page does, and opens it by its kind."""
    url = url_of(world, file.route, **file.instead)
    response = getattr(client, file.method)(url, file.fields)
    assert response.status_code == 200, (file.route, response.status_code)
    assert f'.{file.suffix}"' in response["Content-Disposition"], file.route
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return sheet_in(content) if file.suffix == "xlsx" else table_in(content)


# Excel and LibreOffice read these as the start of a formula, after spaces too.
STARTS = "=+-@\t\r\n＝＋－＠"


def table_in(content: bytes) -> Opened:
    """A CSV file, with its byte order mark."""
    assert content.startswith("\ufeff".encode())
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    formulas = []
    for row in rows:
        formulas += [cell for cell in row if cell.lstrip(" ")[:1] in tuple(STARTS)]
    return Opened(rows, formulas)


def sheet_in(content: bytes) -> Opened:
    """The first sheet of an XLSX file."""
    sheet = load_workbook(io.BytesIO(content)).active
    rows, formulas = [], []
    for row in sheet.iter_rows():
        rows.append([cell.value or "" for cell in row])
        for cell in row:
            # Numbers and dates are no formulas, but no text either, which every cell is to be.
            if cell.value is not None and cell.data_type not in {"s", "inlineStr"}:
                formulas.append(cell.value)
    return Opened(rows, formulas)
