"""What is offered after a course and when, in London days: rules, and the pages that open it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st

from courses.recall.follow_ups import (
    AFTER,
    BEFORE,
    BOOSTER,
    DAY_30,
    DAY_90,
    UPKEEP,
    WINDOWS,
    Facts,
    coming,
    offered,
    window,
)
from courses.recall.schedule import london_day

DONE = date(2026, 1, 31)


def facts(**finished: date) -> Facts:
    """Somebody who completed a course on 31 January, and these rounds since."""
    return Facts(True, DONE, DONE, {key.replace("_", "-"): on for key, on in finished.items()})


def kind_after(days: int, **finished: date) -> str | None:
    offer = offered(facts(**finished), DONE + timedelta(days=days))
    return offer.kind if offer else None


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (0, AFTER),
        (6, AFTER),
        (7, BOOSTER),
        (14, BOOSTER),
        (15, None),
        (29, None),
        (30, DAY_30),
        (43, DAY_30),
        (44, None),
        (90, DAY_90),
        (117, DAY_90),
        (118, None),
        (145, None),
        (146, UPKEEP),
        (900, UPKEEP),
        (1096, UPKEEP),
        (1097, None),
    ],
)
def test_it_works(days, kind):
    assert kind_after(days) == kind


def test_the_first_look_is_offered_before_the_first_lesson_and_never_after():
    assert offered(Facts(False, None, None), DONE).kind == BEFORE
    assert offered(Facts(True, None, None), DONE) is None
    assert offered(Facts(False, None, None, {BEFORE: DONE}), DONE) is None


def test_windows_count_from_the_second_look_where_it_was_taken():
    looked = DONE + timedelta(days=5)
    assert kind_after(7, after=looked) is None
    assert kind_after(12, after=looked) == BOOSTER
    assert kind_after(34, after=looked) is None
    assert kind_after(35, after=looked) == DAY_30


@pytest.mark.parametrize("kind", WINDOWS)
def test_what_was_finished_is_not_offered_again(kind):
    opens = window(kind, DONE).opens_on
    days = (opens - DONE).days
    if kind == AFTER:
        assert kind_after(days, after=opens) is None
        return
    assert kind_after(days, **{kind.replace("-", "_"): opens}) is None


def test_upkeep_comes_eight_weeks_after_the_last_twenty_cases():
    last = DONE + timedelta(days=150)
    assert kind_after(150 + 55, upkeep=last) is None
    assert kind_after(150 + 56, upkeep=last) == UPKEEP
    assert kind_after(100 + 56, day_90=DONE + timedelta(days=100)) == UPKEEP


def test_upkeep_goes_on_for_who_completes_a_course_again():
    again = Facts(True, DONE, DONE + timedelta(days=1000), {})
    assert offered(again, DONE + timedelta(days=1500)).kind == UPKEEP


def test_what_comes_next_is_the_nearest():
    assert coming(facts(), DONE).kind == BOOSTER
    assert coming(facts(), DONE + timedelta(days=44)).kind == DAY_90
    assert coming(facts(), DONE + timedelta(days=1200)) is None
    assert coming(Facts(False, None, None), DONE) is None


@property_of(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 1300))
def test_one_thing_is_offered_at_most_and_never_before_its_day(done, days):
    someone = Facts(True, done, done, {})
    today = done + timedelta(days=days)
    offer = offered(someone, today)
    after = coming(someone, today)
    assert offer is None or offer.opens_on <= today <= offer.closes_on
    assert after is None or after.opens_on > today


@pytest.mark.parametrize(
    ("completed_at", "opens_on"),
    [
        # 23:30 UTC on 28 March is still the 28th; the clocks go forward that night.
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 27)),
        # In summer 23:30 UTC is half past midnight of the next day.
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 31)),
        # The clocks go back on 25 October within the thirty days.
        (datetime(2026, 10, 24, 22, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2028, 1, 30, 12, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_days_are_those_of_london(completed_at, opens_on):
    assert window(DAY_30, london_day(completed_at)).opens_on == opens_on


def test_upkeep_of_a_leap_day_ends_on_the_last_of_february():
    leap = date(2028, 2, 29)
    someone = Facts(True, leap, leap, {})
    assert offered(someone, date(2031, 2, 28)).kind == UPKEEP
    assert offered(someone, date(2031, 3, 1)) is None
