"""The end of a lesson: what is still to try or, once it is completed, what to take along."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.learning import lesson_actions
from courses.learning.activity_forms import page_name
from courses.learning.completion import UntriedCheck
from courses.learning.plans import Plan, answers_of, plans_in
from courses.learning.queries import EnrolmentProgress, enrolment_progress_or_404
from courses.learning.step_records import StepRecord, step_record
from courses.library import content
from courses.library.content import Lesson, Step
from courses.pathways.queries import local_pathways_for
from courses.people.models import User
from courses.web.access import SignedInRequest, signed_in


class LeftToTry(NamedTuple):
    """A step with checks to try: how many, and what its page calls the first of them."""

    step: Step
    checks: int
    name: str


class PlanPlace(NamedTuple):
    """Where a lesson asks for a plan: the step, and what its page calls the activity."""

    step: Step
    name: str


@require_safe
@signed_in()
def lesson_done(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """What the lesson leaves with its learner, and the one next thing.

    Where checks are left to try, these instead, each with a link to its step. 404 before the last
    step was finished.
    """
    enrolment_progress = enrolment_progress_or_404(request.user, course)
    edition = enrolment_progress.content
    lesson_content = edition.lesson(lesson)
    stored = step_record(request.user, course, lesson)
    if not lesson_content or not stored:
        raise Http404
    if lesson_actions.is_completed(stored.record, lesson_content):
        return _render_done(request, enrolment_progress, lesson_content)
    if lesson_actions.is_at_end(stored.record):
        return _render_not_yet(request, edition, lesson_content, stored)
    raise Http404


def _render_not_yet(
    request: SignedInRequest, course: content.Course, lesson: Lesson, stored: StepRecord
) -> HttpResponse:
    untried = lesson_actions.checks_to_try(lesson, stored.answers)
    context = {
        "course": course,
        "lesson": lesson,
        "untried": len(untried),
        "left": _by_step(lesson, untried),
        "last_step": lesson.steps[-1],
    }
    return render(request, "learning/lesson_not_yet.html", context)


def _by_step(lesson: Lesson, untried: list[UntriedCheck]) -> list[LeftToTry]:
    """One row for each step with checks to try, in the lesson's order."""
    rows: dict[str, LeftToTry] = {}
    for check in untried:
        first = LeftToTry(check.step, 0, page_name(lesson.key, check.block.key))
        row = rows.get(check.step.key, first)
        rows[check.step.key] = row._replace(checks=row.checks + 1)
    return list(rows.values())


def _render_done(
    request: SignedInRequest, enrolment_progress: EnrolmentProgress, lesson: Lesson
) -> HttpResponse:
    course = enrolment_progress.content
    today = timezone.localdate()
    local_pathways = local_pathways_for(request.user, today) if lesson.local_pathways else None
    context = {
        "course": course,
        "enrolment_progress": enrolment_progress,
        "lesson": lesson,
        "plan": _plan(request.user, course.key, lesson.key),
        "plan_place": _plan_place(lesson),
        "local_pathways": local_pathways,
        "today": today,
        "progress": enrolment_progress.progress,
    }
    return render(request, "learning/lesson_done.html", context)


def _plan_place(lesson: Lesson) -> PlanPlace | None:
    """Where the lesson asks for a plan, None where it does not."""
    for step in lesson.steps:
        for block in step.blocks:
            if block.kind == "commitment":
                return PlanPlace(step, page_name(lesson.key, block.key))
    return None


def _plan(user: User, course_key: str, lesson_key: str) -> Plan | None:
    """What the learner means to do after the lesson, None where they have not written it."""
    answers = answers_of(user).filter(enrolment__course__key=course_key, lesson_key=lesson_key)
    plans = plans_in(answers)
    return plans[0] if plans else None
