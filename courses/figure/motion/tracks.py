"""Values over time as few of them as will do: between two kept ones the player goes evenly, or gently at either end.
Which lines there are is in frames.py; the player, which must know the same four ways, is static/js/scene.js."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from courses.figure.motion.idle_motion import eased

Row = tuple[int, ...]
Run = list[tuple[int, tuple[Row, ...], tuple[Row | None, ...]]]
"""Times, in hundredths of a second, and the values of some lines then: one for each, and none where it is not there."""
SLACK = 4
"""How far a number may be from its true place between kept ones, in fifths of a unit: about half a pixel."""
LOOSE = 0.25
"""How far it may be instead, as a fraction of the way the line goes: nobody sees it on a thing that moves fast."""
LOOSEST = 40
BASE = 57
WAYS: tuple[Callable[[float], float], ...] = (
    lambda u: u,  # evenly
    eased,  # gently at both ends
    lambda u: 2 * eased(u / 2),  # gently at the beginning
    lambda u: 2 * eased(0.5 + u / 2) - 1,  # gently at the end
)
MISSES = 7  # samples in a row that no way leads to, after which it looks no farther
FAR = 24  # kept values are looked for so many samples ahead


@dataclass(frozen=True)
class Track:
    """Kept values: when, in hundredths of a second; how to get to the next one; and the numbers themselves."""

    times: tuple[int, ...]
    ways: tuple[int, ...]
    rows: tuple[Row, ...]

    def packed(self) -> list[str]:
        """Times as steps, ways as one word, and numbers as what they add: to the row before, and more than the point before.

        A shape that moves as a whole then says so once.
        """
        steps = [self.times[0], *(b - a for a, b in pairwise(self.times))]
        flat: list[int] = []
        for before, row in pairwise([(0,) * len(self.rows[0]), *self.rows]):
            added = [b - a for a, b in zip(before, row, strict=True)]
            flat += [step - (added[i - 2] if i > 1 else 0) for i, step in enumerate(added)]
        return [spelt(steps), "".join(map(str, self.ways)), spelt(flat)]


def spelt(numbers: Sequence[int]) -> str:
    """Whole numbers as few letters that need no escaping in JSON: one letter from -28 to 28, two to about 900, else four."""
    out = []
    for n in numbers:
        u = 2 * n if n >= 0 else -2 * n - 1
        if -28 <= n <= 28:
            out.append(chr(n + 63))
        elif u < 33 * BASE:
            out.append(chr(93 + u // BASE) + chr(35 + u % BASE))
        else:
            out.append("~" + "".join(chr(35 + u // BASE**k % BASE) for k in (2, 1, 0)))
    return "".join(out)


def keep_few(times: Sequence[int], rows: Sequence[Row | None], slack: int = SLACK) -> Track:
    """A track near all rows; where there is none, nothing is drawn and anything will do."""
    return keep_together(times, [rows], slack)[0]


def keep_together(
    times: Sequence[int], lines: Sequence[Sequence[Row | None]], slack: int = SLACK
) -> list[Track]:
    """Tracks of lines that belong together: kept at the same times, so that an eye stays round its iris on the way."""
    run: Run = list(
        zip(times, zip(*map(_filled, lines), strict=True), zip(*lines, strict=True), strict=True)
    )
    made = [_Making() for _ in lines]
    i, way = 0, 0
    while True:
        for line, row in zip(made, run[i][1], strict=True):
            line.add(run[i][0], way, row)
        if i == len(run) - 1:
            return [line.track() for line in made]
        i, way = _reach(run, i, slack)


def _filled(rows: Sequence[Row | None]) -> list[Row]:
    """Where a line is not there, its value is the last it had; right before it comes, the one it will have."""
    out: list[Row] = []
    last = next(row for row in rows if row is not None)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        last = row or (last if following is None else following)
        out.append(last)
    return out


@dataclass
class _Making:
    """A track that is being made; `ways` lead to each of its rows from the one before."""

    times: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, time: int, way: int, row: Row) -> None:
        if (
            len(self.rows) > 1 and self.rows[-2] == self.rows[-1] == row
        ):  # it stays as it is: the last one may go
            self.times.pop()
            self.ways.pop()
            self.rows.pop()
        self.times.append(time)
        self.ways.append(way)
        self.rows.append(row)

    def track(self) -> Track:
        while len(self.rows) > 1 and self.rows[-1] == self.rows[-2]:
            self.times.pop()
            self.ways.pop()
            self.rows.pop()
        return Track(tuple(self.times), tuple(self.ways[1:]), tuple(self.rows))


def _reach(run: Run, i: int, slack: int) -> tuple[int, int]:
    """The farthest place from `i` that one way leads to, and the way."""
    still = i
    while still + 1 < len(run) and run[still + 1][1] == run[i][1]:
        still += 1
    if still > i:
        return still, 0
    best, misses = (i + 1, 0), 0
    for j in range(i + 2, min(i + FAR, len(run))):
        way = _way(run, i, j, slack)
        if way is not None:
            best, misses = (j, way), 0
        elif (misses := misses + 1) > MISSES:
            break
    return best


def _way(run: Run, i: int, j: int, slack: int) -> int | None:
    """The way from one place to another that stays near all between, None when there is none."""
    (begin, first, _), (end, last, _) = run[i], run[j]
    lines = []
    for n, (a, b) in enumerate(zip(first, last, strict=True)):
        go = [q - p for p, q in zip(a, b, strict=True)]
        lines.append((n, a, go, min(max(slack, LOOSE * max(map(abs, go))), LOOSEST)))
    middle = (i + j) // 2
    between = [middle, *(k for k in range(i + 1, j) if k != middle)]  # the middle tells soonest
    for way in (1, 0, 2, 3):
        shares = [(run[k][2], WAYS[way]((run[k][0] - begin) / (end - begin))) for k in between]
        if all(_is_near(true[n], a, go, e, near) for true, e in shares for n, a, go, near in lines):
            return way
    return None


def _is_near(true: Row | None, a: Row, go: list[int], e: float, near: float) -> bool:
    return true is None or all(
        -near <= p + step * e - t <= near for t, p, step in zip(true, a, go, strict=True)
    )
