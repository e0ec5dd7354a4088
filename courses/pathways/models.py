"""The pathways that organisations have written down. How long they are fresh: `freshness`."""

import uuid
from dataclasses import fields
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.pathways.contacts import dial_address, host_of
from courses.pathways.entries import PathwayEntry
from courses.people.models import Organisation, User
from courses.web.shared_forms import stamp_of

ENTRY_FIELDS = [field.name for field in fields(PathwayEntry)]


class PathwayQuerySet(models.QuerySet["Pathway"]):
    def current(self) -> Self:
        """Pathways that nobody has removed."""
        return self.filter(retired_at=None)

    def read_by(self, user: User) -> Self:
        """The current ones of every organisation that this user is in now, in any role."""
        organisations = Organisation.objects.joined_by(user).values("pk")
        return self.current().filter(organisation__in=organisations)

    def kept_by(self, user: User) -> Self:
        """Those of organisations that this user trains in or manages, the removed ones too."""
        return self.filter(organisation__in=Organisation.objects.run_by(user).values("pk"))


class Pathway(models.Model):
    """Whom to call in one area for consultation or for referral of a child under two.

    `area` "": everywhere. At least one of `phone`, `email` and `address` (of a web page, HTTPS) is
    there. `checked_on` is the day on which `checked_by` last made sure that all of it is right.
    `retired_at` None: it has not been removed.
    """

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", "Consultation"
        REFERRAL = "referral", "Referral"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pathways")
    kind = models.CharField(max_length=12, choices=Kind)
    area = models.CharField(max_length=80, blank=True)
    service = models.CharField(max_length=120)
    when_to_use = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.URLField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    checked_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)

    objects = PathwayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "area", "service"],
                condition=Q(retired_at=None),
                name="one_pathway_of_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email="", address=""), name="a_pathway_can_be_reached"
            ),
        ]

    def __str__(self) -> str:
        return self.service

    @property
    def entry(self) -> PathwayEntry:
        """What is written of it now."""
        return PathwayEntry(**{name: getattr(self, name) for name in ENTRY_FIELDS})

    @property
    def stamp(self) -> str:
        """Another one after every change."""
        return stamp_of(self.updated_at)

    @property
    def dial_address(self) -> str:
        """What a link to dial its number leads to; "" where it has none."""
        return dial_address(self.phone)

    @property
    def host(self) -> str:
        """The host of its web page, which the link shows; "" where it has none."""
        return host_of(self.address)
