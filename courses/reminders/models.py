"""Which reminders and digests were sent to whom, or why not. What they said is in templates.

`mail_key` is the key of the mail in the outbox (`OutgoingMail`), which is deleted after 30 days;
None: no mail was written, or a release before the field wrote it.
"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from courses.people.models import Cohort, Organisation
from courses.reminders.schedule import Obstacle, Reason
from courses.web.mail.models import OutgoingMail

SENT, WAITING, FAILED, NOT_SENT = "sent", "waiting", "failed", "not-sent"


def mail_state() -> Case:
    """In SQL, inside a query of rows with a `mail_key`: sent, waiting or failed.

    A mail that is not in the outbox any more was sent, or given up, over 30 days ago; given up
    ones are counted as sent then, as nothing else is known.
    """
    mails = OutgoingMail.objects.filter(key=OuterRef("mail_key"))
    return Case(
        When(Exists(mails.waiting()), then=Value(WAITING)),
        When(Exists(mails.filter(failed_at__isnull=False)), then=Value(FAILED)),
        default=Value(SENT),
        output_field=CharField(),
    )


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
    mail_key = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.reason} to {self.user_id}"


class DueReminder(models.Model):
    """The reminder of a due date as the release before `LearnerNote` sent it. Not written any more.

    It is read, so that nobody gets two mails in the week in which a site changes to this release.
    """

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


def note_state() -> Case:
    """In SQL, inside a query of notes or digests: sent, waiting, failed or not-sent."""
    not_sent = When(~Q(obstacle=""), then=Value(NOT_SENT))
    return Case(not_sent, default=mail_state(), output_field=CharField())


class LearnerNoteQuerySet(models.QuerySet["LearnerNote"]):
    def in_cohorts(self, cohorts: models.QuerySet[Cohort]) -> Self:
        """Notes to learners of these cohorts."""
        return self.filter(assignment__cohort__in=cohorts)

    def sent(self) -> Self:
        """Notes whose mail was written, whether it has left the outbox or not."""
        return self.filter(obstacle="")


class LearnerNote(models.Model):
    """A note to one learner about one course of a cohort: sent, or not sent and why.

    One a person, assignment, reason and `period` (see `schedule.note_of`). `obstacle` is a value
    of `schedule.Obstacle`; "": it was sent. Several notes of one person share a mail.
    """

    REASONS = [(reason.value, reason.words) for reason in Reason]
    OBSTACLES = [(obstacle.value, obstacle.words) for obstacle in Obstacle]

    assignment = models.ForeignKey("courses.Assignment", models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    reason = models.CharField(max_length=12, choices=REASONS)
    period = models.CharField(max_length=21)
    at = models.DateTimeField(default=timezone.now)
    obstacle = models.CharField(max_length=20, choices=OBSTACLES, blank=True, default="")
    mail_key = models.UUIDField(null=True)

    objects = LearnerNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "assignment", "reason", "period"], name="one_note_of_a_period"
            )
        ]
        indexes = [
            models.Index(fields=["assignment", "-at"], name="notes_of_an_assignment"),
            models.Index(fields=["mail_key"], name="notes_of_a_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} to {self.user_id}"


class DigestQuerySet(models.QuerySet["Digest"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)

    def with_state(self) -> Self:
        """Each with `mail_state`: one of sent, waiting, failed and not-sent."""
        return self.annotate(mail_state=note_state())


class Digest(models.Model):
    """A trainer's weekly or a manager's monthly digest of one organisation: sent, or why not.

    `begins_on` is the day in London of the own moment of that week or month. `obstacle` "": sent.
    """

    class Kind(models.TextChoices):
        WEEKLY = "weekly", "Trainer’s weekly digest"
        MONTHLY = "monthly", "Manager’s monthly digest"

    class NotSent(models.TextChoices):
        NOTHING = "nothing", "there was nothing to say"
        SWITCHED_OFF = "switched-off", "they have switched digests off"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="digests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    kind = models.CharField(max_length=8, choices=Kind)
    begins_on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    obstacle = models.CharField(max_length=20, choices=NotSent, blank=True, default="")
    mail_key = models.UUIDField(null=True)

    objects = DigestQuerySet.as_manager()
    mail_state: str  # there where `with_state` fetched it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "kind", "begins_on"], name="one_digest_of_a_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id} to {self.user_id}"


class ReminderRunQuerySet(models.QuerySet["ReminderRun"]):
    def claim(self, now: datetime, every: Any) -> bool:
        """Whether the caller may run now: one of any number of processes, once in `every`."""
        self.get_or_create(pk=ReminderRun.ONLY, defaults={"began_at": now})
        is_due = Q(claimed_at=None) | Q(claimed_at__lte=now - every)
        return bool(self.filter(is_due, pk=ReminderRun.ONLY).update(claimed_at=now))


class ReminderRun(models.Model):
    """The one row that says when reminders were last looked at.

    `claimed_at` is when a process last took the run upon itself, and `finished_at` when one came
    to its end; None: never. `began_at` is when this site began to remind.
    """

    ONLY = 1

    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)

    objects = ReminderRunQuerySet.as_manager()

    def __str__(self) -> str:
        return "the last run"
