"""About how many minutes a round takes, from earlier answers."""

from datetime import UTC, datetime, timedelta

from courses.practice.pace import USUAL_MINUTES, gaps_of, minutes_of_round

START = datetime(2026, 12, 1, 9, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_it_works():
    judged = [(1, at(25 * number)) for number in range(13)]
    assert gaps_of(judged) == [25.0] * 12
    assert minutes_of_round(gaps_of(judged), 12) == 5


def test_few_answers_say_nothing_yet():
    assert minutes_of_round([60.0] * 10, 12) == USUAL_MINUTES
    assert minutes_of_round([], 12) == USUAL_MINUTES


def test_between_two_rounds_and_after_going_away_no_time_is_counted():
    assert gaps_of([(1, at(0)), (2, at(10)), (1, at(20)), (2, at(5_000))]) == [20.0]


def test_a_round_takes_a_minute_at_least():
    assert minutes_of_round([0.5] * 20, 12) == 1
