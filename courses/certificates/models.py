"""Certificates as rows: the facts they were issued on, and whether they were replaced or revoked.

No PDF is stored: it is made from the facts.
"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.certificates.codes import show_code


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def held_by(self, user: object) -> Self:
        """This person's own certificates, newest first."""
        return self.filter(user=user).order_by("-issued_at", "-pk")

    def current(self) -> Self:
        """The newest certificate of each enrolment, revoked or not: those no other replaced."""
        return self.filter(superseded_at=None)


class Certificate(models.Model):
    """A certificate that was issued. `facts` is read by `pdf.read_facts`, and never changes.

    `actions.revoke_certificate` changes a row, once: when it was revoked, by whom, and why. Rows
    revoked before the last two were stored have no `revoked_by` and an empty `revoke_reason`.
    `actions.replace_certificate` writes `superseded_at`, once: a newer one counts since. None: it
    is the newest of its enrolment.
    """

    code = models.CharField(max_length=26, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT, related_name="certificates")
    facts = models.JSONField()
    issued_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoke_reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(superseded_at=None),
                name="one_certificate_counts",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("a certificate never changes; `revoke_certificate` withdraws one")
        super().save(*args, **kwargs)

    @property
    def shown_code(self) -> str:
        """The code as people read it, in groups."""
        return show_code(self.code)

    @property
    def state(self) -> str:
        """ "valid", "replaced" or "withdrawn"; one that is both is withdrawn."""
        if self.revoked_at:
            return "withdrawn"
        return "replaced" if self.superseded_at else "valid"

    @property
    def ended_at(self) -> datetime | None:
        """When it stopped being valid; None: it is."""
        return self.revoked_at or self.superseded_at
