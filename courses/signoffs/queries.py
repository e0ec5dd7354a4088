"""Sign-offs as pages read them: of one lesson, one course, or everything a reviewer may sign.

How records become a status is in `review_status`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from courses.library import content
from courses.library.queries import CatalogueEntry, catalogue, content_of
from courses.people.models import User
from courses.signoffs.material import Material, materials_of
from courses.signoffs.models import SignOff
from courses.signoffs.review_status import ReviewStatus, SignOffRecord, review_status

FIELDS = ("id", "lesson_key", "digest", "decision", "reviewer_id", "name", "role", "body", "at")
SOON = timedelta(days=60)
"""How long before its day a source is listed as soon to be checked again."""

SignOffRows = Iterable[Mapping[str, Any]]
"""Sign-offs as dicts with `FIELDS`."""


@lru_cache(maxsize=64)
def sign_offs_of(course_id: int, count: int) -> tuple[Mapping[str, Any], ...]:
    """The sign-offs of a course, of which there are `count`; cached.

    Sign-offs never change and are never deleted, so as long as there are so many, they are the
    same. A page gets the count with a row it fetches anyway: `models.sign_off_count_on`.
    """
    if not count:
        return ()
    return tuple(SignOff.objects.on_course(course_id).values(*FIELDS))


@lru_cache(maxsize=64)
def digests_of(edition_id: int) -> dict[str, str]:
    """The digest of each material of an edition, by its key; cached, as editions never change."""
    materials = materials_of(content_of(edition_id))
    return {material.key: material.digest for material in materials}


def review_statuses_in(edition_id: int, rows: SignOffRows) -> dict[str, ReviewStatus]:
    """The status of each material of an edition, in its order, by key; no query.

    Args:
        rows: the sign-offs of the course. Without any, only the lessons are in the result, which
            saves computing digests.
    """
    records = _records_by_key(rows)
    if not records:
        return {lesson.key: ReviewStatus() for lesson in content_of(edition_id).lessons}
    statuses = {}
    for key, digest in digests_of(edition_id).items():
        statuses[key] = review_status(records[key], digest)
    return statuses


def review_statuses_on(course_id: int, edition_id: int) -> dict[str, ReviewStatus]:
    """As `review_statuses_in`, with one query for the sign-offs."""
    rows = SignOff.objects.on_course(course_id).values(*FIELDS)
    return review_statuses_in(edition_id, rows)


def signed_lessons(course: content.Course) -> set[str]:
    """Keys of the materials that are signed off as they are in this content; one query.

    The content need not be published.
    """
    rows = SignOff.objects.filter(edition__course__key=course.key).values(*FIELDS)
    records = _records_by_key(rows)
    signed = set()
    for material in materials_of(course):
        if review_status(records[material.key], material.digest).is_signed:
            signed.add(material.key)
    return signed


def _records_by_key(rows: SignOffRows) -> dict[str, list[SignOffRecord]]:
    """The records of each material by its key; a key without sign-offs has an empty list."""
    records: dict[str, list[SignOffRecord]] = defaultdict(list)
    for row in rows:
        record = SignOffRecord(
            digest=row["digest"],
            is_signed=row["decision"] == SignOff.Decision.SIGNED,
            reviewer_id=row["reviewer_id"],
            name=row["name"],
            role=row["role"],
            body=row["body"],
            at=row["at"],
            number=row["id"],
        )
        records[row["lesson_key"]].append(record)
    return records


@dataclass(frozen=True)
class ReviewedCourse:
    """A course as reviewers see it: each of its materials with its review status."""

    entry: CatalogueEntry
    rows: tuple[tuple[Material, ReviewStatus], ...]

    @property
    def signed(self) -> int:
        """How many of its materials are signed off."""
        return sum(status.is_signed for _, status in self.rows)


def courses_reviewed_by(user: User) -> list[ReviewedCourse]:
    """All published courses, in two queries; none for a user who is not a reviewer."""
    if not user.is_reviewer:
        return []
    rows_of_course: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in SignOff.objects.values("edition__course", *FIELDS):
        rows_of_course[row["edition__course"]].append(row)
    return [_reviewed_course(entry, rows_of_course[entry.course_id]) for entry in catalogue()]


def _reviewed_course(entry: CatalogueEntry, sign_off_rows: SignOffRows) -> ReviewedCourse:
    # Without sign-offs, the statuses leave scenes and handouts out: these wait like lessons.
    statuses = review_statuses_in(entry.edition_id, sign_off_rows)
    rows = []
    for material in materials_of(entry.content):
        status = statuses.get(material.key, ReviewStatus())
        rows.append((material, status))
    return ReviewedCourse(entry, tuple(rows))


def read_first(
    courses: Iterable[ReviewedCourse],
) -> list[tuple[content.Course, Material, ReviewStatus]]:
    """The lessons a reviewer should read before all others, in the order of their `read_first`."""
    ranked = []
    for course in courses:
        for material, status in course.rows:
            if material.lesson and material.lesson.read_first:
                rank = material.lesson.read_first
                ranked.append((rank, course.entry.content, material, status))
    ranked.sort(key=lambda row: row[0])  # by rank alone: contents have no order
    return [(course_content, material, status) for _, course_content, material, status in ranked]


@dataclass(frozen=True)
class Recheck:
    """A source that must be checked again by a day, and the courses that cite it."""

    by: date
    key: str
    source: content.Source
    courses: tuple[content.Course, ...]


def rechecks(courses: Iterable[content.Course], until: date) -> list[Recheck]:
    """The sources of these courses to be checked again by that day, the most overdue first."""
    citing: dict[tuple[str, str], list[content.Course]] = defaultdict(list)
    for course in courses:
        for key, source in course.sources.items():
            # dates are ISO text here, which sorts as dates do
            if source.check_by and source.check_by <= until.isoformat():
                citing[(source.check_by, key)].append(course)
    result = []
    for (check_by, key), citing_courses in sorted(citing.items(), key=lambda pair: pair[0]):
        source = citing_courses[0].sources[key]
        result.append(Recheck(date.fromisoformat(check_by), key, source, tuple(citing_courses)))
    return result
