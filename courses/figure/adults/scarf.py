"""A headscarf: cloth round the face, its folds, and what lies over neck and shoulders.
Hair is in hair.py."""

from __future__ import annotations

from courses.figure.adults.look import AdultLook
from courses.figure.anatomy.head import Plate, Skull
from courses.figure.geometry.outlines import project_ellipsoid, silhouette
from courses.figure.geometry.path_data import smooth_path
from courses.figure.geometry.vectors import Frame, Point
from courses.figure.palette import mix_colours

# The opening for the face, on its plate: across and up, the right half from the top.
OPENING: tuple[Point, ...] = (
    (0.0, 0.62),
    (0.34, 0.58),
    (0.6, 0.34),
    (0.69, -0.05),
    (0.64, -0.45),
    (0.45, -0.82),
    (0.16, -1.0),
)
# The cloth over the chest, the right half from the side of the head down.
DRAPE: tuple[Point, ...] = (
    (0.62, 0.95),
    (0.72, 0.4),
    (1.02, 0.02),
    (1.12, -0.4),
    (0.86, -0.86),
    (0.3, -1.08),
)
FOLDS: tuple[tuple[Point, ...], ...] = (
    ((-0.5, 0.34), (-0.1, -0.1), (0.5, -0.24), (0.98, -0.16)),
    ((-0.74, 0.0), (-0.3, -0.44), (0.3, -0.6), (0.9, -0.52)),
)


def draw_scarf(head: Frame, skull: Skull, look: AdultLook) -> str:
    """The cloth over the head with the face in its opening."""
    ellipses = []
    for centre, (rx, ry, rz) in (*skull.solids[:4], skull.chin):
        radii = (rx * 1.12, ry * 1.1, rz * 1.06)
        ellipses.append(project_ellipsoid(head, centre, radii))
    x, y, _ = head.point(0, -0.1, 0.0)
    edge = silhouette(ellipses, x, y, 36, head.up)
    opening = _opening(Plate(head, skull))
    svg = look.ink.shape(smooth_path(edge) + smooth_path(opening), look.hair_colour, 0.95)
    return svg.replace("<path ", '<path fill-rule="evenodd" ', 1) + _head_fold(head, skull, look)


def _opening(plate: Plate) -> list[Point]:
    left = [(-x, y) for x, y in OPENING[1:]]
    return [plate.point(x, y) for x, y in (*OPENING, *left[::-1])]


def _head_fold(head: Frame, skull: Skull, look: AdultLook) -> str:
    """A fold of the cloth that runs round the face."""
    plate = Plate(head, skull)
    svg = ""
    for side in (-1, 1):
        points = [(side * 0.1, 0.8), (side * 0.56, 0.62), (side * 0.82, 0.1), (side * 0.78, -0.4)]
        if plate.facing(*points[2]) > 0.2:
            line = plate.path(points, closed=False, out=0.1)
            svg += look.ink.stroke(line, fold_colour(look), 0.75)
    return svg


def fold_colour(look: AdultLook) -> str:
    """The line of a fold in the cloth."""
    return mix_colours(look.hair_colour, look.ink.line, 0.42)


def draw_drape(chest: Frame, look: AdultLook) -> str:
    """The cloth that lies round the neck and over the chest, with its folds."""
    left = [(-x, y) for x, y in DRAPE]
    outline = smooth_path([_on_picture(chest, point) for point in (*DRAPE, *left[::-1])])
    svg = look.ink.shape(outline, look.hair_colour, 0.95)
    for fold in FOLDS:
        line = smooth_path([_on_picture(chest, point) for point in fold], closed=False)
        svg += look.ink.stroke(line, fold_colour(look), 0.75)
    return svg


def _on_picture(chest: Frame, point: Point) -> Point:
    x, y, _ = chest.point(*point)
    return x, y
