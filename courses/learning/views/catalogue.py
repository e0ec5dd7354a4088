"""Home, the catalogue, a course and its sources. Lessons and quizzes have files of their own."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment.scoring import right_items_needed
from courses.learning.arrivals import start_address, start_course
from courses.learning.completion import progress
from courses.learning.course_state import CourseState, course_state
from courses.learning.models import Enrolment
from courses.learning.queries import EnrolmentProgress, enrolment_progress_on, sources_of
from courses.learning.views.home import Offers, home_of
from courses.library import content
from courses.library.models import Course
from courses.library.queries import CatalogueEntry
from courses.library.queries import catalogue as catalogue_entries
from courses.practice.queries import first_scene
from courses.practice.trial import begin_trial
from courses.signoffs.queries import review_statuses_on
from courses.signoffs.review_status import ReviewStatus, status_of

REVIEWS = (
    ("antenatal", "Antenatal review", "after 28 weeks of pregnancy"),
    ("new-birth", "New birth review", "1 day to 2 weeks"),
    ("6-8-weeks", "6 to 8-week review", "6 to 8 weeks"),
    ("12-months", "12-month review", "9 to 15 months"),
    ("2-years", "2 to 2½-year review", "24 to 30 months"),
)
"""The reviews that must be offered in England since February 2026: key, name, when.

Source: fact sheet A33.
"""


@require_safe
def home(request: HttpRequest, offers: Offers) -> HttpResponse:
    """For a visitor, what this is; for everybody else, their own work."""
    if not request.user.is_authenticated:
        return _welcome(request)
    return home_of(request, offers)


def _welcome(request: HttpRequest) -> HttpResponse:
    first = first_scene()
    trial = begin_trial(first) if first else None
    context = {"entries": catalogue_entries(), "trial": trial}
    return render(request, "learning/welcome.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    context = {"entries": catalogue_entries(), "begun": _begun_courses(request)}
    return render(request, "learning/catalogue.html", context)


def _begun_courses(request: HttpRequest) -> set[int]:
    """Ids of the courses that the visitor has begun; none for who is signed out."""
    if not request.user.is_authenticated:
        return set()
    own = Enrolment.objects.held_by(request.user)
    return set(own.values_list("course_id", flat=True))


class ViewedCourse(NamedTuple):
    """A course as this visitor sees it: the edition they are pinned to, else the newest one.

    `enrolment_progress` is None for visitors who are not enrolled.
    """

    content: content.Course
    review_statuses: dict[str, ReviewStatus]
    enrolment_progress: EnrolmentProgress | None
    newest_number: int = 0

    @property
    def number(self) -> int:
        """The number of the edition; one SQL query where it is the learner's own."""
        if self.enrolment_progress:
            return self.enrolment_progress.enrolment.edition.number
        return self.newest_number


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """What is done, what is next, what is left, and the rule; for others what the course is."""
    viewed = _viewed_course(request, course)
    edition = viewed.content
    enrolment_progress = viewed.enrolment_progress
    # Somebody who is not enrolled sees the same list, with nothing done.
    shown = enrolment_progress.progress if enrolment_progress else progress(edition, {}, set())
    context = {
        "course": edition,
        "enrolment_progress": enrolment_progress,
        "progress": shown,
        "finals": [_final_rule(edition, quiz) for quiz in edition.finals],
        "pretest": edition.pretest,
        "pretested": _has_taken_pretest(enrolment_progress, edition),
        "status": status_of(viewed.review_statuses.values()),
        "state": _state_of(enrolment_progress),
    }
    return render(request, "learning/course.html", context)


def _state_of(enrolment_progress: EnrolmentProgress | None) -> CourseState:
    """In the word that the visitor's trainers read. Who has not begun sees only open courses."""
    return course_state(
        enrolment_progress.progress if enrolment_progress else None,
        is_completed=bool(enrolment_progress and enrolment_progress.is_completed),
        is_open=True,
    )


def _final_rule(course: content.Course, quiz: content.Quiz) -> tuple[content.Quiz, int, bool]:
    """A quiz, how many of its items must be right, and whether some are about safety."""
    has_critical = any(item.critical and quiz.key in item.use for item in course.items)
    return quiz, right_items_needed(quiz.draw, quiz.pass_mark), has_critical


def _has_taken_pretest(
    enrolment_progress: EnrolmentProgress | None, course: content.Course
) -> bool:
    if not enrolment_progress or not course.pretest:
        return False
    attempts = enrolment_progress.attempts_at(course.pretest.key)
    return any(attempt.is_scored for attempt in attempts)


def _viewed_course(request: HttpRequest, course: str) -> ViewedCourse:
    own = _own_progress(request, course)
    if own:
        return ViewedCourse(own.content, own.review_statuses, own)
    entry = _catalogue_entry(course)
    if not entry:
        raise Http404
    # Not only lessons have a review status: the handout and the scenes are left out here.
    statuses = review_statuses_on(entry.course_id, entry.edition_id)
    of_lessons = {lesson.key: statuses[lesson.key] for lesson in entry.content.lessons}
    return ViewedCourse(entry.content, of_lessons, None, entry.number)


def _catalogue_entry(course: str) -> CatalogueEntry | None:
    for entry in catalogue_entries():
        if entry.content.key == course:
            return entry
    return None


def _own_progress(request: HttpRequest, course: str) -> EnrolmentProgress | None:
    """How far the visitor is; None when they are signed out or not enrolled on the course."""
    if not request.user.is_authenticated:
        return None
    try:
        return enrolment_progress_on(request.user, course)
    except Enrolment.DoesNotExist:
        return None


@require_POST
def enrol(request: HttpRequest, course: str) -> HttpResponse:
    """Starts the course at its first step; a visitor creates an account or signs in on the way."""
    row = get_object_or_404(Course.objects.published(), key=course)
    if not request.user.is_authenticated:
        query = urlencode({"next": start_address(course)})
        return redirect(f"{reverse('account_signup')}?{query}")
    return redirect(start_course(request.user, row, timezone.now()))


@require_safe
def commissioners(request: HttpRequest) -> HttpResponse:
    """Which lessons prepare for which review of the healthy child programme.

    For those who plan and pay for training.
    """
    courses = [entry.content for entry in catalogue_entries()]
    rows = []
    for key, title, when in REVIEWS:
        lessons = _lessons_for(key, courses)
        minutes = sum(lesson.minutes for _, lesson in lessons)
        rows.append((title, when, lessons, minutes))
    return render(request, "learning/commissioners.html", {"rows": rows, "courses": courses})


def _lessons_for(
    review_key: str, courses: list[content.Course]
) -> list[tuple[content.Course, content.Lesson]]:
    """The lessons that prepare for a review, each with its course."""
    lessons = []
    for course in courses:
        preparing = [lesson for lesson in course.lessons if review_key in lesson.contacts]
        lessons += [(course, lesson) for lesson in preparing]
    return lessons


class CitedIn(NamedTuple):
    """Where a reader of the page of sources came from, and goes back to."""

    lesson: content.Lesson
    step: content.Step


@require_safe
def sources(request: HttpRequest, course: str) -> HttpResponse:
    """Every source id of the edition, what it rests on and where it is used.

    It also lists which lessons still wait for a clinician's review.
    """
    viewed = _viewed_course(request, course)
    lessons = viewed.content.lessons
    context = {
        "course": viewed.content,
        "number": viewed.number,
        "rows": sources_of(viewed.content, timezone.localdate()),
        "lessons": [(lesson, viewed.review_statuses[lesson.key]) for lesson in lessons],
        "status": status_of(viewed.review_statuses.values()),
        "cited_in": _cited_in(viewed.content, request.GET.get("from", "")),
    }
    return render(request, "learning/sources.html", context)


def _cited_in(course: content.Course, place: str) -> CitedIn | None:
    """The step a reader came from, `lesson/step`; None where the course has no such step."""
    lesson_key, _, step_key = place.partition("/")
    lesson = course.lesson(lesson_key)
    position = lesson.position(step_key) if lesson else None
    if not lesson or position is None:
        return None
    return CitedIn(lesson, lesson.steps[position - 1])
