"""How long a completed course counts as current. Plain Python.

The number of months is the organisation's own choice for each professional role. No standard that
we know sets one for this subject; where nobody has chosen, it is three years, the length of a
revalidation period of the NMC (fact E1).
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from courses.web.dates import LONDON

DEFAULT_MONTHS = 36
MONTHS = (12, 24, 36)


@dataclass(frozen=True)
class Level:
    """What a role must have completed: all of these courses, each within the last `months`.

    `course_ids` empty: nothing is expected of the role, and nobody in it is counted.
    """

    course_ids: tuple[int, ...]
    months: int = DEFAULT_MONTHS


@dataclass(frozen=True)
class Limit:
    """What one role must have on one day: these courses, each completed between two moments.

    A completion counts as trained until before `until`, and as current from `since` on: `until`
    is the first moment after the day, `since` the first of the day so many months before it,
    both in London.
    """

    day: date
    profession: str
    course_ids: tuple[int, ...]
    until: datetime
    since: datetime


def limits_of(levels: Mapping[str, Level], days: Sequence[date]) -> list[Limit]:
    """The limits of each role on each day, without roles of which nothing is expected.

    `levels` is by professional role.
    """
    limits = []
    for day in days:
        until = end_of(day)
        for profession, level in levels.items():
            if level.course_ids:
                since = start_of(months_before(day, level.months))
                limits.append(Limit(day, profession, level.course_ids, until, since))
    return limits


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month where it is shorter."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def start_of(day: date) -> datetime:
    """The first moment of a day in London."""
    return datetime.combine(day, time.min, LONDON)


def end_of(day: date) -> datetime:
    """The first moment after a day in London."""
    return start_of(day + timedelta(days=1))


def month_ends(day: date, count: int) -> list[date]:
    """The last days of the `count` months before this day, and the day itself, oldest first."""
    first = day.replace(day=1)
    ends = []
    for months in range(count, 0, -1):
        ends.append(months_before(first, months - 1) - timedelta(days=1))
    return [*ends, day]
