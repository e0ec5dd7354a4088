"""Filters that every template has without loading them. How a date is written is in `dates`."""

from datetime import date, datetime

from django import template

from courses.web import browsers, dates

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ enrolment.completed_at|day }}`: "30 November 2026"; empty where there is no date."""
    return dates.day(value) if value else ""


@register.filter
def long_day(value: date | datetime | None) -> str:
    """`{{ plan.on|long_day }}`: "Monday 30 November 2026"; empty where there is no date."""
    return dates.long_day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ assignment.due_at|moment }}`: "Monday 30 November 2026, 14:02"; empty for None."""
    return dates.moment(value) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """`{{ answer.saved_at|clock }}`: "14:02"; empty for None."""
    return dates.clock(value) if value else ""


@register.filter
def browser(value: str) -> str:
    """`{{ user_agent|browser }}`: "Chrome on Linux"."""
    return browsers.browser_name(value)
