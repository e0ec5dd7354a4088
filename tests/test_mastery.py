"""The check of 40: a standard on both errors, two tries, and who passes it."""

from math import comb

import pytest

from courses.library.content.exemplars import MASTERY_FORMS
from courses.practice.detection import Counts
from courses.practice.mastery import FEWEST_RIGHT, Check, is_mastered, next_form


def check(hits: int, correct_rejections: int, of: int = 20) -> Check:
    false_alarms = of - correct_rejections
    return Check("mastery-1", Counts(hits, of - hits, false_alarms, correct_rejections))


@pytest.mark.parametrize(
    ("hits", "correct_rejections", "is_passed"),
    [(16, 16, True), (20, 20, True), (15, 20, False), (20, 15, False), (20, 0, False)],
)
def test_it_takes_sixteen_of_twenty_on_each_side(hits, correct_rejections, is_passed):
    assert check(hits, correct_rejections).is_passed is is_passed


def test_a_check_that_is_not_whole_is_not_passed():
    assert not check(19, 19, of=19).is_passed


def test_one_passed_check_is_enough():
    assert is_mastered([check(15, 20), check(16, 16)])
    assert not is_mastered([])


def test_two_tries_from_different_forms_and_then_practice():
    first = next_form([])
    second = next_form([first])
    assert {first, second} == set(MASTERY_FORMS)
    assert next_form([first, second]) is None


def share_that_passes(rate: float) -> float:
    """The chance of passing one check for somebody whose two rates are `rate`."""
    of_a_side = 0.0
    for right in range(FEWEST_RIGHT, 21):
        of_a_side += comb(20, right) * rate**right * (1 - rate) ** (20 - right)
    return of_a_side**2


def test_few_pass_by_luck_and_most_who_see_well_pass():
    assert share_that_passes(0.70) <= 0.06
    assert share_that_passes(0.90) >= 0.90


def test_whoever_always_says_stress_or_never_does_not_pass():
    assert not check(20, 0).is_passed
    assert not check(0, 20).is_passed
