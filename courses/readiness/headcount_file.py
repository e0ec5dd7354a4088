"""Staff in post as a file of rows: what each row says, or what is wrong with it. Plain Python.

The columns are those of the file that the page offers, so what was downloaded can be sent back:
Team, Professional role, Staff in post, As of, Source.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from courses.web.spreadsheets import plain_cell

HEADER = ("Team", "Professional role", "Staff in post", "As of", "Source")
MOST_ROWS = 2000
LARGEST = 100_000
FIRST_DAY = date(2015, 1, 1)


@dataclass(frozen=True)
class FileRow:
    """One row that can be read; `number` None: staff in post is not known."""

    team: str
    profession: str
    number: int | None
    as_of: date
    source: str


@dataclass(frozen=True)
class FileProblem:
    """What is wrong, with the row of the spreadsheet (the header is row 1) and the column."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.words}"


class RowError(Exception):
    """One cell cannot be read."""

    def __init__(self, column: str, words: str) -> None:
        self.column, self.words = column, words
        super().__init__(words)


def read_headcounts(
    data: bytes, teams: Mapping[str, str], professions: Mapping[str, str], today: date
) -> tuple[list[FileRow], list[FileProblem]]:
    """The rows of a CSV file and everything that is wrong with it, in the file's order.

    Commas and semicolons are understood, with or without a byte order mark. Empty rows are left
    out.

    Args:
        teams: the names that a team may have, lower-case, and what each stands for.
        professions: the same of professional roles.
    """
    try:
        cells = _cells(data)
    except (UnicodeDecodeError, csv.Error):
        return [], [FileProblem(1, "file", "this is no CSV file. Save it as CSV and send it again")]
    if not cells or not _is_header(cells[0]):
        words = f"the columns must be: {', '.join(HEADER)}"
        return [], [FileProblem(1, "header", words)]
    if len(cells) > MOST_ROWS + 1:
        words = f"this file has {len(cells) - 1} rows; up to {MOST_ROWS} are read at once"
        return [], [FileProblem(len(cells), "file", words)]
    return _rows_and_problems(cells, teams, professions, today)


def _cells(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig").replace("\0", "")
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [_plain_cells(row) for row in rows]


def _plain_cells(row: Sequence[str]) -> list[str]:
    return [plain_cell(cell.strip()) for cell in row]


def _is_header(row: Sequence[str]) -> bool:
    wanted = [name.casefold() for name in HEADER]
    return [name.casefold() for name in row[: len(HEADER)]] == wanted


def _rows_and_problems(
    cells: Sequence[Sequence[str]],
    teams: Mapping[str, str],
    professions: Mapping[str, str],
    today: date,
) -> tuple[list[FileRow], list[FileProblem]]:
    rows: list[FileRow] = []
    problems = []
    seen: dict[tuple[str, str, date], int] = {}
    for number, row in enumerate(cells[1:], start=2):
        if not any(row):
            continue
        try:
            read = _read_row([*row, "", "", "", "", ""], teams, professions, today)
            _refuse_repeated(read, seen, number)
        except RowError as error:
            problems.append(FileProblem(number, error.column, error.words))
        else:
            rows.append(read)
    return rows, problems


def _read_row(
    row: Sequence[str], teams: Mapping[str, str], professions: Mapping[str, str], today: date
) -> FileRow:
    team = teams.get(row[0].casefold())
    if team is None:
        raise RowError("Team", f"no team of yours is called “{row[0][:60]}”")
    profession = professions.get(row[1].casefold())
    if profession is None:
        raise RowError("Professional role", f"“{row[1][:60]}” is none of the roles we know")
    source = row[4]
    if not source or len(source) > 120:
        raise RowError("Source", "say in up to 120 letters where the number is from")
    return FileRow(team, profession, _number(row[2]), _day(row[3], today), source)


def _number(text: str) -> int | None:
    """The number in a cell; None for an empty one, which is not known."""
    if not text:
        return None
    plain = text.replace(",", "").removesuffix(".0")
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 6 or int(plain) > LARGEST:
        raise RowError("Staff in post", f"“{text[:30]}” is no whole number up to 100,000")
    return int(plain)


def _day(text: str, today: date) -> date:
    """A day as 2026-11-30 or 30/11/2026, the two ways in which British spreadsheets write it."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if FIRST_DAY <= day <= today:
            return day
        raise RowError("As of", "the day must be from 2015 to today")
    raise RowError("As of", f"“{text[:30]}” is no day; write it as 2026-11-30")


def _refuse_repeated(row: FileRow, seen: dict[tuple[str, str, date], int], number: int) -> None:
    key = (row.team, row.profession, row.as_of)
    if key in seen:
        words = f"row {seen[key]} has the same team, role and day; keep one of them"
        raise RowError("Team", words)
    seen[key] = number
