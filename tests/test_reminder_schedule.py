"""When a learner is reminded, and why not: every reason in every state, and both changes of the clocks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.reminders.schedule import (
    CAP,
    DAY,
    LATEST,
    OVERDUE_WEEKS,
    TRAINERS_PAUSE,
    WEEK,
    DueNote,
    Facts,
    Obstacle,
    OwnTime,
    Reason,
    due_soon_at,
    is_held,
    month_of,
    next_note_at,
    note_of,
    obstacle_of,
)
from courses.web.dates import LONDON

MONDAYS = OwnTime()  # at eight
MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
LONG_AGO = datetime(2026, 9, 1, 12, tzinfo=UTC)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def facts(**more: object) -> Facts:
    return replace(Facts(due_at=None, known_at=LONG_AGO), **more)


def test_it_works():
    """A week before a date, three weeks after it, and two weeks after the learner was last there."""
    due = facts(due_at=end_of(date(2026, 12, 13)))
    assert note_of(due, MONDAYS, MONDAY) == DueNote(Reason.DUE_SOON, "2026-12-13")
    late = facts(due_at=end_of(date(2026, 12, 6)))
    assert note_of(late, MONDAYS, MONDAY) == DueNote(Reason.OVERDUE, "2026-12-06/2026-12-07")
    away = facts(last_seen_at=MONDAY - 20 * DAY)
    assert note_of(away, MONDAYS, MONDAY) == DueNote(Reason.COME_BACK, "2026-11-17")
    assert note_of(facts(), MONDAYS, MONDAY) is None


STATES = {
    Obstacle.ACCOUNT_CLOSED: {"is_active": False},
    Obstacle.LEFT: {"is_member": False},
    Obstacle.COHORT_CLOSED: {"is_cohort_open": False},
    Obstacle.COURSE_RETIRED: {"is_retired": True},
    Obstacle.COMPLETED: {"is_completed": True},
    Obstacle.SWITCHED_OFF: {"wants_reminders": False},
    None: {},
}
REASONS = {
    Reason.DUE_SOON: {"due_at": end_of(date(2026, 12, 13))},
    Reason.OVERDUE: {"due_at": end_of(date(2026, 12, 6))},
    Reason.COME_BACK: {"last_seen_at": MONDAY - 20 * DAY},
}


@pytest.mark.parametrize(("reason", "state"), list(product(REASONS, STATES)))
def test_every_reason_in_every_state(reason, state):
    """What stands in the way has a name of its own, and never changes which note it stands in the way of."""
    row = facts(**REASONS[reason], **STATES[state])
    assert obstacle_of(row) is state
    note = note_of(row, MONDAYS, MONDAY)
    assert note is not None
    assert note.reason is reason


@pytest.mark.parametrize(("first", "second"), list(product(STATES, STATES)))
def test_of_two_obstacles_the_more_lasting_is_said(first, second):
    order = [*STATES]
    expected = min((first, second), key=order.index)
    assert obstacle_of(facts(**(STATES[first] | STATES[second]))) is expected


def test_every_obstacle_has_words():
    assert all(obstacle.words for obstacle in Obstacle)
    assert all(reason.words for reason in Reason)


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 6),
    st.integers(6, 21),
)
def test_every_date_is_announced_once_one_to_eight_days_before(day, weekday, hour):
    """By the clock on the wall: across a change of the clocks too."""
    own = OwnTime(weekday, hour)
    due_at = end_of(day)
    moment = due_soon_at(Facts(due_at, due_at - 100 * DAY), own)
    local = moment.astimezone(LONDON)
    assert (local.weekday(), local.hour, local.minute) == (weekday, hour, 0)
    assert DAY <= due_at - moment <= 8 * DAY + timedelta(hours=1)


CLOCKS = [
    (date(2026, 3, 29), "spring"),  # 23 hours long
    (date(2026, 10, 25), "autumn"),  # 25 hours long
]


@pytest.mark.parametrize("day", [day for day, _ in CLOCKS], ids=[name for _, name in CLOCKS])
def test_due_on_the_day_of_a_change_is_due_at_its_end_in_london(day):
    """Nobody is late on the day itself, and eight o'clock stays eight o'clock."""
    row = Facts(end_of(day), LONG_AGO - 365 * DAY)
    last_minute = datetime.combine(day, time(23, 59), LONDON).astimezone(UTC)
    daily = OwnTime(day.weekday(), 21)
    note = note_of(row, daily, last_minute)
    assert note is not None
    assert note.reason is Reason.DUE_SOON, "not overdue on the day"
    next_day = datetime.combine(day + DAY, time(8), LONDON).astimezone(UTC)
    after = OwnTime((day + DAY).weekday(), 8)
    note = note_of(row, after, next_day)
    assert note == DueNote(Reason.OVERDUE, f"{day}/{day + DAY}")
    assert note_of(row, after, next_day - timedelta(seconds=1)) is None


@pytest.mark.parametrize("day", [day for day, _ in CLOCKS], ids=[name for _, name in CLOCKS])
def test_a_week_over_a_change_of_clocks_goes_from_eight_to_eight(day):
    before = OwnTime().week_of(datetime.combine(day, time(23, 30), LONDON))
    after = OwnTime().next_after(before)
    for moment in (before, after):
        assert moment.astimezone(LONDON).time() == time(8)
    assert after - before in (WEEK - timedelta(hours=1), WEEK + timedelta(hours=1))


def test_who_learns_of_a_date_late_is_told_at_their_next_hour():
    row = Facts(end_of(date(2026, 12, 9)), datetime(2026, 12, 7, 14, tzinfo=UTC))
    assert due_soon_at(row, MONDAYS) == datetime(2026, 12, 8, 8, tzinfo=UTC)
    too_late = Facts(end_of(date(2026, 12, 7)), datetime(2026, 12, 7, 14, tzinfo=UTC))
    assert due_soon_at(too_late, MONDAYS) is None


def test_three_weekly_notes_follow_a_date_and_no_fourth():
    row = facts(due_at=end_of(date(2026, 12, 6)))
    sent = []
    for hour in range(24 * 60):
        note = note_of(row, MONDAYS, MONDAY + timedelta(hours=hour))
        if note and note not in sent:
            sent.append(note)
    assert [note.period for note in sent] == [
        "2026-12-06/2026-12-07",
        "2026-12-06/2026-12-14",
        "2026-12-06/2026-12-21",
    ]
    assert len(sent) == OVERDUE_WEEKS


def test_a_weekly_note_comes_at_its_hour_or_within_two_days_of_it():
    row = facts(last_seen_at=MONDAY - 20 * DAY)
    assert note_of(row, MONDAYS, MONDAY - timedelta(seconds=1)) is None
    assert note_of(row, MONDAYS, MONDAY) is not None
    assert note_of(row, MONDAYS, MONDAY + LATEST) is not None
    assert note_of(row, MONDAYS, MONDAY + LATEST + timedelta(seconds=1)) is None


def test_a_late_run_waits_for_the_hour_and_one_that_is_a_day_late_does_not():
    """A site that was down on Monday wakes nobody in the night; a timer at three misses nobody."""
    row = facts(last_seen_at=MONDAY - 20 * DAY)
    tuesday_night = MONDAY + timedelta(hours=17, minutes=32)
    assert note_of(row, MONDAYS, tuesday_night) is None
    assert note_of(row, MONDAYS, MONDAY + DAY) is not None
    nights = [MONDAY.replace(hour=3) + number * DAY for number in range(7)]
    assert [bool(note_of(row, MONDAYS, night)) for night in nights].count(True) == 1
    soon = facts(due_at=end_of(date(2026, 12, 13)))
    assert note_of(soon, MONDAYS, tuesday_night) is None
    assert any(note_of(soon, MONDAYS, night) for night in nights)


def test_two_weeks_away_counts_from_the_last_step_or_from_joining():
    assert note_of(facts(last_seen_at=MONDAY - 14 * DAY), MONDAYS, MONDAY) is not None
    just_less = MONDAY - 14 * DAY + timedelta(seconds=1)
    assert note_of(facts(last_seen_at=just_less), MONDAYS, MONDAY) is None
    joined_lately = facts(last_seen_at=MONDAY - 99 * DAY, known_at=MONDAY - DAY)
    assert note_of(joined_lately, MONDAYS, MONDAY) is None


def test_one_note_a_week_and_none_on_the_heels_of_a_trainers():
    assert not is_held(None, None, MONDAY)
    assert is_held(MONDAY - CAP + timedelta(seconds=1), None, MONDAY)
    assert not is_held(MONDAY - CAP, None, MONDAY)
    assert is_held(None, MONDAY - TRAINERS_PAUSE + timedelta(seconds=1), MONDAY)
    assert not is_held(None, MONDAY - TRAINERS_PAUSE, MONDAY)


@settings(max_examples=200, deadline=None)
@given(
    due=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 20)),
    seen=st.none() | st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 7)),
    weekday=st.integers(0, 6),
    hour=st.integers(6, 21),
)
def test_what_the_page_says_comes_next_is_what_comes_next(due, seen, weekday, hour):
    """Hour by hour, with nothing else sent: the first note is of the reason and moment that were said."""
    own = OwnTime(weekday, hour)
    row = facts(
        due_at=end_of(due) if due else None,
        last_seen_at=seen.replace(tzinfo=UTC) if seen else None,
    )
    now = datetime.combine(MONDAY.date(), time(hour), LONDON).astimezone(UTC)  # no run is late
    already = note_of(row, own, now)
    is_announced = already is not None and already.reason is Reason.DUE_SOON
    coming = next_note_at(replace(row, is_announced=is_announced), own, now)
    hours = (now + timedelta(hours=number) for number in range(1, 24 * 70))
    # One that is due already, and so on record, is not the next.
    found = None
    for moment in hours:
        note = note_of(row, own, moment)
        if note and (already is None or note != already):
            found = (note.reason, moment)
            break
    if coming is None:
        assert found is None or already is not None
    elif already is None:
        assert found is not None
        assert (coming[0], coming[1]) == found


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_begins_with_the_first_own_moment_in_it(month):
    now = datetime(2026, month, 20, 12, tzinfo=UTC)
    local = month_of(now, MONDAYS).astimezone(LONDON)
    assert (local.month, local.weekday(), local.hour) == (month, 0, 8)
    assert local.day <= 7
