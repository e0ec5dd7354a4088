"""What was earned: certificates with the facts they were issued on, and what happened to them. No PDF is stored."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def held_by(self, user: object) -> Self:
        """This person's own certificates, newest first."""
        return self.filter(user=user).order_by("-issued_at")


class Certificate(models.Model):
    """One issue. `facts` is what `certificates.pdf.CertificateFacts` is made from, and never changes."""

    code = models.CharField(max_length=26, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    enrolment = models.OneToOneField("courses.Enrolment", models.PROTECT, related_name="certificate")
    facts = models.JSONField()
    issued_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code
