"""Who learns, where and with whom: people, organisations, memberships, cohorts, and courses assigned to cohorts.

What they learnt or answered does not live here.
"""

import secrets
import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

DUTIES = ("trainer", "manager")  # roles that lead others
JOIN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for another letter


def new_join_code() -> str:
    """Ten letters and digits, 49 bits: enough where guesses are throttled, short enough to read aloud."""
    return "".join(secrets.choice(JOIN_ALPHABET) for _ in range(10))


class UserManager(BaseUserManager["User"]):
    def with_duties(self) -> models.QuerySet["User"]:
        """People with what the navigation asks of them.

        `leads_cohorts`: whether they lead or manage at least one cohort now; `may_start_cohorts`: whether the site's
        rule lets them start one.
        """
        may_start: Exists | Value = Value(True)
        if settings.COHORTS_STARTED_BY != "anybody":
            may_start = Exists(Membership.objects.starting_cohorts().filter(user=OuterRef("pk")))
        duties = Membership.objects.current().filter(user=OuterRef("pk"), role__in=DUTIES)
        return self.annotate(leads_cohorts=Exists(duties), may_start_cohorts=may_start)  # type: ignore[no-redef]

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """One active person; the address is lower-cased, a missing password means none can be used."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The record of learning belongs to the person; an organisation is a dated membership."""

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
    joined_at = models.DateTimeField(default=timezone.now)

    leads_cohorts: bool = (
        False  # these two are set by `with_duties`, which fetches the signed-in person
    )
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
    def run_by(self, user: User) -> Self:
        """Organisations this person trains or manages in now, by name."""
        mine = Membership.objects.current().filter(user=user, role__in=DUTIES)
        return self.filter(pk__in=mine.values("organisation")).order_by("name", "pk")

    def startable_by(self, user: User) -> Self:
        """Organisations this person runs and may start a cohort in, under the site's rule (`COHORTS_STARTED_BY`)."""
        mine = Membership.objects.starting_cohorts().filter(user=user)
        return self.filter(pk__in=mine.values("organisation")).order_by("name", "pk")


class Organisation(models.Model):
    """A service or trust. Anybody can make one, under any name, so it is shown as not confirmed until it is.

    `confirmed_at` None: no administrator of the site has confirmed that it is what its name says. That is so of all
    that were made before there was a confirmation. `confirmed_by` None while `confirmed_at` is set: in a demo only.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = OrganisationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.shown_name

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def shown_name(self) -> str:
        """The name as every page says it."""
        return self.name if self.is_confirmed else f"{self.name} (not confirmed)"

    @property
    def printed_name(self) -> str | None:
        """The name for certificates, reports, files and mail, where it speaks for itself; None: it may not stand there."""
        return self.name if self.is_confirmed else None


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Memberships that have not ended."""
        return self.filter(ended_at=None)

    def starting_cohorts(self) -> Self:
        """Current memberships whose holder may start cohorts in their organisation.

        The rule is the setting `COHORTS_STARTED_BY`: under `anybody` every trainer and manager (and besides, a person
        of no organisation, who makes a first one); under `confirmed` those of confirmed organisations; under `invited`
        those to whom an administrator gave the membership.
        """
        duties = self.current().filter(role__in=DUTIES)
        if settings.COHORTS_STARTED_BY == "confirmed":
            return duties.filter(organisation__confirmed_at__isnull=False)
        if settings.COHORTS_STARTED_BY == "invited":
            return duties.filter(given_by__isnull=False)
        return duties


class Membership(models.Model):
    """A person in an organisation, from one moment to another; `ended_at` None means still there.

    `given_by` is the administrator who gave it; None: it came by joining a cohort or starting one.
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


class CohortQuerySet(models.QuerySet["Cohort"]):
    def led_by(self, user: User) -> Self:
        """Cohorts whose progress this person may see: a trainer's own, and all of the organisation for its managers."""
        now = Membership.objects.current().filter(user=user, organisation=OuterRef("organisation"))
        training = Exists(now.filter(role="trainer")) & Exists(
            Cohort.trainers.through.objects.filter(cohort=OuterRef("pk"), user=user)
        )
        return self.filter(training | Exists(now.filter(role="manager")))

    def trained_by(self, user: User) -> Self:
        """Cohorts this person may change: those they train themselves, as a current trainer of the organisation."""
        now = Membership.objects.current().filter(
            user=user, organisation=OuterRef("organisation"), role="trainer"
        )
        return self.filter(Exists(now), trainers=user)

    def joined_by(self, user: User) -> Self:
        """Cohorts this person learns in now, by name."""
        return self.filter(
            cohort_memberships__user=user, cohort_memberships__left_at=None
        ).order_by("name")


class Cohort(models.Model):
    """A group that learns together. Its join code can be renewed, which ends the old link at once.

    `started_by` None: it was started before that was kept.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=80)
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohorts_led")
    join_code = models.CharField(max_length=10, unique=True, default=new_join_code)
    created_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_cohort_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class CohortMembershipQuerySet(models.QuerySet["CohortMembership"]):
    def current(self) -> Self:
        """Places whose holder has not left."""
        return self.filter(left_at=None)

    def deciding(self, user: Any, course: Any) -> Self:
        """Current places of a learner in cohorts that have the course: the one that decides about attempts first.

        `user` and `course` are ids, or `OuterRef`s inside another query. The rule and its reasons are
        `permissions.deciding_place`; change both together.
        """
        return (
            self.on_course(user, course)
            .filter(led_by_another=True)
            .order_by(
                Case(When(cohort__organisation__confirmed_at=None, then=1), default=0),
                "joined_at",
                "pk",
            )
        )

    def on_course(self, user: Any, course: Any) -> Self:
        """Current places of a learner in cohorts that have the course, each with `led_by_another`."""
        training = Membership.objects.current().filter(
            user=OuterRef("user"), organisation=OuterRef("cohort__organisation"), role="trainer"
        )
        others = Cohort.trainers.through.objects.filter(cohort=OuterRef("cohort"))
        others = others.exclude(user=OuterRef("user")).filter(Exists(training))
        rows = self.current().filter(user=user, cohort__assignments__course=course)
        return rows.annotate(led_by_another=Exists(others))


class CohortMembership(models.Model):
    """A learner's place in a cohort; `left_at` None means still in it."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="cohort_memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="cohort_memberships"
    )
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = CohortMembershipQuerySet.as_manager()

    class Meta:
        db_table = "courses_place"
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(left_at=None), name="one_place_in_a_cohort"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.cohort}"


class Assignment(models.Model):
    """A course given to a cohort. `due_at` None means no date; a day's date ends at 23:59:59 London time."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="assignments")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="assignments")
    due_at = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "course"], name="a_course_is_assigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.course} for {self.cohort}"

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due moment has passed; never, where there is none."""
        return self.due_at is not None and self.due_at < now
