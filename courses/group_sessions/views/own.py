"""A learner's own line after a group session. Nobody else reads it."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.group_sessions.actions import write_line
from courses.group_sessions.forms import LineForm
from courses.group_sessions.models import Attendance
from courses.people.permissions import Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.unsent_forms import forget_unsent, unsent_form


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:own-line", "session")
def own_line(request: SignedInRequest, session: uuid.UUID) -> HttpResponse:
    """GET: the form for one's own line. POST: keeps it, and the minutes count."""
    own = Attendance.objects.of(request.user).select_related("session__cohort")
    attendance = get_object_or_404(own, session__key=session)
    unsent = unsent_form(request, request.path)
    data = request.POST if request.method == "POST" else unsent
    form = LineForm(data, initial={"line": attendance.reflection})
    if request.method == "POST" and form.is_valid():
        try:
            write_line(attendance, form.cleaned_data["line"], timezone.now())
        except Refused as refusal:
            form.add_error("line", str(refusal))
        else:
            forget_unsent(request)
            minutes = attendance.session.minutes
            messages.success(request, f"Saved. These {minutes} minutes count as participatory CPD.")
            return redirect("courses:practice")
    context = {"attendance": attendance, "form": form, "is_restored": unsent is not None}
    status = 400 if request.method == "POST" else 200
    return render(request, "group_sessions/own_line.html", context, status=status)
