"""What the rules of practice do to learners whose skill is known: `python -m tests.simulated_learners`.

Nothing is drawn or stored; the seeds are fixed, so that each run prints the same table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from courses.library.content.exemplars import Pool
from courses.practice import mix
from courses.practice.detection import NORMAL, Counts, estimate, wilson
from courses.practice.mastery import EACH_SIDE, Check
from tests.pools import small_pool

LEARNERS = 1000
CHECKS = 20_000
ROUNDS = 10  # of 12 cases
COMPARED = 300  # learners of each way to choose
BEGIN = datetime(2026, 12, 1, tzinfo=UTC)


def share_recovered(cases: int, learners: int = LEARNERS) -> tuple[float, float]:
    """The shares of learners whose true d′ and whose true c lie in their 95 % interval.

    d′ is drawn from 0 to 2.5 and c from -0.7 to 0.7; half of the cases are signals.
    """
    rng = Random(cases)
    d_inside = c_inside = 0
    for _ in range(learners):
        d_prime, criterion = rng.uniform(0, 2.5), rng.uniform(-0.7, 0.7)
        counts = judged_by(rng, d_prime, criterion, cases // 2)
        figures = estimate(counts)
        d_range, c_range = figures.d_prime_range, figures.criterion_range
        d_inside += d_range.low <= d_prime <= d_range.high
        c_inside += c_range.low <= criterion <= c_range.high
    return d_inside / learners, c_inside / learners


def judged_by(rng: Random, d_prime: float, criterion: float, each_side: int) -> Counts:
    hit_rate = NORMAL.cdf(d_prime / 2 - criterion)
    false_alarm_rate = NORMAL.cdf(-d_prime / 2 - criterion)
    hits = drawn(rng, hit_rate, each_side)
    false_alarms = drawn(rng, false_alarm_rate, each_side)
    return Counts(hits, each_side - hits, false_alarms, each_side - false_alarms)


def drawn(rng: Random, rate: float, of: int) -> int:
    return sum(rng.random() < rate for _ in range(of))


def share_that_passes(seen: float, called_wrongly: float) -> float:
    """The share of checks of 40 that are passed with these two rates."""
    rng = Random(40)
    passed = 0
    for _ in range(CHECKS):
        hits = drawn(rng, seen, EACH_SIDE)
        false_alarms = drawn(rng, called_wrongly, EACH_SIDE)
        counts = Counts(hits, EACH_SIDE - hits, false_alarms, EACH_SIDE - false_alarms)
        passed += Check("mastery-1", counts).is_passed
    return passed / CHECKS


@dataclass(frozen=True)
class Widths:
    """The median width of the widest interval of a category, as a share from 0 to 1."""

    chosen: float
    at_random: float

    @property
    def narrowed(self) -> float:
        return 1 - self.chosen / self.at_random


def widest_intervals(rounds: int = ROUNDS, learners: int = COMPARED) -> Widths:
    """How sure one is of the least known category after some rounds: as chosen, and by chance."""
    pool = small_pool(pairs=8, practice=20, sealed=0)
    chosen, at_random = [], []
    for seed in range(learners):
        skills = Random(seed)
        right = {category.key: skills.uniform(0.4, 0.98) for category in pool.categories}
        chosen.append(_widest(pool, right, rounds, Random(seed), is_chosen=True))
        at_random.append(_widest(pool, right, rounds, Random(seed), is_chosen=False))
    return Widths(median(chosen), median(at_random))


def _widest(
    pool: Pool, right: dict[str, float], rounds: int, rng: Random, *, is_chosen: bool
) -> float:
    past: list[mix.Past] = []
    for day in range(rounds):
        now = BEGIN + timedelta(days=day)
        keys = _keys(pool, past, now, rng) if is_chosen else _random_keys(pool, rng)
        for key in keys:
            category = pool.exemplar_by_key[key].category
            is_right = rng.random() < right[category]
            answer = category if is_right else pool.category_by_key[category].opposite
            past.append(mix.Past(key, category, answer, now))
    widths = []
    for category in pool.categories:
        judged = [judgement for judgement in past if judgement.category == category.key]
        count = sum(judgement.chosen == category.key for judgement in judged)
        widths.append(wilson(count, len(judged)).width)
    return max(widths)


def _keys(pool: Pool, past: Sequence[mix.Past], now: datetime, rng: Random) -> list[str]:
    return [case.exemplar_key for case in mix.draw_round(pool, past, now, rng)]


def _random_keys(pool: Pool, rng: Random) -> list[str]:
    return [exemplar.key for exemplar in rng.sample(list(pool.for_practice()), mix.ROUND)]


def main() -> None:
    print("what                                              target      figure")
    for cases in (60, 120):
        d_share, c_share = share_recovered(cases)
        print(f"true d′ in its interval, {cases:3} cases                93–98 %     {d_share:.1%}")
        print(f"true c in its interval, {cases:3} cases                 93–98 %     {c_share:.1%}")
    for seen, called, target in [
        (0.70, 0.30, "≤ 6 %"), (0.75, 0.25, ""), (0.80, 0.20, ""), (0.85, 0.15, ""),
        (0.90, 0.10, "≥ 90 %"), (1.0, 1.0, "0 %"), (0.0, 0.0, "0 %"),
    ]:  # fmt: skip
        share = share_that_passes(seen, called)
        print(f"passes a check: sees {seen:.0%}, calls {called:.0%} wrongly".ljust(50), end="")
        print(f"{target:12}{share:.1%}")
    widths = widest_intervals()
    print(f"widest interval after {ROUNDS} rounds, by chance".ljust(62) + f"{widths.at_random:.2f}")
    print("the same, as chosen".ljust(62) + f"{widths.chosen:.2f}")
    print("narrower by".ljust(50) + f"{'≥ 15 %':12}{widths.narrowed:.1%}")


if __name__ == "__main__":
    main()
