"""Path data as a shape and its numbers, so that two drawings of one thing can be told apart by numbers alone.
Which drawings belong together is decided in frames.py; how numbers become path data again, in static/js/scene.js.

A shape is a template with a place for every number: `#` is the next number, `~` the one before once more. Soft lines are
told by the points they are drawn near: `s12` is a closed line of twelve points, `o5` an open one, `l5` one that goes on
from the line before it. Everything else is its absolute commands. Numbers are whole fifths of a unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Numbers = tuple[int, ...]
COMMAND = re.compile(r"([MLQAHVCZmlqahvcz])([^MLQAHVCZmlqahvcz]*)")
NUMBER = re.compile(r"-?\d+")


@dataclass
class _Pen:
    """What was read so far: the shape, its numbers, where the pen is and where this stretch began."""

    shape: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    x: int = 0
    y: int = 0
    start: tuple[int, int] = (0, 0)
    soft: list[tuple[int, int]] = field(
        default_factory=list
    )  # the points of a soft line that is being read
    kind: str = ""  # how it began: M or L

    def put(self, template: str, *numbers: int) -> None:
        self.shape.append(template)
        self.numbers += numbers

    def place(self, point: Sequence[int], relative: bool) -> tuple[int, int]:
        x, y = point
        return (self.x + x, self.y + y) if relative else (x, y)

    def end_soft(self, closed: bool) -> None:
        """Writes down the soft line read so far, if there is one, by its points."""
        if not self.soft:
            return
        begin, *points = self.soft
        if closed and self.kind == "M":
            self.put(f"s{len(points)} ", *(c for p in points for c in p))
        else:
            ends = [begin, *points, (self.x, self.y)]
            self.put(
                f"{'o' if self.kind == 'M' else 'l'}{len(ends)} ", *(c for p in ends for c in p)
            )
            if closed:
                self.put("z")
        self.soft = []


def shape_of(d: str) -> tuple[str, Numbers]:
    """The shape of path data and its numbers."""
    pen = _Pen()
    steps = [
        (letter, [int(n) for n in NUMBER.findall(rest)]) for letter, rest in COMMAND.findall(d)
    ]
    for i, (letter, numbers) in enumerate(steps):
        after = steps[i + 1][0] if i + 1 < len(steps) else ""
        _read(pen, letter, numbers, after)
    pen.end_soft(closed=False)
    return "".join(pen.shape), tuple(pen.numbers)


def _read(pen: _Pen, letter: str, numbers: list[int], after: str) -> None:
    kind, relative = letter.upper(), letter.islower()
    if kind == "Z":
        if pen.soft:
            pen.end_soft(closed=True)
        else:
            pen.put("z")
        pen.x, pen.y = pen.start
        return
    if kind == "Q":
        _read_curves(pen, numbers, relative)
        return
    pen.end_soft(closed=False)
    if kind in "ML":
        _read_lines(pen, kind, numbers, relative, after)
    elif kind == "A":
        _read_arcs(pen, numbers, relative)
    else:
        _read_rest(pen, kind, numbers, relative)


def _read_curves(pen: _Pen, numbers: list[int], relative: bool) -> None:
    for i in range(0, len(numbers), 4):
        control = pen.place(numbers[i : i + 2], relative)
        pen.x, pen.y = pen.place(numbers[i + 2 : i + 4], relative)
        pen.soft.append(control)


def _read_lines(pen: _Pen, kind: str, numbers: list[int], relative: bool, after: str) -> None:
    for i in range(0, len(numbers), 2):
        pen.x, pen.y = pen.place(numbers[i : i + 2], relative)
        if kind == "M" and i == 0:
            pen.start = (pen.x, pen.y)
        if after.upper() == "Q":
            pen.soft, pen.kind = [(pen.x, pen.y)], kind
        else:
            pen.put(f"{kind}# #", pen.x, pen.y)


def _read_arcs(pen: _Pen, numbers: list[int], relative: bool) -> None:
    for i in range(0, len(numbers), 7):
        rx, ry, _, large, sweep, *end = numbers[i : i + 7]
        pen.x, pen.y = pen.place(end, relative)
        if rx == ry:
            pen.put(f"A# ~ 0 {large} {sweep} # #", rx, pen.x, pen.y)
        else:
            pen.put(f"A# # 0 {large} {sweep} # #", rx, ry, pen.x, pen.y)


def _read_rest(pen: _Pen, kind: str, numbers: list[int], relative: bool) -> None:
    """Straight lines across and down, and curves written by hand: of surfaces, which do not move."""
    if kind in "HV":
        for n in numbers:
            if kind == "H":
                pen.x = pen.x + n if relative else n
            else:
                pen.y = pen.y + n if relative else n
            pen.put("L# #", pen.x, pen.y)
        return
    for i in range(0, len(numbers), 6):
        points = [pen.place(numbers[i + k : i + k + 2], relative) for k in (0, 2, 4)]
        pen.put("C# # # # # #", *(c for p in points for c in p))
        pen.x, pen.y = points[-1]


def data_of(shape: str, numbers: Numbers) -> str:
    """Path data again: the same lines as static/js/scene.js makes, so that the two can be held against each other."""
    out, rest = [], list(numbers)
    for soft, count, other in re.findall(r"([sol])(\d+) |([^sol]+)", shape):
        if soft:
            those, rest = rest[: 2 * int(count)], rest[2 * int(count) :]
            out.append(_soft(soft, list(zip(those[::2], those[1::2], strict=True))))
            continue
        last = 0
        for mark in re.split(r"([#~])", other):
            if mark == "#":
                last = rest.pop(0)
            out.append(str(last) if mark in ("#", "~") else mark)
    return "".join(out)


def _soft(kind: str, points: list[tuple[int, int]]) -> str:
    def middle(p: tuple[int, int], q: tuple[int, int]) -> str:
        return f"{(p[0] + q[0]) / 2:g} {(p[1] + q[1]) / 2:g}"

    if kind == "s":
        out = "M" + middle(points[-1], points[0])
        for p, q in zip(points, [*points[1:], points[0]], strict=True):
            out += f"Q{p[0]} {p[1]} {middle(p, q)}"
        return out + "z"
    out = f"{'M' if kind == 'o' else 'L'}{points[0][0]} {points[0][1]}"
    for i, p in enumerate(points[1:-1], 1):
        end = (
            middle(p, points[i + 1]) if i < len(points) - 2 else f"{points[-1][0]} {points[-1][1]}"
        )
        out += f"Q{p[0]} {p[1]} {end}"
    return out
