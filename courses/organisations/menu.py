"""The menu of an organisation's pages. Each package that has such a page adds its line here.

A line whose page does not exist is left out, so that a line may come before its page.
"""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from courses.people.models import LEADING_ROLES, Membership, Organisation, User

MANAGERS = ("manager",)


@dataclass(frozen=True)
class MenuLine:
    """A page of an organisation: its words, the name of its URL, and who may open it."""

    label: str
    url_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class MenuEntry:
    """A line as it is shown. `url_name` tells the page that one is on."""

    label: str
    url: str
    url_name: str


LINES = (
    MenuLine("Overview", "courses:organisation", LEADING_ROLES),
    MenuLine("People", "courses:organisation-people", MANAGERS),
    MenuLine("Teams", "courses:organisation-teams", MANAGERS),
    MenuLine("Invitations", "courses:organisation-invitations", LEADING_ROLES),
    MenuLine("Upload a roster", "courses:roster", MANAGERS),
    MenuLine("Coverage", "courses:coverage", LEADING_ROLES),
    MenuLine("Local plan", "courses:local-plan", LEADING_ROLES),
    MenuLine("Ready for babies?", "courses:readiness", LEADING_ROLES),
    MenuLine("Local pathways", "courses:pathways", LEADING_ROLES),
    MenuLine("Email sent", "courses:mail", LEADING_ROLES),
    MenuLine("Exports", "courses:exports", LEADING_ROLES),
    MenuLine("What was done here", "courses:organisation-events", MANAGERS),
)


def roles_in(user: User, organisation: Organisation) -> set[str]:
    """The roles that this person has in the organisation now."""
    memberships = Membership.objects.current().filter(user=user, organisation=organisation)
    return set(memberships.values_list("role", flat=True))


def menu_of(user: User, organisation: Organisation) -> list[MenuEntry]:
    """The pages of the organisation that this person may open, in the order of the menu."""
    roles = roles_in(user, organisation)
    entries = []
    for line in LINES:
        if roles.isdisjoint(line.roles):
            continue
        try:
            url = reverse(line.url_name, args=[organisation.slug])
        except NoReverseMatch:
            continue
        entries.append(MenuEntry(line.label, url, line.url_name))
    return entries
