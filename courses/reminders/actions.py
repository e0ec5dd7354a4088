"""Sending a reminder by a trainer's hand, at most one in a few days.

Who needs one is in `dashboards`, and where it leads to in `places`. What is sent by the clock is
in `notes` and `digests`.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from courses.assessment.actions import Refused
from courses.dashboards.attention import REMINDER_PAUSE as PAUSE
from courses.dashboards.members import Member
from courses.dashboards.queries import title_of
from courses.people.audit import AuditEvent
from courses.people.models import User
from courses.people.permissions import forbid_oneself
from courses.reminders.mails import time_url
from courses.reminders.models import Nudge
from courses.reminders.places import place_of
from courses.reminders.stop_links import REMINDERS, stop_url
from courses.web import dates
from courses.web.mail.outbox import send_text


class TooSoon(Refused):
    """The learner had a reminder of this course within the last days."""


class NotNeeded(Refused):
    """The learner has completed the course in the meantime."""


class SwitchedOff(Refused):
    """The learner has switched reminders off."""


class CourseRetired(Refused):
    """The course is retired, and no reminder of it leaves."""


def send_nudge(trainer: User, learner: Member, now: datetime, line: str = "") -> Nudge:
    """Records a kind reminder of one course to one learner, and queues its mail with it.

    `learner` is a `Learner`, or another `Member` who never started: the mail says where to carry
    on. `line` is what the trainer adds in their own words; "": nothing.

    Raises:
        OnOneself: the trainer is the learner.
        NotNeeded: the course is completed.
        CourseRetired: it is retired.
        SwitchedOff: the learner wants no reminders.
        TooSoon: one about it went out less than three days ago.
    """
    # The button was on a page that may have been open for days.
    forbid_oneself(trainer.pk, learner.user_id)
    if learner.is_completed:
        raise NotNeeded(f"{learner.name} has completed this course, so nothing was sent.")
    assignment = learner.assignment
    if assignment.course.retired_at:
        raise CourseRetired(
            "This course is not offered any more, so no reminder of it is sent. Speak to them."
        )
    reason = _reason(learner)
    with transaction.atomic():
        # Locked, so that of two trainers at once only one sends.
        person = User.objects.select_for_update(no_key=True).get(pk=learner.user_id)
        _check_may_remind(person, learner, now)
        nudge = Nudge.objects.create(
            cohort=assignment.cohort,
            course=assignment.course,
            user=person,
            sent_by=trainer,
            reason=reason,
            sent_at=now,
            mail_key=uuid.uuid4(),
        )
        details = {"reason": reason, "cohort": str(assignment.cohort.key)}
        AuditEvent.objects.create(
            actor=trainer, subject=person, action="send_nudge", details=details, at=now
        )
        context = _context(person, learner) | {"trainer": trainer, "line": line}
        subject = f"A reminder from {trainer}: {title_of(assignment)}"
        send_text(
            subject,
            "reminders/nudge.txt",
            context,
            person.email,
            reply_to=trainer.email,
            stop_url=context["stop_url"],
            key=nudge.mail_key,
        )
    return nudge


def _reason(learner: Member) -> str:
    """The name of the most pressing reason, in lower case; "asked" where there is none."""
    if not learner.attention_reasons:
        return "asked"
    return learner.attention_reasons[0].name.lower()


def _check_may_remind(person: User, learner: Member, now: datetime) -> None:
    """Raises SwitchedOff or TooSoon, see `send_nudge`."""
    if not person.wants_reminders:
        raise SwitchedOff(
            f"{learner.name} has switched reminders off, so nothing was sent. "
            "Speak to them instead."
        )
    nudges = Nudge.objects.filter(user=person, course=learner.assignment.course_id)
    last = nudges.filter(sent_at__gt=now - PAUSE).order_by("-pk").first()
    if last:
        raise TooSoon(
            f"{learner.name} had a reminder on {dates.day(last.sent_at)}, so nothing was sent. "
            "You can send the next one three days later."
        )


def _context(person: User, learner: Member) -> dict[str, Any]:
    """What the reminder says: of which course, where to carry on, and how to stop."""
    assignment = learner.assignment
    return {
        "person": person,
        "cohort": assignment.cohort,
        "title": title_of(assignment),
        "due_at": learner.due_at,
        "place": place_of(learner),
        "time_url": time_url(),
        "stop_url": stop_url(person.key, REMINDERS),
    }
