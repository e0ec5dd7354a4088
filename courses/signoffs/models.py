"""Sign-offs of lessons by clinicians, append-only. What a sign-off covers is in `material`."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def on_course(self, course_id: int) -> Self:
        """Sign-offs of any edition of a course, newest first."""
        on_course = self.filter(edition__course=course_id)
        return on_course.order_by("-at", "-pk")

    def on_lesson(self, course_id: int, lesson_key: str) -> Self:
        """Sign-offs of one lesson in any edition, newest first."""
        return self.on_course(course_id).filter(lesson_key=lesson_key)


class SignOff(models.Model):
    """One clinician's decision on a lesson as it was in an edition; a fact that never changes.

    `digest` is that of the `material` they read: the decision holds in every edition in which it is
    the same. `name`, `role` and `body` (who registers them) are as the clinician wants them shown.
    `lesson_key` is the key of a material: of a lesson, or `OTHER_SCENES` or `HANDOUT`.
    """

    class Decision(models.TextChoices):
        SIGNED = "signed", "Signed off"
        CHANGES = "changes", "Changes asked for"

    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="sign_offs")
    lesson_key = models.SlugField(max_length=60)
    lesson_version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=10, choices=Decision, db_column="said")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120)
    body = models.CharField(max_length=80)
    registration = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    event_id = models.UUIDField()

    objects = SignOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "event_id"], name="a_form_is_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key}: {self.decision} by {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Nobody may rewrite what a clinician signed; the cache in `queries` relies on it too.
        if self.pk:
            raise TypeError("a sign-off never changes; a new decision is another row")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a sign-off is never deleted; a new decision is another row")


def sign_off_count_on(course: str) -> Coalesce:
    """An annotation: how many sign-offs the course has to which the row's field `course` points.

    A page that fetches such a row anyway knows by it whether the sign-offs in memory are all
    (see `queries.sign_offs_of`).
    """
    # An order would be added to the columns that are grouped by.
    sign_offs = SignOff.objects.filter(edition__course=OuterRef(course)).order_by()
    counts = sign_offs.values("edition__course").annotate(count=Count("pk"))
    return Coalesce(Subquery(counts.values("count")), 0)
