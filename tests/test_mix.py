"""Which cases a round of practice is made of."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from courses.practice.mix import ENOUGH_OF_A_PAIR, Past, draw_another, draw_form, draw_round
from tests.pools import small_pool

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
POOL = small_pool()
CATEGORY = {exemplar.key: exemplar.category for exemplar in POOL.exemplars}


def past(category: str, number: int, days: float, chosen: str = "") -> Past:
    key = f"{category}/practice/{number}"
    return Past(key, category, chosen or category, NOW - timedelta(days=days))


def all_begun(days: float = 30) -> list[Past]:
    """Enough of every pair that the mix has begun."""
    judged = []
    for number in range(4):
        for count in range(ENOUGH_OF_A_PAIR):
            judged.append(past(f"sign-{number}", count, days))
            judged.append(past(f"calm-{number}", count, days))
    return judged


def categories_of(drawn) -> list[str]:
    return [CATEGORY[case.exemplar_key] for case in drawn]


def test_it_works():
    drawn = draw_round(POOL, [], NOW, Random(1))
    assert len(drawn) == 12
    assert len({case.exemplar_key for case in drawn}) == 12


def test_a_beginner_meets_two_pairs_one_after_the_other():
    drawn = categories_of(draw_round(POOL, [], NOW, Random(1)))
    assert set(drawn[:6]) == {"sign-0", "calm-0"}
    assert set(drawn[6:]) == {"sign-1", "calm-1"}


def test_the_first_cases_of_a_category_are_plain():
    drawn = draw_round(POOL, [], NOW, Random(1))
    tiers = [POOL.exemplar_by_key[case.exemplar_key].tier for case in drawn]
    assert tiers.count(1) > tiers.count(3)


def test_the_mix_comes_when_every_pair_was_met_and_half_are_signals():
    for seed in range(20):
        drawn = categories_of(draw_round(POOL, all_begun(), NOW, Random(seed)))
        signals = [key for key in drawn if key.startswith("sign")]
        assert len(signals) == 6
        assert len(set(drawn)) >= 5
        assert max(Counter(drawn).values()) <= 3


def test_the_mix_leans_to_what_is_confused():
    wrong = [past("sign-2", number, 30, chosen="calm-2") for number in range(8)]
    right = [past("sign-1", number, 30) for number in range(8)]
    counted = Counter()
    for seed in range(60):
        history = all_begun() + wrong + right
        counted.update(categories_of(draw_round(POOL, history, NOW, Random(seed))))
    assert counted["sign-2"] > counted["sign-1"]


def test_no_case_comes_twice_within_ten_days_and_unseen_ones_come_first():
    seen = [past("sign-0", number, 3) for number in range(4)]
    seen += [past("sign-0", 4, 40), past("sign-0", 5, 20)]
    history = all_begun() + seen
    for seed in range(20):
        drawn = draw_round(POOL, history, NOW, Random(seed), categories=["sign-0"], size=4)
        keys = [case.exemplar_key for case in drawn]
        assert set(keys[:2]) == {"sign-0/practice/6", "sign-0/practice/7"}
        assert keys[2:] == ["sign-0/practice/4", "sign-0/practice/5"]


def test_a_small_pool_gives_what_it_has():
    tiny = small_pool(pairs=1, practice=2, sealed=0)
    assert len(draw_round(tiny, [], NOW, Random(1))) == 4
    assert draw_round(small_pool(pairs=0), [], NOW, Random(1)) == []


def test_a_block_with_few_signs_has_two():
    drawn = draw_round(POOL, all_begun(), NOW, Random(1), signals=2)
    signals = [key for key in categories_of(drawn) if key.startswith("sign")]
    assert (len(drawn), len(signals)) == (12, 2)


@pytest.mark.parametrize("seed", range(5))
def test_options_are_two_pairs_of_opposites(seed):
    for case in draw_round(POOL, all_begun(), NOW, Random(seed)):
        assert CATEGORY[case.exemplar_key] in case.options
        assert len(set(case.options)) == 4
        opposites = {POOL.category_by_key[key].opposite for key in case.options}
        assert opposites == set(case.options)


def test_the_place_of_an_option_says_nothing_of_the_answer():
    places = Counter()
    for seed in range(100):
        for case in draw_round(POOL, all_begun(), NOW, Random(seed)):
            places[case.options.index(CATEGORY[case.exemplar_key])] += 1
    assert min(places.values()) > 0.8 * max(places.values())


def test_practice_never_shows_what_is_sealed():
    for seed in range(30):
        for case in draw_round(POOL, all_begun(), NOW, Random(seed), size=40):
            assert POOL.exemplar_by_key[case.exemplar_key].form == ""


def test_a_sealed_form_is_drawn_whole():
    drawn = draw_form(POOL, "day-30", Random(1))
    expected = {exemplar.key for exemplar in POOL.of_form("day-30")}
    assert {case.exemplar_key for case in drawn} == expected


def test_in_place_of_a_skipped_case_comes_an_equal_one():
    like = POOL.exemplar_by_key["sign-1/practice/0"]
    taken = {"sign-1/practice/0", "sign-1/practice/3"}
    another = draw_another(POOL, [], NOW, Random(1), like, taken)
    exemplar = POOL.exemplar_by_key[another.exemplar_key]
    assert (exemplar.category, exemplar.tier) == ("sign-1", like.tier)
    assert exemplar.key not in taken


def test_no_equal_case_is_left_when_all_are_taken():
    like = POOL.exemplar_by_key["sign-1/practice/0"]
    taken = {exemplar.key for exemplar in POOL.for_practice()}
    assert draw_another(POOL, [], NOW, Random(1), like, taken) is None
