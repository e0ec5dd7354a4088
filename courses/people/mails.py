"""What mails about cohorts say: an invitation to one, and having joined it.

Mails about accounts are in the templates.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from courses.library.queries import content_of
from courses.people.models import Cohort, User
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
    cohort = Cohort.objects.filter(join_code=match.kwargs["code"]).first()
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
    first = cohort.assignments.exclude(course__edition=None).order_by("course__position").first()
    page = reverse("courses:course", args=[first.course.key]) if first else reverse("home")
    context = {
        "person": user,
        "cohort": cohort,
        "trainers": _names(cohort),
        "assignments": _titles_and_dates(cohort),
        "url": settings.SITE_URL + page,
        "seen_url": settings.SITE_URL + reverse("courses:seen-by-trainer"),
    }
    send_text(f"You have joined {cohort.name}", "people/joined.txt", context, user.email)
