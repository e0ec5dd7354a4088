"""Sending reminders: checked again at the moment of sending, capped, and recorded with why."""

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
from courses.web.outbox import send_text

PAUSE = timedelta(days=3)  # between two nudges to one person about one course, whoever sends them


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
    forbid_oneself(trainer.pk, learner.user_id)
    if learner.is_completed:
        raise NotNeeded(f"{learner.name} has completed this course, so nothing was sent.")
    assignment = learner.assignment
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=learner.user_id)
        earlier = Nudge.objects.filter(
            user=person, course=assignment.course_id, sent_at__gt=now - PAUSE
        )
        if last := earlier.order_by("-pk").first():
            raise TooSoon(
                f"{learner.name} had a nudge on {dates.day(last.sent_at)}. "
                "You can send the next one three days later."
            )
        reason = learner.needs[0].name.lower() if learner.needs else "asked"
        fields = {
            "cohort": assignment.cohort,
            "course": assignment.course,
            "sent_by": trainer,
            "reason": reason,
        }
        nudge = Nudge.objects.create(user=person, sent_at=now, **fields)
        AuditEvent.objects.create(
            actor=trainer, subject=person, action="send_nudge", details={"reason": reason}, at=now
        )
        _mail(trainer, person, learner)
    return nudge


def _mail(trainer: User, person: User, learner: Learner) -> None:
    course = learner.assignment.course
    context = {
        "person": person,
        "trainer": trainer,
        "learner": learner,
        "cohort": learner.assignment.cohort,
        "title": title_of(learner.assignment),
        "due_at": learner.assignment.due_at,
        "url": settings.SITE_URL + reverse("courses:course", args=[course.key]),
        "leave_url": settings.SITE_URL + reverse("courses:seen-by-trainer"),
    }
    subject = f"A reminder from {trainer.name}: {context['title']}"
    send_text(subject, "reminders/nudge.txt", context, person.email)
