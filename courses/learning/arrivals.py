"""Where people arrive who start a course: at its first step, also by way of signing up or in."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson
from courses.learning.queries import enrolment_progress_on
from courses.library.models import Course
from courses.organisations.mails import invitation_in
from courses.people.backends import AccountAdapter as PeopleAdapter
from courses.people.backends import local_next
from courses.people.models import User

START = "start"  # query string of a course's page: the course is started once one is signed in


class AccountAdapter(PeopleAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Names the invitation by e-mail, too, that the person came with."""
        invitation = invitation_in(local_next(self.request))
        own = {"invitation": invitation} if invitation else {}
        super().send_mail(template_prefix, email, own | context)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Starts the course that the person wanted to start when they were asked to sign in."""
        response = super().post_login(request, user, **kwargs)
        course = _course_to_start(response["Location"])
        # Only after a press: a course is not started by loading a page.
        if course and request.method == "POST":
            response["Location"] = start_course(user, course, timezone.now())
        return response


def start_address(course: str) -> str:
    """The page of a course, marked so that arriving there after signing in starts the course."""
    return f"{reverse('courses:course', args=[course])}?{START}"


def _course_to_start(url: str) -> Course | None:
    """The course of a `start_address`; None for any other URL."""
    parts = urlsplit(url)
    if parts.query != START:
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.view_name != "courses:course":
        return None
    return Course.objects.published().filter(key=match.kwargs["course"]).first()


def start_course(user: User, course: Course, now: datetime) -> str:
    """Enrols the person and begins the next lesson; returns the path of its step.

    Who has started before carries on where they were. A lesson that asks for care begins on its
    first page, which says so; a course with no lesson left leads to its own page.
    """
    enrolment = enrol(user, course, now)
    following = enrolment_progress_on(user, course.key).progress.next_lesson
    if not following:
        return reverse("courses:course", args=[course.key])
    lesson = following.lesson
    if following.is_started or lesson.care:
        return reverse("courses:lesson", args=[course.key, lesson.key])
    begin_lesson(enrolment, lesson, now)
    return reverse("courses:step", args=[course.key, lesson.key, lesson.steps[0].key])
