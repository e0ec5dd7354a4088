"""Who is invited to an organisation or a cohort, who asks to join, and an organisation's logo.

Organisations themselves, their teams and memberships are in `people`.
"""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.people.models import Cohort, Membership, Organisation, Team, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, now: datetime) -> Self:
        """Invitations that can still be accepted: not used, not revoked and not expired."""
        return self.unanswered().filter(expires_at__gt=now)

    def unanswered(self) -> Self:
        """Invitations that were neither used nor revoked, expired ones too."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """An invitation by e-mail to one address: to an organisation in a role, and to a cohort.

    `cohort` None: to the organisation alone. `accepted_by` may have another e-mail address than
    `email`. `sent_at` is when the newest of `times_sent` mails was written. A person who was
    invited and has not accepted is "Invited, never signed in" on the lists of the organisation.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=10, choices=Membership.Role, default=Membership.Role.LEARNER)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="+")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=120, blank=True, default="")
    profession = models.CharField(max_length=20, choices=User.Profession, blank=True, default="")
    employee_number = models.CharField(max_length=30, blank=True, default="")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    times_sent = models.PositiveSmallIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(cohort=None, accepted_at=None, revoked_at=None),
                name="one_invitation_to_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["cohort", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_invitation_to_a_cohort",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"


class JoinRequest(models.Model):
    """A person asks to join an organisation or a cohort that lets in only whom somebody approves.

    `cohort` None: the organisation alone. `decided_at` None: nobody has answered yet.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="join_requests")
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(cohort=None, decided_at=None),
                name="one_request_to_join_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["cohort", "user"],
                condition=Q(decided_at=None),
                name="one_request_to_join_a_cohort",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} to {self.organisation}"


class Logo(models.Model):
    """An organisation's logo, made anew from what was uploaded: a PNG of at most 400 × 400 pixels.

    It is kept in the database, so that every machine that serves the site has it.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="logo")
    png = models.BinaryField()
    digest = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Logo of {self.organisation}"
