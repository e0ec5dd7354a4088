"""Two tabs and two presses at the same moment: real threads on the real database."""

from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import Case, Judgement, PanelRating, Round
from courses.practice.answers import Answer
from courses.practice.panel_actions import rate_exemplar
from courses.practice.pool_queries import pool_of
from courses.practice.round_actions import CaseClosed, begin_round, judge_case, skip_case
from courses.practice.round_queries import cases_of
from tests.pools import small_pool
from tests.published_pools import publish
from tests.test_races import at_once, somebody

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana():
    publish(small_pool())
    return somebody("ana")


def begin(ana, kind=Round.Kind.PRACTICE, key=None):
    return begin_round(ana, kind, timezone.now(), key=key)


def test_two_tabs_judge_a_case_once(ana):
    case = cases_of(begin(ana))[0]

    def judge(chosen: str):
        fresh = Case.objects.get(pk=case.pk)
        return lambda: judge_case(fresh, Answer(chosen=chosen, certainty=2), timezone.now())

    done = at_once(*[judge(chosen) for chosen in case.options])
    assert Judgement.objects.count() == 1
    assert {judgement.pk for judgement in done} == {Judgement.objects.get().pk}


def test_one_press_begins_one_round(ana):
    key = uuid4()
    done = at_once(*[lambda: begin(ana, key=key) for _ in range(4)])
    assert {a_round.pk for a_round in done} == {Round.objects.get().pk}


def test_a_check_is_begun_once(ana):
    done = at_once(*[lambda: begin(ana, Round.Kind.MASTERY) for _ in range(4)])
    assert {a_round.form for a_round in done} == {"mastery-1"}
    assert Round.objects.count() == 1


def test_a_case_is_skipped_or_judged_and_never_both(ana):
    cases = cases_of(begin(ana))
    for case in cases[:6]:
        answer = Answer(chosen=case.options[0], certainty=1)
        judged, skipped = at_once(
            lambda: judge_case(case, answer, timezone.now()),  # noqa: B023  done within the turn
            lambda: skip_case(case, timezone.now()),  # noqa: B023
        )
        case.refresh_from_db()
        is_judged = Judgement.objects.filter(case=case).exists()
        assert is_judged != (case.skipped_at is not None)
        assert isinstance(judged, Judgement | CaseClosed)
        assert skipped is None


def test_the_last_two_cases_at_once_finish_the_round(ana):
    a_round = begin(ana)
    cases = cases_of(a_round)
    for case in cases[:-2]:
        judge_case(case, Answer(chosen=case.options[0], certainty=1), timezone.now())
    last = [
        lambda: judge_case(cases[-1], Answer(chosen=cases[-1].options[0], certainty=1), now),
        lambda: judge_case(cases[-2], Answer(chosen=cases[-2].options[0], certainty=1), now),
    ]
    now = timezone.now()
    at_once(*last)
    a_round.refresh_from_db()
    assert a_round.finished_at is not None


def test_a_reviewer_rates_once(ana):
    rhea = somebody("rhea")
    rhea.is_reviewer = True
    rhea.save()
    pool = pool_of(begin(ana).pool_id)
    key = next(pool.for_practice()).key
    rate = [
        lambda chosen=chosen: rate_exemplar(rhea, pool, key, chosen, 2, timezone.now())
        for chosen in ("sign-0", "calm-0", "sign-1")
    ]
    at_once(*rate)
    assert PanelRating.objects.count() == 1
