"""What notes and digests say. They are sent by the caller, in the transaction of their rows."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from courses.dashboards.queries import title_of
from courses.people.models import Cohort, User
from courses.reminders.places import Place, place_on
from courses.reminders.queries import Candidate
from courses.reminders.schedule import DueNote, OwnTime, Reason
from courses.reminders.stop_links import REMINDERS, stop_url
from courses.web import dates
from courses.web.mail.outbox import TextMessage, text_message

TIME_PAGE = "#reminders"  # the part of the details page where day, hour and kinds are chosen


@dataclass(frozen=True)
class Due:
    """A note that is due to a candidate."""

    candidate: Candidate
    note: DueNote

    @property
    def title(self) -> str:
        return title_of(self.candidate.assignment)

    @property
    def place(self) -> Place:
        return place_on(self.candidate.assignment, self.candidate.progress)


def note_message(notes: list[Due], key: uuid.UUID) -> TextMessage:
    """The one mail of a person's notes: the first in full, a line for each of the others."""
    first = notes[0]
    person = first.candidate
    cohort = person.assignment.cohort
    trainers = _trainers_of(cohort, person.user_id)
    context = {
        "person": person,
        "cohort": cohort,
        "title": first.title,
        "reason": first.note.reason.value,
        "due_at": person.facts.due_at,
        "seen_at": person.facts.last_seen_at,
        "place": first.place,
        "others": [_line(note) for note in notes[1:]],
        "trainers": " or ".join(str(trainer) for trainer in trainers),
        "own_time": time_in_words(person.own_time),
        "stop_url": stop_url(person.key, REMINDERS),
        "time_url": time_url(),
    }
    return text_message(
        _subject(first),
        "reminders/note.txt",
        context,
        person.email,
        trainers[0].email if trainers else "",
        stop_url=stop_url(person.key, REMINDERS),
        key=key,
        is_rechecked=True,
    )


def time_url() -> str:
    """Where a signed-in person chooses the day and hour of their mails, and switches them off."""
    return settings.SITE_URL + reverse("courses:details") + TIME_PAGE


def time_in_words(own_time: OwnTime) -> str:
    """A day and an hour such as "Mondays at 8:00"."""
    return f"{dates.WEEKDAYS[own_time.weekday]}s at {own_time.hour}:00"


def _subject(due: Due) -> str:
    due_at = due.candidate.facts.due_at
    if due.note.reason is Reason.DUE_SOON and due_at:
        return f"{due.title} is due on {dates.long_day(due_at)}"
    if due.note.reason is Reason.OVERDUE and due_at:
        return f"{due.title} was due on {dates.long_day(due_at)}"
    return f"Carry on when you are ready: {due.title}"


def _line(due: Due) -> dict[str, Any]:
    """What one line says of another course of the person."""
    return {
        "title": due.title,
        "reason": due.note.reason.value,
        "due_at": due.candidate.facts.due_at,
        "url": due.place.url,
    }


def _trainers_of(cohort: Cohort, learner_id: int) -> list[User]:
    """The cohort's trainers for a mail to this learner, who may be one of them; the first first."""
    trainers = sorted(cohort.trainers.all(), key=lambda trainer: trainer.pk)
    return [row for row in trainers if row.is_active and row.pk != learner_id]
