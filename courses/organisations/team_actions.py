"""Teams of an organisation: adding, renaming, moving and removing one.

Who is in them is set in `people_actions`.
"""

from datetime import datetime

from django.db import transaction

from courses.organisations.actions import may_manage
from courses.people.audit import AuditEvent
from courses.people.models import Organisation, Team, User
from courses.people.permissions import NotYours, Refused

MOST_TEAMS = 500  # of an organisation: its page shows them all


class ThirdLevel(Refused):
    """The team would be in a team that is in a team."""


class TeamNameTaken(Refused):
    """The organisation, or the team above, has a team of this name."""


class TeamNotEmpty(Refused):
    """People are in the team, or other teams."""


class TeamGone(Refused):
    """Somebody has removed the team."""


class TooManyTeams(Refused):
    """The organisation has as many teams as its page can show."""


@transaction.atomic
def add_team(
    manager: User, organisation: Organisation, name: str, parent: Team | None, now: datetime
) -> Team:
    """A new team, under `parent`; None: of the first level.

    Raises:
        NotYours: the person does not manage the organisation, or the parent is of another.
        ThirdLevel, TeamNameTaken, TooManyTeams: see there.
    """
    _begin(manager, organisation)
    if organisation.teams.count() >= MOST_TEAMS:
        raise TooManyTeams(f"There are {MOST_TEAMS} teams already. Remove one first.")
    _check_place(organisation, None, name, parent)
    team = Team.objects.create(organisation=organisation, parent=parent, name=name)
    _log(manager, "add_team", team, now)
    return team


@transaction.atomic
def change_team(manager: User, team: Team, name: str, parent: Team | None, now: datetime) -> None:
    """Renames a team and moves it under `parent`; None: to the first level.

    Raises:
        NotYours, ThirdLevel, TeamNameTaken: as in `add_team`.
        TeamGone: see there.
    """
    _begin(manager, team.organisation)
    _check_is_there(team)
    _check_place(team.organisation, team, name, parent)
    team.name, team.parent = name, parent
    team.save(update_fields=["name", "parent"])
    _log(manager, "change_team", team, now)


@transaction.atomic
def remove_team(manager: User, team: Team, now: datetime) -> None:
    """Removes an empty team.

    Raises:
        NotYours: the person does not manage the organisation.
        TeamNotEmpty: people are in it now, or teams.
        TeamGone: see there.
    """
    _begin(manager, team.organisation)
    _check_is_there(team)
    if team.children.exists():
        raise TeamNotEmpty(f"{team.name} has teams in it. Move or remove them first.")
    people = team.memberships.current().values("user").distinct().count()
    if people:
        raise TeamNotEmpty(
            f"{team.name} has {people} {'person' if people == 1 else 'people'} in it. Give them "
            "another team first. Nothing was removed."
        )
    _log(manager, "remove_team", team, now)
    team.delete()


def _begin(manager: User, organisation: Organisation) -> None:
    """Checks the right, and lets two changes of one organisation's teams run one by one."""
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation does this. Nothing was changed.")
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _check_is_there(team: Team) -> None:
    if not Team.objects.filter(pk=team.pk).exists():
        raise TeamGone(f"Somebody has removed {team.name} meanwhile. Nothing was changed.")


def _check_place(
    organisation: Organisation, team: Team | None, name: str, parent: Team | None
) -> None:
    """Raises where a team of this name cannot stand there; `team` None: it is a new one."""
    own_key = team.pk if team else None
    if parent:
        current = Team.objects.filter(pk=parent.pk, organisation=organisation).first()
        if not current:
            raise NotYours("That team belongs to another organisation. Nothing was changed.")
        if current.parent_id or current.pk == own_key:
            raise ThirdLevel(
                f"{current.name} cannot hold other teams: there are two levels, teams and the "
                "teams in them. Nothing was changed."
            )
        if team and team.children.exists():
            raise ThirdLevel(
                f"{team.name} has teams in it, and there are two levels. Move those out first. "
                "Nothing was changed."
            )
    for other in Team.objects.filter(organisation=organisation, parent=parent):
        if other.pk != own_key and other.name.casefold() == name.casefold():
            place = f" in {parent.name}" if parent else ""
            raise TeamNameTaken(f"There is a team called {other.name}{place} already.")


def _log(manager: User, action: str, team: Team, now: datetime) -> None:
    details = {"organisation": team.organisation.slug, "team": str(team.key)}
    AuditEvent.objects.create(actor=manager, action=action, details=details, at=now)
