"""Editions as they are used: read once, kept in memory, never changed. Nothing of a person lives here."""

from dataclasses import dataclass

from courses.library import content
from courses.library.models import Course, Edition, MovingScene
from courses.web.checks import CheckResult
from courses.web.single_flight import single_flight_cache


@single_flight_cache(maxsize=64)  # once at a time: reading an edition takes several times its memory
def content_of(edition_id: int) -> content.Course:
    """The content of an edition; one SQL query the first time a process needs it, none afterwards.

    Raises:
        Edition.DoesNotExist: there is no such edition.
        pydantic.ValidationError: it has a kind of block, item or quiz that this release does not know.
    """
    return content.read(Edition.objects.values_list("content", flat=True).get(pk=edition_id))


@dataclass(frozen=True)
class CatalogueEntry:
    """A course of the catalogue: its row's id, its newest edition's id and number, and its content."""

    course_id: int
    edition_id: int
    number: int
    content: content.Course


def catalogue() -> list[CatalogueEntry]:
    """All courses anyone can start, in order, in one SQL query."""
    rows = Course.objects.published().values_list("pk", "edition_id", "edition__number")
    return [
        CatalogueEntry(course_id, edition_id, number, content_of(edition_id))
        for course_id, edition_id, number in rows
    ]


def courses_to_learn() -> CheckResult:
    """Whether there is a course that people can start, as an answer for `/health/ready` and `manage.py ready`."""
    count = Course.objects.published().count()
    words = f"{count} published" if count else "none published; run `manage.py publish_courses`"
    return CheckResult("courses", count > 0, words)


def editions_moving_as(digest: str) -> list[int]:
    """Ids of the editions that may have the moving scene of this `content.motion_digest`; one SQL query.

    The one that has it, and those nobody has indexed yet because an older release published them.
    """
    known = MovingScene.objects.filter(digest=digest).values_list("edition_id")
    unread = Edition.objects.filter(scenes_indexed=False).values_list("pk")
    return [edition_id for (edition_id,) in known.union(unread)]
