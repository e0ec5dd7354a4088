"""Who is in some cohorts and who of them needs a trainer: all that a trainer's first page reads.

A first page covers thousands of learners, so no lesson is read here. A table, which shows them, is
made by `queries.learners_on`; both decide by `attention.attention_reasons`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from courses.dashboards.attention import (
    NO_REASON_RANK,
    REMINDER_PAUSE,
    AttentionReason,
    CourseFacts,
    attention_reasons,
)
from courses.dashboards.begun import (
    Begun,
    FailedAttempt,
    OnCourse,
    begun_on_courses,
    failed_attempts,
    unsafe_since,
)
from courses.dashboards.rare import RareFacts, rare_facts
from courses.dashboards.since_joining import since_joining
from courses.people.due_dates import own_due
from courses.people.models import Assignment, CohortMembership


@dataclass(frozen=True, kw_only=True)
class Member:
    """One learner of a cohort on one course, as far as it says whether they need their trainer.

    `last_seen_at` None: they have done nothing on the course since joining. `reminded_at` is when
    a trainer last reminded them of it, `extended_to` the end of their own due date; None: never,
    and that of the cohort counts. `unsafe`: see `attention.CourseFacts`. Of who has completed the
    course `members_on` does not fetch the last two, as nothing is asked of them any more.
    """

    key: UUID
    user_id: int
    name: str
    joined_at: datetime
    assignment: Assignment
    has_started: bool
    is_completed: bool
    last_seen_at: datetime | None
    attention_reasons: tuple[AttentionReason, ...]
    unsafe: int = 0
    wants_reminders: bool = True
    reminded_at: datetime | None = None
    extended_to: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """The end of the learner's due date, with an extension of their own; None: no due date."""
        return own_due(self.assignment.due_at, self.extended_to)

    @property
    def is_extended(self) -> bool:
        """Whether they have longer than the cohort."""
        return self.due_at != self.assignment.due_at

    @property
    def anchor(self) -> str:
        """The id of their row on a page with several cohorts and courses."""
        return f"{self.assignment.cohort.key}-{self.assignment.course.key}-{self.key}"

    @property
    def asks(self) -> bool:
        """Whether a request of theirs waits for a trainer of this cohort."""
        return AttentionReason.ASKS in self.attention_reasons

    @property
    def attention_rank(self) -> int:
        """0 for the most pressing reason; after all others for a learner without one."""
        reasons = self.attention_reasons
        return reasons[0].rank if reasons else NO_REASON_RANK

    @property
    def reason_words(self) -> list[str]:
        """The reasons as pages say them, the most pressing first."""
        words = []
        for reason in self.attention_reasons:
            count = f" ({self.unsafe} items)" if self.unsafe > 1 else ""
            words.append(reason.value + (count if reason is AttentionReason.UNSAFE else ""))
        return words

    def has_just_been_reminded(self, now: datetime) -> bool:
        """Whether the last reminder is too recent for another one."""
        return self.reminded_at is not None and self.reminded_at > now - REMINDER_PAUSE


@dataclass(frozen=True)
class _Fetched:
    """All that was fetched of the learners of a page; `failed` is by the id of an attempt."""

    begun: Mapping[OnCourse, Begun]
    failed: Mapping[int, FailedAttempt]
    rare: RareFacts
    now: datetime


def members_on(assignments: Sequence[Assignment], now: datetime) -> list[Member]:
    """Everyone in the cohorts of these assignments, each on its course.

    Who needs the trainer most comes first, then by name. Four SQL queries whatever the number of
    cohorts and learners; one more where somebody failed a quiz, and where somebody asks.
    """
    by_cohort: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        by_cohort[assignment.cohort_id].append(assignment)
    memberships = CohortMembership.objects.current().filter(cohort__in=list(by_cohort))
    begun = begun_on_courses(memberships, {assignment.course_id for assignment in assignments})
    editions = {own.edition_id: course_id for (_, course_id), own in begun.items()}
    failed = failed_attempts([own.facts for own in begun.values()], editions)
    rare = rare_facts(memberships, assignments, now - REMINDER_PAUSE)
    fetched = _Fetched(begun, failed, rare, now)
    members = []
    rows = memberships.values_list(
        "cohort_id", "user_id", "user__key", "user__name", "user__wants_reminders", "joined_at"
    )
    for cohort_id, user_id, *person in rows:
        for assignment in by_cohort[cohort_id]:
            own = begun.get((user_id, assignment.course_id))
            if own and own.completed_at:
                members.append(_completed(assignment, user_id, person, own))
            else:
                members.append(_member(assignment, user_id, person, fetched))
    return sorted(members, key=lambda member: (member.attention_rank, member.name.casefold()))


def _completed(assignment: Assignment, user_id: int, person: Sequence[Any], begun: Begun) -> Member:
    """Who has completed the course: they need nothing, so nothing rare is looked for."""
    key, name, wants_reminders, joined_at = person
    return Member(
        key=key,
        user_id=user_id,
        name=name,
        joined_at=joined_at,
        assignment=assignment,
        has_started=True,
        is_completed=True,
        last_seen_at=since_joining(begun.last_seen_at, joined_at),
        attention_reasons=(),
        wants_reminders=wants_reminders,
    )


def _decided_by(
    facts: CourseFacts | None, failed: Mapping[int, FailedAttempt], of_request: int | None
) -> int | None:
    """The organisation that decides about more attempts; None: nobody, or nobody has to."""
    if of_request or not facts:
        return of_request
    organisations = (failed[take.pk].decided_by for take in facts.last_failed)
    return next(organisations, None)  # the same of all attempts of a course


def _member(
    assignment: Assignment,
    user_id: int,
    person: Sequence[Any],
    fetched: _Fetched,
) -> Member:
    key, name, wants_reminders, joined_at = person
    on_course = user_id, assignment.course_id
    begun, failed, rare = fetched.begun.get(on_course), fetched.failed, fetched.rare
    extended_to = rare.extensions.get((user_id, assignment.pk))
    facts = begun.facts if begun else None
    unsafe = unsafe_since(facts, failed, joined_at) if facts else 0
    decided_by = _decided_by(facts, failed, rare.requests.get(on_course))
    reasons = attention_reasons(
        facts,
        joined_at=joined_at,
        due_at=own_due(assignment.due_at, extended_to),
        unsafe=unsafe,
        has_request=on_course in rare.requests,
        extra_attempts=rare.extra_attempts(on_course, decided_by),
        cohort_decides=decided_by in (None, assignment.cohort.organisation_id),
        is_open=assignment.course.retired_at is None,
        now=fetched.now,
    )
    return Member(
        key=key,
        user_id=user_id,
        name=name,
        joined_at=joined_at,
        assignment=assignment,
        has_started=begun is not None,
        is_completed=False,
        last_seen_at=since_joining(begun.last_seen_at, joined_at) if begun else None,
        attention_reasons=reasons,
        unsafe=unsafe,
        wants_reminders=wants_reminders,
        reminded_at=rare.reminded_at.get(on_course),
        extended_to=extended_to,
    )
