"""Why somebody has had no reminder, or what they had: one line from facts, without rows.

Source: a stop flag that no page showed (iomad issue 1969; PEERS.md, case 11).
"""

from dataclasses import dataclass
from datetime import datetime

from courses.reminders.schedule import (
    CAP,
    TRAINERS_PAUSE,
    Facts,
    OwnTime,
    Reason,
    next_note_at,
    obstacle_of,
)
from courses.web import dates


@dataclass(frozen=True)
class Written:
    """When a person was last sent a note, and a trainer's reminder, over all courses.

    `course_at` is the last of either on one course. None: none yet.
    """

    last_note: datetime | None
    last_nudge: datetime | None
    course_at: datetime | None


def answer_in_words(
    name: str, facts: Facts, own_time: OwnTime, written: Written, now: datetime
) -> str:
    """What was sent last about a course, and what comes next or what stands in the way."""
    if written.course_at:
        before = (
            f"{name} last had a reminder of this course on {dates.long_day(written.course_at)}."
        )
    else:
        before = f"{name} has had no reminder of this course."
    return f"{before} {_what_next(facts, own_time, written, now)}"


def _what_next(facts: Facts, own_time: OwnTime, written: Written, now: datetime) -> str:
    obstacle = obstacle_of(facts)
    if obstacle:
        return f"None is sent, because {obstacle.words}."
    coming = next_note_at(facts, own_time, now)
    if coming is None:
        return _why_none_comes(facts, now)
    reason, at = coming
    free_at = _free_at(written)
    if free_at and at < free_at:
        at = own_time.next_hour_after(free_at)
        if reason is not Reason.DUE_SOON:
            at = own_time.next_after(free_at)
    words = WORDS[reason]
    return f"The next would come on {dates.moment(at)}, {words}, unless something changes before."


WORDS = {
    Reason.DUE_SOON: "because the due date is near",
    Reason.OVERDUE: "because the due date has passed",
    Reason.COME_BACK: "if they are not seen before",
}


def _free_at(written: Written) -> datetime | None:
    """When the week after the last mail is over; None: there was none."""
    moments = []
    if written.last_note:
        moments.append(written.last_note + CAP)
    if written.last_nudge:
        moments.append(written.last_nudge + TRAINERS_PAUSE)
    return max(moments, default=None)


def _why_none_comes(facts: Facts, now: datetime) -> str:
    if facts.due_at and facts.due_at < now:
        return (
            "The due date is more than three weeks ago, and after that we send no more: "
            "speak to them, or send one yourself."
        )
    if facts.is_asked_back:
        return "None follows until they come back: one note is enough for one time away."
    return (
        "None is due, as they have not begun and no due date lies ahead: you can send one yourself."
    )
