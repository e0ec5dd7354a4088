"""People in bands as bars, lying, each under its words. Plain Python; the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 360
ROW = 46  # a line of words, and the bar under it
LONGEST = 250  # of a bar; the rest is for its number


@dataclass(frozen=True)
class Bar:
    """A bar: its words, its number in words, and `share` of the longest, 0 to 1.

    `is_hidden`: its number is not shown, so the bar is only a place.
    """

    label: str
    number: str
    share: float
    is_hidden: bool
    top: int

    @property
    def width(self) -> float:
        return round(LONGEST * self.share, 1)

    @property
    def text_x(self) -> float:
        """Where the number begins, behind the bar."""
        return round(self.width + 8, 1)


@dataclass(frozen=True)
class Chart:
    """A drawing of `WIDTH` by `height`; `summary` says everything that it shows."""

    bars: tuple[Bar, ...]
    summary: str
    width: int = WIDTH

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def bar_chart(rows: Sequence[tuple[str, int | None]]) -> Chart | None:
    """The drawing of words and numbers of people, None: hidden; None where there are no rows."""
    if not rows:
        return None
    longest = max(people or 0 for _, people in rows) or 1
    bars, words = [], []
    for place, (label, people) in enumerate(rows):
        number = "Hidden" if people is None else str(people)
        bars.append(Bar(label, number, (people or 0) / longest, people is None, place * ROW))
        words.append(f"{label}: {number}")
    return Chart(tuple(bars), f"{'; '.join(words)}.")
