"""The first scene, open to anyone (nothing of an answer is kept), and the files of moving scenes.
Drawing lives elsewhere."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from courses.library.content import Option, Scene
from courses.practice.queries import drawing_of, first_scene, motion_file_of, moving_scene, still_of

FOR_EVER = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
def scene(request: HttpRequest) -> HttpResponse:
    """The picture and the options; after an answer, what each says and what there is to see."""
    scene = first_scene()
    if not scene:
        raise Http404
    options = {option.key: option for option in scene.item.options}
    chosen = request.POST.get("option") if request.method == "POST" else None
    error = ""
    if request.method == "POST" and chosen not in options:
        error = "Choose what you see first."
    # The order of the keys says nothing of which option fits.
    choices = [(key, options[key].html, key == chosen) for key in sorted(options)]
    context: dict[str, Any] = {
        "scene": scene,
        "drawing": drawing_of(scene),
        "options": choices,
        "error": error,
    }
    if chosen in options:
        context |= _feedback(scene, options, chosen)
    return render(request, "practice/scene.html", context, status=400 if error else 200)


def _feedback(scene: Scene, options: dict[str, Option], chosen: str) -> dict[str, Any]:
    """What the page says after an answer."""
    return {
        "lines": [_line(options[key], key == chosen) for key in sorted(options)],
        "is_right": options[chosen].correct,
        "seen": scene.seen,
        "focus": scene.focus,
    }


def _line(option: Option, is_chosen: bool) -> dict[str, object]:
    chosen_word = "right" if option.correct else "wrong"
    other_word = "missed" if option.correct else "other"
    result = chosen_word if is_chosen else other_word
    return {"html": option.html, "result": result, "feedback": option.feedback}


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
