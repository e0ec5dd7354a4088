"""The head: skull, cheeks and ears as ellipsoids that turn together, and the plate of the face.
The face itself is in face.py, eyes.py and mouth.py, hair in hair.py; skeleton.py turns the head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

from courses.figure.geometry.outlines import project_ellipsoid, silhouette
from courses.figure.geometry.path_data import lens_path, smooth_path
from courses.figure.geometry.vectors import Frame, Point, Space, scale, subtract, unit_vector
from courses.figure.palette import FORM, Ink, fill_path

Solid = tuple[Space, Space]
"""Centre and radii of an ellipsoid in units of half a head."""


@dataclass(frozen=True)
class Skull:
    """The proportions of a head.

    Lengths in units of half its height, y up from its middle, z towards the face.
    """

    solids: tuple[Solid, ...]
    chin: Solid
    plate: Solid
    eye: tuple[float, float, float, float]  # across, up, half width, half height
    brow: tuple[float, float]  # up, half width
    nose: tuple[float, float, float]  # up, half width, how far out
    mouth: tuple[float, float]  # up, how large
    ear: Solid
    iris: float = 0.78
    slant: float = 0.006  # how much higher the outer corner of an eye is than its middle


def _pair(x: float, y: float, z: float, radii: Space) -> tuple[Solid, Solid]:
    """The same ellipsoid on both sides of the head."""
    left = ((-x, y, z), radii)
    right = ((x, y, z), radii)
    return left, right


BABY = Skull(
    solids=(
        ((0, 0.13, -0.12), (0.95, 0.89, 1.0)),
        ((0, -0.22, 0.14), (0.86, 0.70, 0.76)),
        *_pair(0.395, -0.42, 0.41, (0.415, 0.39, 0.40)),
        ((0, -0.37, 1.0), (0.12, 0.11, 0.16)),
        ((0, -0.62, 0.76), (0.24, 0.20, 0.20)),
    ),
    chin=((0, -0.70, 0.48), (0.40, 0.26, 0.30)),
    plate=((0, -0.08, 0), (0.93, 0.98, 0.98)),
    eye=(0.385, -0.15, 0.205, 0.185),
    brow=(0.185, 0.18),
    nose=(-0.38, 0.095, 0.10),
    mouth=(-0.635, 1.2),
    ear=((0.91, -0.2, -0.12), (0.10, 0.24, 0.17)),
)
NEWBORN = Skull(
    solids=(
        ((0, 0.15, -0.16), (0.91, 0.87, 1.04)),
        ((0, -0.22, 0.14), (0.82, 0.68, 0.74)),
        *_pair(0.37, -0.43, 0.38, (0.385, 0.36, 0.38)),
        ((0, -0.38, 0.96), (0.12, 0.10, 0.15)),
        ((0, -0.62, 0.72), (0.24, 0.19, 0.20)),
    ),
    chin=((0, -0.69, 0.44), (0.37, 0.25, 0.28)),
    plate=((0, -0.08, 0), (0.90, 0.97, 0.96)),
    eye=(0.375, -0.17, 0.19, 0.155),
    brow=(0.125, 0.155),
    nose=(-0.39, 0.095, 0.09),
    mouth=(-0.63, 1.2),
    ear=((0.88, -0.2, -0.14), (0.10, 0.24, 0.17)),
    iris=0.82,
)
TODDLER = Skull(
    solids=(
        ((0, 0.16, -0.12), (0.91, 0.85, 0.98)),
        ((0, -0.22, 0.14), (0.82, 0.72, 0.76)),
        *_pair(0.37, -0.42, 0.39, (0.39, 0.375, 0.38)),
        ((0, -0.34, 1.0), (0.12, 0.12, 0.16)),
        ((0, -0.60, 0.76), (0.23, 0.20, 0.19)),
    ),
    chin=((0, -0.73, 0.48), (0.38, 0.26, 0.29)),
    plate=((0, -0.06, 0), (0.89, 0.98, 0.98)),
    eye=(0.365, -0.09, 0.195, 0.175),
    brow=(0.235, 0.18),
    nose=(-0.34, 0.10, 0.11),
    mouth=(-0.61, 1.2),
    ear=((0.87, -0.16, -0.12), (0.10, 0.24, 0.17)),
)
ADULT = Skull(
    solids=(
        ((0, 0.20, -0.10), (0.78, 0.78, 0.92)),
        ((0, -0.22, 0.14), (0.71, 0.74, 0.70)),
        *_pair(0.30, -0.40, 0.34, (0.36, 0.42, 0.34)),
        ((0, -0.21, 0.92), (0.12, 0.13, 0.20)),
        ((0, -0.08, 0.82), (0.10, 0.24, 0.10)),
        ((0, -0.50, 0.70), (0.22, 0.20, 0.17)),
    ),
    chin=((0, -0.76, 0.46), (0.38, 0.23, 0.28)),
    plate=((0, -0.05, 0), (0.78, 0.98, 0.92)),
    eye=(0.30, 0.03, 0.155, 0.125),
    brow=(0.28, 0.18),
    nose=(-0.21, 0.11, 0.17),
    mouth=(-0.52, 1.15),
    ear=((0.76, -0.06, -0.08), (0.09, 0.22, 0.15)),
    iris=0.72,
)
SKULLS = {"newborn": NEWBORN, "young": BABY, "older": BABY, "toddler": TODDLER, "adult": ADULT}


@dataclass(frozen=True)
class Plate:
    """The curved front of a head, to draw a face on: x across, y up, both along the surface.

    `out` is how far something stands off the surface, as a fraction of its radius.
    """

    frame: Frame
    skull: Skull

    def point(self, x: float, y: float, out: float = 0.0) -> Point:
        """Where a place of the face is on the picture."""
        spot = self._spot(x, y, out)
        right, down, _ = self.frame.point(*spot)
        return right, down

    def _spot(self, x: float, y: float, out: float) -> Space:
        (cx, cy, cz), (rx, ry, rz) = self.skull.plate
        longitude = x / rx
        latitude = (y - cy) / ry
        k = 1 + out
        return (
            cx + k * rx * sin(longitude) * cos(latitude),
            cy + k * ry * sin(latitude),
            cz + k * rz * cos(longitude) * cos(latitude),
        )

    def facing(self, x: float, y: float) -> float:
        """How squarely a place of the face is seen: 1 straight on, 0 at the edge, less beyond."""
        centre, (rx, ry, rz) = self.skull.plate
        spot = self._spot(x, y, 0)
        dx, dy, dz = subtract(spot, centre)
        gradient = (dx / rx**2, dy / ry**2, dz / rz**2)
        normal = unit_vector(gradient)
        _, _, towards_viewer = self.frame.direction(*normal)
        return towards_viewer

    def path(self, points: Sequence[Point], closed: bool = True, out: float = 0.0) -> str:
        """A soft line near places of the face."""
        on_picture = [self.point(x, y, out) for x, y in points]
        return smooth_path(on_picture, closed)

    def lens(self, upper: Sequence[Point], lower: Sequence[Point]) -> str:
        """The area between two lines of the face that share their ends."""
        top = [self.point(x, y) for x, y in upper]
        bottom = [self.point(x, y) for x, y in lower]
        return lens_path(top, bottom)

    def oval(self, x: float, y: float, rx: float, ry: float, steps: int = 8) -> str:
        """A soft ellipse on the face, near `steps` points."""
        # The curve passes inside its points, so these lie a little outside the ellipse.
        k = 1 / cos(pi / steps) ** 0.9
        points = []
        for i in range(steps):
            angle = 2 * pi * i / steps
            across = x + k * rx * cos(angle)
            up = y + k * ry * sin(angle)
            points.append((across, up))
        return self.path(points)


def outline(frame: Frame, skull: Skull, jaw: float = 0.0) -> list[Point]:
    """The edge of the head as it is seen; `jaw` 0 closed to 1 dropped as in a yawn."""
    solids = _with_jaw(skull, jaw)
    ellipses = [project_ellipsoid(frame, centre, radii) for centre, radii in solids]
    x, y, _ = frame.point(0, -0.1, 0.05)
    # A head seen from the side has its small shapes at the nose: the points lie closer together
    # there.
    nose_centre, _ = skull.solids[4]
    nose = frame.point(*nose_centre)
    dx = nose[0] - x
    dy = nose[1] - y
    aside = hypot(dx, dy) / frame.unit
    is_seen_from_side = min(max((aside - 0.25) / 0.3, 0.0), 1.0)
    fine = 0.62 * is_seen_from_side
    towards = atan2(dy, dx)
    return silhouette(ellipses, x, y, 34, frame.up, towards, fine)


def draw_skull(frame: Frame, skull: Skull, ink: Ink, jaw: float, uid: str) -> str:
    """The head in its skin, darker towards the side away from the light; `uid` names the shade."""
    edge = smooth_path(outline(frame, skull, jaw))
    # The light comes from the upper left of the picture, however the head is turned.
    shade = (
        f'<radialGradient id="{uid}" cx=".4" cy=".4" r=".66">'
        f'<stop offset=".6" stop-color="{FORM}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{FORM}" stop-opacity=".3"/></radialGradient>'
    )
    return ink.shape(edge, ink.skin) + shade + fill_path(edge, f"url(#{uid})")


def _with_jaw(skull: Skull, jaw: float) -> list[Solid]:
    """The solids of the head with the chin let down and the cheeks stretched."""
    cranium, (cheeks, cheeks_radii), *others = skull.solids
    width, height, depth = cheeks_radii
    stretched = (width, height + 0.08 * jaw, depth)
    (x, y, z), (rx, ry, rz) = skull.chin
    chin = (x, y - 0.13 * jaw, z - 0.03 * jaw)
    chin_radii = (rx + 0.08 * jaw, ry, rz)
    return [cranium, (cheeks, stretched), *others, (chin, chin_radii)]


def ears(
    frame: Frame, skull: Skull, ink: Ink, aid: Callable[[int], str] | None = None
) -> tuple[str, str]:
    """The ears behind the head and those in front of it; `aid` draws what is worn on a side."""
    behind = ""
    ahead = ""
    for side in (-1, 1):
        _, _, depth = frame.direction(side, 0, 0.0)
        ear = _ear(frame, skull, ink, side)
        worn = aid(side) if aid else ""
        if depth < 0.12:
            behind += worn + ear
        else:
            ahead += ear + _ear_fold(frame, skull, ink, side) + worn
    return behind, ahead


def _ear(frame: Frame, skull: Skull, ink: Ink, side: int) -> str:
    (x, y, z), radii = skull.ear
    centre = (side * x, y, z)
    ellipse = project_ellipsoid(frame, centre, radii)
    points = silhouette([ellipse], ellipse.x, ellipse.y, 10, frame.up)
    edge = smooth_path(points)
    inner = project_ellipsoid(frame, centre, scale(radii, 0.6))
    hollow = smooth_path(silhouette([inner], inner.x, inner.y, 8, frame.up))
    return ink.shape(edge, ink.skin, 0.9) + fill_path(hollow, FORM, 0.16)


def _ear_fold(frame: Frame, skull: Skull, ink: Ink, side: int) -> str:
    (x, y, z), _ = skull.ear
    across = side * x
    points = [
        frame.point(across, y + 0.12, z + 0.05),
        frame.point(across, y + 0.13, z - 0.09),
        frame.point(across, y - 0.02, z - 0.07),
        frame.point(across, y - 0.1, z + 0.02),
    ]
    fold = smooth_path(points, closed=False)
    return ink.stroke(fold, weight=0.7)
