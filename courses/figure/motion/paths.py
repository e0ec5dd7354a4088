"""Path data as a template and its numbers: two drawings of one thing differ only in numbers.
Which drawings belong together is decided in merging.py.

A template has a place for every number: `#` is the next number, `~` the one before once more. Soft
lines are written as the points they are drawn near: `s12` is a closed line of twelve points, `o5`
an open one, `l5` one that goes on from the line before it. Everything else is its absolute
commands. Numbers are whole fifths of a unit. static/js/scene.js fills templates in the browser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Numbers = tuple[int, ...]
GridPoint = tuple[int, int]
COMMAND = re.compile(r"([MLQAHVCZmlqahvcz])([^MLQAHVCZmlqahvcz]*)")
NUMBER = re.compile(r"-?\d+")


def split_path(d: str) -> tuple[str, Numbers]:
    """The template of path data and its numbers."""
    commands = [(letter, _integers(rest)) for letter, rest in COMMAND.findall(d)]
    reader = _PathReader()
    following = [letter for letter, _ in commands[1:]] + [""]
    for (letter, numbers), after in zip(commands, following, strict=True):
        reader.read(letter, numbers, after)
    reader.end_soft_line(closed=False)
    return "".join(reader.template), tuple(reader.numbers)


def _integers(text: str) -> list[int]:
    numbers = NUMBER.findall(text)
    return [int(number) for number in numbers]


class _PathReader:
    """Reads path data command by command into a template and its numbers."""

    def __init__(self) -> None:
        self.template: list[str] = []
        self.numbers: list[int] = []
        self.here: GridPoint = (0, 0)
        self.start: GridPoint = (0, 0)  # of this stretch, where `z` leads back to
        self.soft: list[GridPoint] = []  # the points of the soft line that is being read
        self.soft_begin = ""  # the command it began with: M or L

    def read(self, letter: str, numbers: list[int], after: str) -> None:
        """Reads one command; `after` is the letter of the next one, "" at the end."""
        kind = letter.upper()
        relative = letter.islower()
        if kind == "Z":
            self._close()
            return
        if kind == "Q":
            self._read_curves(numbers, relative)
            return
        self.end_soft_line(closed=False)
        if kind in "ML":
            self._read_lines(kind, numbers, relative, begins_soft=after.upper() == "Q")
        elif kind == "A":
            self._read_arcs(numbers, relative)
        elif kind in "HV":
            self._read_straight(kind, numbers, relative)
        else:
            self._read_cubics(numbers, relative)

    def end_soft_line(self, closed: bool) -> None:
        """Writes the soft line read so far, if there is one, by its points."""
        if not self.soft:
            return
        begin, *points = self.soft
        if closed and self.soft_begin == "M":
            # A closed line begins in the middle between two points, which says nothing new.
            self._put(f"s{len(points)} ", *points)
        else:
            kind = "o" if self.soft_begin == "M" else "l"
            ends = [begin, *points, self.here]
            self._put(f"{kind}{len(ends)} ", *ends)
            if closed:
                self._put("z")
        self.soft = []

    def _put(self, template: str, *points: GridPoint) -> None:
        self.template.append(template)
        for point in points:
            self.numbers += point

    def _absolute(self, point: Sequence[int], relative: bool) -> GridPoint:
        x, y = point
        if not relative:
            return x, y
        return self.here[0] + x, self.here[1] + y

    def _close(self) -> None:
        if self.soft:
            self.end_soft_line(closed=True)
        else:
            self._put("z")
        self.here = self.start

    def _read_curves(self, numbers: list[int], relative: bool) -> None:
        """Quadratic curves, the pieces of soft lines, whose points are their control points."""
        for i in range(0, len(numbers), 4):
            control = self._absolute(numbers[i : i + 2], relative)
            self.here = self._absolute(numbers[i + 2 : i + 4], relative)
            self.soft.append(control)

    def _read_lines(self, kind: str, numbers: list[int], relative: bool, begins_soft: bool) -> None:
        for i in range(0, len(numbers), 2):
            self.here = self._absolute(numbers[i : i + 2], relative)
            if kind == "M" and i == 0:
                self.start = self.here
            if begins_soft:
                self.soft = [self.here]
                self.soft_begin = kind
            else:
                self._put(f"{kind}# #", self.here)

    def _read_arcs(self, numbers: list[int], relative: bool) -> None:
        for i in range(0, len(numbers), 7):
            rx, ry, _, large, sweep, *end = numbers[i : i + 7]
            self.here = self._absolute(end, relative)
            if rx == ry:
                self.template.append(f"A# ~ 0 {large} {sweep} # #")
                self.numbers += [rx, *self.here]
            else:
                self.template.append(f"A# # 0 {large} {sweep} # #")
                self.numbers += [rx, ry, *self.here]

    def _read_straight(self, kind: str, numbers: list[int], relative: bool) -> None:
        """Lines straight across and down, as in the boxes of surfaces."""
        for number in numbers:
            x, y = self.here
            if kind == "H":
                self.here = (x + number if relative else number, y)
            else:
                self.here = (x, y + number if relative else number)
            self._put("L# #", self.here)

    def _read_cubics(self, numbers: list[int], relative: bool) -> None:
        """Curves written by hand, of surfaces, which do not move."""
        for i in range(0, len(numbers), 6):
            first = self._absolute(numbers[i : i + 2], relative)
            second = self._absolute(numbers[i + 2 : i + 4], relative)
            end = self._absolute(numbers[i + 4 : i + 6], relative)
            self._put("C# # # # # #", first, second, end)
            self.here = end
