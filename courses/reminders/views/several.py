"""The button that reminds several learners of a table at once."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.dashboards.queries import Learner, assignment_of, learners_on
from courses.dashboards.several import REASONS, act_on_each
from courses.people.models import Cohort
from courses.people.permissions import Refused
from courses.reminders import actions
from courses.web.access import SignedInRequest, signed_in

WHY_NOT = {
    **REASONS,
    actions.TooSoon: "reminded in the last three days",
    actions.SwitchedOff: "reminders switched off",
    actions.NotNeeded: "passed already",
}


@require_POST
@signed_in("courses:cohort-progress", "cohort", "course")
def remind_learners(request: SignedInRequest, cohort: uuid.UUID, course: str) -> HttpResponse:
    """Sends the usual reminder to each learner who is ticked; only for a trainer of the cohort."""
    assignment = assignment_of(Cohort.objects.trained_by(request.user), cohort, course)
    if not assignment:
        raise Http404
    now = timezone.now()

    def remind(learner: Learner) -> None:
        actions.send_nudge(request.user, learner, now)

    keys = frozenset(request.POST.getlist("learner"))
    try:
        outcome = act_on_each(keys, learners_on([assignment], now), remind)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        level = messages.SUCCESS if outcome.done else messages.INFO
        messages.add_message(request, level, outcome.words("Reminded", WHY_NOT))
    url = reverse("courses:cohort-progress", args=[cohort, course])
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}" if query else url)
