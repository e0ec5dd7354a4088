"""Pages about people and groups: joining a cohort, starting one, one's own details, and what is kept of whom."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.library.models import Course
from courses.library.queries import catalogue
from courses.people import actions
from courses.people.forms import CohortForm, DetailsForm, DueForm, JoinForm
from courses.people.limits import check_join_code, count_wrong_join_code
from courses.people.models import Cohort, Organisation
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.rate_limits import RateLimited, address_of

FORM = ["GET", "HEAD", "POST"]


def _titles() -> dict[str, str]:
    return {listed.content.key: listed.content.title for listed in catalogue()}


def _too_many(request: HttpRequest, refusal: RateLimited) -> HttpResponse:
    context = {"too_many": True, "wait": refusal.in_words}
    return render(request, "people/join.html", context, status=429)


def _cohort_of(request: SignedInRequest, form: JoinForm) -> Cohort | None:
    """The cohort with the code in the form; None for a wrong code, which is counted.

    Raises:
        RateLimited: this account, or its address, had too many wrong codes.
    """
    account, address, now = str(request.user.pk), address_of(request), timezone.now()
    check_join_code(account, address, now)
    if form.is_valid():
        cohort: Cohort = form.cleaned_data["code"]
        return cohort
    if form.data.get("code", "").strip():  # an empty box is no guess
        count_wrong_join_code(account, address, now)
    return None


@require_http_methods(FORM)
@signed_in("courses:join")
def join(request: SignedInRequest) -> HttpResponse:
    """A box for the code; a right one goes on to the page that says what joining means."""
    form = JoinForm(request.POST or None)
    if request.method == "POST":
        try:
            cohort = _cohort_of(request, form)
        except RateLimited as refusal:
            return _too_many(request, refusal)
        if cohort:
            return redirect("courses:join-cohort", cohort.join_code)
    return render(request, "people/join.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(FORM)
@signed_in("courses:join-cohort", "code")
def join_cohort(request: SignedInRequest, code: str) -> HttpResponse:
    """What joining means and who will see what; joining itself is a press."""
    form = JoinForm({"code": code})
    try:
        cohort = _cohort_of(request, form)
    except RateLimited as refusal:
        return _too_many(request, refusal)
    if not cohort:
        return render(request, "people/join.html", {"form": form}, status=404)
    if request.method == "POST":
        actions.join_cohort(request.user, cohort, timezone.now())
        messages.success(request, f"You have joined {cohort.name}.")
        return redirect("home")
    given = cohort.assignments.select_related("course")
    titles = _titles()
    context = {
        "cohort": cohort,
        "trainers": cohort.trainers.all(),
        "assignments": [(titles.get(one.course.key, one.course.key), one.due_at) for one in given],
        "is_in": cohort.cohort_memberships.current().filter(user=request.user).exists(),
    }
    return render(request, "people/join_cohort.html", context)


@require_POST
@signed_in("courses:seen-by-trainer")
def leave_cohort(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    mine = get_object_or_404(Cohort.objects.joined_by(request.user), key=cohort)
    actions.leave_cohort(request.user, mine, timezone.now())
    messages.success(
        request,
        f"You have left {mine.name}. What you learnt stays yours; its trainers no longer see it.",
    )
    return redirect("courses:seen-by-trainer")


@require_http_methods(FORM)
@signed_in("courses:new-cohort")
def new_cohort(request: SignedInRequest) -> HttpResponse:
    """A trainer's first cohort, or the next one; for who may start none, whom to ask."""
    if not request.user.may_start_cohorts:
        context = {
            "rule": settings.COHORTS_STARTED_BY,
            "own": Organisation.objects.run_by(request.user),
        }
        return render(
            request,
            "people/new_cohort.html",
            context,
            status=403 if request.method == "POST" else 200,
        )
    form = CohortForm(request.POST or None, trainer=request.user, titles=_titles())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        organisation = data.get("organisation") or data["organisation_name"]
        what = (data["name"], data["course"], data["due_on"])
        try:
            cohort = actions.start_own_cohort(request.user, organisation, *what, timezone.now())
        except actions.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{cohort.name} is ready. Send its link to your learners.")
            return redirect("courses:cohort", cohort.key)
    return render(
        request, "people/new_cohort.html", {"form": form}, status=400 if form.errors else 200
    )


@require_POST
@signed_in("courses:cohort", "cohort")
def assign_course(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """Gives a course to a cohort, or changes its due date."""
    mine = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    course = get_object_or_404(
        Course.objects.published(), key=request.POST.get("course", "").replace("\x00", "?")[:60]
    )
    form = DueForm(request.POST)
    if form.is_valid():
        actions.assign_course(
            request.user, mine, course, form.cleaned_data["due_on"], timezone.now()
        )
        messages.success(request, "The course and its date are set.")
    else:
        messages.error(
            request, " ".join(str(text) for errors in form.errors.values() for text in errors)
        )
    return redirect("courses:cohort", cohort)


@require_POST
@signed_in("courses:cohort", "cohort")
def renew_join_code(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    mine = get_object_or_404(Cohort.objects.trained_by(request.user), key=cohort)
    actions.renew_join_code(request.user, mine, timezone.now())
    messages.success(request, "There is a new code and link. The old ones no longer work.")
    return redirect("courses:cohort", cohort)


@require_http_methods(FORM)
@signed_in("courses:details")
def details(request: SignedInRequest) -> HttpResponse:
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your details are saved.")
        return redirect("courses:details")
    return render(
        request, "people/details.html", {"form": form}, status=400 if form.errors else 200
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "people/privacy.html", {})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "people/accessibility.html", {})
