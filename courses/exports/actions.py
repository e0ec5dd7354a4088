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


class LayoutGone(Refused):
    """Somebody has removed the layout."""


@transaction.atomic
def add_layout(
    manager: User, organisation: Organisation, name: str, columns: Sequence[Column], now: datetime
) -> ExportLayout:
    """A new layout; the one there is where a second press sends the same once more.

    Raises:
        NotYours: the person does not manage the organisation.
        LayoutNameTaken, TooManyLayouts: see there.
    """
    _begin(manager, organisation)
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
        LayoutGone: see there.
    """
    _begin(manager, layout.organisation)
    current = _current(layout)
    if not current:
        raise LayoutGone("This layout was removed meanwhile. Nothing was changed.")
    stored = columns_as_json(columns)
    if (current.name, current.columns) == (name, stored):
        return False
    current.name, current.columns = name, stored
    _save(manager, current, now)
    _log(manager, "change_export_layout", current, now)
    return True


@transaction.atomic
def remove_layout(manager: User, layout: ExportLayout, now: datetime) -> bool:
    """Removes a layout; False: it is removed already. Files made with it stay what they are.

    Raises:
        NotYours: the person does not manage the organisation.
    """
    _begin(manager, layout.organisation)
    current = _current(layout)
    if not current:
        return False
    _log(manager, "remove_export_layout", current, now)
    current.delete()
    return True


def log_records_export(
    scope: Scope,
    layout_key: str,
    columns: Sequence[Column],
    rows: int,
    file_format: str,
    now: datetime,
) -> None:
    """Logs a file of people and courses: of which organisation, which columns, how many rows.

    Args:
        layout_key: of the saved layout; "" for all columns.
        columns: those that are in the file. A layout may change later, and a trainer gets fewer.
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
        columns=_keys_of(columns),
    )


def _keys_of(columns: Sequence[Column]) -> list[str]:
    return [column.key for column in columns]


def _begin(manager: User, organisation: Organisation) -> None:
    """Checks the right, and lets two changes of one organisation's layouts run one by one."""
    if not may_manage(manager, organisation):
        raise NotYours("A manager of the organisation changes its layouts. Nothing was changed.")
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _current(layout: ExportLayout) -> ExportLayout | None:
    """The layout as it is now, read behind the lock of `_begin`; None: it is removed."""
    return ExportLayout.objects.select_related("organisation").filter(pk=layout.pk).first()


def _save(manager: User, layout: ExportLayout, now: datetime) -> None:
    """Saves a layout that is new or changed; its name is its organisation's only one."""
    taken = LayoutNameTaken(
        f"There is another layout named {layout.name}. Give this one a name of its own."
    )
    if layout.name.casefold() == ALL_COLUMNS.casefold():
        raise taken
    is_new = layout.pk is None
    layout.updated_by, layout.updated_at = manager, now
    try:
        with transaction.atomic():
            # Never both: saving one that is gone would put it back.
            layout.save(force_insert=is_new, force_update=not is_new)
    except IntegrityError:
        raise taken from None


def _log(manager: User, action: str, layout: ExportLayout, now: datetime) -> None:
    # With what it holds: a layout that is changed or removed leaves no other trace of it.
    details = {
        "organisation": layout.organisation.slug,
        "layout": str(layout.key),
        "name": layout.name,
        "columns": _keys_of(layout.chosen),
    }
    AuditEvent.objects.create(actor=manager, action=action, details=details, at=now)
