"""A learner's side of session mode: finding the room, and committing to an answer."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.group_sessions.forms import RoomForm
from courses.group_sessions.models import Room
from courses.group_sessions.room_actions import NoSuchOption, commit_answer
from courses.group_sessions.room_queries import phone_of
from courses.people.join_codes import is_right_code
from courses.people.models import read_code
from courses.people.permissions import CohortArchived, Refused
from courses.practice.queries import drawing_of
from courses.web.access import SignedInRequest, signed_in, wants_json
from courses.web.rate_limits import RateLimited, address_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@signed_in("courses:find-room")
def find_room(request: SignedInRequest) -> HttpResponse:
    """A form for the code on the wall. Wrong ones are limited as join codes are."""
    if request.method != "POST":
        return render(request, "group_sessions/find_room.html", {"form": RoomForm()})
    form = RoomForm(request.POST, rooms=Room.objects.open_to(request.user))
    account = str(request.user.pk)
    try:
        is_right = is_right_code(form, account, address_of(request), timezone.now())
    except RateLimited as refusal:
        context = {"too_many": True, "wait": refusal.in_words}
        return render(request, "group_sessions/find_room.html", context, status=429)
    if is_right:
        return redirect("courses:room", form.cleaned_data["code"].code)
    return render(request, "group_sessions/find_room.html", {"form": form}, status=400)


@require_http_methods(FORM_METHODS)
@signed_in("courses:room", "room_code")
def room(request: SignedInRequest, room_code: str) -> HttpResponse:
    """GET: what this person does now. POST: commits to an answer."""
    rows = Room.objects.seen_by(request.user).select_related("cohort")
    row = get_object_or_404(rows, code=read_code(room_code))
    if request.method != "POST":
        return _render_phone(request, row)
    number = {"1": 1, "2": 2}.get(request.POST.get("number", ""), 0)
    try:
        commit_answer(request.user, row, number, request.POST.get("option", ""))
    except NoSuchOption as refusal:
        return _render_phone(request, row, str(refusal))
    except CohortArchived:
        # Its own words are for trainers; the page says what happened.
        messages.error(request, "Your answer was not counted.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:room", row.code)


def _render_phone(request: SignedInRequest, room: Room, error: str = "") -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"state": room.state})
    phone = phone_of(room, request.user)
    context = {
        "room": room,
        "phone": phone,
        "drawing": drawing_of(phone.scene),
        "error": error,
    }
    return render(request, "group_sessions/room.html", context, status=400 if error else 200)
