"""No cell of any file that we give is a formula: OWASP, "CSV Injection".

Sixty payloads in every place where people type, then in every column of every file.
"""

import itertools

import pytest
from django.utils import timezone

from courses.exports.columns import HEADINGS
from courses.models import CohortMembership, Membership, StaffInPost, Team
from courses.people.actions import join_cohort, start_cohort
from courses.roster.actions import check_roster
from courses.web import spreadsheets
from courses.web.spreadsheets import csv_rows, xlsx_file
from tests.conftest import person
from tests.file_exports import (
    FILES,
    RECORDS,
    ROSTER,
    STARTS,
    File,
    open_file,
    routes_of_files,
    sheet_in,
    table_in,
)
from tests.test_access import build_world

BEFORE = ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠"]
AFTER = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://x.example","y")',
    "SUM(A1:A9)",
    "'=1\";=2",
]
PAYLOADS = [before + after for before in BEFORE for after in AFTER]
safe = spreadsheets.safe_cell


@pytest.fixture
def world(cast, tiny_content):
    return build_world(cast, tiny_content[0])


def test_every_file_of_the_product_is_here():
    assert {file.route for file in FILES} == routes_of_files()
    assert len(set(PAYLOADS)) == 60


def typed(world):
    """A person, a team, a cohort and a number of each payload, in one organisation."""
    cast, now = world.cast, timezone.now()
    service = cast.cohort.organisation
    for number, payload in enumerate(PAYLOADS):
        learner = person(f"Learner{number}")
        learner.name = payload
        learner.save()
        team = Team.objects.create(organisation=service, name=payload)
        cohort = start_cohort(cast.tess, service, f"Cohort {number}", world.tiny, None, now)
        type(cohort).objects.filter(pk=cohort.pk).update(name=payload)
        join_cohort(learner, cast.cohort, now)
        join_cohort(learner, cohort, now)
        own = Membership.objects.filter(user=learner, organisation=service)
        own.update(team=team, employee_number=payload[:30])
        StaffInPost.objects.create(
            organisation=service,
            team=team,
            profession="camhs",
            headcount=7,
            as_of=timezone.localdate(),
            source=payload,
            entered_by=cast.mo,
        )
    # The export names the cohort joined first: that of the payload.
    CohortMembership.objects.filter(cohort=cast.cohort).update(joined_at=timezone.now())


@pytest.fixture
def hostile(world, settings):
    settings.COHORTS_A_DAY = 1000
    typed(world)
    return world


SHOWING = {RECORDS: 4, ROSTER: 3, "courses:cohort-csv": 1, "courses:staff-in-post-csv": 2}
SHOWING["courses:coverage-csv"] = 1  # of how many typed fields each row has


def test_what_people_type_is_text_in_every_file(hostile, sign_in):
    client = sign_in(hostile.cast.mo)
    for file in FILES:
        opened = open_file(client, hostile, file)
        assert opened.formulas == [], file
        guarded = [cell for cell in opened.cells if cell[:1] == "'" and _is_start(cell[1:])]
        assert len(guarded) >= 60 * SHOWING.get(file.route, 0), file


def _is_start(text):
    return text.lstrip(" ")[:1] in tuple(STARTS)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_cell_of_every_file_goes_through_the_guard(world, sign_in, monkeypatch, file):
    """Each value is replaced by a payload on its way: a cell that went past the guard shows."""
    payloads = itertools.cycle(PAYLOADS)
    monkeypatch.setattr(spreadsheets, "safe_cell", lambda value: safe(next(payloads)))
    opened = open_file(sign_in(world.cast.mo), world, file)
    assert opened.formulas == []
    assert len(opened.rows) > 1
    for row in opened.rows:
        for cell in row:
            assert cell[:1] == "'", (cell, file.route)
            assert _is_start(cell[1:])


def test_sixty_payloads_in_every_column_of_both_kinds():
    header, width = list(HEADINGS.values()), len(HEADINGS)
    rows = [[payload] * width for payload in PAYLOADS]
    table = table_in(b"".join(csv_rows(header, rows)))
    with xlsx_file(header, rows) as file:
        sheet = sheet_in(file.read())
    assert table.formulas == sheet.formulas == []
    assert [row[0] for row in table.rows[1:]] == [f"'{payload}" for payload in PAYLOADS]
    assert len(list(table.cells)) == len(list(sheet.cells)) == 60 * width


def test_a_formula_that_is_not_guarded_is_found(monkeypatch):
    """So that the tests above can fail."""
    monkeypatch.setattr(spreadsheets, "safe_cell", str)
    assert table_in(b"".join(csv_rows(["Name"], [["=1+1"]]))).formulas == ["=1+1"]
    with xlsx_file(["Name"], [["=1+1"]]) as file:
        assert sheet_in(file.read()).formulas == ["=1+1"]


def test_a_layouts_heading_is_text_too(hostile, sign_in):
    mo = sign_in(hostile.cast.mo)
    form = {"name": "=1+1", "place-name": "1", "heading-name": "=1+1"}
    assert mo.post("/organisations/riverside/exports/layouts/new/", form).status_code == 302
    layout = hostile.cast.cohort.organisation.export_layouts.get(name="=1+1")
    for suffix in ("csv", "xlsx"):
        fields = {"layout": str(layout.key), "format": suffix}
        opened = open_file(mo, hostile, File(RECORDS, suffix, "post", fields))
        assert opened.formulas == []
        assert opened.rows[0] == ["'=1+1"]


def test_the_rows_of_an_uploaded_roster_are_text(world, sign_in):
    """What was refused is shown again as it was sent."""
    lines = ["Email,Name,Team"]
    for number, payload in enumerate(PAYLOADS):
        words = payload.replace('"', '""')
        lines.append(f'p{number}@example.org,"{words}","{words}"')
    service = world.cast.cohort.organisation
    data = "\n".join(lines).encode()
    world.roster = check_roster(world.cast.mo, service, "staff.csv", data, False, timezone.now())
    file = File("courses:roster-import-csv", "csv")
    opened = open_file(sign_in(world.cast.mo), world, file)
    assert opened.formulas == []
    assert len(opened.rows) > 60
