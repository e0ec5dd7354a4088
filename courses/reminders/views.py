"""The button that sends a reminder. What is sent, and when it is refused, is in `actions`."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment.actions import Refused
from courses.dashboards.queries import assignment_of, learners_on
from courses.people.models import Cohort
from courses.reminders import actions
from courses.web.access import SignedInRequest, signed_in


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
    try:
        actions.send_nudge(request.user, row, timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"We are sending {row.name} a reminder.")
    if request.POST.get("from") == "cohorts":
        return redirect("courses:cohorts")
    return redirect("courses:learner", cohort, course, learner)
