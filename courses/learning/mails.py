"""The mails of learning: a request to trainers, and a completed course to its learner.

They are rows of the transaction in which they are called: where it fails, none is sent.
"""

from django.conf import settings
from django.urls import reverse

from courses.assessment.models import AccommodationRequest
from courses.library import content
from courses.people.models import Cohort, User
from courses.web.mail.outbox import send_text


def mail_request(
    request: AccommodationRequest, trainer: User, cohort: Cohort, course_key: str, title: str
) -> None:
    """The learner's reason is left out: it may say more than should lie in a mailbox."""
    address = [cohort.key, course_key, request.user.key]
    page = reverse("courses:learner", args=address)
    context = {
        "request": request,
        "person": trainer,
        "learner": request.user,
        "cohort": cohort,
        "title": title,
        "url": f"{settings.SITE_URL}{page}#request-{request.key}",
    }
    subject = f"{request.user.name} asks for {request.get_kind_display()}: {title}"
    send_text(subject, "learning/asked_for_more.txt", context, trainer.email)


def mail_completed(learner: User, course: content.Course) -> None:
    """Leads to the certificate, which has been issued."""
    page = reverse("courses:claim-certificate", args=[course.key])
    context = {
        "person": learner,
        "title": course.title,
        "url": settings.SITE_URL + page,
    }
    subject = f"Completed: {course.title}"
    send_text(subject, "learning/completed.txt", context, learner.email)
