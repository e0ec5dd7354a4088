"""The button that sends a reminder. What is sent, and when it is refused, is in `actions`."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment.actions import Refused
from courses.dashboards.queries import Learner, assignment_of, learners_on, newest_content
from courses.people.models import Cohort
from courses.reminders import actions
from courses.reminders.forms import ReminderForm
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent


@require_POST
@signed_in("courses:learner", "cohort", "course", "learner")
def send_nudge(
    request: SignedInRequest, cohort: uuid.UUID, course: str, learner: uuid.UUID
) -> HttpResponse:
    """Sends a reminder to one learner; only a trainer of this cohort, and never to themselves."""
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    learners = learners_on([assignment], timezone.now(), only=learner)
    if not learners or learners[0].user_id == request.user.pk:
        raise Http404
    row = learners[0]
    form = ReminderForm(request.POST)
    if not form.is_valid():
        return _not_sent(request, row, str(form.errors["line"][0]))
    line = form.cleaned_data["line"]
    try:
        actions.send_nudge(request.user, row, timezone.now(), line)
    except Refused as refusal:
        if line:
            return _not_sent(request, row, str(refusal))
        messages.info(request, str(refusal))
    else:
        forget_unsent(request)
        messages.success(request, f"We are sending {row.name} a reminder.")
    if request.POST.get("from") == "cohorts":
        return redirect(f"{reverse('courses:cohorts')}#{row.anchor}")
    page = reverse("courses:learner", args=[cohort, course, learner])
    return redirect(f"{page}#reminder")


def _not_sent(request: SignedInRequest, row: Learner, error: str) -> HttpResponse:
    """The reminder once more, with the line as it was typed and why it was not sent."""
    context = {
        "learner": row,
        "cohort": row.assignment.cohort,
        "course": newest_content(row.assignment),
        "error": error,
        "line": request.POST.get("line", ""),
        "from": request.POST.get("from", ""),
    }
    return render(request, "reminders/not_sent.html", context, status=400)
