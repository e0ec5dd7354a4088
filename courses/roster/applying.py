"""Doing what the rows of a roster say, in bulk where the rules of a person's own action allow it.

Checking and importing a file is in `actions`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

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
from courses.roster.known import Known, Outcome, PlannedRow, fold
from courses.roster.plan import new_teams

BATCH = 500


def apply_plan(
    manager: User,
    organisation: Organisation,
    planned: Sequence[PlannedRow],
    known: Known,
    now: datetime,
) -> None:
    """Does what the rows say, in the caller's transaction; rows with errors do nothing."""
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
