"""Two tabs at the same moment: real threads on the real database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Judgement, RecallCard, Round, User
from courses.practice.pool_queries import pool_of
from courses.practice.round_actions import begin_round
from courses.practice.round_queries import cases_of
from courses.recall.actions import begin_follow_up, begin_todays_cases, judge_case
from courses.recall.follow_ups import BEFORE
from tests.pools import small_pool
from tests.published_pools import publish
from tests.test_races import at_once, somebody
from tests.test_recall import wrong
from tests.test_rounds import right

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ana() -> User:
    pool_of(publish(small_pool()).pk)
    return somebody("ana")


def cases_of_one_category(user, count: int) -> list:
    """So many cases of one category, each in a round of its own."""
    cases = []
    for _ in range(count):
        new = begin_round(user, Round.Kind.PRACTICE, timezone.now(), categories=["sign-0"], size=1)
        cases += cases_of(new)
    return cases


def test_it_works(ana):
    """The first two cases of a category at once make one card, of one of the two."""
    first, second = cases_of_one_category(ana, 2)
    now = timezone.now()
    done = at_once(
        lambda: judge_case(first, right(first), now),
        lambda: judge_case(second, wrong(second), now),
    )
    assert all(isinstance(each, Judgement) for each in done), done
    card = RecallCard.objects.get(user=ana)
    assert card.judgement in done


def test_a_card_moves_once_when_two_tabs_answer_at_once(ana):
    old, *two = cases_of_one_category(ana, 3)
    before = timezone.now() - timedelta(days=9)
    judge_case(old, right(old), before)
    now = timezone.now()
    done = at_once(*[lambda case=case: judge_case(case, right(case), now) for case in two])
    assert all(isinstance(each, Judgement) for each in done), done
    card = RecallCard.objects.get(user=ana)
    assert (card.reviewed_at, card.was_reviewed_at) == (now, before)


def test_todays_cases_and_a_follow_up_are_begun_once(ana):
    [old] = cases_of_one_category(ana, 1)
    judge_case(old, right(old), timezone.now() - timedelta(days=9))
    now = timezone.now()
    done = at_once(*[lambda: begin_todays_cases(ana, now)] * 3)
    assert len({each.pk for each in done}) == 1, done
    done = at_once(*[lambda: begin_follow_up(ana, [], BEFORE, now)] * 3)
    assert len({each.pk for each in done}) == 1, done
