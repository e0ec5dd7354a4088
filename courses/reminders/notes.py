"""Writes the notes that are due to learners: what is decided, its row and its mail in one go.

When one is due is in `schedule`. Two copies at once never handle the same person: the second
leaves out whom the first has locked.
"""

import logging
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from courses.people.models import User
from courses.reminders.mails import Due, note_message
from courses.reminders.models import LearnerNote
from courses.reminders.queries import (
    Candidate,
    History,
    candidates_of,
    histories_of,
    people_to_look_at,
    with_progress,
)
from courses.reminders.schedule import (
    DueNote,
    Obstacle,
    Reason,
    is_held,
    may_come_back,
    note_of,
    obstacle_of,
)
from courses.web.mail.outbox import TextMessage, send_all

logger = logging.getLogger(__name__)

CHUNK = 500  # people in one transaction
# What is kept on record as "not sent". Else nothing was due: they completed it, left, and so on.
KEPT = (Obstacle.ACCOUNT_CLOSED, Obstacle.SWITCHED_OFF)


@dataclass(frozen=True)
class Notes:
    """What was done: mails written, notes not sent, and people with an error."""

    mails: int = 0
    not_sent: int = 0
    failed: int = 0

    def __add__(self, other: "Notes") -> "Notes":
        return Notes(
            self.mails + other.mails,
            self.not_sent + other.not_sent,
            self.failed + other.failed,
        )


def send_due_notes(now: datetime) -> Notes:
    """Writes each note that is due now, at most one mail a person and week.

    A note and its mail are rows of one transaction. Run again, or in two copies at once, it finds
    what is done.
    """
    user_ids = people_to_look_at(now)
    result = Notes()
    for start in range(0, len(user_ids), CHUNK):
        result += _send_safely(user_ids[start : start + CHUNK], now)
    return result


def _send_safely(user_ids: list[int], now: datetime) -> Notes:
    """Writes what is due to these people; an error of one of them holds up nobody else."""
    try:
        return _send_to(user_ids, now)
    except DatabaseError:
        raise  # it would fail for everybody
    except Exception:
        if len(user_ids) == 1:
            logger.exception("reminders: the note of one person failed")
            return Notes(failed=1)
    result = Notes()
    for user_id in user_ids:
        result += _send_safely([user_id], now)
    return result


@transaction.atomic
def _send_to(user_ids: list[int], now: datetime) -> Notes:
    """Locks these people, looks at the facts only then, and writes what is due."""
    people = User.objects.filter(pk__in=user_ids).order_by("pk")
    locked = people.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    histories = histories_of(list(locked))
    rows: list[LearnerNote] = []
    messages: list[TextMessage] = []
    for notes in _by_person(_due_to(histories, now)).values():
        message = _write(notes, rows, now)
        if message:
            messages.append(message)
    LearnerNote.objects.bulk_create(rows)
    send_all(messages)
    return Notes(len(messages), sum(bool(row.obstacle) for row in rows))


def _due_to(histories: dict[int, History], now: datetime) -> list[Due]:
    """The notes that are due to these people now and are on no record yet."""
    undecided = []
    for row in candidates_of(histories, Q(left_at=None)):
        history = histories[row.user_id]
        if is_held(history.last_note, history.last_nudge, now) or _needs_none(row):
            continue
        has_note = note_of(row.facts, row.own_time, now) is not None
        is_begun = row.enrolment is not None
        if has_note or (is_begun and may_come_back(row.facts, row.own_time, now)):
            undecided.append(row)
    due = []
    for row in with_progress(undecided):
        note = note_of(row.facts, row.own_time, now)
        if note and _record_of(row, note) not in histories[row.user_id].recorded:
            due.append(Due(row, note))
    return due


def _needs_none(row: Candidate) -> bool:
    """Whether nothing would be said of this course, so that there is nothing to keep on record."""
    return obstacle_of(row.facts) not in (None, *KEPT)


def _record_of(row: Candidate, note: DueNote) -> tuple[int, str, str]:
    return row.assignment.pk, note.reason.value, note.period


def _by_person(due: list[Due]) -> dict[int, list[Due]]:
    """The notes of each person, the most pressing first."""
    pressing = list(Reason)
    grouped: dict[int, list[Due]] = defaultdict(list)
    for row in sorted(due, key=lambda row: pressing.index(row.note.reason)):
        grouped[row.candidate.user_id].append(row)
    return grouped


def _write(notes: list[Due], rows: list[LearnerNote], now: datetime) -> TextMessage | None:
    """Adds the rows of one person's notes; returns the mail they share, None: it is not sent."""
    # The two obstacles that are left are the person's, and so the same for all their courses.
    obstacle = obstacle_of(notes[0].candidate.facts)
    key = None if obstacle else uuid.uuid4()
    for due in notes:
        row = LearnerNote(
            assignment=due.candidate.assignment,
            user_id=due.candidate.user_id,
            reason=due.note.reason.value,
            period=due.note.period,
            at=now,
            obstacle=obstacle.value if obstacle else "",
            mail_key=key,
        )
        rows.append(row)
    return note_message(notes, key) if key else None
