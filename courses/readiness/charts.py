"""Coverage over time as the places of a drawing. Plain Python; the template draws them.

The picture is a second way to see what the table beside it says, so it has no numbers of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.readiness.coverage import TrendPoint
from courses.web.dates import MONTHS

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 44, 16, 36


@dataclass(frozen=True)
class Mark:
    """A point of a line, or a word under it: where it stands, and its text."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing of `WIDTH` by `HEIGHT`.

    `lines` are pieces of the line of people trained and current, `staff` of that of staff in
    post, each as the `points` of a polyline: a number that is hidden or not known breaks the line.
    `dots` are the points of the first; `days` the words under it; `levels` the horizontal lines.
    """

    lines: tuple[str, ...]
    staff: tuple[str, ...]
    dots: tuple[Mark, ...]
    days: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def trend_chart(points: Sequence[TrendPoint]) -> Chart | None:
    """The drawing of these points, oldest first; None where fewer than two can be shown."""
    current = [_shown_current(point) for point in points]
    staff = [_known_staff(point) for point in points]
    shown = [value for value in current if value is not None]
    if len(shown) < 2:
        return None
    top = _round_up(max([*shown, *[value for value in staff if value is not None]]))
    xs = _places(len(points))
    dots = _marks(xs, current, top)
    return Chart(
        lines=_pieces(xs, current, top),
        staff=_pieces(xs, staff, top),
        dots=dots,
        days=_days(xs, [point.day for point in points]),
        levels=tuple(Mark(LEFT, _y(value, top), str(value)) for value in (0, top // 2, top)),
        summary=f"From {shown[0]} to {shown[-1]} people trained and current in twelve months.",
    )


def _shown_current(point: TrendPoint) -> int | None:
    """None where the number is hidden, or nobody was listed yet: that is no 0."""
    is_shown = point.total.is_listed and not point.total.is_hidden
    return point.total.current if is_shown else None


def _known_staff(point: TrendPoint) -> int | None:
    is_known = not point.total.is_hidden and not point.total.unknown
    return point.total.staff if is_known else None


def _round_up(largest: int) -> int:
    """An even number at the top of the scale that is not below the largest one, at least 10."""
    step = 10
    while step * 5 < largest:
        step *= 2
    return max(10, -(-largest // step) * step)


def _places(count: int) -> list[float]:
    width = WIDTH - LEFT - RIGHT
    return [round(LEFT + width * number / (count - 1), 1) for number in range(count)]


def _y(value: int, top: int) -> float:
    height = HEIGHT - TOP - BOTTOM
    return round(TOP + height * (1 - value / top), 1)


def _marks(xs: Sequence[float], values: Sequence[int | None], top: int) -> tuple[Mark, ...]:
    marks = []
    for x, value in zip(xs, values, strict=True):
        if value is not None:
            marks.append(Mark(x, _y(value, top)))
    return tuple(marks)


def _pieces(xs: Sequence[float], values: Sequence[int | None], top: int) -> tuple[str, ...]:
    """The line as pieces of at least two points, broken where a value is missing."""
    pieces: list[list[str]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x},{_y(value, top)}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)


def _days(xs: Sequence[float], days: Sequence[date]) -> tuple[Mark, ...]:
    """The month under every third point, counted back from the last."""
    marks = []
    for number, (x, day) in enumerate(zip(xs, days, strict=True)):
        if (len(days) - 1 - number) % 3 == 0:
            marks.append(Mark(x, HEIGHT - 10, f"{MONTHS[day.month - 1][:3]} {day.year}"))
    return tuple(marks)
