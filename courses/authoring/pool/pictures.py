"""Exemplars as pictures, for authors to look at and for the check that no two look alike.

How a figure is drawn is in `figure`.
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

from courses.figure.baby import Pose, draw
from courses.figure.motion.timeline import Timeline
from courses.library.content.exemplars import Exemplar, Pool
from courses.typesetting.raster import render_png

SIDE = 240  # pixels of one picture on a contact sheet
ACROSS = 7  # pictures in a row of a contact sheet: no cue has more moments


def moments_of(exemplar: Exemplar) -> list[str]:
    """Its drawing as SVG without a word; of a moving one that of each moment, from one place."""
    if not exemplar.timeline:
        figures = [Pose.from_dict(exemplar.pose)]
        return [draw(pose, title="", description="") for pose in figures]
    moments = [keyframe.model_dump() for keyframe in exemplar.timeline]
    timeline = Timeline.from_dicts(moments)
    stills = [timeline.still(number) for number in range(len(moments))]
    return [draw(still, title="", description="") for still in stills]


def picture_of(exemplar: Exemplar, side: int = SIDE) -> Image.Image:
    """One picture; of a moving one its moments side by side."""
    stills = []
    for moment in moments_of(exemplar):
        png = render_png(moment, side)
        stills.append(Image.open(BytesIO(png)).convert("RGB"))
    strip = Image.new("RGB", (side * len(stills), side), "white")
    for number, still in enumerate(stills):
        strip.paste(still, (side * number, 0))
    return strip


def draw_pool(pool: Pool, folder: Path) -> list[Path]:
    """Writes `<folder>/<category>/<key>.png` for every exemplar, and `<category>.png`, a sheet.

    Returns the files written.
    """
    paths = []
    for category in pool.categories:
        pictures = []
        for exemplar in pool.exemplars:
            if exemplar.category != category.key:
                continue
            picture = picture_of(exemplar)
            pictures.append(picture)
            name = f"{category.key}/{exemplar.tier}-{exemplar.key}"
            paths.append(_save(picture, folder, name))
        paths.append(_save(_sheet(pictures), folder, category.key))
    return paths


def draw_blind(pool: Pool, count: int, seed: str, folder: Path) -> list[Path]:
    """A set to be named by somebody who has only the pictures: `01.png` and on, larger.

    What they are is in `<folder>-names.csv`, apart from them. Returns the files written.
    """
    chosen = Random(seed).sample(pool.exemplars, min(count, len(pool.exemplars)))  # noqa: S311
    paths = []
    for number, exemplar in enumerate(chosen, 1):
        picture = picture_of(exemplar, 2 * SIDE)
        paths.append(_save(picture, folder, f"{number:02}"))
    names = folder.with_name(f"{folder.name}-names.csv")
    with names.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "key", "category", "tier", "mistaken for"])
        for number, exemplar in enumerate(chosen, 1):
            rows.writerow(_row(number, exemplar))
    return [*paths, names]


def _row(number: int, exemplar: Exemplar) -> Sequence[object]:
    return number, exemplar.key, exemplar.category, exemplar.tier, exemplar.mistaken_for


def _sheet(pictures: Iterable[Image.Image]) -> Image.Image:
    """Pictures in rows; a moving one takes a place for each of its moments."""
    width = ACROSS * SIDE
    rows: list[list[Image.Image]] = [[]]
    for picture in pictures:
        used = sum(other.width for other in rows[-1])
        if used and used + picture.width > width:
            rows.append([])
        rows[-1].append(picture)
    sheet = Image.new("RGB", (width, SIDE * len(rows)), "white")
    for number, row in enumerate(rows):
        x = 0
        for picture in row:
            sheet.paste(picture, (x, SIDE * number))
            x += picture.width
    return sheet


def _save(picture: Image.Image, folder: Path, name: str) -> Path:
    path = folder / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path
