"""The pathways of an organisation, and those that one person reads, in groups. One query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from courses.pathways.freshness import age_in_words, is_stale
from courses.pathways.models import Pathway
from courses.people.models import Organisation, User

MOST_UNFOLDED = 5
"""More pathways than this on a page that is about something else, and each area is folded."""

PURPOSES = {
    "consultation": "to talk a worry through, often before any referral",
    "referral": "to ask a service to see the family",
}


@dataclass(frozen=True)
class PathwayRow:
    """A pathway on a page, and how old what it says is, in words."""

    pathway: Pathway
    is_stale: bool
    age: str


@dataclass(frozen=True)
class AreaGroup:
    """The pathways of one area by their service; `area` "": everywhere, and it comes first."""

    area: str
    rows: list[PathwayRow]


@dataclass(frozen=True)
class KindGroup:
    """The pathways of one kind, by area. `purpose` says what the kind is for."""

    label: str
    purpose: str
    areas: list[AreaGroup]


@dataclass(frozen=True)
class OrganisationPathways:
    """What one organisation has written down: consultation, then referral; a kind may be absent."""

    organisation: Organisation
    kinds: list[KindGroup]


@dataclass(frozen=True)
class LocalPathways:
    """What one person reads: their organisations by name, only those with a pathway."""

    organisations: list[OrganisationPathways]
    is_long: bool = False

    @property
    def is_of_several(self) -> bool:
        return len(self.organisations) > 1


@dataclass(frozen=True)
class KeptPathways:
    """An organisation's own page: its pathways, how many they are, and how many are stale."""

    kinds: list[KindGroup]
    total: int
    stale: int


def local_pathways_for(user: User, today: date) -> LocalPathways:
    """The pathways of every organisation that this user is in now, by one query."""
    rows = list(Pathway.objects.read_by(user).select_related("organisation"))
    by_organisation: dict[Organisation, list[Pathway]] = {}
    for pathway in rows:
        by_organisation.setdefault(pathway.organisation, []).append(pathway)
    shown = []
    for organisation in sorted(by_organisation, key=lambda row: (row.name.casefold(), row.pk)):
        kinds = _by_kind(by_organisation[organisation], today)
        shown.append(OrganisationPathways(organisation, kinds))
    return LocalPathways(shown, is_long=len(rows) > MOST_UNFOLDED)


def kept_pathways_of(organisation: Organisation, today: date) -> KeptPathways:
    """The current pathways of one organisation with who checked them, by one query."""
    own = Pathway.objects.current().filter(organisation=organisation)
    rows = list(own.select_related("checked_by"))
    stale = sum(is_stale(pathway.checked_on, today) for pathway in rows)
    return KeptPathways(_by_kind(rows, today), len(rows), stale)


def areas_of(organisation: Organisation) -> list[str]:
    """The areas that the organisation's pathways name, each once, to be chosen again."""
    own = Pathway.objects.current().filter(organisation=organisation).exclude(area="")
    return sorted(set(own.values_list("area", flat=True)), key=str.casefold)


def _by_kind(pathways: Iterable[Pathway], today: date) -> list[KindGroup]:
    # Sorted here, as the databases do not agree on the order of small and large letters.
    in_order = sorted(pathways, key=_place)
    areas: dict[str, dict[str, AreaGroup]] = {kind: {} for kind in Pathway.Kind.values}
    for pathway in in_order:
        of_kind = areas[pathway.kind]
        group = of_kind.setdefault(pathway.area.casefold(), AreaGroup(pathway.area, []))
        group.rows.append(_row(pathway, today))
    groups = []
    for kind, of_kind in areas.items():
        if of_kind:
            label = str(Pathway.Kind(kind).label)
            groups.append(KindGroup(label, PURPOSES[kind], list(of_kind.values())))
    return groups


def _place(pathway: Pathway) -> tuple[str, str, int]:
    return pathway.area.casefold(), pathway.service.casefold(), pathway.pk


def _row(pathway: Pathway, today: date) -> PathwayRow:
    checked_on = pathway.checked_on
    return PathwayRow(pathway, is_stale(checked_on, today), age_in_words(checked_on, today))
