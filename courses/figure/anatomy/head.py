"""The head: skull, cheeks and ears as solid shapes that turn together, and the plate the face lies on.
The face itself (eyes, brows, nose, mouth) is in face.py, hair in hair.py; what turns the head, in body.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

from courses.figure.geometry import (
    Frame,
    Point,
    Space,
    lens,
    minus,
    seen_oval,
    silhouette,
    smooth,
    unit,
)
from courses.figure.palette import Ink

Solid = tuple[Space, Space]
"""Centre and radii of an ellipsoid in units of half a head."""


@dataclass(frozen=True)
class Skull:
    """The proportions of a head; lengths in units of half its height, y up from its middle, z towards the face."""

    solids: tuple[Solid, ...]
    chin: Solid
    plate: Solid
    eye: tuple[float, float, float, float]  # across, up, half width, half height
    brow: tuple[float, float]  # up, half width
    nose: tuple[float, float, float]  # up, half width, how far out
    mouth: tuple[float, float]  # up, how large
    ear: Solid
    hairline: float
    iris: float = 0.7


def _pair(x: float, y: float, z: float, r: Space) -> tuple[Solid, Solid]:
    return ((-x, y, z), r), ((x, y, z), r)


BABY = Skull(
    solids=(
        ((0, 0.13, -0.12), (0.95, 0.89, 1.0)),
        ((0, -0.22, 0.14), (0.86, 0.70, 0.76)),
        *_pair(0.37, -0.45, 0.42, (0.40, 0.37, 0.40)),
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
    hairline=76,
)
NEWBORN = Skull(
    solids=(
        ((0, 0.15, -0.16), (0.91, 0.87, 1.04)),
        ((0, -0.22, 0.14), (0.82, 0.68, 0.74)),
        *_pair(0.35, -0.45, 0.38, (0.38, 0.35, 0.38)),
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
    hairline=78,
    iris=0.76,
)
TODDLER = Skull(
    solids=(
        ((0, 0.16, -0.12), (0.91, 0.85, 0.98)),
        ((0, -0.22, 0.14), (0.82, 0.72, 0.76)),
        *_pair(0.35, -0.45, 0.40, (0.38, 0.36, 0.38)),
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
    hairline=80,
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
    hairline=82,
    iris=0.72,
)
SKULLS = {"newborn": NEWBORN, "young": BABY, "older": BABY, "toddler": TODDLER, "adult": ADULT}


@dataclass(frozen=True)
class Plate:
    """The front of a head, to draw a face on: x across, y up, both along the surface; `out` stands off it."""

    frame: Frame
    skull: Skull

    def at(self, x: float, y: float, out: float = 0.0) -> Point:
        p = self.frame.at(*self._spot(x, y, out))
        return (p[0], p[1])

    def _spot(self, x: float, y: float, out: float) -> Space:
        (cx, cy, cz), (rx, ry, rz) = self.skull.plate
        lon, lat = x / rx, (y - cy) / ry
        k = 1 + out
        return (
            cx + k * rx * sin(lon) * cos(lat),
            cy + k * ry * sin(lat),
            cz + k * rz * cos(lon) * cos(lat),
        )

    def facing(self, x: float, y: float) -> float:
        """1 looked at squarely, 0 at the edge, below 0 on the far side."""
        spot = minus(self._spot(x, y, 0), self.skull.plate[0])
        r = self.skull.plate[1]
        normal = unit((spot[0] / r[0] ** 2, spot[1] / r[1] ** 2, spot[2] / r[2] ** 2))
        return self.frame.way(*normal)[2]

    def path(
        self, points: Sequence[tuple[float, float]], closed: bool = True, out: float = 0.0
    ) -> str:
        return smooth([self.at(x, y, out) for x, y in points], closed)

    def lens(
        self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]
    ) -> str:
        return lens([self.at(*p) for p in upper], [self.at(*p) for p in lower])

    def dot(self, x: float, y: float, rx: float, ry: float, steps: int = 8) -> str:
        k = 1 / cos(pi / steps) ** 0.9
        turns = [2 * pi * i / steps for i in range(steps)]
        return self.path([(x + k * rx * cos(a), y + k * ry * sin(a)) for a in turns])


def outline(frame: Frame, skull: Skull, jaw: float = 0.0) -> list[Point]:
    """The edge of the head as it is seen; `jaw` 0 closed to 1 dropped as in a yawn."""
    (x, y, z), (rx, ry, rz) = skull.chin
    solids = [*skull.solids, ((x, y - 0.13 * jaw, z - 0.03 * jaw), (rx + 0.08 * jaw, ry, rz))]
    solids[1] = (
        skull.solids[1][0],
        (skull.solids[1][1][0], skull.solids[1][1][1] + 0.08 * jaw, skull.solids[1][1][2]),
    )
    middle = frame.at(0, -0.1, 0.05)
    nose = frame.at(*skull.solids[4][0])
    aside = hypot(nose[0] - middle[0], nose[1] - middle[1]) / frame.unit
    towards, fine = (
        atan2(nose[1] - middle[1], nose[0] - middle[0]),
        0.62 * min(max((aside - 0.25) / 0.3, 0.0), 1.0),
    )
    ovals = [seen_oval(frame, c, r) for c, r in solids]
    return silhouette(ovals, middle[0], middle[1], 34, frame.up, towards, fine)


def ears(frame: Frame, skull: Skull, ink: Ink) -> tuple[str, str]:
    """The ears behind the head and those in front of it."""
    behind, ahead = "", ""
    (x, y, z), radii = skull.ear
    for side in (-1, 1):
        oval = seen_oval(frame, (side * x, y, z), radii)
        points = silhouette([oval], oval.x, oval.y, 10, frame.up)
        depth = frame.way(side, 0, 0.0)[2]
        shape = ink.shape(smooth(points), ink.skin, 0.9)
        if depth < 0.12:
            behind += shape
            continue
        fold = [
            (side * x, y + 0.12, z + 0.05),
            (side * x, y + 0.13, z - 0.09),
            (side * x, y - 0.02, z - 0.07),
            (side * x, y - 0.1, z + 0.02),
        ]
        ahead += shape + ink.stroke(smooth([frame.at(*p) for p in fold], closed=False), thin=0.7)
    return behind, ahead
