"""Who signed what, read for pages: one lesson, one course or all at once. What verdicts come to is in `verdicts`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from courses.library import content
from courses.library.queries import Listed, catalogue, content_of
from courses.people.models import User
from courses.signoffs.material import Material, materials_of
from courses.signoffs.models import SignOff
from courses.signoffs.verdicts import Opinion, Verdict, opinion

FIELDS = ("id", "lesson_key", "digest", "said", "reviewer_id", "name", "role", "body", "at")
SOON = timedelta(days=60)
"""How long before its day a source is listed as soon to be checked again."""

Told = Iterable[Mapping[str, Any]]
"""Sign-offs with their `FIELDS`."""


def count_about(course: str) -> Coalesce:
    """For an annotation: how many sign-offs there are of the course that the row's field of this name points to.

    A page that fetches such a row anyway knows by it whether what is in memory is all that was said.
    """
    about = SignOff.objects.filter(edition__course=OuterRef(course)).order_by().values("edition__course")
    return Coalesce(Subquery(about.annotate(n=Count("pk")).values("n")), 0)


@lru_cache(maxsize=64)
def told_of(course_id: int, count: int) -> tuple[Mapping[str, Any], ...]:
    """What was said of a course, kept in memory by how much it was: sign-offs never change and never go."""
    return tuple(SignOff.objects.on_course(course_id).values(*FIELDS)) if count else ()


@lru_cache(maxsize=64)
def digests_of(edition_id: int) -> dict[str, str]:
    """The digest of everything that is signed off in an edition, by lesson key; kept in memory, as editions are."""
    return {one.key: one.digest for one in materials_of(content_of(edition_id))}


def opinions_in(edition_id: int, told: Told) -> dict[str, Opinion]:
    """What this comes to for each lesson of an edition, in its order; no query."""
    verdicts = _verdicts(told)
    if not verdicts:
        return {lesson.key: Opinion() for lesson in content_of(edition_id).lessons}
    return {key: opinion(verdicts[key], digest) for key, digest in digests_of(edition_id).items()}


def opinions_on(course_id: int, edition_id: int) -> dict[str, Opinion]:
    """The same in one query, where the page fetches no row of the course."""
    return opinions_in(edition_id, SignOff.objects.on_course(course_id).values(*FIELDS))


def signed_lessons(course: content.Course) -> set[str]:
    """The keys of the lessons that are signed off just as they stand in this content, published or not; one query."""
    verdicts = _verdicts(SignOff.objects.filter(edition__course__key=course.key).values(*FIELDS))
    return {one.key for one in materials_of(course) if opinion(verdicts[one.key], one.digest).is_signed}


def opinion_in(course_id: int, edition_id: int, lesson_key: str, count: int) -> Opinion:
    """What was said comes to this for one lesson of an edition; `count` is of `count_about`."""
    return opinions_in(edition_id, told_of(course_id, count)).get(lesson_key, Opinion()) if count else Opinion()


def _verdicts(told: Iterable[Mapping[str, Any]]) -> dict[str, list[Verdict]]:
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for row in told:
        said = {name: row[name] for name in ("digest", "reviewer_id", "name", "role", "body")}
        is_signed = row["said"] == SignOff.Said.SIGNED
        verdicts[row["lesson_key"]].append(Verdict(**said, is_signed=is_signed, at=row["at"], number=row["id"]))
    return verdicts


@dataclass(frozen=True)
class Reviewed:
    """A course as reviewers see it: what there is to sign off, each with what was said of it."""

    listed: Listed
    rows: tuple[tuple[Material, Opinion], ...]

    @property
    def signed(self) -> int:
        return sum(opinion.is_signed for _, opinion in self.rows)


def reviewed_by(user: User) -> list[Reviewed]:
    """Everything this person may sign off, in two queries: all that is published, or nothing for who is no reviewer."""
    if not user.is_reviewer:
        return []
    told: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in SignOff.objects.values("edition__course", *FIELDS):
        told[row["edition__course"]].append(row)
    return [_reviewed(listed, told[listed.course_id]) for listed in catalogue()]


def _reviewed(listed: Listed, told: Told) -> Reviewed:
    opinions = opinions_in(listed.edition_id, told)
    rows = ((one, opinions.get(one.key, Opinion())) for one in materials_of(listed.content))
    return Reviewed(listed, tuple(rows))


def read_first(reviewed: Iterable[Reviewed]) -> list[tuple[content.Course, Material, Opinion]]:
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
