"""The two errors as figures: counts, ranges, d′ and c, and agreement of two readers."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.practice.detection import (
    FEWEST_FOR_SENSITIVITY,
    NORMAL,
    Counts,
    Rate,
    counts_of,
    estimate,
    sensitivity,
    weighted_kappa,
    wilson,
)

KINDS = {"pause": True, "stress": True, "calm": False, "asleep": False}
few = st.integers(0, 300)


def test_it_works():
    judged = [(True, True)] * 17 + [(True, False)] * 3
    judged += [(False, True)] * 6 + [(False, False)] * 14
    counts = counts_of(judged)
    assert counts == Counts(17, 3, 6, 14)
    assert (counts.seen.count, counts.seen.of) == (17, 20)
    assert (counts.called_wrongly.count, counts.called_wrongly.of) == (6, 20)
    assert counts.seen.percent_range == (63, 95)


@pytest.mark.parametrize(
    ("probability", "quantile"),
    # scipy 1.16, `scipy.stats.norm.ppf`.
    [
        (1e-6, -4.753424308822899),
        (0.001, -3.090232306167813),
        (0.025, -1.9599639845400545),
        (0.1, -1.2815515655446004),
        (0.3, -0.5244005127080409),
        (0.5, 0.0),
        (0.8, 0.8416212335729143),
        (0.975, 1.959963984540054),
        (0.999999, 4.753424308817087),
    ],
)
def test_quantiles_agree_with_scipy(probability, quantile):
    assert NORMAL.inv_cdf(probability) == pytest.approx(quantile, abs=1e-9)


def test_d_prime_and_c_of_the_example_of_stanislaw_and_todorov():
    """Calculation of signal detection theory measures, 1999: hit rate .8, false-alarm rate .4."""
    # 20 of 25 hits and 10 of 25 false alarms, without a correction.
    z_hit, z_false_alarm = NORMAL.inv_cdf(20 / 25), NORMAL.inv_cdf(10 / 25)
    assert z_hit - z_false_alarm == pytest.approx(1.095, abs=5e-4)
    assert -(z_hit + z_false_alarm) / 2 == pytest.approx(-0.294, abs=5e-4)
    # With half a case added to each count it lies a little nearer to nothing.
    figures = estimate(Counts(20, 5, 10, 15))
    assert figures.d_prime == pytest.approx(NORMAL.inv_cdf(20.5 / 26) - NORMAL.inv_cdf(10.5 / 26))
    assert 1.04 < figures.d_prime < 1.05
    assert -0.29 < figures.criterion < -0.27


def test_all_right_and_all_wrong_are_finite():
    for counts in (Counts(60, 0, 0, 60), Counts(0, 60, 60, 0), Counts(60, 0, 60, 0)):
        figures = estimate(counts)
        assert math.isfinite(figures.d_prime) and math.isfinite(figures.criterion)
        assert math.isfinite(figures.d_prime_range.width)


def test_calling_every_baby_distressed_shows_no_skill_and_a_strong_lean():
    figures = estimate(Counts(60, 0, 60, 0))
    assert figures.d_prime == 0
    assert figures.criterion < -2


@pytest.mark.parametrize(
    "counts", [Counts(), Counts(20, 9, 10, 20), Counts(40, 30, 0, 0), Counts(0, 0, 30, 40)]
)
def test_too_few_cases_or_one_kind_alone_give_no_d_prime(counts):
    assert sensitivity(counts) is None


def test_from_sixty_cases_there_is_a_d_prime():
    assert FEWEST_FOR_SENSITIVITY == 60
    assert sensitivity(Counts(20, 10, 10, 20)) is not None


@given(few, few, few, few)
def test_the_range_holds_the_estimate_and_more_signals_called_never_lower_it(a, b, c, d):
    counts = Counts(a, b, c, d)
    if not counts.signals or not counts.ordinary:
        return
    figures = estimate(counts)
    assert figures.d_prime_range.low <= figures.d_prime <= figures.d_prime_range.high
    assert figures.criterion_range.low <= figures.criterion <= figures.criterion_range.high
    more = estimate(Counts(a + 1, b, c, d))
    assert more.d_prime >= figures.d_prime - 0.02
    swapped = estimate(Counts(c, d, a, b))
    assert swapped.d_prime == pytest.approx(-figures.d_prime)
    assert swapped.criterion == pytest.approx(figures.criterion)


@given(few, few)
def test_a_range_holds_its_share_and_stays_within_all_and_nothing(count, more):
    rate = Rate(count, count + more)
    low, high = rate.percent_range
    assert 0 <= low <= high <= 100
    if rate.share is not None:
        assert low <= 100 * rate.share <= high


def test_ranges_of_the_paper():
    """Newcombe 1998, two-sided intervals for one proportion, method 3: 81 of 263, 15 of 148."""
    assert (wilson(81, 263).low, wilson(81, 263).high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert (wilson(15, 148).low, wilson(15, 148).high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20).low == pytest.approx(0, abs=1e-12)
    assert wilson(0, 20).high == pytest.approx(0.1611, abs=5e-5)


def test_counts_that_do_not_fit_are_rejected():
    for count, of in ((-1, 3), (4, 3), (1, -1)):
        with pytest.raises(ValueError, match="is no rate"):
            Rate(count, of)


def test_agreement_of_two_readers():
    same = [("pause", "pause"), ("calm", "calm"), ("stress", "stress")]
    assert weighted_kappa(same, KINDS) == 1
    assert weighted_kappa([], KINDS) is None
    assert weighted_kappa([("calm", "calm")] * 5, KINDS) is None
    near = [*same, ("pause", "stress")]
    far = [*same, ("pause", "calm")]
    assert weighted_kappa(near, KINDS) > weighted_kappa(far, KINDS)


def test_readers_who_guess_agree_as_by_chance():
    rng = Random(3)
    keys = list(KINDS)
    pairs = [(rng.choice(keys), rng.choice(keys)) for _ in range(800)]
    assert abs(weighted_kappa(pairs, KINDS)) < 0.08
