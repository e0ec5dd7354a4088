"""The trainer's side of session mode: choosing a scene, the wall, and what moves it on."""

import io
import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.group_sessions import room_actions
from courses.group_sessions.forms import SceneForm
from courses.group_sessions.models import Room
from courses.group_sessions.room_queries import wall_of
from courses.group_sessions.scenes import wall_scenes
from courses.people.models import Cohort
from courses.people.permissions import Refused
from courses.practice.queries import drawing_of
from courses.web.access import SignedInRequest, signed_in, wants_json


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in("courses:new-room", "cohort")
def new_room(request: SignedInRequest, cohort: uuid.UUID) -> HttpResponse:
    """GET: choose a scene. POST: puts it on the wall."""
    trained = Cohort.objects.trained_by(request.user).select_related("organisation")
    row = get_object_or_404(trained, key=cohort)
    data = request.POST if request.method == "POST" else None
    form = SceneForm(data, scenes=wall_scenes())
    if request.method == "POST" and form.is_valid():
        try:
            room = room_actions.start_room(request.user, row, form.chosen, timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("courses:wall", cohort, room.key)
    running = Room.objects.running().filter(cohort=row).first()
    context = {"cohort": row, "form": form, "running": running}
    status = 400 if form.errors else 200
    return render(request, "group_sessions/new_room.html", context, status=status)


def _room_or_404(request: SignedInRequest, cohort: uuid.UUID, room: uuid.UUID) -> Room:
    """A room of a cohort they train; of an archived one too, where every action refuses."""
    trained = Cohort.objects.once_trained_by(request.user).filter(key=cohort)
    rows = Room.objects.filter(cohort__in=trained.values("pk")).select_related("cohort")
    return get_object_or_404(rows, key=room)


@require_safe
@signed_in()
def wall(request: SignedInRequest, cohort: uuid.UUID, room: uuid.UUID) -> HttpResponse:
    """The scene, how to join, and the splits that are shown. Our script asks how many answered."""
    row = _room_or_404(request, cohort, room)
    shown = wall_of(row)
    if wants_json(request):
        return JsonResponse({"state": row.state, "answered": shown.answered})
    join_url = request.build_absolute_uri(reverse("courses:room", args=[row.code]))
    context = {
        "cohort": row.cohort,
        "room": row,
        "wall": shown,
        "drawing": drawing_of(shown.scene),
        "find_url": request.build_absolute_uri(reverse("courses:find-room")),
        "qr": _qr(join_url) if row.asked else "",
    }
    return render(request, "group_sessions/wall.html", context)


def _qr(url: str) -> str:
    """The address as a QR code in SVG, with the margin of four modules that phones need."""
    import segno  # here, as in `certificates.pdf`

    picture = io.BytesIO()
    code = segno.make_qr(url, error="m")
    code.save(
        picture,
        kind="svg",
        border=4,
        dark="#212b32",
        light="#ffffff",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        title="Scan to join on your phone",
    )
    return picture.getvalue().decode()


@require_POST
@signed_in("courses:wall", "cohort", "room")
def advance_room(request: SignedInRequest, cohort: uuid.UUID, room: uuid.UUID) -> HttpResponse:
    """Shows a split, asks again, or shows what there is to see."""
    row = _room_or_404(request, cohort, room)
    try:
        room_actions.advance_room(row, request.POST.get("stage", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:wall", cohort, room)


@require_POST
@signed_in("courses:wall", "cohort", "room")
def end_room(request: SignedInRequest, cohort: uuid.UUID, room: uuid.UUID) -> HttpResponse:
    row = _room_or_404(request, cohort, room)
    try:
        room_actions.end_room(row, timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:wall", cohort, room)
