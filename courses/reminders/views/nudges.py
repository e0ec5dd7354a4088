"""The button that sends a reminder. What is sent, and when it is refused, is in `actions`."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessment.actions import Refused
from courses.dashboards.members import members_on
from courses.dashboards.needs import never_started_of
from courses.dashboards.queries import Learner, assignment_of, learners_on, newest_content
from courses.people.models import Assignment, Cohort
from courses.reminders import actions
from courses.reminders.forms import ReminderForm
from courses.web.access import SignedInRequest, signed_in

AT_ONCE = 200  # reminders that one press sends at most


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
        messages.success(request, f"We are sending {row.name} a reminder.")
    if request.POST.get("from") == "cohorts":
        return redirect(f"{reverse('courses:cohorts')}#{row.anchor}")
    page = reverse("courses:learner", args=[cohort, course, learner])
    return redirect(f"{page}#reminder")


@require_POST
@signed_in("courses:cohorts")
def remind_never_started(request: SignedInRequest) -> HttpResponse:
    """Reminds all who never started in the cohorts that this person trains, by one press.

    Those who joined in the last week, were reminded lately or want no reminders are left out.
    """
    page = redirect(f"{reverse('courses:cohorts')}#never-started")
    form = ReminderForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["line"][0]))
        return page
    now = timezone.now()
    trained = Cohort.objects.trained_by(request.user)
    rows = Assignment.objects.filter(cohort__in=trained).select_related(
        "cohort__organisation", "course"
    )
    members = [row for row in members_on(list(rows), now) if row.user_id != request.user.pk]
    cohorts = {row.assignment.cohort_id for row in members}
    to_remind = never_started_of(members, cohorts, now).to_remind
    sent, refusals = actions.send_nudges(
        request.user, to_remind[:AT_ONCE], now, form.cleaned_data["line"]
    )
    left = len(to_remind) - sent - len(refusals)
    if sent:
        people = "1 person" if sent == 1 else f"{sent} people"
        messages.success(request, f"We are sending {people} a reminder.")
    if left:
        messages.info(request, f"{left} more can be reminded: press once more for them.")
    for refusal in refusals[:5]:
        messages.info(request, refusal)
    if not to_remind:
        messages.info(request, "There was nobody left to remind, so nothing was sent.")
    return page


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
