"""Things a hand can hold, drawn from where they are held: rattle, teething ring, ball, spoon, bottle.
Whose hand holds one is decided by a pose or a carer; surfaces such as mats and cots are in settings.py."""

from __future__ import annotations

from collections.abc import Callable

from courses.figure.geometry import Point, Space, around, capsule, circle, smooth
from courses.figure.palette import CREAM, LILAC, MARIGOLD, PLUM, ROSE, SKY, Ink, flat, mixed

Place = Callable[..., Point]


def draw_toy(toy: str, at: Space, along: Space, u: float, ink: Ink) -> str:
    """A toy held at `at` that points along `along`; `u` is half a baby's head. "" for no toy."""

    def place(ahead: float, aside: float = 0.0) -> Point:
        x, y = along[0] * ahead - along[1] * aside, along[1] * ahead + along[0] * aside
        return (at[0] + x * u, at[1] + y * u)

    toys = {
        "rattle": _rattle,
        "teether": _teether,
        "ball": _ball,
        "spoon": _spoon,
        "bottle": _bottle,
    }
    return toys[toy](place, u, ink) if toy in toys else ""


def _rattle(place: Place, u: float, ink: Ink) -> str:
    top, tail = place(0.95), place(-0.5)
    svg = ink.shape(capsule(tail, 0.07 * u, top, 0.07 * u) + circle(tail, 0.14 * u), CREAM, 0.8)
    svg += ink.shape(circle(top, 0.36 * u), PLUM, 0.9)
    band = ((1.01, -0.34), (1.07, 0), (1.01, 0.34), (0.87, 0.34), (0.93, 0), (0.87, -0.34))
    return (
        svg
        + flat(smooth([place(*p) for p in band]), MARIGOLD)
        + flat(circle(place(1.15), 0.06 * u), CREAM)
    )


def _teether(place: Place, u: float, ink: Ink) -> str:
    return ink.band(circle(place(0.4), 0.38 * u), SKY, 0.2 * u)


def _ball(place: Place, u: float, ink: Ink) -> str:
    seam = smooth([place(0.4, -0.4), place(0.62, 0), place(0.4, 0.4)], closed=False)
    return ink.shape(circle(place(0.4), 0.42 * u), ROSE, 0.9) + ink.stroke(seam, CREAM, 1.4)


def _spoon(place: Place, u: float, ink: Ink) -> str:
    bowl = smooth(around([(place(0.9), 0.13 * u), (place(1.02), 0.15 * u)], 40))
    return ink.shape(capsule(place(0), 0.06 * u, place(0.9), 0.06 * u) + bowl, LILAC, 0.8)


def _bottle(place: Place, u: float, ink: Ink) -> str:
    """A feeding bottle with milk in it, its teat ahead."""
    teat = capsule(place(0.98), 0.12 * u, place(1.22), 0.07 * u)
    glass = smooth(around([(place(-0.62), 0.25 * u), (place(0.62), 0.25 * u)], 30))
    milk = smooth(around([(place(-0.6), 0.16 * u), (place(0.3), 0.16 * u)], 30))
    svg = ink.shape(teat, mixed(MARIGOLD, CREAM, 0.35), 0.8) + ink.shape(
        glass, mixed(SKY, "#ffffff", 0.7), 0.9
    )
    return (
        svg
        + flat(milk, CREAM)
        + ink.shape(capsule(place(0.78, -0.18), 0.12 * u, place(0.78, 0.18), 0.12 * u), SKY, 0.8)
    )
