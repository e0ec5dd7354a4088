"""Reminding several learners at once: those ticked in a table, or all who never started."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.dashboards.members import Member, members_on
from courses.dashboards.needs import never_started_of
from courses.dashboards.queries import Learner, assignment_of, learners_on
from courses.dashboards.several import REASONS, act_on_all, act_on_each
from courses.people.models import Assignment, Cohort, User
from courses.people.permissions import Refused
from courses.reminders import actions
from courses.reminders.forms import ReminderForm
from courses.web.access import SignedInRequest, signed_in

WHY_NOT = {
    **REASONS,
    actions.TooSoon: "reminded in the last three days",
    actions.SwitchedOff: "reminders switched off",
    actions.NotNeeded: "passed already",
    actions.CourseRetired: "the course is not offered any more",
}
AT_ONCE = 200  # reminders that one press sends at most to those who never started


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
    to_remind = _never_started(request.user, now)
    if not to_remind:
        messages.info(request, "There was nobody left to remind, so nothing was sent.")
        return page

    def remind(member: Member) -> None:
        actions.send_nudge(request.user, member, now, form.cleaned_data["line"])

    words = act_on_all(to_remind[:AT_ONCE], remind).words("Reminded", WHY_NOT)
    left = len(to_remind) - AT_ONCE
    more = f" {left} more can be reminded: press once more for them." if left > 0 else ""
    messages.success(request, words + more)
    return page


def _never_started(trainer: User, now: datetime) -> tuple[Member, ...]:
    """Whom one press reminds: in all cohorts that this person trains, and never themselves."""
    trained = Cohort.objects.trained_by(trainer)
    rows = Assignment.objects.filter(cohort__in=trained)
    assignments = list(rows.select_related("cohort__organisation", "course"))
    others = [row for row in members_on(assignments, now) if row.user_id != trainer.pk]
    cohorts = {row.assignment.cohort_id for row in others}
    return never_started_of(others, cohorts, now).to_remind
