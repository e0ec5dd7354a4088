"""Checking a roster, and importing it in one transaction. What a row would do is in `plan`."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.organisations.actions import Invitee, create_invitations
from courses.organisations.leaving import end_membership, end_role, give_role
from courses.organisations.models import Invitation
from courses.people.actions import end_of_day
from courses.people.audit import AuditEvent
from courses.people.models import (
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    Team,
    User,
)
from courses.people.permissions import NotYours, Refused
from courses.roster import reading
from courses.roster.models import VERSION, RosterImport
from courses.roster.plan import (
    Known,
    Outcome,
    PlannedRow,
    counts_of,
    fold,
    new_teams,
    plan_rows,
)
from courses.roster.queries import known_of
from courses.roster.rows import RosterRow, read_rows, row_of_json

BATCH = 500
# People of one file who leave or change roles. Each is done by itself, with its own checks, in the
# one transaction: 1,000 take about 8 seconds, in which nobody else can save on SQLite.
MOST_ONE_BY_ONE = 1_000
MOST_NAMED = 10  # row numbers that a refusal names


class WrongFile(Refused):
    """A file of which nothing can be read."""


class Lapsed(Refused):
    """The dry run is too old to be imported."""


class ImportedBefore(Refused):
    """The roster was imported already."""


class AnotherCheck(Refused):
    """The person saw another dry run of the file than the newest."""


class Changed(Refused):
    """Rows would do something else now than the dry run showed."""


def check_roster(
    manager: User,
    organisation: Organisation,
    file_name: str,
    data: bytes,
    says_who_leaves: bool,
    now: datetime,
) -> RosterImport:
    """Reads a file, and stores what each of its rows would do. Nobody is changed or written to.

    Dry runs of the organisation that can no longer be imported are deleted: they hold addresses
    of people who were never asked.

    Raises:
        NotYours: the person does not manage the organisation.
        WrongFile: nothing of the file can be read.
    """
    _check_manager(manager, organisation)
    try:
        table = reading.read_file(data)
    except reading.Unreadable as error:
        raise WrongFile(str(error)) from error
    rows = read_rows(table, says_who_leaves, timezone.localdate(now))
    notes = list(table.notes)
    names_leavers = any(values.get("leaves", "").strip() for _, values, _ in table.rows)
    if names_leavers and not says_who_leaves:
        notes.append("The column Leaves was not read, because the box for it was not ticked.")
    roster = RosterImport(
        organisation=organisation,
        file_name=_plain_file_name(file_name),
        digest=hashlib.sha256(data).hexdigest(),
        says_who_leaves=says_who_leaves,
        uploaded_by=manager,
        notes=notes,
    )
    with transaction.atomic():
        RosterImport.objects.filter(organisation=organisation).lapsed(now).delete()
        _forbid_too_many(_store_plan(roster, rows, now))
    return roster


def _forbid_too_many(planned: Iterable[PlannedRow]) -> None:
    """Raises WrongFile, see `MOST_ONE_BY_ONE`."""
    count = 0
    for plan in planned:
        count += bool(plan.leaves_on or plan.roles_added or plan.roles_ended)
    if count > MOST_ONE_BY_ONE:
        raise WrongFile(
            f"In this file {count:,} people leave or change their role, and we do "
            f"{MOST_ONE_BY_ONE:,} at a time. Split it into smaller files. Nothing was changed."
        )


def _check_manager(manager: User, organisation: Organisation) -> None:
    if not Organisation.objects.managed_by(manager).filter(pk=organisation.pk).exists():
        raise NotYours("A manager of the organisation imports its roster. Nothing was changed.")


def _plain_file_name(file_name: str) -> str:
    printable = [letter for letter in file_name if letter.isprintable()]
    return "".join(printable).strip()[-120:] or "roster"


def _store_plan(roster: RosterImport, rows: Sequence[RosterRow], now: datetime) -> list[PlannedRow]:
    known = known_of(roster.organisation, roster.uploaded_by, now)
    planned = plan_rows(rows, known)
    _fill(roster, planned, new_teams(planned, known))
    roster.checked_at = now
    roster.save()
    return planned


def _fill(
    roster: RosterImport, planned: Sequence[PlannedRow], teams: Iterable[tuple[str, str]]
) -> None:
    """Rows, counts and digest of the plan; the row is saved by the caller."""
    stored = []
    for plan in planned:
        stored.append(plan.row.as_json() | plan.as_json())
    names = [f"{team}, {subteam}" if subteam else team for team, subteam in teams]
    roster.rows = {"version": VERSION, "rows": stored, "new_teams": names}
    roster.plan_digest = _digest_of(stored)
    roster.row_count = len(stored)
    roster.counts = counts_of(plan.outcome.value for plan in planned)


def _digest_of(stored: list[dict[str, Any]]) -> str:
    text = json.dumps(stored, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_again(roster: RosterImport, now: datetime) -> None:
    """Stores what the rows of a dry run would do now. It can be imported for 24 hours from now."""
    rows = [row_of_json(stored) for stored in roster.rows["rows"]]
    _store_plan(roster, rows, now)


@transaction.atomic
def import_roster(
    manager: User, roster: RosterImport, plan_digest: str, now: datetime
) -> RosterImport:
    """Does what the dry run showed, all of it or nothing, and makes it the receipt.

    Rows with errors are left out; they stand on the receipt as refused.

    Args:
        plan_digest: of the dry run that the person saw.

    Raises:
        NotYours: the person does not manage the organisation, or did not upload the file.
        ImportedBefore, Lapsed: see there.
        AnotherCheck: see there.
        Changed: a row would do something else now. `check_again` stores what.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).get(
        pk=roster.organisation_id
    )
    _check_manager(manager, organisation)
    current = RosterImport.objects.select_for_update().get(pk=roster.pk)
    current.organisation = organisation
    _check_importable(manager, current, now)
    known = known_of(organisation, manager, now)
    planned = plan_rows([row_of_json(stored) for stored in current.rows["rows"]], known)
    _check_unchanged(current, planned, plan_digest)
    _apply(manager, organisation, planned, known, now)
    current.imported_at, current.imported_by = now, manager
    current.save(update_fields=["imported_at", "imported_by"])
    details = {"organisation": organisation.slug, "roster": str(current.key), **current.counts}
    AuditEvent.objects.create(actor=manager, action="import_roster", details=details, at=now)
    return current


def _check_importable(manager: User, roster: RosterImport, now: datetime) -> None:
    if roster.imported_at:
        raise ImportedBefore("This file was imported before. Nothing was changed a second time.")
    if roster.uploaded_by_id != manager.pk:
        # Its rows were checked for the person who uploaded it: nobody acts on themselves.
        raise NotYours("Who uploaded a file imports it. Upload it yourself. Nothing was changed.")
    if roster.is_lapsed(now):
        raise Lapsed(
            "This was checked more than a day ago. Upload the file again. Nothing was changed."
        )


def _check_unchanged(roster: RosterImport, planned: list[PlannedRow], plan_digest: str) -> None:
    stored = roster.rows["rows"]
    if plan_digest != roster.plan_digest:
        raise AnotherCheck(
            "This file was checked again since you looked. Nothing was imported. Look at what it "
            "would do now, and import it then."
        )
    numbers = []
    for plan, before in zip(planned, stored, strict=True):
        if plan.row.as_json() | plan.as_json() != before:
            numbers.append(str(plan.row.number))
    if not numbers:
        return
    rows = "row" if len(numbers) == 1 else "rows"
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    raise Changed(
        f"Nothing was imported. Since you looked, something changed here, so that {rows} "
        f"{', '.join(numbers[:MOST_NAMED])}{more} would do something else. Look once more, and "
        "import it then."
    )


def _apply(
    manager: User,
    organisation: Organisation,
    planned: Sequence[PlannedRow],
    known: Known,
    now: datetime,
) -> None:
    active = [plan for plan in planned if plan.outcome not in (Outcome.ERROR, Outcome.UNCHANGED)]
    teams = _create_teams(organisation, active, known)
    _update_memberships(organisation, active, teams)
    _change_roles(manager, organisation, active, now)
    cohorts = {row.name: row for row in Cohort.objects.open().filter(organisation=organisation)}
    _move(manager, active, cohorts, now)
    _take_leave(manager, organisation, active, now)
    _invite(manager, organisation, active, teams, cohorts, now)


Teams = dict[tuple[str, str], Team]


def _key(path: tuple[str, str]) -> tuple[str, str]:
    return fold(path[0]), fold(path[1])


def _create_teams(organisation: Organisation, planned: Iterable[PlannedRow], known: Known) -> Teams:
    """All teams of the organisation by their path, with those that the rows name first."""
    teams: Teams = {}
    for team in Team.objects.filter(organisation=organisation).select_related("parent"):
        path = (team.parent.name, team.name) if team.parent else (team.name, "")
        teams[_key(path)] = team
    for path in new_teams(planned, known):  # parents come first
        parent = teams[_key((path[0], ""))] if path[1] else None
        name = path[1] or path[0]
        team = Team.objects.create(organisation=organisation, parent=parent, name=name)
        teams[_key(path)] = team
    return teams


def _update_memberships(
    organisation: Organisation, planned: Iterable[PlannedRow], teams: Teams
) -> None:
    """Team and employee number, in every current membership of the person."""
    changes = {}
    for plan in planned:
        if plan.user_id and (plan.team or plan.employee_number):
            changes[plan.user_id] = plan
    if not changes:
        return
    changed = []
    for membership in Membership.objects.current().filter(organisation=organisation):
        change = changes.get(membership.user_id)
        if not change:
            continue
        if change.team:
            membership.team = teams[_key(change.team)]
        if change.employee_number:
            membership.employee_number = change.employee_number
        changed.append(membership)
    Membership.objects.bulk_update(changed, ["team", "employee_number"], batch_size=BATCH)


def _users(planned: Iterable[PlannedRow]) -> dict[int, User]:
    """The people of these rows by id, fetched in batches that any database takes."""
    ids = [plan.user_id for plan in planned if plan.user_id]
    users: dict[int, User] = {}
    for start in range(0, len(ids), BATCH):
        users |= User.objects.in_bulk(ids[start : start + BATCH])
    return users


def _change_roles(
    manager: User, organisation: Organisation, planned: Iterable[PlannedRow], now: datetime
) -> None:
    changing = [plan for plan in planned if plan.roles_added or plan.roles_ended]
    users = _users(changing)
    for plan in changing:
        assert plan.user_id is not None
        person = users[plan.user_id]
        for role in plan.roles_added:
            give_role(manager, person, organisation, role, now)
        for role in plan.roles_ended:
            end_role(manager, person, organisation, role, None, now)


def _move(
    manager: User,
    planned: Iterable[PlannedRow],
    cohorts: dict[str, Cohort],
    now: datetime,
) -> None:
    """Ends one membership and begins the other, which goes on from the day of the first.

    The new trainers are of the same organisation, and see what the earlier ones saw.
    """
    moves: dict[str, list[PlannedRow]] = defaultdict(list)
    for plan in planned:
        if plan.cohort_to:
            moves[plan.cohort_from].append(plan)
    created, events = [], []
    for name, rows in moves.items():
        going = {plan.user_id: cohorts[plan.cohort_to] for plan in rows}
        current = CohortMembership.objects.current().filter(cohort=cohorts[name])
        leaving = [row for row in current if row.user_id in going]
        for row in leaving:
            row.left_at = now
            target = going[row.user_id]
            moved = CohortMembership(cohort=target, user_id=row.user_id, joined_at=row.joined_at)
            created.append(moved)
            details = {"cohort": str(cohorts[name].key), "to": str(target.key)}
            event = AuditEvent(
                actor=manager,
                subject_id=row.user_id,
                action="move_learner",
                details=details,
                at=now,
            )
            events.append(event)
        CohortMembership.objects.bulk_update(leaving, ["left_at"], batch_size=BATCH)
    CohortMembership.objects.bulk_create(created, batch_size=BATCH)
    AuditEvent.objects.bulk_create(events, batch_size=BATCH)


def _take_leave(
    manager: User, organisation: Organisation, planned: Iterable[PlannedRow], now: datetime
) -> None:
    leaving = [plan for plan in planned if plan.leaves_on]
    users = _users(leaving)
    emails = set()
    for plan in leaving:
        emails.add(plan.row.email)
        if plan.user_id:
            end_membership(manager, users[plan.user_id], organisation, None, now)
            _date_back(plan, organisation, now)
    _take_back(manager, organisation, emails, now)


def _date_back(plan: PlannedRow, organisation: Organisation, now: datetime) -> None:
    """Somebody who left on an earlier day left at the end of that day."""
    day = plan.leaves_on
    if day is None or day >= timezone.localdate(now):
        return
    left_at = end_of_day(day)
    of_person = {"user": plan.user_id}
    ended = Membership.objects.filter(organisation=organisation, **of_person)
    ended.filter(ended_at=now, started_at__lte=left_at).update(ended_at=left_at)
    learnt = CohortMembership.objects.filter(
        cohort__organisation=organisation, left_at=now, **of_person
    )
    learnt.filter(joined_at__lte=left_at).update(left_at=left_at)


def _take_back(manager: User, organisation: Organisation, emails: set[str], now: datetime) -> None:
    """Revokes what invitations of these addresses are unanswered."""
    unanswered = Invitation.objects.unanswered().filter(organisation=organisation)
    taken_back = [row for row in unanswered if row.email in emails] if emails else []
    for invitation in taken_back:
        invitation.revoked_at, invitation.revoked_by = now, manager
    Invitation.objects.bulk_update(taken_back, ["revoked_at", "revoked_by"], batch_size=BATCH)


def _invite(
    manager: User,
    organisation: Organisation,
    planned: Iterable[PlannedRow],
    teams: Teams,
    cohorts: dict[str, Cohort],
    now: datetime,
) -> None:
    invitees = []
    for plan in planned:
        if plan.invite_to is None:
            continue
        row = plan.row
        invitee = Invitee(
            email=row.email,
            name=row.name,
            role=plan.invite_role,
            team=teams[_key(plan.team)] if plan.team else None,
            cohort=cohorts[plan.invite_to] if plan.invite_to else None,
            profession=row.profession,
            employee_number=row.employee_number,
        )
        invitees.append(invitee)
    if invitees:
        create_invitations(manager, organisation, invitees, now)
