"""Users, organisations and memberships; cohorts, who is in them and which courses they are given.

What people learnt or answered does not live here.
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

LEADING_ROLES = ("trainer", "manager")
JOIN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without letters and digits that look alike
JOIN_CODE_LENGTH = 10  # 49 bits: enough with rate limits, and short enough to read aloud


def new_join_code() -> str:
    """A random join code of ten letters and digits."""
    letters = [secrets.choice(JOIN_ALPHABET) for _ in range(JOIN_CODE_LENGTH)]
    return "".join(letters)


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
    def run_by(self, user: User) -> Self:
        """Organisations of which this user is a trainer or manager now, by name."""
        leading = Membership.objects.current().filter(role__in=LEADING_ROLES)
        return self._of_memberships(leading.filter(user=user))

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
        """The name as pages show it."""
        return self.name if self.is_confirmed else f"{self.name} (not confirmed)"

    @property
    def printed_name(self) -> str | None:
        """The name for certificates, reports, files and mail; None: not confirmed, leave it out.

        Outside of our pages nobody would read the words "(not confirmed)" as we mean them.
        """
        return self.name if self.is_confirmed else None


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

    `given_by` is the administrator who gave it; None: it came with joining or starting a cohort.
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
        """Cohorts whose progress this user may see.

        A trainer sees the cohorts they train themselves, a manager all of the organisation.
        """
        in_organisation = Membership.objects.current().filter(
            user=user, organisation=OuterRef("organisation")
        )
        own_cohorts = Cohort.trainers.through.objects.filter(cohort=OuterRef("pk"), user=user)
        is_trainer = Exists(in_organisation.filter(role="trainer")) & Exists(own_cohorts)
        is_manager = Exists(in_organisation.filter(role="manager"))
        return self.filter(is_trainer | is_manager)

    def trained_by(self, user: User) -> Self:
        """Cohorts this user may change: those they train, while a trainer of the organisation."""
        training = Membership.objects.current().filter(
            user=user, organisation=OuterRef("organisation"), role="trainer"
        )
        return self.filter(Exists(training), trainers=user)

    def joined_by(self, user: User) -> Self:
        """Cohorts in which this user learns now, by name."""
        joined = self.filter(cohort_memberships__user=user, cohort_memberships__left_at=None)
        return joined.order_by("name")


class Cohort(models.Model):
    """A group that learns together. Renewing its join code ends the old link at once.

    `started_by` None: it is older than the field.
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
        """Memberships that the learner has not left."""
        return self.filter(left_at=None)

    def deciding(self, user: Any, course: Any) -> Self:
        """A learner's current memberships in cohorts with the course; the first one decides.

        `user` and `course` are ids, or `OuterRef`s inside another query. The rule and its reasons
        are in `permissions.deciding_membership`; change both together.
        """
        unconfirmed_last = Case(When(cohort__organisation__confirmed_at=None, then=1), default=0)
        candidates = self.on_course(user, course).filter(led_by_another=True)
        return candidates.order_by(unconfirmed_last, "joined_at", "pk")

    def on_course(self, user: Any, course: Any) -> Self:
        """A learner's current memberships in cohorts with the course, each with `led_by_another`.

        `led_by_another`: the cohort has a trainer who is not the learner and who is a trainer of
        its organisation now.
        """
        training = Membership.objects.current().filter(
            user=OuterRef("user"), organisation=OuterRef("cohort__organisation"), role="trainer"
        )
        trainers = Cohort.trainers.through.objects.filter(cohort=OuterRef("cohort"))
        other_trainers = trainers.exclude(user=OuterRef("user")).filter(Exists(training))
        memberships = self.current().filter(user=user, cohort__assignments__course=course)
        return memberships.annotate(led_by_another=Exists(other_trainers))


class CohortMembership(models.Model):
    """A learner in a cohort; `left_at` None: they are in it now."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="cohort_memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="cohort_memberships"
    )
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = CohortMembershipQuerySet.as_manager()

    class Meta:
        db_table = "courses_place"  # the model's name in the first release
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "user"], condition=Q(left_at=None), name="one_place_in_a_cohort"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.cohort}"


class Assignment(models.Model):
    """A course given to a cohort.

    `due_at` None: no due date. A due date is stored as its last second in London, 23:59:59.
    """

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
        """Whether the due date has passed; False where there is none."""
        return self.due_at is not None and self.due_at < now
