"""A roster: checked first, imported in one transaction, with a receipt; the same again changes nothing."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import AuditEvent, Cohort, Invitation, Membership, RosterImport, Team, User
from courses.organisations.actions import Invitee, create_invitations
from courses.people.actions import join_cohort, leave_cohort, start_cohort
from courses.people.models import CohortMembership
from courses.people.permissions import NotYours
from courses.roster.actions import (
    AnotherCheck,
    Changed,
    ImportedBefore,
    Lapsed,
    check_roster,
    import_roster,
)
from courses.roster.plan import counts_of
from courses.roster.queries import HEADER, known_of, roster_rows
from courses.web.spreadsheets import csv_rows, xlsx_file
from tests.conftest import PASSWORD, person
from tests.rosters import BROKEN
from tests.test_access import rows as all_rows


@pytest.fixture
def service(cast):
    return cast.cohort.organisation


def check(cast, text, leaves=False, now=None, by=None):
    data = text if isinstance(text, bytes) else text.encode()
    service = cast.cohort.organisation
    return check_roster(by or cast.mo, service, "staff.csv", data, leaves, now or timezone.now())


def bring_in(cast, text, leaves=False, by=None):
    roster = check(cast, text, leaves, by=by)
    return import_roster(by or cast.mo, roster, roster.plan_digest, timezone.now())


def outcomes(roster):
    return {row["email"]: row["outcome"] for row in roster.rows["rows"]}


def row_of(roster, email):
    return next(row for row in roster.rows["rows"] if row["email"] == email)


def url(service, name="roster", *more):
    return reverse(f"courses:{name}", args=[service.slug, *more])


def test_it_works(cast, service, sign_in):
    client = sign_in(cast.mo)
    file = SimpleUploadedFile("staff.csv", BROKEN)
    response = client.post(url(service), {"file": file, "says_who_leaves": "on"})
    roster = RosterImport.objects.get()
    assert response.url == url(service, "roster-import", roster.key)
    page = client.get(response.url).content.decode()
    assert "What staff.csv would do" in page
    assert "Teams that would be new: North; North, Ward 1." in page
    assert "To correct: 12" in page
    assert not Invitation.objects.exists()
    done = client.post(
        url(service, "import-roster", roster.key), {"digest": roster.plan_digest}, follow=True
    )
    assert "Receipt: staff.csv" in done.content.decode()
    assert set(Invitation.objects.values_list("email", "employee_number")) == {
        ("nia@example.org", "0017"),
        ("gil@example.org", "0029"),
    }
    assert Team.objects.get(name="Ward 1").parent.name == "North"


def test_counts_add_up_to_the_rows(cast):
    roster = check(cast, BROKEN)
    assert sum(roster.counts.values()) == roster.row_count == 14


def test_checking_changes_nobody_and_writes_to_nobody(cast, mailoutbox):
    before = all_rows()
    check(cast, BROKEN, leaves=True)
    after = all_rows()
    assert {name for name in after if after[name] != before[name]} == {"RosterImport"}
    assert mailoutbox == []


def test_nobody_gets_an_account_from_a_file(cast, service):
    people = User.objects.count()
    bring_in(cast, "Email,Name\nnew@example.org,New Person\nben@example.org,Ben")
    assert User.objects.count() == people
    # Ben has an account and was never asked: he is invited, and no member.
    assert not Membership.objects.filter(user=cast.ben, organisation=service).exists()
    assert Invitation.objects.filter(email="ben@example.org").exists()


def test_members_are_updated_moved_and_named_in_the_changes(cast, service):
    spring = start_cohort(cast.tess, service, "Summer", cast.cohort.assignments.get().course, None,
                          timezone.now())  # fmt: skip
    joined_at = CohortMembership.objects.get(user=cast.ana).joined_at
    text = "Email,Team,Sub-team,Staff no,Cohort\nana@example.org,North,Ward 1,0042,Summer"
    roster = bring_in(cast, text)
    row = row_of(roster, "ana@example.org")
    assert row["outcome"] == "moved"
    assert row["changes"] == [
        "Team: none → North, Ward 1",
        "Employee number: none → 0042",
        "Cohort: Autumn → Summer",
    ]
    membership = Membership.objects.current().get(user=cast.ana, organisation=service)
    assert (membership.team.name, membership.employee_number) == ("Ward 1", "0042")
    now_in = CohortMembership.objects.current().get(user=cast.ana)
    assert (now_in.cohort, now_in.joined_at) == (spring, joined_at)
    assert AuditEvent.objects.filter(action="move_learner", subject=cast.ana).count() == 1


def test_the_same_file_again_changes_nothing(cast, mailoutbox):
    text = "Email,Team,Staff no,Role\nana@example.org,North,7,learner\nnew@example.org,South,8,"
    bring_in(cast, text)
    mails, before = len(mailoutbox), all_rows()
    again = check(cast, text)
    assert set(outcomes(again).values()) == {"unchanged"}
    import_roster(cast.mo, again, again.plan_digest, timezone.now())
    after = all_rows()
    assert {name for name in after if after[name] != before[name]} == {"RosterImport", "AuditEvent"}
    assert len(mailoutbox) == mails


def test_an_invited_person_whose_row_changed_is_updated_and_not_doubled(cast):
    bring_in(cast, "Email,Team\nnew@example.org,North")
    roster = bring_in(cast, "Email,Team\nnew@example.org,South")
    assert outcomes(roster) == {"new@example.org": "updated"}
    assert Invitation.objects.get().team.name == "South"


def test_two_presses_import_once(cast):
    roster = check(cast, "Email\nnew@example.org")
    import_roster(cast.mo, roster, roster.plan_digest, timezone.now())
    with pytest.raises(ImportedBefore):
        import_roster(cast.mo, roster, roster.plan_digest, timezone.now())
    assert Invitation.objects.get().times_sent == 1


def test_what_changed_meanwhile_is_named_and_nothing_is_imported(cast, service, sign_in):
    roster = check(cast, "Email,Cohort\nnew@example.org,\nana@example.org,Autumn")
    leave_cohort(cast.ana, cast.cohort, timezone.now())
    with pytest.raises(Changed) as refusal:
        import_roster(cast.mo, roster, roster.plan_digest, timezone.now())
    assert "row 3 " in str(refusal.value)
    assert not Invitation.objects.exists()
    client = sign_in(cast.mo)
    press = url(service, "import-roster", roster.key)
    page = client.post(press, {"digest": roster.plan_digest}, follow=True).content.decode()
    assert "row 3 would do something else" in page
    assert "Will be invited to the cohort Autumn" in page
    roster.refresh_from_db()
    client.post(press, {"digest": roster.plan_digest})
    assert Invitation.objects.count() == 2


def test_a_dry_run_that_another_tab_replaced_is_not_imported(cast):
    roster = check(cast, "Email\nnew@example.org")
    with pytest.raises(AnotherCheck):
        import_roster(cast.mo, roster, "another", timezone.now())


def test_a_dry_run_of_yesterday_is_refused_and_then_deleted(cast, service, sign_in):
    now = timezone.now()
    old = check(cast, "Email\nnew@example.org", now=now - timedelta(hours=25))
    with pytest.raises(Lapsed):
        import_roster(cast.mo, old, old.plan_digest, now)
    assert sign_in(cast.mo).get(url(service, "roster-import", old.key)).status_code == 404
    check(cast, "Email\nother@example.org")
    assert not RosterImport.objects.filter(pk=old.pk).exists()


def test_nobody_changes_their_own_role_or_leaves_by_their_own_file(cast):
    roster = check(cast, "Email,Role,Leaves\nmo@example.org,learner,", leaves=True)
    assert "own role" in roster.rows["rows"][0]["reasons"][0][1]
    roster = check(cast, "Email,Leaves\nmo@example.org,yes", leaves=True)
    assert roster.rows["rows"][0]["reasons"][0][0] == "Leaves"


def test_the_last_manager_stays(cast, service):
    """Who imports is a manager and stays one, so that a file can take every other and never the last."""
    bring_in(cast, "Email,Role\ntess@example.org,trainer")
    managers = Membership.objects.current().filter(organisation=service, role="manager")
    assert [row.user for row in managers] == [cast.mo]


def test_roles_are_given_and_ended(cast, service):
    bring_in(cast, "Email,Role\nana@example.org,Trainer and learner")
    roles = Membership.objects.current().filter(user=cast.ana, organisation=service)
    assert set(roles.values_list("role", flat=True)) == {"learner", "trainer"}
    assert AuditEvent.objects.filter(action="give_role", subject=cast.ana).exists()
    bring_in(cast, "Email,Role\nana@example.org,Learner")
    assert list(roles.all().values_list("role", flat=True)) == ["learner"]


def test_the_only_trainer_of_a_cohort_cannot_leave_by_file(cast):
    roster = check(cast, "Email,Leaves\ntess@example.org,yes", leaves=True)
    assert "only trainer of Autumn" in roster.rows["rows"][0]["reasons"][0][1]


def test_people_leave_only_where_the_box_is_ticked(cast, service):
    text = "Email,Leaves\nana@example.org,yes"
    roster = bring_in(cast, text)
    assert outcomes(roster) == {"ana@example.org": "unchanged"}
    assert "not ticked" in roster.notes[0]
    bring_in(cast, text, leaves=True)
    assert not Membership.objects.current().filter(user=cast.ana, organisation=service).exists()
    assert not CohortMembership.objects.current().filter(user=cast.ana).exists()
    assert User.objects.get(pk=cast.ana.pk).is_active


def test_who_left_on_an_earlier_day_left_at_its_end(cast, service):
    long_ago = timezone.now() - timedelta(days=30)
    Membership.objects.filter(user=cast.ana).update(started_at=long_ago)
    CohortMembership.objects.filter(user=cast.ana).update(joined_at=long_ago)
    day = timezone.localdate() - timedelta(days=3)
    bring_in(cast, f"Email,Leaves\nana@example.org,{day}", leaves=True)
    ended = Membership.objects.get(user=cast.ana, organisation=service).ended_at
    assert timezone.localtime(ended).strftime("%Y-%m-%d %H:%M:%S") == f"{day} 23:59:59"
    assert CohortMembership.objects.get(user=cast.ana).left_at == ended


def test_an_invitation_of_somebody_who_leaves_is_taken_back(cast):
    bring_in(cast, "Email\nnew@example.org")
    roster = bring_in(cast, "Email,Leaves\nnew@example.org,yes", leaves=True)
    assert outcomes(roster) == {"new@example.org": "leaves"}
    assert Invitation.objects.get().revoked_by == cast.mo


def test_a_name_and_a_professional_role_are_the_persons_own(cast):
    roster = bring_in(cast, "Email,Name,Job title\nana@example.org,Anna Jones,GP")
    assert outcomes(roster) == {"ana@example.org": "unchanged"}
    assert len(roster.rows["rows"][0]["notes"]) == 2
    ana = User.objects.get(pk=cast.ana.pk)
    assert (ana.name, ana.profession) == (cast.ana.name, cast.ana.profession)


def test_a_closed_or_unknown_cohort_is_refused_by_name(cast, service):
    Cohort.objects.filter(pk=cast.cohort.pk).update(closed_at=timezone.now())
    roster = check(cast, "Email,Cohort\na@example.org,Autumn\nb@example.org,Spring")
    reasons = [row["reasons"][0][1] for row in roster.rows["rows"]]
    assert "is closed" in reasons[0]
    assert "no cohort “Spring”" in reasons[1]  # it is Olga's, elsewhere


def test_addresses_of_other_domains_are_refused(cast, service):
    service.mail_domains = "nhs.net"
    service.save()
    roster = check(cast, "Email\na@example.org\nb@nhs.net")
    assert outcomes(roster) == {"a@example.org": "error", "b@nhs.net": "invited"}


def test_a_file_of_another_organisation_does_not_exist(cast, service, sign_in):
    roster = check(cast, "Email\nnew@example.org")
    elsewhere = cast.other_cohort.organisation
    olga = sign_in(cast.olga)
    assert olga.get(url(service, "roster-import", roster.key)).status_code == 404
    assert olga.get(url(elsewhere, "roster-import", roster.key)).status_code == 404
    with pytest.raises(NotYours):
        import_roster(cast.olga, roster, roster.plan_digest, timezone.now())
    with pytest.raises(NotYours):
        import_roster(cast.tess, roster, roster.plan_digest, timezone.now())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_then_import_is_a_no_op(cast, service, sign_in, kind):
    bring_in(cast, "Email,Name,Team,Sub-team,Staff no,Cohort\nana@example.org,,North,Ward 1,=1+1,"
                   "\nnew@example.org,@New,-South,,007,Autumn")  # fmt: skip
    join_cohort(cast.mo, cast.cohort, timezone.now())
    response = sign_in(cast.mo).post(url(service, "roster-file", kind))
    roster = check(cast, response.content)
    assert set(outcomes(roster)) == {f"{name}@example.org" for name in ("ana", "tess", "mo", "new")}
    assert set(outcomes(roster).values()) == {"unchanged"}, roster.rows["rows"]
    assert roster.notes == []


def test_no_cell_of_an_export_is_a_formula(cast, service, sign_in):
    bring_in(cast, "Email,Name,Team,Staff no\nnew@example.org,=1+1,+North,-5")
    client = sign_in(cast.mo)
    book = load_workbook(io.BytesIO(client.post(url(service, "roster-file", "xlsx")).content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book.active.max_row == 1 + len(roster_rows(service, timezone.now()))
    table = list(
        csv.reader(io.StringIO(client.post(url(service, "roster-file", "csv")).content.decode()))
    )
    assert [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@"))] == []


def test_a_large_roster_needs_the_password_and_then_comes(cast, service, sign_in, monkeypatch):
    monkeypatch.setattr("courses.roster.views.LARGE_EXPORT", 2)
    mo, address = sign_in(cast.mo), url(service, "roster-file", "csv")
    assert mo.post(address)["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEvent.objects.filter(action="export").exists()
    form = {"password": PASSWORD, "next": address}
    response = mo.post(reverse("account_reauthenticate"), form)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    event = AuditEvent.objects.get(action="export")
    assert event.details["rows"] == len(rows) - 1 == 3


def test_the_rows_of_a_check_come_as_a_file_with_every_reason(cast, service, sign_in):
    roster = check(cast, BROKEN, leaves=True)
    content = sign_in(cast.mo).get(url(service, "roster-import-csv", roster.key)).content
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert {int(row[0]) for row in table[1:]} == set(range(2, 16))
    assert table[1][1] == "To correct"


def test_what_was_pasted_stays_on_a_refusal(cast, service, sign_in):
    response = sign_in(cast.mo).post(url(service), {"pasted": "Name\tTeam\nAna\tNorth"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "No column for email" in page
    assert "Ana\tNorth" in page


def test_nothing_chosen_is_said(cast, service, sign_in):
    response = sign_in(cast.mo).post(url(service), {})
    assert response.status_code == 400
    assert "Choose a file, or paste" in response.content.decode()


def test_long_files_are_paged_with_errors_first(cast, service, sign_in):
    lines = [f"n{number}@example.org" for number in range(120)] + ["no address"]
    roster = check(cast, "Email\n" + "\n".join(lines))
    client = sign_in(cast.mo)
    first = client.get(url(service, "roster-import", roster.key)).content.decode()
    assert "Page 1 of 3" in first
    assert first.index("no address") < first.index("n0@example.org")
    shown = client.get(url(service, "roster-import", roster.key), {"show": "error", "page": "zz"})
    assert "n0@example.org" not in shown.content.decode()


def test_as_many_queries_whatever_the_size(cast, service):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            known_of(service, cast.mo, timezone.now())
        return len(queries)

    before = count()
    for number in range(20):
        join_cohort(person(f"P{number}"), cast.cohort, timezone.now())
    invitees = [Invitee(f"i{number}@example.org") for number in range(20)]
    create_invitations(cast.mo, service, invitees, timezone.now())
    assert count() == before <= 8


def test_a_fault_half_way_leaves_nothing(cast, monkeypatch):
    roster = check(cast, "Email,Team\nana@example.org,North\nnew@example.org,South")
    before = all_rows()
    monkeypatch.setattr("courses.roster.applying.create_invitations", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_roster(cast.mo, roster, roster.plan_digest, timezone.now())
    assert all_rows() == before


def test_receipts_of_every_version_are_read(cast, service, sign_in):
    """One of each version of the stored rows that was ever written; this is version 1."""
    stored = {
        "number": 2, "email": "a@example.org", "name": "", "employee_number": "", "profession": "",
        "team": "", "subteam": "", "cohort": "", "roles": [], "leaves_on": None, "faults": [],
        "outcome": "invited", "changes": ["Will be invited as a learner"], "notes": [],
        "reasons": [],
    }  # fmt: skip
    roster = RosterImport.objects.create(
        organisation=service, file_name="old.csv", digest="0" * 64, says_who_leaves=False,
        uploaded_by=cast.mo, rows={"version": 1, "rows": [stored]}, plan_digest="0" * 64,
        row_count=1, counts=counts_of(["invited"]), imported_at=timezone.now(), imported_by=cast.mo,
    )  # fmt: skip
    page = sign_in(cast.mo).get(url(service, "roster-import", roster.key)).content.decode()
    assert "New: invited: 1" in page


def test_our_own_files_have_the_columns_of_the_page(service):
    header = b"".join(csv_rows(HEADER, [])).decode("utf-8-sig")
    with xlsx_file(HEADER, []) as file:
        assert [cell.value for cell in load_workbook(file).active[1]] == list(HEADER)
    assert header.startswith('"Name","Email"')


def test_more_leavers_than_one_transaction_should_hold_are_refused(
    cast, service, sign_in, monkeypatch
):
    monkeypatch.setattr("courses.roster.actions.MOST_ONE_BY_ONE", 0)
    data = {"pasted": "Email,Leaves\nana@example.org,yes", "says_who_leaves": "on"}
    response = sign_in(cast.mo).post(url(service), data)
    assert response.status_code == 400
    assert "Split it into smaller files" in response.content.decode()
    assert not RosterImport.objects.exists()
