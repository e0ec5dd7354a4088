"""Actions on several learners of a table at once: a later date, another cohort.

Reminders are sent from the package above. What an action does is in `dashboards.several`.
"""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.dashboards import several
from courses.dashboards.queries import assignment_of, learners_on
from courses.dashboards.several_forms import SeveralForms, several_forms
from courses.dashboards.views.progress import render_table
from courses.people.models import Assignment, Cohort
from courses.people.permissions import Refused
from courses.web import dates
from courses.web.access import SignedInRequest, signed_in

signed_in_trainer = signed_in("courses:cohort-progress", "cohort", "course")


def _trained_or_404(
    request: SignedInRequest, cohort: uuid.UUID, course: str, sent: str
) -> tuple[Assignment, SeveralForms]:
    """The assignment, and the forms below its table as they were sent."""
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    forms = several_forms(request.user, assignment, request.POST, sent)
    if not forms:
        raise Http404
    return assignment, forms


@require_POST
@signed_in_trainer
def extend_due_dates(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Gives the chosen learners until another day, with one reason that they read."""
    assignment, forms = _trained_or_404(request, cohort, course, "later_date")
    form = forms.later_date
    if not form.is_valid():
        return render_table(request, assignment, forms)
    due, reason = form.cleaned_data["due_on"], form.cleaned_data["reason"]
    now = timezone.now()
    learners = learners_on([assignment], now)
    try:
        outcome = several.extend_due_dates(
            request.user, assignment, forms.keys, learners, due, reason, now
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render_table(request, assignment, forms)
    if outcome.common_refusal:
        form.add_error("due_on", outcome.common_refusal)
        return render_table(request, assignment, forms)
    verb = f"Moved the due date to {dates.long_day(due)} for"
    return _back(request, assignment, outcome, verb)


@require_POST
@signed_in_trainer
def move_learners(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Moves the chosen learners to another cohort that the trainer trains."""
    assignment, forms = _trained_or_404(request, cohort, course, "other_cohort")
    form = forms.other_cohort
    if not form.is_valid():
        return render_table(request, assignment, forms)
    target, now = form.cleaned_data["to"], timezone.now()
    learners = learners_on([assignment], now)
    try:
        outcome = several.move_learners(
            request.user, assignment.cohort, target, forms.keys, learners, now
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render_table(request, assignment, forms)
    if outcome.common_refusal:
        form.add_error("to", outcome.common_refusal)
        return render_table(request, assignment, forms)
    return _back(request, assignment, outcome, f"Moved to {target.name}:")


def _back(
    request: SignedInRequest, assignment: Assignment, outcome: several.Outcome, verb: str
) -> HttpResponse:
    """The table again, on the same page with the same filter, and what came of the press."""
    level = messages.SUCCESS if outcome.done else messages.INFO
    messages.add_message(request, level, outcome.words(verb))
    url = reverse("courses:cohort-progress", args=[assignment.cohort.key, assignment.course.key])
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}" if query else url)
