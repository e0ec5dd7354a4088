"""How near we look: the square of the picture that is shown. Subtle cues need a near look.
Where the baby is on the picture is decided in settings.py and body.py; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from courses.figure.anatomy.skeleton import Build, Skeleton

SIDE = 480
"""The side of the square every scene is drawn in."""

FRAMES = ("whole", "near", "face")
LEAST = 150.0
"""The smallest square that is ever shown."""

# Somebody who holds the baby belongs into a near look: left, top, side.
HELD = {"lap": (66.0, 8.0, 360.0), "arms": (48.0, 16.0, 396.0)}


def view_numbers(
    frame: str, s: Skeleton, build: Build, setting: str, beside: str
) -> dict[str, float]:
    """Left, top and side of the square that is shown, as numbers that can be eased; keys begin with `view_`.

    `beside` is the side on which somebody leans or reaches in: left, right or none.
    """
    if frame == "face":
        x, y = s.head.origin[0], s.head.origin[1] + 0.2 * s.root.unit
        square = _square(x, y, 4.6 * s.root.unit)
    elif frame == "near" and setting in HELD:
        square = HELD[setting]
    elif frame == "near":
        square = _round_all(s, build, setting, beside)
    else:
        square = (0.0, 0.0, SIDE)
    return dict(zip(("view_x", "view_y", "view_side"), square, strict=True))


def union(views: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """One view that shows what all of them show."""
    boxes = [(v["view_x"], v["view_y"], v["view_side"]) for v in views]
    left, top = min(x for x, _, _ in boxes), min(y for _, y, _ in boxes)
    right, bottom = max(x + side for x, _, side in boxes), max(y + side for _, y, side in boxes)
    square = _square((left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top))
    return dict(zip(("view_x", "view_y", "view_side"), square, strict=True))


def _round_all(s: Skeleton, build: Build, setting: str, beside: str) -> tuple[float, float, float]:
    """The square round the baby and whoever is beside, with some air; a tray hides the feet."""
    u = s.root.unit
    spots = [(s.head.origin, 1.15), (s.root.origin, 0.9)]
    spots += [(limb.end, build.hand + 0.3) for limb in s.arms]
    spots += [(limb.end, 0.7 * build.foot) for limb in s.legs if setting != "highchair"]
    left, right = min(p[0] - r * u for p, r in spots), max(p[0] + r * u for p, r in spots)
    top, bottom = min(p[1] - r * u for p, r in spots), max(p[1] + r * u for p, r in spots)
    left = 0.0 if beside == "left" else left
    right = SIDE if beside == "right" else right
    return _square(
        (left + right) / 2, (top + bottom) / 2, max(right - left, bottom - top) + 0.7 * u
    )


def _square(x: float, y: float, side: float) -> tuple[float, float, float]:
    """A square round a point that does not leave the picture."""
    side = min(max(side, LEAST), SIDE)
    return (
        min(max(x - side / 2, 0.0), SIDE - side),
        min(max(y - side / 2, 0.0), SIDE - side),
        side,
    )
