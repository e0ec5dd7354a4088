"""Saving and removing a layout of exports, and the log of each file that leaves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from courses.exports.columns import ALL_COLUMNS, Column, columns_as_json
from courses.exports.models import ExportLayout
from courses.exports.queries import Scope
from courses.organisations.actions import may_manage
from courses.people.audit import AuditEvent, log_export
from courses.people.models import Organisation, User
from courses.people.permissions import NotYours, Refused

MOST_LAYOUTS = 50  # of an organisation: its page shows them all


class LayoutNameTaken(Refused):
    """The organisation has a layout of this name."""


class TooManyLayouts(Refused):
    """The organisation has as many layouts as its page can show."""


@transaction.atomic
def add_layout(
    manager: User, organisation: Organisation, name: str, columns: Sequence[Column], now: datetime
) -> ExportLayout:
    """A new layout; the one there is where a second press sends the same once more.

    Raises:
        NotYours: the person does not manage the organisation.
        LayoutNameTaken, TooManyLayouts: see there.
    """
    _check_manager(manager, organisation)
    stored = columns_as_json(columns)
    own = ExportLayout.objects.filter(organisation=organisation)
    same = own.filter(name=name).first()
    if same and same.columns == stored:
        return same
    if own.count() >= MOST_LAYOUTS:
        raise TooManyLayouts(f"There are {MOST_LAYOUTS} layouts already. Remove one first.")
    layout = ExportLayout(organisation=organisation, name=name, columns=stored)
    _save(manager, layout, now)
    _log(manager, "add_export_layout", layout, now)
    return layout


@transaction.atomic
def change_layout(
    manager: User, layout: ExportLayout, name: str, columns: Sequence[Column], now: datetime
) -> bool:
    """Gives a layout another name and other columns. Returns whether anything was different.

    Raises:
        NotYours, LayoutNameTaken: as in `add_layout`.
    """
    _check_manager(manager, layout.organisation)
    stored = columns_as_json(columns)
    if (layout.name, layout.columns) == (name, stored):
        return False
    layout.name, layout.columns = name, stored
    _save(manager, layout, now)
    _log(manager, "change_export_layout", layout, now)
    return True


@transaction.atomic
def remove_layout(manager: User, layout: ExportLayout, now: datetime) -> None:
    """Removes a layout. Files that were made with it stay what they are.

    Raises:
        NotYours: the person does not manage the organisation.
    """
    _check_manager(manager, layout.organisation)
    _log(manager, "remove_export_layout", layout, now)
    layout.delete()


def log_records_export(
    scope: Scope, layout_key: str, rows: int, file_format: str, now: datetime
) -> None:
    """Logs a file of people and courses: of which organisation, by which layout, how many rows.

    Args:
        layout_key: of the saved layout; "" for all columns.
    """
    log_export(
        scope.viewer,
        "records",
        rows,
        file_format,
        now,
        organisation=scope.organisation.slug,
        layout=layout_key,
        with_leavers=scope.with_leavers,
    )


def _check_manager(manager: User, organisation: Organisation) -> None:
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation changes its layouts. Nothing was changed.")


def _save(manager: User, layout: ExportLayout, now: datetime) -> None:
    """Saves a layout that is new or changed; its name is its organisation's only one."""
    taken = LayoutNameTaken(
        f"There is another layout named {layout.name}. Give this one a name of its own."
    )
    if layout.name.casefold() == ALL_COLUMNS.casefold():
        raise taken
    layout.updated_by, layout.updated_at = manager, now
    try:
        with transaction.atomic():
            layout.save()
    except IntegrityError:
        raise taken from None


def _log(manager: User, action: str, layout: ExportLayout, now: datetime) -> None:
    details = {"organisation": layout.organisation.slug, "layout": str(layout.key)}
    AuditEvent.objects.create(actor=manager, action=action, details=details, at=now)
