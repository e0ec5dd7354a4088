"""The start of a quiz: its rule, what is at stake, beginning, and asking for accommodations.

Attempts are in `attempt`.
"""

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
from courses.learning.retry_queries import retry_of
from courses.library.content import Quiz
from courses.web.access import SignedInRequest, signed_in


def _quiz_or_404(
    request: SignedInRequest, course: str, quiz_key: str
) -> tuple[EnrolmentProgress, Quiz]:
    """The learner's progress and the quiz. Quizzes for reviews are not begun from here."""
    enrolment_progress = enrolment_progress_or_404(request.user, course, quiz_key)
    quiz = enrolment_progress.content.quiz(quiz_key)
    if not quiz or quiz.kind == "review":
        raise Http404
    return enrolment_progress, quiz


@require_safe
@signed_in()
def quiz(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """The rule and what is at stake, before anything begins.

    Quizzes for reviews are begun where they are offered, weeks after the course.
    """
    own = enrolment_progress_or_404(request.user, course, quiz)
    asked = own.content.quiz(quiz)
    if asked and asked.kind == "review":
        return redirect("courses:keep-it")
    enrolment_progress, rule = _quiz_or_404(request, course, quiz)
    return _render_quiz(request, enrolment_progress, rule)


def _render_quiz(
    request: SignedInRequest,
    enrolment_progress: EnrolmentProgress,
    rule: Quiz,
    form: RequestForm | None = None,
) -> HttpResponse:
    """`form` is a request for an accommodation that was rejected, with what was typed."""
    course = enrolment_progress.content
    enrolment = enrolment_progress.enrolment
    pool = course.pool(rule.key)
    lessons = enrolment_progress.progress.lessons
    context = {
        "course": course,
        "quiz": rule,
        "needed": shown_marks(needed_marks(rule.draw, rule.pass_mark)),
        "right_items": right_items_needed(rule.draw, rule.pass_mark),
        "lessons_left": [lesson for lesson in lessons if not lesson.is_completed],
        "has_critical": any(item.critical for item in pool),
        "rules": rules_of(pool),
        **(_requests_context(enrolment_progress, rule) if enrolment.has_asked else {}),
        "has_trainer": enrolment.has_trainer,
        "form": form,
    }
    context |= _attempts_context(enrolment_progress, rule)
    # Asked of the database only where nothing else is left.
    if not context["left"] and not context["passed"]:
        context |= _retry_context(request, enrolment_progress, rule)
    return render(request, "learning/quiz.html", context, status=400 if form else 200)


def _attempts_context(enrolment_progress: EnrolmentProgress, rule: Quiz) -> dict[str, object]:
    """The attempts taken at a quiz, and those left."""
    # Voided attempts are not among these: they use up nothing.
    taken = enrolment_progress.attempts_at(rule.key)
    allowed = enrolment_progress.allowed_at(rule)
    opens_at = assessment.next_attempt_at(rule, taken[-1].ended_at if taken else None)
    is_waiting = opens_at is not None and opens_at > timezone.now()
    return {
        "taken": taken,
        "open": next((attempt for attempt in taken if attempt.is_open), None),
        "over": next((attempt for attempt in taken if attempt.is_over), None),
        "left": max(0, allowed - len(taken)),
        "allowed": allowed,
        "opens_at": opens_at if is_waiting else None,
        "passed": any(attempt.passed for attempt in taken),
    }


def _retry_context(
    request: SignedInRequest, enrolment_progress: EnrolmentProgress, rule: Quiz
) -> dict[str, object]:
    """The way to one more attempt that needs nobody; empty where there is none."""
    enrolment = enrolment_progress.enrolment
    retry = retry_of(request.user, enrolment.course_id, enrolment.edition_id, rule)
    if not retry:
        return {}
    now = timezone.now()
    return {"retry": retry, "may_retry": retry.is_open(now), "must_wait": now < retry.opens_at}


def _requests_context(enrolment_progress: EnrolmentProgress, rule: Quiz) -> dict[str, object]:
    """The newest request, and the newest answer where that one waits while another is answered."""
    enrolment = enrolment_progress.enrolment
    requests = AccommodationRequest.objects.filter(
        user=enrolment.user_id, course=enrolment.course_id, quiz_key=rule.key
    )
    # One of each kind may wait at a time, so of the last three one at least is answered.
    newest = list(requests.order_by("-asked_at", "-pk")[:3])
    answered = [request for request in newest if request.decided_at]
    asked = newest[0] if newest else None
    is_other = answered and answered[0] is not asked
    return {"asked": asked, "answered": answered[0] if is_other else None}


@require_POST
@signed_in("courses:quiz", "course", "quiz")
def open_attempt(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    enrolment_progress, rule = _quiz_or_404(request, course, quiz)
    enrolment = enrolment_progress.enrolment
    try:
        attempt = actions.open_attempt(
            request.user, enrolment.course_id, enrolment.edition_id, rule, timezone.now()
        )
    except assessment.Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("courses:quiz", course, quiz)
    return redirect("courses:attempt", attempt.key)


@require_POST
@signed_in("courses:quiz", "course", "quiz")
def request_accommodation(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """A request to the trainer for one more attempt, or more time, with the reason."""
    enrolment_progress, rule = _quiz_or_404(request, course, quiz)
    # Without a trainer there is nobody to ask, and the page has no form for it.
    if not enrolment_progress.enrolment.has_trainer:
        raise Http404
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _render_quiz(request, enrolment_progress, rule, form)
    try:
        actions.request_accommodation(
            enrolment_progress.enrolment,
            enrolment_progress.content,
            rule,
            **form.cleaned_data,
            now=timezone.now(),
        )
    except accommodations.AskedAlready as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(
            request,
            "We are sending your trainer an email. You see the answer here, and get it by email.",
        )
    return redirect("courses:quiz", course, quiz)
