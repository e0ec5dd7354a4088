"""The two errors of somebody who looks at babies: signs missed, and calm babies called distressed.

Plain rules, no picture and no row. What counts as a judgement is in `queries`.

Sources: the rates and their corrections, Hautus 1995 (log-linear: half a case is added to each
count); d′ and c, Macmillan and Creelman 2005; the variance of d′, Gourevitch and Galanter 1967;
intervals of one rate, Wilson 1927. The figure of 60 comes from simulations: below it d′ differs by
half a unit and more from one set of cases to the next.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

NORMAL = NormalDist()
TWO_SIDED_95 = NORMAL.inv_cdf(0.975)
FEWEST_FOR_SENSITIVITY = 60  # judgements, below which d′ and c say too little


@dataclass(frozen=True)
class Interval:
    """A range from `low` to `high`, both included, `low` <= `high`."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Rate:
    """`count` of `of` cases; 0 <= count <= of.

    Raises:
        ValueError: the counts do not fit.
    """

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is no rate")

    @property
    def share(self) -> float | None:
        """0 to 1, None with no case."""
        return self.count / self.of if self.of else None

    @property
    def range(self) -> Interval:
        """The 95 % interval of the share by Wilson, within 0 and 1; the whole with no case."""
        return wilson(self.count, self.of)

    @property
    def percent_range(self) -> tuple[int, int]:
        """`range` in whole percent, outwards, so that it never looks narrower than it is."""
        low, high = self.range.low, self.range.high
        return math.floor(100 * low), math.ceil(100 * high)


@dataclass(frozen=True)
class Counts:
    """The four outcomes of judging signals and ordinary babies, each 0 or more."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    correct_rejections: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.correct_rejections + other.correct_rejections,
        )

    @property
    def signals(self) -> int:
        return self.hits + self.misses

    @property
    def ordinary(self) -> int:
        return self.false_alarms + self.correct_rejections

    @property
    def total(self) -> int:
        return self.signals + self.ordinary

    @property
    def seen(self) -> Rate:
        """Of the babies with a sign, those that were called so."""
        return Rate(self.hits, self.signals)

    @property
    def called_wrongly(self) -> Rate:
        """Of the ordinary babies, those that were called distressed."""
        return Rate(self.false_alarms, self.ordinary)


def counts_of(judgements: Iterable[tuple[bool, bool]]) -> Counts:
    """Counts pairs of (the case was a signal, it was called one)."""
    numbers = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for is_signal, called_signal in judgements:
        numbers[is_signal, called_signal] += 1
    return Counts(
        hits=numbers[True, True],
        misses=numbers[True, False],
        false_alarms=numbers[False, True],
        correct_rejections=numbers[False, False],
    )


def wilson(count: float, of: float) -> Interval:
    """The 95 % score interval of a share; 0 to 1 with no case."""
    if not of:
        return Interval(0.0, 1.0)
    share = count / of
    squared = TWO_SIDED_95 * TWO_SIDED_95
    divisor = 1 + squared / of
    middle = (share + squared / (2 * of)) / divisor
    spread = share * (1 - share) / of + squared / (4 * of * of)
    half = TWO_SIDED_95 * math.sqrt(spread) / divisor
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Sensitivity:
    """How well the two kinds are told apart, and which way somebody leans.

    Attributes:
        d_prime: 0: no better than chance; about 1: often right; above 2: nearly always.
        criterion: below 0: inclined to call a sign, above 0: inclined to call none.
        d_prime_range, criterion_range: their 95 % intervals.
    """

    d_prime: float
    d_prime_range: Interval
    criterion: float
    criterion_range: Interval


def sensitivity(counts: Counts) -> Sensitivity | None:
    """d′ and c with their intervals.

    None below `FEWEST_FOR_SENSITIVITY` judgements, and without cases of both kinds.
    """
    if counts.total < FEWEST_FOR_SENSITIVITY or not counts.signals or not counts.ordinary:
        return None
    return estimate(counts)


def estimate(counts: Counts) -> Sensitivity:
    """d′ and c of any counts with cases of both kinds, however few; pages use `sensitivity`."""
    hit_rate = _corrected(counts.hits, counts.signals)
    false_alarm_rate = _corrected(counts.false_alarms, counts.ordinary)
    z_hit = NORMAL.inv_cdf(hit_rate)
    z_false_alarm = NORMAL.inv_cdf(false_alarm_rate)
    d_prime = z_hit - z_false_alarm
    criterion = -(z_hit + z_false_alarm) / 2

    variance = _variance(hit_rate, counts.signals)
    variance += _variance(false_alarm_rate, counts.ordinary)
    half = TWO_SIDED_95 * math.sqrt(variance)
    # c is half a sum of the same two terms, so that its standard error is half as large.
    return Sensitivity(
        d_prime,
        Interval(d_prime - half, d_prime + half),
        criterion,
        Interval(criterion - half / 2, criterion + half / 2),
    )


def _corrected(count: int, of: int) -> float:
    """The share by the log-linear rule: never 0 or 1, whose quantiles are infinite."""
    return (count + 0.5) / (of + 1)


def _variance(rate: float, of: int) -> float:
    """The variance of the quantile of a rate that was seen in `of` cases."""
    height = NORMAL.pdf(NORMAL.inv_cdf(rate))
    return rate * (1 - rate) / (of * height * height)


def weighted_kappa(pairs: Sequence[tuple[str, str]], is_signal: Mapping[str, bool]) -> float | None:
    """Agreement of two readers beyond chance: 1 always the same, 0 as by chance.

    Another category of the same kind weighs half as much as one of the other kind: to call a
    baby who asks for a pause overloaded is a smaller difference than to call that baby content.

    Args:
        pairs: keys of the categories that the two chose for the same case.
        is_signal: the kind of every category.

    Returns:
        None with no pair, or when both always chose the same one thing.

    Source: Cohen 1968.
    """
    if not pairs:
        return None
    observed = sum(_distance(first, second, is_signal) for first, second in pairs)
    expected = 0
    for first, _ in pairs:
        for _, second in pairs:
            expected += _distance(first, second, is_signal)
    if not expected:
        return None
    return 1 - len(pairs) * observed / expected


def _distance(first: str, second: str, is_signal: Mapping[str, bool]) -> int:
    if first == second:
        return 0
    return 1 if is_signal[first] == is_signal[second] else 2
