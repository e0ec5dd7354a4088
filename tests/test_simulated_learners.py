"""Learners whose skill is known are measured right, pass when they should, and are asked well."""

import pytest

from tests.simulated_learners import share_recovered, share_that_passes, widest_intervals


@pytest.mark.parametrize("cases", [60, 120])
def test_the_intervals_hold_the_truth_as_often_as_they_say(cases):
    for share in share_recovered(cases):
        assert 0.93 <= share <= 0.98


def test_the_check_keeps_out_seven_in_ten_and_lets_nine_in_ten_pass():
    assert share_that_passes(0.70, 0.30) <= 0.06
    assert share_that_passes(0.90, 0.10) >= 0.90


def test_whoever_says_the_same_of_every_baby_never_passes():
    assert share_that_passes(1.0, 1.0) == 0
    assert share_that_passes(0.0, 0.0) == 0


def test_what_is_chosen_narrows_the_widest_interval():
    assert widest_intervals().narrowed >= 0.15
