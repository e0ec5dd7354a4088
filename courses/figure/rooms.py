"""The rooms a baby can be in: a wall and a few things behind it, or what it lies on from above.

Cots, chairs and laps themselves are in surfaces.py. Everything here is pale and still, so that the
baby is seen first, and no room goes with any one cue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from courses.figure.geometry.path_data import (
    circle,
    ellipse,
    polyline,
    rounded_box,
    scale_path,
)
from courses.figure.palette import (
    CLAY,
    CREAM,
    DEEP_SAGE,
    LILAC,
    LINE,
    MARIGOLD,
    ROSE,
    SAGE,
    SKY,
    Ink,
    fill_path,
    mix_colours,
)

SIDE = 480
FLOOR = 398  # how far down the wall ends, seen from the front
WOOD = "#d9b483"


@dataclass(frozen=True)
class Ground:
    """What a baby lies on, seen from above: the floor, the rim of the mat, its middle and seams."""

    floor: str
    rim: str
    middle: str
    pattern: str


def _pale(colour: str, much: float = 0.72) -> str:
    return mix_colours(colour, "#ffffff", much)


GROUNDS: dict[str, Ground] = {
    "living-room": Ground(_pale(WOOD, 0.55), ROSE, _pale(ROSE, 0.7), "stripes"),
    "bedroom": Ground(_pale(LILAC, 0.75), LILAC, _pale(LILAC, 0.62), "dots"),
    "clinic": Ground("#eef1f2", SKY, _pale(SKY, 0.66), "plain"),
    "kitchen": Ground(_pale(CLAY, 0.8), DEEP_SAGE, _pale(MARIGOLD, 0.7), "checks"),
}


@lru_cache(maxsize=32)
def draw_room(room: str, ink: Ink) -> str:
    """The wall and floor behind a seat, a lap or arms; "" for the plain room."""
    return ROOMS[room](ink) if room in ROOMS else ""


@lru_cache(maxsize=32)
def draw_floor(room: str) -> str:
    """The floor round a mat or cot seen from above; "" for the plain room."""
    if room not in GROUNDS:
        return ""
    floor = GROUNDS[room].floor
    svg = fill_path(rounded_box(0, 0, SIDE, SIDE, 0), floor)
    if room == "living-room":
        boards = "".join(polyline(((0, y), (SIDE, y))) for y in range(48, SIDE, 64))
        svg += _line(boards, mix_colours(floor, LINE, 0.12))
    if room == "kitchen":
        tiles = "".join(polyline(((0, y), (SIDE, y))) for y in range(40, SIDE, 80))
        tiles += "".join(polyline(((x, 0), (x, SIDE))) for x in range(40, SIDE, 80))
        svg += _line(tiles, mix_colours(floor, "#ffffff", 0.6))
    return svg


def draw_pattern(room: str) -> str:
    """What is woven into the mat of a room, within its middle; turned with it by the caller."""
    ground = GROUNDS[room]
    colour = mix_colours(ground.middle, ground.rim, 0.45)
    if ground.pattern == "stripes":
        lines = "".join(polyline(((64, y), (416, y))) for y in (92, 128, 352, 388))
        return _line(lines, colour, 5)
    if ground.pattern == "dots":
        places = [(x, y) for x in range(90, 410, 64) for y in range(84, 420, 64)]
        return fill_path("".join(circle(place, 5) for place in places), colour)
    if ground.pattern == "checks":
        boxes = ""
        for row in range(4):
            for column in range(4):
                if (row + column) % 2:
                    boxes += rounded_box(66 + 87 * column, 62 + 91 * row, 87, 91, 8)
        return fill_path(boxes, mix_colours(ground.middle, ground.rim, 0.28))
    return ""


def _line(path: str, colour: str, width: float = 2) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def _wall(wall: str, floor: str) -> str:
    svg = fill_path(rounded_box(0, 0, SIDE, SIDE, 0), wall)
    svg += fill_path(rounded_box(0, FLOOR, SIDE, SIDE - FLOOR, 0), floor)
    return svg + _line(polyline(((0, FLOOR), (SIDE, FLOOR))), mix_colours(floor, LINE, 0.25))


def _window(x: float, y: float, ink: Ink, curtain: str) -> str:
    """A window with two short curtains; `x`, `y` its upper left."""
    svg = ink.shape(rounded_box(x, y, 96, 112, 6), _pale(SKY, 0.55), 0.6)
    bars = polyline(((x + 48, y), (x + 48, y + 112)))
    bars += polyline(((x, y + 52), (x + 96, y + 52)))
    svg += _line(bars, "#ffffff", 4)
    left = scale_path(f"M{x - 12} {y - 8}L{x + 26} {y - 8}Q{x + 22} {y + 60} {x - 8} {y + 112}Z")
    right = scale_path(
        f"M{x + 108} {y - 8}L{x + 70} {y - 8}Q{x + 74} {y + 60} {x + 104} {y + 112}Z"
    )
    return svg + ink.shape(left + right, curtain, 0.6)


def _living_room(ink: Ink) -> str:
    svg = _wall(_pale(SAGE, 0.35), _pale(WOOD, 0.5))
    svg += _window(28, 48, ink, _pale(MARIGOLD, 0.35))
    stand = polyline(((428, FLOOR + 14), (428, 150)))
    svg += _line(stand, "#8d7a6a", 5)
    shade = scale_path("M404 152L452 152L444 104L412 104Z")
    svg += ink.shape(shade, _pale(MARIGOLD, 0.4), 0.6)
    picture = rounded_box(352, 52, 44, 34, 3)
    svg += ink.shape(picture, CREAM, 0.5)
    return svg + fill_path(ellipse((428, FLOOR + 16), 26, 5), mix_colours(WOOD, LINE, 0.3))


def _bedroom(ink: Ink) -> str:
    svg = _wall(_pale(LILAC, 0.68), _pale(LILAC, 0.5))
    dots = [(40 + 80 * column, 40 + 72 * row) for row in range(5) for column in range(6)]
    svg += fill_path("".join(circle(dot, 3) for dot in dots), _pale(LILAC, 0.35))
    drawers = rounded_box(372, 286, 100, FLOOR - 276, 8)
    svg += ink.shape(drawers, _pale(WOOD, 0.35), 0.6)
    knobs = "".join(circle((422, y), 4) for y in (312, 350, 386))
    svg += fill_path(knobs, "#a9814f")
    svg += _line(polyline(((376, 330), (468, 330))) + polyline(((376, 368), (468, 368))), "#b98d5a")
    bear = circle((404, 268), 15) + circle((393, 256), 6) + circle((415, 256), 6)
    svg += fill_path(bear, "#b48a63")
    moon = scale_path("M66 64Q42 76 52 104Q66 128 94 116Q66 112 66 64Z")
    return svg + fill_path(moon, _pale(MARIGOLD, 0.35))


def _clinic(ink: Ink) -> str:
    svg = _wall("#f0f4f5", "#dfe6e8")
    poster = rounded_box(32, 54, 82, 104, 4)
    svg += ink.shape(poster, "#ffffff", 0.6)
    svg += fill_path(circle((73, 94), 18), _pale(ROSE, 0.4))
    words = "".join(polyline(((48, y), (98, y))) for y in (126, 138, 148))
    svg += _line(words, "#b9c4c9", 4)
    chart = rounded_box(424, 40, 26, 250, 3)
    svg += ink.shape(chart, _pale(MARIGOLD, 0.6), 0.6)
    marks = "".join(polyline(((424, y), (438, y))) for y in range(64, 280, 24))
    svg += _line(marks, "#a98948", 2)
    couch = rounded_box(-10, 330, 110, 22, 10)
    svg += ink.shape(couch, SKY, 0.6)
    return svg + _line(polyline(((20, 352), (20, FLOOR + 10))), "#9aa6ac", 6)


def _kitchen(ink: Ink) -> str:
    svg = _wall(_pale(MARIGOLD, 0.78), _pale(CLAY, 0.7))
    tiles = "".join(polyline(((0, y), (SIDE, y))) for y in (212, 250, 288))
    tiles += "".join(polyline(((x, 212), (x, 288))) for x in range(20, SIDE, 44))
    svg += _line(tiles, _pale(MARIGOLD, 0.5))
    shelf = rounded_box(18, 132, 132, 10, 4)
    svg += ink.shape(shelf, WOOD, 0.6)
    svg += ink.shape(rounded_box(32, 100, 24, 32, 5), SKY, 0.5)
    svg += ink.shape(rounded_box(66, 106, 22, 26, 5), ROSE, 0.5)
    svg += ink.shape(rounded_box(98, 92, 26, 40, 8), _pale(DEEP_SAGE, 0.1), 0.5)
    counter = rounded_box(-8, 288, 496, 14, 3)
    svg += ink.shape(counter, _pale(WOOD, 0.25), 0.6)
    pot = scale_path("M392 244L444 244L438 288L398 288Z")
    svg += ink.shape(pot, CLAY, 0.6)
    leaves = ellipse((404, 222), 13, 24) + ellipse((430, 220), 13, 26) + ellipse((417, 210), 12, 28)
    return svg + fill_path(leaves, DEEP_SAGE)


ROOMS: dict[str, Callable[[Ink], str]] = {
    "living-room": _living_room,
    "bedroom": _bedroom,
    "clinic": _clinic,
    "kitchen": _kitchen,
}
