"""A lesson: its first page, its steps, and the answers to its activities.

What the steps say is in the content; a quiz has files of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment.items import BadAnswer
from courses.learning import lesson_actions
from courses.learning.activities import ActivityState, ShownActivity, show_activity
from courses.learning.activity_forms import activity_called, page_name, parse_answer
from courses.learning.completion import resume_at
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.step_records import step_record
from courses.library import content
from courses.library.citations import uncited
from courses.library.content import Block
from courses.library.queries import content_of
from courses.people.models import User
from courses.signoffs.queries import review_status_in, review_statuses_on
from courses.signoffs.review_status import ReviewStatus
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form


class LessonContext(NamedTuple):
    """The step that an address names, for one learner, in the edition they are pinned to.

    `position` is that of the step, from 1; `review_status` is what clinicians said of the lesson.
    `answers` are the learner's to the activities of the whole lesson, by activity key.
    """

    record: LessonRecord
    course: content.Course
    lesson: content.Lesson
    step: content.Step
    position: int
    review_status: ReviewStatus
    answers: dict[str, object]

    @property
    def arguments(self) -> tuple[str, str, str]:
        """The arguments of the step's address."""
        return self.course.key, self.lesson.key, self.step.key

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


def _lesson_context(user: User, course: str, lesson: str, step: str) -> LessonContext:
    """The learner's own step at this address, in one SQL query; 404 where it is not theirs."""
    found = step_record(user, course, lesson)
    if not found:
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
        review_status=review_status_in(
            enrolment.course_id, enrolment.edition_id, lesson, found.sign_off_count
        ),
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
    here = _lesson_context(request.user, course, lesson, step)
    try:
        lesson_actions.reached_position(here.record, here.lesson, here.step)
    except lesson_actions.NotReached as refusal:
        messages.info(request, str(refusal))
        furthest = here.lesson.steps[here.record.furthest - 1]
        return redirect("courses:step", course, lesson, furthest.key)
    return _render_step(request, here)


def _render_step(
    request: SignedInRequest, here: LessonContext, refused: RefusedAnswers = NOTHING_REFUSED
) -> HttpResponse:
    course, lesson, step = here.course, here.lesson, here.step
    answers = here.answers
    parts = []
    for block in step.blocks:
        if block.is_activity:
            state = _activity_state(request, here, block, answers.get(block.key), refused)
            parts.append(show_activity(block, state, course))
        else:
            parts.append(ShownActivity(block))
    errors = refused.errors.items()
    context = {
        # what a step says is kept rendered by its edition: see `{% cache %}` in the template
        "edition_id": here.record.enrolment.edition_id,
        "course": course,
        "lesson": lesson,
        "review_status": here.review_status,
        "step": step,
        "position": here.position,
        "total": len(lesson.steps),
        "positions": range(1, len(lesson.steps) + 1),
        # Positions count from 1 and indexes from 0.
        "previous": lesson.steps[here.position - 2] if here.position > 1 else None,
        "is_last": here.position == len(lesson.steps),
        "parts": parts,
        "errors": [(page_name(lesson.key, key), message) for key, message in errors],
        "terms": [(key, course.glossary[key]) for key in step.terms],
        "furthest": here.record.furthest,
        "skip_to": _skip_to(here, answers),
    }
    status = 400 if refused.errors else 200
    return render(request, "learning/step.html", context, status=status)


def _activity_state(
    request: SignedInRequest,
    here: LessonContext,
    block: Block,
    saved: object,
    refused: RefusedAnswers,
) -> ActivityState:
    """What the page needs of one activity, with a form sent after the session had ended."""
    name = page_name(here.lesson.key, block.key)
    url = reverse("courses:answer-activity", args=[*here.arguments, name])
    entered = refused.entered.get(block.key)
    unsent = None
    if block.key not in refused.entered:
        # A page opened before activities had opaque names was sent to the author's name.
        former_url = reverse("courses:answer-activity", args=[*here.arguments, block.key])
        unsent = unsent_form(request, url) or unsent_form(request, former_url)
    if unsent is not None:
        entered = parse_answer(block, unsent, strict=False)
    return ActivityState(
        name=name,
        url=url,
        seed=f"{request.user.pk}:{here.lesson.key}",
        saved=saved,
        entered=entered,
        error=refused.errors.get(block.key, ""),
        is_restored=unsent is not None,
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
    """Continue: to the next step, or after the last one to the page that ends the lesson."""
    here = _lesson_context(request.user, course, lesson, step)
    try:
        following = _move_on(request, here)
    except lesson_actions.NotReached as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:lesson", course, lesson)
    if following is None:
        return redirect("courses:lesson-done", course, lesson)
    return redirect("courses:step", course, lesson, following.key)


def _move_on(request: SignedInRequest, here: LessonContext) -> content.Step | None:
    """Finishes the step, or skips the next ones where that was the button; None after the last."""
    now = timezone.now()
    if "skip" not in request.POST:
        return lesson_actions.finish_step(here.record, here.lesson, here.step, here.answers, now)
    return lesson_actions.skip_steps(here.record, here.lesson, here.step, here.answers, now)


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def answer_activity(
    request: SignedInRequest, course: str, lesson: str, step: str, activity: str
) -> HttpResponse:
    """Saves the answer and shows the step again, at the feedback to it.

    A form that is rejected keeps what was typed.
    """
    here = _lesson_context(request.user, course, lesson, step)
    block = activity_called(here.step, lesson, activity)
    if not block or not here.is_reached:
        raise Http404
    try:
        answer = parse_answer(block, request.POST)
    except BadAnswer as refusal:
        entered = parse_answer(block, request.POST, strict=False)
        refused = RefusedAnswers({block.key: str(refusal)}, {block.key: entered})
        return _render_step(request, here, refused)
    enrolment = here.record.enrolment
    lesson_actions.answer_activity(enrolment, lesson, block.key, answer, timezone.now())
    forget_unsent(request)
    # At the feedback, so that the browser scrolls there and a screen reader begins there.
    feedback = f"#{page_name(lesson, block.key)}-said"
    return redirect(reverse("courses:step", args=here.arguments) + feedback)
