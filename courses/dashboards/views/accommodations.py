"""What a trainer grants one learner beyond the rule of a quiz.

Each is a POST with its reason, which is stored with who did it and when.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment import accommodations
from courses.assessment.actions import Refused
from courses.assessment.forms import AnswerForm, ReasonForm, TimeForm
from courses.assessment.models import AccommodationRequest, Attempt
from courses.dashboards.actions import mailing_answers
from courses.dashboards.queries import Learner, assignment_of, newest_content
from courses.dashboards.views.cohorts import learner_or_404, render_learner
from courses.learning.actions import assess_otherwise as assess_learner_otherwise
from courses.people.models import Assignment, Cohort
from courses.web.access import SignedInRequest, signed_in

ANSWERED_ALREADY = "This was answered already."
signed_in_trainer = signed_in("courses:learner", "cohort", "course", "learner")


def _trained_or_404(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str = ""
) -> tuple[Assignment, Learner]:
    """The learner on the assignment; only for a trainer of this cohort, and a quiz of the course.

    404 for a trainer's own row: nobody acts on themselves. The actions reject it too.
    """
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment or (quiz and not newest_content(assignment).quiz(quiz)):
        raise Http404
    row = learner_or_404(assignment, learner)
    if row.user_id == request.user.pk:
        raise Http404
    return assignment, row


def _act(
    request: SignedInRequest,
    row: Learner,
    form: forms.Form,
    action: Callable[[dict[str, Any]], object],
    success: str,
) -> HttpResponse:
    """Calls the action with the form's data and says what came of it, on the learner's page.

    An invalid form is said in a message there, and nothing is done.
    """
    assignment = row.assignment
    learner_page = redirect(
        "courses:learner", assignment.cohort.key, assignment.course.key, row.key
    )
    if not form.is_valid():
        errors = [str(error) for field in form.errors.values() for error in field]
        messages.error(request, " ".join(errors))
        return learner_page
    try:
        action(form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, success)
    return learner_page


@require_POST
@signed_in_trainer
def grant_attempt(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    assignment, row = _trained_or_404(request, cohort, course, learner, quiz)

    def action(data: dict[str, Any]) -> object:
        return accommodations.grant_attempt(
            request.user, assignment, row.user_id, quiz, data["reason"], timezone.now()
        )

    form = ReasonForm(request.POST)
    success = f"{row.name} has one more attempt."
    return _act(request, row, form, mailing_answers(row, action), success)


@require_POST
@signed_in_trainer
def grant_time(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    assignment, row = _trained_or_404(request, cohort, course, learner, quiz)

    def action(data: dict[str, Any]) -> object:
        return accommodations.grant_time(
            request.user, assignment, row.user_id, quiz, **data, now=timezone.now()
        )

    form = TimeForm(request.POST)
    success = f"{row.name} has more time from now on."
    return _act(request, row, form, mailing_answers(row, action), success)


@require_POST
@signed_in_trainer
def assess_otherwise(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    """Records that the learner showed in another way what the quiz asks: it counts as a pass."""
    assignment, row = _trained_or_404(request, cohort, course, learner, quiz)

    def action(data: dict[str, Any]) -> object:
        return assess_learner_otherwise(
            request.user, assignment, row.user_id, quiz, data["reason"], timezone.now()
        )

    success = f"{row.name} has passed, and the record says that it was assessed in another way."
    form = ReasonForm(request.POST)
    return _act(request, row, form, mailing_answers(row, action), success)


@require_POST
@signed_in_trainer
def reset_quiz(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, quiz: str
) -> HttpResponse:
    """A fresh beginning: attempts that were not passed no longer count, and stay readable."""
    assignment, row = _trained_or_404(request, cohort, course, learner, quiz)

    def action(data: dict[str, Any]) -> object:
        return accommodations.reset_quiz(
            request.user, assignment, row.user_id, quiz, data["reason"], timezone.now()
        )

    success = (
        f"{row.name} can begin the quiz afresh. The earlier attempts are kept, and no longer count."
    )
    return _act(request, row, ReasonForm(request.POST), action, success)


@require_POST
@signed_in_trainer
def void_attempt(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, attempt: uuid.UUID
) -> HttpResponse:
    assignment, row = _trained_or_404(request, cohort, course, learner)
    attempts = Attempt.objects.filter(user=row.user_id, course=assignment.course_id)
    # A trainer has no right over what came before the learner joined.
    since_joining = attempts.filter(opened_at__gte=row.joined_at)
    own = get_object_or_404(since_joining, key=attempt)

    def action(data: dict[str, Any]) -> object:
        return accommodations.void_attempt(
            request.user, assignment, own, data["reason"], timezone.now()
        )

    number = _shown_number(row, own)
    attempt_name = f"Attempt {number}" if number else "This attempt"
    success = f"{attempt_name} no longer counts."
    return _act(request, row, ReasonForm(request.POST), action, success)


def _shown_number(row: Learner, own: Attempt) -> int:
    """The number by which the trainer's page calls the attempt; 0 where it does not show it."""
    attempts = row.enrolment_progress.attempts if row.enrolment_progress else ()
    for attempt in attempts:
        if attempt.key == str(own.key):
            return attempt.number
    return 0


def _request_or_404(row: Learner, asked: uuid.UUID) -> AccommodationRequest:
    """A request of this learner on this course, answered or not."""
    # The trainers of another organisation may decide about this learner's attempts.
    if not row.cohort_decides:
        raise Http404
    # Only those of this learner on this course: a key of another one is not there.
    requests = AccommodationRequest.objects.filter(
        user=row.user_id, course=row.assignment.course_id
    )
    return get_object_or_404(requests, key=asked)


def _answer(
    request: SignedInRequest,
    row: Learner,
    asked: AccommodationRequest,
    form: AnswerForm,
    action: Callable[[dict[str, Any]], bool],
    success: str,
) -> HttpResponse:
    """Answers a request with the form's data and says what came of it, on the learner's page.

    `action` returns whether it answered: False where somebody else did meanwhile. The answer leads
    back to the first page where it was given there.
    """
    assignment = row.assignment
    page = redirect("courses:learner", assignment.cohort.key, assignment.course.key, row.key)
    if request.POST.get("from") == "cohorts":
        page = redirect(f"{reverse('courses:cohorts')}#asks")
    if asked.decided_at:
        messages.info(request, ANSWERED_ALREADY)
        return page
    if not form.is_valid():
        return render_learner(request, row, form, asked)
    try:
        is_answered_now = mailing_answers(row, action)(form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return page
    if is_answered_now:
        messages.success(request, f"{success} We are sending {row.name} an email.")
    else:
        messages.info(request, ANSWERED_ALREADY)
    return page


@require_POST
@signed_in_trainer
def decline_request(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, asked: uuid.UUID
) -> HttpResponse:
    """Declines a request with a sentence that the learner reads."""
    assignment, row = _trained_or_404(request, cohort, course, learner)
    own = _request_or_404(row, asked)

    def action(data: dict[str, Any]) -> bool:
        return accommodations.decline_request(
            request.user, assignment, own, data["answer"], timezone.now()
        )

    form = AnswerForm(request.POST, declines=True, kind=own.kind)
    success = "Declined, with your answer."
    return _answer(request, row, own, form, action, success)


@require_POST
@signed_in_trainer
def grant_request(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID, asked: uuid.UUID
) -> HttpResponse:
    """Grants what was asked for, with or without a sentence."""
    assignment, row = _trained_or_404(request, cohort, course, learner)
    own = _request_or_404(row, asked)

    def action(data: dict[str, Any]) -> bool:
        minutes = data.get("minutes", 0)
        return accommodations.grant_request(
            request.user, assignment, own, data["answer"], minutes, timezone.now()
        )

    form = AnswerForm(request.POST, declines=False, kind=own.kind)
    success = f"{row.name} has {own.get_kind_display()}."
    return _answer(request, row, own, form, action, success)
