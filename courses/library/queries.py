"""Editions as they are used: read once, kept in memory, never changed.

Nothing of a person lives here.
"""

from dataclasses import dataclass

from courses.library import content
from courses.library.models import Course, Edition, MovingScene
from courses.web.checks import CheckResult
from courses.web.single_flight import single_flight_cache


# An edition never changes, so what is kept in memory is never out of date.
# Once at a time: reading an edition takes several times the memory that it needs afterwards.
@single_flight_cache(maxsize=64)
def content_of(edition_id: int) -> content.Course:
    """The content of an edition.

    One SQL query the first time a process needs it, none afterwards.

    Raises:
        Edition.DoesNotExist: there is no such edition.
        pydantic.ValidationError: it has a kind of block, item or quiz that this release does not
            know.
    """
    stored = Edition.objects.values_list("content", flat=True).get(pk=edition_id)
    return content.read(stored)


@dataclass(frozen=True)
class CatalogueEntry:
    """A course of the catalogue with its newest edition: their ids, its number and its content."""

    course_id: int
    edition_id: int
    number: int
    content: content.Course


def catalogue() -> list[CatalogueEntry]:
    """All courses anyone can start, in order, in one SQL query."""
    rows = Course.objects.published().values_list("pk", "edition_id", "edition__number")
    entries = []
    for course_id, edition_id, number in rows:
        entries.append(CatalogueEntry(course_id, edition_id, number, content_of(edition_id)))
    return entries


def courses_to_learn() -> CheckResult:
    """Whether there is a course that people can start.

    An answer for `/health/ready` and `manage.py ready`.
    """
    count = Course.objects.published().count()
    words = f"{count} published" if count else "none published; run `manage.py publish_courses`"
    return CheckResult("courses", count > 0, words)


def editions_moving_as(digest: str) -> list[int]:
    """Ids of the editions that may have the moving scene of this `content.motion_digest`.

    They are the edition that is indexed with it, and those that are not indexed yet, since an
    older release published them. One SQL query.
    """
    indexed = MovingScene.objects.filter(digest=digest)
    not_indexed = Edition.objects.filter(scenes_indexed=False)
    ids = indexed.values_list("edition_id", flat=True)
    return list(ids.union(not_indexed.values_list("pk", flat=True)))
