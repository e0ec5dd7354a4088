"""How items do: how hard they are, whether they tell apart, which options are taken. Plain rules from sums.

Classical test theory: facility is the mean mark; discrimination is the point-biserial correlation of an item with the
rest of the attempt (the item's own marks taken out, so that it does not correlate with itself).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

FEWEST = 10  # people who answered: below it no figure is shown, since it would speak of them
TOO_HARD, TOO_EASY, TELLS_LITTLE = 0.3, 0.95, 0.15


@dataclass(frozen=True)
class Sums:
    """Over the responses to one item: their number, and sums of marks x, of the rest of the attempt y, and of products.

    `people` is how many different people gave them, at most `n`: somebody may meet an item in every attempt.
    """

    n: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float
    people: int


@dataclass(frozen=True)
class ItemFigures:
    """What is said of an item. `facility` 0 to 1 and `discrimination` -1 to 1 are None below ten people.

    `n` counts responses, `people` who gave them. `discrimination` is None too where all marks are the same. `options`
    counts answers by option key, or by "card → group". `flags` say why an item is worth a look.
    """

    n: int
    people: int
    facility: float | None
    discrimination: float | None
    options: Mapping[str, int]
    flags: tuple[str, ...]


def figures(sums: Sums, options: Mapping[str, int], *, critical: bool = False) -> ItemFigures:
    """The figures of one item; those over fewer than `FEWEST` people are kept back."""
    if sums.people < FEWEST:
        return ItemFigures(sums.n, sums.people, None, None, {}, ())
    facility, discrimination = sums.x / sums.n, correlation(sums)
    flags = tuple(_flags(facility, discrimination, critical))
    return ItemFigures(sums.n, sums.people, facility, discrimination, options, flags)


def correlation(sums: Sums) -> float | None:
    """Pearson's r of x and y, -1 to 1; None where one of them does not vary."""
    across = sums.n * sums.xx - sums.x**2
    down = sums.n * sums.yy - sums.y**2
    if across <= 1e-9 or down <= 1e-9:
        return None
    return max(-1.0, min(1.0, (sums.n * sums.xy - sums.x * sums.y) / sqrt(across * down)))


def _flags(facility: float, discrimination: float | None, critical: bool) -> list[str]:
    found = []
    if facility < TOO_HARD:
        found.append("Fewer than three in ten marks: is the right answer right, and taught?")
    if facility > TOO_EASY and not critical:
        found.append("Nearly everybody is right: do the other options tempt?")
    if discrimination is not None and discrimination < 0:
        found.append("Who does well elsewhere does worse here: is the key right?")
    elif discrimination is not None and discrimination < TELLS_LITTLE and facility <= TOO_EASY:
        found.append("It tells little apart: is the stem clear?")
    return found
