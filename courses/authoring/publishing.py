"""Publishing: courses read from files become new immutable editions.

Reading and checking them is done elsewhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from courses.library import content
from courses.library.models import Course, Edition, MovingScene
from courses.portfolio.actions import index_editions


@dataclass(frozen=True)
class Published:
    """What one publishing did: the keys of courses with a new edition, unchanged, and retired."""

    new: tuple[str, ...]
    unchanged: tuple[str, ...]
    retired: tuple[str, ...]


def digest(course: content.Course) -> str:
    """SHA-256 of the whole rendered course, so that any change a learner could meet changes it.

    Its position among the other courses is left out: a course beside it changes nothing in it. So
    is every field at its default: a release that adds a field publishes no course anew for it.
    """
    rendered = course.model_dump_json(exclude={"position"}, exclude_defaults=True)
    return hashlib.sha256(rendered.encode()).hexdigest()


@transaction.atomic
def publish(courses: list[content.Course], now: datetime) -> Published:
    """Makes a new edition of each course whose digest changed, all or none.

    Run twice, the second does nothing. A course that is no longer in the files is retired: nobody
    can start it any more, and nothing of it is deleted.
    """
    # Every publishing locks the rows in this order, so that two at once wait and never deadlock.
    list(Course.objects.order_by("pk").select_for_update().values_list("pk"))
    new: list[str] = []
    unchanged: list[str] = []
    for course in courses:
        if _publish_course(course, now):
            new.append(course.key)
        else:
            unchanged.append(course.key)
    keys = [course.key for course in courses]
    missing = Course.objects.published().exclude(key__in=keys)
    retired = tuple(missing.values_list("key", flat=True))
    missing.update(retired_at=now)
    index_moving_scenes()
    index_editions()
    return Published(tuple(new), tuple(unchanged), retired)


def index_moving_scenes() -> None:
    """Makes the `MovingScene` rows of every edition that has none yet.

    Editions that an older release published are among them.
    """
    unindexed = Edition.objects.filter(scenes_indexed=False).order_by("pk")
    for edition_id, scenes in unindexed.values_list("pk", "content__scenes"):
        timelines = [scene.get("timeline") for scene in scenes or []]
        digests = {content.motion_digest(timeline) for timeline in timelines if timeline}
        rows = [MovingScene(digest=digest, edition_id=edition_id) for digest in sorted(digests)]
        # A scene that did not change is in several editions: the newest one counts.
        MovingScene.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["digest"], update_fields=["edition"]
        )
        Edition.objects.filter(pk=edition_id).update(scenes_indexed=True)


def _publish_course(course: content.Course, now: datetime) -> bool:
    """Brings the course's row up to date; True when it needed a new edition."""
    row, _ = Course.objects.select_for_update().get_or_create(key=course.key)
    row.position = course.position
    if row.retired_by_id is None:  # what staff retired stays so until staff offer it again
        row.retired_at = None
    newest = row.editions.defer("content").order_by("-number").first()
    new_digest = digest(course)
    is_changed = newest is None or newest.digest != new_digest
    if is_changed:
        row.edition = Edition.objects.create(
            course=row,
            number=newest.number + 1 if newest else 1,
            digest=new_digest,
            # Without defaults: the last release, which may still serve, knows no new field.
            content=course.model_dump(mode="json", exclude_defaults=True),
            published_at=now,
        )
    row.save()
    return is_changed
