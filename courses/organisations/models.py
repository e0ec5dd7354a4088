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

    def run_by(self, user: User) -> Self:
        """Those this user may see, send again and revoke.

        A manager all of the organisation, a trainer those to the cohorts they train.
        """
        managed = Q(organisation__in=Organisation.objects.managed_by(user).values("pk"))
        trained = Q(cohort__in=Cohort.objects.trained_by(user).values("pk"))
        return self.filter(managed | trained)


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


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> Self:
        """Requests that nobody has answered, oldest first."""
        return self.filter(decided_at=None).order_by("pk")

    def answered_by(self, user: User) -> Self:
        """Those this user answers: of cohorts they train, and of organisations they manage."""
        trained = Q(cohort__in=Cohort.objects.trained_by(user).values("pk"))
        managed = Q(
            cohort=None, organisation__in=Organisation.objects.managed_by(user).values("pk")
        )
        return self.filter(trained | managed).exclude(user=user)


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

    objects = JoinRequestQuerySet.as_manager()

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


class LogoQuerySet(models.QuerySet["Logo"]):
    def current(self) -> Self:
        """Logos that organisations have now."""
        return self.filter(replaced_at=None)

    def public(self) -> Self:
        """Logos of confirmed organisations, the replaced ones too: certificates still show them."""
        return self.filter(organisation__confirmed_at__isnull=False)


class Logo(models.Model):
    """An organisation's logo, made anew from what was uploaded: a PNG of at most 400 × 400 pixels.

    It is kept in the database, so that every machine that serves the site has it. A row never
    changes but for `replaced_at`, when another took its place or it was removed; None: it is the
    organisation's logo now. So what shows a logo by its digest shows the same for ever.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="logos")
    png = models.BinaryField()
    digest = models.CharField(max_length=64, db_index=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)

    objects = LogoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(replaced_at=None), name="one_current_logo"
            )
        ]

    def __str__(self) -> str:
        return f"Logo of {self.organisation}"
