"""What the demo people saw in practice: rounds that are over, one that goes on, a passed check."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from courses.assessment.models import Certainty
from courses.people.models import User
from courses.practice.answers import Answer
from courses.practice.models import Case, Round
from courses.practice.pool_queries import newest_pool, pool_of
from courses.practice.round_actions import begin_round, judge_case
from courses.practice.round_queries import cases_of

EACH = timedelta(seconds=20)  # that a case takes them
STOPPED_AT = 5  # cases into the round that goes on


def make_rounds(ana: User, ben: User, learners: Sequence[User], now: datetime) -> None:
    """Ana has practised for a week and stopped in a round; Ben has passed the check of 40.

    The learners have two rounds each. Nothing where no pool is published.
    """
    if newest_pool() is None:
        return
    rng = Random(1001)  # noqa: S311  the same demo each time, and no secret
    for days in (9, 8, 6, 5, 3):
        _judge(ana, Round.Kind.PRACTICE, now - timedelta(days=days), rng, right=0.75)
    _judge(ana, Round.Kind.PRACTICE, now - timedelta(hours=2), rng, right=0.8, cases=STOPPED_AT)
    for days in (20, 19, 17, 16, 15):
        _judge(ben, Round.Kind.PRACTICE, now - timedelta(days=days), rng, right=0.85)
    _judge(ben, Round.Kind.MASTERY, now - timedelta(days=14), rng, right=0.95)
    for number, learner in enumerate(learners):
        for days in (12, 4):
            begun_at = now - timedelta(days=days, minutes=number)
            _judge(learner, Round.Kind.PRACTICE, begun_at, rng, right=0.6 + 0.04 * number)


def _judge(
    user: User,
    kind: str,
    begun_at: datetime,
    rng: Random,
    *,
    right: float,
    cases: int | None = None,
) -> None:
    """A round of which the first `cases` were judged, None: all; `right` is the share seen."""
    a_round = begin_round(user, kind, begun_at, rng=rng)
    for number, case in enumerate(cases_of(a_round)[:cases], 1):
        answer = _answer(case, a_round, rng, right)
        judge_case(case, answer, begun_at + number * EACH)


def _answer(case: Case, a_round: Round, rng: Random, right: float) -> Answer:
    pool = pool_of(a_round.pool_id)
    exemplar = pool.exemplar_by_key[case.exemplar_key]
    category = pool.category_by_key[exemplar.category]
    is_right = rng.random() < right
    # What is not seen is mostly taken for its opposite.
    chosen = category.key if is_right else category.opposite
    if not is_right and rng.random() < 0.3:
        chosen = rng.choice([key for key in case.options if key != category.key])
    return Answer(
        chosen=chosen,
        certainty=rng.choice([Certainty.GUESS, Certainty.FAIRLY, Certainty.SURE]),
        place=exemplar.telling[0] if is_right else "",
        step=category.steps[0] if is_right else "",
        milliseconds=rng.randint(9_000, 25_000),
    )
