"""Exports: one row for each person and course, by a layout, as a file that is logged before it leaves."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.authoring.publishing import publish
from courses.certificates.actions import correct_name, revoke_certificate
from courses.certificates.codes import show_code
from courses.exports import actions, queries, views
from courses.exports.columns import HEADINGS, Column, columns_as_json, columns_for, columns_in
from courses.exports.models import ExportLayout
from courses.exports.queries import Scope, export_rows, row_count
from courses.learning.actions import submit_attempt
from courses.learning.certifying import claim_certificate
from courses.learning.models import Enrolment
from courses.learning.queries import enrolment_progress_on
from courses.models import (
    Attendance,
    AuditEvent,
    CohortMembership,
    Course,
    Extension,
    GroupSession,
    Membership,
    Team,
)
from courses.organisations.leaving import end_membership
from courses.people.actions import assign_course, join_cohort, start_cohort
from tests.conftest import PASSWORD, answer_all, begin_quiz, given, learn, person
from tests.test_access import other_course


def url(cast, name, *args):
    return reverse(f"courses:{name}", args=[cast.cohort.organisation.slug, *args])


def download(client, cast, **fields):
    """The response to the form of the page; CSV of all columns if the test says nothing else."""
    form = {"layout": "all", "format": "csv"} | fields
    return client.post(url(cast, "export-file"), form)


def rows_of(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def sheet_of(response) -> list[tuple]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def completed(user, course):
    """The course completed with a certificate; returns the certificate."""
    learn(user, course)
    attempt = begin_quiz(user, course)
    answer_all(user, attempt)
    submit_attempt(user, attempt.key, timezone.now())
    progress = enrolment_progress_on(user, course.key)
    return claim_certificate(progress, user.name, timezone.now())


def layout_of(cast, title="Staff record", /, **columns):
    stored = columns_as_json(Column(key, heading) for key, heading in columns.items())
    return ExportLayout.objects.create(
        organisation=cast.cohort.organisation, name=title, columns=stored, updated_by=cast.mo
    )


@pytest.fixture
def mo(cast, sign_in):
    return sign_in(cast.mo)


def test_it_works(cast, course, mo):
    """Somebody who has passed: every column says what the record says."""
    service = cast.cohort.organisation
    north = Team.objects.create(organisation=service, name="North")
    inner = Team.objects.create(organisation=service, name="Bay", parent=north)
    own = Membership.objects.current().filter(user=cast.ana, organisation=service)
    own.update(team=inner, employee_number="00420")
    certificate = completed(cast.ana, course)
    (row,) = rows_of(download(mo, cast))
    today = timezone.localdate().isoformat()
    assert list(row) == list(HEADINGS.values())
    assert row == {
        "Name": "Ana",
        "Email": "ana@example.org",
        "Employee number": "00420",
        "Team": "North: Bay",
        "Professional role": "Health visitor",
        "Cohort": "Autumn",
        "Joined cohort on": today,
        "Left cohort on": "",
        "Course": "Tiny things",
        "Course key": "tiny",
        "Edition": "1",
        "State": "Passed",
        "Enrolled on": today,
        "Started on": today,
        "Last seen on": today,
        "Due on": "",
        "Completed on": today,
        "Best score: marks": "3",
        "Best score: of": "3",
        "Best score: percent": "100",
        "Passed": "yes",
        "Assessed in another way": "",
        "Certificate code": show_code(certificate.code),
        "Certificate issued on": today,
        "Certificate withdrawn on": "",
        "CPD minutes, individual": str(certificate.facts["individual_minutes"]),
        "CPD minutes, participatory": "0",
    }


def test_who_never_started_is_a_row_too(cast, mo):
    (row,) = rows_of(download(mo, cast))
    assert (row["Name"], row["State"], row["Course"]) == ("Ana", "Not started", "Tiny things")
    assert row["Edition"] == row["Enrolled on"] == row["Passed"] == row["Best score: marks"] == ""
    assert row["CPD minutes, individual"] == "0"


def test_the_states_of_somebody_on_the_way(cast, course, mo):
    learn(cast.ana, course, lessons=1)
    assert rows_of(download(mo, cast))[0]["State"] == "Started"
    learn(cast.ana, course)
    (row,) = rows_of(download(mo, cast))
    assert (row["State"], row["Passed"], row["Completed on"]) == ("Finished", "", "")
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt, right=False)
    submit_attempt(cast.ana, attempt.key, timezone.now())
    (row,) = rows_of(download(mo, cast))
    assert (row["State"], row["Passed"], row["Best score: percent"]) == ("Finished", "no", "0")


def test_the_same_rows_in_both_formats_and_text_alone(cast, course, mo):
    completed(cast.ana, course)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    table = rows_of(download(mo, cast))
    header, *sheet = sheet_of(download(mo, cast, format="xlsx"))
    assert len(table) == len(sheet) == 2
    for row, cells in zip(table, sheet, strict=True):
        assert [cell or "" for cell in cells] == list(row.values())
        assert {type(cell) for cell in cells} <= {str, type(None)}
    assert header == tuple(HEADINGS.values())


def test_the_file_is_named_and_streamed(cast, mo):
    response = download(mo, cast)
    today = timezone.localdate().isoformat()
    assert response.streaming
    assert response["Content-Disposition"] == f'attachment; filename="riverside-{today}.csv"'
    assert f"riverside-{today}.xlsx" in download(mo, cast, format="xlsx")["Content-Disposition"]


def test_what_came_before_joining_has_no_date_and_no_marks(cast, course, mo):
    completed(cast.ben, course)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    row = rows_of(download(mo, cast))[1]
    assert (row["Name"], row["State"], row["Passed"]) == ("Ben", "Passed", "before joining")
    assert row["Enrolled on"] == row["Started on"] == row["Completed on"] == "before joining"
    hidden = ("Last seen on", "Best score: marks", "Certificate code", "Certificate issued on")
    assert [row[name] for name in hidden] == [""] * 4
    assert row["CPD minutes, individual"] == "0"


def test_who_has_left_is_out_unless_asked_for_and_shows_nothing_learnt(cast, course, mo):
    """Case 22, and the privacy page: from when until when they were there, and nothing any more."""
    completed(cast.ana, course)
    session_of(cast, 45, timezone.now())
    end_membership(cast.mo, cast.ana, cast.cohort.organisation, None, timezone.now())
    assert rows_of(download(mo, cast)) == []
    (row,) = rows_of(download(mo, cast, with_leavers="on"))
    today = timezone.localdate().isoformat()
    assert {heading: cell for heading, cell in row.items() if cell} == {
        "Name": "Ana",
        "Email": "ana@example.org",
        "Professional role": "Health visitor",
        "Cohort": "Autumn",
        "Joined cohort on": today,
        "Left cohort on": today,
        "Course": "Tiny things",
        "Course key": "tiny",
    }


def test_of_several_certificates_the_one_that_counts_is_there(cast, course, mo):
    newer = correct_name(completed(cast.ana, course), "Ana Jones", timezone.now())
    (row,) = rows_of(download(mo, cast))
    assert row["Certificate code"] == show_code(newer.code)


def session_of(cast, minutes, written_at, cohort=None):
    session = GroupSession.objects.create(
        cohort=cohort or cast.cohort,
        topic="A case",
        held_on=timezone.localdate(),
        minutes=minutes,
        led_by=cast.tess,
    )
    Attendance.objects.create(session=session, user=cast.ana, written_at=written_at)


def test_participatory_minutes_stand_once_however_many_courses(cast, course, tiny_content, mo):
    """Of sessions after which the person wrote a line; a sum over the file counts them once."""
    publish([*tiny_content, other_course(tiny_content[0])], timezone.now())
    other = Course.objects.get(key="other")
    assign_course(cast.tess, cast.cohort, other, None, timezone.now())
    session_of(cast, 45, timezone.now())
    session_of(cast, 60, timezone.now())
    session_of(cast, 90, None)
    rows = rows_of(download(mo, cast))
    assert [row["CPD minutes, participatory"] for row in rows] == ["105", "0"]


def test_minutes_stand_on_a_row_of_now_where_the_first_is_of_who_left(
    cast, course, tiny_content, mo
):
    """Ana left Autumn and is in Winter, whose course comes later in the file."""
    publish([*tiny_content, other_course(tiny_content[0])], timezone.now())
    Course.objects.filter(key="other").update(position=99)
    service, other = cast.cohort.organisation, Course.objects.get(key="other")
    CohortMembership.objects.filter(user=cast.ana).update(left_at=timezone.now())
    winter = start_cohort(cast.tess, service, "Winter", other, None, timezone.now())
    join_cohort(cast.ana, winter, timezone.now())
    session_of(cast, 45, timezone.now(), cohort=winter)
    session_of(cast, 90, timezone.now())  # of Autumn, where she is no more
    shown = [("Autumn", ""), ("Winter", "45")]
    rows = rows_of(download(mo, cast, with_leavers="on"))
    assert [(row["Cohort"], row["CPD minutes, participatory"]) for row in rows] == shown
    (row,) = rows_of(download(mo, cast))
    assert (row["Cohort"], row["CPD minutes, participatory"]) == ("Winter", "45")


def test_a_retired_course_that_was_never_begun_is_not_open(cast, course, mo):
    Course.objects.filter(pk=course.pk).update(retired_at=timezone.now())
    assert rows_of(download(mo, cast))[0]["State"] == "Not open"


def test_who_left_and_came_back_is_there_once(cast, mo):
    now = timezone.now()
    end_membership(cast.mo, cast.ana, cast.cohort.organisation, None, now)
    join_cohort(cast.ana, cast.cohort, now + timedelta(seconds=1))
    (row,) = rows_of(download(mo, cast, with_leavers="on"))
    assert (row["Name"], row["Left cohort on"]) == ("Ana", "")


def test_who_is_in_two_cohorts_is_there_once_in_the_first(cast, course, mo):
    now = timezone.now()
    winter = start_cohort(cast.tess, cast.cohort.organisation, "Winter", course, None, now)
    join_cohort(cast.ana, winter, now)
    (row,) = rows_of(download(mo, cast))
    assert row["Cohort"] == "Autumn"


def test_an_extension_is_the_due_date(cast, mo):
    assignment, now = given(cast), timezone.now()
    assignment.due_at = now
    assignment.save()
    longer = now + timedelta(days=9)
    Extension.objects.create(
        assignment=assignment, user=cast.ana, due_at=longer, reason="Ill", granted_by=cast.tess
    )
    assert rows_of(download(mo, cast))[0]["Due on"] == timezone.localdate(longer).isoformat()


def test_a_certificate_that_was_withdrawn_says_so(cast, course, mo):
    certificate = completed(cast.ana, course)
    revoke_certificate(cast.sam, certificate, "Issued in error", timezone.now())
    (row,) = rows_of(download(mo, cast))
    assert row["Certificate withdrawn on"] == timezone.localdate().isoformat()


def test_a_trainer_gets_their_own_cohorts_without_the_staff_record(cast, course, sign_in):
    """Una trains Winter alone: she sees neither Autumn nor what only managers read."""
    now, una = timezone.now(), person("Una")
    service = cast.cohort.organisation
    Membership.objects.create(user=una, organisation=service, role="trainer")
    winter = start_cohort(cast.tess, service, "Winter", course, None, now)
    winter.trainers.add(una)
    join_cohort(cast.ben, winter, now)
    layout = layout_of(cast, name="Name", email="Mail")
    only_staff = layout_of(cast, "Numbers", employee_number="Number")
    client = sign_in(una)
    (row,) = rows_of(download(client, cast))
    assert (row["Name"], row["Cohort"]) == ("Ben", "Winter")
    assert {"Email", "Employee number", "Team"}.isdisjoint(row)
    (row,) = rows_of(download(client, cast, layout=str(layout.key)))
    assert row == {"Name": "Ben"}
    event = AuditEvent.objects.filter(action="export").latest("pk")
    assert event.details["columns"] == ["name"]  # those of the file, not of the layout
    assert download(client, cast, layout=str(only_staff.key)).status_code == 302
    assert client.get(url(cast, "export-layout", layout.key)).status_code == 404
    assert client.get(url(cast, "new-export-layout")).status_code == 404


def test_another_organisations_layout_and_rows_are_not_there(cast, sign_in):
    layout = layout_of(cast, name="Name")
    olga = sign_in(cast.olga)
    assert download(olga, cast).status_code == 404
    assert olga.get(url(cast, "export-layout", layout.key)).status_code == 404
    theirs = reverse("courses:export-file", args=[cast.other_cohort.organisation.slug])
    form = {"layout": str(layout.key), "format": "csv"}
    assert olga.post(theirs, form).status_code == 400


def test_each_file_is_logged_with_the_rows_that_it_has(cast, course, mo):
    """The number is counted before the first byte, and is that of the file."""
    for name in ("Zoe", "Cal", "Dee"):
        join_cohort(person(name), cast.cohort, timezone.now())
    layout = layout_of(cast, name="Name")
    response = download(mo, cast, layout=str(layout.key))
    event = AuditEvent.objects.get(action="export")  # before anything was read
    assert event.actor == cast.mo
    assert event.details == {
        "export": "records",
        "rows": 4,
        "format": "csv",
        "organisation": "riverside",
        "layout": str(layout.key),
        "with_leavers": False,
        "columns": ["name"],
    }
    assert len(rows_of(response)) == event.details["rows"]
    scope = Scope(cast.mo, cast.cohort.organisation, is_manager=True, with_leavers=True)
    assert row_count(scope) == len(list(export_rows(scope, columns_for(is_manager=True))))


def test_a_layout_chooses_orders_and_renames(cast, mo):
    form = {
        "name": "Staff record",
        "place-employee_number": "1",
        "heading-employee_number": "Assignment Number",
        "place-name": "3",
        "place-completed_on": "2",
        "heading-completed_on": "",
    }
    saved = mo.post(url(cast, "new-export-layout"), form)
    layout = ExportLayout.objects.get()
    assert saved["Location"] == f"{url(cast, 'exports')}?layout={layout.key}"
    assert f'value="{layout.key}" selected' in mo.get(saved["Location"]).text
    text = b"".join(download(mo, cast, layout=str(layout.key)).streaming_content).decode()
    assert text.splitlines()[0] == '\ufeff"Assignment Number","Completed on","Name"'
    mo.post(url(cast, "new-export-layout"), form)
    assert ExportLayout.objects.count() == 1  # a double press
    page = mo.get(url(cast, "export-layout", layout.key)).text
    assert 'value="Assignment Number"' in page
    assert mo.post(url(cast, "remove-export-layout", layout.key)).status_code == 302
    assert not ExportLayout.objects.exists()


FORM = {"name": "Staff record", "place-email": "1", "heading-email": "Work email"}


def test_what_a_layout_holds_is_logged_when_it_is_added_changed_and_removed(cast, mo):
    """A removed layout has no row any more; the log still says which columns left by it."""
    mo.post(url(cast, "new-export-layout"), FORM)
    layout = ExportLayout.objects.get()
    changed = {"name": "Dates", "place-name": "2", "place-completed_on": "1"}
    mo.post(url(cast, "export-layout", layout.key), changed)
    mo.post(url(cast, "export-layout", layout.key), changed)  # a double press
    mo.post(url(cast, "remove-export-layout", layout.key))
    events = AuditEvent.objects.filter(action__endswith="_export_layout").order_by("pk")
    key = {"organisation": "riverside", "layout": str(layout.key)}
    first = key | {"name": "Staff record", "columns": ["email"]}
    last = key | {"name": "Dates", "columns": ["completed_on", "name"]}
    assert list(events.values_list("action", "details")) == [
        ("add_export_layout", first),
        ("change_export_layout", last),
        ("remove_export_layout", last),
    ]


def test_a_removed_layout_stays_removed_when_it_is_saved_in_another_tab(cast):
    """Both tabs had read it; the second one's press comes when it is gone."""
    layout = layout_of(cast, name="Name")
    tab = ExportLayout.objects.get()
    assert actions.remove_layout(cast.mo, layout, timezone.now())
    with pytest.raises(actions.LayoutGone):
        actions.change_layout(cast.mo, tab, "Mine", [Column("email", "Mail")], timezone.now())
    assert not ExportLayout.objects.exists()
    assert not AuditEvent.objects.filter(action="change_export_layout").exists()


def test_what_was_typed_into_a_removed_layout_can_be_saved_as_a_new_one(cast, mo):
    layout = layout_of(cast, name="Name")
    mo.post(url(cast, "remove-export-layout", layout.key))
    page = mo.post(url(cast, "export-layout", layout.key), FORM)
    assert page.status_code == 400
    assert "This layout was removed meanwhile" in page.text
    assert 'value="Work email"' in page.text
    assert f'action="{url(cast, "new-export-layout")}"' in page.text
    assert "Remove this layout" not in page.text
    assert not ExportLayout.objects.exists()
    assert mo.get(url(cast, "export-layout", layout.key)).status_code == 404


def test_a_second_press_on_remove_finds_it_removed(cast, mo):
    layout = layout_of(cast, name="Name")
    tab = ExportLayout.objects.get()
    address = url(cast, "remove-export-layout", layout.key)
    assert "Staff record is removed." in mo.post(address, follow=True).text
    again = mo.post(address, follow=True)
    assert again.redirect_chain == [(url(cast, "exports"), 302)]
    assert "removed already" in again.text
    assert not actions.remove_layout(cast.mo, tab, timezone.now())  # both had read it
    assert AuditEvent.objects.filter(action="remove_export_layout").count() == 1


def test_only_a_layout_that_was_there_is_said_to_be_removed(cast, mo):
    theirs = ExportLayout.objects.create(
        organisation=cast.other_cohort.organisation,
        name="Theirs",
        columns=columns_as_json([Column("name", "Name")]),
        updated_by=cast.olga,
    )
    for key in (theirs.key, uuid4()):
        assert mo.post(url(cast, "remove-export-layout", key)).status_code == 404
        assert mo.post(url(cast, "export-layout", key), FORM).status_code == 404
    assert ExportLayout.objects.get() == theirs


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "Mine"}, "Give at least one column a place"),
        ({"name": "", "place-name": "1"}, "Give this layout a name"),
        ({"name": "Mine", "place-name": "0"}, "Write a whole number from 1 to 99"),
        ({"name": "Mine", "place-name": "9" * 400}, "Write a whole number from 1 to 99"),
        ({"name": "all columns", "place-name": "1"}, "another layout named all columns"),
        ({"name": "Staff record", "place-name": "1"}, "another layout named Staff record"),
        (
            {"name": "Mine", "place-name": "1", "place-email": "2", "heading-email": "name"},
            "Another column has this heading already",
        ),
    ],
    ids=str,
)
def test_a_layout_that_cannot_be_read_is_shown_again(cast, mo, form, words):
    layout_of(cast, email="E-mail")
    response = mo.post(url(cast, "new-export-layout"), form)
    assert response.status_code == 400
    assert words in response.text
    assert f'value="{form["name"]}"' in response.text or not form["name"]
    assert ExportLayout.objects.count() == 1


def test_a_stored_layout_is_read_by_every_release():
    """A column that is gone is left out, a heading that is missing is the usual one."""
    stored = {"version": 1, "columns": [{"column": "gone"}, {"column": "name"}], "more": 1}
    assert columns_in(stored) == (Column("name", "Name"),)
    assert columns_in({}) == ()


def test_more_rows_than_the_limit_need_the_password_and_then_come(cast, mo, monkeypatch):
    monkeypatch.setattr(views, "LARGE_EXPORT", 1)
    join_cohort(cast.ben, cast.cohort, timezone.now())
    asked = download(mo, cast, format="csv")
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(action="export").exists()
    page = mo.get(asked["Location"]).text
    assert "password" in page
    wrong = mo.post(asked["Location"], {"password": "no", "next": url(cast, "export-file")})
    assert not wrong.streaming
    assert not AuditEvent.objects.filter(action="export").exists()
    form = {"password": PASSWORD, "next": url(cast, "export-file")}
    assert len(rows_of(mo.post(reverse("account_reauthenticate"), form))) == 2
    assert AuditEvent.objects.get(action="export").details["rows"] == 2
    assert len(rows_of(download(mo, cast))) == 2  # the password counts for some minutes


def test_as_many_rows_as_the_limit_need_no_password(cast, mo, monkeypatch):
    monkeypatch.setattr(views, "LARGE_EXPORT", 1)
    assert len(rows_of(download(mo, cast))) == 1


def test_the_queries_grow_with_hundreds_and_not_with_people(cast, course, monkeypatch):
    scope = Scope(cast.mo, cast.cohort.organisation, is_manager=True)
    columns = columns_for(is_manager=True)
    completed(cast.ana, course)
    list(export_rows(scope, columns))  # editions come into memory
    with CaptureQueriesContext(
        connection,
    ) as one:
        list(export_rows(scope, columns))
    for number in range(5):
        learner = person(f"Learner{number}")
        join_cohort(learner, cast.cohort, timezone.now())
        learn(learner, course, lessons=1)
    with CaptureQueriesContext(connection) as six:
        list(export_rows(scope, columns))
    assert len(one) == len(six) == 10
    monkeypatch.setattr(queries, "PEOPLE_AT_ONCE", 2)
    with CaptureQueriesContext(connection) as chunks:
        assert len(list(export_rows(scope, columns))) == 6
    assert len(chunks) == 1 + 3 * 9


def test_an_open_attempt_and_a_lesson_before_joining_count_no_minutes(cast, course, mo):
    learn(cast.ben, course, lessons=1)
    Enrolment.objects.filter(user=cast.ben).update(enrolled_at=timezone.now() - timedelta(days=3))
    join_cohort(cast.ben, cast.cohort, timezone.now())
    begin_quiz(cast.ben, course)
    row = rows_of(download(mo, cast))[1]
    assert (row["State"], row["CPD minutes, individual"]) == ("Started", "0")
    assert (row["Passed"], row["Best score: of"]) == ("", "")


def test_the_page_counts_and_offers(cast, mo):
    layout = layout_of(cast, name="Name")
    page = mo.get(url(cast, "exports")).text
    assert "<strong>1 row</strong>" in page
    assert reverse("courses:export-layout", args=["riverside", layout.key]) in page
    assert mo.post(url(cast, "export-file"), {"layout": "x", "format": "pdf"}).status_code == 400
