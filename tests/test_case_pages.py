"""The pages of practice: a round from its first case to its end, and nothing told before."""

from random import Random
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.library.content import Pool
from courses.models import Case, Judgement, Round
from courses.practice.answers import Answer
from courses.practice.feedback import feedback_of
from courses.practice.panel import Split
from courses.practice.pool_queries import pool_of
from courses.practice.results import result_of
from courses.practice.round_actions import begin_round, judge_case
from courses.practice.round_queries import cases_of
from tests.pools import small_pool
from tests.published_pools import publish
from tests.test_rounds import right


@pytest.fixture
def ana(cast):
    publish(small_pool())
    return cast.ana


def begun(user, kind=Round.Kind.PRACTICE) -> Round:
    return begin_round(user, kind, timezone.now(), rng=Random(1))


def given(case: Case, **changed: object) -> dict[str, object]:
    exemplar = pool_of(case.round.pool_id).exemplar_by_key[case.exemplar_key]
    return {"chosen": exemplar.category, "certainty": "2", "place": "eyes", **changed}


def test_it_works(ana, sign_in):
    client = sign_in(ana)
    page = client.get(reverse("courses:what-do-you-see"))
    assert "Begin a round of twelve" in page.content.decode()
    address = reverse("courses:begin-round", args=["practice"])
    page = client.post(address, {"press": uuid4()}, follow=True)
    assert "Case 1 of 12" in page.content.decode()
    a_round = Round.objects.get(user=ana)
    for case in cases_of(a_round):
        answer = reverse("courses:judge-case", args=[case.key])
        page = client.post(answer, given(case), follow=True)
        assert "You noticed it" in page.content.decode()
    page = client.get(reverse("courses:round", args=[a_round.key]))
    text = page.content.decode()
    assert "How it went" in text and "12 named right" in text


def test_a_script_gets_the_inside_of_the_answer(ana, sign_in):
    case = cases_of(begun(ana))[0]
    address = reverse("courses:judge-case", args=[case.key])
    reply = sign_in(ana).post(address, given(case), headers={"accept": "application/json"})
    assert "You noticed it" in reply.json()["html"]
    assert "<html" not in reply.json()["html"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"chosen": ""}, "Choose what you see."),
        ({"chosen": "sign-9"}, "Choose what you see."),
        ({"certainty": ""}, "Say how sure you are."),
        ({"certainty": "7"}, "Say how sure you are."),
        ({"place": "moon"}, "Choose one of the places."),
        ({"step": "R9"}, "Choose one of the steps."),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for_in_words(ana, sign_in, changed, words):
    case = cases_of(begun(ana))[0]
    address = reverse("courses:judge-case", args=[case.key])
    page = sign_in(ana).post(address, given(case, **changed))
    assert page.status_code == 400
    assert words in page.content.decode()
    reply = sign_in(ana).post(
        address, given(case, **changed), headers={"accept": "application/json"}
    )
    assert (reply.status_code, words in reply.json()["error"]) == (400, True)
    assert not Judgement.objects.exists()


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [("50", "22", "eyes"), ("26", "44", "hands"), ("0", "100", ""), ("", "", ""), ("x", "1", None)],
)
def test_a_tap_says_which_part_was_meant(ana, sign_in, x, y, place):
    case = cases_of(begun(ana))[0]
    address = reverse("courses:judge-case", args=[case.key])
    tapped = given(case, place="", tapped_x=x, tapped_y=y)
    sign_in(ana).post(address, tapped)
    stored = Judgement.objects.values_list("place", flat=True).first()
    assert stored == place


def test_a_case_by_its_description_alone(ana, sign_in):
    case = cases_of(begun(ana))[0]
    client = sign_in(ana)
    page = client.get(reverse("courses:case", args=[case.key]), {"by": "text"}).content.decode()
    assert "A baby lies on a mat." in page
    assert "<svg" not in page.split("<main")[1]
    address = reverse("courses:judge-case", args=[case.key])
    reply = client.post(address, given(case, by_text="True"))
    assert "by=text" in reply.headers["Location"]
    assert Judgement.objects.get().by_text


def test_before_the_answer_nothing_tells_it(ana, sign_in):
    """Neither the category nor the exemplar, its rings, its reason or what it is mistaken for."""
    client = sign_in(ana)
    for case in cases_of(begun(ana)):
        reply = client.get(reverse("courses:case", args=[case.key]))
        page = reply.content.decode()
        exemplar = pool_of(case.round.pool_id).exemplar_by_key[case.exemplar_key]
        for private in (exemplar.key, exemplar.why, "data-ring", "What to look for"):
            assert private not in page
        for key in case.options:
            assert page.count(f'value="{key}"') == 1


def test_a_check_says_nothing_before_its_end(ana, sign_in):
    client = sign_in(ana)
    check = begun(ana, Round.Kind.MASTERY)
    case = cases_of(check)[0]
    address = reverse("courses:judge-case", args=[case.key])
    reply = client.post(address, given(case), headers={"accept": "application/json"})
    told = (
        reply.json()["html"] + client.get(reverse("courses:case", args=[case.key])).content.decode()
    )
    exemplar = pool_of(check.pool_id).exemplar_by_key[case.exemplar_key]
    assert exemplar.why not in told
    assert "You noticed it" not in told and "data-rings" not in told


def test_cases_and_rounds_of_others_are_not_there(ana, cast, sign_in):
    a_round = begun(ana)
    case = cases_of(a_round)[0]
    client = sign_in(cast.ben)
    for name in ("case", "case-motion"):
        assert client.get(reverse(f"courses:{name}", args=[case.key])).status_code == 404
    assert client.get(reverse("courses:round", args=[a_round.key])).status_code == 404
    assert client.get(reverse("courses:case-still", args=[case.key, 0])).status_code == 404
    assert client.post(reverse("courses:judge-case", args=[case.key])).status_code == 404
    assert client.post(reverse("courses:skip-case", args=[case.key])).status_code == 404


def test_a_skipped_case_is_replaced_and_leads_on(ana, sign_in):
    a_round = begun(ana)
    case = cases_of(a_round)[0]
    client = sign_in(ana)
    page = client.post(reverse("courses:skip-case", args=[case.key]), follow=True)
    assert "Case 1 of 12" in page.content.decode()
    page = client.get(reverse("courses:case", args=[case.key]), follow=True)
    assert page.redirect_chain
    address = reverse("courses:judge-case", args=[case.key])
    client.post(address, given(case))
    assert not Judgement.objects.exists()


def test_more_like_this_is_a_round_of_the_pair(ana, sign_in):
    case = cases_of(begun(ana))[0]
    judgement = judge_case(case, right(case), timezone.now())
    asked = {"press": uuid4(), "like": case.key}
    sign_in(ana).post(reverse("courses:begin-round", args=["practice"]), asked)
    new = Round.objects.order_by("-pk")[0]
    pool = pool_of(new.pool_id)
    seen = {pool.exemplar_by_key[each.exemplar_key].category for each in cases_of(new)}
    assert seen == {judgement.category, pool.category_by_key[judgement.category].opposite}


def test_what_only_the_follow_up_begins_cannot_be_begun_here(ana, sign_in):
    for kind in ("day-30", "before", "by-mail", "nonsense"):
        reply = sign_in(ana).post(reverse("courses:begin-round", args=[kind]))
        assert reply.status_code == 404


def test_without_a_pool_the_page_says_so(cast, sign_in):
    page = sign_in(cast.ana).get(reverse("courses:what-do-you-see"))
    assert "no cases here yet" in page.content.decode()
    page = sign_in(cast.ana).post(
        reverse("courses:begin-round", args=["practice"]), {"press": "junk"}, follow=True
    )
    assert "no cases to practise with yet" in page.content.decode()


def test_pages_ask_a_fixed_number_of_queries(ana, sign_in, django_assert_max_num_queries):
    a_round = begun(ana)
    client = sign_in(ana)
    for case in cases_of(a_round):
        judge_case(case, right(case), timezone.now())
    pool_of(a_round.pool_id)
    with django_assert_max_num_queries(6):
        client.get(reverse("courses:round", args=[a_round.key]))
    with django_assert_max_num_queries(9):
        client.get(reverse("courses:what-do-you-see"))


def master(user) -> None:
    check = begun(user, Round.Kind.MASTERY)
    for case in cases_of(check):
        judge_case(case, right(case), timezone.now())


def finish_newest(user) -> Round:
    newest = Round.objects.taken_by(user).order_by("-pk")[0]
    for case in cases_of(newest):
        judge_case(case, right(case), timezone.now())
    return newest


def test_who_passed_the_check_meets_one_block_with_few_signs_and_a_burst_after_it(cast, sign_in):
    publish(small_pool(mastery=5))
    ana, client = cast.ana, sign_in(cast.ana)
    master(ana)
    client.post(reverse("courses:begin-round", args=["practice"]), {"press": uuid4()})
    rare = finish_newest(ana)
    signals = Judgement.objects.filter(case__round=rare, is_signal=True).count()
    assert (rare.kind, rare.name, signals) == ("rare", "Practice", 2)
    page = client.get(reverse("courses:round", args=[rare.key])).content.decode()
    assert "Few signs, as on most days" in page
    client.post(reverse("courses:begin-round", args=["practice"]), {"press": uuid4()})
    burst = finish_newest(ana)
    assert burst.kind == "practice"
    page = client.get(reverse("courses:round", args=[burst.key])).content.decode()
    assert "How your calling moved" in page


def test_an_answer_sent_after_the_session_had_ended_is_filled_in_again(ana, sign_in):
    case = cases_of(begun(ana))[0]
    address = reverse("courses:judge-case", args=[case.key])
    client = sign_in(ana)
    client.get(reverse("courses:case", args=[case.key]))
    del client.cookies["sessionid"]
    asked_in = client.post(address, given(case, certainty="3"))
    assert asked_in.status_code == 302
    client.force_login(ana)
    page = client.get(reverse("courses:case", args=[case.key])).content.decode()
    assert "You were signed out before this was sent" in page
    form = page.split('id="case-form"')[1].split("</form>")[0]
    assert form.count(" checked") == 3  # what, where and how sure
    assert not Judgement.objects.exists()
    client.post(address, given(case, certainty="3"))
    page = client.get(reverse("courses:case", args=[case.key])).content.decode()
    assert "You were signed out" not in page


def test_a_missed_sign_is_what_to_look_for_next(ana, sign_in):
    a_round = begun(ana)
    pool = pool_of(a_round.pool_id)
    for case in cases_of(a_round):
        category = pool.exemplar_by_key[case.exemplar_key].category
        # All but one sign are taken for their opposites.
        is_seen = category == "sign-1"
        chosen = category if is_seen else pool.category_by_key[category].opposite
        judge_case(case, Answer(chosen=chosen, certainty=1), timezone.now())
    result = result_of(a_round, cases_of(a_round))
    assert result.look_for.key == "sign-0"
    assert result.seen_well.key == "sign-1"


@pytest.mark.parametrize(
    ("steps", "step", "headline", "caution"),
    [
        (("R3 now",), "R0", "This baby needs help now", "One such sign is enough"),
        (("R3 now",), "R3 now", "This one asks for something", "One such sign is enough"),
        (("R1",), "R0", "This one asks for something", "One cue means little"),
    ],
)
def test_one_urgent_sign_is_enough(ana, steps, step, headline, caution):
    cases = cases_of(begun(ana))
    case = next(case for case in cases if case.exemplar_key.startswith("sign-0"))
    pool = pool_of(case.round.pool_id)
    answer = Answer(chosen="calm-0", certainty=1, step=step)
    judgement = judge_case(case, answer, timezone.now())
    categories = tuple(
        category.model_copy(update={"steps": steps}) if category.key == "sign-0" else category
        for category in pool.categories
    )
    judgement.is_step_right = step in steps
    feedback = feedback_of(
        judgement, Pool(categories=categories, exemplars=pool.exemplars), Split({})
    )
    assert feedback.headline == headline
    assert feedback.caution.startswith(caution)


def test_four_more_of_a_kind_lead_back_to_the_round_that_was_left(ana, sign_in):
    client = sign_in(ana)
    first, *_ = cases_of(begun(ana))
    client.post(reverse("courses:judge-case", args=[first.key]), given(first))
    like = {"press": uuid4(), "like": first.key}
    client.post(reverse("courses:begin-round", args=["practice"]), like)
    short = Round.objects.filter(user=ana).exclude(pk=first.round_id).get()
    for case in cases_of(short):
        client.post(reverse("courses:judge-case", args=[case.key]), given(case))
    page = client.get(reverse("courses:round", args=[short.key])).content.decode()
    assert "Back to your round" in page
    assert reverse("courses:round", args=[first.round.key]) in page


def test_a_check_says_that_answers_are_saved_and_goes_straight_on(ana, sign_in):
    case, following, *_ = cases_of(begun(ana, Round.Kind.MASTERY))
    client = sign_in(ana)
    answer = reverse("courses:judge-case", args=[case.key])
    reply = client.post(answer, given(case), headers={"accept": "application/json"})
    assert "data-straight-on" in reply.json()["html"]
    page = client.get(reverse("courses:case", args=[following.key])).content.decode()
    assert "Your answers so far are saved." in page


def test_a_case_looked_at_again_leads_back_to_how_it_went(ana, sign_in):
    cases = cases_of(begun(ana))
    client = sign_in(ana)
    first = reverse("courses:case", args=[cases[0].key])
    assert reverse("courses:case", args=[cases[1].key]) in client.get(first).content.decode()
    for case in cases:
        client.post(reverse("courses:judge-case", args=[case.key]), given(case))
    page = client.get(first).content.decode()
    assert "Next case" not in page
    assert "How it went" in page
    assert "Check my answer" not in page
