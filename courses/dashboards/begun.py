"""What the learners of some cohorts have begun, in the few facts that a first page needs.

No lesson is read, only when the last one was seen; and only attempts on courses that are not
completed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Count, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from courses.assessment.models import Attempt, Certainty, ItemScore
from courses.dashboards.attention import CourseFacts, Take
from courses.learning.models import Enrolment, LessonRecord
from courses.library.queries import content_of
from courses.people.models import CohortMembership

OnCourse = tuple[int, int]  # the ids of a user and of a course


@dataclass(frozen=True)
class FailedAttempt:
    """An attempt that was not passed: who decides about more, and how unsafe its answers were.

    `decided_by` is the id of an organisation, None: nobody decides. `unsafe` is how many items
    about a baby's safety the learner was very sure of and wrong in.
    """

    decided_by: int | None
    unsafe: int


@dataclass(slots=True)
class Begun:
    """One enrolment, with the attempts at its quizzes that count, by quiz key.

    There are none once the course is completed. `last_seen_at` is when the learner last did
    anything on it; of a completed course, at least when it was completed.
    """

    enrolled_at: datetime
    completed_at: datetime | None
    last_seen_at: datetime
    edition_id: int
    takes: dict[str, list[Take]] = field(default_factory=dict)

    @property
    def facts(self) -> CourseFacts:
        """What of it decides whether the learner needs a trainer."""
        return CourseFacts(
            is_completed=self.completed_at is not None,
            last_seen_at=self.last_seen_at,
            finals=content_of(self.edition_id).finals,
            takes=self.takes,
        )


def begun_on_courses(
    memberships: QuerySet[CohortMembership], courses: Collection[int]
) -> dict[OnCourse, Begun]:
    """What these learners have begun of these courses (ids). Two SQL queries."""
    seen = LessonRecord.objects.filter(enrolment=OuterRef("pk")).order_by()
    last_seen = Subquery(seen.values("enrolment").annotate(at=Max("seen_at")).values("at"))
    # Of a completed course nobody asks when it was last seen: that spares most of the reading.
    is_under_way = Case(When(completed_at=None, then=last_seen))
    enrolments = Enrolment.objects.filter(user__in=memberships.values("user"), course__in=courses)
    begun = {}
    for (
        user_id,
        course_id,
        edition_id,
        enrolled_at,
        completed_at,
        seen_at,
    ) in enrolments.values_list(
        "user_id", "course_id", "edition_id", "enrolled_at", "completed_at", is_under_way
    ):
        last_seen_at = max(enrolled_at, seen_at or completed_at or enrolled_at)
        own = Begun(enrolled_at, completed_at, last_seen_at, edition_id)
        begun[user_id, course_id] = own
    _add_attempts(begun)
    return begun


def _add_attempts(begun: Mapping[OnCourse, Begun]) -> None:
    """Adds the attempts on courses that are not completed, in one SQL query."""
    under_way = [key for key, own in begun.items() if not own.completed_at]
    attempts = Attempt.objects.counted().filter(
        user__in={user_id for user_id, _ in under_way},
        course__in={course_id for _, course_id in under_way},
    )
    rows = attempts.order_by("quiz_key", "number").values_list(
        "user_id", "course_id", "pk", "quiz_key", "state", "passed", "opened_at", "submitted_at"
    )
    for user_id, course_id, pk, quiz_key, state, passed, opened_at, submitted_at in rows:
        own = begun.get((user_id, course_id))
        if own is None or own.completed_at:
            continue
        own.last_seen_at = max(own.last_seen_at, submitted_at or opened_at)
        take = Take(pk, opened_at, state == Attempt.State.SCORED, bool(passed))
        own.takes.setdefault(quiz_key, []).append(take)


def failed_attempts(
    all_facts: Iterable[CourseFacts], editions: Mapping[int, int]
) -> dict[int, FailedAttempt]:
    """The last failed attempts of these learners by their ids. One SQL query, none without any.

    `editions` are those of the learners: the id of its course by the id of each.
    """
    attempts = [take.pk for facts in all_facts for take in facts.last_failed]
    organisation = CohortMembership.objects.deciding(OuterRef("user"), OuterRef("course"))
    sure_and_wrong = ItemScore.objects.filter(
        _safety_items(editions),
        attempt=OuterRef("pk"),
        certainty=Certainty.SURE,
        earned__lt=1,
    )
    counts = sure_and_wrong.order_by().values("attempt").annotate(n=Count("pk")).values("n")
    rows = Attempt.objects.filter(pk__in=attempts).values_list(
        "pk",
        Subquery(organisation.values("cohort__organisation")[:1]),
        Coalesce(Subquery(counts), 0),
    )
    return {pk: FailedAttempt(*facts) for pk, *facts in rows}


def unsafe_since(
    facts: CourseFacts, failed: Mapping[int, FailedAttempt], joined_at: datetime
) -> int:
    """How many items about safety they were sure of and wrong in, in attempts since joining."""
    own = [take for take in facts.last_failed if take.opened_at >= joined_at]
    return sum(failed[take.pk].unsafe for take in own)


def _safety_items(editions: Mapping[int, int]) -> Q:
    """Inside a query of item scores: those of items about a baby's safety."""
    # By course, since two courses may have different items of one key.
    found = Q(pk__in=[])
    for edition_id, course_id in editions.items():
        keys = [item.key for item in content_of(edition_id).items if item.critical]
        found |= Q(attempt__course=course_id, item_key__in=keys)
    return found
