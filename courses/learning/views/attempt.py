"""An attempt at a quiz: its items, saving, and handing in.

Beginning one is in `quiz`, what came of it in `result`.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment import actions as assessment
from courses.assessment.forms import answer_from_page, event_in, presented_on_page
from courses.assessment.items import Answer, BadAnswer, PresentedItem
from courses.assessment.models import Attempt, Certainty
from courses.assessment.queries import (
    AttemptSheet,
    SavedAnswer,
    sheet_of,
)
from courses.learning import actions
from courses.practice.queries import drawing_of
from courses.web import dates
from courses.web.access import SignedInRequest, signed_in, wants_json
from courses.web.unsent_forms import forget_unsent, unsent_form


def _own_attempt(request: SignedInRequest, key: uuid.UUID) -> Attempt:
    own = Attempt.objects.taken_by(request.user).filter(key=key).first()
    if not own:
        raise Http404
    return own


def _takes_answers(own: Attempt) -> bool:
    """Whether it is open and its time is not over.

    One whose time is over is closed by the next press of its learner or by the timer; looking
    at it changes nothing.
    """
    if own.is_over(timezone.now()):
        return False
    return own.state == Attempt.State.OPEN


@require_safe
@signed_in()
def attempt(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    """Redirects to the first item without an answer, the list before handing in, or the result."""
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        return redirect("courses:result", attempt)
    unanswered = sheet_of(own).unanswered
    if unanswered:
        return redirect("courses:item", attempt, unanswered[0])
    return redirect("courses:review-attempt", attempt)


@dataclass(frozen=True)
class ShownItem:
    """One item as its form shows it, without anything that says what is right.

    `kept` is the answer saved so far, None for none; `event_id` identifies the next change of it.
    """

    number: int
    presented: PresentedItem
    kept: SavedAnswer | None
    is_answered: bool
    drawing: str = ""
    # Sent twice over a bad connection, a change is still saved once.
    event_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def sequence(self) -> int:
        """The sequence number of the next change of the answer, from 1."""
        # A page opened earlier sends a lower one, and cannot overwrite a newer answer.
        return self.kept.sequence + 1 if self.kept else 1

    @property
    def prefix(self) -> str:
        """What the ids of its fields begin with."""
        return f"item-{self.number}"


@require_safe
@signed_in()
def item(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        # Where it is not closed yet, the next page itself says that the time was over.
        if own.state != Attempt.State.OPEN:
            reason = "The time was over" if own.expired else "This quiz was handed in already"
            messages.info(request, f"{reason}. Here is what came of it.")
        return redirect("courses:result", attempt)
    sheet = sheet_of(own)
    if not 1 <= number <= len(sheet.items):
        raise Http404
    # A form that was sent after the session had ended fills the page again.
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
    status: int = 200,
) -> HttpResponse:
    """The page of all items, with the one at `number` in sight.

    The others are there so that a script can move between them without the network. `entered`
    is an answer to this item that was sent and not saved, `error` why.
    """
    numbers = range(1, len(sheet.items) + 1)
    context = {
        "has_cards": any(item.cards for item in sheet.items),  # which scripts the page loads
        "sheet": sheet,
        "course": sheet.course,
        "quiz": sheet.quiz,
        "number": number,
        "total": len(sheet.items),
        "shown": [_shown_item(sheet, n, entered if n == number else None) for n in numbers],
        "levels": Certainty.choices,
        "is_restored": entered is not None and not error,
        "error": error,
    }
    return render(request, "learning/item.html", context, status=status)


def _shown_item(sheet: AttemptSheet, number: int, entered: Answer | None) -> ShownItem:
    item = sheet.items[number - 1]
    kept = sheet.kept.get(item.key)
    answer: Any = entered
    if answer is None and kept:
        answer = kept.answer
    scene = sheet.course.scene(item.scene) if item.scene else None
    return ShownItem(
        number=number,
        presented=presented_on_page(item, sheet.order(number), answer),
        kept=kept,
        is_answered=sheet.is_answered(item),
        drawing=drawing_of(scene, str(number)) if scene else "",
    )


@require_POST
@signed_in("courses:item", "attempt", "number")
def save_response(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    """Saves one answer.

    A script gets JSON; a form goes on to the next item, or stays and says what is wrong.
    """
    own = _own_attempt(request, attempt)
    # This press closes it if its time is over; saving then says why nothing was saved.
    if own.is_over(timezone.now()):
        actions.close_expired_attempt(own.pk, timezone.now())
    if not 1 <= number <= len(own.items):
        raise Http404
    item = assessment.drawn_item(own, number)
    answer = None
    saved_at = None
    try:
        answer = answer_from_page(item, request.POST)
        event = event_in(request.POST)
        if answer is None and own.responses.filter(item_key=item.key).exists():
            answer = []  # everything chosen before was taken away: that is the newest answer
        if answer is not None:
            saved_at = assessment.save_response(
                request.user, attempt, item.key, answer, event, timezone.now()
            )
    except (BadAnswer, assessment.Refused) as refusal:
        return _refuse(request, own, number, refusal, answer)
    forget_unsent(request)
    if not wants_json(request):
        return _next_item(own, number)
    if saved_at is None:
        return JsonResponse({"error": "Choose an option first."}, status=400)
    return JsonResponse({"saved": dates.clock(saved_at)})


def _next_item(own: Attempt, number: int) -> HttpResponse:
    if number < len(own.items):
        return redirect("courses:item", own.key, number + 1)
    return redirect("courses:review-attempt", own.key)


def _refuse(
    request: SignedInRequest, own: Attempt, number: int, refusal: Exception, answer: Answer | None
) -> HttpResponse:
    """Says plainly why an answer was not saved.

    400 for an answer that cannot be, 409 for one that came too late.
    """
    status = 400 if isinstance(refusal, BadAnswer) else 409
    if wants_json(request):
        return JsonResponse({"error": str(refusal)}, status=status)
    if isinstance(refusal, assessment.NotOpen):
        messages.warning(request, str(refusal))
        return redirect("courses:result", own.key)
    return _render_item(
        request, sheet_of(own), number, entered=answer, error=str(refusal), status=status
    )


@require_safe
@signed_in()
def review(request: SignedInRequest, attempt: uuid.UUID) -> HttpResponse:
    """Before handing in: every item, answered or not, and what handing in means."""
    own = _own_attempt(request, attempt)
    if not _takes_answers(own):
        return redirect("courses:result", attempt)
    sheet = sheet_of(own)
    numbered = enumerate(sheet.items, 1)
    rows = [(number, item, sheet.is_answered(item)) for number, item in numbered]
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
