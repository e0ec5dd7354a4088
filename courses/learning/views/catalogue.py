"""Home, the catalogue, a course and its sources. Lessons and quizzes have files of their own."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment.scoring import needed_marks, shown_marks
from courses.learning import actions
from courses.learning.completion import progress
from courses.learning.models import Enrolment
from courses.learning.queries import (
    EnrolmentProgress,
    enrolment_progress_of,
    enrolment_progress_on,
    sources_of,
)
from courses.library.content import Course as Content
from courses.library.models import Course
from courses.library.queries import CatalogueEntry
from courses.library.queries import catalogue as listed_courses
from courses.people.queries import nearest_due
from courses.practice.queries import drawing_of, first_scene
from courses.signoffs.queries import review_statuses_on
from courses.signoffs.review_status import ReviewStatus, status_of
from courses.web.access import SignedInRequest, signed_in

REVIEWS = (
    ("antenatal", "Antenatal review", "after 28 weeks of pregnancy"),
    ("new-birth", "New birth review", "1 day to 2 weeks"),
    ("6-8-weeks", "6 to 8-week review", "6 to 8 weeks"),
    ("12-months", "12-month review", "9 to 15 months"),
    ("2-years", "2 to 2½-year review", "24 to 30 months"),
)
"""The reviews that must be offered in England since February 2026: key, name, when (fact sheet A33)."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For a visitor, what this is; for a learner, what to do next."""
    if not request.user.is_authenticated:
        return _welcome(request)
    standings = enrolment_progress_of(request.user)
    begun = {standing.enrolment.course_id for standing in standings}
    due = nearest_due(request.user)
    listed = listed_courses()
    context = {
        "going": [
            (one, due.get(one.enrolment.course_id)) for one in standings if not one.is_completed
        ],
        "completed": [one for one in standings if one.is_completed],
        "waiting": [
            (one, due[one.course_id])
            for one in listed
            if one.course_id in due and one.course_id not in begun
        ],
        "others": [
            one for one in listed if one.course_id not in due and one.course_id not in begun
        ],
        "now": timezone.now(),
    }
    return render(request, "learning/home.html", context)


def _welcome(request: HttpRequest) -> HttpResponse:
    scene = first_scene()
    context = {
        "listed": listed_courses(),
        "scene": scene,
        "drawing": drawing_of(scene) if scene else "",
    }
    return render(request, "learning/welcome.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "learning/catalogue.html", {"listed": listed_courses()})


class Seen(NamedTuple):
    """The edition of a course somebody looks at: their own where they are on it, else the newest."""

    content: Content
    review_statuses: dict[str, ReviewStatus]
    standing: EnrolmentProgress | None
    listed: CatalogueEntry | None = None

    @property
    def number(self) -> int:
        """The number of the edition, in one query where it is their own."""
        return self.listed.number if self.listed else self.standing.enrolment.edition.number  # type: ignore[union-attr]


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """What is done, what is next, what is left, and the rule; for others what the course is."""
    seen = _seen(request, course)
    standing, pretest = seen.standing, seen.content.pretest
    finals = [
        (quiz, shown_marks(needed_marks(quiz.draw, quiz.pass_mark))) for quiz in seen.content.finals
    ]
    context = {
        "course": seen.content,
        "standing": standing,
        "progress": standing.progress if standing else progress(seen.content, {}, set()),
        "finals": finals,
        "pretest": pretest,
        "pretested": standing
        and pretest
        and any(one.is_scored for one in standing.attempts_at(pretest.key)),
        "status": status_of(seen.review_statuses.values()),
    }
    return render(request, "learning/course.html", context)


def _seen(request: HttpRequest, course: str) -> Seen:
    if standing := _own_standing(request, course):
        return Seen(standing.content, standing.review_statuses, standing)
    listed = _listed(course)
    if not listed:
        raise Http404
    review_statuses = review_statuses_on(listed.course_id, listed.edition_id)
    return Seen(
        listed.content,
        {one.key: review_statuses[one.key] for one in listed.content.lessons},
        None,
        listed,
    )


def _listed(course: str) -> CatalogueEntry | None:
    return next((one for one in listed_courses() if one.content.key == course), None)


def _own_standing(request: HttpRequest, course: str) -> EnrolmentProgress | None:
    """The visitor's own standing, None when they are signed out or not on the course."""
    if not request.user.is_authenticated:
        return None
    try:
        return enrolment_progress_on(request.user, course)
    except Enrolment.DoesNotExist:
        return None


@require_POST
@signed_in("courses:course", "course")
def enrol(request: SignedInRequest, course: str) -> HttpResponse:
    """Starts the course and opens its first lesson."""
    row = get_object_or_404(Course.objects.published(), key=course)
    enrolment = actions.enrol(request.user, row, timezone.now())
    standing = enrolment_progress_on(request.user, course)
    following = standing.progress.next_lesson
    if not following:
        return redirect("courses:course", course)
    if enrolment.completed_at is None and not following.is_started:
        messages.success(
            request, "You have started this course. Everything you do is kept as you go."
        )
    return redirect("courses:lesson", course, following.lesson.key)


@require_safe
def commissioners(request: HttpRequest) -> HttpResponse:
    """Which lessons prepare for which review of the healthy child programme, for who plans and pays."""
    courses = [listed.content for listed in listed_courses()]
    rows = []
    for key, title, when in REVIEWS:
        pairs = [
            (course, lesson)
            for course in courses
            for lesson in course.lessons
            if key in lesson.contacts
        ]
        rows.append((title, when, pairs, sum(lesson.minutes for _, lesson in pairs)))
    return render(request, "learning/commissioners.html", {"rows": rows, "courses": courses})


@require_safe
def sources(request: HttpRequest, course: str) -> HttpResponse:
    """Every source id of the edition, what it rests on, where it is used; and which lessons await a clinician."""
    seen = _seen(request, course)
    context = {
        "course": seen.content,
        "number": seen.number,
        "rows": sources_of(seen.content, timezone.localdate()),
        "lessons": [(lesson, seen.review_statuses[lesson.key]) for lesson in seen.content.lessons],
        "status": status_of(seen.review_statuses.values()),
    }
    return render(request, "learning/sources.html", context)
