"""Facts of learning as rows: enrolments, lessons begun and finished, answers to activities.

No percent is stored: how far somebody is follows from these, in `completion`.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.assessment.models import AccommodationRequest, ExtraAttempt
from courses.people.models import CohortMembership
from courses.signoffs.models import sign_off_count_on


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def held_by(self, user: object) -> Self:
        """This person's own enrolments."""
        return self.filter(user=user)

    def with_sign_off_count(self) -> Self:
        """Each with how many sign-offs its course has, as `sign_off_count`, in the same query."""
        return self.annotate(sign_off_count=sign_off_count_on("course"))

    def with_accommodations(self, quiz_key: str) -> Self:
        """Each with what decides whether the learner may take this quiz again, in the same query.

        `extra` is how many attempts were granted and `has_asked` whether the learner asked for
        more. `has_trainer`: somebody could grant it, as a cohort the learner is in has the course
        and another person leads it.
        """
        same_person = {"user": OuterRef("user"), "course": OuterRef("course")}
        granted = ExtraAttempt.objects.in_force().filter(**same_person, quiz_key=quiz_key)
        counted = granted.order_by().values("user").annotate(n=Count("pk")).values("n")
        requests = AccommodationRequest.objects.filter(**same_person, quiz_key=quiz_key)
        cohorts = CohortMembership.objects.deciding(**same_person)
        return self.annotate(
            extra=Coalesce(Subquery(counted), 0),
            has_asked=Exists(requests),
            has_trainer=Exists(cohorts),
        )


class Enrolment(models.Model):
    """A person on a course, pinned to the edition it began with.

    `completed_at` is written once, in the transaction of the action that completed the course.
    `intention` is one thing the learner means to do, in their words, for them alone; empty means
    not written.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    # A course that somebody learns is retired, never deleted.
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    intention = models.TextField(blank=True)

    sign_off_count: int  # there where `with_sign_off_count` fetched it
    extra: int  # this and the next two where `with_accommodations` fetched them
    has_asked: bool
    has_trainer: bool

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="one_enrolment_on_a_course")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.course_id}"


class LessonRecord(models.Model):
    """One lesson of an enrolment that was begun.

    `step_key` is where the learner carries on, and `furthest` the highest step reached, from 1:
    both change when the learner presses "Continue", never by looking at a page. `completed_at`
    None: not finished yet. `version` is the lesson's version when it was begun or, once it is
    completed, when it was finished. `ended_at` is when its last step was finished while checks
    were left to try; None: it never was.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="lessons")
    lesson_key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    step_key = models.SlugField(max_length=60)
    furthest = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    is_course_completed: bool  # where `step_records.locked_records` fetched it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key"], name="one_record_of_a_lesson"
            )
        ]
        # PostgreSQL answers the table of a cohort from this index alone.
        indexes = [
            models.Index(
                fields=["enrolment", "lesson_key"],
                include=["step_key", "furthest", "completed_at"],
                name="lesson_progress",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} of {self.enrolment_id}"


class ActivityAnswer(models.Model):
    """The newest answer of a learner to an activity inside a lesson.

    It is formative: nobody else sees it, and right and wrong ones count the same: see
    `completion.untried_checks`. `tries` is how often it was answered: see `tries`. What stands in
    its form and was not sent as an answer is an `ActivityDraft`.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="activities")
    lesson_key = models.SlugField(max_length=60)
    activity_key = models.SlugField(max_length=60)
    answer = models.JSONField()
    answered_at = models.DateTimeField(default=timezone.now)
    # Releases that did not count showed everything after the first answer.
    tries = models.PositiveSmallIntegerField(db_default=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "activity_key"], name="one_answer_to_an_activity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} of {self.enrolment_id}"


class PlanOutcome(models.Model):
    """How a learner says that a plan of theirs went; a newer answer replaces it.

    `plan` is the answer to a commitment, and `sentence` and `planned_on` what it said: once the
    plan says something else, the outcome is of a plan of before. `words` may be empty. Nobody else
    sees it; `readiness.queries` counts people who did what they planned, where five or more did.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "I did it"
        PARTLY = "partly", "I did part of it"
        NOT_YET = "not-yet", "Not yet"
        CHANGED = "changed", "I did something else"
        NO_LONGER = "no-longer", "It no longer matters"

    plan = models.OneToOneField(ActivityAnswer, models.CASCADE, related_name="outcome")
    sentence = models.TextField()
    planned_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.outcome} of {self.plan_id}"


class ActivityDraft(models.Model):
    """What stands in the form of an activity, saved as it is given: no answer yet, and no try.

    `entered` is what `activity_forms.parse_answer` makes of it. `sequence` counts its changes from
    1, and `event_id` is the newest. `replaced` is texts of the learner that were overwritten from
    another window or device, oldest first: nothing that was typed is dropped.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="drafts")
    lesson_key = models.SlugField(max_length=60)
    activity_key = models.SlugField(max_length=60)
    entered = models.JSONField()
    sequence = models.PositiveIntegerField(default=1)
    event_id = models.UUIDField()
    replaced = models.JSONField(default=list)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "activity_key"], name="one_draft_of_an_activity"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.activity_key} of {self.enrolment_id}"
