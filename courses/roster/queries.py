"""An organisation as a roster sees it: who is in it, who is invited, its teams and cohorts.

What the rows of a file would change is decided in `plan`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils import timezone

from courses.organisations.mail_domains import domains_in
from courses.organisations.models import Invitation
from courses.people.models import (
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    Team,
    User,
)
from courses.roster.columns import NAMES, PROFESSION_NAMES
from courses.roster.known import Known, Member, Pending, fold

BY_COHORT = F("cohort__name").asc(nulls_last=True)  # never null: the test of orders cannot know
HEADER = (*NAMES.values(), "State")
ROLE_WORDS = {"learner": "Learner", "trainer": "Trainer", "manager": "Manager"}


@dataclass
class _Person:
    """What is gathered of one person while their memberships are read."""

    user: User
    started_on: date
    roles: set[str] = field(default_factory=set)
    team: tuple[str, str] = ("", "")
    employee_number: str = ""


def known_of(organisation: Organisation, user: User | None, now: datetime) -> Known:
    """The organisation as it is now, in eight queries whatever its size.

    Args:
        user: who imports; None: nobody is oneself.
    """
    people = _people(organisation)
    cohorts = list(Cohort.objects.filter(organisation=organisation).order_by("name", "pk"))
    learning = _learning(organisation)
    alone = _trained_alone(organisation, people)
    by_user = {}
    for user_id, person in people.items():
        by_user[user_id] = Member(
            user_id=user_id,
            name=person.user.name,
            email=person.user.email,
            profession=person.user.profession,
            roles=frozenset(person.roles),
            started_on=person.started_on,
            team=person.team,
            employee_number=person.employee_number,
            cohorts=tuple(learning[user_id]),
            only_trainer_of=tuple(alone[user_id]),
            is_oneself=user is not None and user.pk == user_id,
        )
    return Known(
        members=_by_address(by_user),
        pending=_pending(organisation, now),
        teams=_teams(organisation),
        cohorts={fold(row.name): row.name for row in cohorts if not row.closed_at},
        closed={fold(row.name): row.name for row in cohorts if row.closed_at},
        domains=domains_in(organisation.mail_domains),
    )


def _people(organisation: Organisation) -> dict[int, _Person]:
    """Everybody in the organisation now, by id, in the order of their names."""
    current = Membership.objects.current().filter(organisation=organisation)
    rows = current.select_related("user", "team__parent").order_by("user__name", "user_id", "pk")
    people: dict[int, _Person] = {}
    for row in rows:
        started_on = timezone.localdate(row.started_at)
        person = people.setdefault(row.user_id, _Person(row.user, started_on))
        person.started_on = max(person.started_on, started_on)
        person.roles.add(row.role)
        person.team = _path_of(row.team) if row.team else person.team
        person.employee_number = " ".join(row.employee_number.split()) or person.employee_number
    return people


def _path_of(team: Team | None) -> tuple[str, str]:
    if not team:
        return "", ""
    return (team.parent.name, team.name) if team.parent else (team.name, "")


def _learning(organisation: Organisation) -> dict[int, list[str]]:
    """The names of the open cohorts in which each person learns now."""
    current = CohortMembership.objects.current().filter(
        cohort__organisation=organisation, cohort__closed_at=None
    )
    learning: dict[int, list[str]] = defaultdict(list)
    for user_id, name in current.order_by(BY_COHORT, "pk").values_list("user_id", "cohort__name"):
        learning[user_id].append(name)
    return learning


def _trained_alone(organisation: Organisation, people: dict[int, _Person]) -> dict[int, list[str]]:
    """Cohorts that would have no trainer without this person, as `organisations.leaving` asks."""
    pairs = Cohort.trainers.through.objects.filter(
        cohort__organisation=organisation, cohort__archived_at=None
    )
    trainers: dict[str, list[int]] = defaultdict(list)
    for name, user_id in pairs.order_by(BY_COHORT).values_list("cohort__name", "user_id"):
        trainers[name].append(user_id)
    alone: dict[int, list[str]] = defaultdict(list)
    for name, user_ids in trainers.items():
        current = [pk for pk in user_ids if pk in people and "trainer" in people[pk].roles]
        if len(current) == 1:
            alone[current[0]].append(name)
    return alone


def _by_address(by_user: dict[int, Member]) -> dict[str, Member]:
    """Each member under each address they have confirmed, and under the one they sign in with."""
    confirmed = EmailAddress.objects.filter(verified=True, user_id__in=by_user.keys())
    members = {}
    if len(by_user) > 900:  # SQLite takes so many values in one query, and no more
        confirmed = EmailAddress.objects.filter(verified=True)
    for email, user_id in confirmed.values_list("email", "user_id"):
        if user_id in by_user:
            members[email.lower()] = by_user[user_id]
    for member in by_user.values():
        members[member.email.lower()] = member
    return members


def _pending(organisation: Organisation, now: datetime) -> dict[str, list[Pending]]:
    unanswered = Invitation.objects.unanswered().filter(organisation=organisation)
    pending: dict[str, list[Pending]] = defaultdict(list)
    for row in unanswered.select_related("cohort", "team__parent").order_by("pk"):
        invitation = Pending(
            email=row.email,
            name=row.name,
            role=row.role,
            profession=row.profession,
            is_expired=row.expires_at <= now,
            team=_path_of(row.team),
            employee_number=row.employee_number,
            cohort=row.cohort.name if row.cohort else "",
        )
        pending[row.email].append(invitation)
    return dict(pending)


def _teams(organisation: Organisation) -> dict[tuple[str, str], tuple[str, str]]:
    teams = {}
    for team in Team.objects.filter(organisation=organisation).select_related("parent"):
        path = _path_of(team)
        teams[fold(path[0]), fold(path[1])] = path
    return teams


def roster_rows(organisation: Organisation, now: datetime) -> list[tuple[str, ...]]:
    """The organisation as a roster: the cells below `HEADER`, people by name, then who is invited.

    Importing them changes nothing, so invitations that have run out are left out.
    """
    known = known_of(organisation, None, now)
    members = {member.user_id: member for member in known.members.values()}
    in_order = sorted(members.values(), key=lambda member: (fold(member.name), member.email))
    rows = [_member_cells(member) for member in in_order]
    for email in sorted(known.pending):
        pending = [row for row in known.pending[email] if not row.is_expired]
        if pending and email not in known.members:
            rows.append(_invited_cells(pending, known))
    return rows


def _member_cells(member: Member) -> tuple[str, ...]:
    roles = [words for role, words in ROLE_WORDS.items() if role in member.roles]
    return (
        member.name,
        member.email,
        member.employee_number,
        PROFESSION_NAMES.get(member.profession, ""),
        *member.team,
        " and ".join(roles),
        "; ".join(member.cohorts),
        "",
        "Here",
    )


def _invited_cells(pending: Iterable[Pending], known: Known) -> tuple[str, ...]:
    invitation = min(pending, key=lambda row: row.cohort)
    is_open = fold(invitation.cohort) in known.cohorts
    return (
        invitation.name,
        invitation.email,
        invitation.employee_number,
        PROFESSION_NAMES.get(invitation.profession, ""),
        *invitation.team,
        ROLE_WORDS[invitation.role],
        invitation.cohort if is_open else "",
        "",
        "Invited, never signed in",
    )
