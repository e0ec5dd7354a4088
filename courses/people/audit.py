"""The audit log: who changed what another person may do. No rules live here."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.web import dates

log = logging.getLogger("courses.exports")
LARGE_EXPORT = 500
"""A file of more people than this leaves only after the password, given in the last minutes."""


class AuditEvent(models.Model):
    """One action, append-only.

    `subject` is the person it was done to, or None. `details` holds keys and counts, no free text;
    the name of a layout of exports alone is in it, since nothing else keeps it once it is gone.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=40, db_column="deed")  # column of the first release
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{dates.moment(self.at)} {self.actor} {self.action}"


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
