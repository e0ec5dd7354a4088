"""Scenes as picture files, for whoever looks at them one by one. How a figure is drawn lives in `figure`."""

from collections.abc import Iterable
from pathlib import Path

import typst

from courses.figure.camera import SIDE
from courses.library.content import Course, Scene
from courses.practice.queries import drawing_of, still_of

PAGE = f"""
#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.drawing), format: "svg", width: {SIDE}pt)
""".encode()


def draw_scenes(courses: Iterable[Course], folder: Path) -> list[Path]:
    """Every scene as `<folder>/<course>/<scene>.png`, 480 pixels wide, as learners see it and without a word.

    A scene that moves gives a picture for each moment: `<scene>-1.png` and on.
    """
    written = []
    for course in courses:
        for scene in course.scenes:
            for name, drawing in pictures_of(scene).items():
                path = folder / course.key / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_png(drawing))
                written.append(path)
    return written


def pictures_of(scene: Scene) -> dict[str, str]:
    """The scene's own drawing as SVG by its name; of one that moves, each moment's, counted from 1."""
    stills = [still_of(scene, number) for number in range(len(scene.timeline))]
    return {f"{scene.key}-{n}": still for n, still in enumerate(stills, 1) if still} or {
        scene.key: drawing_of(scene)
    }


def _png(drawing: str) -> bytes:
    return bytes(typst.compile(PAGE, format="png", ppi=72.0, sys_inputs={"drawing": drawing}))
