"""Staff in post: filled in on a page or sent as a file, kept with its history, unknown never 0."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from courses.models import AuditEvent, Team
from courses.readiness.headcount_file import MOST_ROWS, read_headcounts
from courses.readiness.models import Expectation, StaffInPost
from courses.readiness.queries import headcount_rows, headcounts_on
from tests.shared_forms import once_more, second_manager, seen
from tests.test_lesson_end import words

URL = "/organisations/riverside/staff-in-post/"
TODAY = date(2026, 11, 30)
TEAMS = {"north": "7", "no team": "", "": ""}
ROLES = {"health visitor": "health-visitor", "midwife": "midwife"}
HEADER = "Team,Professional role,Staff in post,As of,Source"


def form(**numbers: str) -> dict[str, str]:
    named = {f"n-0-{role.replace('_', '-')}": number for role, number in numbers.items()}
    return {"as_of": "2026-03-31", "source": "Staff record"} | named


def send(client, *lines: str, name: str = "staff.csv"):
    data = "\r\n".join([HEADER, *lines]).encode()
    return client.post(f"{URL}file/", {"file": SimpleUploadedFile(name, data)})


def read(text: str | bytes):
    data = text if isinstance(text, bytes) else text.encode()
    return read_headcounts(data, TEAMS, ROLES, TODAY)


def test_it_works(cast, sign_in):
    mo = sign_in(cast.mo)
    page = mo.get(URL).content.decode()
    assert "empty is never taken for 0" in page
    response = mo.post(URL, form(health_visitor="12", camhs="0"), follow=True)
    assert "2 numbers saved. The earlier ones are kept." in response.content.decode()
    rows = StaffInPost.objects.order_by("profession")
    assert [(row.profession, row.headcount) for row in rows] == [
        ("camhs", 0),
        ("health-visitor", 12),
    ]
    assert AuditEvent.objects.get(action="enter_staff_in_post").details["rows"] == 2


def test_the_day_is_filled_in_as_browsers_read_it(cast, sign_in):
    today = timezone.localdate().isoformat()
    for path in ("staff-in-post/", "plan/babies-named/", "coverage/"):
        page = sign_in(cast.mo).get(f"/organisations/riverside/{path}").content.decode()
        assert f'value="{today}"' in page, path


def test_a_second_press_changes_nothing(cast, sign_in):
    mo = sign_in(cast.mo)
    mo.post(URL, form(camhs="9"))
    response = mo.post(URL, form(camhs="9"), follow=True)
    assert "Nothing was different, so nothing was changed." in response.content.decode()
    assert StaffInPost.objects.count() == 1


def test_an_expectation_that_was_set_meanwhile_is_not_overwritten(cast, sign_in, course):
    page = "/organisations/riverside/expectations/camhs/"
    mo, max_ = sign_in(cast.mo), sign_in(second_manager(cast))
    typed = {"courses": "tiny", "reason": "For babies", "months": "36"}
    shown = seen(max_, page)
    for _ in range(2):
        assert mo.post(page, typed | seen(mo, page)).status_code == 302
    response = max_.post(page, typed | {"reason": "For every baby", "months": "24"} | shown)
    assert response.status_code == 400
    text = words(response)
    assert "This was changed while you had this page open." in text
    assert "It says now:For babiesYou typed:For every baby" in text
    assert "It says now:Three yearsYou typed:Two years" not in text
    assert Expectation.objects.get().reason == "For babies"
    assert max_.post(page, once_more(response)).status_code == 302
    assert Expectation.objects.count() == 2


@pytest.mark.parametrize("number", ["-1", "1.5", "twelve", "100001", "1e3"])
def test_what_is_no_number_is_said_and_everything_typed_stays(cast, sign_in, number):
    response = sign_in(cast.mo).post(URL, form(camhs=number, gp="33"))
    assert response.status_code == 400
    page = response.content.decode()
    assert "There is a problem" in page
    assert "No team, CAMHS practitioner: Write a whole number from 0 to 100,000" in page
    assert 'value="33"' in page
    assert f'value="{number}"' in page
    assert StaffInPost.objects.count() == 0


def test_a_number_that_is_taken_out_is_not_known_any_more(cast, sign_in):
    mo = sign_in(cast.mo)
    mo.post(URL, form(camhs="9"))
    mo.post(URL, form(camhs="") | {"as_of": "2026-04-30"} | seen(mo, URL))
    assert [row.headcount for row in StaffInPost.objects.order_by("pk")] == [9, None]


def test_who_saves_second_takes_no_number_of_another_manager_back(cast, sign_in):
    mo, max_ = sign_in(cast.mo), sign_in(second_manager(cast))
    mo.post(URL, form(camhs="9", gp="4"))
    shown = seen(max_, URL)
    mo.post(URL, form(camhs="11", gp="4") | seen(mo, URL))
    response = max_.post(URL, form(camhs="9", gp="5") | shown)
    assert response.status_code == 400
    assert sorted(row.headcount for row in StaffInPost.objects.all()) == [4, 9, 11]
    text = words(response)
    assert "These numbers were changed while you had this page open." in text
    assert "No team, CAMHS practitionerIt says now:11You had not changed this" in text
    assert "You typed" not in text
    assert max_.post(URL, once_more(response)).status_code == 302
    counts = headcounts_on(headcount_rows(cast.cohort.organisation, TODAY), TODAY)
    assert (counts[None, "camhs"].number, counts[None, "gp"].number) == (11, 5)


def test_what_was_downloaded_can_be_sent_back_and_changes_nothing(cast, sign_in):
    mo = sign_in(cast.mo)
    Team.objects.create(organisation=cast.cohort.organisation, name="=North, and more")
    mo.post(URL, form(health_visitor="12", camhs="0"))
    file = mo.get(f"{URL}csv/").content
    assert len(file.decode("utf-8-sig").strip().split("\r\n")) == 1 + 2 * 9
    upload = {"file": SimpleUploadedFile("staff.csv", file)}
    response = mo.post(f"{URL}file/", upload, follow=True)
    assert "18 rows read. Nothing was different" in response.content.decode()
    assert StaffInPost.objects.count() == 2


def test_a_file_is_taken_whole(cast, sign_in):
    mo = sign_in(cast.mo)
    team = Team.objects.create(organisation=cast.cohort.organisation, name="North")
    response = send(mo, "North,Midwife,7,2026-03-31,Staff record", ",GP,,31/03/2026,Staff record")
    assert response.status_code == 302
    assert StaffInPost.objects.get().team == team


def test_a_file_with_one_wrong_row_is_not_taken_at_all(cast, sign_in):
    mo = sign_in(cast.mo)
    response = send(mo, ",Midwife,7,2026-03-31,Record", "South,Midwife,7,2026-03-31,Record")
    assert response.status_code == 400
    page = response.content.decode()
    assert "The file was not taken, and nothing was changed" in page
    assert "Row 3, Team: no team of yours is called “South”." in page
    assert StaffInPost.objects.count() == 0


def test_a_team_of_another_organisation_is_none_of_mine(cast, sign_in):
    Team.objects.create(organisation=cast.other_cohort.organisation, name="South")
    response = send(sign_in(cast.mo), "South,Midwife,7,2026-03-31,Record")
    assert response.status_code == 400
    assert StaffInPost.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("South,Midwife,7,2026-03-31,Record", "Team"),
        ("North,Pirate,7,2026-03-31,Record", "Professional role"),
        ("North,Midwife,-7,2026-03-31,Record", "Staff in post"),
        ("North,Midwife,7.5,2026-03-31,Record", "Staff in post"),
        ("North,Midwife,٣,2026-03-31,Record", "Staff in post"),
        ("North,Midwife,1000001,2026-03-31,Record", "Staff in post"),
        ("North,Midwife,7,2026-02-30,Record", "As of"),
        ("North,Midwife,7,2026-12-01,Record", "As of"),
        ("North,Midwife,7,,Record", "As of"),
        ("North,Midwife,7,2026-03-31,", "Source"),
        ("North,Midwife,7,2026-03-31", "Source"),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column(line, column):
    rows, problems = read(f"{HEADER}\r\n\r\nNorth,Midwife,7,2026-01-31,Record\r\n{line}\r\n")
    assert len(rows) == 1
    assert [(problem.row, problem.column) for problem in problems] == [(4, column)]


def test_the_habits_of_spreadsheets_are_understood():
    text = (
        "\ufeffTeam;Professional role;Staff in post;As of;Source\n"
        'NORTH;" midwife ";1,200;31/03/2026;"Record; March"\n;;;;\n'
    )
    rows, problems = read(text)
    assert problems == []
    assert (rows[0].team, rows[0].number, rows[0].source) == ("7", 1200, "Record; March")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"PK\x03\x04\x00\xff", b"", b"a,b\r\n1,2"])
def test_what_is_no_such_file_is_refused(data):
    rows, problems = read(data)
    assert rows == []
    assert len(problems) == 1


def test_two_rows_that_say_the_same_thing_are_refused():
    line = "North,Midwife,7,2026-03-31,Record\n"
    _, problems = read(f"{HEADER}\n{line}{line}")
    assert "row 2 has the same team, role and day" in str(problems[0])


def test_a_file_that_is_too_long_is_refused():
    lines = "North,Midwife,7,2026-03-31,Record\n" * (MOST_ROWS + 1)
    rows, problems = read(f"{HEADER}\n{lines}")
    assert rows == []
    assert "up to 2000 are read at once" in str(problems[0])


@pytest.mark.parametrize("file", [None, SimpleUploadedFile("staff.csv", b"")])
def test_no_file_or_an_empty_one_is_said(cast, sign_in, file):
    response = sign_in(cast.mo).post(f"{URL}file/", {"file": file} if file else {})
    assert response.status_code == 400
    assert StaffInPost.objects.count() == 0


def test_a_formula_in_a_source_does_not_run_in_a_spreadsheet(cast, sign_in):
    mo = sign_in(cast.mo)
    mo.post(URL, form(camhs="9") | {"source": '=HYPERLINK("x")'})
    text = mo.get(f"{URL}csv/").content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""x"")"' in text


def test_what_is_expected_of_a_role_is_kept_and_asks_why(cast, sign_in):
    mo, url = sign_in(cast.mo), "/organisations/riverside/expectations/camhs/"
    refused = mo.post(url, {"courses": "tiny", "reason": "", "months": "24"})
    assert refused.status_code == 400
    assert "Say in a sentence why it is expected." in refused.content.decode()
    for _ in range(2):
        mo.post(url, {"courses": "tiny", "reason": "They meet babies", "months": "24"})
    assert cast.cohort.organisation.expectations.count() == 1
    page = mo.get("/organisations/riverside/coverage/").content.decode()
    assert "They meet babies" in page
    assert mo.get("/organisations/riverside/expectations/pirate/").status_code == 404
