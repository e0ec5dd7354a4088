"""Scenes as pages show them: which one comes first, and its drawing. How a figure is drawn lives in `figure`."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.template.loader import render_to_string

from courses import figure
from courses.figure.baby import Pose, draw
from courses.figure.motion.scene_motion import motion_of
from courses.figure.motion.timeline import Timeline
from courses.library.content import Scene
from courses.library.queries import catalogue, content_of, editions_moving_as
from courses.web.caching import get_or_make
from courses.web.single_flight import single_flight_cache

KEPT = 60  # editions whose moving scenes a process keeps at hand
DIGEST, CODE = 16, 8  # hexadecimal digits of a version that say what moves, and how it is drawn


def first_scene() -> Scene | None:
    """The scene a visitor is shown: the first that moves, else the first of all; one SQL query, None when there is none."""
    scenes = [scene for listed in catalogue() for scene in listed.content.scenes]
    return next((scene for scene in scenes if scene.timeline), next(iter(scenes), None))


def drawing_of(scene: Scene) -> str:
    """What goes into the scene's figure, drawn once a process: an accessible SVG; for one that moves, its stills too."""
    return _drawing(scene.model_dump_json())


@lru_cache(maxsize=256)
def _drawing(scene_json: str) -> str:
    scene = Scene.model_validate_json(scene_json)
    figure = timeline_of(scene).still(0) if scene.timeline else Pose.from_dict(scene.pose)
    uid = f"s{hashlib.sha256(scene_json.encode()).hexdigest()[:8]}"  # the scene's key would say what there is to see
    drawn = draw(figure, title=scene.title, description=scene.description, uid=uid)
    if not scene.timeline:
        return drawn
    context = {
        "scene": scene,
        "uid": uid,
        "first": drawn,
        "mark": scene_version(scene),
        "later": list(enumerate(scene.timeline))[1:],
    }
    return render_to_string("practice/_moving.html", context)


def timeline_of(scene: Scene) -> Timeline:
    return Timeline.from_dicts([moment.model_dump() for moment in scene.timeline])


def scene_version(scene: Scene) -> str:
    """What a moving scene is asked for by: its digest and that of the drawing's code. It tells nothing of what is to be seen.

    Browsers keep what they got by it for ever: another timeline has another, and so has another way of drawing.
    """
    return scene.motion_digest + _drawing_code()[:CODE]


@lru_cache(maxsize=1)
def _drawing_code() -> str:
    files = sorted(Path(figure.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def moving_scene(mark: str) -> Scene | None:
    """The scene of this mark, None when there is none or it was drawn by other code.

    At most one SQL query, and one more for the content of an edition this process has not read yet.
    """
    digest, code = mark[:DIGEST], mark[DIGEST:]
    if code != _drawing_code()[:CODE]:
        return None
    for edition_id in editions_moving_as(digest):
        if scene := moving_in(edition_id).get(digest):
            return scene
    return None


@lru_cache(maxsize=KEPT)
def moving_in(edition_id: int) -> dict[str, Scene]:
    """The moving scenes of an edition by their digests."""
    return {scene.motion_digest: scene for scene in content_of(edition_id).scenes if scene.timeline}


def motion_file_of(scene: Scene) -> str:
    """What static/js/scene.js plays, as JSON. It takes a second or two, so it is made once and kept for all processes."""
    return _motion(scene.model_dump_json())


@single_flight_cache(maxsize=64)
def _motion(scene_json: str) -> str:
    scene = Scene.model_validate_json(scene_json)
    name = f"m{scene.motion_digest[:8]}"
    return get_or_make(
        f"motion-{scene_version(scene)}", lambda: motion_of(timeline_of(scene), name), None
    )


def still_of(scene: Scene, number: int) -> str | None:
    """The picture of one moment of a moving scene, counted from 0; None when there is no such moment."""
    return _still(scene.model_dump_json(), number) if number < len(scene.timeline) else None


@lru_cache(maxsize=256)
def _still(scene_json: str, number: int) -> str:
    scene = Scene.model_validate_json(scene_json)
    moment = scene.timeline[number]
    return draw(
        timeline_of(scene).still(number), title=f"{moment.at:g} seconds", description=moment.text
    )
