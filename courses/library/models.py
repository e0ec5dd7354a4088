"""What can be learnt, as rows: courses and their immutable editions.

The files that they come from are read in `authoring`.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> Self:
        """Courses with an edition that are not retired, in the order they are shown."""
        published = self.filter(edition__isnull=False, retired_at=None)
        return published.order_by("position", "key")


class Course(models.Model):
    """A course by its permanent key.

    `edition` is the newest one, None before the first publishing. `retired_by` is the member of
    staff who retired it, so that publishing does not offer it again; None: its files are gone.
    """

    key = models.SlugField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    edition = models.ForeignKey("courses.Edition", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = CourseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


class Edition(models.Model):
    """One published state of a course, whole and immutable.

    A change of the files makes another edition. `content` is what `library.content.read` reads;
    it holds the right answers too, so no template gets it. `scenes_indexed`: its moving scenes
    have their rows in `MovingScene`; an older release leaves it False.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    published_at = models.DateTimeField()
    scenes_indexed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="editions_are_numbered")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(scenes_indexed=False), name="editions_to_index"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} edition {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an edition never changes; publish another one")
        super().save(*args, **kwargs)


class MovingScene(models.Model):
    """The newest edition that has a moving scene, by the `content.motion_digest` of the scene."""

    digest = models.CharField(max_length=16, primary_key=True)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.digest
