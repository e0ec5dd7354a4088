"""The activities of a step: answering one, and saving what stands in its form.

A form is answered with the step's page, a script with the inside of the activity alone.
"""

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment.forms import event_in
from courses.assessment.items import BadAnswer
from courses.learning import draft_actions, lesson_actions
from courses.learning.activity_forms import activity_called, number_in, own_fields, parse_answer
from courses.learning.draft_actions import Entry
from courses.learning.step_forms import entries_in, entry_in, too_long_message
from courses.learning.views.lesson import (
    LessonContext,
    RefusedAnswers,
    entered_in_step,
    forget_unsent_forms,
    lesson_context,
    render_step,
    show_one,
)
from courses.library.content import Block
from courses.web import dates
from courses.web.access import SignedInRequest, signed_in, wants_json


def _reached_activity(here: LessonContext, name: str) -> Block:
    block = activity_called(here.step, here.lesson.key, name)
    if not block or not here.is_reached:
        raise Http404
    return block


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def answer_activity(
    request: SignedInRequest, course: str, lesson: str, step: str, activity: str
) -> HttpResponse:
    """Answers an activity, and saves what else stands in the form of its step.

    A form that is rejected keeps what was typed.
    """
    here = lesson_context(request, course, lesson, step)
    block = _reached_activity(here, activity)
    fields = own_fields(request.POST, here.name_of(block))
    try:
        answer = parse_answer(block, fields)
    except BadAnswer as refusal:
        entered = entered_in_step(here, request.POST)
        entered[block.key] = parse_answer(block, fields, strict=False)
        return _refuse(request, here, block, RefusedAnswers({block.key: str(refusal)}, entered))
    now = timezone.now()
    enrolment = here.record.enrolment
    entries = entries_in(here.step, lesson, request.POST, here.activities)
    if block.item:
        entries.pop(block.key, None)
    else:
        # What two devices wrote at once is found by the draft, so a text that is sent has one.
        entries[block.key] = entry_in(block, fields)
    draft_actions.save_step(enrolment, lesson, entries, now)
    tries_seen = number_in(fields, "tries")
    lesson_actions.answer_activity(enrolment, lesson, block.key, answer, now, tries_seen=tries_seen)
    forget_unsent_forms(request, here)
    if wants_json(request):
        return _reply(request, lesson_context(request, course, lesson, step), block)
    # At the feedback, so that the browser scrolls there and a screen reader begins there.
    return redirect(reverse("courses:step", args=here.arguments) + f"#{here.name_of(block)}-said")


def _refuse(
    request: SignedInRequest, here: LessonContext, block: Block, refused: RefusedAnswers
) -> HttpResponse:
    if wants_json(request):
        return _reply(request, here, block, refused)
    return render_step(request, here, refused)


def _reply(
    request: SignedInRequest,
    here: LessonContext,
    block: Block,
    refused: RefusedAnswers | None = None,
) -> JsonResponse:
    """The inside of one activity, for the script that takes it in place of what stands there."""
    part = show_one(request, here, block, refused)
    context = {"part": part, "course": here.course, "lesson": here.lesson, "step": here.step}
    html = render_to_string("learning/_answer.html", context, request)
    saved = dates.clock(part.saved_at) if part.saved_at and not refused else ""
    reply = {"html": html, "saved": saved, "is_open": part.is_open}
    return JsonResponse(reply, status=400 if refused else 200)


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def save_draft(
    request: SignedInRequest, course: str, lesson: str, step: str, activity: str
) -> HttpResponse:
    """Saves what stands in the form of an activity, as it is given; it answers nothing that tells.

    A form comes here by the button that drops texts which were overwritten from elsewhere.
    """
    here = lesson_context(request, course, lesson, step)
    block = _reached_activity(here, activity)
    fields = own_fields(request.POST, here.name_of(block))
    if not wants_json(request):
        return _forget_replaced(request, here, block)
    try:
        entry = _sent_entry(request, block, fields)
    except BadAnswer as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    if message := too_long_message(block, fields):
        return JsonResponse({"error": message}, status=400)
    now = timezone.now()
    draft = draft_actions.save_draft(here.record.enrolment, lesson, block.key, entry, now)
    saved = {"saved": dates.clock(draft.saved_at), "sequence": draft.sequence}
    return JsonResponse({**saved, "replaced": draft.replaced})


def _sent_entry(request: SignedInRequest, block: Block, fields: QueryDict) -> Entry:
    """What a script sent: its own number of the change, and the id by which a repeat is known.

    Raises:
        BadAnswer: the number or the id is missing.
    """
    event = event_in(request.POST)
    entry = entry_in(block, fields)
    return Entry(entry.entered, event.sequence, event.event_id, entry.answer)


def _forget_replaced(request: SignedInRequest, here: LessonContext, block: Block) -> HttpResponse:
    enrolment, lesson, now = here.record.enrolment, here.lesson.key, timezone.now()
    entries = entries_in(here.step, lesson, request.POST, here.activities)
    draft_actions.save_step(enrolment, lesson, entries, now)
    fields = own_fields(request.POST, here.name_of(block))
    if fields.get("forget"):
        draft_actions.forget_replaced(enrolment, lesson, block.key)
    return redirect(reverse("courses:step", args=here.arguments) + f"#{here.name_of(block)}")
