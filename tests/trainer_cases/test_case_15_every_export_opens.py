"""Case 15: the export button is there, and does nothing.

Kolibri, issue 12897. Every file is asked for as its page asks for it, opened, and its rows counted.
"""

import pytest
from django.utils import timezone

from courses.library.queries import content_of
from courses.models import AuditEvent, StaffInPost, User
from courses.people.actions import join_cohort
from courses.readiness.queries import PROFESSIONS
from tests.file_exports import FILES, RECORDS, ROSTER, open_file, routes_of_files
from tests.test_access import build_world, url_of


@pytest.fixture
def world(cast, tiny_content):
    """Ana and Ben in Tess's cohort; one number of staff in post."""
    made = build_world(cast, tiny_content[0])
    join_cohort(cast.ben, cast.cohort, timezone.now())
    StaffInPost.objects.create(
        organisation=cast.cohort.organisation,
        profession="camhs",
        headcount=7,
        as_of=timezone.localdate(),
        source="Staff record",
        entered_by=cast.mo,
    )
    return made


def expected_rows(world) -> dict[str, int]:
    """How many rows each file has below its header, counted from what was made."""
    tiny = content_of(world.tiny.edition_id)
    answers = sum(len(item.answers) + 1 for item in tiny.items)
    return {
        "courses:item-analysis-csv": answers,
        "courses:cohort-csv": 2,
        RECORDS: 2,
        # Ana, Ben, Tess and Mo, and who is invited.
        ROSTER: 5,
        "courses:roster-import-csv": 1,
        # Teams North and none, each with every role.
        "courses:staff-in-post-csv": 2 * len(PROFESSIONS),
    }


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_file_opens_and_has_its_rows(world, sign_in, file):
    opened = open_file(sign_in(world.cast.mo), world, file)
    assert all(opened.rows[0])
    assert {len(row) for row in opened.rows} == {len(opened.rows[0])}
    if file.route == "courses:coverage-csv":
        assert ["CAMHS practitioner"] in [row[3:4] for row in opened.rows]
    else:
        assert len(opened.rows) - 1 == expected_rows(world)[file.route]


def test_every_file_of_the_product_is_here():
    assert {file.route for file in FILES} == routes_of_files()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("exports", "Download this file"),
        ("roster", "Download for Excel"),
        ("cohort-progress", "as CSV"),
        ("item-analysis", "Download as CSV"),
        ("coverage", "Download as CSV"),
        ("staff-in-post", "as CSV"),
        ("roster-import", "CSV"),
    ],
)
def test_the_button_is_on_its_page(world, sign_in, name, words):
    assert words in sign_in(world.cast.mo).get(url_of(world, f"courses:{name}")).text


@pytest.mark.parametrize("file", [file for file in FILES if file.method == "post"], ids=str)
def test_what_leaves_with_names_and_addresses_is_logged_with_its_rows(world, sign_in, file):
    opened = open_file(sign_in(world.cast.mo), world, file)
    event = AuditEvent.objects.get(action="export")
    assert event.actor == User.objects.get(pk=world.cast.mo.pk)
    assert event.details["rows"] == len(opened.rows) - 1
    assert event.details["format"] == file.suffix


LINKED = {
    "courses:cohort-csv": "progress",
    "courses:item-analysis-csv": "items",
    "courses:roster-import-csv": "roster-import",
}


@pytest.mark.parametrize("file", [file for file in FILES if file.route in LINKED], ids=str)
def test_what_a_link_gives_is_a_line_in_the_log(world, sign_in, file, caplog):
    """A look writes no row; so that these leave a trace too, the server's log has a line."""
    caplog.set_level("INFO", logger="courses.exports")
    opened = open_file(sign_in(world.cast.mo), world, file)
    (record,) = [row for row in caplog.records if row.name == "courses.exports"]
    assert record.facts["person"] == str(world.cast.mo.key)
    assert record.facts["export"] == LINKED[file.route]
    assert record.facts["rows"] == len(opened.rows) - 1
    assert not AuditEvent.objects.filter(action="export").exists()


def test_the_report_of_a_cohort_is_a_line_where_it_has_names(world, sign_in, caplog):
    """Without names it says nothing of anybody, so it leaves no line."""
    mo = sign_in(world.cast.mo)
    url = url_of(world, "courses:cohort-report-pdf")
    names = len(mo.get(url_of(world, "courses:cohort-report")).context["completions"])
    caplog.clear()
    caplog.set_level("INFO", logger="courses.exports")
    assert mo.get(url).status_code == 200
    assert not [row for row in caplog.records if row.name == "courses.exports"]
    assert mo.get(f"{url}?names=yes").status_code == 200
    (record,) = [row for row in caplog.records if row.name == "courses.exports"]
    assert record.facts == {
        "person": str(world.cast.mo.key),
        "export": "cohort-report",
        "rows": names,
        "cohort": str(world.cast.cohort.key),
        "course": "tiny",
    }
    assert not AuditEvent.objects.filter(action="export").exists()


def test_the_picture_of_the_table_is_a_line_in_the_log_too(world, sign_in, caplog):
    mo = sign_in(world.cast.mo)
    people = mo.get(url_of(world, "courses:cohort-csv")).content.decode().count("\r\n") - 1
    caplog.clear()
    caplog.set_level("INFO", logger="courses.exports")
    assert mo.get(url_of(world, "courses:cohort-picture")).status_code == 200
    (record,) = [row for row in caplog.records if row.name == "courses.exports"]
    assert (record.facts["export"], record.facts["rows"]) == ("cohort-picture", people)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_file_says_in_the_log_or_the_audit_who_took_it_and_how_long_it_is(
    world, sign_in, file, caplog
):
    """A file of a link writes a line in the log, one of a form a row of the audit."""
    client = sign_in(world.cast.mo)
    events = AuditEvent.objects.count()
    with caplog.at_level("INFO", logger="courses"):
        opened = open_file(client, world, file)
    facts = [record.facts for record in caplog.records if record.getMessage() == "export"]
    if file.method == "get":
        assert [fact["person"] for fact in facts] == [str(world.cast.mo.key)]
        assert facts[0]["rows"] == len(opened.rows) - 1
    else:
        assert AuditEvent.objects.count() == events + 1
