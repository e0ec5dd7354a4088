"""The one way in which dates and times are written for people, on pages, in mails and on paper.

Files for machines (CSV, logs, dates in facts) have ISO dates instead. Templates use the filters
of the same names in `template_filters`. Everything is British English and Europe/London,
whatever the language and the clock of the machine are.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# Not from `strftime`, whose names depend on the machine's locale.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(value: date | datetime) -> str:
    """A date as "30 November 2026"; of an aware datetime, the day it is in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def long_day(value: date | datetime) -> str:
    """A date with its weekday, as "Monday 30 November 2026": for days that people plan by."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def moment(value: datetime) -> str:
    """An aware datetime as "Monday 30 November 2026, 14:02".

    The weekday is there because a moment is mostly one to plan by, such as a deadline.
    """
    return f"{long_day(value)}, {clock(value)}"


def clock(value: datetime) -> str:
    """The time of an aware datetime as "14:02", where the day goes without saying."""
    value = value.astimezone(LONDON)
    return f"{value.hour:02}:{value.minute:02}"
