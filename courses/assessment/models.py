"""Attempts, responses, scores, accommodations and regrades as rows.

How answers are scored is in `items` and `scoring`.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from courses.people.models import CohortMembership

GRACE = timedelta(seconds=30)  # after a deadline, for answers that were under way


def is_over(state: str, deadline_at: datetime | None, now: datetime) -> bool:
    """Whether an attempt in this state is open and its time has run out.

    Never where there is no deadline (None). Keep in step with `AttemptQuerySet.over`, which asks
    the same of the database.
    """
    if state != "open" or deadline_at is None:
        return False
    return now > deadline_at + GRACE


class Certainty(models.IntegerChoices):
    """How sure somebody is of an answer."""

    GUESS = 1, "A guess"
    FAIRLY = 2, "Fairly sure"
    SURE = 3, "Very sure"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def taken_by(self, user: object) -> Self:
        """This person's own attempts, of any state."""
        return self.filter(user=user)

    def at_quiz(self, course_id: int, quiz_key: str) -> Self:
        """Attempts at one quiz of a course over all its editions, first to last."""
        attempts = self.filter(edition__course=course_id, quiz_key=quiz_key)
        return attempts.order_by("number")

    def counted(self) -> Self:
        """Attempts that use up one of those allowed: all but the voided ones."""
        return self.exclude(state="voided")

    def over(self, now: datetime) -> Self:
        """Open attempts whose time has run out; keep in step with `is_over`."""
        return self.filter(state="open", deadline_at__lt=now - GRACE)


class Attempt(models.Model):
    """One attempt at a quiz. The rule and the drawn items are stored here when it opens.

    `rule` is the quiz's rule at that moment (`frozen.rule_of`); `items` is a list of
    {"key", "options": [the keys of its options or cards as shown]}. `earned` and `possible` are
    marks, None until scored; `passed` is decided once, from exact fractions. `deadline_at` None:
    no time limit. `submitted_at` is when it was submitted or, where it `expired`, when its time
    ran out, whenever it was closed. Until it is closed its state is open, and pages show it as
    over.

    `assessed_by` is the trainer who recorded a pass that the learner showed in another way, for
    `assess_reason`, which the learner reads: such an attempt has no items and no marks. None: it
    was taken here.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Handed in"
        SCORED = "scored", "Scored"
        VOIDED = "voided", "Voided"

    # What addresses name it by: they never show the number of a row.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attempts")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="attempts")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    quiz_key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()  # from 1, over all editions
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    rule = models.JSONField()
    items = models.JSONField()
    opened_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    # Rounded down to four places, see `Score.marks`; passing is decided before that.
    earned = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    possible = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    deadline_at = models.DateTimeField(null=True)
    expired = models.BooleanField(default=False)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    void_reason = models.CharField(max_length=300, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    assess_reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "quiz_key", "number"], name="attempts_are_numbered"
            ),
            # Two presses of "Begin" at once get the same attempt.
            models.UniqueConstraint(
                fields=["user", "course", "quiz_key"],
                condition=Q(state="open"),
                name="one_open_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.quiz_key} by {self.user_id}"

    def is_over(self, now: datetime) -> bool:
        """Whether it is open and its time, and the grace for answers under way, have run out."""
        return is_over(self.state, self.deadline_at, now)


class Response(models.Model):
    """One answer as it was given. Rows are only added; the highest sequence of an item counts.

    `event_id` is the page's id of this change, so that a repeated request is recognised.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    item_key = models.SlugField(max_length=60)
    answer = models.JSONField()
    event_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    certainty = models.PositiveSmallIntegerField(choices=Certainty, null=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # These settle two requests at once, see `actions.save_response`.
            models.UniqueConstraint(fields=["attempt", "event_id"], name="an_event_is_saved_once"),
            models.UniqueConstraint(
                fields=["attempt", "item_key", "sequence"], name="a_sequence_is_used_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_key} #{self.sequence} of {self.attempt_id}"


class ItemScore(models.Model):
    """What one item of a scored attempt earned, of one mark.

    `answer` is the answer of the response that counted, None where there was none.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="item_scores")
    item_key = models.SlugField(max_length=60)
    answer = models.JSONField(null=True)
    certainty = models.PositiveSmallIntegerField(choices=Certainty, null=True)
    earned = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item_key"], name="an_item_is_scored_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_key} of {self.attempt_id}: {self.earned}"


class AccommodationQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        """Accommodations that count now: granted by the organisation that decides at present.

        All count for a learner whom no cohort has on the course, and those without an assignment
        count always.
        """
        memberships = CohortMembership.objects.deciding(OuterRef("user"), OuterRef("course"))
        organisation = memberships.values("cohort__organisation")[:1]
        rows = self.annotate(deciding=Subquery(organisation))
        is_always_in_force = Q(assignment=None) | Q(deciding=None)
        is_of_deciding = Q(assignment__cohort__organisation=F("deciding"))
        return rows.filter(is_always_in_force | is_of_deciding)


class ExtraAttempt(models.Model):
    """One more attempt at a quiz, granted to a learner by their trainer, with the reason.

    `assignment` is the one it was granted in; None: granted before assignments were stored here.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="extra_attempts"
    )
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        "courses.Assignment", models.PROTECT, null=True, related_name="+"
    )
    quiz_key = models.SlugField(max_length=60)
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    objects = AccommodationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"one more attempt at {self.quiz_key} for {self.user_id}"


class ExtraTime(models.Model):
    """More minutes than a timed quiz allows, granted to a learner, with the reason. Several add up.

    `assignment` as in `ExtraAttempt`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="extra_times")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        "courses.Assignment", models.PROTECT, null=True, related_name="+"
    )
    quiz_key = models.SlugField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    objects = AccommodationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.minutes} more minutes at {self.quiz_key} for {self.user_id}"


class AccommodationRequestQuerySet(models.QuerySet["AccommodationRequest"]):
    def pending(self) -> Self:
        """Requests that nobody has answered yet, the oldest first."""
        return self.filter(decided_at=None).order_by("asked_at")


class AccommodationRequest(models.Model):
    """A learner's request for one more attempt or more time at a quiz, with the reason.

    `granted` None: not answered yet. `assignment` is the one whose trainers decided when it was
    asked; None: asked before assignments were stored here. It is shown to the trainers of the
    organisation that decides now (`CohortMembership.objects.deciding`), so that it never waits in
    vain. `answer` is the trainer's sentence to the learner; it may be empty where it was granted.
    """

    class Kind(models.TextChoices):
        ATTEMPT = "attempt", "one more attempt"
        TIME = "time", "more time"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="extra_requests"
    )
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        "courses.Assignment", models.PROTECT, null=True, related_name="+"
    )
    quiz_key = models.SlugField(max_length=60)
    # Columns and tables keep older names, so that the last release can serve beside this one.
    kind = models.CharField(max_length=10, choices=Kind, db_column="wish")
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField(default=timezone.now)
    granted = models.BooleanField(null=True)
    # The last release declines without a sentence, on the same database.
    answer = models.CharField(max_length=300, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AccommodationRequestQuerySet.as_manager()

    class Meta:
        db_table = "courses_extrarequest"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "quiz_key", "kind"],
                condition=Q(decided_at=None),
                name="asked_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} asks for {self.kind} at {self.quiz_key}"


class Regrade(models.Model):
    """An item whose corrected key old attempts were scored by again: when, why and by whom.

    `edition` is the one with the corrected key.
    """

    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    item_key = models.SlugField(max_length=60)
    reason = models.CharField(max_length=300)
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    run_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "courses_remark"

    def __str__(self) -> str:
        return f"{self.item_key} of {self.course_id} marked again"


class RegradedAttempt(models.Model):
    """What a regrade did to one attempt: the item's marks and the pass, before and after."""

    regrade = models.ForeignKey(
        Regrade, models.CASCADE, related_name="attempts", db_column="remark_id"
    )
    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="regrades")
    earned_before = models.DecimalField(max_digits=5, decimal_places=4)
    earned_after = models.DecimalField(max_digits=5, decimal_places=4)
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()

    class Meta:
        db_table = "courses_remarkedattempt"
        constraints = [
            models.UniqueConstraint(
                fields=["regrade", "attempt"], name="an_attempt_is_remarked_once_a_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.earned_before} to {self.earned_after}"
