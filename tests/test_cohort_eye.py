"""How a cohort sees babies: counts of at least five people, no names, and nothing of others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.dashboards.eye import Counts, Judged, kept, outcomes, practised
from courses.dashboards.eye_queries import cohort_eye
from courses.learning.actions import enrol
from courses.learning.models import Enrolment
from courses.models import CohortMembership, Judgement, Round
from courses.people.actions import join_cohort
from courses.practice.answers import Answer
from courses.practice.pool_queries import pool_of
from courses.practice.round_actions import begin_round, judge_case
from courses.practice.round_queries import cases_of
from tests.conftest import given, person
from tests.pools import small_pool
from tests.published_pools import publish

POOL = small_pool()
DAY = timedelta(days=1)


@pytest.fixture
def learners(cast):
    """Ana and five more in Tess's cohort, who joined 120 days ago."""
    publish(POOL)
    others = [person(f"Learner{number}") for number in range(5)]
    for other in others:
        join_cohort(other, cast.cohort, timezone.now())
    long_ago = timezone.now() - 120 * DAY
    CohortMembership.objects.filter(cohort=cast.cohort).update(joined_at=long_ago)
    return [cast.ana, *others]


def look(user, kind: str, at, *, right: bool = True) -> Round:
    """A whole round; wrong: everything is taken for its opposite."""
    a_round = begin_round(user, kind, at)
    pool = pool_of(a_round.pool_id)
    for case in cases_of(a_round):
        category = pool.category_by_key[pool.exemplar_by_key[case.exemplar_key].category]
        chosen = category.key if right else category.opposite
        judge_case(case, Answer(chosen=chosen, certainty=2), at)
    return a_round


def practise(users, *, right: bool = True) -> None:
    for user in users:
        look(user, Round.Kind.PRACTICE, timezone.now() - DAY, right=right)
    Judgement.objects.update(is_warm_up=False)


def complete(cast, users, days: int) -> None:
    course, now = given(cast).course, timezone.now()
    for user in users:
        enrol(user, course, now)
    done = Enrolment.objects.filter(user__in=users, course=course)
    done.update(completed_at=now - days * DAY)


def page_of(cast, sign_in) -> str:
    page = sign_in(cast.tess).get(reverse("courses:cohort-eye", args=[cast.cohort.key]))
    assert page.status_code == 200
    return page.content.decode()


def test_it_works(cast, learners, sign_in):
    practise(learners)
    seen = cohort_eye(cast.cohort, timezone.now())
    assert seen.learners == 6
    assert seen.practised.counts.misses == seen.practised.counts.false_alarms == 0
    assert {band.people for band in seen.practised.bands} == {6}
    page = page_of(cast, sign_in)
    assert "Kind by kind" in page
    assert "You see" not in page.split("<main")[1], "it speaks of the cohort, not of its reader"
    assert "together they saw" in page
    for learner in learners:
        assert learner.name not in page.split("<main")[1]


def test_four_people_are_not_shown(cast, learners, sign_in):
    practise(learners[:4])
    seen = cohort_eye(cast.cohort, timezone.now())
    assert not seen.practised.is_shown
    assert {band.rate for band in seen.practised.bands} == {None}
    assert "Nothing to show yet" in page_of(cast, sign_in)


def test_what_five_people_confuse_is_named(cast, learners):
    practise(learners, right=False)
    pairs = cohort_eye(cast.cohort, timezone.now()).practised.confusions
    assert pairs
    assert all(pair.people == 6 and pair.chosen.key == pair.right.opposite for pair in pairs)


def test_what_was_judged_before_joining_or_after_leaving_does_not_count(cast, learners):
    practise(learners)
    CohortMembership.objects.filter(user=learners[0]).update(joined_at=timezone.now())
    CohortMembership.objects.filter(user=learners[1]).update(left_at=timezone.now())
    assert not cohort_eye(cast.cohort, timezone.now()).practised.is_shown


def test_what_stays_stands_beside_who_answered(cast, learners):
    now = timezone.now()
    complete(cast, learners, days=40)
    for learner in learners:
        look(learner, Round.Kind.DAY_30, now - DAY)
    at_end, after_30, after_90 = cohort_eye(cast.cohort, now).checks
    assert (after_30.due, after_30.answered, after_30.percent) == (6, 6, 100)
    assert after_30.counts.seen.share == 1
    assert (at_end.due, at_end.answered) == (6, None)
    assert after_90.due is None


def test_plans_are_counted_and_small_numbers_hidden():
    shown = outcomes(["Done", "Not yet", "Other"], [9, 6, 2])
    assert [outcome.people for outcome in shown].count(None) >= 2
    assert shown[0].people == 9
    assert [outcome.people for outcome in outcomes(["Done", "Not yet"], [9, 0])] == [9, 0]


@pytest.mark.parametrize(
    ("due", "answered", "expected"),
    [
        (4, 4, (None, None)),
        (20, 4, (20, None)),
        (20, 5, (20, 5)),
        (20, 18, (20, None)),  # the two who did not would be known
        (20, 20, (20, 20)),
    ],
)
def test_a_check_shows_neither_few_who_answered_nor_few_who_did_not(due, answered, expected):
    judged = {person: Counts(1, 0, 0, 1) for person in range(answered)}
    check = kept("After 30 days", set(range(due)), judged)
    assert (check.due, check.answered) == expected
    assert (check.counts is None) == (expected[1] is None)


def test_hidden_bands_are_in_no_sum():
    rows = [
        Judged("sign-0", True, "sign-0", True, 12, 6),
        Judged("calm-0", False, "sign-0", True, 3, 3),
    ]
    seen = practised(rows, {"sign-0": 6, "calm-0": 3}, POOL.categories)
    assert (seen.counts.signals, seen.counts.ordinary) == (12, 0)
    assert seen.confusions == ()


def test_others_do_not_see_it(cast, learners, sign_in):
    address = reverse("courses:cohort-eye", args=[cast.cohort.key])
    for user in (cast.ana, cast.ben, cast.olga, cast.sam):
        assert sign_in(user).get(address).status_code == 404
    assert sign_in(cast.mo).get(address).status_code == 200


def test_the_number_of_queries_does_not_grow(cast, learners, django_assert_max_num_queries):
    practise(learners)
    cohort_eye(cast.cohort, timezone.now())
    with django_assert_max_num_queries(8):
        cohort_eye(cast.cohort, timezone.now())
