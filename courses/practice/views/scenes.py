"""The first scene, open to anyone (nothing of an answer is kept), and the files of moving scenes.
Drawing lives elsewhere."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from courses.practice.queries import first_scene, motion_file_of, moving_scene, still_of
from courses.practice.trial import answer_trial, begin_trial
from courses.web.access import wants_json

FOR_EVER = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
def scene(request: HttpRequest) -> HttpResponse:
    """The picture beside its question; after an answer a hint, or all there is to see.

    A form is answered with the page, a script with the inside of the answer alone.
    """
    first = first_scene()
    if not first:
        raise Http404
    trial = begin_trial(first)
    if request.method == "POST":
        trial = answer_trial(first, request.POST.get("option", ""), _tries_in(request))
    status = 400 if trial.error else 200
    context = {"trial": trial}
    if request.method == "POST" and wants_json(request):
        html = render_to_string("practice/_trial.html", context, request)
        return JsonResponse({"html": html, "is_open": trial.is_open}, status=status)
    return render(request, "practice/scene.html", context, status=status)


def _tries_in(request: HttpRequest) -> int:
    """How many answers the form says were given before; 0 where it says nothing that makes sense.

    Nothing is kept of a visitor, so it is their own page that counts.
    """
    return 1 if request.POST.get("tries") == "1" else 0


@require_safe
def motion(request: HttpRequest, version: str) -> HttpResponse:
    """How a moving scene moves: the same for everybody, and nothing but what the picture shows."""
    scene = moving_scene(version)
    if not scene:
        raise Http404
    return _kept_for_ever(motion_file_of(scene), "application/json")


@require_safe
def still(request: HttpRequest, version: str, number: int) -> HttpResponse:
    """One moment of a moving scene as a picture."""
    scene = moving_scene(version)
    drawing = still_of(scene, number) if scene else None
    if not drawing:
        raise Http404
    return _kept_for_ever(drawing, "image/svg+xml")


def _kept_for_ever(content: str, content_type: str) -> HttpResponse:
    """A file whose address changes when it does."""
    return HttpResponse(content, content_type, headers={"Cache-Control": FOR_EVER})
