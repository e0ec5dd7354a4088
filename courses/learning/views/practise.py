"""Practising what was not right in a final quiz: one item at a time, two tries, no marks.

Nothing is stored: an answer is told what it says, and forgotten.
"""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from courses.assessment.items import BadAnswer
from courses.assessment.models import Attempt
from courses.learning.activities import ActivityState, show_activity
from courses.learning.activity_forms import number_in, own_fields, parse_answer
from courses.learning.practice_queries import practice_after
from courses.learning.step_records import NOTHING_GIVEN, ActivityRecord
from courses.learning.tries import TRIES
from courses.library.content import Block, Course, Item
from courses.library.queries import content_of
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form

NAME = "question"  # what the page calls the item; its key can tell what is right


@dataclass(frozen=True)
class PractisedItem:
    """One item of the practice after an attempt; `number` is its place, from 1, of `total`."""

    attempt: Attempt
    course: Course
    item: Item
    number: int
    total: int

    @property
    def check_path(self) -> str:
        """Where its answer is sent."""
        return reverse("courses:check-practice", args=[self.attempt.key, self.number])

    @property
    def block(self) -> Block:
        """The item as an activity of a lesson, which is shown and answered alike."""
        return Block(kind="check", key=NAME, item=self.item, scene=self.item.scene)


def _practised_or_404(request: SignedInRequest, key: uuid.UUID, number: int) -> PractisedItem:
    own = Attempt.objects.taken_by(request.user).filter(key=key).first()
    if not own:
        raise Http404
    practised = practice_after(own)
    if not 1 <= number <= len(practised):
        raise Http404
    course = content_of(own.edition_id)
    return PractisedItem(own, course, practised[number - 1], number, len(practised))


@require_safe
@signed_in()
def practise(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    here = _practised_or_404(request, attempt, number)
    # An answer that was sent after the session had ended fills the page again.
    unsent = unsent_form(request, here.check_path)
    entered = None
    if unsent is not None:
        entered = parse_answer(here.block, own_fields(unsent, NAME), strict=False)
    return _render(request, here, NOTHING_GIVEN, entered=entered)


@require_POST
@signed_in("courses:practise", "attempt", "number")
def check_practice(request: SignedInRequest, attempt: uuid.UUID, number: int) -> HttpResponse:
    """Says what an answer says: a hint first, and the best answer after the second try."""
    here = _practised_or_404(request, attempt, number)
    fields = own_fields(request.POST, NAME)
    tries = min(number_in(fields, "tries") or 0, TRIES)
    try:
        answer = parse_answer(here.block, fields)
    except BadAnswer as refusal:
        entered = parse_answer(here.block, fields, strict=False)
        record = ActivityRecord(tries=tries)
        return _render(request, here, record, entered=entered, error=str(refusal))
    forget_unsent(request)
    return _render(request, here, ActivityRecord(answer=answer, tries=tries + 1))


def _render(
    request: SignedInRequest,
    here: PractisedItem,
    record: ActivityRecord,
    *,
    entered: object = None,
    error: str = "",
) -> HttpResponse:
    state = ActivityState(
        name=NAME,
        url=here.check_path,
        seed=f"{here.attempt.key}:{here.number}",
        record=record,
        entered=entered,
        error=error,
    )
    context = {
        "here": here,
        "course": here.course,
        "part": show_activity(here.block, state, here.course),
        "block": here.block,
        "next": here.number + 1 if here.number < here.total else None,
    }
    return render(request, "learning/practise.html", context, status=400 if error else 200)
