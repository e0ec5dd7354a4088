"""Actions on what stands in the forms of a step: saved as it is given, and sent by Continue.

Answering an activity, which is another thing, is in `lesson_actions`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from courses.learning.activity_forms import words_in
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import ActivityAnswer, ActivityDraft, Enrolment

MOST_REPLACED = 20  # texts kept of one activity that were overwritten from elsewhere


@dataclass(frozen=True)
class Entry:
    """What stands in the form of one activity now, as its page sent it.

    `sequence` is one more than the newest change that the page knew of, `event_id` unique for each
    change. `answer` is what it is as a complete answer, None where it is none, or where it needs a
    press of its own button.
    """

    entered: object
    sequence: int
    event_id: uuid.UUID
    answer: object = None


@transaction.atomic
def save_draft(
    enrolment: Enrolment, lesson_key: str, activity_key: str, entry: Entry, now: datetime
) -> ActivityDraft:
    """Saves what stands in the form of an activity; the draft there is now.

    The newest to arrive stays. A text that its page did not know of is kept beside it, so that of
    two devices none loses a word. Sent twice, it is saved once.
    """
    place = {"enrolment": enrolment, "lesson_key": lesson_key, "activity_key": activity_key}
    first = {
        "entered": entry.entered,
        "sequence": entry.sequence,
        "event_id": entry.event_id,
        "saved_at": now,
    }
    drafts = ActivityDraft.objects.select_for_update()
    draft, is_first = drafts.get_or_create(**place, defaults=first)
    if not is_first and draft.event_id != entry.event_id:
        _overwrite(draft, entry, now)
    if entry.answer is not None:
        _answer(enrolment, lesson_key, activity_key, entry.answer, now)
    return draft


def _overwrite(draft: ActivityDraft, entry: Entry, now: datetime) -> None:
    before = words_in(draft.entered)
    is_unknown = entry.sequence <= draft.sequence
    if is_unknown and before not in words_in(entry.entered):
        draft.replaced = [*draft.replaced, before][-MOST_REPLACED:]
    draft.entered = entry.entered
    draft.event_id = entry.event_id
    draft.sequence = max(draft.sequence + 1, entry.sequence)
    draft.saved_at = now
    draft.save(update_fields=["entered", "event_id", "sequence", "replaced", "saved_at"])


def _answer(
    enrolment: Enrolment, lesson_key: str, activity_key: str, answer: object, now: datetime
) -> None:
    """Answers the activity, unless this is its answer already."""
    rows = ActivityAnswer.objects.filter(
        enrolment=enrolment, lesson_key=lesson_key, activity_key=activity_key
    )
    if answer not in rows.values_list("answer", flat=True):
        answer_activity(enrolment, lesson_key, activity_key, answer, now)


@transaction.atomic
def save_step(
    enrolment: Enrolment, lesson_key: str, entries: Mapping[str, Entry], now: datetime
) -> None:
    """Saves what stands in the forms of a step; `entries` are by activity key."""
    for activity_key, entry in entries.items():
        save_draft(enrolment, lesson_key, activity_key, entry, now)


@transaction.atomic
def forget_replaced(enrolment: Enrolment, lesson_key: str, activity_key: str) -> None:
    """Drops the texts that were overwritten from elsewhere, once the learner has read them."""
    rows = ActivityDraft.objects.filter(
        enrolment=enrolment, lesson_key=lesson_key, activity_key=activity_key
    )
    rows.update(replaced=[])
