"""An invitation to a cohort: who invites to what, until when, and what the trainer will see."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.learning.arrivals import start_course
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import catalogue
from courses.people import actions
from courses.people.forms import JoinForm
from courses.people.join_codes import cohort_of_code
from courses.people.models import Cohort, User
from courses.web.access import SignedInRequest, signed_in
from courses.web.rate_limits import RateLimited, address_of


@dataclass(frozen=True)
class InvitedCourse:
    """A course of the cohort. `minutes` are those of an average lesson; `due_at` may be None."""

    course: content.Course
    minutes: int
    due_at: datetime | None


@require_http_methods(["GET", "HEAD", "POST"])
def join_cohort(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the invitation, for visitors too. POST: joins, and starts the course if so asked."""
    if request.method == "POST":
        return _join(request, code=code)
    return _invitation(request, code)


def _invitation(request: HttpRequest, code: str) -> HttpResponse:
    found = _cohort_or_refusal(request, code)
    if isinstance(found, HttpResponse):
        return found
    context: dict[str, object] = {
        "cohort": found,
        "trainers": list(found.trainers.order_by("name")),
        "courses": _invited_courses(found),
    }
    if request.user.is_authenticated:
        own_cohorts = Cohort.objects.joined_by(request.user)
        context["is_in"] = own_cohorts.filter(pk=found.pk).exists()
        context["starts"] = _course_to_start(request.user, found) is not None
    return render(request, "learning/invitation.html", context)


@signed_in("courses:join-cohort", "code")
def _join(request: SignedInRequest, code: str) -> HttpResponse:
    found = _cohort_or_refusal(request, code)
    if isinstance(found, HttpResponse):
        return found
    now = timezone.now()
    actions.join_by_link(request.user, found, now)
    messages.success(request, f"You have joined {found.name}.")
    course = _course_to_start(request.user, found) if "start" in request.POST else None
    if course:
        return redirect(start_course(request.user, course, now))
    return redirect("home")


def _cohort_or_refusal(request: HttpRequest, code: str) -> Cohort | HttpResponse:
    """The cohort with this code, or the page that says why there is none."""
    form = JoinForm({"code": code})
    account = str(request.user.pk or "")
    try:
        cohort = cohort_of_code(form, account, address_of(request), timezone.now())
    except RateLimited as refusal:
        context = {"too_many": True, "wait": refusal.in_words}
        return render(request, "people/join.html", context, status=429)
    if not cohort:
        # A mistyped or a renewed link: the page offers the form with the code to correct.
        context = {"form": form, "is_link": True}
        return render(request, "people/join.html", context, status=404)
    return cohort


def _invited_courses(cohort: Cohort) -> list[InvitedCourse]:
    """The courses of the cohort that anyone can start, in the catalogue's order."""
    due = dict(cohort.assignments.values_list("course_id", "due_at"))
    invited = []
    for entry in catalogue():
        if entry.course_id not in due:
            continue
        lessons = entry.content.lessons
        minutes = round(sum(lesson.minutes for lesson in lessons) / max(len(lessons), 1))
        invited.append(InvitedCourse(entry.content, minutes, due[entry.course_id]))
    return invited


def _course_to_start(user: User, cohort: Cohort) -> Course | None:
    """The first course of the cohort that the person has not begun; None: there is none."""
    begun = Enrolment.objects.filter(user=user).values("course")
    given = Course.objects.published().filter(assignments__cohort=cohort)
    return given.exclude(pk__in=begun).first()
