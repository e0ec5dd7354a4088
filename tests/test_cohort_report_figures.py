"""The figures of a cohort's report: bands, weeks, requests, and what is hidden."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st

from courses.reports.figures import (
    Asked,
    Band,
    Counts,
    asked_figures,
    bands_of,
    shown_counts,
    tenths_of,
    tenths_words,
    weeks_of,
)

BEGUN = datetime(2026, 9, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numbers", "totals", "bands"),
    [
        ([5, 0, 6], [11], [(0, 0, 5), (1, 1, 0), (2, 2, 6)]),
        ([0, 0, 0, 7], [7], [(0, 2, 0), (3, 3, 7)]),
        ([2, 3, 6], [11], [(0, 1, 5), (2, 2, 6)]),
        ([6, 0, 2], [8], [(0, 2, 8)]),
        ([22, 2], [24], [(0, 1, 24)]),  # completed of 24 with a band of 2
        ([10, 8, 6], [24], [(0, 0, 10), (1, 1, 8), (2, 2, 6)]),
        ([10, 8, 6], [26], [(0, 0, 10), (1, 1, 8), (2, 2, None)]),  # 26 − 24 would be two people
        ([10, 8, 6], [23], [(0, 0, 10), (1, 1, 8), (2, 2, None)]),
        ([10, 8, 6], [29], [(0, 0, 10), (1, 1, 8), (2, 2, 6)]),
        ([10], [12], []),  # with its only band hidden nothing is left
        ([4], [4], []),
        ([0, 0], [0], []),
        ([5], [5], [(0, 0, 5)]),
    ],
)
def test_bands_have_nobody_or_five_people_and_give_no_difference(numbers, totals, bands):
    assert [(row.first, row.last, row.people) for row in bands_of(numbers, totals)] == bands


@given_that(st.lists(st.integers(0, 12), min_size=1, max_size=13), st.integers(0, 150))
def test_no_band_and_no_difference_is_of_one_to_four(numbers, total):
    bands = bands_of(numbers, [total])
    shown = [row.people for row in bands]
    assert not [people for people in shown if people is not None and 0 < people < 5]
    if bands:
        assert [row.first for row in bands] == [0, *(row.last + 1 for row in bands[:-1])]
        assert bands[-1].last == len(numbers) - 1
    if bands and None not in shown:
        assert sum(shown) == sum(numbers)
        assert not 0 < abs(total - sum(numbers)) < 5
    if None in shown:
        assert sum(numbers) - sum(people or 0 for people in shown) >= 5


@pytest.mark.parametrize(
    ("counts", "is_known", "numbers", "total"),
    [
        (Counts(20, 0, 0, 9, 5), False, (20, 0, 0, 9, 5), 34),
        (Counts(20, 2, 0, 9, 5), False, (20, None, 0, 9, None), 36),
        (Counts(6, 2, 7, 8, 0), False, (6, None, None, 8, 0), 23),
        (Counts(6, 2, 7, 8, 0), True, (6, None, None, 8, 0), 23),
        # A few completed: the names tell that number, and it tells no other.
        (Counts(2, 3, 0, 9, 5), False, (None, None, 0, 9, None), 19),
        (Counts(2, 3, 0, 9, 5), True, (2, None, 0, 9, None), 19),
        (Counts(2, 6, 0, 9, 5), False, (None, 6, 0, 9, None), 22),
        (Counts(2, 6, 0, 9, 5), True, (2, 6, 0, 9, 5), 22),
        # With the total, the two would follow from who completed.
        (Counts(20, 0, 2, 0, 0), False, (20, 0, None, 0, 0), None),
        (Counts(3, 0, 2, 0, 0), False, (None, 0, None, 0, 0), None),
    ],
)
def test_the_counts_that_may_go_out(counts, is_known, numbers, total):
    shown = shown_counts(counts, is_completed_known=is_known)
    assert (shown.numbers, shown.total) == (numbers, total)


@given_that(st.tuples(*[st.integers(0, 9)] * 5))
def test_no_small_count_follows_from_the_two_documents_together(numbers):
    counts = Counts(*numbers)
    shown = shown_counts(counts)
    named = shown_counts(counts, is_completed_known=True)
    assert not [number for number in shown.numbers if number is not None and 0 < number < 5]
    # What neither shows of the others: at least two numbers that add up to five, or no sum at all.
    hidden = [
        number
        for number, *both in zip(numbers[1:], shown.numbers[1:], named.numbers[1:], strict=True)
        if both == [None, None]
    ]
    assert not [number for number in named.numbers[1:] if number is not None and 0 < number < 5]
    is_sum_known = shown.total is not None or named.total is not None
    if hidden and is_sum_known:
        assert len(hidden) >= 2
        assert sum(hidden) >= 5


def test_scores_are_in_tenths_and_all_marks_in_the_last():
    scores = [Fraction(0), Fraction(1, 10), Fraction(59, 100), Fraction(3, 5), Fraction(1)]
    assert tenths_of(scores) == [1, 1, 0, 0, 0, 1, 1, 0, 0, 1]
    assert tenths_words(Band(0, 5, 7)) == "0 to 59%"
    assert tenths_words(Band(9, 9, 7)) == "90 to 100%"


def test_weeks_begin_on_mondays_and_long_courses_have_more_weeks_a_bar():
    assert weeks_of([]) is None
    weeks = weeks_of([date(2026, 10, 7), date(2026, 10, 11), date(2026, 10, 12)])
    assert (weeks.monday, weeks.step, weeks.numbers) == (date(2026, 10, 5), 1, (2, 1))
    assert weeks.last_day(0) == date(2026, 10, 11)
    long = weeks_of([date(2026, 1, 1), date(2026, 12, 1)])
    assert (long.step, len(long.numbers), sum(long.numbers)) == (4, 13, 2)
    assert long.first_day(12) <= date(2026, 12, 1) <= long.last_day(12)


def asked(user: int, granted: bool | None, days: float = 2) -> Asked:
    decided_at = None if granted is None else BEGUN + timedelta(days=days)
    return Asked(user, "time", granted, BEGUN, decided_at)


def test_requests_count_people_and_not_requests():
    often = [asked(1, True)] * 9
    assert asked_figures([], [20]).people_words == "Nobody"
    few = asked_figures(often, [20])
    assert (few.people_words, few.granted, few.median_days) == (
        "Fewer than five people",
        None,
        None,
    )
    five = asked_figures([asked(user, True, user) for user in range(1, 6)], [20])
    assert (five.people, five.granted, five.declined, five.waiting) == (5, 5, 0, 0)
    assert five.days_words == "3 days"


def test_what_came_of_requests_is_hidden_where_it_tells_of_a_few():
    rows = [asked(user, user > 1) for user in range(7)]
    figures = asked_figures(rows, [20])
    assert (figures.people, figures.granted, figures.declined) == (7, None, None)
    assert asked_figures(rows, [9]).people_words == "Five people or more"
