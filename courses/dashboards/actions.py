"""The mail that tells a learner of the answer to their request for an accommodation.

What is granted, and how, is in `assessment.accommodations`.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from courses.assessment.models import AccommodationRequest
from courses.dashboards.queries import Learner, newest_content
from courses.web.mail.outbox import send_text

P = ParamSpec("P")
R = TypeVar("R")


def mailing_answers(learner: Learner, action: Callable[P, R]) -> Callable[P, R]:
    """The same action, with a mail to the learner for each of their requests that it answers.

    Action and mails are one transaction. The requests are locked first, so that of two answers at
    once only the one that counts is mailed. It takes, returns and raises what the action does.
    """

    @transaction.atomic
    def action_with_mails(*args: P.args, **kwargs: P.kwargs) -> R:
        requests = AccommodationRequest.objects.filter(
            user=learner.user_id, course=learner.assignment.course_id
        )
        pending = [request.pk for request in requests.pending().select_for_update()]
        result = action(*args, **kwargs)
        answered = requests.filter(pk__in=pending).exclude(decided_at=None)
        for request in answered.select_related("user", "decided_by").order_by("asked_at"):
            _mail_answer(learner, request)
        return result

    return action_with_mails


def _mail_answer(learner: Learner, request: AccommodationRequest) -> None:
    """A reason for the record is left out; the answer that was written for the learner is in it."""
    course = newest_content(learner.assignment)
    quiz = course.quiz(request.quiz_key)
    context = {
        "request": request,
        "person": request.user,
        # An edition since the request may have dropped the quiz.
        "title": f"{quiz.title}, {course.title}" if quiz else course.title,
        "url": settings.SITE_URL + reverse("courses:quiz", args=[course.key, request.quiz_key]),
    }
    outcome = "granted" if request.granted else "declined"
    subject = f"{request.decided_by} has {outcome} your request: {course.title}"
    trainer = request.decided_by
    reply_to = trainer.email if trainer else ""
    send_text(subject, "dashboards/request_answered.txt", context, request.user.email, reply_to)
