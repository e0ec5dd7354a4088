"""The audit log: who changed what another person may do, and the seals over it. No rules here."""

import logging
from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from courses.web import dates

log = logging.getLogger("courses.exports")
LARGE_EXPORT = 500
"""A file of more people than this leaves only after the password, given in the last minutes."""


KEPT = "the audit log only grows; what was wrong is said by another row"


class AppendOnly(models.QuerySet[Any]):
    """Rows that are written once. Every way of Django to change or delete one raises TypeError."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(KEPT)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(KEPT)

    def delete(self) -> NoReturn:
        raise TypeError(KEPT)


class AppendOnlyModel(models.Model):
    """What the audit log and its seals have in common."""

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError(KEPT)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(KEPT)


# As text, not as JSON: SQLite would read the other side of a comparison as JSON too.
ORGANISATION_OF = Cast(KT("details__organisation"), models.CharField())
COHORT_OF = Cast(KT("details__cohort"), models.CharField())


class AuditEvent(AppendOnlyModel):
    """One action, append-only.

    `subject` is the person it was done to, or None. `details` holds keys and counts, no free text;
    the name of a layout of exports alone is in it, since nothing else keeps it once it is gone.
    `once_key`: what happens at most once, as a look at a record on a day; None for all else.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=40, db_column="deed")  # column of the first release
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    # NULL, since rows with "" would be equal, and SQLite finds nothing by a partial unique index.
    once_key = models.CharField(  # noqa: DJ001
        max_length=120, null=True, unique=True, editable=False
    )

    class Meta:
        indexes = [
            # `people.event_queries` finds the events of an organisation by these two.
            models.Index(ORGANISATION_OF, "id", name="events_of_organisations"),
            models.Index(COHORT_OF, "id", name="events_of_cohorts"),
        ]

    def __str__(self) -> str:
        return f"{dates.moment(self.at)} {self.actor} {self.action}"


class AuditSeal(AppendOnlyModel):
    """A link of the chain over the audit log: see `people.seals` for what a digest is made of.

    `number` counts from 1 without a gap. `events` has [id, digest] of each event it covers, in the
    order of their ids. `highest` is the highest id that this seal or one before it covers.
    """

    number = models.PositiveIntegerField(unique=True)
    events = models.JSONField()
    highest = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal {self.number}"


def log_export(
    actor: Any, export: str, rows: int, file_format: str, now: datetime, **details: object
) -> None:
    """One row for a file of people that leaves the product, written before its first byte.

    So a download that breaks off is in the log too.

    Args:
        export: which file, as "roster" or "records".
        rows: how many rows it has, without its header.
        file_format: "csv" or "xlsx".
    """
    facts = {"export": export, "rows": rows, "format": file_format, **details}
    AuditEvent.objects.create(actor=actor, action="export", details=facts, at=now)


def log_linked_export(actor: Any, export: str, rows: int, **details: object) -> None:
    """A line in the server's log for a file that a link gives: a look writes no row.

    Args:
        export: which file, as "progress".
        rows: how many rows it has, without its header.
        details: keys and counts, nothing that anybody typed.
    """
    facts = {"person": str(actor.key), "export": export, "rows": rows, **details}
    log.info("export", extra={"facts": facts})
