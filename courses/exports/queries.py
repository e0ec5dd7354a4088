"""Who is in an export, how many rows it has, and the rows, some hundred people at a time.

What a row says is decided in `rows`, and which columns there are in `columns`.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Sum
from django.db.models.functions import Lower

from courses.certificates.models import Certificate
from courses.exports.columns import ALL_COLUMNS, Column, columns_for, readable_by
from courses.exports.models import ExportLayout
from courses.exports.rows import CertificateFact, Place, RowFacts, StaffRecord, cells_of
from courses.group_sessions.models import Attendance
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.queries import EnrolmentProgress, progress_of
from courses.library.queries import content_of
from courses.people.audit import AuditEvent
from courses.people.models import (
    Cohort,
    CohortMembership,
    CohortMembershipQuerySet,
    Extension,
    Membership,
    Organisation,
    User,
)

PEOPLE_AT_ONCE = 200  # whose facts are in memory together
Pair = tuple[int, int]  # the ids of a user and a course


@dataclass(frozen=True)
class Scope:
    """Whose rows an export has: those in cohorts of the organisation that the viewer leads.

    `is_manager`: the viewer manages the organisation, and so leads all of its cohorts.
    `with_leavers`: people who have left a cohort are in it too, without what they learnt.
    """

    viewer: User
    organisation: Organisation
    is_manager: bool
    with_leavers: bool = False

    def places(self) -> CohortMembershipQuerySet:
        """One row for each person, cohort and course of it; a person may have left and joined.

        Archived cohorts too: a staff record needs what was completed last term.
        """
        led = Cohort.objects.led_by(self.viewer).filter(organisation=self.organisation)
        places = CohortMembership.objects.filter(
            cohort__in=led.values("pk"), cohort__assignments__isnull=False
        )
        return places if self.with_leavers else places.current()


def row_count(scope: Scope) -> int:
    """How many rows the export has: one for each person and course; one SQL query."""
    pairs = scope.places().values("user_id", "cohort__assignments__course_id")
    return pairs.distinct().count()


def layouts_of(organisation: Organisation) -> list[ExportLayout]:
    """The saved layouts of an organisation by name, with who changed them last; one SQL query."""
    rows = ExportLayout.objects.filter(organisation=organisation).select_related("updated_by")
    return list(rows.order_by(Lower("name"), "pk"))


def was_removed(organisation: Organisation, layout_key: uuid.UUID) -> bool:
    """Whether the organisation had a layout of this key that somebody removed; one SQL query.

    The row is gone, so the audit log tells: see `actions.remove_layout`.
    """
    removals = AuditEvent.objects.filter(action="remove_export_layout")
    own = removals.filter(details__organisation=organisation.slug)
    return own.filter(details__layout=str(layout_key)).exists()


def layout_columns(scope: Scope, layout: ExportLayout | None) -> tuple[str, tuple[Column, ...]]:
    """The name of a layout and those of its columns that the viewer may export.

    None: all columns.
    """
    if layout is None:
        return ALL_COLUMNS, columns_for(is_manager=scope.is_manager)
    return layout.name, readable_by(layout.chosen, is_manager=scope.is_manager)


def export_rows(scope: Scope, columns: Iterable[Column]) -> Iterator[list[object]]:
    """The rows by name, then in the order of the courses: cells in the order of the columns.

    Nine SQL queries for each `PEOPLE_AT_ONCE`, and one more. Who is in several cohorts with the
    same course is there once: in the one they are in now and, of several, joined first.
    """
    keys = [column.key for column in columns]
    in_scope = User.objects.filter(pk__in=scope.places().values("user"))
    user_ids = list(in_scope.order_by(Lower("name"), "pk").values_list("pk", flat=True))
    for start in range(0, len(user_ids), PEOPLE_AT_ONCE):
        for facts in _facts_of(scope, user_ids[start : start + PEOPLE_AT_ONCE]):
            cells = cells_of(facts)
            yield [cells.get(key, "") for key in keys]


def _facts_of(scope: Scope, user_ids: list[int]) -> Iterator[RowFacts]:
    places = _places_of(scope, user_ids)
    staff = _staff_records(scope.organisation, user_ids)
    enrolments = _enrolments(places)
    progress_by_id = progress_of(enrolments.values())
    begun = _first_lessons(enrolments.values())
    extended = _extensions(places.values())
    certificates = _certificates(enrolments.values())
    together = _participatory_minutes(scope, user_ids)
    for pair, place in places.items():
        enrolment = enrolments.get(pair)
        progress = progress_by_id.get(enrolment.pk) if enrolment else None
        # Once a person, so that a sum is right; a row of a cohort that they left shows no minutes.
        minutes = 0 if place.left_at else together.pop(place.user_id, 0)
        yield RowFacts(
            place=place,
            title=_title(place, progress),
            staff=staff.get(place.user_id, StaffRecord()),
            enrolment=progress,
            edition=enrolment.edition_number if enrolment else None,
            first_lesson_at=begun.get(enrolment.pk) if enrolment else None,
            extended_to=extended.get((place.assignment_id, place.user_id)),
            certificate=certificates.get(enrolment.pk) if enrolment else None,
            participatory_minutes=minutes,
        )


def _title(place: Place, progress: EnrolmentProgress | None) -> str:
    return (progress.content if progress else content_of(place.newest_edition_id)).title


def _places_of(scope: Scope, user_ids: list[int]) -> dict[Pair, Place]:
    """Where each of these people has each course, in the order of the file."""
    rows = scope.places().filter(user__in=user_ids)
    # A place that they are in comes before one that they have left, then the one joined first.
    rows = rows.order_by(
        Lower("user__name"),
        "user_id",
        F("cohort__assignments__course__position").asc(nulls_last=True),  # never null
        F("cohort__assignments__course__key").asc(nulls_last=True),
        F("left_at").desc(nulls_first=True),
        "joined_at",
        "pk",
    )
    fields = rows.values_list(
        "user_id",
        "user__name",
        "user__email",
        "user__profession",
        "cohort__name",
        "joined_at",
        "left_at",
        "cohort__assignments__pk",
        "cohort__assignments__due_at",
        "cohort__assignments__course_id",
        "cohort__assignments__course__key",
        "cohort__assignments__course__edition_id",
        "cohort__assignments__course__retired_at",
    )
    places: dict[Pair, Place] = {}
    for values in fields:
        place = Place(*values)
        places.setdefault((place.user_id, place.course_id), place)
    return places


def _staff_records(organisation: Organisation, user_ids: list[int]) -> dict[int, StaffRecord]:
    """Employee number and team of each person: of their newest membership that says one."""
    rows = Membership.objects.filter(organisation=organisation, user__in=user_ids)
    # Current ones come last, and so win.
    rows = rows.order_by(F("ended_at").asc(nulls_last=True), "pk").select_related("team__parent")
    records: dict[int, StaffRecord] = {}
    for row in rows:
        known = records.get(row.user_id, StaffRecord())
        team = known.team
        if row.team:
            parent = row.team.parent
            team = f"{parent.name}: {row.team.name}" if parent else row.team.name
        number = row.employee_number or known.employee_number
        records[row.user_id] = StaffRecord(number, team)
    return records


def _enrolments(places: dict[Pair, Place]) -> dict[Pair, Any]:
    """The enrolments of these places, each with the number of its edition."""
    users = {user_id for user_id, _ in places}
    courses = {course_id for _, course_id in places}
    rows = Enrolment.objects.filter(user__in=users, course__in=courses)
    enrolments = {}
    for enrolment in rows.annotate(edition_number=F("edition__number")):
        pair = (enrolment.user_id, enrolment.course_id)
        if pair in places:
            enrolments[pair] = enrolment
    return enrolments


def _first_lessons(enrolments: Iterable[Any]) -> dict[int, datetime]:
    """When the first lesson was begun, by the id of the enrolment."""
    rows = LessonRecord.objects.filter(enrolment__in=[row.pk for row in enrolments])
    return dict(rows.values_list("enrolment_id").annotate(begun_at=Min("started_at")))


def _extensions(places: Iterable[Place]) -> dict[Pair, datetime]:
    """The end of each person's own due date, by the ids of the assignment and the user."""
    listed = list(places)
    rows = Extension.objects.in_force().filter(
        assignment__in={place.assignment_id for place in listed},
        user__in={place.user_id for place in listed},
    )
    extended: dict[Pair, datetime] = {}
    for assignment_id, user_id, due_at in rows.values_list("assignment_id", "user_id", "due_at"):
        extended.setdefault((assignment_id, user_id), due_at)  # the newest comes first
    return extended


def _certificates(enrolments: Iterable[Any]) -> dict[int, CertificateFact]:
    """The certificate that counts of each enrolment that has one, by the enrolment's id."""
    rows = Certificate.objects.current().filter(enrolment__in=[row.pk for row in enrolments])
    certificates = {}
    for row in rows.only("enrolment_id", "code", "issued_at", "revoked_at"):
        fact = CertificateFact(row.code, row.issued_at, row.revoked_at)
        certificates[row.enrolment_id] = fact
    return certificates


def _participatory_minutes(scope: Scope, user_ids: list[int]) -> dict[int, int]:
    """Minutes of the group sessions of these cohorts that count, by the id of the person.

    Those after which they wrote their own line, in cohorts that they are in now.
    """
    places = scope.places().current()
    there = places.filter(cohort=OuterRef("session__cohort"), user=OuterRef("user"))
    rows = Attendance.objects.in_force().filter(
        Exists(there), user__in=user_ids, written_at__isnull=False
    )
    return dict(rows.values_list("user_id").annotate(minutes=Sum("session__minutes")))
