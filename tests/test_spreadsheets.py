"""Files for spreadsheets: text cells only, whatever a name begins with."""

import csv
import io

import pytest
from openpyxl import load_workbook

from courses.web.spreadsheets import csv_rows, plain_cell, safe_cell, xlsx_file

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\0=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_is_text_in_both_files(text):
    table = list(csv.reader(io.StringIO(csv_text(["Name"], [[text]]))))
    assert table[1][0].startswith("'")
    with xlsx_file(["Name"], [[text]]) as file:
        cell = load_workbook(file).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_the_apostrophe_comes_off_again(text):
    assert plain_cell(safe_cell(text)) == text.replace("\0", "")


def test_an_apostrophe_of_a_name_stays():
    assert plain_cell(safe_cell("'t Hooft")) == "'t Hooft"


def test_numbers_and_zeros_stay_text_and_none_is_empty():
    with xlsx_file(["Number", "Team"], [["00120", None], [120, "A"]]) as file:
        rows = list(load_workbook(file).active.iter_rows(values_only=True))
    assert rows == [("Number", "Team"), ("00120", None), ("120", "A")]


def test_a_long_csv_comes_in_pieces_that_are_one_file():
    rows = [[f"Row {number}", "x" * 100] for number in range(2_000)]
    pieces = list(csv_rows(["Name", "Words"], rows))
    assert len(pieces) > 2
    table = list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert table[1:] == rows


def csv_text(header, rows):
    return b"".join(csv_rows(header, rows)).decode("utf-8-sig")
