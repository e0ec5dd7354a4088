"""Adding, changing, checking and removing a pathway. Trainers and managers do it.

Nothing is deleted: a pathway that is removed keeps its row, on no page.
"""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from courses.pathways.entries import PathwayChange, PathwayEntry
from courses.pathways.models import Pathway
from courses.people.audit import AuditEvent
from courses.people.models import Organisation, User
from courses.people.permissions import ChangedMeanwhile, NotYours, Refused
from courses.web import dates

MOST_PATHWAYS = 60  # of an organisation: its page shows them all


class PathwayThere(Refused):
    """The organisation has a pathway of this kind, area and service."""


class TooManyPathways(Refused):
    """The organisation has as many pathways as its page can show."""


class PathwayGone(Refused):
    """Somebody has removed the pathway."""


@transaction.atomic
def add_pathway(
    keeper: User, organisation: Organisation, entry: PathwayEntry, now: datetime
) -> Pathway:
    """A new pathway, checked by the keeper; the one that says exactly the same where there is one.

    Raises:
        NotYours: the person is no trainer or manager of the organisation.
        PathwayThere, TooManyPathways: see there.
    """
    _begin(keeper, organisation)
    own = list(Pathway.objects.current().filter(organisation=organisation))
    for pathway in own:
        if pathway.entry == entry:
            return pathway  # the button was pressed twice
    _check_is_new(own, entry)
    if len(own) >= MOST_PATHWAYS:
        raise TooManyPathways(
            f"There are {MOST_PATHWAYS} already. Remove one that nobody needs first."
        )
    fields = asdict(entry)
    pathway = Pathway.objects.create(
        organisation=organisation, checked_by=keeper, updated_at=now, **fields
    )
    _log(keeper, "add_pathway", pathway, now)
    return pathway


@transaction.atomic
def change_pathway(keeper: User, pathway: Pathway, change: PathwayChange, now: datetime) -> bool:
    """Writes what was entered; False: it says so already.

    The keeper counts as who checked it where its day, phone, email or web page changes, and else
    whoever did before. Which day that is: `PathwayChange.dated`.

    Raises:
        NotYours: as in `add_pathway`.
        PathwayGone, PathwayThere: see there.
        ChangedMeanwhile: somebody else changed or checked it after the keeper's page showed it.
    """
    current = _current(keeper, pathway)
    before = current.entry
    entry = change.dated(before, now.astimezone(dates.LONDON).date())
    if before == entry:
        return False
    _check_is_as_shown(current, change.stamp)
    own = Pathway.objects.current().filter(organisation=current.organisation)
    _check_is_new(list(own.exclude(pk=current.pk)), entry)
    if entry.checked_on != before.checked_on or entry.reach != before.reach:
        current.checked_by = keeper
    for name, value in asdict(entry).items():
        setattr(current, name, value)
    current.updated_at = now
    current.save()
    _log(keeper, "change_pathway", current, now)
    return True


@transaction.atomic
def check_pathway(keeper: User, pathway: Pathway, stamp: str, today: date, now: datetime) -> bool:
    """Notes that all of it is still right today; False: the keeper has said so today already.

    `stamp` is that of what the keeper's page showed: nobody vouches for what they have not seen.

    Raises:
        NotYours, PathwayGone, ChangedMeanwhile: as in `change_pathway`.
    """
    current = _current(keeper, pathway)
    if (current.checked_on, current.checked_by_id) == (today, keeper.pk):
        return False
    _check_is_as_shown(current, stamp)
    current.checked_on, current.checked_by, current.updated_at = today, keeper, now
    current.save(update_fields=["checked_on", "checked_by", "updated_at"])
    _log(keeper, "check_pathway", current, now)
    return True


@transaction.atomic
def remove_pathway(keeper: User, pathway: Pathway, now: datetime) -> bool:
    """Takes a pathway off every page; False: it is off already.

    Raises:
        NotYours: as in `add_pathway`.
    """
    _begin(keeper, pathway.organisation)
    if not Pathway.objects.current().filter(pk=pathway.pk).update(retired_at=now):
        return False
    _log(keeper, "remove_pathway", pathway, now)
    return True


def _begin(keeper: User, organisation: Organisation) -> None:
    """Checks the right, and lets two changes of one organisation's pathways run one by one."""
    if not Organisation.objects.run_by(keeper).filter(pk=organisation.pk).exists():
        raise NotYours("A trainer or manager of the organisation does this. Nothing was changed.")
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _current(keeper: User, pathway: Pathway) -> Pathway:
    """The pathway as it is now, once no other change can come between."""
    _begin(keeper, pathway.organisation)
    rows = Pathway.objects.current().select_related("organisation")
    current = rows.filter(pk=pathway.pk).first()
    if not current:
        raise PathwayGone("Somebody has removed this pathway meanwhile. Nothing was changed.")
    return current


def _check_is_as_shown(current: Pathway, stamp: str) -> None:
    if current.stamp != stamp:
        raise ChangedMeanwhile(
            "This pathway was changed or checked while you had it open. Nothing of yours was saved."
        )


def _check_is_new(others: list[Pathway], entry: PathwayEntry) -> None:
    for other in others:
        same_place = other.kind == entry.kind and other.area.casefold() == entry.area.casefold()
        if same_place and other.service.casefold() == entry.service.casefold():
            place = other.area or "everywhere"
            raise PathwayThere(
                f"{other.service} is written down for {other.kind} already, {place}. "
                "Change that one instead."
            )


def _log(keeper: User, action: str, pathway: Pathway, now: datetime) -> None:
    details = {"organisation": pathway.organisation.slug, "pathway": str(pathway.key)}
    AuditEvent.objects.create(actor=keeper, action=action, details=details, at=now)
