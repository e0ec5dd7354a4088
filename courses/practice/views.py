"""The first scene, open to anyone: what do you see? Nothing is kept of it. And the files of scenes that move.
Drawing lives elsewhere."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from courses.library.content import Option
from courses.practice.queries import drawing_of, first_scene, motion_file_of, moving_scene, still_of

FOR_EVER = "public, max-age=31536000, immutable"


@require_http_methods(["GET", "HEAD", "POST"])
def scene(request: HttpRequest) -> HttpResponse:
    """The picture and the options; after an answer, what each says and what there is to see."""
    shown = first_scene()
    if not shown:
        raise Http404
    chosen = request.POST.get("option") if request.method == "POST" else None
    options = {option.key: option for option in shown.item.options}
    error = (
        "Choose what you see first." if request.method == "POST" and chosen not in options else ""
    )
    context: dict[str, Any] = {
        "scene": shown,
        "drawing": drawing_of(shown),
        "options": [(key, options[key].html, key == chosen) for key in sorted(options)],
        "error": error,
    }
    if chosen in options:
        context["lines"] = [_line(options[key], key == chosen) for key in sorted(options)]
        context["is_right"] = options[chosen].correct
        context["seen"] = shown.seen
    return render(request, "practice/scene.html", context, status=400 if error else 200)


def _line(option: Option, is_chosen: bool) -> dict[str, object]:
    verdict = (
        ("right" if option.correct else "wrong")
        if is_chosen
        else ("missed" if option.correct else "other")
    )
    return {"html": option.html, "verdict": verdict, "feedback": option.feedback}


@require_safe
def motion(request: HttpRequest, mark: str) -> HttpResponse:
    """How a moving scene moves. It is the same for everybody, and tells what the picture shows and nothing more."""
    scene = moving_scene(mark)
    if not scene:
        raise Http404
    return HttpResponse(
        motion_file_of(scene), "application/json", headers={"Cache-Control": FOR_EVER}
    )


@require_safe
def still(request: HttpRequest, mark: str, number: int) -> HttpResponse:
    """One moment of a moving scene as a picture."""
    scene = moving_scene(mark)
    drawn = still_of(scene, number) if scene else None
    if not drawn:
        raise Http404
    return HttpResponse(drawn, "image/svg+xml", headers={"Cache-Control": FOR_EVER})
