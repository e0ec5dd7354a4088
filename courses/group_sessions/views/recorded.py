"""A cohort's group sessions: the list, recording one, correcting it, voiding it.

Trainers and managers read; trainers of the cohort act. The lines of those who came are on no page
here.
"""

import uuid

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.group_sessions import actions
from courses.group_sessions.actions import SessionFacts
from courses.group_sessions.forms import GroupSessionForm, VoidForm
from courses.group_sessions.models import GroupSession, Room
from courses.group_sessions.queries import (
    members_besides,
    recorded_session,
    recorded_sessions_of,
)
from courses.group_sessions.room_queries import who_answered
from courses.group_sessions.scenes import scene_of
from courses.people.models import Cohort, read_code
from courses.people.permissions import ChangedMeanwhile, Refused
from courses.web.access import SignedInRequest, signed_in
from courses.web.shared_forms import COMPARE

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@signed_in()
def group_sessions(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """Every session of the cohort: when, how long, who came, who has written their line."""
    led = Cohort.objects.led_by(request.user).select_related("organisation")
    row = get_object_or_404(led, key=cohort)
    context = {
        "cohort": row,
        "recorded": recorded_sessions_of(row),
        "can_train": _can_train(request, row),
    }
    return render(request, "group_sessions/group_sessions.html", context)


def _can_train(request: SignedInRequest, cohort: Cohort) -> bool:
    return Cohort.objects.trained_by(request.user).filter(pk=cohort.pk).exists()


@require_http_methods(FORM_METHODS)
@signed_in("courses:new-group-session", "cohort")
def new_group_session(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """GET: the form. POST: records a session."""
    trained = Cohort.objects.trained_by(request.user).select_related("organisation")
    row = get_object_or_404(trained, key=cohort)
    members = members_besides(request.user, row)
    room = _room_before(request, row)
    initial = {"held_on": timezone.localdate(), **(_from_room(room) if room else {})}
    data = request.POST if request.method == "POST" else None
    form = GroupSessionForm(data, cohort=row, members=members, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_session(request.user, row, _facts(form), timezone.now(), room)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                "Recorded. Each who came finds it in My practice, and adds a line of their own.",
            )
            return redirect("courses:group-sessions", cohort)
    context = {"cohort": row, "form": form, "members": members, "room": room}
    status = 400 if form.errors else 200
    return render(request, "group_sessions/new_group_session.html", context, status=status)


def _room_before(request: SignedInRequest, cohort: Cohort) -> Room | None:
    """The room from which a session is recorded; None: it is recorded from none."""
    code = read_code(request.GET.get("room", ""))
    return Room.objects.filter(cohort=cohort, code=code).first()


def _from_room(room: Room) -> dict[str, object]:
    """What the form begins with after a session on the wall: its scene and who took part."""
    scene = scene_of(room.edition_id, room.scene_key)
    held_on = timezone.localdate(room.started_at)
    return {"topic": scene.title[:120], "held_on": held_on, "came": who_answered(room)}


def _facts(form: GroupSessionForm) -> SessionFacts:
    data = form.cleaned_data
    return SessionFacts(data["topic"], data["held_on"], data["minutes"], form.user_ids)


def _session_or_404(
    request: SignedInRequest, cohort: uuid.UUID, session: uuid.UUID
) -> GroupSession:
    trained = Cohort.objects.trained_by(request.user).filter(key=cohort)
    rows = GroupSession.objects.filter(cohort__in=trained.values("pk"))
    return get_object_or_404(rows.select_related("cohort__organisation"), key=session)


@require_http_methods(FORM_METHODS)
@signed_in("courses:group-session", "cohort", "session")
def group_session(request: SignedInRequest, cohort: uuid.UUID, session: uuid.UUID) -> HttpResponse:
    """GET: the forms to correct and to void one session. POST: corrects it."""
    row = _session_or_404(request, cohort, session)
    form = _correction_form(request, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            facts = _facts(form)
            actions.correct_session(request.user, row, facts, form.stamp, timezone.now())
        except ChangedMeanwhile as refusal:
            row = _session_or_404(request, cohort, session)
            form.refuse(f"{refusal} {COMPARE}", _correction_form(request, row, None))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved.")
            return redirect("courses:group-sessions", cohort)
    return _render_session(request, row, form)


def _correction_form(
    request: SignedInRequest, session: GroupSession, data: QueryDict | None
) -> GroupSessionForm:
    members = members_besides(request.user, session.cohort)
    keys = {str(member.key) for member in members}
    recorded = recorded_session(session)
    # The trainer's own name is not on the list, though another trainer may have ticked it.
    present = [state.user_key for state in recorded.present]
    initial = {
        "topic": session.topic,
        "held_on": session.held_on,
        "minutes": session.minutes,
        "came": [key for key in present if key in keys],
    }
    return GroupSessionForm(
        data,
        cohort=session.cohort,
        members=members,
        kept=recorded.left,
        stamp=session.stamp,
        initial=initial,
    )


def _render_session(
    request: SignedInRequest,
    session: GroupSession,
    form: GroupSessionForm,
    void_form: VoidForm | None = None,
) -> HttpResponse:
    void_form = void_form or VoidForm()
    context = {
        "cohort": session.cohort,
        "session": session,
        "form": form,
        "kept": form.kept,
        "void_form": void_form,
        "is_own": session.attendances.filter(user=request.user, removed_at=None).exists(),
        "is_correctable": session.is_correctable(timezone.now()),
    }
    status = 400 if form.errors or void_form.errors else 200
    return render(request, "group_sessions/group_session.html", context, status=status)


@require_POST
@signed_in("courses:group-session", "cohort", "session")
def void_group_session(
    request: SignedInRequest, cohort: uuid.UUID, session: uuid.UUID
) -> HttpResponse:
    row = _session_or_404(request, cohort, session)
    form = VoidForm(request.POST)
    if not form.is_valid():
        return _render_session(request, row, _correction_form(request, row, None), form)
    try:
        actions.void_session(request.user, row, form.cleaned_data["reason"], timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "This session does not count any more.")
    return redirect("courses:group-sessions", cohort)
