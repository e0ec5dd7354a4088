"""Publishing: courses read from files become new immutable editions.

Reading and checking them is done elsewhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from courses.library import content
from courses.library.models import Course, Edition, MovingScene


@dataclass(frozen=True)
class Published:
    """What one publishing did: keys of courses with a new edition, unchanged ones, and those now
    retired.
    """

    new: tuple[str, ...]
    unchanged: tuple[str, ...]
    retired: tuple[str, ...]


def digest(course: content.Course) -> str:
    """SHA-256 of the whole rendered course but its place among the others: any change a learner
    could meet changes it.
    """
    return hashlib.sha256(course.model_dump_json(exclude={"position"}).encode()).hexdigest()


@transaction.atomic
def publish(courses: list[content.Course], now: datetime) -> Published:
    """One new edition of each course whose digest changed, all or none; run twice, the second does
    nothing.

    A course that is no longer in the files is retired: nobody starts it any more, and nothing of it
    is deleted.
    """
    # Every publishing locks the rows in this order, so that two at once wait and never deadlock.
    list(Course.objects.order_by("pk").select_for_update().values_list("pk"))
    new: list[str] = []
    unchanged: list[str] = []
    for course in courses:
        (new if _publish_one(course, now) else unchanged).append(course.key)
    gone = Course.objects.published().exclude(key__in=[course.key for course in courses])
    retired = tuple(gone.values_list("key", flat=True))
    gone.update(retired_at=now)
    index_moving_scenes()
    return Published(tuple(new), tuple(unchanged), retired)


def index_moving_scenes() -> None:
    """Rows for the moving scenes of every edition that has none yet, those an older release
    published among them.
    """
    todo = Edition.objects.filter(scenes_indexed=False).order_by("pk")
    for edition_id, scenes in todo.values_list("pk", "content__scenes"):
        digests = {
            content.motion_digest(scene["timeline"])
            for scene in scenes or []
            if scene.get("timeline")
        }
        rows = [MovingScene(digest=digest, edition_id=edition_id) for digest in sorted(digests)]
        MovingScene.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["digest"], update_fields=["edition"]
        )
        Edition.objects.filter(pk=edition_id).update(scenes_indexed=True)


def _publish_one(course: content.Course, now: datetime) -> bool:
    row, _ = Course.objects.select_for_update().get_or_create(key=course.key)
    newest = row.editions.defer("content").order_by("-number").first()
    row.position = course.position
    row.retired_at = None
    made_of = digest(course)
    changed = newest is None or newest.digest != made_of
    if changed:
        number = newest.number + 1 if newest else 1
        # What has its default is not stored: code of the last release, which may still serve, knows no new field.
        stored = course.model_dump(mode="json", exclude_defaults=True)
        fields = {"digest": made_of, "content": stored, "published_at": now}
        row.edition = Edition.objects.create(course=row, number=number, **fields)
    row.save()
    return changed
