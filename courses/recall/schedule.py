"""When a category is due again, and which are due today. Plain rules; no row and no page.

A category is scheduled and not a drawing: each time it comes with a baby who was not seen before.
fsrs models the memory of one fact, so that it serves here as a rule of spacing alone, and none of
its figures is ever shown as a measure of somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from fsrs import Card, Rating, Scheduler, State

from courses.recall.weights import NEWEST, WEIGHTS
from courses.web.dates import LONDON

RETENTION = 0.85  # right answers come back after about 4 days, a month, and half a year
LONGEST = 180  # days
MOST_A_DAY = 10  # cases


@dataclass(frozen=True)
class Memory:
    """What is known of one category: as fsrs keeps it, and when it is due.

    Attributes:
        stability: days until recall is expected to fall to 90 %.
        difficulty: 1 to 10.
        weights: version of the weights that it was reckoned with, see `WEIGHTS`.
    """

    stability: float
    difficulty: float
    reviewed_at: datetime
    due_at: datetime
    weights: int


@dataclass(frozen=True)
class Standing:
    """One category as it stood when a day began.

    `reviewed_at` and `due_at` are those before anything that was judged on that day.
    """

    category: str
    reviewed_at: datetime
    due_at: datetime
    is_done: bool
    """Whether it was judged since."""


@dataclass(frozen=True)
class DayList:
    """The categories of one day, the most overdue first, and those of them still to be judged."""

    planned: tuple[str, ...]
    left: tuple[str, ...]


def next_memory(before: Memory | None, is_right: bool, now: datetime) -> Memory:
    """What is known of a category after one more judgement of it.

    Right is "Good" and wrong is "Again". "Hard" and "Easy" are not used: how sure somebody was is
    not how well they saw, and those who press "Hard" where they were wrong spoil their own dates.
    Nothing is left to chance either (fsrs would move dates by some days): with at most 16
    categories the ten a day spread them, and the dates can be reckoned again from the judgements.

    Args:
        before: None for the first judgement of the category.
        now: aware, in any zone.

    Returns:
        The memory with the newest weights; what was due before is never reckoned again.
    """
    rating = Rating.Good if is_right else Rating.Again
    card, _ = _scheduler(NEWEST).review_card(_card_of(before, now), rating, now.astimezone(UTC))
    assert card.stability is not None and card.difficulty is not None, "reviewed just now"
    return Memory(card.stability, card.difficulty, now, card.due, NEWEST)


@cache
def _scheduler(version: int) -> Scheduler:
    # Without steps: steps within a day and days between reviews do not go together in the model.
    return Scheduler(
        parameters=WEIGHTS[version],
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )


def _card_of(memory: Memory | None, now: datetime) -> Card:
    # Every card has a number, or fsrs waits a millisecond to make one of the clock.
    if memory is None:
        return Card(card_id=1, due=now.astimezone(UTC))
    return Card(
        card_id=1,
        state=State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at.astimezone(UTC),
        last_review=memory.reviewed_at.astimezone(UTC),
    )


def counts_as_review(before: Memory | None, made_at: datetime) -> bool:
    """Whether a judgement moves the date: the first of its category on a London day does.

    The next ones of that day come right after its answer was shown, and say nothing of recall. An
    older one, from another tab, moves nothing either.
    """
    return before is None or london_day(before.reviewed_at) < london_day(made_at)


def day_list(standings: Iterable[Standing], today: date) -> DayList:
    """What is due today, frozen as the day began: what is done leaves, and nothing is added.

    The most overdue come first, in proportion to how long they were to rest, and ten at most: the
    rest rolls on in silence. Thus after weeks away there are ten today, and no debt.
    """
    begin, end = day_bounds(today)
    due = [each for each in standings if each.due_at < end]
    due.sort(key=lambda each: (-_overdue(each, begin), each.category))
    planned = due[:MOST_A_DAY]
    left = [each.category for each in planned if not each.is_done]
    return DayList(tuple(each.category for each in planned), tuple(left))


def _overdue(standing: Standing, moment: datetime) -> float:
    """How long it has been due, as a share of its interval; below 0 for later today."""
    interval = standing.due_at - standing.reviewed_at
    return (moment - standing.due_at) / max(interval, timedelta(days=1))


def london_day(moment: datetime) -> date:
    """The day that it is in London."""
    return moment.astimezone(LONDON).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a London day, and that of the next: 23 to 25 hours on."""
    begin = datetime.combine(day, time(), LONDON)
    end = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return begin.astimezone(UTC), end.astimezone(UTC)
