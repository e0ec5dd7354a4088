"""What a trainer does for one learner of a cohort: more time, another cohort, out of this one.

Each has a page that says what it means before it is done.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from courses.dashboards.queries import assignment_of, title_of
from courses.people import cohort_actions
from courses.people.cohort_forms import MoreTimeForm, MoveForm
from courses.people.models import Assignment, Cohort, Extension, User
from courses.people.permissions import Refused
from courses.people.queries import cohorts_to_move_to
from courses.web import dates
from courses.web.access import SignedInRequest, signed_in

FORM_METHODS = ["GET", "HEAD", "POST"]
signed_in_trainer = signed_in("courses:learner", "cohort", "course", "learner")


def _trained_or_404(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> tuple[Assignment, User]:
    """The assignment, and somebody who learns or learnt in its cohort: never the trainer."""
    assignment = assignment_of(Cohort.objects.once_trained_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    learners = assignment.cohort.cohort_memberships.exclude(user=request.user)
    people = User.objects.filter(pk__in=learners.values("user"))
    return assignment, get_object_or_404(people, key=learner)


def _nothing_to_do(
    request: SignedInRequest, assignment: Assignment, user: User
) -> HttpResponse | None:
    """Where to go instead if the cohort is archived or the learner has left it; None: go on.

    So the second of two presses is told what happened, and is no error.
    """
    cohort = assignment.cohort
    if not cohort.cohort_memberships.current().filter(user=user).exists():
        messages.info(request, f"{user} is not in {cohort.name} any more. Nothing was changed.")
        return redirect("courses:cohort-progress", cohort.key, assignment.course.key)
    if cohort.archived_at:
        messages.error(request, f"{cohort.name} is archived: it can only be read.")
        return _record_of(assignment, user)
    return None


def _record_of(assignment: Assignment, user: User) -> HttpResponse:
    return redirect("courses:learner", assignment.cohort.key, assignment.course.key, user.key)


@require_http_methods(FORM_METHODS)
@signed_in_trainer
def extend_due_date(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """GET: a form for a later due date, and the ones given before. POST: gives it."""
    assignment, user = _trained_or_404(request, cohort, course, learner)
    elsewhere = _nothing_to_do(request, assignment, user)
    if elsewhere:
        return elsewhere
    form = MoreTimeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            extension = cohort_actions.extend_due_date(
                request.user,
                assignment,
                user,
                form.cleaned_data["due_on"],
                form.cleaned_data["reason"],
                timezone.now(),
            )
        except Refused as refusal:
            form.add_error("due_on", str(refusal))
        else:
            until = dates.long_day(extension.due_at)
            messages.success(request, f"{user} has until {until}, and gets an email about it.")
            return _record_of(assignment, user)
    return _render_more_time(request, assignment, user, form)


def _render_more_time(
    request: SignedInRequest, assignment: Assignment, user: User, form: MoreTimeForm
) -> HttpResponse:
    given = Extension.objects.filter(assignment=assignment, user=user).order_by("-pk")
    extensions = list(given.select_related("granted_by", "withdrawn_by"))
    in_force = [extension for extension in extensions if not extension.withdrawn_at]
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "title": title_of(assignment),
        "person": user,
        "form": form,
        "extensions": extensions,
        "current": in_force[0] if in_force else None,
    }
    status = 400 if form.errors else 200
    return render(request, "dashboards/more_time.html", context, status=status)


@require_POST
@signed_in_trainer
def withdraw_extension(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    assignment, user = _trained_or_404(request, cohort, course, learner)
    elsewhere = _nothing_to_do(request, assignment, user)
    if elsewhere:
        return elsewhere
    try:
        is_done = cohort_actions.withdraw_extension(request.user, assignment, user, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _record_of(assignment, user)
    if is_done:
        messages.success(request, f"{user} has the date of the cohort again, and gets an email.")
    else:
        messages.info(request, f"{user} has the date of the cohort. Nothing was changed.")
    return _record_of(assignment, user)


@require_http_methods(FORM_METHODS)
@signed_in_trainer
def move_learner(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """GET: the cohorts to choose from, and what moving means. POST: moves the learner."""
    assignment, user = _trained_or_404(request, cohort, course, learner)
    elsewhere = _nothing_to_do(request, assignment, user)
    if elsewhere:
        return elsewhere
    cohorts = cohorts_to_move_to(request.user, assignment.cohort, user)
    form = MoveForm(request.POST if request.method == "POST" else None, cohorts=cohorts)
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["to"]
        try:
            cohort_actions.move_learner(
                request.user, assignment.cohort, target, user, timezone.now()
            )
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, f"{user} is in {target.name} now, and gets an email.")
            return redirect("courses:cohort-progress", cohort, course)
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "person": user,
        "form": form,
        "cohorts": cohorts,
    }
    status = 400 if form.errors else 200
    return render(request, "dashboards/move_learner.html", context, status=status)


@require_http_methods(FORM_METHODS)
@signed_in_trainer
def remove_learner(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """GET: what it means. POST: takes the learner out of the cohort."""
    assignment, user = _trained_or_404(request, cohort, course, learner)
    elsewhere = _nothing_to_do(request, assignment, user)
    if elsewhere:
        return elsewhere
    if request.method == "POST":
        try:
            cohort_actions.remove_learner(request.user, assignment.cohort, user, timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return _record_of(assignment, user)
        name = assignment.cohort.name
        messages.success(request, f"{user} is no longer in {name}, and gets an email.")
        return redirect("courses:cohort-progress", cohort, course)
    context = {"assignment": assignment, "cohort": assignment.cohort, "person": user}
    return render(request, "dashboards/remove_learner.html", context)
