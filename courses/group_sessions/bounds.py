"""When and how long a session can have been, how long a line is, and how long rooms are kept.

Bounds and the words of what is outside them, the same for forms and actions.
"""

from datetime import date, datetime, timedelta

from courses.web import dates

FEWEST_MINUTES, MOST_MINUTES = 5, 480
LONGEST_LINE = 500  # characters
EARLIEST_BEFORE_COHORT = timedelta(days=365)
CORRECTABLE_FOR = timedelta(days=14)
ROOM_OPEN_FOR = timedelta(days=1)  # a room that nobody ends
ANSWERED_KEPT_FOR = timedelta(days=1)  # who took part in a room, after its end

WRONG_MINUTES = f"Write a whole number of minutes from {FEWEST_MINUTES} to {MOST_MINUTES}."
NOBODY_CAME = "Tick at least one person who came."
NO_LINE = "Write one line first: what will you do differently?"


def earliest_day(cohort_created_at: datetime) -> date:
    """The first day on which a session of a cohort can have been: a year before it began."""
    began = cohort_created_at.astimezone(dates.LONDON).date()
    return began - EARLIEST_BEFORE_COHORT


def refuse_day(held_on: date, cohort_created_at: datetime, now: datetime) -> str:
    """Why a session cannot have been on this day in London; "" where it can."""
    first, today = earliest_day(cohort_created_at), now.astimezone(dates.LONDON).date()
    if first <= held_on <= today:
        return ""
    return f"Choose a day from {dates.day(first)} to today."


def refuse_minutes(minutes: int) -> str:
    """Why a session cannot have taken so many minutes; "" where it can."""
    return "" if FEWEST_MINUTES <= minutes <= MOST_MINUTES else WRONG_MINUTES


def refuse_line(line: str) -> str:
    """Why this is no line of one's own; "" where it is."""
    if not line.strip():
        return NO_LINE
    if len(line) > LONGEST_LINE:
        return f"Use {LONGEST_LINE} characters at most. This is {len(line)}."
    return ""
