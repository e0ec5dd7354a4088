"""What clinicians said of lessons: sign-offs, append-only. What they cover is in `material`."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def on_course(self, course_id: int) -> Self:
        """What was said of any edition of a course, newest first."""
        return self.filter(edition__course=course_id).order_by("-at", "-pk")

    def on_lesson(self, course_id: int, lesson_key: str) -> Self:
        """What was said of one lesson in any edition, newest first."""
        return self.on_course(course_id).filter(lesson_key=lesson_key)


class SignOff(models.Model):
    """One clinician's verdict on a lesson as it stood in an edition; a fact that never changes.

    `digest` is that of the `material` which was read: the verdict holds in every edition where it is the same. `name`,
    `role` and `body` (who registers them) stand as the clinician wishes them shown. `lesson_key` may be `OTHER_SCENES`.
    """

    class Decision(models.TextChoices):
        SIGNED = "signed", "Signed off"
        CHANGES = "changes", "Changes asked for"

    edition = models.ForeignKey("courses.Edition", models.PROTECT, related_name="sign_offs")
    lesson_key = models.SlugField(max_length=60)
    lesson_version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    said = models.CharField(max_length=10, choices=Decision)
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
        return f"{self.lesson_key}: {self.said} by {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("a sign-off never changes; a new verdict is another row")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a sign-off is never deleted; a new verdict is another row")


def sign_off_count_on(course: str) -> Coalesce:
    """For an annotation: how many sign-offs there are of the course that the row's field of this name points to.

    A page that fetches such a row anyway knows by it whether what is in memory is all that was said.
    """
    about = (
        SignOff.objects.filter(edition__course=OuterRef(course))
        .order_by()
        .values("edition__course")
    )
    return Coalesce(Subquery(about.annotate(n=Count("pk")).values("n")), 0)
