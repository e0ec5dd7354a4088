"""Sending reminders: by a trainer's hand, at most one in a few days, and before a due date.

Who needs one is in `dashboards`, and where a reminder leads to in `places`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.assessment.actions import Refused
from courses.dashboards.attention import REMINDER_PAUSE as PAUSE
from courses.dashboards.queries import Learner, learners_on, title_of
from courses.people.audit import AuditEvent
from courses.people.models import Assignment, User
from courses.people.permissions import forbid_oneself
from courses.reminders.models import DueReminder, Nudge
from courses.reminders.places import place_of
from courses.web import dates
from courses.web.mail.outbox import send_text

DUE_SOON = timedelta(days=3)  # before a due date, when its reminder goes out
STOP_PAGE = "#reminders"  # the part of the details page that switches reminders off


class TooSoon(Refused):
    """The learner had a reminder of this course within the last days."""


class NotNeeded(Refused):
    """The learner has completed the course in the meantime."""


class SwitchedOff(Refused):
    """The learner has switched reminders off."""


def send_nudge(trainer: User, learner: Learner, now: datetime, line: str = "") -> Nudge:
    """Records a kind reminder of one course to one learner, and queues its mail with it.

    `line` is what the trainer adds in their own words; "": nothing.

    Raises:
        OnOneself: the trainer is the learner.
        NotNeeded: the course is completed.
        SwitchedOff: the learner wants no reminders.
        TooSoon: one about it went out less than three days ago.
    """
    # The button was on a page that may have been open for days.
    forbid_oneself(trainer.pk, learner.user_id)
    if learner.is_completed:
        raise NotNeeded(f"{learner.name} has completed this course, so nothing was sent.")
    assignment = learner.assignment
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
        )
        AuditEvent.objects.create(
            actor=trainer, subject=person, action="send_nudge", details={"reason": reason}, at=now
        )
        context = _context(person, learner) | {"trainer": trainer, "line": line}
        subject = f"A reminder from {trainer}: {title_of(assignment)}"
        send_text(subject, "reminders/nudge.txt", context, person.email, reply_to=trainer.email)
    return nudge


def _reason(learner: Learner) -> str:
    """The name of the most pressing reason, in lower case; "asked" where there is none."""
    if not learner.attention_reasons:
        return "asked"
    return learner.attention_reasons[0].name.lower()


def _check_may_remind(person: User, learner: Learner, now: datetime) -> None:
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


def _context(person: User, learner: Learner) -> dict[str, object]:
    """What every reminder says: of which course, where to carry on, and how to stop."""
    assignment = learner.assignment
    return {
        "person": person,
        "cohort": assignment.cohort,
        "title": title_of(assignment),
        "due_at": assignment.due_at,
        "place": place_of(learner),
        "stop_url": settings.SITE_URL + reverse("courses:details") + STOP_PAGE,
    }


@dataclass(frozen=True)
class DueReminders:
    """What one run did: how many were sent, and how many were not, as they had been before."""

    sent: int
    not_sent: int


def send_due_reminders(now: datetime) -> DueReminders:
    """Reminds everyone of a course that is due within three days and that they have not completed.

    Each person once for each assignment, whatever the number of runs and copies; nobody who has
    switched reminders off.
    """
    due_soon = Assignment.objects.filter(due_at__gt=now, due_at__lte=now + DUE_SOON)
    assignments = list(due_soon.select_related("cohort__organisation", "course"))
    sent = not_sent = 0
    for learner in learners_on(assignments, now):
        if learner.is_completed or not learner.wants_reminders:
            continue
        if _send_due_reminder(learner, now):
            sent += 1
        else:
            not_sent += 1
    return DueReminders(sent, not_sent)


def _send_due_reminder(learner: Learner, now: datetime) -> bool:
    """Sends one reminder of a due date; False: it was sent before, or the account is closed."""
    person = User.objects.get(pk=learner.user_id)
    if not person.is_active:
        return False
    assignment = learner.assignment
    try:
        with transaction.atomic():
            # The constraint `one_reminder_of_a_due_date` settles two copies at once; the mail is a
            # row of the same transaction.
            DueReminder.objects.create(assignment=assignment, user=person, sent_at=now)
            trainers = [str(trainer) for trainer in assignment.cohort.trainers.order_by("pk")]
            context = _context(person, learner) | {"trainers": " or ".join(trainers)}
            assert assignment.due_at, "assignments without a due date were left out"
            subject = f"{title_of(assignment)} is due on {dates.day(assignment.due_at)}"
            send_text(subject, "reminders/due.txt", context, person.email)
    except IntegrityError:
        return False
    return True
