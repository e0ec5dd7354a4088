"""Things a hand can hold, drawn from where they are held: rattle, teether, ball, spoon, bottle.
Whose hand holds one is decided by a pose or a carer; mats and cots are in surfaces.py."""

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
        grasp_x, grasp_y, _ = self.grasp
        return (grasp_x + x * self.unit, grasp_y + y * self.unit)

    def circle(self, ahead: float, radius: float) -> str:
        centre = self.point(ahead)
        return circle(centre, radius * self.unit)

    def rod(self, start: Point, end: Point, start_radius: float, end_radius: float) -> str:
        """A capsule between two places (ahead, aside) of the toy."""
        u = self.unit
        near = self.point(*start)
        far = self.point(*end)
        return capsule(near, start_radius * u, far, end_radius * u)

    def cylinder(self, start: float, end: float, radius: float) -> str:
        """A soft-cornered tube along the toy."""
        size = radius * self.unit
        near = (self.point(start), size)
        far = (self.point(end), size)
        outline = circles_outline([near, far], 30)
        return smooth_path(outline)


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
    width = 0.2 * held.unit
    return ink.band(ring, SKY, width)


def _ball(held: Held, ink: Ink) -> str:
    ball = held.circle(0.4, 0.42)
    points = [
        held.point(0.4, -0.4),
        held.point(0.62, 0),
        held.point(0.4, 0.4),
    ]
    seam = smooth_path(points, closed=False)
    svg = ink.shape(ball, ROSE, 0.9)
    return svg + ink.stroke(seam, CREAM, 1.4)


def _spoon(held: Held, ink: Ink) -> str:
    u = held.unit
    handle = held.rod((0, 0), (0.9, 0), 0.06, 0.06)
    circles = [
        (held.point(0.9), 0.13 * u),
        (held.point(1.02), 0.15 * u),
    ]
    bowl = smooth_path(circles_outline(circles, 40))
    return ink.shape(handle + bowl, LILAC, 0.8)


def _bottle(held: Held, ink: Ink) -> str:
    """A feeding bottle with milk in it, its teat ahead."""
    teat = held.rod((0.98, 0), (1.22, 0), 0.12, 0.07)
    glass = held.cylinder(-0.62, 0.62, 0.25)
    milk = held.cylinder(-0.6, 0.3, 0.16)
    collar = held.rod((0.78, -0.18), (0.78, 0.18), 0.12, 0.12)
    teat_colour = mix_colours(MARIGOLD, CREAM, 0.35)
    glass_colour = mix_colours(SKY, "#ffffff", 0.7)

    svg = ink.shape(teat, teat_colour, 0.8)
    svg += ink.shape(glass, glass_colour, 0.9)
    svg += fill_path(milk, CREAM)
    return svg + ink.shape(collar, SKY, 0.8)


TOYS: dict[str, Callable[[Held, Ink], str]] = {
    "rattle": _rattle,
    "teether": _teether,
    "ball": _ball,
    "spoon": _spoon,
    "bottle": _bottle,
}
