"""Reviewers rate drawings blind; from five on their split stands beside the author's key."""

from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Judgement, PanelRating, Round
from courses.practice.overview import overview_of
from courses.practice.panel import FEWEST, Split, splits_of
from courses.practice.panel_queries import divided_exemplars
from courses.practice.round_actions import begin_round, judge_case
from courses.practice.round_queries import cases_of
from tests.conftest import person
from tests.pools import small_pool
from tests.published_pools import publish
from tests.test_rounds import right


@pytest.fixture
def panel(cast):
    """Five reviewers; Rhea is one of them."""
    publish(small_pool())
    others = [person(f"Reviewer{number}", is_reviewer=True) for number in range(FEWEST - 1)]
    return [cast.rhea, *others]


def rated(panel, exemplar_key: str, *chosen: str) -> None:
    for reviewer, key in zip(panel, chosen, strict=True):
        PanelRating.objects.create(
            reviewer=reviewer,
            exemplar_key=exemplar_key,
            chosen=key,
            certainty=2,
            rated_at=timezone.now(),
        )


def judged_case(ana):
    a_round = begin_round(ana, Round.Kind.PRACTICE, timezone.now(), rng=Random(1))
    case = cases_of(a_round)[0]
    judge_case(case, right(case), timezone.now())
    return case


@pytest.mark.parametrize(
    ("counts", "answer", "is_divided"),
    [
        ({"pause": 4}, None, False),
        ({"pause": 5}, "pause", False),
        ({"pause": 3, "calm": 2}, "pause", False),
        ({"pause": 2, "calm": 2, "ill": 1}, None, True),
        ({}, None, False),
    ],
)
def test_a_split_says_when_the_panel_agrees(counts, answer, is_divided):
    split = Split(counts)
    assert (split.answer, split.is_divided) == (answer, is_divided)


def test_ratings_are_counted_by_exemplar():
    splits = splits_of([("a", "calm"), ("a", "pause"), ("b", "calm"), ("a", "calm")])
    assert splits["a"].in_order == [("calm", 2), ("pause", 1)]
    assert splits["b"].ratings == 1


def test_a_reviewer_rates_one_after_the_other_and_each_once(panel, sign_in):
    client = sign_in(panel[0])
    address = reverse("courses:rate-exemplars")
    page = client.get(address)
    exemplar = page.context["exemplar"]
    assert exemplar.why not in page.content.decode()
    sent = {"exemplar": exemplar.key, "chosen": "calm-0", "certainty": "2"}
    client.post(address, sent)
    client.post(address, {**sent, "chosen": "sign-0"})
    assert PanelRating.objects.get().chosen == "calm-0"
    assert client.get(address).context["exemplar"].key != exemplar.key


@pytest.mark.parametrize(
    "changed",
    [{"chosen": "nothing"}, {"certainty": "9"}, {"chosen": ""}, {"exemplar": ""}],
)
def test_a_rating_that_makes_no_sense_is_asked_for_again(panel, sign_in, changed):
    client = sign_in(panel[0])
    address = reverse("courses:rate-exemplars")
    key = client.get(address).context["exemplar"].key
    sent = {"exemplar": key, "chosen": "calm-0", "certainty": "2", **changed}
    assert client.post(address, sent).status_code == 400
    assert not PanelRating.objects.exists()


def test_a_sealed_drawing_is_never_rated(panel, sign_in):
    sent = {"exemplar": "sign-0/day-30/0", "chosen": "calm-0", "certainty": "2"}
    sign_in(panel[0]).post(reverse("courses:rate-exemplars"), sent)
    assert not PanelRating.objects.exists()


def test_nobody_else_has_the_page(panel, cast, sign_in):
    for user in (cast.ana, cast.tess):
        assert sign_in(user).get(reverse("courses:rate-exemplars")).status_code == 404


def test_feedback_shows_the_split_from_five_reviewers_on(panel, cast, sign_in):
    case = judged_case(cast.ana)
    judgement = Judgement.objects.get()
    address = reverse("courses:case", args=[case.key])
    assert "no panel has rated it yet" in sign_in(cast.ana).get(address).content.decode()
    rated(panel, judgement.exemplar_key, *[judgement.category] * FEWEST)
    page = sign_in(cast.ana).get(address).content.decode()
    assert f"{FEWEST}: " in page
    assert "no panel has rated it yet" not in page


def test_a_case_on_which_the_panel_is_divided_counts_in_no_error(panel, cast, sign_in):
    case = judged_case(cast.ana)
    Judgement.objects.update(is_warm_up=False)
    assert overview_of(cast.ana).counts.total == 1
    judgement = Judgement.objects.get()
    rated(panel, judgement.exemplar_key, "sign-0", "sign-0", "calm-0", "calm-0", "sign-1")
    assert divided_exemplars() == [judgement.exemplar_key]
    assert overview_of(cast.ana).counts.total == 0
    page = sign_in(cast.ana).get(reverse("courses:case", args=[case.key])).content.decode()
    assert "Good observers differ" in page
