"""What digests say. They are sent by the caller, in the transaction of their rows."""

import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse

from courses.reminders.digest_queries import WeekOfCohorts
from courses.reminders.mails import time_in_words, time_url
from courses.reminders.models import Digest
from courses.reminders.schedule import OwnTime
from courses.reminders.stop_links import DIGESTS, stop_url
from courses.reminders.team_figures import FEWEST, TeamFigures
from courses.web.mail.outbox import TextMessage, text_message


def weekly_message(digest: Digest, week: WeekOfCohorts, key: uuid.UUID) -> TextMessage:
    """A trainer's week: the names of those who need them, and the page where they act."""
    context = {"week": week, "url": settings.SITE_URL + reverse("courses:cohorts")}
    return _message(digest, "Who needs you this week", "reminders/weekly.txt", context, key)


def monthly_message(digest: Digest, figures: list[TeamFigures], key: uuid.UUID) -> TextMessage:
    """A manager's month: numbers by team, no names."""
    page = reverse("courses:organisation", args=[digest.organisation.slug])
    context = {"figures": figures, "fewest": FEWEST, "url": settings.SITE_URL + page}
    return _message(digest, "Your teams this month", "reminders/monthly.txt", context, key)


def _message(
    digest: Digest, subject: str, template: str, context: dict[str, Any], key: uuid.UUID
) -> TextMessage:
    person = digest.user
    own_time = OwnTime(person.reminder_weekday, person.reminder_hour)
    stop = stop_url(person.key, DIGESTS)
    context |= {
        "person": person,
        # A name that nobody has confirmed stays on our pages.
        "organisation": digest.organisation.printed_name,
        "own_time": time_in_words(own_time),
        "time_url": time_url(),
        "stop_url": stop,
    }
    return text_message(subject, template, context, person.email, stop_url=stop, key=key)
