"""What a trainer does for one learner beyond the rule of a quiz: each a POST with its reason, kept with who and when."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment import accommodations
from courses.assessment.actions import Refused
from courses.assessment.forms import ReasonForm, TimeForm
from courses.assessment.models import AccommodationRequest, Attempt
from courses.dashboards.actions import answering
from courses.dashboards.queries import Learner, assignment_of, newest_content
from courses.dashboards.views.cohorts import learner_or_404
from courses.people.models import Assignment, Cohort
from courses.web.access import SignedInRequest, signed_in

deed = signed_in("courses:learner", "cohort", "course", "learner")


def _trained(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str = ""
) -> tuple[Assignment, Learner]:
    """The learner on the assignment; only for a trainer of this very cohort, and a quiz the course has.

    Oneself is not there: nobody acts on themselves. The actions refuse it too.
    """
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment or (quiz and not newest_content(assignment).quiz(quiz)):
        raise Http404
    found = learner_or_404(assignment, learner)
    if found.user_id == request.user.pk:
        raise Http404
    return assignment, found


def _done(
    request: SignedInRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    done: str,
    *back: object,
) -> HttpResponse:
    """Does it if the form is whole, and says what came of it, on the learner's page."""
    if not form.is_valid():
        messages.error(
            request, " ".join(str(error) for errors in form.errors.values() for error in errors)
        )
        return redirect("courses:learner", *back)
    try:
        act(form.cleaned_data)
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:learner", *back)


@require_POST
@deed
def grant_attempt(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    assignment, found = _trained(request, cohort, course, learner, quiz)

    def act(data: dict[str, Any]) -> object:
        return accommodations.grant_attempt(
            request.user, assignment, found.user_id, quiz, data["reason"], timezone.now()
        )

    done = f"{found.name} has one more attempt."
    return _done(
        request, ReasonForm(request.POST), answering(found, act), done, cohort, course, learner
    )


@require_POST
@deed
def grant_time(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    assignment, found = _trained(request, cohort, course, learner, quiz)
    form = TimeForm(request.POST)

    def act(data: dict[str, Any]) -> object:
        now = timezone.now()
        return accommodations.grant_time(
            request.user, assignment, found.user_id, quiz, **data, now=now
        )

    done = f"{found.name} has more time from now on."
    return _done(request, form, answering(found, act), done, cohort, course, learner)


@require_POST
@deed
def reset_quiz(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    """A fresh beginning: attempts that were not passed no longer count, and stay readable."""
    assignment, found = _trained(request, cohort, course, learner, quiz)

    def act(data: dict[str, Any]) -> object:
        return accommodations.reset_quiz(
            request.user, assignment, found.user_id, quiz, data["reason"], timezone.now()
        )

    done = f"{found.name} can begin the quiz afresh. The earlier attempts are kept, and no longer count."
    return _done(request, ReasonForm(request.POST), act, done, cohort, course, learner)


@require_POST
@deed
def void_attempt(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, attempt: uuid.UUID
) -> HttpResponse:
    assignment, found = _trained(request, cohort, course, learner)
    rows = Attempt.objects.filter(user=found.user_id, course=assignment.course_id)
    own = get_object_or_404(rows.filter(opened_at__gte=found.joined_at), key=attempt)
    shown = found.standing.attempts if found.standing else ()

    def act(data: dict[str, Any]) -> object:
        return accommodations.void_attempt(
            request.user, assignment, own, data["reason"], timezone.now()
        )

    number = next((one.number for one in shown if one.key == str(own.key)), 0)
    done = f"Attempt {number} no longer counts." if number else "This attempt no longer counts."
    return _done(request, ReasonForm(request.POST), act, done, cohort, course, learner)


@require_POST
@deed
def decline_request(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, asked: uuid.UUID
) -> HttpResponse:
    assignment, found = _trained(request, cohort, course, learner)
    rows = AccommodationRequest.objects.filter(user=found.user_id, course=assignment.course_id)
    if not found.decides:
        raise Http404
    own = get_object_or_404(rows, key=asked)
    try:
        if answering(found, accommodations.decline)(request.user, assignment, own, timezone.now()):
            messages.success(
                request,
                f"The rule stays as it is. We are sending {found.name} an e-mail that says so.",
            )
        else:
            messages.info(request, "This was answered already.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:learner", cohort, course, learner)
