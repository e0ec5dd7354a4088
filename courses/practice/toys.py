"""Things a hand can hold, drawn from where it is held: rattle, teething ring, ball, spoon.
Whose hand holds one is decided by a pose or a carer; surfaces such as mats and cots are in settings.py."""

from __future__ import annotations

from .geometry import Space, around, between, capsule, circle, number, smooth
from .palette import CREAM, LILAC, MARIGOLD, PLUM, ROSE, SKY, Ink, flat


def draw_toy(toy: str, at: Space, along: Space, u: float, ink: Ink) -> str:
    """A toy whose handle is at `at` and that points along `along`; `u` is half a baby's head."""
    ax, ay = along[0], along[1]
    if toy == "rattle":
        top = (at[0] + ax * 0.95 * u, at[1] + ay * 0.95 * u, at[2])
        tail = (at[0] - ax * 0.5 * u, at[1] - ay * 0.5 * u, at[2])
        svg = ink.shape(capsule(tail, 0.07 * u, top, 0.07 * u) + circle(tail, 0.14 * u), CREAM, 0.8)
        svg += ink.shape(circle(top, 0.36 * u), PLUM, 0.9)
        nx, ny = -ay, ax
        band = [
            (top[0] + nx * k * u + ax * d * u, top[1] + ny * k * u + ay * d * u)
            for k, d in ((-0.34, 0.06), (0, 0.12), (0.34, 0.06), (0.34, -0.08), (0, -0.02), (-0.34, -0.08))
        ]
        return (
            svg
            + flat(smooth(band), MARIGOLD)
            + flat(circle((top[0] + ax * 0.2 * u, top[1] + ay * 0.2 * u), 0.06 * u), CREAM)
        )
    if toy == "teether":
        ring = (at[0] + ax * 0.34 * u, at[1] + ay * 0.34 * u, at[2])
        r = number(0.3 * u)
        d = circle(ring, 0.3 * u)
        return (
            f'<path d="{d}" fill="none" stroke="{ink.line}" stroke-width="{0.2 * u + 5:.1f}"/>'
            f'<path d="{d}" fill="none" stroke="{SKY}" stroke-width="{0.2 * u:.1f}"/>'
            if r
            else ""
        )
    if toy == "ball":
        c = (at[0] + ax * 0.4 * u, at[1] + ay * 0.4 * u, at[2])
        svg = ink.shape(circle(c, 0.42 * u), ROSE, 0.9)
        return svg + ink.stroke(
            f"M{number(c[0] - 0.38 * u)} {number(c[1])}Q{number(c[0])} {number(c[1] + 0.25 * u)} {number(c[0] + 0.38 * u)} {number(c[1])}",
            CREAM,
            1.4,
        )
    if toy == "spoon":
        tip = (at[0] + ax * 0.9 * u, at[1] + ay * 0.9 * u, at[2])
        bowl = between(at, tip, 1.12)
        return ink.shape(capsule(at, 0.06 * u, tip, 0.06 * u), LILAC, 0.8) + ink.shape(
            smooth(around([(tip, 0.13 * u), (bowl, 0.15 * u)], 40)), LILAC, 0.8
        )
    return ""
