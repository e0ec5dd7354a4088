"""Files of people for the tests of rosters: CSV as bytes, workbooks made by openpyxl."""

import io

from openpyxl import Workbook

HEADER = "Name,Email,Employee number,Professional role,Team,Sub-team,Role,Cohort,Leaves"
# Ten rows, each broken in a way of its own, between two that are right.
BROKEN = "\r\n".join(
    [
        HEADER,
        "Nia Good,nia@example.org,0017,Health visitor,North,,Learner,Autumn,",
        "No Address,,18,,,,,,",
        "Not Address,nobody at example,19,,,,,,",
        "Two Addresses,a@example.org; b@example.org,20,,,,,,",
        "Short Number,short@example.org,1.23E+05,,,,,,",
        "Odd Role,odd@example.org,21,,,,Boss,,",
        "Odd Profession,prof@example.org,22,Wizard,,,,,",
        "No Cohort,cohort@example.org,23,,,,,Winter,",
        "Twice One,twice@example.org,24,,,,,,",
        "Twice Two,Twice@example.org,25,,,,,,",
        "Lone Subteam,lone@example.org,26,,,Ward 3,,,",
        "Excel Error,#REF!,27,,,,,,",
        "Odd Day,day@example.org,28,,,,,,11/30/2026",
        "Gil Good,gil@example.org,0029,GP,North,Ward 1,,,no",
    ]
).encode()
MENDED = "\r\n".join(
    [
        HEADER,
        "Nia Good,nia@example.org,0017,Health visitor,North,,Learner,Autumn,",
        "With Address,with@example.org,18,,,,,,",
        "Gil Good,gil@example.org,0029,GP,North,Ward 1,,,no",
    ]
).encode()


def workbook(*rows) -> bytes:
    """An XLSX file with these rows in its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
