"""Keep it: what is due today, and what is offered later."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from courses.people.permissions import Refused
from courses.recall.actions import begin_todays_cases
from courses.recall.queries import today_of
from courses.web.access import SignedInRequest, signed_in


@require_safe
@signed_in()
def keep_it(request: SignedInRequest) -> HttpResponse:
    """Today's cases, or the day on which the next ones come."""
    context = {"today": today_of(request.user, timezone.now())}
    return render(request, "recall/keep_it.html", context)


@require_POST
@signed_in("courses:keep-it")
def begin_today(request: SignedInRequest) -> HttpResponse:
    """Begins today's cases, or goes on with them."""
    try:
        begun = begin_todays_cases(request.user, timezone.now())
    except Refused as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:keep-it")
    return redirect("courses:round", begun.key)
