"""How well items work: how hard they are, and whether they tell learners apart.

Plain rules from sums. Classical test theory: facility is the mean mark; discrimination is the
point-biserial correlation of an item with the rest of the attempt, without the item's own marks, so
that it does not correlate with itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

FEWEST = 10  # people who answered: figures of fewer would speak of them, so they are not shown
TOO_HARD = 0.3  # facility below which an item is worth a look
TOO_EASY = 0.95  # facility above which it is
TELLS_LITTLE = 0.15  # discrimination below which it is
NO_VARIANCE = 1e-9  # what rounding leaves of a variance of zero


@dataclass(frozen=True)
class Sums:
    """Sums over the `n` responses to one item.

    Of its marks x, of the rest of the attempt y, and of their products. `people` is how many
    different people responded: somebody may meet an item in every attempt.
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
    """The figures of one item, from `n` responses of `people` different people.

    `facility` is 0 to 1 and `discrimination` -1 to 1. Both are None below `FEWEST` people, and
    `discrimination` also where all marks are the same. `options` counts responses by option or
    card. `flags` say why an item is worth a look, in whole sentences.
    """

    n: int
    people: int
    facility: float | None
    discrimination: float | None
    options: Mapping[str, int]
    flags: tuple[str, ...]


def figures(sums: Sums, options: Mapping[str, int], *, critical: bool = False) -> ItemFigures:
    """The figures of one item, withheld where fewer than `FEWEST` people answered."""
    if sums.people < FEWEST:
        return ItemFigures(sums.n, sums.people, None, None, {}, ())
    facility = sums.x / sums.n
    discrimination = correlation(sums)
    flags = _flags(facility, discrimination, critical)
    return ItemFigures(sums.n, sums.people, facility, discrimination, options, tuple(flags))


def correlation(sums: Sums) -> float | None:
    """Pearson's r of x and y, -1 to 1; None where one of them does not vary."""
    n = sums.n
    variance_x = n * sums.xx - sums.x**2
    variance_y = n * sums.yy - sums.y**2
    if variance_x <= NO_VARIANCE or variance_y <= NO_VARIANCE:
        return None
    covariance = n * sums.xy - sums.x * sums.y
    r = covariance / sqrt(variance_x * variance_y)
    return max(-1.0, min(1.0, r))


def _flags(facility: float, discrimination: float | None, critical: bool) -> list[str]:
    flags = []
    if facility < TOO_HARD:
        flags.append("Fewer than three in ten marks: is the right answer right, and taught?")
    # Everybody should get a critical item right.
    if facility > TOO_EASY and not critical:
        flags.append("Nearly everybody is right: do the other options tempt?")
    if discrimination is None:
        return flags
    if discrimination < 0:
        flags.append("Who does well elsewhere does worse here: is the key right?")
    # Where nearly everybody is right, nothing can tell people apart: that is said already.
    elif discrimination < TELLS_LITTLE and facility <= TOO_EASY:
        flags.append("It tells little apart: is the stem clear?")
    return flags
