"""What is offered after a course, and when: rules from dates. All days are London days.

About half of what a tutorial gave is gone after two to four weeks, and twenty cases every two
months hold it (fact B45). So: a booster after one to two weeks, sealed checks after 30 and 90
days, and then twenty cases every eight weeks. All of it is offered, and nothing is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

BEFORE, AFTER, BOOSTER = "before", "after", "booster"
DAY_30, DAY_90, UPKEEP = "day-30", "day-90", "upkeep"

# First and last day after completing the course, or after the second look where it was taken. A
# check that comes later than its weeks would measure another span of time than its name says.
WINDOWS = {
    AFTER: (0, 6),
    BOOSTER: (7, 14),
    DAY_30: (30, 43),
    DAY_90: (90, 117),
}
KINDS = (BEFORE, *WINDOWS, UPKEEP)
UPKEEP_EVERY = timedelta(weeks=8)
UPKEEP_CASES = 20
# As long as a completed course counts as current where nobody has chosen otherwise, see
# `readiness.currency`; who completes a course again goes on from there.
UPKEEP_YEARS = 3


@dataclass(frozen=True)
class Facts:
    """What is known of one learner.

    Attributes:
        has_begun: whether they opened a lesson of any course.
        first_completed_on: when they completed a course for the first time, None before.
        last_completed_on: and for the last time.
        finished: the last day on which they finished a round of each kind.
    """

    has_begun: bool
    first_completed_on: date | None
    last_completed_on: date | None
    finished: Mapping[str, date] = field(default_factory=dict)

    @property
    def counted_from(self) -> date | None:
        """The day that windows are counted from."""
        return self.finished.get(AFTER, self.first_completed_on)


@dataclass(frozen=True)
class FollowUp:
    """One thing on offer from a day on; `closes_on` is its last day, None where it has none."""

    kind: str
    opens_on: date
    closes_on: date | None

    def is_open(self, today: date) -> bool:
        return self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)


def window(kind: str, counted_from: date) -> FollowUp:
    """The window of a kind of `WINDOWS`; both days are in it."""
    first, last = WINDOWS[kind]
    opens, closes = counted_from + timedelta(days=first), counted_from + timedelta(days=last)
    return FollowUp(kind, opens, closes)


def offered(facts: Facts, today: date) -> FollowUp | None:
    """What is on offer today: one thing at most, None for nothing."""
    if facts.first_completed_on is None:
        return _before(facts, today)
    for follow_up in _planned(facts):
        if follow_up.is_open(today):
            return follow_up
    return None


def coming(facts: Facts, today: date) -> FollowUp | None:
    """What is offered next after today, None where nothing is planned."""
    later = []
    for follow_up in _planned(facts):
        if follow_up.opens_on > today and follow_up.is_open(follow_up.opens_on):
            later.append(follow_up)
    return min(later, key=lambda follow_up: follow_up.opens_on, default=None)


def _before(facts: Facts, today: date) -> FollowUp | None:
    if facts.has_begun or BEFORE in facts.finished:
        return None
    return FollowUp(BEFORE, today, None)


def _planned(facts: Facts) -> list[FollowUp]:
    """Everything after a completed course that was not finished yet, open or not."""
    counted_from = facts.counted_from
    if counted_from is None:
        return []
    planned = []
    for kind in WINDOWS:
        if kind not in facts.finished:
            planned.append(window(kind, counted_from))
    planned.append(_upkeep(facts, counted_from))
    return planned


def _upkeep(facts: Facts, counted_from: date) -> FollowUp:
    """Eight weeks after the last twenty cases, else after those of 90 days, taken or not."""
    planned_last = window(DAY_90, counted_from).opens_on
    last = max(facts.finished.get(kind, planned_last) for kind in (DAY_90, UPKEEP))
    assert facts.last_completed_on is not None, "somebody completed a course"
    opens_on = max(last, planned_last) + UPKEEP_EVERY
    return FollowUp(UPKEEP, opens_on, _years_after(facts.last_completed_on))


def _years_after(day: date) -> date:
    """The same day three years later; 28 February after 29 February."""
    year = day.year + UPKEEP_YEARS
    if (day.month, day.day) == (2, 29):
        return date(year, 2, 28)
    return day.replace(year=year)
