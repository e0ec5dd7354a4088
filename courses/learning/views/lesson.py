"""A lesson: its first page, its steps, and going on through them.

What the steps say is in the content; answering their activities is in `activity`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.learning import lesson_actions
from courses.learning.activities import ActivityState, ShownActivity, show_activity
from courses.learning.activity_forms import activity_called, blank_form, entered_in, page_name
from courses.learning.completion import resume_at
from courses.learning.draft_actions import save_step
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.shown_cards import ShownCard, show_cards
from courses.learning.step_forms import activities_in, entries_in, too_long_texts
from courses.learning.step_records import NOTHING_GIVEN, ActivityRecord, step_record
from courses.library import content
from courses.library.citations import uncited
from courses.library.content import Block
from courses.library.queries import content_of
from courses.people.models import User
from courses.signoffs.queries import review_statuses_on
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form, user_token


class LessonContext(NamedTuple):
    """The step that an address names, for one learner, in the edition they are pinned to.

    `position` is that of the step, from 1. `activities` are what the learner gave to those of the
    whole lesson, by activity key, and `answers` their answers.
    """

    record: LessonRecord
    course: content.Course
    lesson: content.Lesson
    step: content.Step
    position: int
    activities: dict[str, ActivityRecord]
    answers: dict[str, object]

    @property
    def arguments(self) -> tuple[str, str, str]:
        """The arguments of the step's address."""
        return self.course.key, self.lesson.key, self.step.key

    def name_of(self, block: Block) -> str:
        """What pages call an activity of the lesson."""
        return page_name(self.lesson.key, block.key)

    @property
    def form_paths(self) -> list[str]:
        """Where the form of the step is sent to by its buttons, Continue first."""
        paths = [reverse("courses:finish-step", args=self.arguments)]
        for block in self.step.blocks:
            if not block.is_activity:
                continue
            # A page opened before activities had opaque names was sent to the author's name.
            for name in (block.key, self.name_of(block)):
                paths.append(reverse("courses:answer-activity", args=[*self.arguments, name]))
        return paths

    @property
    def is_reached(self) -> bool:
        """Whether the learner may read the step."""
        if self.record.completed_at:
            return True
        return self.position <= self.record.furthest


@dataclass(frozen=True)
class RefusedAnswers:
    """Answers that came with a form and were not saved.

    Both are by activity key: `errors` says why, `entered` is what to fill the form with again.
    """

    errors: Mapping[str, str] = field(default_factory=dict)
    entered: Mapping[str, object] = field(default_factory=dict)


NOTHING_REFUSED = RefusedAnswers()


def _own_enrolment(user: User, course: str) -> Enrolment:
    enrolments = Enrolment.objects.held_by(user).filter(course__key=course)
    enrolment = enrolments.select_related("course").first()
    if not enrolment:
        raise Http404
    return enrolment


def _lesson_or_404(course: content.Course, key: str) -> content.Lesson:
    lesson = course.lesson(key)
    if not lesson:
        raise Http404
    return lesson


def lesson_context(request: SignedInRequest, course: str, lesson: str, step: str) -> LessonContext:
    """The learner's own step at this address, in one SQL query; 404 where it is not theirs."""
    found = step_record(request.user, course, lesson)
    # A page that somebody else left open in this browser sends their name: see `step.html`.
    owner = request.POST.get("owner")
    if not found or owner not in (None, user_token(request.user)):
        raise Http404
    record = found.record
    enrolment = record.enrolment
    edition = content_of(enrolment.edition_id)
    lesson_content = _lesson_or_404(edition, lesson)
    position = lesson_content.position(step)
    if position is None:
        raise Http404
    return LessonContext(
        record=record,
        course=edition,
        lesson=lesson_content,
        step=uncited(edition, lesson_content.steps[position - 1]),
        position=position,
        activities=found.activities,
        answers=found.answers,
    )


def _resume_key(record: LessonRecord, lesson: content.Lesson) -> str:
    """The key of the step where the learner carries on."""
    position = resume_at(lesson, record.step_key, record.furthest)
    return lesson.steps[position - 1].key


@require_safe
@signed_in()
def lesson(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """Redirects to where the learner carries on: a step, or the end with what is left to try.

    The lesson's first page where it was not begun, or is completed.
    """
    enrolment = _own_enrolment(request.user, course)
    edition = content_of(enrolment.edition_id)
    lesson_content = _lesson_or_404(edition, lesson)
    record = LessonRecord.objects.filter(enrolment=enrolment, lesson_key=lesson).first()
    if record and lesson_actions.is_at_end(record):
        return redirect("courses:lesson-done", course, lesson)
    # A completed lesson has a page to read it again from, instead of a place to carry on.
    if record and not record.completed_at:
        return redirect("courses:step", course, lesson, _resume_key(record, lesson_content))
    review_statuses = review_statuses_on(enrolment.course_id, enrolment.edition_id)
    context = {
        "course": edition,
        "lesson": lesson_content,
        "record": record,
        # It was completed in an older version: the page asks to look at it again.
        "changed": bool(record and record.version < lesson_content.version),
        "review_status": review_statuses[lesson],
    }
    return render(request, "learning/lesson.html", context)


@require_POST
@signed_in("courses:lesson", "course", "lesson")
def begin_lesson(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    enrolment = _own_enrolment(request.user, course)
    lesson_content = _lesson_or_404(content_of(enrolment.edition_id), lesson)
    record = lesson_actions.begin_lesson(enrolment, lesson_content, timezone.now())
    return redirect("courses:step", course, lesson, _resume_key(record, lesson_content))


@require_safe
@signed_in()
def step(request: SignedInRequest, course: str, lesson: str, step: str) -> HttpResponse:
    here = lesson_context(request, course, lesson, step)
    try:
        lesson_actions.reached_position(here.record, here.lesson, here.step)
    except lesson_actions.NotReached as refusal:
        messages.info(request, str(refusal))
        furthest = here.lesson.steps[here.record.furthest - 1]
        return redirect("courses:step", course, lesson, furthest.key)
    return render_step(request, here)


def render_step(
    request: SignedInRequest, here: LessonContext, refused: RefusedAnswers = NOTHING_REFUSED
) -> HttpResponse:
    course, lesson, step = here.course, here.lesson, here.step
    parts = _shown_parts(request, here, refused)
    errors = refused.errors.items()
    cards = show_cards(lesson, here.position, parts)
    context = {
        # what a step says is kept rendered by its edition: see `{% cache %}` in the template
        "edition_id": here.record.enrolment.edition_id,
        "course": course,
        "lesson": lesson,
        "step": step,
        "position": here.position,
        "total": len(lesson.steps),
        "positions": range(1, len(lesson.steps) + 1),
        # Positions count from 1 and indexes from 0.
        "previous": lesson.steps[here.position - 2] if here.position > 1 else None,
        "is_last": here.position == len(lesson.steps),
        "cards": cards,
        "first_card": _first_card(cards),
        "can_test_out": bool(lesson.test_out and lesson.test_out.step == step.key),
        # Which scripts the page loads.
        "has_activities": any(part.name for part in parts),
        "has_cards": any(part.presented and part.presented.cards for part in parts),
        "errors": [(page_name(lesson.key, key), message) for key, message in errors],
        "terms": [(key, course.glossary[key]) for key in step.terms],
        "furthest": here.record.furthest,
        "skip_to": _skip_to(here, here.answers),
        # By it a form is refused that is sent after somebody else has signed in here.
        "owner": user_token(request.user),
    }
    status = 400 if refused.errors else 200
    return render(request, "learning/step.html", context, status=status)


def _shown_parts(
    request: SignedInRequest, here: LessonContext, refused: RefusedAnswers
) -> list[ShownActivity]:
    unsent = _unsent_fields(request, here)
    parts = []
    for block in here.step.blocks:
        if block.is_activity:
            state = _activity_state(request, here, block, refused, unsent.get(block.key))
            parts.append(show_activity(block, state, here.course))
        else:
            parts.append(ShownActivity(block))
    return parts


def _first_card(cards: Sequence[ShownCard]) -> int:
    """The number, from 1, of the card that comes into view: the first with a form not saved."""
    for number, card in enumerate(cards, 1):
        if card.needs_attention:
            return number
    return 1


class UnsentFields(NamedTuple):
    """The fields of an activity in a form that was sent to `path` after the session had ended."""

    path: str
    fields: QueryDict


def _unsent_fields(request: SignedInRequest, here: LessonContext) -> dict[str, UnsentFields]:
    """What was sent from this step after the session had ended, by activity key."""
    unsent = {}
    for path in here.form_paths:
        data = unsent_form(request, path)
        if data is None:
            continue
        for block, fields in activities_in(here.step, here.lesson.key, data):
            unsent[block.key] = UnsentFields(path, fields)
        # A page opened before a step had one form sent the fields of one activity alone.
        alone = activity_called(here.step, here.lesson.key, path.rstrip("/").split("/")[-2])
        if alone and alone.key not in unsent:
            unsent[alone.key] = UnsentFields(path, data)
    return unsent


def forget_unsent_forms(request: SignedInRequest, here: LessonContext) -> None:
    """Drops what was sent from this step after the session had ended: it is saved now."""
    forget_unsent(request, *here.form_paths)


def entered_in_step(here: LessonContext, data: QueryDict) -> dict[str, object]:
    """What stands in a form that was refused, by activity key, to fill it with again."""
    entered: dict[str, object] = {}
    for block, fields in activities_in(here.step, here.lesson.key, data):
        entered[block.key] = entered_in(block, fields)
    return entered


def show_one(
    request: SignedInRequest,
    here: LessonContext,
    block: Block,
    refused: RefusedAnswers | None = None,
) -> ShownActivity:
    """One activity of the step as its page shows it."""
    state = _activity_state(request, here, block, refused or NOTHING_REFUSED)
    return show_activity(block, state, here.course)


def _activity_state(
    request: SignedInRequest,
    here: LessonContext,
    block: Block,
    refused: RefusedAnswers,
    unsent: UnsentFields | None = None,
) -> ActivityState:
    """What the page needs of one activity, with a form sent after the session had ended."""
    name = here.name_of(block)
    record = here.activities.get(block.key, NOTHING_GIVEN)
    entered = refused.entered.get(block.key)
    unsent_path = ""
    if unsent and block.key not in refused.entered:
        restored = entered_in(block, unsent.fields)
        if restored != (blank_form(block) if record.filled is None else record.filled):
            entered, unsent_path = restored, unsent.path
    return ActivityState(
        name=name,
        url=reverse("courses:answer-activity", args=[*here.arguments, name]),
        draft_url=reverse("courses:save-draft", args=[*here.arguments, name]),
        seed=f"{request.user.pk}:{here.lesson.key}",
        record=record,
        entered=entered,
        error=refused.errors.get(block.key, ""),
        unsent_path=unsent_path,
    )


def _skip_to(here: LessonContext, answers: dict[str, object]) -> content.Step | None:
    """The step that a learner may skip to who has shown that they know the next ones; else None."""
    test_out = here.lesson.test_out
    if test_out is None or not lesson_actions.has_tested_out(here.lesson, here.step, answers):
        return None
    position = here.lesson.position(test_out.to) or 1
    return here.lesson.steps[position - 1]


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def finish_step(request: SignedInRequest, course: str, lesson: str, step: str) -> HttpResponse:
    """Continue: to the next step, or after the last one to the page that ends the lesson.

    What stands in the step's form is saved with it.
    """
    here = lesson_context(request, course, lesson, step)
    errors = too_long_texts(here.step, lesson, request.POST)
    if errors:
        return render_step(
            request, here, RefusedAnswers(errors, entered_in_step(here, request.POST))
        )
    _save_form(request, here)
    if "stay" in request.POST:
        return redirect("courses:step", course, lesson, step)
    try:
        following = _move_on(request, here)
    except lesson_actions.NotReached as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:lesson", course, lesson)
    if following is None:
        return redirect("courses:lesson-done", course, lesson)
    return redirect("courses:step", course, lesson, following.key)


def _save_form(request: SignedInRequest, here: LessonContext) -> None:
    if not here.is_reached:
        return
    entries = entries_in(
        here.step, here.lesson.key, request.POST, here.activities, is_continue=True
    )
    save_step(here.record.enrolment, here.lesson.key, entries, timezone.now())
    forget_unsent_forms(request, here)


def _move_on(request: SignedInRequest, here: LessonContext) -> content.Step | None:
    """Finishes the step, or skips the next ones where that was the button; None after the last."""
    now = timezone.now()
    if "skip" not in request.POST:
        return lesson_actions.finish_step(here.record, here.lesson, here.step, here.answers, now)
    return lesson_actions.skip_steps(here.record, here.lesson, here.step, here.answers, now)
