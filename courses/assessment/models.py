"""What was asked and answered: attempts, responses, scores, and attempts granted. How they are scored is elsewhere."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def taken_by(self, user: object) -> Self:
        """This person's own attempts, of any state."""
        return self.filter(user=user)

    def at_quiz(self, course_id: int, quiz_key: str) -> Self:
        """Attempts at one quiz of a course over all its editions, first to last."""
        return self.filter(edition__course=course_id, quiz_key=quiz_key).order_by("number")

    def counted(self) -> Self:
        """Attempts that use up one of those allowed: all but the voided."""
        return self.exclude(state="voided")


class Attempt(models.Model):
    """One go at a quiz. The rule and the drawn items with their order are frozen here when it opens.

    `rule` is {"draw", "pass_mark", "attempts"}; `items` is a list of {"key", "options": [option keys as shown]}.
    `earned` and `possible` are marks and None until scored; `passed` is decided once, from exact fractions.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SUBMITTED = "submitted", "Handed in"
        SCORED = "scored", "Scored"
        VOIDED = "voided", "Voided"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attempts")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="attempts")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    quiz_key = models.SlugField(max_length=60)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    rule = models.JSONField()
    items = models.JSONField()
    opened_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    earned = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    possible = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course", "quiz_key", "number"], name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["user", "course", "quiz_key"], condition=Q(state="open"), name="one_open_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.quiz_key} by {self.user_id}"


class Response(models.Model):
    """One answer as it was given: append-only. For an item of an attempt, the highest sequence counts."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    item_key = models.SlugField(max_length=60)
    answer = models.JSONField()
    event_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "event_id"], name="an_event_is_saved_once"),
            models.UniqueConstraint(fields=["attempt", "item_key", "sequence"], name="a_sequence_is_used_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_key} #{self.sequence} of {self.attempt_id}"


class ItemScore(models.Model):
    """What one item of a scored attempt earned, of one mark. `answer` is the response that counted, None if unanswered."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="item_scores")
    item_key = models.SlugField(max_length=60)
    answer = models.JSONField(null=True)
    earned = models.DecimalField(max_digits=5, decimal_places=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "item_key"], name="an_item_is_scored_once")]

    def __str__(self) -> str:
        return f"{self.item_key} of {self.attempt_id}: {self.earned}"


class ExtraAttempt(models.Model):
    """One more attempt at a quiz, granted to a person by their trainer, with the reason."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="extra_attempts")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    quiz_key = models.SlugField(max_length=60)
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"one more attempt at {self.quiz_key} for {self.user_id}"
