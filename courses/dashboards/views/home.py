"""The first page of trainers and managers: who needs them this week, and their cohorts."""

from collections.abc import Collection

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.dashboards.first_page import cohort_lines, invited_lines, led_by
from courses.dashboards.members import Member, members_on
from courses.dashboards.needs import needs_of, requests_of
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def cohorts(request: SignedInRequest) -> HttpResponse:
    """Who needs me this week: who asks, who to remind, who never started; then every cohort."""
    now = timezone.now()
    led = led_by(request.user)
    members = members_on(led.assignments, now)
    # Nobody reminds themselves, or is told that they need themselves.
    others = [member for member in members if member.user_id != request.user.pk]
    needs = needs_of(others, led.trained, now)
    requests = [
        (asked, member, _may_act_on(request, member, led.trained))
        for asked, member in requests_of(members, led.trained)
    ]
    context = {
        "led": led,
        "lines": cohort_lines(led, members),
        "invited": invited_lines(led),
        # All of them, however many: each waits for an answer.
        "requests": requests,
        "needing": [(member, member.assignment.cohort_id in led.trained) for member in needs.shown],
        "waiting": needs.waiting,
        "more": needs.more,
        "never_started": needs.never_started,
        "is_quiet": not (requests or led.join_requests or needs.is_any),
        "today": timezone.localdate(now),
    }
    return render(request, "dashboards/cohorts.html", context)


def _may_act_on(request: SignedInRequest, member: Member, trained: Collection[int]) -> bool:
    """Whether there are buttons beside this learner.

    Only in a cohort that the viewer trains, and never beside themselves.
    """
    is_oneself = member.user_id == request.user.pk
    return member.assignment.cohort_id in trained and not is_oneself
