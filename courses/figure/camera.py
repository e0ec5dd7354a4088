"""Which square of the picture is shown: subtle cues need a closer view.
Where the baby is on the picture is decided in surfaces.py and skeleton.py; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from courses.figure.anatomy.skeleton import Build, Skeleton

SIDE = 480
"""The side of the square every scene is drawn in."""

FRAMES = ("whole", "near", "face")
MIN_SIDE = 150.0
"""The smallest square that is ever shown."""

Square = tuple[float, float, float]
"""Left, top and side."""

# Somebody who holds the baby belongs into a near view.
HELD: dict[str, Square] = {"lap": (48.0, 8.0, 396.0), "arms": (48.0, 16.0, 396.0)}


def view_numbers(
    frame: str, skeleton: Skeleton, build: Build, setting: str, beside: str
) -> dict[str, float]:
    """Left, top and side of the square that is shown, as numbers that can be interpolated.

    Args:
        frame: one of FRAMES.
        beside: the side on which somebody leans or reaches in: left, right or none.
    """
    u = skeleton.root.unit
    square: Square = (0.0, 0.0, SIDE)
    if frame == "face":
        x, y, _ = skeleton.head.origin
        # A little lower than the head, for hands at the mouth and a bib of chest belong to it.
        square = _square(x, y + 0.2 * u, 4.6 * u)
    elif frame == "near":
        square = HELD.get(setting) or _square_round(skeleton, build, setting, beside)
    return _as_numbers(square)


def _as_numbers(square: Square) -> dict[str, float]:
    x, y, side = square
    return {"view_x": x, "view_y": y, "view_side": side}


def union(views: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """One view that shows what all of them show."""
    lefts, tops, rights, bottoms = [], [], [], []
    for view in views:
        side = view["view_side"]
        lefts.append(view["view_x"])
        tops.append(view["view_y"])
        rights.append(view["view_x"] + side)
        bottoms.append(view["view_y"] + side)
    left = min(lefts)
    top = min(tops)
    right = max(rights)
    bottom = max(bottoms)
    return _as_numbers(_square_of(left, top, right, bottom))


def _square_round(skeleton: Skeleton, build: Build, setting: str, beside: str) -> Square:
    """The square round the baby and somebody beside, with some air."""
    u = skeleton.root.unit
    spots = [(skeleton.head.origin, 1.15), (skeleton.root.origin, 0.9)]
    spots += [(arm.end, build.hand + 0.3) for arm in skeleton.arms]
    if setting != "highchair":  # its tray hides the feet
        spots += [(leg.end, 0.7 * build.foot) for leg in skeleton.legs]
    left = min(point[0] - radius * u for point, radius in spots)
    right = max(point[0] + radius * u for point, radius in spots)
    top = min(point[1] - radius * u for point, radius in spots)
    bottom = max(point[1] + radius * u for point, radius in spots)
    if beside == "left":
        left = 0.0
    if beside == "right":
        right = SIDE
    return _square_of(left, top, right, bottom, air=0.7 * u)


def _square_of(left: float, top: float, right: float, bottom: float, air: float = 0.0) -> Square:
    side = max(right - left, bottom - top) + air
    x = (left + right) / 2
    y = (top + bottom) / 2
    return _square(x, y, side)


def _square(x: float, y: float, side: float) -> Square:
    """A square round a point that does not leave the picture."""
    side = min(max(side, MIN_SIDE), SIDE)
    farthest = SIDE - side
    half = side / 2
    left = min(max(x - half, 0.0), farthest)
    top = min(max(y - half, 0.0), farthest)
    return left, top, side
