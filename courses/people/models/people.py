"""Users, organisations with their teams, and the dated memberships of users in them."""

import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils import timezone

LEADING_ROLES = ("trainer", "manager")


class UserManager(BaseUserManager["User"]):
    def with_navigation(self) -> models.QuerySet["User"]:
        """Users with the two flags the navigation needs, so that it makes no query of its own.

        `leads_cohorts`: whether they are a trainer or manager of an organisation now.
        `may_start_cohorts`: whether the site's rule lets them start a cohort.
        """
        own_memberships = Q(user=OuterRef("pk"))
        leading = Membership.objects.current().filter(own_memberships, role__in=LEADING_ROLES)
        may_start: Exists | Value = Value(True)
        if settings.COHORTS_STARTED_BY != "anybody":
            may_start = Exists(Membership.objects.starting_cohorts().filter(own_memberships))
        flags = {"leads_cohorts": Exists(leading), "may_start_cohorts": may_start}
        return self.annotate(**flags)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An active user. The e-mail address is stored in lower case.

        Without a password they cannot sign in by password until they have chosen one.
        """
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        rights = {"is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **rights, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they learn belongs to them; an organisation has them by a dated membership."""

    class Profession(models.TextChoices):
        HEALTH_VISITOR = "health-visitor", "Health visitor"
        CAMHS = "camhs", "CAMHS practitioner"
        MIDWIFE = "midwife", "Midwife"
        SCHOOL_NURSE = "school-nurse", "School nurse"
        EARLY_YEARS = "early-years", "Early years practitioner"
        SOCIAL_WORKER = "social-worker", "Social worker"
        GP = "gp", "GP"
        TRAINER = "trainer", "Trainer"
        OTHER = "other", "Other"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=120)
    profession = models.CharField(
        "professional role", max_length=20, choices=Profession, default=Profession.OTHER
    )
    is_staff = models.BooleanField(default=False)
    is_reviewer = models.BooleanField("may sign lessons off", default=False)
    is_active = models.BooleanField(default=True)
    wants_reminders = models.BooleanField("reminders by email", default=True, db_default=True)
    # When they come, in London: 0 is Monday. The rules are in `reminders.schedule`.
    reminder_weekday = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminder_hour = models.PositiveSmallIntegerField(default=8, db_default=8)
    wants_digests = models.BooleanField("digests by email", default=True, db_default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    # `with_navigation`, by which the signed-in user is fetched, sets these two.
    leads_cohorts: bool = False
    may_start_cohorts: bool = False

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def joined_by(self, user: User) -> Self:
        """Organisations that this user is in now, in any role, by name."""
        return self._of_memberships(Membership.objects.current().filter(user=user))

    def run_by(self, user: User) -> Self:
        """Organisations of which this user is a trainer or manager now, by name."""
        leading = Membership.objects.current().filter(role__in=LEADING_ROLES)
        return self._of_memberships(leading.filter(user=user))

    def managed_by(self, user: User) -> Self:
        """Organisations of which this user is a manager now, by name."""
        managing = Membership.objects.current().filter(role=Membership.Role.MANAGER)
        return self._of_memberships(managing.filter(user=user))

    def startable_by(self, user: User) -> Self:
        """Those in which this user may start a cohort under `COHORTS_STARTED_BY`, by name."""
        return self._of_memberships(Membership.objects.starting_cohorts().filter(user=user))

    def _of_memberships(self, memberships: models.QuerySet["Membership"]) -> Self:
        organisations = memberships.values("organisation")
        return self.filter(pk__in=organisations).order_by("name", "pk")


class Organisation(models.Model):
    """A service or trust. Anybody can create one under any name, so pages show it as not confirmed.

    `confirmed_at` None: no administrator of the site has confirmed that it is what its name says;
    so are all that were created before there was a confirmation. `confirmed_by` is None while
    `confirmed_at` is set in a demo only, which has no administrator.
    `mail_domains` are the domains, one a line, whose e-mail addresses may join; "": all.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    mail_domains = models.TextField(blank=True, default="", db_default="")

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.shown_name

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def shown_name(self) -> str:
        """The name as pages show it."""
        return self.name if self.is_confirmed else f"{self.name} (not confirmed)"

    @property
    def printed_name(self) -> str | None:
        """The name for certificates, reports, files and mail; None: not confirmed, leave it out.

        Outside of our pages nobody would read the words "(not confirmed)" as we mean them.
        """
        return self.name if self.is_confirmed else None


class Team(models.Model):
    """A part of an organisation, in a tree of two levels; `parent` None: it is of the first."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(parent=None),
                name="one_team_of_a_name",
            ),
            models.UniqueConstraint(fields=["parent", "name"], name="one_subteam_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Memberships that have not ended."""
        return self.filter(ended_at=None)

    def starting_cohorts(self) -> Self:
        """Current memberships whose holder may start cohorts in their organisation.

        By the setting `COHORTS_STARTED_BY`:

        - `anybody`: every trainer and manager. A person of no organisation may start one too, and
          with it a first organisation; `actions.start_own_cohort` sees to that.
        - `confirmed`: trainers and managers of confirmed organisations.
        - `invited`: trainers and managers whose membership was given by an administrator.
        """
        leading = self.current().filter(role__in=LEADING_ROLES)
        if settings.COHORTS_STARTED_BY == "confirmed":
            return leading.filter(organisation__confirmed_at__isnull=False)
        if settings.COHORTS_STARTED_BY == "invited":
            return leading.filter(given_by__isnull=False)
        return leading


class Membership(models.Model):
    """A user's role in an organisation, from one moment to another; `ended_at` None: it is current.

    `given_by` is the administrator or manager who gave it; None: it came with joining or starting
    a cohort. `team` None: no team is known. `employee_number` is the organisation's own number of
    the person as it stands in its staff record; "": not known.
    """

    class Role(models.TextChoices):
        LEARNER = "learner", "Learner"
        TRAINER = "trainer", "Trainer"
        MANAGER = "manager", "Manager"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.LEARNER)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="memberships")
    employee_number = models.CharField(max_length=30, blank=True, default="", db_default="")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ended_at=None),
                name="one_current_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation} as {self.role}"
