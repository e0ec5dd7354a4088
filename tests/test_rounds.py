"""Rounds of practice and checks: begun, judged, skipped, finished; each case counts once."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import Case, Judgement, PoolEdition, Round
from courses.practice.answers import Answer
from courses.practice.mix import ROUND, WARM_UP
from courses.practice.pool_queries import pool_of
from courses.practice.round_actions import (
    BadAnswer,
    CaseClosed,
    CheckTaken,
    NoPool,
    NoTryLeft,
    begin_round,
    judge_case,
    skip_case,
)
from courses.practice.round_queries import (
    cases_of,
    finished_checks_of,
    next_case,
    open_round_of,
    past_of,
    shown,
)
from tests.pools import small_pool
from tests.published_pools import publish

Kind = Round.Kind


@pytest.fixture
def ana(cast):
    publish(small_pool())
    return cast.ana


def begun(user, kind=Kind.PRACTICE, **options) -> Round:
    return begin_round(user, kind, timezone.now(), rng=Random(1), **options)


def right(case: Case) -> Answer:
    exemplar = pool_of(case.round.pool_id).exemplar_by_key[case.exemplar_key]
    return Answer(chosen=exemplar.category, certainty=2, place="eyes", step="R1")


def judge_all(a_round: Round) -> None:
    for case in cases_of(a_round):
        judge_case(case, right(case), timezone.now())


def test_it_works(ana):
    a_round = begun(ana)
    cases = cases_of(a_round)
    assert len(cases) == ROUND
    assert open_round_of(ana) == a_round
    judge_all(a_round)
    a_round.refresh_from_db()
    assert a_round.finished_at
    assert Judgement.objects.made_by(ana).count() == ROUND
    assert open_round_of(ana) is None


def test_a_round_goes_on_where_it_stopped(ana):
    a_round = begun(ana)
    first = next_case(cases_of(a_round))
    judge_case(first, right(first), timezone.now())
    case = next_case(cases_of(a_round))
    page = shown(case, a_round, cases_of(a_round))
    assert (page.number, page.of) == (2, ROUND)


def test_the_same_press_begins_one_round(ana, cast):
    key = uuid4()
    assert begun(ana, key=key) == begun(ana, key=key)
    with pytest.raises(BadAnswer):
        begun(cast.ben, key=key)
    assert Round.objects.count() == 1


def test_a_case_counts_once(ana):
    case = cases_of(begun(ana))[0]
    first = judge_case(case, right(case), timezone.now())
    other = next(key for key in case.options if key != first.chosen)
    again = judge_case(case, Answer(chosen=other, certainty=1), timezone.now())
    assert again == first
    assert again.chosen == first.chosen
    assert Judgement.objects.count() == 1


def test_what_the_case_was_is_stored_beside_what_was_chosen(ana):
    case = cases_of(begun(ana))[0]
    judgement = judge_case(case, right(case), timezone.now())
    assert judgement.is_right
    assert judgement.is_signal == judgement.called_signal
    assert judgement.is_place_right is True
    assert judgement.is_step_right is (judgement.category.startswith("sign"))
    assert judgement.is_moment_right is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(chosen="no-such-category", certainty=2),
        Answer(chosen="", certainty=2),
        Answer(chosen="sign-0", certainty=2, place="moon"),
        Answer(chosen="sign-0", certainty=2, moment=-1),
        Answer(chosen="sign-0", certainty=2, moment=99),
        Answer(chosen="sign-0", certainty=2, moment=float("nan")),
    ],
)
def test_what_is_no_choice_of_the_case_is_rejected(ana, answer):
    case = cases_of(begun(ana))[0]
    with pytest.raises(BadAnswer):
        judge_case(case, answer, timezone.now())
    assert not Judgement.objects.exists()


def test_an_unbelievable_time_is_not_stored(ana):
    case = cases_of(begun(ana))[0]
    answer = Answer(chosen=case.options[0], certainty=1, milliseconds=10**9)
    assert judge_case(case, answer, timezone.now()).milliseconds is None


def test_the_first_twenty_are_for_getting_ones_eye_in(ana):
    judge_all(begun(ana))
    judge_all(begun(ana))
    assert Judgement.objects.filter(is_warm_up=True).count() == WARM_UP
    assert Judgement.objects.scored().count() == 2 * ROUND - WARM_UP


def test_a_skipped_case_draws_an_equal_one_at_the_end(ana):
    a_round = begun(ana)
    case = cases_of(a_round)[0]
    skip_case(case, timezone.now())
    skip_case(case, timezone.now())
    cases = cases_of(a_round)
    assert len(cases) == ROUND
    assert cases[-1].replaces == case
    pool = pool_of(a_round.pool_id).exemplar_by_key
    assert pool[cases[-1].exemplar_key].category == pool[case.exemplar_key].category
    with pytest.raises(CaseClosed):
        judge_case(case, right(case), timezone.now())
    judge_all(a_round)
    a_round.refresh_from_db()
    assert a_round.finished_at


def test_a_judged_case_cannot_be_skipped(ana):
    case = cases_of(begun(ana))[0]
    judge_case(case, right(case), timezone.now())
    skip_case(case, timezone.now())
    case.refresh_from_db()
    assert case.skipped_at is None


def test_a_round_that_was_left_takes_no_answer(ana):
    a_round = begun(ana)
    Round.objects.update(left_at=timezone.now())
    case = cases_of(a_round)[0]
    with pytest.raises(CaseClosed):
        judge_case(case, right(case), timezone.now())
    with pytest.raises(CaseClosed):
        skip_case(case, timezone.now())


def test_a_check_is_a_whole_sealed_form_and_goes_on_when_begun_again(ana):
    check = begun(ana, Kind.DAY_30)
    assert begun(ana, Kind.DAY_30) == check
    keys = {case.exemplar_key for case in cases_of(check)}
    assert keys == {one.key for one in pool_of(check.pool_id).of_form("day-30")}
    judge_all(check)
    with pytest.raises(CheckTaken):
        begun(ana, Kind.DAY_30)
    assert not Judgement.objects.filter(is_warm_up=True).exists()


def test_two_checks_of_mastery_from_different_forms_and_no_third(ana):
    forms = []
    for _ in range(2):
        check = begun(ana, Kind.MASTERY)
        forms.append(check.form)
        judge_all(check)
    assert forms == ["mastery-1", "mastery-2"]
    with pytest.raises(NoTryLeft):
        begun(ana, Kind.MASTERY)
    assert [check.form for check in finished_checks_of(ana)] == forms


def test_without_a_pool_no_round_begins(ana):
    PoolEdition.objects.all().delete()
    with pytest.raises(NoPool):
        begun(ana)
    assert not Round.objects.exists()


def test_the_next_round_shows_nothing_again(ana):
    first = begun(ana)
    judge_all(first)
    seen = {case.exemplar_key for case in cases_of(first)}
    second = {case.exemplar_key for case in cases_of(begun(ana))}
    assert len(seen & second) == 0
    assert len(past_of(ana)) == ROUND


def test_a_round_keeps_the_pool_it_began_with(ana):
    a_round = begun(ana)
    publish(small_pool(pairs=2), number=2)
    judge_all(a_round)
    assert Judgement.objects.count() == ROUND
    later = begin_round(ana, Kind.PRACTICE, timezone.now() + timedelta(days=1), rng=Random(2))
    assert later.pool.number == 2


def test_rounds_of_others_are_not_mine(ana, cast):
    case = cases_of(begun(ana))[0]
    assert not Case.objects.taken_by(cast.ben).filter(key=case.key).exists()
    assert open_round_of(cast.ben) is None
