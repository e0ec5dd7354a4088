"""Who signed what, read for pages: one lesson, one course or all at once. What verdicts come to is in `verdicts`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from courses.library import content
from courses.library.queries import Listed, catalogue, content_of
from courses.people.models import User
from courses.signoffs.material import Material, materials_of
from courses.signoffs.models import SignOff
from courses.signoffs.verdicts import Opinion, Verdict, opinion

FIELDS = ("id", "lesson_key", "digest", "said", "reviewer_id", "name", "role", "body", "at")
SOON = timedelta(days=60)
"""How long before its day a source is listed as soon to be checked again."""

Told = Iterable[Mapping[str, Any]] | None
"""Sign-offs with their `FIELDS`, as one query gives them; None is what a database gathers from no rows."""


class Gathered(Aggregate):
    """The JSON values of all rows as one list."""

    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(JSON(%(expressions)s))", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSONB_AGG(%(expressions)s)", **extra)


def verdicts_about(course: str, lesson: str = "") -> Subquery:
    """For an annotation: what was said of the course, or of one lesson, that the row's fields of these names point to.

    So a page that fetches such a row anyway learns it without another query.
    """
    about = SignOff.objects.filter(edition__course=OuterRef(course))
    about = about.filter(lesson_key=OuterRef(lesson)) if lesson else about
    told = JSONObject(**{name: name for name in FIELDS})
    return Subquery(about.order_by().values("edition__course").annotate(told=Gathered(told)).values("told"))


@lru_cache(maxsize=64)
def digests_of(edition_id: int) -> dict[str, str]:
    """The digest of everything that is signed off in an edition, by lesson key; kept in memory, as editions are."""
    return {one.key: one.digest for one in materials_of(content_of(edition_id))}


def opinions_in(edition_id: int, told: Told) -> dict[str, Opinion]:
    """What this comes to for each lesson of an edition, in its order; no query."""
    verdicts = _verdicts(told or ())
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


def opinion_in(edition_id: int, lesson_key: str, told: Told) -> Opinion:
    """What this comes to for one lesson of an edition; no query."""
    return opinions_in(edition_id, told).get(lesson_key, Opinion())


def _verdicts(told: Iterable[Mapping[str, Any]]) -> dict[str, list[Verdict]]:
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    for row in told:
        said = {name: row[name] for name in ("digest", "reviewer_id", "name", "role", "body")}
        is_signed = row["said"] == SignOff.Said.SIGNED
        verdicts[row["lesson_key"]].append(
            Verdict(**said, is_signed=is_signed, at=_moment(row["at"]), number=row["id"])
        )
    return verdicts


def _moment(at: datetime | str) -> datetime:
    """A moment as the database gives it: a datetime, or in JSON its text, which SQLite writes without its zone, UTC."""
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
