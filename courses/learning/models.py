"""How far somebody is: enrolments, lessons begun and finished, what they wrote in activities. No percent is stored."""

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
        """Each with how many verdicts of clinicians there are on its course, as `sign_off_count`, in the same query."""
        return self.annotate(sign_off_count=sign_off_count_on("course"))

    def with_accommodations(self, quiz_key: str) -> Self:
        """Each with what bears on taking this quiz once more, in the same query.

        That is `extra`, how many attempts were granted; `has_asked`, whether more was asked for; and `has_trainer`,
        whether somebody could grant it: a cohort the learner is in has the course, and another person leads it.
        """
        mine = {"user": OuterRef("user"), "course": OuterRef("course")}
        granted = ExtraAttempt.objects.in_force().filter(**mine, quiz_key=quiz_key)
        by_user = granted.order_by().values("user")
        cohorts = CohortMembership.objects.deciding(**mine)
        return self.annotate(
            extra=Coalesce(Subquery(by_user.annotate(n=Count("pk")).values("n")), 0),
            has_asked=Exists(AccommodationRequest.objects.filter(**mine, quiz_key=quiz_key)),
            has_trainer=Exists(cohorts),
        )


class Enrolment(models.Model):
    """A person on a course, pinned to the edition it began with. `completed_at` is written once, with the last deed.

    `intention` is one thing the learner means to do, in their words, for them alone; empty means not written.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    intention = models.TextField(blank=True)

    sign_off_count: int  # of clinicians on the course, where `with_verdicts` fetched it
    extra: int  # these three where `with_help` fetched them
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
    """One lesson of an enrolment: where the learner carries on (`step_key`), and when it was finished.

    `completed_at` None: not finished yet. The place moves with the learner's own presses
    ("Continue"), never with a look at a page.

    `version` is the lesson's when it was begun, then when it was finished; `furthest` is the highest step reached, from 1.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="lessons")
    lesson_key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField()
    step_key = models.SlugField(max_length=60)
    furthest = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)

    is_course_completed: bool  # where `step_records.locked_records` fetched it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key"], name="one_record_of_a_lesson"
            )
        ]
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
    """What a learner answered to an activity inside a lesson: formative, the newest one, seen by nobody else."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="activities")
    lesson_key = models.SlugField(max_length=60)
    activity_key = models.SlugField(max_length=60)
    answer = models.JSONField()
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson_key", "activity_key"], name="one_answer_to_an_activity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_key} of {self.enrolment_id}"
