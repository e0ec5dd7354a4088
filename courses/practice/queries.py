"""Scenes as pages show them: which one comes first, and its drawing. How a figure is drawn lives in `figure`."""

from functools import lru_cache

from courses.library.content import Scene
from courses.library.queries import catalogue
from courses.practice.figure import Pose, draw


def first_scene() -> Scene | None:
    """The first scene of the first course that has one, None when there is none; one SQL query."""
    return next((scene for listed in catalogue() for scene in listed.content.scenes), None)


def drawing_of(scene: Scene) -> str:
    """The scene as accessible SVG, drawn once a process."""
    return _drawing(scene.model_dump_json())


@lru_cache(maxsize=256)
def _drawing(scene_json: str) -> str:
    scene = Scene.model_validate_json(scene_json)
    return draw(Pose.from_dict(scene.pose), title=scene.title, description=scene.description, uid=scene.key)
