"""The drawing of a sign: one picture, the moment in which a scene that moves shows it."""

from courses.library.content import Scene
from courses.practice.queries import drawing_of, still_of


def drawing_of_sign(scene: Scene) -> str:
    """An SVG. It costs no SQL query."""
    if not scene.timeline:
        return drawing_of(scene)
    return still_of(scene, _shown_moment(scene)) or ""


def _shown_moment(scene: Scene) -> int:
    """The number of the last moment of the span in which the sign is to be seen, from 0."""
    watch = scene.focus.watch if scene.focus else None
    if watch is None:
        return 0
    shown = 0
    for number, moment in enumerate(scene.timeline):
        if moment.at <= watch[1]:
            shown = number
    return shown
