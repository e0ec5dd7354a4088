"""Values over time as few keyed values; between two of them the player goes by one of four easings.
Which lines there are is in merging.py; static/js/scene.js plays tracks and knows the same easings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from courses.figure.motion.idle_motion import smootherstep

Row = tuple[int, ...]
"""The numbers of a line at one time."""
TOLERANCE = 4
"""How far a number may be from its true place between keyed values: fifths of a unit."""
FAST_TOLERANCE = 0.25
"""The same as a fraction of the way a line goes: nobody sees it on a thing that moves fast."""
MAX_TOLERANCE = 40
EASINGS: tuple[Callable[[float], float], ...] = (
    lambda u: u,  # evenly
    smootherstep,  # gently at both ends
    lambda u: 2 * smootherstep(u / 2),  # gently at the beginning
    lambda u: 2 * smootherstep(0.5 + u / 2) - 1,  # gently at the end
)
TRIED = (1, 0, 2, 3)  # most things move gently at both ends
MAX_MISSES = 7  # samples in a row that no easing leads to, after which the search ends
MAX_SPAN = 24  # samples between two keyed values, unless nothing moves
BASE = 57  # of the number encoding


@dataclass(frozen=True)
class Track:
    """Keyed values: when, in hundredths of a second; the easing to the next one.

    And the numbers themselves.
    """

    times: tuple[int, ...]
    easings: tuple[int, ...]
    rows: tuple[Row, ...]

    @property
    def is_moving(self) -> bool:
        return len(self.rows) > 1

    def encode(self) -> list[str]:
        """Times as steps, easings as one word, and numbers as differences.

        A number is what it adds to the row before, more than the point before it adds: a shape that
        moves as a whole then says so once.
        """
        steps = [self.times[0]]
        for before, time in pairwise(self.times):
            steps.append(time - before)
        numbers: list[int] = []
        start = (0,) * len(self.rows[0])
        for before_row, row in pairwise([start, *self.rows]):
            numbers += _differences(before_row, row)
        easings = "".join(str(easing) for easing in self.easings)
        return [encode_numbers(steps), easings, encode_numbers(numbers)]


def _differences(before: Row, row: Row) -> list[int]:
    added: list[int] = []
    differences = []
    for old, number in zip(before, row, strict=True):
        # x is at even indexes and y at odd ones, so the point before is two back.
        point_before = added[-2] if len(added) > 1 else 0
        added.append(number - old)
        differences.append(number - old - point_before)
    return differences


def encode_numbers(numbers: Sequence[int]) -> str:
    """Whole numbers as few letters that need no escaping in JSON.

    `numbers` in static/js/scene.js reads them.

    One letter from -28 to 28, two to about 900, else four.
    """
    text = ""
    for number in numbers:
        unsigned = 2 * number if number >= 0 else -2 * number - 1
        if -28 <= number <= 28:
            text += chr(number + 63)
        elif unsigned < 33 * BASE:
            text += chr(93 + unsigned // BASE) + _digit(unsigned)
        else:
            high = unsigned // BASE**2
            middle = unsigned // BASE
            text += "~" + _digit(high) + _digit(middle) + _digit(unsigned)
    return text


def _digit(number: int) -> str:
    return chr(35 + number % BASE)


def fit_track(
    times: Sequence[int], rows: Sequence[Row | None], tolerance: int = TOLERANCE
) -> Track:
    """A track near all rows; where a row is None nothing is drawn, and any value will do."""
    return fit_tracks(times, [rows], tolerance)[0]


def fit_tracks(
    times: Sequence[int], lines: Sequence[Sequence[Row | None]], tolerance: int = TOLERANCE
) -> list[Track]:
    """Tracks of lines that belong together, keyed at the same times.

    So an eye stays round its iris on the way.

    Args:
        times: in hundredths of a second, rising.
        lines: the rows of each line, one for each time.
    """
    samples = _samples(times, lines)
    builders = [_TrackBuilder() for _ in lines]
    index = 0
    easing = 0
    last = len(samples) - 1
    while True:
        sample = samples[index]
        for builder, row in zip(builders, sample.filled, strict=True):
            builder.add(sample.time, easing, row)
        if index == last:
            return [builder.track() for builder in builders]
        index, easing = _next_key(samples, index, tolerance)


class _Sample(NamedTuple):
    """The rows of some lines at a time; `filled` has a value for those that are not drawn then."""

    time: int
    filled: tuple[Row, ...]
    rows: tuple[Row | None, ...]


def _samples(times: Sequence[int], lines: Sequence[Sequence[Row | None]]) -> list[_Sample]:
    filled = zip(*map(_filled, lines), strict=True)
    rows = zip(*lines, strict=True)
    samples = zip(times, filled, rows, strict=True)
    return [_Sample(*sample) for sample in samples]


def _filled(rows: Sequence[Row | None]) -> list[Row]:
    """Where a line is not drawn, its value is the last it had.

    Right before it comes, the one it will have.
    """
    filled: list[Row] = []
    last = next(row for row in rows if row is not None)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        last = row or following or last
        filled.append(last)
    return filled


@dataclass
class _TrackBuilder:
    """A track that is being made; `easings` lead to each of its rows from the one before."""

    times: list[int] = field(default_factory=list)
    easings: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, time: int, easing: int, row: Row) -> None:
        # Of three equal rows the middle one says nothing.
        if self._rests() and self.rows[-1] == row:
            self._drop_last()
        self.times.append(time)
        self.easings.append(easing)
        self.rows.append(row)

    def _rests(self) -> bool:
        last_two = self.rows[-2:]
        return len(last_two) == 2 and last_two[0] == last_two[1]

    def _drop_last(self) -> None:
        self.times.pop()
        self.easings.pop()
        self.rows.pop()

    def track(self) -> Track:
        while self._rests():
            self._drop_last()
        # The first row has no easing that leads to it.
        easings = tuple(self.easings[1:])
        return Track(tuple(self.times), easings, tuple(self.rows))


def _next_key(samples: list[_Sample], start: int, tolerance: int) -> tuple[int, int]:
    """The farthest sample from `start` that one easing leads to, and that easing."""
    # A thing that rests may do so for any number of samples.
    rest = _end_of_rest(samples, start)
    if rest > start:
        return rest, 0
    best = (start + 1, 0)
    misses = 0
    for end in range(start + 2, min(start + MAX_SPAN, len(samples))):
        easing = _easing_between(samples, start, end, tolerance)
        if easing is not None:
            best = (end, easing)
            misses = 0
            continue
        misses += 1
        if misses > MAX_MISSES:
            break
    return best


def _end_of_rest(samples: list[_Sample], start: int) -> int:
    """The last sample in a row with the values of `start`."""
    end = start
    while end + 1 < len(samples) and samples[end + 1].filled == samples[start].filled:
        end += 1
    return end


class _Span(NamedTuple):
    """The way of one line between two keyed values."""

    first: Row
    steps: list[int]
    tolerance: float

    def is_near(self, row: Row, share: float) -> bool:
        """Whether the line is near its true row when it has gone a share of the way."""
        for true, first, step in zip(row, self.first, self.steps, strict=True):
            if abs(first + step * share - true) > self.tolerance:
                return False
        return True


def _span(first: Row, last: Row, tolerance: int) -> _Span:
    steps = [end - begin for begin, end in zip(first, last, strict=True)]
    distance = max(map(abs, steps))
    loose = max(tolerance, FAST_TOLERANCE * distance)
    return _Span(first, steps, min(loose, MAX_TOLERANCE))


def _easing_between(samples: list[_Sample], start: int, end: int, tolerance: int) -> int | None:
    """The easing from one sample to another that stays near all between; None for none."""
    rows = zip(samples[start].filled, samples[end].filled, strict=True)
    spans = [_span(first, last, tolerance) for first, last in rows]
    middle = (start + end) // 2
    others = [samples[i] for i in range(start + 1, end) if i != middle]
    between = [samples[middle], *others]  # the middle rejects a wrong easing soonest
    begin = samples[start].time
    whole = samples[end].time - samples[start].time
    for easing in TRIED:
        if _fits(between, spans, begin, whole, EASINGS[easing]):
            return easing
    return None


def _fits(
    between: list[_Sample],
    spans: list[_Span],
    begin: int,
    whole: int,
    easing: Callable[[float], float],
) -> bool:
    """Whether all lines stay near their rows on the way, `whole` hundredths of a second long."""
    for sample in between:
        share = easing((sample.time - begin) / whole)
        for row, span in zip(sample.rows, spans, strict=True):
            if row is not None and not span.is_near(row, share):
                return False
    return True
