"""When a category is due again, and what is due today: fsrs with our settings, London days."""

from datetime import UTC, date, datetime, timedelta

import fsrs
import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given
from hypothesis import strategies as st

from courses.recall.schedule import (
    LONGEST,
    MOST_A_DAY,
    Standing,
    counts_as_review,
    day_bounds,
    day_list,
    next_memory,
)
from courses.recall.weights import NEWEST, WEIGHTS

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


def standing(category: str, due_in: float, interval: float, is_done: bool = False) -> Standing:
    """One that is due so many days after Monday noon, after a rest of so many days."""
    due = MONDAY + timedelta(days=due_in)
    return Standing(category, due - timedelta(days=interval), due, is_done)


def test_it_works():
    memory, days = None, []
    now = MONDAY
    for is_right in (True, True, True, False, True, True):
        memory = next_memory(memory, is_right, now)
        days.append((memory.due_at - now).days)
        now = memory.due_at
    assert days == [4, 31, 173, 8, 27, 78]
    assert memory.weights == NEWEST


def test_a_wrong_first_answer_comes_back_the_next_day():
    memory = next_memory(None, False, MONDAY)
    assert memory.due_at - MONDAY == timedelta(days=1)


def test_the_weights_are_those_that_fsrs_ships():
    """When another release of fsrs ships others, write them as a new version; change none."""
    assert WEIGHTS[NEWEST] == DEFAULT_PARAMETERS


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 400)), min_size=1, max_size=12))
def test_due_dates_agree_with_those_of_fsrs_itself(answers):
    scheduler = fsrs.Scheduler(
        desired_retention=0.85,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=180,
        enable_fuzzing=False,
    )
    card, memory, now = fsrs.Card(), None, MONDAY
    for is_right, days in answers:
        card, _ = scheduler.review_card(card, fsrs.Rating(3 if is_right else 1), now)
        memory = next_memory(memory, is_right, now)
        assert memory.due_at == card.due
        assert timedelta(days=1) <= memory.due_at - now <= timedelta(days=LONGEST)
        now += timedelta(days=days)


def test_only_the_first_judgement_of_a_london_day_counts():
    # 23:30 in London on 30 June, as summer time makes it 22:30 UTC.
    memory = next_memory(None, True, datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert not counts_as_review(memory, datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    assert counts_as_review(memory, datetime(2026, 6, 30, 23, 1, tzinfo=UTC))
    assert not counts_as_review(memory, datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert counts_as_review(None, MONDAY)


def test_ten_a_day_at_most_and_the_most_overdue_in_proportion_first():
    due = [standing(f"c{number:02}", -number, 100) for number in range(14)]
    due.append(standing("short", -5, 4))
    due.append(standing("tomorrow", 1, 4))
    planned = day_list(due, MONDAY.date()).planned
    assert len(planned) == MOST_A_DAY
    assert planned[0] == "short"
    assert planned[1] == "c13"
    assert "tomorrow" not in planned


def test_the_list_of_a_day_shrinks_and_never_grows():
    due = [standing(f"c{number:02}", -number, 100) for number in range(14)]
    morning = day_list(due, MONDAY.date())
    done = set(morning.planned[:3])
    later = [
        Standing(each.category, each.reviewed_at, each.due_at, each.category in done)
        for each in due
    ]
    evening = day_list(later, MONDAY.date())
    assert evening.planned == morning.planned
    assert evening.left == morning.planned[3:]


def test_what_is_due_in_the_evening_is_in_the_list_of_the_morning():
    late = standing("late", 0.6, 4)  # 23:24
    assert day_list([late], MONDAY.date()).planned == ("late",)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 29), 23),  # clocks go forward
        (date(2026, 10, 25), 25),  # and back
        (date(2028, 2, 29), 24),
        (date(2026, 12, 31), 24),
    ],
)
def test_days_are_those_of_london(day, hours):
    begin, end = day_bounds(day)
    assert end - begin == timedelta(hours=hours)
    assert day_bounds(day + timedelta(days=1))[0] == end
    inside = Standing("inside", begin - timedelta(days=4), end - timedelta(seconds=1), False)
    outside = Standing("outside", begin - timedelta(days=4), end, False)
    assert day_list([inside, outside], day).planned == ("inside",)
