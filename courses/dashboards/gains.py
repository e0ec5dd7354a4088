"""What a cohort learnt, from pre-test to final quiz: a distribution with its n, and safety answered wrongly but surely.

Names and marks of single learners are not here. How marks make a gain is in `assessment.gain`.
"""

from dataclasses import dataclass
from fractions import Fraction

from courses.assessment.analysis import FEWEST
from courses.assessment.gain import Tally, bands
from courses.assessment.models import Certainty, ItemScore
from courses.assessment.queries import tallies_of
from courses.dashboards.queries import Learner, newest_content
from courses.library import content
from courses.people.models import Assignment


@dataclass(frozen=True)
class OutcomeShare:
    """One outcome over the learners: the share of its marks before and after in whole percent.

    `asked_before` and `asked_after` count the learners whose attempt asked for it; a share over fewer than ten is None.
    """

    outcome: content.Outcome
    before: int | None
    after: int | None
    asked_before: int
    asked_after: int


@dataclass(frozen=True)
class CohortGain:
    """`n` of `people` have both a pre-test and a final attempt. The rest is None or empty while n is below ten.

    `before` and `after` are mean percent of marks; `spread` is (how much changed, learners); `sure_and_wrong` counts the
    learners who were very sure of a wrong answer on a safety item of their last final attempt.
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
    pairs = [pair for one in learners if (pair := _both(course, one))]
    if len(pairs) < FEWEST:
        return CohortGain(len(pairs), len(learners), FEWEST)
    tallies = tallies_of({pk for pair in pairs for pk in pair}, course)
    before = [tallies.get(first, {}) for first, _ in pairs]
    after = [tallies.get(last, {}) for _, last in pairs]
    wholes = [(_percent([a]) or 0, _percent([b]) or 0) for a, b in zip(before, after, strict=True)]
    return CohortGain(
        n=len(pairs),
        people=len(learners),
        fewest=FEWEST,
        before=round(sum(first for first, _ in wholes) / len(wholes)),
        after=round(sum(last for _, last in wholes) / len(wholes)),
        spread=tuple(bands(last - first for first, last in wholes)),
        outcomes=tuple(_shares(course, before, after)),
        sure_and_wrong=_sure_and_wrong(course, [last for _, last in pairs]),
    )


def _both(course: content.Course, learner: Learner) -> tuple[int, int] | None:
    """The pre-test and the last final attempt of a learner, None where one of them is missing."""
    if not learner.standing or not course.pretest:
        return None
    scored = [one for one in learner.standing.attempts if one.is_scored]
    first = next((one for one in scored if one.quiz_key == course.pretest.key), None)
    finals = [one for one in scored if one.quiz_key in {quiz.key for quiz in course.finals}]
    return (first.pk, finals[-1].pk) if first and finals else None


def _percent(tallies: list[dict[str, Tally]], outcome: str = "") -> int | None:
    found = [
        one for tally in tallies for key, one in tally.items() if not outcome or key == outcome
    ]
    possible = sum(one.possible for one in found)
    return (
        round(100 * sum((one.earned for one in found), Fraction(0)) / possible)
        if possible
        else None
    )


def _shares(
    course: content.Course, before: list[dict[str, Tally]], after: list[dict[str, Tally]]
) -> list[OutcomeShare]:
    """The outcomes that were asked for, in the course's order. `before` and `after` have one entry a learner."""
    rows = []
    for outcome in course.outcomes:
        asked_before = sum(outcome.key in tallies for tallies in before)
        asked_after = sum(outcome.key in tallies for tallies in after)
        if asked_before or asked_after:
            first = _percent(before, outcome.key) if asked_before >= FEWEST else None
            last = _percent(after, outcome.key) if asked_after >= FEWEST else None
            rows.append(OutcomeShare(outcome, first, last, asked_before, asked_after))
    return rows


def _sure_and_wrong(course: content.Course, attempts: list[int]) -> int:
    critical = [item.key for item in course.items if item.critical]
    wrong = ItemScore.objects.filter(attempt__in=attempts, item_key__in=critical, earned__lt=1)
    return wrong.filter(certainty=Certainty.SURE).values("attempt__user").distinct().count()
