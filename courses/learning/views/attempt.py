"""An attempt at a quiz: its items, handing in, and the result. Beginning one is in `quiz`, saving in assessment."""

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment import actions as assessment
from courses.assessment import items
from courses.assessment.forms import answer_from_page, event_in, presented_on_page
from courses.assessment.items import Answer, BadAnswer, PresentedItem
from courses.assessment.models import Attempt, Certainty
from courses.assessment.queries import (
    AttemptSheet,
    SavedAnswer,
    pass_mark_of,
    scored_items,
    sheet_of,
)
from courses.assessment.scoring import needed_marks, shown_marks, shown_percent
from courses.learning import actions
from courses.learning.queries import enrolment_progress_or_404, gains_of
from courses.practice.queries import drawing_of
from courses.web import dates
from courses.web.access import SignedInRequest, forget_unsent, signed_in, unsent_form, wants_json


def _own_attempt(request: SignedInRequest, key: uuid.UUID) -> Attempt:
    found = Attempt.objects.taken_by(request.user).filter(key=key).first()
    if not found:
        raise Http404
    return found


def _takes_answers(own: Attempt) -> bool:
    """Whether it is open and its time is not over. A press or the timer closes it, not a look."""
    return own.state == Attempt.State.OPEN and not own.is_over(timezone.now())


@require_safe
@signed_in()
def attempt(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    """Where the learner was: the first item without an answer, the list before handing in, or the result."""
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        return redirect("courses:result", attempt)
    unanswered = sheet_of(own).unanswered
    return (
        redirect("courses:item", attempt, unanswered[0])
        if unanswered
        else redirect("courses:review-attempt", attempt)
    )


@dataclass(frozen=True)
class ShownItem:
    """One item as its form shows it. Nothing of it that tells what is right."""

    number: int
    asked: PresentedItem
    kept: SavedAnswer | None
    is_answered: bool
    drawing: str = ""
    event_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def sequence(self) -> int:
        """The place of the next change of the answer."""
        return (self.kept.sequence if self.kept else 0) + 1

    @property
    def prefix(self) -> str:
        """What the ids of its fields begin with."""
        return f"item-{self.number}"


@require_safe
@signed_in()
def item(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        if own.state != Attempt.State.OPEN:  # else the next page itself says that the time was over
            what = "The time was over" if own.expired else "This quiz was handed in already"
            messages.info(request, f"{what}. Here is what came of it.")
        return redirect("courses:result", attempt)
    sheet = sheet_of(own)
    if not 1 <= number <= len(sheet.items):
        raise Http404
    unsent = unsent_form(request, request.path + "save/")
    entered = None
    if unsent is not None:
        with suppress(BadAnswer):
            entered = answer_from_page(sheet.items[number - 1], unsent)
    return _render_item(request, sheet, number, entered=entered)


def _render_item(
    request: SignedInRequest,
    sheet: AttemptSheet,
    number: int,
    *,
    entered: Answer | None = None,
    error: str = "",
) -> HttpResponse:
    """All items with the one at `number` in sight; `entered` is an answer to it that came but is not saved, `error` why.

    The others are there so that a script can move between them without the network.
    """
    context = {
        "sheet": sheet,
        "course": sheet.course,
        "quiz": sheet.quiz,
        "number": number,
        "total": len(sheet.items),
        "shown": [
            _shown(sheet, n, entered if n == number else None)
            for n in range(1, len(sheet.items) + 1)
        ],
        "levels": Certainty.choices,
        "is_restored": entered is not None and not error,
        "error": error,
    }
    return render(request, "learning/item.html", context, status=409 if error else 200)


def _shown(sheet: AttemptSheet, number: int, entered: Answer | None) -> ShownItem:
    found = sheet.items[number - 1]
    kept = sheet.kept.get(found.key)
    answer = entered if entered is not None else (kept.answer if kept else None)
    scene = sheet.course.scene(found.scene) if found.scene else None
    shown = presented_on_page(found, sheet.order(number), answer)
    return ShownItem(
        number, shown, kept, sheet.is_answered(found), drawing_of(scene) if scene else ""
    )


@require_POST
@signed_in("courses:item", "attempt", "number")
def save_response(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    """Saves one answer. A script gets JSON; a form goes on to the next item, or stays and says what is wrong."""
    own = _own_attempt(request, attempt)
    if own.is_over(timezone.now()):
        actions.close_expired_attempt(own.pk, timezone.now())
    if not 1 <= number <= len(own.items):
        raise Http404
    found = assessment.drawn_item(own, number)
    answer = None
    try:
        answer = answer_from_page(found, request.POST)
        event = event_in(request.POST)
        if answer is None and own.responses.filter(item_key=found.key).exists():
            answer = []  # everything chosen was taken away: that is the newest answer
        if answer is None:
            forget_unsent(request)  # it was emptied, and nothing is saved of this item
            return _go_on(request, own, number)
        saved_at = assessment.save_response(
            request.user, attempt, found.key, answer, event, timezone.now()
        )
        forget_unsent(request)
    except (BadAnswer, assessment.Refused) as refusal:
        return _refuse(request, own, number, refusal, answer)
    if wants_json(request):
        return JsonResponse({"saved": dates.clock(saved_at)})
    return _go_on(request, own, number)


def _go_on(request: SignedInRequest, own: Attempt, number: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": "Choose an option first."}, status=400)
    if number < len(own.items):
        return redirect("courses:item", own.key, number + 1)
    return redirect("courses:review-attempt", own.key)


def _refuse(
    request: SignedInRequest, own: Attempt, number: int, refusal: Exception, answer: Answer | None
) -> HttpResponse:
    """Says plainly why an answer was not saved: 400 for one that cannot be, 409 for one that came too late."""
    if wants_json(request):
        return JsonResponse(
            {"error": str(refusal)}, status=400 if isinstance(refusal, BadAnswer) else 409
        )
    if isinstance(refusal, assessment.NotOpen):
        messages.warning(request, str(refusal))
        return redirect("courses:result", own.key)
    if isinstance(refusal, BadAnswer):
        response = _render_item(request, sheet_of(own), number, entered=answer, error=str(refusal))
        response.status_code = 400
        return response
    return _render_item(request, sheet_of(own), number, entered=answer, error=str(refusal))


@require_safe
@signed_in()
def review(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    """Before handing in: every item, answered or not, and what handing in means."""
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        return redirect("courses:result", attempt)
    sheet = sheet_of(own)
    rows = [(n, one, sheet.is_answered(one)) for n, one in enumerate(sheet.items, 1)]
    context = {"sheet": sheet, "course": sheet.course, "quiz": sheet.quiz, "rows": rows}
    return render(request, "learning/review.html", context)


@require_POST
@signed_in("courses:review-attempt", "attempt")
def submit_attempt(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    """Hands in, once; a second press lands on the same result."""
    try:
        actions.submit_attempt(request.user, attempt, timezone.now())
    except Attempt.DoesNotExist:
        raise Http404 from None
    except assessment.NotOpen:
        pass  # it was voided: the page of the result says so
    return redirect("courses:result", attempt)


@require_safe
@signed_in()
def result(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    own = _own_attempt(request, attempt)
    if _takes_answers(own):
        return redirect("courses:attempt", attempt)
    sheet = sheet_of(own)
    if own.state == Attempt.State.OPEN:
        context = {"sheet": sheet, "course": sheet.course, "quiz": sheet.quiz, "attempt": own}
        return render(request, "learning/time_over.html", context)
    if own.state == Attempt.State.VOIDED:
        messages.warning(
            request, "This attempt does not count any more. Your trainer can tell you why."
        )
        return redirect("courses:quiz", sheet.course.key, own.quiz_key)
    marked = scored_items(own)
    lessons = {one.key: one for one in sheet.course.lessons}
    again = {
        m.item.lesson: lessons[m.item.lesson]
        for m in marked
        if not m.is_right and m.item.lesson in lessons
    }
    standing = enrolment_progress_or_404(request.user, sheet.course.key, own.quiz_key)
    rule = (
        standing.content.quiz(own.quiz_key) or sheet.quiz
    )  # the next attempt goes by the edition one is on now
    taken = standing.attempts_at(own.quiz_key)
    opens_at = assessment.next_attempt_at(rule, taken[-1].ended_at if taken else None)
    context = {
        "sheet": sheet,
        "course": sheet.course,
        "quiz": sheet.quiz,
        "attempt": own,
        "marks": shown_marks(own.earned or Decimal(0)),
        "percent": shown_percent(own.earned or Decimal(0), own.possible or 0),
        "needed": shown_marks(needed_marks(own.possible or 0, pass_mark_of(own))),
        "marked": [
            (m, items.feedback(m.item, m.answer))
            for m in sorted(marked, key=lambda m: not m.is_sure_and_wrong)
        ],
        "critical_wrong": [m for m in marked if m.item.critical and not m.is_right],
        "sure_wrong": [m for m in marked if m.is_sure_and_wrong],
        "gains": gains_of(standing, own),
        "again": list(again.values()),
        "has_passed": any(one.passed for one in taken),
        "open": next((one for one in taken if one.is_open), None),
        "left": max(0, standing.allowed_at(rule) - len(taken)),
        "opens_at": opens_at if opens_at and opens_at > timezone.now() else None,
        "standing": standing,
    }
    return render(request, "learning/result.html", context)
