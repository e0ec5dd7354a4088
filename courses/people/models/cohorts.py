"""Cohorts, who is in them, which courses they are given, and who has longer for one."""

import secrets
import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from courses.people.models.people import Membership, Organisation, User

JOIN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without letters and digits that look alike
JOIN_CODE_LENGTH = 10  # 49 bits: enough with rate limits, and short enough to read aloud


def new_join_code() -> str:
    """A random join code of ten letters and digits."""
    letters = [secrets.choice(JOIN_ALPHABET) for _ in range(JOIN_CODE_LENGTH)]
    return "".join(letters)


def read_code(typed: str) -> str:
    """A join code or a room's code as it is stored, whatever the case, spaces and hyphens."""
    return "".join(letter for letter in typed.upper() if letter in JOIN_ALPHABET)


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
        """Cohorts this user may change: those they train, while a trainer of the organisation.

        An archived cohort can only be read, so it is in `once_trained_by` instead.
        """
        return self.once_trained_by(user).listed()

    def once_trained_by(self, user: User) -> Self:
        """Cohorts this user trains, archived ones too, which they may only read and restore."""
        training = Membership.objects.current().filter(
            user=user, organisation=OuterRef("organisation"), role="trainer"
        )
        return self.filter(Exists(training), trainers=user)

    def open(self) -> Self:
        """Cohorts that are not closed: people join them, and their learners are reminded.

        An archived cohort is closed too.
        """
        return self.filter(closed_at=None, archived_at=None)

    def listed(self) -> Self:
        """Cohorts that are not archived."""
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        """Cohorts that are archived, the one archived last first."""
        archived = self.filter(archived_at__isnull=False)
        return archived.order_by(F("archived_at").desc(nulls_last=True), "name")

    def joined_by(self, user: User) -> Self:
        """Cohorts in which this user learns now, by name."""
        joined = self.filter(cohort_memberships__user=user, cohort_memberships__left_at=None)
        return joined.order_by("name")


class Cohort(models.Model):
    """A group that learns together. Renewing its join code ends the old link at once.

    `started_by` None: it is older than the field. `closed_at` None: people may join, and reminders
    go out. `archived_at` None: it is on the lists; an archived cohort is closed too, and can be
    read. `joining` is how its link lets people in.
    """

    class Joining(models.TextChoices):
        OPEN = "open", "Everybody with the link or the code"
        APPROVAL = "approval", "Only whom a trainer lets in"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=80)
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohorts_led")
    join_code = models.CharField(max_length=10, unique=True, default=new_join_code)
    created_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    joining = models.CharField(
        max_length=10, choices=Joining, default=Joining.OPEN, db_default=Joining.OPEN.value
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

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
        its organisation now. Nobody decides in an archived cohort, so those are left out.
        """
        training = Membership.objects.current().filter(
            user=OuterRef("user"), organisation=OuterRef("cohort__organisation"), role="trainer"
        )
        trainers = Cohort.trainers.through.objects.filter(cohort=OuterRef("cohort"))
        other_trainers = trainers.exclude(user=OuterRef("user")).filter(Exists(training))
        memberships = self.current().filter(
            user=user, cohort__assignments__course=course, cohort__archived_at=None
        )
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


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def in_force(self) -> Self:
        """Extensions that were not withdrawn, the newest first: the first of a learner counts."""
        return self.filter(withdrawn_at=None).order_by("-pk")


class Extension(models.Model):
    """A later due date for one learner of an assignment. The newest one of a learner counts.

    `due_at` is the last second of a day in London. `granted_by` is the trainer who gave it, for
    `reason`, which the learner reads too. `withdrawn_at` None: nobody has withdrawn it. With the
    newest one, the earlier ones of the same learner are withdrawn too.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["assignment", "user", "-id"], name="extension_newest")]

    def __str__(self) -> str:
        return f"{self.assignment} for {self.user}"
