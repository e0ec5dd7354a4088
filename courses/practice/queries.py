"""Scenes as pages show them: which one comes first, its drawing, and the files of scenes that move.
How a figure is drawn lives in `figure`."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string

from courses import figure
from courses.library.content import Course, Scene
from courses.library.queries import catalogue, content_of, editions_moving_as
from courses.web.caching import get_or_make
from courses.web.single_flight import single_flight_cache

# The drawing is imported by the function that draws: most drawings are made once and kept, and a
# web worker that only serves them needs no memory for the code.
if TYPE_CHECKING:
    from courses.figure.motion.timeline import Timeline

MAX_EDITIONS = 60  # whose moving scenes a process keeps in memory
DIGEST, CODE = (
    16,
    8,
)  # hexadecimal digits of a version that stand for what moves, and for the code that draws it


class FirstScene(NamedTuple):
    """The scene that a visitor is shown, and the course it is of."""

    scene: Scene
    course: Course


def first_scene() -> FirstScene | None:
    """The scene a visitor is shown: the first that moves, else the first of all.

    One SQL query, None when there is none.
    """
    scenes = []
    for entry in catalogue():
        scenes += [FirstScene(scene, entry.content) for scene in entry.content.scenes]
    for first in scenes:
        if first.scene.timeline:
            return first
    return scenes[0] if scenes else None


def drawing_of(scene: Scene, place: str = "") -> str:
    """What goes into the scene's figure, drawn once a process: an accessible SVG.

    For one that moves, its stills too. `place` ends every id in it: a page that shows a scene in
    several places names each.
    """
    scene_json = scene.model_dump_json()
    drawing = _drawing(scene_json)
    if not place:
        return drawing
    uid = _uid(scene_json)
    return drawing.replace(uid, f"{uid}-{place}")


def small_drawing_of(scene: Scene) -> str:
    """The scene as one still picture, for where it stands beside words about it.

    Of one that moves, a moment in which the sign can be seen: for after the answer only.
    """
    if not scene.timeline:
        return drawing_of(scene)
    number = _telling_moment(scene)
    context = {
        "version": scene_version(scene),
        "number": number,
        "text": scene.timeline[number].text,
    }
    return render_to_string("practice/_still.html", context)


def _telling_moment(scene: Scene) -> int:
    """The number of the keyframe, from 0, in the middle of the span that feedback looks at."""
    if not scene.focus or not scene.focus.watch:
        return len(scene.timeline) // 2
    begin, end = scene.focus.watch
    begun = [moment for moment in scene.timeline if moment.at <= (begin + end) / 2]
    return max(0, len(begun) - 1)


@lru_cache(maxsize=256)
def _drawing(scene_json: str) -> str:
    scene = Scene.model_validate_json(scene_json)
    uid = _uid(scene_json)
    if not scene.timeline:
        return _draw_pose(scene, uid)
    context = {
        "scene": scene,
        "uid": uid,
        "first": _draw_keyframe(scene, 0, scene.title, scene.description, uid),
        "version": scene_version(scene),
        "later": list(enumerate(scene.timeline))[1:],
    }
    return render_to_string("practice/_moving.html", context)


def _uid(scene_json: str) -> str:
    """What the ids of a scene begin with; its key would tell the learner what there is to see."""
    return f"s{hashlib.sha256(scene_json.encode()).hexdigest()[:8]}"


def _draw_pose(scene: Scene, uid: str) -> str:
    from courses.figure.baby import Pose, draw

    pose = Pose.from_dict(scene.pose)
    return draw(pose, title=scene.title, description=scene.description, uid=uid)


def _draw_keyframe(scene: Scene, index: int, title: str, description: str, uid: str) -> str:
    from courses.figure.baby import draw

    keyframe = timeline_of(scene).still(index)
    return draw(keyframe, title=title, description=description, uid=uid)


def timeline_of(scene: Scene) -> Timeline:
    """The timeline of a moving scene, as `figure` plays it."""
    from courses.figure.motion.timeline import Timeline

    moments = [moment.model_dump() for moment in scene.timeline]
    return Timeline.from_dicts(moments)


def scene_version(scene: Scene) -> str:
    """What a moving scene's files are addressed by: its digest and that of the drawing's code.

    Browsers keep these files for ever: another timeline has another version, and so has another way
    of drawing. It says nothing of what can be seen.
    """
    return scene.motion_digest + drawing_code()[:CODE]


@lru_cache(maxsize=1)
def drawing_code() -> str:
    """The digest of every module that draws."""
    digest = hashlib.sha256()
    for path in sorted(Path(figure.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def moving_scene(version: str) -> Scene | None:
    """The scene of this version, None when there is none or it was drawn by other code.

    At most one SQL query, and one more for the content of an edition this process has not read yet.
    """
    digest, code = version[:DIGEST], version[DIGEST:]
    # A browser keeps what it gets for ever, so that an old address must not get a new drawing.
    if code != drawing_code()[:CODE]:
        return None
    for edition_id in editions_moving_as(digest):
        scene = moving_scenes_of(edition_id).get(digest)
        if scene:
            return scene
    return None


@lru_cache(maxsize=MAX_EDITIONS)
def moving_scenes_of(edition_id: int) -> dict[str, Scene]:
    """The moving scenes of an edition by their digests."""
    scenes = content_of(edition_id).scenes
    return {scene.motion_digest: scene for scene in scenes if scene.timeline}


def motion_file_of(scene: Scene) -> str:
    """What static/js/scene.js plays, as JSON.

    It takes a second or two, so it is made once and kept for all processes.
    """
    return _motion(scene.model_dump_json())


@single_flight_cache(maxsize=64)
def _motion(scene_json: str) -> str:
    scene = Scene.model_validate_json(scene_json)

    def make() -> str:
        from courses.figure.motion.scene_motion import motion_of

        return motion_of(timeline_of(scene), f"m{scene.motion_digest[:8]}")

    return get_or_make(f"motion-{scene_version(scene)}", make, None)


def still_of(scene: Scene, number: int) -> str | None:
    """The picture of one moment of a moving scene, counted from 0.

    None when there is no such moment.
    """
    if number >= len(scene.timeline):
        return None
    return _still(scene.model_dump_json(), number)


@lru_cache(maxsize=256)
def _still(scene_json: str, number: int) -> str:
    scene = Scene.model_validate_json(scene_json)
    moment = scene.timeline[number]
    return _draw_keyframe(scene, number, f"{moment.at:g} seconds", moment.text, "scene")
