"""Keep it: what is due today, and what is offered later."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.learning import actions as learning
from courses.learning.queries import enrolment_progress_of
from courses.people.permissions import Refused
from courses.recall.actions import begin_follow_up as begin_round_on_offer
from courses.recall.actions import begin_todays_cases
from courses.recall.follow_up_queries import offered_to, review_of
from courses.recall.follow_ups import KINDS
from courses.recall.queries import today_of
from courses.recall.then_and_now import then_and_now
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def keep_it(request: SignedInRequest) -> HttpResponse:
    """Today's cases, what is open after a course, and when the next comes."""
    now = timezone.now()
    rows = enrolment_progress_of(request.user)
    context = {
        "today": today_of(request.user, now),
        "offered": offered_to(request.user, rows, now),
    }
    return render(request, "recall/keep_it.html", context)


@require_safe
@signed_in()
def then_and_now_page(request: SignedInRequest) -> HttpResponse:
    """One's own checks side by side, once that of 90 days was taken."""
    context = {"page": then_and_now(request.user)}
    return render(request, "recall/then_and_now.html", context)


@require_POST
@signed_in("courses:keep-it")
def begin_today(request: SignedInRequest) -> HttpResponse:
    """Begins today's cases, or goes on with them."""
    try:
        begun = begin_todays_cases(request.user, timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:keep-it")
    return redirect("courses:round", begun.key)


@require_POST
@signed_in("courses:keep-it")
def begin_follow_up(request: SignedInRequest, kind: str) -> HttpResponse:
    """Begins the booster, check or twenty cases that are on offer, or goes on with them."""
    if kind not in KINDS:
        raise Http404
    rows = enrolment_progress_of(request.user)
    try:
        begun = begin_round_on_offer(request.user, rows, kind, timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:keep-it")
    return redirect("courses:round", begun.key)


@require_POST
@signed_in("courses:keep-it")
def begin_review(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """Begins the quiz of 30 or 90 days, under the rules of every attempt, or goes on with it."""
    now = timezone.now()
    review = review_of(enrolment_progress_of(request.user), course, quiz, now)
    if review is None:
        raise Http404
    enrolment = review.row.enrolment
    try:
        attempt = learning.open_attempt(
            request.user, enrolment.course_id, enrolment.edition_id, review.quiz, now
        )
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:keep-it")
    return redirect("courses:attempt", attempt.key)
