"""What a cohort learnt, from pre-test to final quiz, and safety answered wrongly but surely.

A distribution with its n: names and marks of single learners are not here. How marks make a
gain is in `assessment.gain`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from courses.assessment.analysis import FEWEST
from courses.assessment.gain import Tally, bands
from courses.assessment.models import Certainty, ItemScore
from courses.assessment.queries import tallies_of
from courses.dashboards.queries import Learner, newest_content
from courses.library import content
from courses.people.models import Assignment

Tallies = Mapping[str, Tally]
"""The marks of one attempt, by the key of the outcome."""


@dataclass(frozen=True)
class OutcomeShare:
    """One outcome over the learners: the share of its marks before and after, in whole percent.

    `asked_before` and `asked_after` count the learners whose attempt asked for it; a share over
    fewer than FEWEST of them is None.
    """

    outcome: content.Outcome
    before: int | None
    after: int | None
    asked_before: int
    asked_after: int


@dataclass(frozen=True)
class CohortGain:
    """What the cohort learnt: `n` of its `people` have both a pre-test and a final attempt.

    The rest is None or empty while n is below `fewest`. `before` and `after` are the mean percent
    of marks; `spread` is pairs of how much changed and how many learners; `sure_and_wrong` counts
    the learners who were very sure of a wrong answer on a safety item of their last final
    attempt.
    """

    n: int
    people: int
    fewest: int
    before: int | None = None
    after: int | None = None
    spread: tuple[tuple[str, int], ...] = ()
    outcomes: tuple[OutcomeShare, ...] = ()
    sure_and_wrong: int | None = None


def gain_of(assignment: Assignment, learners: list[Learner]) -> CohortGain:
    """The cohort's gain on its course, in two SQL queries; small numbers are kept back."""
    course = newest_content(assignment)
    pairs = _attempt_pairs(course, learners)
    if len(pairs) < FEWEST:
        return CohortGain(len(pairs), len(learners), FEWEST)
    firsts = [first for first, _ in pairs]
    lasts = [last for _, last in pairs]
    by_attempt = tallies_of({*firsts, *lasts}, course)
    before = [by_attempt.get(attempt, {}) for attempt in firsts]
    after = [by_attempt.get(attempt, {}) for attempt in lasts]
    percent_before = [_percent(tallies.values()) or 0 for tallies in before]
    percent_after = [_percent(tallies.values()) or 0 for tallies in after]
    changes = [last - first for first, last in zip(percent_before, percent_after, strict=True)]
    return CohortGain(
        n=len(pairs),
        people=len(learners),
        fewest=FEWEST,
        before=_mean(percent_before),
        after=_mean(percent_after),
        spread=tuple(bands(changes)),
        outcomes=tuple(_shares(course, before, after)),
        sure_and_wrong=_sure_and_wrong(course, lasts),
    )


def _attempt_pairs(course: content.Course, learners: list[Learner]) -> list[tuple[int, int]]:
    """The ids of the pre-test and the last final attempt of each learner who has both."""
    pairs = []
    for learner in learners:
        pair = _attempt_pair(course, learner)
        if pair:
            pairs.append(pair)
    return pairs


def _attempt_pair(course: content.Course, learner: Learner) -> tuple[int, int] | None:
    if not learner.enrolment_progress or not course.pretest:
        return None
    final_keys = {quiz.key for quiz in course.finals}
    attempts = learner.enrolment_progress.attempts
    # A pass that was assessed in another way says nothing about single outcomes.
    scored = [row for row in attempts if row.is_scored and not row.is_assessed_otherwise]
    pretests = [attempt for attempt in scored if attempt.quiz_key == course.pretest.key]
    finals = [attempt for attempt in scored if attempt.quiz_key in final_keys]
    if not pretests or not finals:
        return None
    # The first pre-test, before any learning, and the newest final attempt.
    return pretests[0].pk, finals[-1].pk


def _mean(numbers: Sequence[int]) -> int:
    return round(sum(numbers) / len(numbers))


def _percent(tallies: Iterable[Tally]) -> int | None:
    """The marks earned in percent of those possible; None where none were possible."""
    earned = Fraction(0)
    possible = 0
    for tally in tallies:
        earned += tally.earned
        possible += tally.possible
    return round(100 * earned / possible) if possible else None


def _shares(
    course: content.Course, before: Sequence[Tallies], after: Sequence[Tallies]
) -> list[OutcomeShare]:
    """The outcomes that were asked for, in the course's order.

    `before` and `after` have one entry for each learner.
    """
    shares = []
    # An attempt draws some items of the pool, so not every learner was asked for every outcome.
    for outcome in course.outcomes:
        asked_before = [tallies[outcome.key] for tallies in before if outcome.key in tallies]
        asked_after = [tallies[outcome.key] for tallies in after if outcome.key in tallies]
        if not asked_before and not asked_after:
            continue
        share = OutcomeShare(
            outcome=outcome,
            before=_percent_of_enough(asked_before),
            after=_percent_of_enough(asked_after),
            asked_before=len(asked_before),
            asked_after=len(asked_after),
        )
        shares.append(share)
    return shares


def _percent_of_enough(tallies: Sequence[Tally]) -> int | None:
    # A percent of few people would say too much of each of them.
    return _percent(tallies) if len(tallies) >= FEWEST else None


def _sure_and_wrong(course: content.Course, attempt_ids: Sequence[int]) -> int:
    """How many learners were very sure of a wrong answer on a safety item of these attempts."""
    # Without certainty asked for, nobody is sure: then this is 0.
    critical_keys = [item.key for item in course.items if item.critical]
    wrong = ItemScore.objects.filter(
        attempt__in=attempt_ids, item_key__in=critical_keys, earned__lt=1
    )
    sure_and_wrong = wrong.filter(certainty=Certainty.SURE)
    return sure_and_wrong.values("attempt__user").distinct().count()
