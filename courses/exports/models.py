"""Layouts of exports as rows: which columns, in which order, under which headings.

What the columns are is in `columns`.
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.exports.columns import Column, columns_in
from courses.people.models import Organisation, User

LONGEST_NAME = 60


class ExportLayoutQuerySet(models.QuerySet["ExportLayout"]):
    def managed_by(self, user: User) -> Self:
        """Those of organisations that this user manages now."""
        return self.filter(organisation__in=Organisation.objects.managed_by(user).values("pk"))


class ExportLayout(models.Model):
    """A named choice of columns that everybody who exports from an organisation may use.

    `columns` is {"version": 1, "columns": [{"column": …, "heading": …}, …]}, in the order of the
    file; `columns.columns_in` reads it.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="export_layouts")
    name = models.CharField(max_length=LONGEST_NAME)
    columns = models.JSONField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ExportLayoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="one_export_layout_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chosen(self) -> tuple[Column, ...]:
        """Its columns in their order."""
        return columns_in(self.columns)
