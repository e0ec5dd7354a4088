"""Outgoing mails as rows, waiting and sent. How they are delivered is in `delivery`."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> Self:
        """Mails that are neither sent nor given up."""
        return self.filter(sent_at=None, failed_at=None)

    def due(self, now: datetime) -> Self:
        """Waiting mails that may be sent now, the most overdue first."""
        due = self.waiting().filter(next_attempt_at__lte=now)
        return due.order_by("next_attempt_at", "pk")

    def finished_before(self, moment: datetime) -> Self:
        """Mails created before that moment that were sent or given up."""
        finished = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
        return self.filter(finished, created_at__lt=moment)


class OutgoingMail(models.Model):
    """One mail. While it waits, `sent_at` and `failed_at` are None; only one of them is ever set.

    `body` and `html` are emptied as soon as the mail was sent or given up, since they hold
    one-time links and codes. While a mail is being sent, `next_attempt_at` is when another process
    may send it, in case the one that claimed it has died. `is_rechecked`: before it leaves, the
    function in `settings.MAIL_RECHECK` is asked whether it is still wanted.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    reply_to = models.JSONField(default=list)
    from_email = models.TextField()
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    is_rechecked = models.BooleanField(default=False, db_default=False)
    last_error = models.CharField(max_length=100, blank=True)  # class and code, never an address

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="mail_that_waits",
                condition=Q(sent_at=None, failed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"mail {self.key}"
