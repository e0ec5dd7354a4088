"""What few learners of some cohorts have: requests, attempts granted, extensions, reminders."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from courses.assessment.models import AccommodationRequest, ExtraAttempt
from courses.dashboards.begun import OnCourse
from courses.people.models import Assignment, CohortMembership, Extension, User


@dataclass
class RareFacts:
    """Each by the ids of a user and a course, but `extensions` by those of user and assignment.

    `requests` are those that wait, with the id of the organisation that decides (None: nobody).
    `granted` are attempts: the quiz key and the id of the organisation that granted each (None: it
    always counts). `reminded_at` is the last reminder by a trainer since the moment asked for.
    """

    requests: dict[OnCourse, int | None] = field(default_factory=dict)
    granted: dict[OnCourse, list[tuple[str, int | None]]] = field(default_factory=dict)
    reminded_at: dict[OnCourse, datetime] = field(default_factory=dict)
    extensions: dict[tuple[int, int], datetime] = field(default_factory=dict)

    def extra_attempts(self, key: OnCourse, decided_by: int | None) -> Counter[str]:
        """How many granted attempts count where this organisation decides, by quiz key.

        The rule of `ExtraAttempt.objects.in_force`. `decided_by` None: nobody decides, and all do.
        """
        counted = Counter[str]()
        for quiz_key, organisation in self.granted.get(key, ()):
            counted[quiz_key] += decided_by is None or organisation in (None, decided_by)
        return counted

    def _add(self, kind: str, user_id: int, of: int, at: datetime, words: str, number: int) -> None:
        """Adds a row of `rare_facts`; extensions come in the order of their ids."""
        key = (user_id, of)
        if kind == "request":
            self.requests[key] = None
        elif kind == "granted":
            self.granted.setdefault(key, []).append((words, number))
        elif kind == "reminded":
            self.reminded_at[key] = max(at, self.reminded_at.get(key, at))
        else:
            self.extensions[key] = at


def rare_facts(
    memberships: QuerySet[CohortMembership],
    assignments: Collection[Assignment],
    reminded_since: datetime,
) -> RareFacts:
    """Those of the learners with these memberships on these assignments.

    One SQL query, and one more where somebody asks.
    """
    courses = {assignment.course_id for assignment in assignments}
    people = memberships.values("user")
    requests = AccommodationRequest.objects.pending().filter(user__in=people, course__in=courses)
    granted = ExtraAttempt.objects.filter(user__in=people, course__in=courses)
    # By the relation's name: reminders stand above this package.
    reminded = User.objects.filter(
        pk__in=people, nudges__course__in=courses, nudges__sent_at__gt=reminded_since
    )
    extensions = Extension.objects.in_force().filter(assignment__in=assignments)
    granted_by = F("assignment__cohort__organisation")
    found = _rows("request", requests, "user_id", "course_id", "asked_at", "quiz_key")
    found = found.union(
        _rows("granted", granted, "user_id", "course_id", "granted_at", "quiz_key", granted_by),
        _rows("reminded", reminded, "pk", "nudges__course_id", "nudges__sent_at", "name"),
        _rows("extended", extensions, "user_id", "assignment_id", "due_at", "reason", F("pk")),
        all=True,
    )
    facts = RareFacts()
    for row in sorted(found, key=lambda row: row[-1] or 0):
        facts._add(*row)
    _add_deciding(facts, requests)
    return facts


def _add_deciding(facts: RareFacts, requests: QuerySet[AccommodationRequest]) -> None:
    """Adds who decides about each request. It is not asked for while nobody asks."""
    if not facts.requests:
        return
    deciding = CohortMembership.objects.deciding(OuterRef("user"), OuterRef("course"))
    decided_by = Subquery(deciding.values("cohort__organisation")[:1])
    for user_id, course_id, organisation in requests.values_list(
        "user_id", "course_id", decided_by
    ):
        facts.requests[user_id, course_id] = organisation


def _rows(
    kind: str, rows: QuerySet[Any], user: str, of: str, at: str, words: str, number: Any = None
) -> QuerySet[Any, tuple[Any, ...]]:
    """The rows as (kind, user, course or assignment, moment, words, number), to be one of several.

    `number` None: there is none.
    """
    return rows.order_by().values_list(
        Value(kind, output_field=CharField()),
        user,
        of,
        at,
        Cast(words, CharField()),
        Cast(number, BigIntegerField()),
    )
