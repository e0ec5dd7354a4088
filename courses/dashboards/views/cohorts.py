"""What trainers and managers see, and the page where a learner sees the same.

What the pages are made of comes from `queries`.
"""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.assessment.accommodations import other_organisation_message
from courses.assessment.forms import AnswerForm
from courses.assessment.models import AccommodationRequest
from courses.dashboards.dots import dots_of
from courses.dashboards.first_page import BY_COHORT
from courses.dashboards.gains import gain_of
from courses.dashboards.queries import (
    Learner,
    assignment_of,
    learners_on,
    newest_content,
)
from courses.dashboards.states import state_of, summary_of
from courses.library.queries import catalogue
from courses.organisations.queries import join_requests_for
from courses.people.forms import DueForm
from courses.people.looks import log_look
from courses.people.models import Assignment, Cohort, User
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import unsent_form


@require_safe
@signed_in()
def cohort(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """One cohort: its link and code, and its courses."""
    led = Cohort.objects.led_by(request.user).select_related("organisation")
    row = get_object_or_404(led, key=cohort)
    rows = row.assignments.select_related("cohort__organisation", "course")
    assignments = list(rows.order_by("course__position"))
    learners = learners_on(assignments, timezone.now())
    assigned = {assignment.course_id for assignment in assignments}
    join_path = reverse("courses:join-cohort", args=[row.join_code])
    context = {
        "cohort": row,
        "summaries": [summary_of(assignment, learners) for assignment in assignments],
        "can_train": can_train(request, row.pk),
        "has_settings": Cohort.objects.once_trained_by(request.user).filter(pk=row.pk).exists(),
        "join_url": request.build_absolute_uri(join_path),
        "others": [entry for entry in catalogue() if entry.course_id not in assigned],
        "due_form": DueForm(),
        "join_requests": join_requests_for(request.user, row),
    }
    return render(request, "dashboards/cohort.html", context)


def can_train(request: SignedInRequest, cohort_id: int) -> bool:
    trained = Cohort.objects.trained_by(request.user)
    return trained.filter(pk=cohort_id).exists()


def assignment_or_404(request: SignedInRequest, cohort: uuid.UUID, course: str) -> Assignment:
    assignment = assignment_of(Cohort.objects.led_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    return assignment


def learner_or_404(assignment: Assignment, learner: uuid.UUID) -> Learner:
    """A current learner of the assignment's cohort."""
    learners = learners_on([assignment], timezone.now(), only=learner)
    if not learners:
        raise Http404
    return learners[0]


@require_safe
@signed_in()
def learner(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """One learner's record on one course, as the trainer sees it."""
    assignment = assignment_or_404(request, cohort, course)
    row = learner_or_404(assignment, learner)
    if request.method == "GET":  # HEAD shows nothing
        person = User(pk=row.user_id)
        log_look(request.user, person, assignment.cohort.organisation, timezone.now())
    return render_learner(request, row)


def render_learner(
    request: SignedInRequest,
    row: Learner,
    rejected: AnswerForm | None = None,
    asked: AccommodationRequest | None = None,
) -> HttpResponse:
    """The page of a learner; with `rejected`, an answer to the request `asked` as it was typed."""
    assignment = row.assignment
    # Requests about attempts are shown where they are decided.
    requests = AccommodationRequest.objects.none()
    if row.cohort_decides:
        pending = AccommodationRequest.objects.pending()
        requests = pending.filter(user=row.user_id, course=assignment.course_id)
    now = timezone.now()
    reminder_path = reverse(
        "courses:send-nudge", args=[assignment.cohort.key, assignment.course.key, row.key]
    )
    unsent_reminder = unsent_form(request, reminder_path)
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "course": newest_content(assignment),
        "learner": row,
        "line": unsent_reminder.get("line", "") if unsent_reminder else "",
        "state": state_of(row),
        "dots": dots_of(row),
        "requests": requests,
        "rejected": rejected,
        "asked_key": asked.key if asked else None,
        "is_waiting": row.has_just_been_reminded(now),
        "is_oneself": row.user_id == request.user.pk,
        "elsewhere": "" if row.cohort_decides else other_organisation_message(row.name),
        "can_train": can_train(request, assignment.cohort_id),
    }
    status = 400 if rejected else 200
    return render(request, "dashboards/learner.html", context, status=status)


@require_safe
@signed_in()
def gain(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """What a cohort learnt: before and after as a distribution with its n, never names."""
    assignment = assignment_or_404(request, cohort, course)
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
    """What my trainer sees about me: the same record as on the trainer's page, of each cohort."""
    joined = Cohort.objects.joined_by(request.user)
    rows = Assignment.objects.filter(cohort__in=joined).order_by(BY_COHORT)
    assignments = list(rows.select_related("cohort__organisation", "course"))
    learners = learners_on(assignments, timezone.now(), only=request.user.key)
    context = {
        "records": [(row, state_of(row), dots_of(row)) for row in learners],
        "cohorts": joined.select_related("organisation").prefetch_related("trainers"),
    }
    return render(request, "dashboards/seen_by_trainer.html", context)
