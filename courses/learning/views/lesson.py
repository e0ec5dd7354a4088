"""A lesson: its first page, its steps, and the answers to its activities. What the steps say is in the content."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.assessment.items import BadAnswer
from courses.learning import actions
from courses.learning.activities import activity_called, answer_in, page_name, shown_activity
from courses.learning.completion import resume_at
from courses.learning.models import Enrolment, LessonRecord
from courses.learning.queries import enrolment_progress_or_404
from courses.learning.step_records import step_record
from courses.library import content
from courses.library.queries import content_of
from courses.people.models import User
from courses.signoffs.queries import review_status_in, review_statuses_on
from courses.signoffs.review_status import ReviewStatus
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form


class CohortMembership(NamedTuple):
    """Where a learner is: their enrolment and record, and the lesson and step of the edition they are pinned to.

    `review_status` is what clinicians say of the lesson; `answers` are the learner's to the
    activities of the whole lesson, by activity key.
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
        return self.course.key, self.lesson.key, self.step.key


def _own_enrolment(user: User, course: str) -> Enrolment:
    found = (
        Enrolment.objects.held_by(user).filter(course__key=course).select_related("course").first()
    )
    if not found:
        raise Http404
    return found


def _lesson_of(course: content.Course, key: str) -> content.Lesson:
    found = course.lesson(key)
    if not found:
        raise Http404
    return found


def _place(user: User, course: str, lesson: str, step: str) -> CohortMembership:
    """The learner's place, in one SQL query."""
    found = step_record(user, course, lesson)
    if not found:
        raise Http404
    enrolment = found.record.enrolment
    edition_id = enrolment.edition_id
    edition = content_of(edition_id)
    lesson_content = _lesson_of(edition, lesson)
    position = lesson_content.position(step)
    if position is None:
        raise Http404
    review_status = review_status_in(enrolment.course_id, edition_id, lesson, found.sign_off_count)
    step_content = lesson_content.steps[position - 1]
    return CohortMembership(
        found.record,
        edition,
        lesson_content,
        step_content,
        position,
        review_status,
        found.answers,
    )


def _resume(record: LessonRecord, lesson: content.Lesson) -> str:
    return lesson.steps[resume_at(lesson, record.step_key, record.furthest) - 1].key


@require_safe
@signed_in()
def lesson(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """Straight to the step where the learner carries on.

    The lesson's first page when it was not begun, or is completed.
    """
    enrolment = _own_enrolment(request.user, course)
    edition = content_of(enrolment.edition_id)
    found = _lesson_of(edition, lesson)
    record = LessonRecord.objects.filter(enrolment=enrolment, lesson_key=lesson).first()
    if record and not record.completed_at:
        return redirect("courses:step", course, lesson, _resume(record, found))
    changed = bool(record and record.version < found.version)
    review_status = review_statuses_on(enrolment.course_id, enrolment.edition_id)[lesson]
    context = {
        "course": edition,
        "lesson": found,
        "record": record,
        "changed": changed,
        "review_status": review_status,
    }
    return render(request, "learning/lesson.html", context)


@require_POST
@signed_in("courses:lesson", "course", "lesson")
def begin_lesson(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    enrolment = _own_enrolment(request.user, course)
    found = _lesson_of(content_of(enrolment.edition_id), lesson)
    record = actions.begin_lesson(enrolment, found, timezone.now())
    return redirect("courses:step", course, lesson, _resume(record, found))


@require_safe
@signed_in()
def step(request: SignedInRequest, course: str, lesson: str, step: str) -> HttpResponse:
    place = _place(request.user, course, lesson, step)
    try:
        actions.reached_position(place.record, place.lesson, place.step)
    except actions.NotReached as refusal:
        messages.info(request, str(refusal))
        return redirect(
            "courses:step", course, lesson, place.lesson.steps[place.record.furthest - 1].key
        )
    return _render_step(request, place)


def _render_step(
    request: SignedInRequest,
    place: CohortMembership,
    wrong: dict[str, str] | None = None,
    typed: dict[str, object] | None = None,
) -> HttpResponse:
    """The step; `wrong` is an error by activity key, `typed` what was sent with it and could not be kept."""
    answers = place.answers
    parts = []
    for block in place.step.blocks:
        name = url = ""
        unsent = None
        if block.is_activity:
            name = page_name(place.lesson.key, block.key)
            url = reverse("courses:answer-activity", args=[*place.arguments, name])
            # A page opened before activities had opaque names sent the author's.
            former = reverse("courses:answer-activity", args=[*place.arguments, block.key])
            if block.key not in (typed or {}):
                unsent = unsent_form(request, url) or unsent_form(request, former)
        entered = (typed or {}).get(block.key)
        if unsent is not None:
            entered = answer_in(block, unsent, strict=False)
        error = (wrong or {}).get(block.key, "")
        seed = f"{request.user.pk}:{place.lesson.key}"
        restored = unsent is not None
        answer = answers.get(block.key)
        parts.append(
            shown_activity(block, answer, entered, place.course, seed, url, error, restored, name)
        )
    steps = place.lesson.steps
    context = {
        # what a step says is kept rendered by the edition's number: see `{% cache %}` in the template
        "edition_id": place.record.enrolment.edition_id,
        "course": place.course,
        "lesson": place.lesson,
        "review_status": place.review_status,
        "step": place.step,
        "position": place.position,
        "total": len(steps),
        "positions": range(1, len(steps) + 1),
        "previous": steps[place.position - 2] if place.position > 1 else None,
        "is_last": place.position == len(steps),
        "parts": parts,
        "errors": [(page_name(place.lesson.key, key), text) for key, text in (wrong or {}).items()],
        "references": [
            (n, place.course.publications[key]) for n, key in enumerate(place.step.publications, 1)
        ],
        "terms": [(key, place.course.glossary[key]) for key in place.step.terms],
        "furthest": place.record.furthest,
        "skip_to": _skip_to(place, answers),
    }
    return render(request, "learning/step.html", context, status=400 if wrong else 200)


def _skip_to(place: CohortMembership, answers: dict[str, object]) -> content.Step | None:
    """Where somebody may go on who has shown that they know the next steps; None for everybody else."""
    out = place.lesson.test_out
    if out is None or not actions.has_tested_out(place.lesson, place.step, answers):
        return None
    return place.lesson.steps[(place.lesson.position(out.to) or 1) - 1]


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def finish_step(request: SignedInRequest, course: str, lesson: str, step: str) -> HttpResponse:
    """Continue: to the next step, or after the last to what the lesson's end says."""
    place = _place(request.user, course, lesson, step)
    now = timezone.now()
    try:
        if "skip" in request.POST:
            following: content.Step | None = actions.skip_steps(
                place.record, place.lesson, place.step, place.answers, now
            )
        else:
            following = actions.finish_step(place.record, place.lesson, place.step, now)
    except actions.NotReached as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:lesson", course, lesson)
    if following is not None:
        return redirect("courses:step", course, lesson, following.key)
    return redirect("courses:lesson-done", course, lesson)


@require_safe
@signed_in()
def lesson_done(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """The end of a lesson: what is done, and the one next thing."""
    standing = enrolment_progress_or_404(request.user, course)
    mine = next((one for one in standing.progress.lessons if one.lesson.key == lesson), None)
    if not mine or not mine.is_completed:
        raise Http404
    context = {
        "course": standing.content,
        "standing": standing,
        "lesson": mine.lesson,
        "progress": standing.progress,
    }
    return render(request, "learning/lesson_done.html", context)


@require_POST
@signed_in("courses:step", "course", "lesson", "step")
def answer_activity(
    request: SignedInRequest, course: str, lesson: str, step: str, activity: str
) -> HttpResponse:
    """Keeps the answer and shows the step again, at what is said to it; a wrong form keeps what was typed."""
    place = _place(request.user, course, lesson, step)
    block = activity_called(place.step, lesson, activity)
    if not block or (place.position > place.record.furthest and not place.record.completed_at):
        raise Http404
    try:
        answer = answer_in(block, request.POST)
    except BadAnswer as refusal:
        typed = answer_in(block, request.POST, strict=False)
        return _render_step(request, place, {block.key: str(refusal)}, {block.key: typed})
    actions.answer_activity(place.record.enrolment, lesson, block.key, answer, timezone.now())
    forget_unsent(request)
    said = f"#{page_name(lesson, block.key)}-said"
    return redirect(reverse("courses:step", args=place.arguments) + said)
