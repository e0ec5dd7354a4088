"""Scenes as picture files, for whoever looks at them one by one. How a figure is drawn lives in `figure`."""

from collections.abc import Iterable
from pathlib import Path

import typst

from courses.library.content import Course, Scene
from courses.practice.camera import SIDE
from courses.practice.queries import drawing_of

PAGE = f"""
#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.drawing), format: "svg", width: {SIDE}pt)
""".encode()


def draw_scenes(courses: Iterable[Course], folder: Path) -> list[Path]:
    """Every scene as `<folder>/<course>/<scene>.png`, 480 pixels wide, as learners see it and without a word."""
    written = []
    for course in courses:
        for scene in course.scenes:
            path = folder / course.key / f"{scene.key}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(picture_of(scene))
            written.append(path)
    return written


def picture_of(scene: Scene) -> bytes:
    """The scene's own drawing as PNG."""
    made = typst.compile(PAGE, format="png", ppi=72.0, sys_inputs={"drawing": drawing_of(scene)})
    return bytes(made)
