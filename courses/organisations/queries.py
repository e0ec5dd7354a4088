"""What the pages of an organisation show. Its cohorts' progress is in `dashboards`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from courses.organisations.models import Invitation, JoinRequest, Logo
from courses.people.models import Cohort, Membership, Organisation, Team, User

PAGE_SIZE = 50
LOGO_BOX = (200, 80)  # pixels on a page that a logo fits into


@dataclass(frozen=True)
class Numbers:
    """How many people an organisation has now by role, its teams and its cohorts on the lists.

    A person with two roles counts in both, and once in `people`.
    """

    people: int
    learners: int
    trainers: int
    managers: int
    teams: int
    cohorts: int


def numbers_of(organisation: Organisation) -> Numbers:
    """The numbers of an organisation as they are now, by three queries."""
    current = Membership.objects.current().filter(organisation=organisation)
    people_by_role: dict[str, set[int]] = {role: set() for role in Membership.Role.values}
    for role, user_id in current.values_list("role", "user_id"):
        people_by_role[role].add(user_id)
    return Numbers(
        people=len(set().union(*people_by_role.values())),
        learners=len(people_by_role["learner"]),
        trainers=len(people_by_role["trainer"]),
        managers=len(people_by_role["manager"]),
        teams=organisation.teams.count(),
        cohorts=Cohort.objects.listed().filter(organisation=organisation).count(),
    )


@dataclass(frozen=True)
class ShownLogo:
    """A logo as a page shows it. `width` and `height` are pixels on the page."""

    digest: str
    width: int
    height: int


def shown_logo(organisation: Organisation) -> ShownLogo | None:
    """The organisation's logo for others to see; None: there is none, or it is not confirmed."""
    return logo_of(organisation) if organisation.is_confirmed else None


def logo_png(digest: str) -> bytes | None:
    """The picture with this digest, also where another took its place; None: there is none."""
    logo = Logo.objects.filter(digest=digest).first() if digest else None
    return bytes(logo.png) if logo else None


def logo_of(organisation: Organisation) -> ShownLogo | None:
    """The organisation's logo now, as its own trainers and managers see it; None: it has none."""
    logo = Logo.objects.current().filter(organisation=organisation).defer("png").first()
    if not logo:
        return None
    width, height = LOGO_BOX
    scale = min(width / logo.width, height / logo.height, 1)
    return ShownLogo(
        digest=logo.digest,
        width=max(1, round(logo.width * scale)),
        height=max(1, round(logo.height * scale)),
    )


INVITATION_STATES = {
    "unsent": "Waits to be sent",
    "invited": "Invited, never signed in",
    "expired": "Ended without an answer",
    "accepted": "Accepted",
    "revoked": "Taken back",
}
INVITATION_CLASSES = {
    "unsent": "waiting",
    "invited": "not-started",
    "expired": "overdue",
    "accepted": "done",
    "revoked": "not-started",
}


@dataclass(frozen=True)
class InvitationRow:
    """An invitation on a list. `state` is a key of INVITATION_STATES."""

    invitation: Invitation
    state: str

    @property
    def words(self) -> str:
        return INVITATION_STATES[self.state]

    @property
    def css_class(self) -> str:
        return INVITATION_CLASSES[self.state]

    @property
    def is_unanswered(self) -> bool:
        return self.state in {"unsent", "invited", "expired"}

    @property
    def other_address(self) -> str:
        """The address of who accepted it, where that is another than was invited; else ""."""
        person = self.invitation.accepted_by
        if person is None or person.email == self.invitation.email:
            return ""
        return person.email


@dataclass(frozen=True)
class Choice:
    """A filter of a list: its key in the URL, its words, and how many rows it leaves."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Listed:
    """A page of a list, its filters, and the filter that is on; "": all."""

    page: Page[Any]
    rows: list[Any]
    choices: list[Choice]
    chosen: str
    typed: str = ""  # into the search

    @property
    def kept(self) -> str:
        """What links to other pages of the list keep in their query string: "state=invited&"."""
        given = {"q": self.typed, "state": self.chosen}
        chosen = {name: value for name, value in given.items() if value}
        return f"{urlencode(chosen)}&" if chosen else ""


def state_of(invitation: Invitation, now: datetime) -> str:
    """The state of an invitation, a key of INVITATION_STATES."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    if not invitation.times_sent:
        return "unsent"
    return "invited" if invitation.expires_at > now else "expired"


def _in_state(state: str, now: datetime) -> Q:
    """`state_of` in SQL; change both together."""
    unanswered = Q(accepted_at=None, revoked_at=None)
    sent = unanswered & Q(times_sent__gt=0)
    filters = {
        "unsent": unanswered & Q(times_sent=0),
        "invited": sent & Q(expires_at__gt=now),
        "expired": sent & Q(expires_at__lte=now),
        "accepted": Q(accepted_at__isnull=False),
        "revoked": Q(accepted_at=None, revoked_at__isnull=False),
    }
    return filters[state]


def invitations_page(
    user: User, organisation: Organisation, state: str, number: str, now: datetime
) -> Listed:
    """A page of the invitations that this user may see, newest first, by three queries.

    Args:
        state: a key of INVITATION_STATES; "": all.
        number: of the page, as it stands in the URL; one that is none is the first or the last.
    """
    own = Invitation.objects.run_by(user).filter(organisation=organisation)
    counts = {}
    for key in INVITATION_STATES:
        counts[key] = Count("pk", filter=_in_state(key, now))
    numbers = own.aggregate(**counts)
    choices = []
    for key, label in INVITATION_STATES.items():
        choices.append(Choice(key, label, numbers[key]))
    chosen = own.filter(_in_state(state, now)) if state else own
    related = ("invited_by", "accepted_by", "cohort", "team")
    page = Paginator(chosen.select_related(*related).order_by("-pk"), PAGE_SIZE).get_page(number)
    rows = [InvitationRow(invitation, state_of(invitation, now)) for invitation in page]
    return Listed(page, rows, choices, state)


def join_requests_for(user: User, cohort: Cohort | None = None) -> list[JoinRequest]:
    """The requests to join that this user answers now, oldest first, with person and place.

    Args:
        cohort: only requests to join it; None: all, to organisations too.
    """
    waiting = JoinRequest.objects.waiting().answered_by(user)
    if cohort:
        waiting = waiting.filter(cohort=cohort)
    return list(waiting.select_related("user", "cohort", "organisation"))


@dataclass(frozen=True)
class TeamRow:
    """A team on the page of teams: how many people are in it itself, and the teams in it."""

    team: Team
    people: int
    children: tuple["TeamRow", ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.people and not self.children

    @property
    def people_inside(self) -> int:
        """How many people are in the teams in it. Somebody in two of them counts twice."""
        return sum(row.people for row in self.children)


def teams_of(organisation: Organisation) -> list[TeamRow]:
    """The organisation's teams as a tree of two levels, each level by name, by one query."""
    current = Q(memberships__ended_at=None)
    people = Count("memberships__user", filter=current, distinct=True)
    rows = list(organisation.teams.annotate(people=people).order_by("name", "pk"))
    inside: dict[int, list[TeamRow]] = {}
    for team in rows:
        if team.parent_id:
            inside.setdefault(team.parent_id, []).append(TeamRow(team, team.people))
    tree = []
    for team in rows:
        if not team.parent_id:
            tree.append(TeamRow(team, team.people, tuple(inside.get(team.pk, ()))))
    return tree


PEOPLE_STATES = {
    "here": "In the organisation",
    "invited": "Invited, never signed in",
    "left": "Left",
}


@dataclass(frozen=True)
class PersonRow:
    """A person on the list of an organisation's people.

    `roles` are in words; `team` may be None. `at` is when they came or, for who left, went.
    """

    user: User
    roles: tuple[str, ...]
    team: Team | None
    employee_number: str
    at: datetime


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Who is in the organisation now, in any role."""
    current = Membership.objects.current().filter(organisation=organisation)
    return User.objects.filter(Exists(current.filter(user=OuterRef("pk"))))


def _people_who_left(organisation: Organisation) -> QuerySet[User]:
    """Who was in the organisation and is not now, each with `left_at`."""
    own = Q(memberships__organisation=organisation)
    was_in = User.objects.annotate(left_at=Max("memberships__ended_at", filter=own))
    gone = was_in.filter(left_at__isnull=False)
    current = Membership.objects.current().filter(organisation=organisation)
    return gone.exclude(Exists(current.filter(user=OuterRef("pk"))))


def people_page(
    organisation: Organisation, state: str, typed: str, number: str, now: datetime
) -> Listed:
    """A page of the organisation's people by name, by a fixed number of queries.

    Args:
        state: a key of PEOPLE_STATES.
        typed: letters of a name or an address, or an employee number; "": all.
        number: of the page, as it stands in the URL; one that is none is the first or the last.
    """
    here = _named(people_of(organisation), organisation, typed)
    left = _named(_people_who_left(organisation), organisation, typed)
    invited = Invitation.objects.unanswered().filter(organisation=organisation)
    if typed:
        known = Q(name__icontains=typed) | Q(email__icontains=typed)
        invited = invited.filter(known | Q(employee_number__iexact=typed))
    lists: dict[str, QuerySet[Any]] = {
        "here": here.order_by("name", "pk"),
        "invited": invited.select_related("cohort", "team", "accepted_by").order_by("pk"),
        "left": left.order_by(F("left_at").desc(nulls_last=True), "pk"),
    }
    choices = []
    for key, label in PEOPLE_STATES.items():
        choices.append(Choice(key, label, lists[key].count()))
    page = Paginator(lists[state], PAGE_SIZE).get_page(number)
    if state == "invited":
        rows: list[Any] = [InvitationRow(row, state_of(row, now)) for row in page]
    else:
        rows = _person_rows(organisation, list(page), is_current=state == "here")
    return Listed(page, rows, choices, state, typed)


def _named(people: QuerySet[User], organisation: Organisation, typed: str) -> QuerySet[User]:
    """Those whose name or address holds these letters, or who have this employee number."""
    if not typed:
        return people
    memberships = Membership.objects.filter(organisation=organisation, user=OuterRef("pk"))
    has_number = Exists(memberships.filter(employee_number__iexact=typed))
    return people.filter(Q(name__icontains=typed) | Q(email__icontains=typed) | has_number)


def _person_rows(
    organisation: Organisation, people: list[User], *, is_current: bool
) -> list[PersonRow]:
    """The people with what their memberships say, in their order, by one query."""
    memberships = Membership.objects.filter(organisation=organisation, user__in=people)
    if is_current:
        memberships = memberships.current()
    of_person: dict[int, list[Membership]] = {}
    for membership in memberships.select_related("team").order_by("pk"):
        of_person.setdefault(membership.user_id, []).append(membership)
    return [_person_row(person, of_person[person.pk], is_current) for person in people]


def _person_row(person: User, memberships: list[Membership], is_current: bool) -> PersonRow:
    """One person. Of who left, roles and team are those at the end."""
    ends = [row.ended_at for row in memberships if row.ended_at]
    if not is_current:
        last = max(ends)
        memberships = [row for row in memberships if row.ended_at == last]
    order = list(Membership.Role.values)
    memberships = sorted(memberships, key=lambda row: order.index(row.role))
    return PersonRow(
        user=person,
        roles=tuple(row.get_role_display() for row in memberships),
        team=next((row.team for row in memberships if row.team), None),
        employee_number=next((row.employee_number for row in memberships), ""),
        at=min(row.started_at for row in memberships) if is_current else max(ends),
    )


def person_row(organisation: Organisation, person: User) -> PersonRow:
    """One person who is in the organisation now."""
    return _person_rows(organisation, [person], is_current=True)[0]


@dataclass(frozen=True)
class OwnRow:
    """An organisation one is in: as what, and since when."""

    organisation: Organisation
    roles: tuple[str, ...]
    since: datetime


def own_rows(user: User) -> list[OwnRow]:
    """The organisations that this user is in now, the first joined first, by one query."""
    current = Membership.objects.current().filter(user=user).select_related("organisation")
    memberships: dict[int, list[Membership]] = {}
    for membership in current.order_by("started_at", "pk"):
        memberships.setdefault(membership.organisation_id, []).append(membership)
    rows = []
    for group in memberships.values():
        roles = tuple(membership.get_role_display() for membership in group)
        rows.append(OwnRow(group[0].organisation, roles, group[0].started_at))
    return rows
