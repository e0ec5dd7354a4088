"""Which reminders were sent to whom, and why. What they said is in the templates."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Nudge(models.Model):
    """A reminder a trainer sent to one learner of a cohort about one course.

    `reason` is the name of an `AttentionReason` in lower case, or "asked".
    """

    cohort = models.ForeignKey("courses.Cohort", models.CASCADE, related_name="nudges")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="nudges")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    sent_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.reason} to {self.user_id}"


class DueReminder(models.Model):
    """The one reminder that a course is due soon, sent to one person of the assignment's cohort."""

    assignment = models.ForeignKey("courses.Assignment", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assignment"], name="one_reminder_of_a_due_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} to {self.user_id}"
