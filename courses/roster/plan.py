"""What each row of a roster would do to an organisation. Plain Python: no Django, no database.

What an organisation is now comes as `Known`; `actions` does what is decided here.
"""

from collections.abc import Iterable
from dataclasses import replace

from courses.organisations.mail_domains import in_words, is_allowed
from courses.roster.columns import NAMES, PROFESSION_NAMES
from courses.roster.known import Known, Member, Outcome, Pending, PlannedRow, fold
from courses.roster.rows import Fault, RosterRow
from courses.web import dates

ROLES_BY_RIGHT = ("manager", "trainer", "learner")  # an invitation is to the first that is named
LEADING = ("manager", "trainer")
MOST_NAMED = 6  # cohorts that a reason names


def plan_rows(rows: Iterable[RosterRow], known: Known) -> list[PlannedRow]:
    """What each row would do, in the order of the rows. A row with a fault does nothing at all."""
    holders = _holders(known)
    seen: dict[int, int] = {}
    planned = []
    for row in rows:
        member = known.members.get(row.email)
        faults = [*row.faults, *_faults_beside_others(row, member, holders, seen)]
        if faults:
            planned.append(_refused(row, faults))
            continue
        plan = _plan_member(row, member, known) if member else _plan_other(row, known)
        planned.append(plan)
    return planned


def _refused(row: RosterRow, faults: Iterable[Fault]) -> PlannedRow:
    return PlannedRow(row, Outcome.ERROR, faults=tuple(faults))


def _holders(known: Known) -> dict[str, tuple[str, str]]:
    """Who has an employee number: number → (email, words that name the person)."""
    holders = {}
    for invitations in known.pending.values():
        for pending in invitations:
            if pending.employee_number:
                words = f"{pending.email}, who is invited"
                holders[pending.employee_number] = (pending.email, words)
    for member in known.members.values():
        if member.employee_number:
            holders[member.employee_number] = (member.email, f"{member.name} ({member.email})")
    return holders


def _faults_beside_others(
    row: RosterRow,
    member: Member | None,
    holders: dict[str, tuple[str, str]],
    seen: dict[int, int],
) -> list[Fault]:
    """Faults by what is known of others: their number, or another address of the same person."""
    faults = []
    email = member.email if member else row.email
    holder = holders.get(row.employee_number)
    if holder and holder[0] != email:
        reason = (
            f"{row.employee_number} is the number of {holder[1]}. Correct the number. If it is the"
            " same person with a new address, they change it under “Your details” themselves, so"
            " that their record stays one."
        )
        faults.append(Fault(NAMES["employee_number"], reason))
    if member and member.user_id in seen:
        reason = (
            f"This is another address of {member.name}, who is in row {seen[member.user_id]} too."
            " Keep one of the two rows."
        )
        faults.append(Fault(NAMES["email"], reason))
    elif member:
        seen[member.user_id] = row.number
    return faults


def _plan_member(row: RosterRow, member: Member, known: Known) -> PlannedRow:
    """What a row does to somebody who is in the organisation."""
    if row.leaves_on:
        return _plan_leaving(row, member)
    plan = PlannedRow(row, Outcome.UNCHANGED, user_id=member.user_id, notes=_own(row, member))
    plan = _with_team(plan, member, known)
    plan = _with_number(plan, member)
    plan = _with_roles(plan, member)
    plan = _with_cohort(plan, member, known)
    if plan.faults:
        return _refused(row, plan.faults)
    has_moved = plan.team or plan.cohort_to or plan.invite_to
    if has_moved:
        return replace(plan, outcome=Outcome.MOVED)
    return replace(plan, outcome=Outcome.UPDATED) if plan.changes else plan


def _own(row: RosterRow, member: Member) -> tuple[str, ...]:
    """What the file says otherwise than the person: their name and professional role are theirs."""
    notes = []
    if row.name and fold(row.name) != fold(member.name):
        notes.append(f"Has the name {member.name} here, which is theirs to change.")
    if row.profession and row.profession != member.profession:
        profession = PROFESSION_NAMES.get(member.profession, member.profession)
        notes.append(f"Has the professional role {profession} here, which is theirs to change.")
    return tuple(notes)


def _plan_leaving(row: RosterRow, member: Member) -> PlannedRow:
    day = row.leaves_on
    assert day is not None
    reason = ""
    if member.is_oneself:
        reason = "Nobody leaves by their own file. Another manager does this for you."
    elif member.only_trainer_of:
        reason = _only_trainer(member, "leave")
    elif day < member.started_on:
        reason = (
            f"{member.name} came on {dates.day(member.started_on)}, after this day. Correct it."
        )
    if reason:
        return _refused(row, [Fault(NAMES["leaves"], reason)])
    change = f"Leaves on {dates.long_day(day)}"
    return PlannedRow(row, Outcome.LEAVES, (change,), user_id=member.user_id, leaves_on=day)


def _only_trainer(member: Member, what: str) -> str:
    return (
        f"{member.name} is the only trainer of {_listed(member.only_trainer_of)}. Add another "
        f"trainer there first; then they can {what}."
    )


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    # Names of cohorts have commas in them.
    return f"{'; '.join(names[:MOST_NAMED])}{more}"


def _with_team(plan: PlannedRow, member: Member, known: Known) -> PlannedRow:
    row = plan.row
    if not row.team:
        return plan
    team = _team_of(row, known)
    # A file without sub-teams says nothing about them.
    is_same_team = fold(team[0]) == fold(member.team[0]) and not row.subteam
    if is_same_team or _folded(team) == _folded(member.team):
        return plan
    change = f"Team: {_path(member.team) or 'none'} → {_path(team)}"
    return replace(plan, team=team, changes=(*plan.changes, change))


def _team_of(row: RosterRow, known: Known) -> tuple[str, str]:
    """Team and sub-team as they are written already, or as the file writes new ones."""
    parent = known.teams.get((fold(row.team), ""))
    team = parent[0] if parent else row.team
    return known.teams.get((fold(row.team), fold(row.subteam)), (team, row.subteam))


def _folded(team: tuple[str, str]) -> tuple[str, str]:
    return fold(team[0]), fold(team[1])


def _path(team: tuple[str, str]) -> str:
    return f"{team[0]}, {team[1]}" if team[1] else team[0]


def _with_number(plan: PlannedRow, member: Member) -> PlannedRow:
    number = plan.row.employee_number
    if not number or number == member.employee_number:
        return plan
    change = f"Employee number: {member.employee_number or 'none'} → {number}"
    return replace(plan, employee_number=number, changes=(*plan.changes, change))


def _with_roles(plan: PlannedRow, member: Member) -> PlannedRow:
    """Roles to give and to end. A learner's membership ends only by leaving."""
    named = set(plan.row.roles)
    if not named:
        return plan
    added = sorted(named - member.roles)
    ended = sorted((member.roles & set(LEADING)) - named)
    if not added and not ended:
        return plan
    reason = ""
    if member.is_oneself:
        reason = "Nobody changes their own role. Another manager does this for you."
    elif "trainer" in ended and member.only_trainer_of:
        reason = _only_trainer(member, "stop being one")
    if reason:
        return replace(plan, faults=(*plan.faults, Fault(NAMES["role"], reason)))
    changes = [f"Becomes a {role} too" for role in added]
    changes += [f"Is no longer a {role}" for role in ended]
    return replace(
        plan,
        roles_added=tuple(added),
        roles_ended=tuple(ended),
        changes=(*plan.changes, *changes),
    )


def _with_cohort(plan: PlannedRow, member: Member, known: Known) -> PlannedRow:
    """A move from one cohort to another; into a first one the person is invited, and agrees."""
    names, reason = _cohorts_in(plan.row.cohort, known)
    if reason:
        return replace(plan, faults=(*plan.faults, Fault(NAMES["cohort"], reason)))
    coming = [name for name in names if name not in member.cohorts]
    going = [name for name in member.cohorts if name not in names]
    if not coming:
        return plan
    if len(coming) > 1 or len(going) > 1:
        reason = (
            f"{member.name} is in {_listed(member.cohorts) or 'no cohort'}, and this names "
            f"{_listed(names)}. Change one at a time, or use the cohort’s page."
        )
        return replace(plan, faults=(*plan.faults, Fault(NAMES["cohort"], reason)))
    target = coming[0]
    if going:
        change = f"Cohort: {going[0]} → {target}"
        changes = (*plan.changes, change)
        return replace(plan, cohort_from=going[0], cohort_to=target, changes=changes)
    for pending in known.pending.get(member.email, []):
        if pending.cohort == target and not pending.is_expired:
            note = f"Was invited to the cohort {target} and has not answered yet."
            return replace(plan, notes=(*plan.notes, note))
    changes = (*plan.changes, f"Will be invited to the cohort {target}")
    return replace(plan, invite_to=target, invite_role="learner", changes=changes)


def _cohorts_in(text: str, known: Known) -> tuple[list[str], str]:
    """The names of the open cohorts that a cell names, and why it cannot be used ("": it can)."""
    if not text:
        return [], ""
    whole = known.cohorts.get(fold(text))
    if whole:
        return [whole], ""
    names = []
    for part in text.split(";"):
        if not part.strip():
            continue
        name = known.cohorts.get(fold(part))
        if not name:
            return [], _no_cohort(part.strip()[:80], known)
        names.append(name)
    return names, ""


def _no_cohort(name: str, known: Known) -> str:
    if fold(name) in known.closed:
        return f"The cohort {known.closed[fold(name)]} is closed. Name an open one."
    there = f"There are: {_listed(known.cohorts.values())}." if known.cohorts else "There is none."
    return f"There is no cohort “{name}”. {there} Correct the name, or start the cohort first."


def _plan_other(row: RosterRow, known: Known) -> PlannedRow:
    """What a row does about somebody who is not in the organisation: they are invited."""
    pending = known.pending.get(row.email, [])
    if row.leaves_on:
        return _plan_taking_back(row, pending)
    names, reason = _cohorts_in(row.cohort, known)
    if len(names) > 1:
        reason = "An invitation is to one cohort. Name one."
    if reason:
        return _refused(row, [Fault(NAMES["cohort"], reason)])
    if not is_allowed(row.email, known.domains):
        reason = f"Only addresses at {in_words(known.domains)} may join. Write such a one."
        return _refused(row, [Fault(NAMES["email"], reason)])
    role = next((role for role in ROLES_BY_RIGHT if role in row.roles), "learner")
    cohort = names[0] if names else ""
    plan = PlannedRow(
        row,
        Outcome.INVITED,
        team=_team_of(row, known) if row.team else None,
        invite_to=cohort,
        invite_role=role,
        notes=_other_roles(row, role),
    )
    earlier = _earlier(pending, cohort)
    if earlier:
        return _plan_again(plan, earlier)
    return replace(plan, changes=_invitation_words(plan, cohort))


def _invitation_words(plan: PlannedRow, cohort: str) -> tuple[str, ...]:
    row = plan.row
    words = [f"Will be invited as a {plan.invite_role}"]
    if cohort:
        words.append(f"Cohort: {cohort}")
    if plan.team:
        words.append(f"Team: {_path(plan.team)}")
    if row.profession:
        words.append(f"Professional role: {PROFESSION_NAMES[row.profession]}")
    if row.employee_number:
        words.append(f"Employee number: {row.employee_number}")
    return tuple(words)


def _other_roles(row: RosterRow, role: str) -> tuple[str, ...]:
    others = [other for other in row.roles if other != role]
    if not others:
        return ()
    return (f"An invitation is to one role. Once they are here, make them a {others[0]} too.",)


def _earlier(pending: list[Pending], cohort: str) -> Pending | None:
    """The invitation the row is about: that to its cohort; without a cohort, any."""
    for invitation in sorted(pending, key=lambda invitation: invitation.cohort):
        if not cohort or invitation.cohort == cohort:
            return invitation
    return None


def _plan_again(plan: PlannedRow, earlier: Pending) -> PlannedRow:
    """Somebody who was invited and has not answered: invited again where something changed."""
    row = plan.row
    role = plan.invite_role if row.roles else earlier.role
    plan = replace(plan, invite_to=earlier.cohort, invite_role=role)
    changes = []
    if earlier.is_expired:
        changes.append("Will be invited again: the invitation has run out")
    if role != earlier.role:
        changes.append(f"Invitation: {earlier.role} → {role}")
    if row.name and row.name != earlier.name:
        changes.append(f"Name: {earlier.name or 'none'} → {row.name}")
    if row.profession and row.profession != earlier.profession:
        changes.append(f"Professional role: {PROFESSION_NAMES[row.profession]}")
    if row.employee_number and row.employee_number != earlier.employee_number:
        before = earlier.employee_number or "none"
        changes.append(f"Employee number: {before} → {row.employee_number}")
    if plan.team and _is_other_team(plan.team, earlier.team):
        changes.append(f"Team: {_path(earlier.team) or 'none'} → {_path(plan.team)}")
    note = "Invited, never signed in."
    if changes:
        outcome = Outcome.INVITED if earlier.is_expired else Outcome.UPDATED
        return replace(plan, outcome=outcome, changes=tuple(changes), notes=(*plan.notes, note))
    return PlannedRow(row, Outcome.UNCHANGED, notes=(*plan.notes, note))


def _is_other_team(team: tuple[str, str], earlier: tuple[str, str]) -> bool:
    is_same_parent = fold(team[0]) == fold(earlier[0]) and not team[1]
    return not is_same_parent and _folded(team) != _folded(earlier)


def _plan_taking_back(row: RosterRow, pending: list[Pending]) -> PlannedRow:
    if not pending:
        return PlannedRow(row, Outcome.UNCHANGED, notes=("Is not in the organisation.",))
    words = "The invitation is taken back"
    return PlannedRow(row, Outcome.LEAVES, (words,), leaves_on=row.leaves_on)


def counts_of(outcomes: Iterable[str]) -> dict[str, int]:
    """How many rows have each outcome, all outcomes in their order; they add up to the rows."""
    counts = {outcome.value: 0 for outcome in Outcome}
    for outcome in outcomes:
        counts[outcome] += 1
    return counts


def new_teams(planned: Iterable[PlannedRow], known: Known) -> list[tuple[str, str]]:
    """Teams and sub-teams that the rows name and the organisation has not, parents first."""
    teams: dict[tuple[str, str], tuple[str, str]] = {}
    for plan in planned:
        if not plan.team or plan.outcome is Outcome.UNCHANGED:
            continue
        for path in ((plan.team[0], ""), plan.team):
            if _folded(path) not in known.teams:
                teams.setdefault(_folded(path), path)
    return [teams[key] for key in sorted(teams)]
