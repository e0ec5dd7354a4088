"""The mail to somebody who has joined a cohort. Mails about accounts are in the templates."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from courses.library.queries import content_of
from courses.people.models import Cohort, User
from courses.web.mail.outbox import send_text


def mail_joined(user: User, cohort: Cohort) -> None:
    """Says to the learner, and to nobody else, what they joined and what their trainer sees."""
    assignments: list[tuple[str, datetime | None]] = []
    url = reverse("home")
    for assignment in cohort.assignments.select_related("course").order_by("course__position"):
        if not assignment.course.edition_id:
            continue
        content = content_of(assignment.course.edition_id)
        if not assignments:
            url = reverse("courses:course", args=[content.key])
        assignments.append((content.title, assignment.due_at))
    trainers = [str(trainer) for trainer in cohort.trainers.order_by("pk")]
    context = {
        "person": user,
        "cohort": cohort,
        "trainers": " and ".join(trainers),
        "assignments": assignments,
        "url": settings.SITE_URL + url,
        "seen_url": settings.SITE_URL + reverse("courses:seen-by-trainer"),
    }
    send_text(f"You have joined {cohort.name}", "people/joined.txt", context, user.email)
