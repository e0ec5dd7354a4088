"""Answering what a learner asked for: the mail that goes with an answer. What is granted lives in `assessment`."""

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


def answering(learner: Learner, act: Callable[P, R]) -> Callable[P, R]:
    """The same action, with a mail to the learner for each of their requests that it answers.

    Action and mails are one transaction. The requests are locked first, so that of two answers at
    once only the one that counts is mailed. Whatever the action raises is raised.
    """

    @transaction.atomic
    def act_and_mail(*args: P.args, **kwargs: P.kwargs) -> R:
        requests = AccommodationRequest.objects.filter(
            user=learner.user_id, course=learner.assignment.course_id
        )
        waiting = [row.pk for row in requests.pending().select_for_update()]
        result = act(*args, **kwargs)
        answered = requests.filter(pk__in=waiting).exclude(decided_at=None)
        for row in answered.select_related("user", "decided_by").order_by("asked_at"):
            _mail_answer(learner, row)
        return result

    return act_and_mail


def _mail_answer(learner: Learner, request: AccommodationRequest) -> None:
    """The reason a trainer gives is not in it: it was asked for as a note for the record."""
    course = newest_content(learner.assignment)
    quiz = course.quiz(request.quiz_key)
    context = {
        "request": request,
        "title": f"{quiz.title}, {course.title}" if quiz else course.title,
        "url": settings.SITE_URL + reverse("courses:quiz", args=[course.key, request.quiz_key]),
    }
    subject = f"{request.decided_by} has answered your request: {course.title}"
    send_text(subject, "dashboards/request_answered.txt", context, request.user.email)
