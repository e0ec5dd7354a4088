"""What a cohort judged, kept and carried out, counted in the database. The rules are in `eye`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, QuerySet

from courses.dashboards.eye import (
    Judged,
    Kept,
    Outcome,
    Practised,
    kept,
    outcomes,
    practised,
)
from courses.learning.models import Enrolment, PlanOutcome
from courses.people.models import Cohort, CohortMembership
from courses.practice.detection import Counts, counts_of
from courses.practice.models import Judgement, Round
from courses.practice.panel_queries import divided_exemplars
from courses.practice.pool_queries import newest_pool, pool_of

CHECKS = (
    (Round.Kind.AFTER, "At the end of the course", timedelta(0)),
    (Round.Kind.DAY_30, "After 30 days", timedelta(days=30)),
    (Round.Kind.DAY_90, "After 90 days", timedelta(days=90)),
)


@dataclass(frozen=True)
class CohortEye:
    """What a trainer sees of how a cohort sees: no name, and nothing below five people."""

    learners: int
    completed: int
    practised: Practised
    checks: tuple[Kept, ...]
    outcomes: tuple[Outcome, ...]


def cohort_eye(cohort: Cohort, now: datetime) -> CohortEye:
    """Eight SQL queries at most, whatever the number of learners and judgements.

    Of each learner counts what they judged since they joined, as on the other pages of a cohort.
    """
    members = CohortMembership.objects.current().filter(cohort=cohort)
    joined = dict(members.values_list("user", "joined_at"))
    completed = _completed(cohort, members)
    return CohortEye(
        learners=len(joined),
        completed=len(completed),
        practised=_practised(cohort),
        checks=_checks(cohort, completed, now),
        outcomes=_outcomes(cohort),
    )


def _since_joining(cohort: Cohort) -> QuerySet[Judgement]:
    return Judgement.objects.filter(
        user__cohort_memberships__cohort=cohort,
        user__cohort_memberships__left_at=None,
        made_at__gte=F("user__cohort_memberships__joined_at"),
    )


def _completed(cohort: Cohort, members: QuerySet[CohortMembership]) -> dict[int, datetime]:
    """When each learner first completed one of the cohort's courses."""
    done = Enrolment.objects.filter(
        user__in=members.values("user"), course__assignments__cohort=cohort
    ).exclude(completed_at=None)
    first = done.values("user").annotate(first=Min("completed_at")).order_by("user")
    return dict(first.values_list("user", "first"))


def _practised(cohort: Cohort) -> Practised:
    judgements = (
        _since_joining(cohort)
        .scored()  # type: ignore[attr-defined]
        .filter(case__round__form="")
        .exclude(exemplar_key__in=divided_exemplars())
        .order_by()
    )
    fields = ("category", "is_signal", "chosen", "called_signal")
    alike = judgements.values(*fields).annotate(
        count=Count("pk"), people=Count("user", distinct=True)
    )
    judged = [Judged(*row) for row in alike.values_list(*fields, "count", "people")]
    people = judgements.values("category").annotate(people=Count("user", distinct=True))
    people_of = dict(people.values_list("category", "people"))
    edition = newest_pool()
    categories = pool_of(edition.pk).categories if edition else ()
    return practised(judged, people_of, categories)


def _checks(cohort: Cohort, completed: dict[int, datetime], now: datetime) -> tuple[Kept, ...]:
    kinds = [kind for kind, _, _ in CHECKS]
    rows = (
        _since_joining(cohort)
        .filter(case__round__kind__in=kinds)
        .exclude(case__round__finished_at=None)
        .values_list("case__round__kind", "user", "is_signal", "called_signal")
    )
    pairs: dict[str, dict[int, list[tuple[bool, bool]]]] = defaultdict(lambda: defaultdict(list))
    for kind, user, is_signal, called_signal in rows:
        pairs[kind][user].append((is_signal, called_signal))
    checks = []
    for kind, name, after in CHECKS:
        due = {user for user, moment in completed.items() if moment + after <= now}
        judged: dict[int, Counts] = {
            user: counts_of(answers) for user, answers in pairs[kind].items()
        }
        checks.append(kept(name, due, judged))
    return tuple(checks)


def _outcomes(cohort: Cohort) -> tuple[Outcome, ...]:
    """How learners say that a plan went, each counted once with each thing they said."""
    told = PlanOutcome.objects.filter(
        plan__enrolment__user__cohort_memberships__cohort=cohort,
        plan__enrolment__user__cohort_memberships__left_at=None,
        plan__enrolment__course__assignments__cohort=cohort,
        answered_at__gte=F("plan__enrolment__user__cohort_memberships__joined_at"),
    )
    people = (
        told.order_by()
        .values("outcome")
        .annotate(people=Count("plan__enrolment__user", distinct=True))
    )
    counts = dict(people.values_list("outcome", "people"))
    kinds = list(PlanOutcome.Outcome)
    labels = [OUTCOMES[kind] for kind in kinds]
    return outcomes(labels, [counts.get(kind.value, 0) for kind in kinds])


OUTCOMES = {
    PlanOutcome.Outcome.DONE: "Done",
    PlanOutcome.Outcome.PARTLY: "Partly",
    PlanOutcome.Outcome.NOT_YET: "Not yet",
    PlanOutcome.Outcome.CHANGED: "Something else was done",
    PlanOutcome.Outcome.NO_LONGER: "No longer matters",
}
