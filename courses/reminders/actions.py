"""Sending reminders by hand: at most one in a few days, recorded with its reason.

Who needs one is in `dashboards`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.assessment.actions import Refused
from courses.dashboards.queries import Learner, title_of
from courses.people.audit import AuditEvent
from courses.people.models import User
from courses.people.permissions import forbid_oneself
from courses.reminders.models import Nudge
from courses.web import dates
from courses.web.mail.outbox import send_text

PAUSE = timedelta(days=3)  # between two nudges to one person about one course, from any trainer


class TooSoon(Refused):
    """The learner had a nudge about this course within the last days."""


class NotNeeded(Refused):
    """The learner has completed the course in the meantime."""


def send_nudge(trainer: User, learner: Learner, now: datetime) -> Nudge:
    """Records a kind reminder of one course to one learner, and queues its mail with it.

    Raises:
        OnOneself: the trainer is the learner.
        NotNeeded: the course is completed.
        TooSoon: a nudge about it went out less than three days ago.
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
        _check_pause(person, learner, now)
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
        _mail(trainer, person, learner)
    return nudge


def _reason(learner: Learner) -> str:
    """The name of the most pressing reason, in lower case; "asked" where there is none."""
    if not learner.attention_reasons:
        return "asked"
    return learner.attention_reasons[0].name.lower()


def _check_pause(person: User, learner: Learner, now: datetime) -> None:
    """Raises TooSoon where the person had a nudge about the course within PAUSE."""
    nudges = Nudge.objects.filter(user=person, course=learner.assignment.course_id)
    last = nudges.filter(sent_at__gt=now - PAUSE).order_by("-pk").first()
    if last:
        raise TooSoon(
            f"{learner.name} had a nudge on {dates.day(last.sent_at)}. "
            "You can send the next one three days later."
        )


def _mail(trainer: User, person: User, learner: Learner) -> None:
    assignment = learner.assignment
    title = title_of(assignment)
    context = {
        "person": person,
        "trainer": trainer,
        "learner": learner,
        "cohort": assignment.cohort,
        "title": title,
        "due_at": assignment.due_at,
        "url": settings.SITE_URL + reverse("courses:course", args=[assignment.course.key]),
        "leave_url": settings.SITE_URL + reverse("courses:seen-by-trainer"),
    }
    subject = f"A reminder from {trainer.name}: {title}"
    send_text(subject, "reminders/nudge.txt", context, person.email)
