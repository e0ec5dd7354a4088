"""Keep it: categories come back when they are due, ten a day at most, and each answer counts once."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Case, Judgement, RecallCard, Round
from courses.practice.answers import Answer
from courses.practice.round_actions import BadAnswer, begin_round
from courses.practice.round_queries import cases_of
from courses.recall.actions import NothingDue, begin_todays_cases, judge_case
from courses.recall.queries import today_of
from courses.recall.schedule import MOST_A_DAY, next_memory
from tests.pools import small_pool
from tests.published_pools import publish
from tests.test_rounds import right

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ana(cast):
    publish(small_pool(pairs=7))
    return cast.ana


def wrong(case: Case) -> Answer:
    answer = right(case)
    other = next(key for key in case.options if key != answer.chosen)
    return Answer(chosen=other, certainty=2)


def judge_round(user, now, answer=right, kind=Round.Kind.PRACTICE, **options) -> Round:
    a_round = begin_round(user, kind, now, rng=Random(1), **options)
    for case in cases_of(a_round):
        judge_case(case, answer(case), now)
    return a_round


def judge_every_category(user, now, answer=right) -> None:
    """One case of each of the 14 categories."""
    keys = list(small_pool(pairs=7).category_by_key)
    judge_round(user, now, answer, categories=keys, size=len(keys))


def test_it_works(ana):
    judge_every_category(ana, MONDAY)
    assert RecallCard.objects.held_by(ana).count() == 14
    assert not today_of(ana, MONDAY + 3 * DAY).is_open
    today = today_of(ana, MONDAY + 4 * DAY)
    assert (today.planned, len(today.left)) == (MOST_A_DAY, MOST_A_DAY)
    begun = begin_todays_cases(ana, MONDAY + 4 * DAY)
    assert begun.kind == Round.Kind.DUE
    judged = [judge_case(case, right(case), MONDAY + 4 * DAY) for case in cases_of(begun)]
    assert {each.category for each in judged} == {each.key for each in today.left}
    # Four are left, and they are for another day: today's number does not grow.
    after = today_of(ana, MONDAY + 4 * DAY)
    assert (after.planned, after.left, after.is_open) == (MOST_A_DAY, (), False)
    assert len(today_of(ana, MONDAY + 5 * DAY).left) == 4


def test_after_six_weeks_away_there_are_ten_today(ana, sign_in):
    judge_every_category(ana, timezone.now() - 46 * DAY)
    page = sign_in(ana).get(reverse("courses:keep-it")).content.decode()
    assert "10 cases today" in page
    assert "14 case" not in page


def test_a_date_can_be_reckoned_again_from_the_judgements(ana):
    for days, answer in ((0, right), (1, wrong), (9, right), (30, wrong), (31, right)):
        judge_every_category(ana, MONDAY + days * DAY, answer)
    for card in RecallCard.objects.held_by(ana):
        memory = None
        for judgement in Judgement.objects.filter(category=card.category).order_by("made_at"):
            memory = next_memory(memory, judgement.is_right, judgement.made_at)
        assert card.memory == memory


def test_the_next_answers_of_a_day_move_nothing(ana):
    """The first is recall; those after it follow the answer that was shown."""
    judge_round(ana, MONDAY, wrong, categories=["sign-0"], size=1)
    judge_round(ana, MONDAY + timedelta(hours=2), right, categories=["sign-0"], size=3)
    card = RecallCard.objects.get(user=ana, category="sign-0")
    assert card.due_at == MONDAY + DAY
    assert card.was_due_at is None


def test_a_case_judged_twice_counts_once(ana):
    case = cases_of(begin_round(ana, Round.Kind.PRACTICE, MONDAY))[0]
    first = judge_case(case, right(case), MONDAY)
    assert judge_case(case, wrong(case), MONDAY + DAY) == first
    card = RecallCard.objects.get(user=ana)
    assert (card.judgement, card.reviewed_at) == (first, MONDAY)


def test_a_refused_answer_moves_nothing(ana):
    case = cases_of(begin_round(ana, Round.Kind.PRACTICE, MONDAY))[0]
    with pytest.raises(BadAnswer):
        judge_case(case, Answer(chosen="junk", certainty=2), MONDAY)
    assert not RecallCard.objects.exists()


def test_todays_round_is_begun_once(ana):
    judge_every_category(ana, MONDAY)
    now = MONDAY + 5 * DAY
    assert begin_todays_cases(ana, now) == begin_todays_cases(ana, now + timedelta(hours=3))
    assert Round.objects.of_kind(Round.Kind.DUE).count() == 1


def test_what_was_practised_today_leaves_todays_list(ana):
    judge_every_category(ana, MONDAY)
    now = MONDAY + 5 * DAY
    first = today_of(ana, now).left[0].key
    judge_round(ana, now, categories=[first], size=1)
    today = today_of(ana, now)
    assert (today.planned, len(today.left)) == (MOST_A_DAY, MOST_A_DAY - 1)
    assert first not in {category.key for category in today.left}


def test_nothing_due_begins_no_round(ana, cast):
    judge_every_category(ana, MONDAY)
    with pytest.raises(NothingDue):
        begin_todays_cases(ana, MONDAY + DAY)
    with pytest.raises(NothingDue):
        begin_todays_cases(cast.ben, MONDAY + 9 * DAY)
    assert not Round.objects.of_kind(Round.Kind.DUE).exists()


def test_a_category_that_left_the_pool_is_not_due(ana):
    judge_every_category(ana, MONDAY)
    publish(small_pool(pairs=2), number=2)
    assert today_of(ana, MONDAY + 5 * DAY).planned == 4


def test_cards_that_were_written_keep_their_dates_whatever_the_settings(ana, monkeypatch):
    judge_every_category(ana, MONDAY)
    before = set(RecallCard.objects.values_list("category", "due_at"))
    monkeypatch.setattr("courses.recall.schedule.RETENTION", 0.95)
    today_of(ana, MONDAY + DAY)
    assert set(RecallCard.objects.values_list("category", "due_at")) == before


def test_the_pages_lead_through_todays_cases(ana, sign_in):
    judge_every_category(ana, timezone.now() - 5 * DAY)
    client = sign_in(ana)
    home = client.get(reverse("courses:learning")).content.decode()
    assert "Begin today’s cases" in home
    page = client.post(reverse("courses:begin-todays-cases"), follow=True).content.decode()
    assert "Case 1 of 10" in page
    begun = Round.objects.of_kind(Round.Kind.DUE).get()
    for case in cases_of(begun):
        form = {"chosen": right(case).chosen, "certainty": "2"}
        client.post(reverse("courses:judge-case", args=[case.key]), form)
    page = client.get(reverse("courses:keep-it")).content.decode()
    assert "That is all for today" in page
    assert "Begin today’s cases" not in client.get(reverse("courses:learning")).content.decode()
    # A second press leads back to what was done, and begins nothing.
    client.post(reverse("courses:begin-todays-cases"))
    assert Round.objects.of_kind(Round.Kind.DUE).count() == 1


def test_an_answer_on_the_page_moves_its_card(ana, sign_in):
    case = cases_of(begin_round(ana, Round.Kind.PRACTICE, timezone.now()))[0]
    form = {"chosen": right(case).chosen, "certainty": "2"}
    sign_in(ana).post(reverse("courses:judge-case", args=[case.key]), form)
    assert RecallCard.objects.get(user=ana).judgement.case == case


def test_a_page_without_a_card_says_what_comes(cast, sign_in):
    page = sign_in(cast.ben).get(reverse("courses:keep-it")).content.decode()
    assert "Nothing is due today" in page


def test_the_page_asks_a_fixed_number_of_queries(ana, sign_in, django_assert_max_num_queries):
    judge_every_category(ana, timezone.now() - 5 * DAY)
    client = sign_in(ana)
    client.get(reverse("courses:keep-it"))
    with django_assert_max_num_queries(9):
        client.get(reverse("courses:keep-it"))
