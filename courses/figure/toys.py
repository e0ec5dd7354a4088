"""Things a hand can hold, drawn from where they are held: rattle, teething ring, ball, spoon,
bottle.
Whose hand holds one is decided by a pose or a carer; surfaces such as mats and cots are in
surfaces.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from courses.figure.geometry.outlines import circles_outline
from courses.figure.geometry.path_data import capsule, circle, smooth_path
from courses.figure.geometry.vectors import Point, Space
from courses.figure.palette import (
    CREAM,
    LILAC,
    MARIGOLD,
    PLUM,
    ROSE,
    SKY,
    Ink,
    fill_path,
    mix_colours,
)


@dataclass(frozen=True)
class Held:
    """Where a toy is held and where it points; `unit` is half a baby's head."""

    grasp: Space
    along: Space
    unit: float

    def point(self, ahead: float, aside: float = 0.0) -> Point:
        """A place of the toy, in units: ahead of the hand, and to the side."""
        dx, dy, _ = self.along
        x = dx * ahead - dy * aside
        y = dy * ahead + dx * aside
        return (self.grasp[0] + x * self.unit, self.grasp[1] + y * self.unit)

    def circle(self, ahead: float, radius: float) -> str:
        return circle(self.point(ahead), radius * self.unit)

    def rod(self, start: Point, end: Point, start_radius: float, end_radius: float) -> str:
        """A capsule between two places (ahead, aside) of the toy."""
        u = self.unit
        return capsule(self.point(*start), start_radius * u, self.point(*end), end_radius * u)

    def cylinder(self, start: float, end: float, radius: float) -> str:
        """A soft-cornered tube along the toy."""
        ends = [(self.point(start), radius * self.unit), (self.point(end), radius * self.unit)]
        return smooth_path(circles_outline(ends, 30))


def draw_toy(toy: str, grasp: Space, along: Space, unit: float, ink: Ink) -> str:
    """A toy held at `grasp` that points along `along`; `unit` is half a baby's head.

    "" for no toy.
    """
    if toy not in TOYS:
        return ""
    return TOYS[toy](Held(grasp, along, unit), ink)


def _rattle(held: Held, ink: Ink) -> str:
    handle = held.rod((-0.5, 0), (0.95, 0), 0.07, 0.07) + held.circle(-0.5, 0.14)
    band = [
        held.point(1.01, -0.34),
        held.point(1.07, 0),
        held.point(1.01, 0.34),
        held.point(0.87, 0.34),
        held.point(0.93, 0),
        held.point(0.87, -0.34),
    ]
    svg = ink.shape(handle, CREAM, 0.8)
    svg += ink.shape(held.circle(0.95, 0.36), PLUM, 0.9)
    svg += fill_path(smooth_path(band), MARIGOLD)
    return svg + fill_path(held.circle(1.15, 0.06), CREAM)


def _teether(held: Held, ink: Ink) -> str:
    ring = held.circle(0.4, 0.38)
    return ink.band(ring, SKY, 0.2 * held.unit)


def _ball(held: Held, ink: Ink) -> str:
    seam = [held.point(0.4, -0.4), held.point(0.62, 0), held.point(0.4, 0.4)]
    ball = ink.shape(held.circle(0.4, 0.42), ROSE, 0.9)
    return ball + ink.stroke(smooth_path(seam, closed=False), CREAM, 1.4)


def _spoon(held: Held, ink: Ink) -> str:
    u = held.unit
    tip = [(held.point(0.9), 0.13 * u), (held.point(1.02), 0.15 * u)]
    bowl = smooth_path(circles_outline(tip, 40))
    handle = held.rod((0, 0), (0.9, 0), 0.06, 0.06)
    return ink.shape(handle + bowl, LILAC, 0.8)


def _bottle(held: Held, ink: Ink) -> str:
    """A feeding bottle with milk in it, its teat ahead."""
    teat = held.rod((0.98, 0), (1.22, 0), 0.12, 0.07)
    glass = held.cylinder(-0.62, 0.62, 0.25)
    milk = held.cylinder(-0.6, 0.3, 0.16)
    collar = held.rod((0.78, -0.18), (0.78, 0.18), 0.12, 0.12)
    svg = ink.shape(teat, mix_colours(MARIGOLD, CREAM, 0.35), 0.8)
    svg += ink.shape(glass, mix_colours(SKY, "#ffffff", 0.7), 0.9)
    svg += fill_path(milk, CREAM)
    return svg + ink.shape(collar, SKY, 0.8)


TOYS: dict[str, Callable[[Held, Ink], str]] = {
    "rattle": _rattle,
    "teether": _teether,
    "ball": _ball,
    "spoon": _spoon,
    "bottle": _bottle,
}
