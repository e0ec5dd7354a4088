"""Nothing that a case sends before its answer says what there is to see; sealed ones are nowhere."""

import re
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.authoring.courses import read_folder
from courses.library.content import Exemplar, Pool
from courses.models import Case, Round
from courses.personal_data.archive import as_json
from courses.personal_data.collection import collect
from courses.practice.round_actions import begin_round, judge_case
from courses.practice.round_queries import cases_of
from tests.conftest import SHIPPED
from tests.published_pools import publish
from tests.test_rounds import right


@pytest.fixture(scope="module")
def shipped() -> Pool:
    grown = read_folder(SHIPPED, wants_advice=False).grown
    assert grown is not None
    return grown.pool


@pytest.fixture
def edition(cast, shipped):
    return publish(shipped)


def case_of(user, edition, exemplar: Exemplar) -> Case:
    """A round of one case with this exemplar, with the options of its pair and of another one."""
    a_round = Round.objects.create(user=user, pool=edition, kind=Round.Kind.PRACTICE)
    pool = Pool.model_validate(edition.content)
    right_one = pool.category_by_key[exemplar.category]
    other = next(
        category
        for category in pool.categories
        if category.key not in (right_one.key, right_one.opposite)
    )
    options = [right_one.key, right_one.opposite, other.key, other.opposite]
    return Case.objects.create(
        round=a_round, position=1, exemplar_key=exemplar.key, options=sorted(options)
    )


def secrets_of(exemplar: Exemplar, pool: Pool) -> list[str]:
    category = pool.category_by_key[exemplar.category]
    return [exemplar.key, exemplar.why, category.about, category.do, "data-ring"]


def test_before_the_answer_no_page_says_it(cast, edition, shipped, sign_in):
    client = sign_in(cast.ana)
    for exemplar in Random(5).sample(list(shipped.for_practice()), 48):
        case = case_of(cast.ana, edition, exemplar)
        reply = client.get(reverse("courses:case", args=[case.key]))
        page = reply.content.decode()
        for secret in secrets_of(exemplar, shipped):
            assert secret not in page, exemplar.key
        # The right option is named as often as every other one.
        counts = {key: len(re.findall(rf'"{key}"', page)) for key in case.options}
        assert set(counts.values()) == {1}
        assert not {"ETag", "Last-Modified"} & set(reply.headers)


def test_what_moves_says_no_more_than_its_picture(cast, edition, shipped, sign_in):
    client = sign_in(cast.ana)
    moving = [exemplar for exemplar in shipped.for_practice() if exemplar.timeline]
    for exemplar in Random(6).sample(moving, 4):
        case = case_of(cast.ana, edition, exemplar)
        reply = client.get(reverse("courses:case-motion", args=[case.key]))
        motion = reply.content.decode()
        still = client.get(reverse("courses:case-still", args=[case.key, 1])).content.decode()
        category = shipped.category_by_key[exemplar.category]
        for told in (exemplar.key, exemplar.category, category.name, exemplar.why):
            assert told not in motion and told not in still
        assert client.get(reverse("courses:case-still", args=[case.key, 99])).status_code == 404


def test_two_cases_of_one_exemplar_share_no_address_and_no_id(cast, edition, shipped, sign_in):
    client = sign_in(cast.ana)
    exemplar = next(shipped.for_practice())
    pages = []
    for _ in range(2):
        case = case_of(cast.ana, edition, exemplar)
        pages.append(client.get(reverse("courses:case", args=[case.key])).content.decode())
    ids = [set(re.findall(r'id="(c[0-9a-f]{8}[^"]*)"', page)) for page in pages]
    assert ids[0] and not ids[0] & ids[1]


def test_one_s_own_data_tell_nothing_of_a_check_that_goes_on(cast, edition, shipped):
    check = begin_round(cast.ana, Round.Kind.MASTERY, timezone.now(), rng=Random(1))
    first = cases_of(check)[0]
    judge_case(first, right(first), timezone.now())
    copy = "".join(as_json(collect(cast.ana), timezone.now()))
    for exemplar in shipped.of_form(check.form):
        assert exemplar.key not in copy
    assert '"is_signal"' not in copy and '"what_you_saw_in_cases"' in copy


def test_sealed_drawings_are_in_no_round_but_their_own(cast, edition, shipped):
    sealed = {exemplar.key for exemplar in shipped.exemplars if exemplar.form}
    for seed in range(6):
        a_round = begin_round(cast.ana, Round.Kind.PRACTICE, timezone.now(), rng=Random(seed))
        assert not sealed & {case.exemplar_key for case in cases_of(a_round)}
    for kind in (Round.Kind.BEFORE, Round.Kind.AFTER, Round.Kind.DAY_30, Round.Kind.DAY_90):
        a_round = begin_round(cast.ana, kind, timezone.now(), rng=Random(1))
        keys = {case.exemplar_key for case in cases_of(a_round)}
        assert keys == {exemplar.key for exemplar in shipped.of_form(a_round.form)}
        signals = [key for key in keys if shipped.is_signal(shipped.exemplar_by_key[key])]
        assert (len(keys), len(signals)) == (20, 10)
    check = begin_round(cast.ana, Round.Kind.MASTERY, timezone.now(), rng=Random(1))
    assert len(cases_of(check)) == 40
