"""What a manager enters about readiness: staff in post, expectations of roles, the local plan.

All three are append-only: a newer row counts, the older ones are the history.
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.people.models import Organisation, Team, User


class StaffInPostQuerySet(models.QuerySet["StaffInPost"]):
    def known_on(self, organisation: Organisation, day: date) -> Self:
        """What is known of an organisation on this day, oldest first: a later row replaces one."""
        rows = self.filter(organisation=organisation, as_of__lte=day)
        return rows.order_by("as_of", "pk")


class StaffInPost(models.Model):
    """How many people of a professional role are in post in a team, as of a day.

    `team` None: those in no team. `headcount` None: it is not known any more. Of several rows the
    one with the latest `as_of` counts, then the one entered last. `source` is where the number is
    from, such as a staff record.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="staff_in_post")
    # A team that is removed takes its history with it: there is no page left to read it on.
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="staff_in_post")
    profession = models.CharField(max_length=20, choices=User.Profession)
    headcount = models.PositiveIntegerField(null=True)
    as_of = models.DateField()
    source = models.CharField(max_length=120)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    objects = StaffInPostQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "as_of", "id"], name="staff_in_post_on")]

    def __str__(self) -> str:
        return f"{self.profession} of {self.organisation_id} as of {self.as_of.isoformat()}"


class Expectation(models.Model):
    """Which courses an organisation expects of a professional role, why, and for how long.

    The newest row of a role counts. `course_keys` empty: nothing is expected of the role.
    `months` is how long a completed course counts as current.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="expectations")
    profession = models.CharField(max_length=20, choices=User.Profession)
    course_keys = models.JSONField(default=list)
    reason = models.CharField(max_length=300, blank=True)
    months = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "profession", "-id"], name="expectation_newest")
        ]

    def __str__(self) -> str:
        return f"{self.profession} of {self.organisation_id}"


class LocalPlanAnswer(models.Model):
    """An organisation's answer to one question about its local plan; the newest one counts.

    `question` is a key of `plan_questions`. `evidence` says where it stands in the plan, `owner`
    who looks after it: a role or a team. `checked_on` is when somebody last looked.
    """

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"
        NOT_KNOWN = "not-known", "Not known"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="plan_answers")
    question = models.SlugField(max_length=40)
    answer = models.CharField(max_length=10, choices=Answer)
    evidence = models.TextField(blank=True)
    owner = models.CharField(max_length=120, blank=True)
    checked_on = models.DateField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "question", "-id"], name="plan_answer_newest")
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.organisation_id}"
