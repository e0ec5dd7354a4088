"""A cohort's link and an invitation by e-mail: who invites to what, and what a trainer sees."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.learning.arrivals import start_course
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import catalogue
from courses.organisations.joining import accept_invitation, join_by_code, why_ended
from courses.organisations.models import Invitation, JoinRequest
from courses.organisations.queries import shown_logo
from courses.people.forms import JoinForm
from courses.people.join_codes import cohort_of_code
from courses.people.models import Cohort, CohortMembership, User
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.rate_limits import RateLimited, address_of


@dataclass(frozen=True)
class InvitedCourse:
    """A course of the cohort. `minutes` are those of an average lesson; `due_at` may be None."""

    course: content.Course
    minutes: int
    due_at: datetime | None


@require_http_methods(["GET", "HEAD", "POST"])
def join_cohort(request: HttpRequest, code: str) -> HttpResponseBase:
    """GET: the invitation, for visitors too. POST: joins, and starts the course if so asked."""
    if request.method == "POST":
        return _join(request, code=code)
    return _invitation(request, code)


def _invitation(request: HttpRequest, code: str) -> HttpResponse:
    found = _cohort_or_refusal(request, code)
    if isinstance(found, HttpResponse):
        return found
    return _render_invitation(request, found)


def _render_invitation(request: HttpRequest, cohort: Cohort, refusal: str = "") -> HttpResponse:
    """The page of a cohort's link; with `refusal`, why the press did not let the person in."""
    context: dict[str, object] = {
        "cohort": cohort,
        "trainers": list(cohort.trainers.order_by("name")),
        "courses": _invited_courses(cohort),
        "on_approval": cohort.joining == Cohort.Joining.APPROVAL,
        "logo": shown_logo(cohort.organisation),
        "refusal": refusal,
    }
    if request.user.is_authenticated:
        own_cohorts = Cohort.objects.joined_by(request.user)
        requests = JoinRequest.objects.filter(user=request.user, cohort=cohort, decided_at=None)
        context["is_in"] = own_cohorts.filter(pk=cohort.pk).exists()
        context["asked"] = requests.first()
        context["starts"] = _course_to_start(request.user, cohort) is not None
    status = 400 if refusal else 200
    return render(request, "learning/invitation.html", context, status=status)


@signed_in("courses:join-cohort", "code")
def _join(request: SignedInRequest, code: str) -> HttpResponse:
    found = _cohort_or_refusal(request, code)
    if isinstance(found, HttpResponse):
        return found
    try:
        joined = join_by_code(request.user, found, timezone.now())
    except Refused as refusal:
        return _render_invitation(request, found, str(refusal))
    if not isinstance(joined, CohortMembership):
        return redirect("courses:join-cohort", code)
    return _arrive(request, found)


def _arrive(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """On to the first step of the cohort's course, if the press asked for it, else home."""
    messages.success(request, f"You have joined {cohort.name}.")
    course = _course_to_start(request.user, cohort) if "start" in request.POST else None
    if course:
        return redirect(start_course(request.user, course, timezone.now()))
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation: uuid.UUID) -> HttpResponseBase:
    """An invitation by e-mail. GET: what it is to, for visitors too. POST: accepts it.

    Its key is in no other place than the mail, so who knows it may read it.
    """
    rows = Invitation.objects.select_related("organisation", "cohort__organisation", "invited_by")
    row = get_object_or_404(rows, key=invitation)
    if request.method == "POST":
        return _accept(request, invitation=invitation, row=row)
    return _render_invited(request, row)


@signed_in("courses:invitation", "invitation")
def _accept(request: SignedInRequest, invitation: uuid.UUID, row: Invitation) -> HttpResponse:
    try:
        accepted = accept_invitation(request.user, row, timezone.now())
    except Refused as refusal:
        return _render_invited(request, row, str(refusal))
    if accepted.cohort and accepted.role == "learner":
        return _arrive(request, accepted.cohort)
    messages.success(request, f"You are now in {accepted.organisation.shown_name}.")
    if accepted.role == "learner":
        return redirect("home")
    return redirect("courses:organisation", accepted.organisation.slug)


def _render_invited(request: HttpRequest, row: Invitation, refusal: str = "") -> HttpResponse:
    """The page of an invitation; one that has ended says why and what to do, with nothing else."""
    is_own = request.user.is_authenticated and row.accepted_by_id == request.user.pk
    ended = None if is_own else why_ended(row, timezone.now())
    context: dict[str, object] = {
        "invitation": row,
        "organisation": row.organisation,
        "cohort": row.cohort,
        "is_learner": row.role == "learner",
        "is_in": is_own,
        "ended": ended,
        "refusal": "" if ended else refusal,
        "logo": shown_logo(row.organisation),
        "courses": _invited_courses(row.cohort) if row.cohort else [],
    }
    if request.user.is_authenticated and row.cohort:
        context["starts"] = _course_to_start(request.user, row.cohort) is not None
    if refusal:
        return render(request, "learning/invited.html", context, status=400)
    return render(request, "learning/invited.html", context)


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
