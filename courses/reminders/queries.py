"""Who may be due a note, and the facts that decide: many people first, one is many of one.

Each function makes a fixed number of SQL queries, whatever the number of people.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest

from courses.learning.models import Enrolment, LessonRecord
from courses.learning.queries import EnrolmentProgress, progress_of
from courses.people.models import Assignment, CohortMembership, Extension, Organisation
from courses.reminders.models import DueReminder, LearnerNote, Nudge
from courses.reminders.schedule import (
    CAP,
    LATEST,
    NOTICE,
    OVERDUE_WEEKS,
    QUIET,
    WEEK,
    Facts,
    OwnTime,
)


@dataclass(frozen=True)
class Candidate:
    """A learner of a cohort on one of its courses, with what decides about a note.

    `enrolment` None: they never started. `progress` None: so, or it was not asked.
    """

    user_id: int
    name: str
    email: str
    key: Any
    own_time: OwnTime
    assignment: Assignment
    facts: Facts
    enrolment: Enrolment | None
    progress: EnrolmentProgress | None = None

    def __str__(self) -> str:
        return self.name or self.email


@dataclass
class History:
    """What was written to one person: notes on record, and when the last mails were.

    `recorded` holds assignment, reason and period of each note.
    """

    recorded: set[tuple[int, str, str]] = field(default_factory=set)
    last_note: datetime | None = None
    last_nudge: datetime | None = None


def people_to_look_at(now: datetime) -> list[int]:
    """Ids of the people for whom a note may be due now: all that get one, and few more.

    Narrowed in SQL, since a site may have a million learners: the rules are in `schedule`.
    """
    in_force = Q(left_at=None, cohort__closed_at=None, cohort__archived_at=None)
    can_learn = Q(completed_at=None, cohort__assignments__course__retired_at=None)
    is_due_soon = Q(due_at__gte=now, due_at__lte=now + NOTICE)
    is_overdue = Q(due_at__lt=now, due_at__gte=now - OVERDUE_WEEKS * WEEK - LATEST)
    rows = _rows(in_force & can_learn).annotate(is_quiet=_is_quiet(now))
    may_be_due = is_due_soon | (_is_own_day(now) & (is_overdue | Q(is_quiet=True)))
    # Who had a note this week gets no other: on the days after a run, that is nearly everybody.
    lately = LearnerNote.objects.sent().filter(user=OuterRef("user"), at__gt=now - CAP)
    rows = rows.filter(may_be_due).exclude(Exists(lately))
    return list(rows.order_by("user").values_list("user", flat=True).distinct())


def candidates_of(user_ids: Collection[int], only: Q = Q()) -> list[Candidate]:  # noqa: B008
    """Each of these people with every course of each cohort they are or were in.

    Without progress; in the order of people and courses. Three SQL queries. `only` narrows the
    rows, which are of `CohortMembership`.
    """
    rows = list(_rows(Q(user__in=user_ids) & only).values(*FIELDS, **NAMED))
    ids = {row["assignment"] for row in rows}
    assignments = Assignment.objects.select_related("cohort__organisation", "course")
    by_id = assignments.prefetch_related("cohort__trainers").in_bulk(ids)
    # Who left and came back has several rows in one cohort: the current or newest one counts.
    newest: dict[tuple[int, int], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["left_at"] is None, row["joined_at"])):
        newest[row["user"], row["assignment"]] = row
    return [_candidate(row, by_id[row["assignment"]]) for _, row in sorted(newest.items())]


def with_progress(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The same with how far each is, and when they were last seen, in two SQL queries."""
    rows = list(candidates)
    # One enrolment may count in several cohorts.
    enrolments = {row.enrolment.pk: row.enrolment for row in rows if row.enrolment}
    progress_by_id = progress_of(enrolments.values())
    return [_with_progress(row, progress_by_id) for row in rows]


def histories_of(user_ids: Collection[int]) -> dict[int, History]:
    """What was written to each of these people, in three SQL queries."""
    histories = {user_id: History() for user_id in user_ids}
    notes = LearnerNote.objects.filter(user__in=user_ids)
    fields = ("user", "assignment", "reason", "period", "at", "obstacle")
    for user, assignment, reason, period, at, obstacle in notes.values_list(*fields):
        history = histories[user]
        history.recorded.add((assignment, reason, period))
        if not obstacle:
            history.last_note = max(at, history.last_note or at)
    # As the release before this one recorded them.
    for user, at in _newest(DueReminder.objects.filter(user__in=user_ids)):
        history = histories[user]
        history.last_note = max(at, history.last_note or at)
    for user, at in _newest(Nudge.objects.filter(user__in=user_ids)):
        histories[user].last_nudge = at
    return histories


def _newest(rows: QuerySet[Any]) -> list[tuple[int, datetime]]:
    """The moment of the newest of these rows for each user."""
    return list(rows.order_by().values_list("user").annotate(newest=Max("sent_at")))


# Of a row of `_rows`: fields as they are, and under names of their own.
FIELDS = (
    "user",
    "joined_at",
    "left_at",
    "due_at",
    "extended_at",
    "enrolment",
    "completed_at",
    "edition",
    "enrolled_at",
)
NAMED = {
    "name": F("user__name"),
    "email": F("user__email"),
    "key": F("user__key"),
    "is_active": F("user__is_active"),
    "wants_reminders": F("user__wants_reminders"),
    "weekday": F("user__reminder_weekday"),
    "hour": F("user__reminder_hour"),
    "assignment": F("cohort__assignments"),
}


def _rows(condition: Q) -> QuerySet[CohortMembership]:
    """Memberships with each published course of their cohort, with due date and enrolment.

    `due_at` is the learner's own, `extended_at` when it was given; None: the cohort's counts.
    """
    same_course = {"user": OuterRef("user"), "course": OuterRef("cohort__assignments__course")}
    enrolments = Enrolment.objects.filter(**same_course)
    extensions = Extension.objects.in_force().filter(
        user=OuterRef("user"), assignment=OuterRef("cohort__assignments")
    )
    published = CohortMembership.objects.filter(cohort__assignments__course__edition__isnull=False)
    return published.annotate(
        due_at=_own_due(Subquery(extensions.values("due_at")[:1])),
        extended_at=Subquery(extensions.values("granted_at")[:1]),
        enrolment=Subquery(enrolments.values("pk")[:1]),
        edition=Subquery(enrolments.values("edition")[:1]),
        enrolled_at=Subquery(enrolments.values("enrolled_at")[:1]),
        completed_at=Subquery(enrolments.values("completed_at")[:1]),
    ).filter(condition)


def _own_due(extended_to: Subquery) -> Case:
    """A learner's own due date in SQL: the same rule as `people.due_dates.own_due`."""
    of_cohort = F("cohort__assignments__due_at")
    without_date = When(cohort__assignments__due_at=None, then=None)
    return Case(without_date, default=Greatest(of_cohort, Coalesce(extended_to, of_cohort)))


def rows_of(organisation: Organisation) -> QuerySet[CohortMembership]:
    """Current learners of an organisation's open cohorts with each of their courses, as `_rows`."""
    in_force = Q(left_at=None, cohort__closed_at=None, cohort__archived_at=None)
    return _rows(in_force & Q(cohort__organisation=organisation))


def _is_quiet(now: datetime) -> Exists:
    """Inside `_rows`: begun long ago, and in no lesson for as long."""
    begun = Enrolment.objects.filter(
        user=OuterRef("user"),
        course=OuterRef("cohort__assignments__course"),
        enrolled_at__lte=now - QUIET,
    )
    lately = LessonRecord.objects.filter(enrolment=OuterRef("pk"), seen_at__gt=now - QUIET)
    return Exists(begun.exclude(Exists(lately)))


def _is_own_day(now: datetime) -> Q:
    """Whether it may be one of the days on which a person's weekly note goes out.

    A day more on both sides: which day it is in London, and which hour, is left to the rules.
    """
    days = set()
    for back in range(-1, LATEST.days + 2):
        days.add((now - timedelta(days=back)).weekday())
    return Q(user__reminder_weekday__in=days)


def _candidate(row: dict[str, Any], assignment: Assignment) -> Candidate:
    """A row of `_rows` with its assignment, without another SQL query."""
    cohort = assignment.cohort
    facts = Facts(
        due_at=row["due_at"],
        known_at=max(row["joined_at"], row["extended_at"] or assignment.assigned_at),
        is_active=row["is_active"],
        is_member=row["left_at"] is None,
        is_cohort_open=cohort.closed_at is None and cohort.archived_at is None,
        is_retired=assignment.course.retired_at is not None,
        is_completed=row["completed_at"] is not None,
        wants_reminders=row["wants_reminders"],
    )
    enrolment = None
    if row["enrolment"]:
        enrolment = Enrolment(
            pk=row["enrolment"],
            user_id=row["user"],
            course_id=assignment.course_id,
            edition_id=row["edition"],
            enrolled_at=row["enrolled_at"],
            completed_at=row["completed_at"],
        )
    return Candidate(
        user_id=row["user"],
        name=row["name"],
        email=row["email"],
        key=row["key"],
        own_time=OwnTime(row["weekday"], row["hour"]),
        assignment=assignment,
        facts=facts,
        enrolment=enrolment,
    )


def _with_progress(row: Candidate, progress_by_id: dict[int, EnrolmentProgress]) -> Candidate:
    if not row.enrolment:
        return row
    progress = progress_by_id[row.enrolment.pk]
    facts = replace(row.facts, last_seen_at=progress.last_seen_at)
    return replace(row, progress=progress, facts=facts)
