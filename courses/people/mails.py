"""What mails about cohorts say: an invitation to one, having joined it, and what changed in it.

Mails about accounts are in the templates.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from courses.library.queries import content_of
from courses.people.models import Assignment, Cohort, Extension, User
from courses.web.mail.outbox import send_text

LIKE_AN_ADDRESS = re.compile(r"[/@:]|\w\.\w")


def plain_name(named: object) -> str:
    """The name of a person or a cohort for a mail; "" for one a mail program would make a link.

    Anybody may type it, and the mail may go to somebody else's address. None: "".
    """
    name = str(named) if named else ""
    return "" if LIKE_AN_ADDRESS.search(name) else name


@dataclass(frozen=True)
class Invitation:
    """Who invites to which cohort, and the title of its first course; "" where it has none."""

    trainers: str
    cohort: str
    title: str


def invitation_in(path: str) -> Invitation | None:
    """The invitation that is a path of this site; None: it is none, or its code is wrong."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if match.view_name != "courses:join-cohort":
        return None
    cohort = Cohort.objects.open().filter(join_code=match.kwargs["code"]).first()
    if not cohort:
        return None
    titles = [title for title, _ in _titles_and_dates(cohort)]
    return Invitation(_names(cohort), cohort.name, titles[0] if titles else "")


def _names(cohort: Cohort) -> str:
    trainers = cohort.trainers.order_by("name")
    return " and ".join(str(trainer) for trainer in trainers)


def _titles_and_dates(cohort: Cohort) -> list[tuple[str, datetime | None]]:
    """Title and due date of each published course of the cohort, in the catalogue's order."""
    rows = cohort.assignments.exclude(course__edition=None).select_related("course")
    assignments = []
    for assignment in rows.order_by("course__position"):
        assert assignment.course.edition_id, "courses without an edition were left out"
        content = content_of(assignment.course.edition_id)
        assignments.append((content.title, assignment.due_at))
    return assignments


def mail_joined(user: User, cohort: Cohort) -> None:
    """Says to the learner, and to nobody else, what they joined and what their trainer sees."""
    subject = f"You have joined {cohort.name}"
    send_text(subject, "people/joined.txt", _joined_context(user, cohort), user.email)


def _joined_context(user: User, cohort: Cohort) -> dict[str, object]:
    """Who trains the cohort, what it is given, where to begin, and where the trainer's view is."""
    first = cohort.assignments.exclude(course__edition=None).order_by("course__position").first()
    page = reverse("courses:course", args=[first.course.key]) if first else reverse("home")
    return {
        "person": user,
        "cohort": cohort,
        "trainers": _names(cohort),
        "assignments": _titles_and_dates(cohort),
        "url": settings.SITE_URL + page,
        "seen_url": settings.SITE_URL + reverse("courses:seen-by-trainer"),
    }


def mail_moved(trainer: User, user: User, source: Cohort, target: Cohort) -> None:
    """Says to a learner that they are in another cohort, what it is given and until when."""
    context = _joined_context(user, target) | {"trainer": trainer, "source": source}
    subject = f"You are in {target.name} now"
    send_text(subject, "people/moved.txt", context, user.email, reply_to=trainer.email)


def mail_removed(trainer: User, user: User, cohort: Cohort) -> None:
    """Says to a learner that they are in a cohort no more, and that their learning is theirs."""
    url = settings.SITE_URL + reverse("courses:learning")
    context = {"person": user, "trainer": trainer, "cohort": cohort, "url": url}
    subject = f"You are no longer in {cohort.name}"
    send_text(subject, "people/removed.txt", context, user.email, reply_to=trainer.email)


def mail_trainer_added(trainer: User, user: User, cohort: Cohort) -> None:
    """Says to somebody that they train a cohort now, and where it is."""
    url = settings.SITE_URL + reverse("courses:cohort", args=[cohort.key])
    context = {"person": user, "trainer": trainer, "cohort": cohort, "url": url}
    subject = f"You train {cohort.name} now"
    send_text(subject, "people/trainer_added.txt", context, user.email, reply_to=trainer.email)


def mail_extension(extension: Extension) -> None:
    """Says to a learner until when they have now, and why."""
    trainer = extension.granted_by
    context = _course_context(extension.user, extension.assignment)
    context |= {"trainer": trainer, "extension": extension}
    subject = f"You have more time: {context['title']}"
    send_text(subject, "people/extended.txt", context, extension.user.email, reply_to=trainer.email)


def mail_extension_withdrawn(trainer: User, user: User, assignment: Assignment) -> None:
    """Says to a learner that the date of the cohort counts for them again."""
    context = _course_context(user, assignment) | {"trainer": trainer}
    subject = f"Your due date has changed: {context['title']}"
    template = "people/extension_withdrawn.txt"
    send_text(subject, template, context, user.email, reply_to=trainer.email)


def mail_earlier_date(trainer: User, user: User, assignment: Assignment) -> None:
    """Says to a learner that a course is due earlier than it was."""
    context = _course_context(user, assignment) | {"trainer": trainer}
    subject = f"A new due date: {context['title']}"
    send_text(subject, "people/earlier_date.txt", context, user.email, reply_to=trainer.email)


def _course_context(user: User, assignment: Assignment) -> dict[str, object]:
    course = assignment.course
    # A course that is not published can still have a date; it has no title yet.
    title = content_of(course.edition_id).title if course.edition_id else course.key
    return {
        "person": user,
        "cohort": assignment.cohort,
        "assignment": assignment,
        "title": title,
        "url": settings.SITE_URL + reverse("courses:course", args=[course.key]),
    }
