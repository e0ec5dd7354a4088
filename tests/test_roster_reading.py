"""What a roster file says: Excel's habits are understood, or refused by name."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from courses.people.models import Membership, User
from courses.roster.cells import WrongCell, read_day, read_email, read_leaves, read_number, tidy
from courses.roster.columns import PROFESSION_NAMES, ROLES
from courses.roster.reading import MAX_BYTES, Table, Unreadable, read_file
from courses.roster.rows import read_rows, row_of_json
from tests.rosters import BROKEN, HEADER, saved, workbook

TODAY = date(2026, 12, 1)
PLAIN = "Name;E-mail\r\nZoë O’Brien;zoe@example.org\r\n"


def values(table: Table) -> list[dict[str, str]]:
    return [row[1] for row in table.rows]


def test_it_works():
    rows = read_rows(read_file(BROKEN), True, TODAY)
    assert [row.number for row in rows] == list(range(2, 16))
    assert [row.number for row in rows if not row.faults] == [2, 9, 15]  # Winter is not known here
    assert rows[0].employee_number == "0017"
    assert (rows[-1].team, rows[-1].subteam, rows[-1].profession) == ("North", "Ward 1", "gp")
    assert {fault.column for row in rows for fault in row.faults} == {
        "Email", "Employee number", "Role", "Professional role", "Sub-team", "Leaves",
    }  # fmt: skip


def test_words_of_professions_and_roles_are_those_of_the_models():
    assert dict(User.Profession.choices) == PROFESSION_NAMES
    assert set(Membership.Role.values) == set(ROLES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_habit_of_saving_text_is_read(encoding):
    table = read_file(PLAIN.encode(encoding))
    assert values(table) == [{"name": "Zoë O’Brien", "email": "zoe@example.org"}]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_is_read(separator):
    text = separator.join(["Mail", "Staff no."]) + "\n" + separator.join(["a@b.uk", "007"])
    assert values(read_file(text.encode())) == [{"email": "a@b.uk", "employee_number": "007"}]


def test_titles_above_the_columns_and_empty_rows_are_passed_over():
    text = b"Staff list of Riverside\r\n\r\nEmail,Shoe size\r\n\r\na@b.uk,44\r\n,\r\n\r\n"
    table = read_file(text)
    assert [row[0] for row in table.rows] == [5]
    assert table.notes == ("Columns we do not read: Shoe size.",)


def test_excels_own_first_line_names_the_separator():
    table = read_file(b"sep=;\r\nEmail;Team\r\na@b.uk;North\r\n")
    assert values(table) == [{"email": "a@b.uk", "team": "North"}]
    assert table.rows[0][0] == 3


def test_first_and_last_names_become_one():
    rows = read_rows(read_file(b"First name,Surname,Email\nAna,Jones,a@b.uk"), False, TODAY)
    assert rows[0].name == "Ana Jones"


def test_numbers_dates_and_zeros_of_a_workbook():
    book = Workbook()
    book.active.append(["Riverside"])
    book.active.merge_cells("A1:D1")
    book.active.append(["Email", "Employee number", "Leaves", "Team"])
    book.active.append(["a@b.uk", 17, datetime(2026, 11, 30), "North"])
    book.active.append(["b@b.uk", "0018", 46356, None])
    book.active.append(["c@b.uk", 1234567890123456, None, None])
    book.active["B3"].number_format = "0000"
    rows = read_rows(read_file(saved(book)), True, TODAY)
    assert [row.employee_number for row in rows[:2]] == ["0017", "0018"]
    assert [row.leaves_on for row in rows] == [date(2026, 11, 30), date(2026, 11, 30), None]
    assert "last ones are lost" in rows[2].faults[0].reason


def test_merged_cells_below_the_columns_are_refused_by_name():
    book = Workbook()
    for row in (["Email", "Team"], ["a@b.uk", "North"], ["b@b.uk", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    rows = read_rows(read_file(saved(book)), False, TODAY)
    assert not rows[0].faults
    assert (rows[1].faults[0].column, "merged" in rows[1].faults[0].reason) == ("Team", True)


def test_a_formula_without_a_result_is_refused_by_name():
    rows = read_rows(
        read_file(workbook(["Email", "Team"], ["a@b.uk", '="No"&"rth"'])), False, TODAY
    )
    assert "formula" in rows[0].faults[0].reason


def test_hidden_sheets_are_not_read():
    book = Workbook()
    book.active.title = "Old"
    book.active.append(["Email"])
    book.active.append(["old@b.uk"])
    book.active.sheet_state = "hidden"
    new = book.create_sheet("Staff")
    new.append(["Email"])
    new.append(["new@b.uk"])
    table = read_file(saved(book))
    assert values(table) == [{"email": "new@b.uk"}]
    assert "Old (hidden)" in table.notes[0]


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LONG = "Email\n" + "\n".join(f"n{number}@b.uk" for number in range(5_001))
UNREADABLE = {
    "nothing": (b"", "empty"),
    "spaces": (b" \r\n ", "empty"),
    "a PDF renamed": (b"%PDF-1.7 ...", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
    "old Excel": (OLE, "old kind"),
    "a locked workbook": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "no workbook": (zipped(mimetype=b"application/vnd.oasis"), "not an Excel workbook"),
    "half a workbook": (workbook(["Email"], ["a@b.uk"])[:-200], "damaged"),
    "a bomb": (zipped(xl__workbook_xml=b"0" * 70_000_000), "far more"),
    "a workbook of nonsense": (zipped(xl__workbook_xml=b"<x>"), "damaged"),
    "NULs": (b"Email\na\0@b.uk\n\0\0", "no readable text"),
    "bytes": (bytes(range(256)) * 8, "no readable text"),
    "no addresses": (b"Name,Team\nAna,North", "No column for email"),
    "an address column too late": (b"x\n" * 30 + b"Email\na@b.uk", "No column for email"),
    "the same column twice": (b"Email,E-mail\na@b.uk,b@b.uk", "mean the same"),
    "nobody": (HEADER.encode(), "nobody"),
    "too many": (LONG.encode(), "5,001 rows"),
    "too large": (b"Email\n" + b"x" * MAX_BYTES, "5 MB"),
    "an open quotation": (b'Email\n"' + b"x" * 200_000, "quotation mark"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_named(name):
    data, words = UNREADABLE[name]
    with pytest.raises(Unreadable) as refusal:
        read_file(data)
    assert words in str(refusal.value)


def test_a_workbook_that_names_a_row_no_sheet_has_is_refused():
    data = workbook(["Email"], ["a@b.uk"])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(b'r="2"', b'r="999999999"')
            new.writestr(part.filename, content)
    with pytest.raises(Unreadable):
        read_file(changed.getvalue())


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        ("mailto:ana@example.org", "ana@example.org"),
        ("Jones, Ana <ana@example.org>", "ana@example.org"),
        ("\u00a0ana@example.org\u200b;", "ana@example.org"),
        ("“ana@example.org”", "ana@example.org"),
        ("ana.o'brien+x@nhs.net", "ana.o'brien+x@nhs.net"),
    ],
)
def test_addresses_as_people_paste_them(text, email):
    assert read_email(tidy(text)) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "a@b",
        "a b@c.uk",
        "a@b.uk, c@d.uk",
        "anä@b.uk",
        "a@b.uk\nBcc: c",
        "@",
        "a..b@c.uk",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(WrongCell):
        read_email(tidy(text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("30/11/2026", date(2026, 11, 30)),
        ("3.4.2026", date(2026, 4, 3)),
        ("3 Apr 2026", date(2026, 4, 3)),
        ("3rd April 2026", date(2026, 4, 3)),
        ("46356", date(2026, 11, 30)),
    ],
)
def test_days_are_read_in_british_order(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["11/30/2026", "3/4/26", "31/02/2026", "soon", "0/0/2026", "-1"])
def test_days_that_may_be_others_are_refused(text):
    with pytest.raises(WrongCell):
        read_day(text)


def test_who_leaves_on_a_day_to_come_does_not_leave_yet():
    with pytest.raises(WrongCell):
        read_leaves("2026-12-02", TODAY)
    assert read_leaves("yes", TODAY) == TODAY
    assert read_leaves("no", TODAY) is None


@pytest.mark.parametrize("text", ["1.23E+05", "1,2e+10", "#N/A", "x" * 31])
def test_numbers_that_lost_digits_are_refused(text):
    with pytest.raises(WrongCell):
        read_number(text)


def test_the_same_address_or_number_twice_names_the_other_row():
    text = b"Email,Staff no\na@b.uk,1\nA@b.uk,2\nc@b.uk,3\nd@b.uk,3"
    rows = read_rows(read_file(text), False, TODAY)
    assert ["row " + number in rows[index].faults[0].reason for index, number in enumerate("3254")]


def test_a_row_comes_back_from_its_stored_form():
    for row in read_rows(read_file(BROKEN), True, TODAY):
        assert row_of_json(row.as_json()) == row


@given(st.binary(max_size=3_000))
@settings(max_examples=300, deadline=None)
def test_no_bytes_break_the_reader(data):
    for start in (b"", b"Email\n", b"PK\x03\x04"):
        try:
            table = read_file(start + data)
        except Unreadable:
            continue
        read_rows(table, True, TODAY)


def test_a_workbook_with_any_byte_changed_is_read_or_refused():
    data = bytearray(workbook(["Email", "Team"], *[["a@b.uk", "North"]] * 20))
    for place in range(0, len(data), 37):
        spoilt = (
            bytes(data[:place]) + struct.pack("B", data[place] ^ 0xFF) + bytes(data[place + 1 :])
        )
        try:
            read_rows(read_file(spoilt), False, TODAY)
        except Unreadable:
            continue
