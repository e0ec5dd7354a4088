"""How long a pathway that somebody checked is relied on, and how its age is said. Plain Python."""

from datetime import date

from courses.web import dates

STALE_MONTHS = 6
"""Our own rule: the course's own map of local routes is checked twice a year (lesson 1.6)."""


def months_since(checked_on: date, today: date) -> int:
    """Whole calendar months from one day to the other, so from 2 June to 1 December 5.

    0 where `checked_on` is today or later.
    """
    months = (today.year - checked_on.year) * 12 + today.month - checked_on.month
    if today.day < checked_on.day:
        months -= 1
    return max(months, 0)


def is_stale(checked_on: date, today: date) -> bool:
    """Whether it was last checked six months ago or longer."""
    return months_since(checked_on, today) >= STALE_MONTHS


def age_in_words(checked_on: date, today: date) -> str:
    """When it was checked, as a sentence without its full stop; of a stale one, with a warning."""
    if checked_on >= today:
        return "Checked today"
    if not is_stale(checked_on, today):
        return f"Checked on {dates.day(checked_on)}"
    months = months_since(checked_on, today)
    age = f"{months} months" if months < 24 else f"{months // 12} years"
    return f"Checked {age} ago – check it before you rely on it"
