"""Path data from a template and its numbers, as `pen` in static/js/scene.js writes it. No test here.

The product has one writer, in the browser; tests hold what it draws against what the server draws.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from courses.figure.motion.paths import GridPoint, Numbers

TEMPLATE_PIECE = re.compile(r"([sol])(\d+) |([^sol]+)")


def fill_template(template: str, numbers: Numbers) -> str:
    """The path data of a template and its numbers."""
    d = ""
    values = iter(numbers)
    for kind, count, commands in TEMPLATE_PIECE.findall(template):
        if kind:
            points = [(next(values), next(values)) for _ in range(int(count))]
            d += _closed_line(points) if kind == "s" else _open_line(kind, points)
        else:
            d += _fill_commands(commands, values)
    return d


def _fill_commands(template: str, values: Iterator[int]) -> str:
    d = ""
    last = 0
    for piece in re.split(r"([#~])", template):
        if piece == "#":
            last = next(values)
        is_number = piece in ("#", "~")
        d += str(last) if is_number else piece
    return d


def _closed_line(points: list[GridPoint]) -> str:
    """A soft line through the middles between its points."""
    d = "M" + _middle(points[-1], points[0])
    for point, following in pairwise([*points, points[0]]):
        d += _curve(point, _middle(point, following))
    return d + "z"


def _open_line(kind: str, points: list[GridPoint]) -> str:
    """A soft line that begins and ends on its end points.

    `kind` is o, or l to go on from the line before.
    """
    first, *controls, last = points
    d = ("M" if kind == "o" else "L") + _pair(first)
    for point, following in pairwise(controls):
        d += _curve(point, _middle(point, following))
    if controls:
        d += _curve(controls[-1], _pair(last))
    return d


def _curve(control: GridPoint, end: str) -> str:
    return f"Q{_pair(control)} {end}"


def _pair(point: GridPoint) -> str:
    return f"{point[0]} {point[1]}"


def _middle(p: GridPoint, q: GridPoint) -> str:
    x = (p[0] + q[0]) / 2
    y = (p[1] + q[1]) / 2
    return f"{x:g} {y:g}"
