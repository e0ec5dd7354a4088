"""Scenes written as picture files, to be looked at one by one.
How a figure is drawn lives in `figure`."""

from collections.abc import Iterable
from pathlib import Path

from courses.library.content import Course, Scene
from courses.practice.queries import drawing_of, still_of
from courses.typesetting.raster import render_png


def draw_scenes(courses: Iterable[Course], folder: Path) -> list[Path]:
    """Writes every scene as `<folder>/<course>/<scene>.png`, 480 pixels wide, without a word.

    A scene that moves gives a picture for each moment: `<scene>-1.png` and on. Returns the files
    written.
    """
    paths = []
    for course in courses:
        course_folder = folder / course.key
        course_folder.mkdir(parents=True, exist_ok=True)
        for scene in course.scenes:
            for name, drawing in pictures_of(scene).items():
                path = course_folder / f"{name}.png"
                path.write_bytes(render_png(drawing))
                paths.append(path)
    return paths


def pictures_of(scene: Scene) -> dict[str, str]:
    """The scene's own drawing as SVG by its name.

    Of one that moves, each moment's, counted from 1.
    """
    if not scene.timeline:
        return {scene.key: drawing_of(scene)}
    pictures = {}
    for number in range(len(scene.timeline)):
        still = still_of(scene, number)
        if still:
            pictures[f"{scene.key}-{number + 1}"] = still
    return pictures
