"""What the pages of an organisation show. Its cohorts' progress is in `dashboards`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from courses.organisations.models import Invitation, Logo
from courses.people.models import Cohort, Membership, Organisation, User

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
