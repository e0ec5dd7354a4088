"""A roster that was uploaded: first what it would do, then the receipt of what it did.

People, teams, cohorts and invitations themselves are in `people` and `organisations`.
"""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.people.models import Organisation, User

KEPT = timedelta(hours=24)  # how long a dry run can be imported
VERSION = 1  # of the JSON in `rows`


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def managed_by(self, user: User) -> Self:
        """Those of organisations that this user manages now, newest first."""
        own = self.filter(organisation__in=Organisation.objects.managed_by(user))
        return own.order_by("-checked_at", "-pk")

    def imported(self) -> Self:
        """Those that were imported: receipts."""
        return self.filter(imported_at__isnull=False)

    def lapsed(self, now: datetime) -> Self:
        """Dry runs that were not imported and cannot be any more."""
        return self.filter(imported_at=None, checked_at__lte=now - KEPT)


class RosterImport(models.Model):
    """An uploaded file: who, when, which file, and row by row what it would do, or did.

    `rows` is {"version": 1, "rows": […], "new_teams": […]}. A row has what the file said
    (`rows.row_of_json`) and what was decided (`plan.PlannedRow.as_json`). New teams are those that
    the rows name and the organisation did not have: a slip of the pen is seen before it is a team.
    `plan_digest` is that of the rows: what is imported is what was shown. `digest` is that of the
    file. `counts` are rows by outcome, and add up to `row_count`. `imported_at` None: it is a dry
    run.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="rosters")
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    says_who_leaves = models.BooleanField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    notes = models.JSONField(default=list)
    rows = models.JSONField()
    plan_digest = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    counts = models.JSONField()
    imported_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-checked_at"], name="roster_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.organisation}"

    def is_lapsed(self, now: datetime) -> bool:
        """Whether it is a dry run that cannot be imported any more."""
        return self.imported_at is None and self.checked_at <= now - KEPT
