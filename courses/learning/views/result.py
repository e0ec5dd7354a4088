"""What came of an attempt that is over: the verdict, the next step, and what to look at.

Taking it is in `attempt`.
"""

import uuid
from decimal import Decimal
from fractions import Fraction

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.assessment import actions as assessment
from courses.assessment.models import Attempt
from courses.assessment.queries import (
    AttemptSheet,
    ScoredItem,
    pass_mark_of,
    scored_items,
    sheet_of,
)
from courses.assessment.scoring import needed_marks
from courses.assessment.verdict import (
    Marks,
    Verdict,
    verdict_of_final,
    verdict_of_pretest,
    verdict_of_review,
)
from courses.learning.practice_queries import practice_after
from courses.learning.queries import EnrolmentProgress, enrolment_progress_or_404, gains_of
from courses.learning.results import groups_to_look_at, right_items
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def result(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    own = Attempt.objects.taken_by(request.user).filter(key=attempt).first()
    if not own:
        raise Http404
    is_open = own.state == Attempt.State.OPEN
    is_over = own.is_over(timezone.now())
    if is_open and not is_over:
        return redirect("courses:attempt", attempt)
    sheet = sheet_of(own)
    context = {"sheet": sheet, "course": sheet.course, "quiz": sheet.quiz, "attempt": own}
    # Its time is over and nothing has closed it yet, so there are no marks to show.
    if is_open:
        return render(request, "learning/time_over.html", context)
    if own.state == Attempt.State.VOIDED:
        messages.warning(
            request, "This attempt does not count any more. Your trainer can tell you why."
        )
        return redirect("courses:quiz", sheet.course.key, own.quiz_key)
    if own.assessed_by:
        return render(request, "learning/assessed_otherwise.html", context)
    progress = enrolment_progress_or_404(request.user, sheet.course.key, own.quiz_key)
    context |= _items_context(sheet, progress, scored_items(own))
    context |= _next_step_context(sheet, progress)
    context["gains"] = gains_of(progress, own)
    context["practice"] = practice_after(own)
    return render(request, "learning/result.html", context)


def _items_context(
    sheet: AttemptSheet, progress: EnrolmentProgress, scored: list[ScoredItem]
) -> dict[str, object]:
    """The verdict, and each item with its feedback: what to look at before what was right."""
    groups = groups_to_look_at(scored, sheet.course, progress.progress)
    rows = [row for group in groups for row in group.rows]
    sure = [row for row in scored if row.is_sure_and_wrong]
    return {
        "verdict": _verdict(sheet, scored),
        "groups": groups,
        "first": rows[0] if rows else None,
        "to_look_at": sorted(rows, key=lambda reviewed: reviewed.row.number),
        "right": right_items(scored),
        "is_sure_about_safety": any(row.item.critical for row in sure),
    }


def _verdict(sheet: AttemptSheet, scored: list[ScoredItem]) -> Verdict:
    missed = [row for row in scored if not row.is_right]
    if sheet.quiz.kind == "pretest":
        return verdict_of_pretest(len(missed))
    if sheet.quiz.kind == "review":
        return verdict_of_review(len(scored) - len(missed), len(scored))
    attempt = sheet.attempt
    possible = attempt.possible or 0
    marks = Marks(
        earned=Fraction(attempt.earned or Decimal(0)),
        possible=possible,
        needed=needed_marks(possible, pass_mark_of(attempt)),
    )
    unsafe = [row.number for row in missed if row.item.critical]
    return verdict_of_final(marks, bool(attempt.passed), unsafe)


def _next_step_context(sheet: AttemptSheet, progress: EnrolmentProgress) -> dict[str, object]:
    """What the learner may do now: what is left of the course, and taking the quiz again."""
    # The next attempt goes by the rule of the edition that the learner is on now.
    rule = progress.content.quiz(sheet.quiz.key) or sheet.quiz
    taken = progress.attempts_at(sheet.quiz.key)
    opens_at = assessment.next_attempt_at(rule, taken[-1].ended_at if taken else None)
    is_waiting = opens_at is not None and opens_at > timezone.now()
    lessons = progress.progress.lessons
    return {
        "is_completed": progress.is_completed,
        "has_passed": any(attempt.passed for attempt in taken),
        "open": next((attempt for attempt in taken if attempt.is_open), None),
        "left": max(0, progress.allowed_at(rule) - len(taken)),
        "opens_at": opens_at if is_waiting else None,
        "lessons_left": [row.lesson for row in lessons if not row.is_completed],
    }
