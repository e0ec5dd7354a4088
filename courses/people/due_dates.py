"""When a course is due: the end of a day in London, for a cohort and for one of its learners.

A due date is a day, so it never moves by an hour when the clocks change.
"""

from datetime import date, datetime, time

from courses.web.dates import LONDON


def end_of_day(day: date) -> datetime:
    """The last second of a day in London, also on days when the clocks change."""
    return datetime.combine(day, time(23, 59, 59), LONDON)


def own_due(cohort_due: datetime | None, extended_to: datetime | None) -> datetime | None:
    """The due date of one learner: the later one of the cohort's and of their extension.

    Args:
        cohort_due: None: the course has no due date in this cohort, and so nobody has one.
        extended_to: None: the learner has no extension. One that the cohort's date has passed by
            since changes nothing: an extension never makes a date earlier.
    """
    if cohort_due is None or extended_to is None:
        return cohort_due
    return max(cohort_due, extended_to)
