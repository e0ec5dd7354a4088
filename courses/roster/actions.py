"""Checking a roster, and importing it in one transaction. What a row would do is in `plan`."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.people.audit import AuditEvent
from courses.people.models import (
    Organisation,
    User,
)
from courses.people.permissions import NotYours, Refused
from courses.roster import reading
from courses.roster.applying import apply_plan
from courses.roster.known import PlannedRow
from courses.roster.models import VERSION, RosterImport
from courses.roster.plan import counts_of, new_teams, plan_rows
from courses.roster.queries import known_of
from courses.roster.rows import RosterRow, read_rows, row_of_json

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
    apply_plan(manager, organisation, planned, known, now)
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
