"""Who signed what, read for pages: one lesson, one course or all at once. What verdicts come to is in `review_status`."""

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

FIELDS = ("id", "lesson_key", "digest", "said", "reviewer_id", "name", "role", "body", "at")
SOON = timedelta(days=60)
"""How long before its day a source is listed as soon to be checked again."""

SignOffRows = Iterable[Mapping[str, Any]]
"""Sign-offs with their `FIELDS`."""


@lru_cache(maxsize=64)
def sign_offs_of(course_id: int, count: int) -> tuple[Mapping[str, Any], ...]:
    """What was said of a course, kept in memory by how much it was: sign-offs never change and never go."""
    return tuple(SignOff.objects.on_course(course_id).values(*FIELDS)) if count else ()


@lru_cache(maxsize=64)
def digests_of(edition_id: int) -> dict[str, str]:
    """The digest of everything that is signed off in an edition, by lesson key; kept in memory, as editions are."""
    return {one.key: one.digest for one in materials_of(content_of(edition_id))}


def review_statuses_in(edition_id: int, told: SignOffRows) -> dict[str, ReviewStatus]:
    """What this comes to for each lesson of an edition, in its order; no query."""
    sign_offs = _verdicts(told)
    if not sign_offs:
        return {lesson.key: ReviewStatus() for lesson in content_of(edition_id).lessons}
    return {
        key: review_status(sign_offs[key], digest) for key, digest in digests_of(edition_id).items()
    }


def review_statuses_on(course_id: int, edition_id: int) -> dict[str, ReviewStatus]:
    """The same in one query, where the page fetches no row of the course."""
    return review_statuses_in(edition_id, SignOff.objects.on_course(course_id).values(*FIELDS))


def signed_lessons(course: content.Course) -> set[str]:
    """The keys of the lessons that are signed off just as they stand in this content, published or not; one query."""
    sign_offs = _verdicts(SignOff.objects.filter(edition__course__key=course.key).values(*FIELDS))
    return {
        one.key
        for one in materials_of(course)
        if review_status(sign_offs[one.key], one.digest).is_signed
    }


def review_status_in(course_id: int, edition_id: int, lesson_key: str, count: int) -> ReviewStatus:
    """What was said comes to this for one lesson of an edition; `count` is of `count_about`."""
    return (
        review_statuses_in(edition_id, sign_offs_of(course_id, count)).get(
            lesson_key, ReviewStatus()
        )
        if count
        else ReviewStatus()
    )


def _verdicts(told: Iterable[Mapping[str, Any]]) -> dict[str, list[SignOffRecord]]:
    sign_offs: dict[str, list[SignOffRecord]] = defaultdict(list)
    for row in told:
        said = {name: row[name] for name in ("digest", "reviewer_id", "name", "role", "body")}
        is_signed = row["said"] == SignOff.Decision.SIGNED
        sign_offs[row["lesson_key"]].append(
            SignOffRecord(**said, is_signed=is_signed, at=row["at"], number=row["id"])
        )
    return sign_offs


@dataclass(frozen=True)
class Reviewed:
    """A course as reviewers see it: what there is to sign off, each with what was said of it."""

    listed: CatalogueEntry
    rows: tuple[tuple[Material, ReviewStatus], ...]

    @property
    def signed(self) -> int:
        return sum(review_status.is_signed for _, review_status in self.rows)


def reviewed_by(user: User) -> list[Reviewed]:
    """Everything this person may sign off, in two queries: all that is published, or nothing for who is no reviewer."""
    if not user.is_reviewer:
        return []
    told: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in SignOff.objects.values("edition__course", *FIELDS):
        told[row["edition__course"]].append(row)
    return [_reviewed(listed, told[listed.course_id]) for listed in catalogue()]


def _reviewed(listed: CatalogueEntry, told: SignOffRows) -> Reviewed:
    review_statuses = review_statuses_in(listed.edition_id, told)
    rows = (
        (one, review_statuses.get(one.key, ReviewStatus())) for one in materials_of(listed.content)
    )
    return Reviewed(listed, tuple(rows))


def read_first(reviewed: Iterable[Reviewed]) -> list[tuple[content.Course, Material, ReviewStatus]]:
    """What a clinician should read before all else, in the order its authors gave (`read_first` of lessons)."""
    rows = []
    for one in reviewed:
        for material, said in one.rows:
            if material.lesson and material.lesson.read_first:
                rows.append((material.lesson.read_first, one.listed.content, material, said))
    rows.sort(key=lambda row: row[0])
    return [(course, material, said) for _, course, material, said in rows]


@dataclass(frozen=True)
class Recheck:
    """A source whose guidance moves, with the day it is checked again by, and the courses that rest on it."""

    by: date
    key: str
    source: content.Source
    courses: tuple[content.Course, ...]


def rechecks(courses: Iterable[content.Course], until: date) -> list[Recheck]:
    """The sources of these courses to be checked by that day, the most overdue first."""
    found: dict[tuple[str, str], list[content.Course]] = defaultdict(list)
    for course in courses:
        for key, source in course.sources.items():
            if source.check_by and source.check_by <= until.isoformat():
                found[(source.check_by, key)].append(course)
    return [
        Recheck(date.fromisoformat(by), key, using[0].sources[key], tuple(using))
        for (by, key), using in sorted(found.items())
    ]
