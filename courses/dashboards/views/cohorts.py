"""What trainers and managers see, and the page where a learner sees the same. What it is made of lives in queries."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from courses.assessment.accommodations import elsewhere
from courses.assessment.models import AccommodationRequest
from courses.dashboards.exports import progress_csv
from courses.dashboards.gains import gain_of
from courses.dashboards.queries import (
    Learner,
    assignment_of,
    learners_on,
    newest_content,
    summary_of,
)
from courses.dashboards.tables import matrix_rows
from courses.library.queries import catalogue
from courses.people.forms import DueForm
from courses.people.models import Assignment, Cohort
from courses.web.access import SignedInRequest, signed_in

SHOWN = 12  # learners listed under "who needs you" on the first page; the table has all


@require_safe
@signed_in()
def cohorts(request: SignedInRequest) -> HttpResponse:
    """A trainer's Monday: who needs them, then every cohort in numbers."""
    led = Cohort.objects.led_by(request.user)
    rows = Assignment.objects.filter(cohort__in=led).select_related(
        "cohort__organisation", "course"
    )
    assignments = list(rows.order_by("cohort__name", "course__position"))
    learners = learners_on(assignments, timezone.now())
    trained = set(Cohort.objects.trained_by(request.user).values_list("pk", flat=True))
    context = {
        "summaries": [(summary_of(one, learners), one.cohort_id in trained) for one in assignments],
        "needing": [(one, _may_act_on(request, one, trained)) for one in learners if one.needs][
            :SHOWN
        ],
        "more": max(0, sum(bool(one.needs) for one in learners) - SHOWN),
    }
    return render(request, "dashboards/cohorts.html", context)


def _may_act_on(request: SignedInRequest, learner: Learner, trained: set[int]) -> bool:
    """Whether there are buttons beside this learner: in a cohort one trains, and never beside oneself."""
    return learner.assignment.cohort_id in trained and learner.user_id != request.user.pk


@require_safe
@signed_in()
def cohort(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """One cohort: its link and code, and its courses."""
    led = get_object_or_404(
        Cohort.objects.led_by(request.user).select_related("organisation"), key=cohort
    )
    assignments = list(
        led.assignments.select_related("cohort__organisation", "course").order_by(
            "course__position"
        )
    )
    learners = learners_on(assignments, timezone.now())
    given = {one.course_id for one in assignments}
    context = {
        "cohort": led,
        "summaries": [summary_of(one, learners) for one in assignments],
        "can_train": Cohort.objects.trained_by(request.user).filter(pk=led.pk).exists(),
        "join_url": request.build_absolute_uri(
            reverse("courses:join-cohort", args=[led.join_code])
        ),
        "others": [one for one in catalogue() if one.course_id not in given],
        "due_form": DueForm(),
    }
    return render(request, "dashboards/cohort.html", context)


def _assignment(request: SignedInRequest, cohort: uuid.UUID, course: str) -> Assignment:
    found = assignment_of(Cohort.objects.led_by(request.user), cohort, course)
    if not found:
        raise Http404
    return found


@require_safe
@signed_in()
def progress(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Learners × lessons and quizzes; who never started comes first."""
    assignment = _assignment(request, cohort, course)
    learners = learners_on([assignment], timezone.now())
    edition = newest_content(assignment)
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "course": edition,
        "summary": summary_of(assignment, learners),
        "rows": matrix_rows(edition, learners),
    }
    return render(request, "dashboards/progress.html", context)


@require_safe
@signed_in()
def progress_file(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    assignment = _assignment(request, cohort, course)
    data = progress_csv(newest_content(assignment), learners_on([assignment], timezone.now()))
    name = f"{slugify(assignment.cohort.name) or 'cohort'}-{course}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)


def learner_or_404(assignment: Assignment, learner: uuid.UUID) -> Learner:
    """A learner with a place in the cohort of this assignment."""
    found = learners_on([assignment], timezone.now(), only=learner)
    if not found:
        raise Http404
    return found[0]


@require_safe
@signed_in()
def learner(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """One learner's record on one course, as the trainer sees it."""
    assignment = _assignment(request, cohort, course)
    found = learner_or_404(assignment, learner)
    pending = AccommodationRequest.objects.pending()
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "course": newest_content(assignment),
        "learner": found,
        "requests": pending.filter(user=found.user_id, course=assignment.course_id)
        if found.decides
        else [],
        "is_oneself": found.user_id == request.user.pk,
        "elsewhere": "" if found.decides else elsewhere(found.name),
        "can_train": Cohort.objects.trained_by(request.user)
        .filter(pk=assignment.cohort_id)
        .exists(),
    }
    return render(request, "dashboards/learner.html", context)


@require_safe
@signed_in()
def gain(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """What a cohort learnt: before and after as a distribution with its n, never names."""
    assignment = _assignment(request, cohort, course)
    learners = learners_on([assignment], timezone.now())
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "course": newest_content(assignment),
        "gain": gain_of(assignment, learners),
    }
    return render(request, "dashboards/gain.html", context)


@require_safe
@signed_in()
def seen_by_trainer(request: SignedInRequest) -> HttpResponse:
    """What my trainer sees about me: the very record the trainer's page shows, for each of my cohorts."""
    mine = Cohort.objects.joined_by(request.user)
    rows = Assignment.objects.filter(cohort__in=mine).select_related(
        "cohort__organisation", "course"
    )
    learners = learners_on(
        list(rows.order_by("cohort__name")), timezone.now(), only=request.user.key
    )
    context = {
        "learners": learners,
        "cohorts": mine.select_related("organisation").prefetch_related("trainers"),
    }
    return render(request, "dashboards/seen_by_trainer.html", context)
