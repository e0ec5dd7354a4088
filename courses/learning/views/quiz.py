"""The start of a quiz: the rule, what is at stake, beginning, and asking for more. Attempts are in `attempt`."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment import accommodations
from courses.assessment import actions as assessment
from courses.assessment.forms import RequestForm
from courses.assessment.items import rules_of
from courses.assessment.models import AccommodationRequest
from courses.assessment.scoring import needed_marks, right_items_needed, shown_marks
from courses.learning import actions
from courses.learning.queries import EnrolmentProgress, enrolment_progress_or_404
from courses.library import content
from courses.web.access import SignedInRequest, signed_in


def _quiz_or_404(
    request: SignedInRequest, course: str, quiz: str
) -> tuple[EnrolmentProgress, content.Quiz]:
    """The learner's standing and the quiz. Held-back quizzes are not begun from here."""
    standing = enrolment_progress_or_404(request.user, course, quiz)
    found = standing.content.quiz(quiz)
    if not found or found.kind == "review":
        raise Http404
    return standing, found


@require_safe
@signed_in()
def quiz(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """The rule and what is at stake, before anything begins."""
    standing, found = _quiz_or_404(request, course, quiz)
    return _render_quiz(request, standing, found)


def _render_quiz(
    request: SignedInRequest,
    standing: EnrolmentProgress,
    found: content.Quiz,
    form: RequestForm | None = None,
) -> HttpResponse:
    """`form` is a request that was refused, with what was typed."""
    taken, enrolment = standing.attempts_at(found.key), standing.enrolment
    allowed = standing.allowed_at(found)
    opens_at = assessment.next_attempt_at(found, taken[-1].ended_at if taken else None)
    asked = AccommodationRequest.objects.filter(
        user=request.user, course=enrolment.course_id, quiz_key=found.key
    )
    context = {
        "course": standing.content,
        "quiz": found,
        "needed": shown_marks(needed_marks(found.draw, found.pass_mark)),
        "right_items": right_items_needed(found.draw, found.pass_mark),
        "taken": taken,
        "open": next((attempt for attempt in taken if attempt.is_open), None),
        "over": next((attempt for attempt in taken if attempt.is_over), None),
        "left": max(0, allowed - len(taken)),
        "allowed": allowed,
        "opens_at": opens_at if opens_at and opens_at > timezone.now() else None,
        "passed": any(attempt.passed for attempt in taken),
        "lessons_left": [one for one in standing.progress.lessons if not one.is_completed],
        "has_critical": any(item.critical for item in standing.content.pool(found.key)),
        "rules": rules_of(standing.content.pool(found.key)),
        "asked": asked.order_by("asked_at").last() if enrolment.has_asked else None,
        "has_trainer": enrolment.has_trainer,
        "form": form,
    }
    return render(request, "learning/quiz.html", context, status=400 if form else 200)


@require_POST
@signed_in("courses:quiz", "course", "quiz")
def open_attempt(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    standing, found = _quiz_or_404(request, course, quiz)
    enrolment = standing.enrolment
    try:
        now, edition = timezone.now(), enrolment.edition_id
        attempt = actions.open_attempt(request.user, enrolment.course_id, edition, found, now)
    except assessment.Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("courses:quiz", course, quiz)
    return redirect("courses:attempt", attempt.key)


@require_POST
@signed_in("courses:quiz", "course", "quiz")
def request_accommodation(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """A request to the trainer for one more attempt, or more time, with the reason."""
    standing, found = _quiz_or_404(request, course, quiz)
    if not standing.enrolment.has_trainer:
        raise Http404
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _render_quiz(request, standing, found, form)
    try:
        actions.request_accommodation(
            standing.enrolment, standing.content, found, **form.cleaned_data, now=timezone.now()
        )
        messages.success(
            request,
            "We are sending your trainer an e-mail. You see the answer here, and get it by e-mail.",
        )
    except accommodations.AskedAlready as refusal:
        messages.info(request, str(refusal))
    return redirect("courses:quiz", course, quiz)
