"""The gain from pre-test to final quiz, for learners and trainers; and the item analysis."""

import csv
import io
import uuid
from fractions import Fraction
from math import isclose
from statistics import correlation

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.assessment import analysis
from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.analysis import Sums, figures
from courses.assessment.forms import Event
from courses.assessment.gain import OutcomeGain, Tally, bands, tally
from courses.assessment.items import right_answer
from courses.assessment.models import Attempt, ExtraAttempt, ItemScore
from courses.assessment.queries import analysis_of
from courses.authoring.publishing import publish
from courses.learning.actions import submit_attempt
from courses.library.content import Outcome
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort
from tests.conftest import learn, person, whole, wrong_answer

NAMES = Outcome(key="names-a-thing", text="Name a thing")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ((0, 1), (1, 1), "Learnt"),
        ((1, 1), (2, 2), "Known"),
        ((1, 1), (0, 2), "Review"),
        ((0, 1), (1, 2), "Review"),
        ((3, 4), (3, 4), "Known"),
        (None, (1, 1), "Known"),
        (None, (0, 1), "Review"),
    ],
)
def test_a_gain_in_words(before, after, words):
    first = Tally(Fraction(before[0]), before[1]) if before else None
    assert OutcomeGain(NAMES, first, Tally(Fraction(after[0]), after[1])).words == words


def test_marks_are_tallied_by_outcome():
    found = tally([("a", Fraction(1)), ("b", Fraction(1, 3)), ("a", Fraction(0))])
    assert found == {"a": Tally(Fraction(1), 2), "b": Tally(Fraction(1, 3), 1)}


@given(st.lists(st.integers(-100, 100), max_size=60))
def test_every_change_is_in_exactly_one_band(changes):
    assert sum(learners for _, learners in bands(changes)) == len(changes)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=10, max_size=40))
def test_discrimination_is_pearsons_r(pairs):
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    sums = Sums(
        len(xs),
        sum(xs),
        sum(ys),
        *(sum(a * b for a, b in zip(p, q, strict=True)) for p, q in ((xs, xs), (ys, ys), (xs, ys))),
        people=len(xs),
    )
    found = analysis.correlation(sums)
    spread = min(max(xs) - min(xs), max(ys) - min(ys))
    if spread > 0.05:
        assert found is not None
        assert isclose(found, correlation(xs, ys), abs_tol=1e-6)
    if spread == 0:
        assert found is None


def test_below_ten_people_nothing_is_said_however_often_they_answered():
    few = figures(Sums(30, 9, 9, 9, 9, 9, people=9), {"a": 9})
    assert (few.people, few.facility, few.discrimination, few.options, few.flags) == (
        9,
        None,
        None,
        {},
        (),
    )


@pytest.mark.parametrize(
    ("sums", "critical", "flag"),
    [
        (Sums(10, 2, 5, 2, 3, 1, people=10), False, "Fewer than three in ten"),
        (Sums(10, 10, 5, 10, 3, 5, people=10), False, "Nearly everybody"),
        (Sums(10, 5, 5, 5, 3, 1.5, people=10), False, "does worse here"),
        (Sums(10, 5, 5, 5, 3, 2.55, people=10), False, "tells little apart"),
    ],
)
def test_what_is_flagged(sums, critical, flag):
    assert any(flag in one for one in figures(sums, {}, critical=critical).flags)


def test_a_safety_item_everybody_knows_is_no_fault():
    assert figures(Sums(10, 10, 5, 10, 3, 5, people=10), {}, critical=True).flags == ()


# ---- with rows


@pytest.fixture
def tested(tiny_content, db) -> Course:
    """The tiny course with a pre-test on the items of its final quiz, which asks for certainty."""
    tiny = tiny_content[0]
    final = tiny.quizzes[0].model_copy(update={"certainty": True})
    pretest = final.model_copy(
        update={"key": "pretest", "title": "Before you start", "kind": "pretest", "attempts": 1}
    )
    items = [
        one.model_copy(
            update={"use": (*one.use, "pretest"), "critical": one.key.startswith("grows")}
        )
        for one in tiny.items
    ]
    publish(
        [tiny.model_copy(update={"quizzes": (pretest, final), "items": tuple(items)})],
        timezone.now(),
    )
    return Course.objects.get(key="tiny")


def take(user, course, quiz_key, *, right, certainty=None):
    now, edition = timezone.now(), content_of(course.edition_id)
    attempt = open_attempt(user, course.pk, course.edition_id, edition.quiz(quiz_key), now)
    for number in range(1, len(attempt.items) + 1):
        item = drawn_item(attempt, number)
        answer = right_answer(item) if right else wrong_answer(item)
        save_response(user, attempt.key, item.key, answer, Event(uuid.uuid4(), 1, certainty), now)
    return submit_attempt(user, attempt.key, now)


def test_the_pretest_is_a_starting_point_and_completes_nothing(cast, tested, sign_in):
    learn(cast.ben, tested)
    taken, ben = take(cast.ben, tested, "pretest", right=True), sign_in(cast.ben)
    page = ben.get(reverse("courses:result", args=[taken.key])).content.decode()
    assert "Your starting point. You know all of this already" in page
    assert "Passed" not in page
    assert (
        "completed"
        not in ben.get(reverse("courses:course", args=["tiny"]))
        .content.decode()
        .split("What is in it")[0]
    )


def test_the_learner_reads_what_is_new(cast, tested, sign_in):
    learn(cast.ben, tested)
    take(cast.ben, tested, "pretest", right=False)
    final = take(cast.ben, tested, "final", right=True)
    page = sign_in(cast.ben).get(reverse("courses:result", args=[final.key])).content.decode()
    assert "What you have learnt since you started" in page
    assert '<dd class="nhsuk-summary-list__value">Learnt</dd>' in page


def test_sure_and_wrong_comes_first(cast, tested, sign_in):
    learn(cast.ben, tested)
    final = take(cast.ben, tested, "final", right=False, certainty=3)
    page = sign_in(cast.ben).get(reverse("courses:result", args=[final.key])).content.decode()
    safety, sure = page.index("About safety"), page.index("You were sure about these.")
    assert safety < sure
    assert page.count("you were very sure") == 3
    assert "and no names" in page


@pytest.mark.parametrize("sure", [None, 1, 2])
def test_not_sure_and_wrong_is_no_flag(cast, tested, sign_in, sure):
    learn(cast.ben, tested)
    final = take(cast.ben, tested, "final", right=False, certainty=sure)
    assert (
        "You were sure about these."
        not in sign_in(cast.ben).get(reverse("courses:result", args=[final.key])).content.decode()
    )


@pytest.fixture
def group(cast, tested):
    """Twelve learners in Tess's cohort: before all wrong, after ten right and two surely wrong."""
    people = [person(f"Learner{n}") for n in range(12)]
    for n, one in enumerate(people):
        join_cohort(one, cast.cohort, timezone.now())
        learn(one, tested)
        take(one, tested, "pretest", right=False)
        take(one, tested, "final", right=n < 10, certainty=3)
    return people


def test_the_trainer_sees_a_distribution_without_names(cast, tested, group, sign_in):
    page = (
        sign_in(cast.tess)
        .get(reverse("courses:cohort-gain", args=[cast.cohort.key, "tiny"]))
        .content.decode()
    )
    assert "12 of 13" in page
    assert "n = 12" in page
    assert "More than 40 points more" in page
    assert not [one.name for one in group if one.name in page]
    safety = page.split("sure and wrong on a safety item")[1].split("</dd>")[0]
    assert "2 " in safety


def test_below_ten_the_trainer_is_told_why_there_is_nothing(cast, tested, sign_in):
    page = (
        sign_in(cast.tess)
        .get(reverse("courses:cohort-gain", args=[cast.cohort.key, "tiny"]))
        .content.decode()
    )
    assert "Not enough yet" in page


def test_how_items_do(cast, tested, group):
    found = {
        one.item.key: one.figures for one in analysis_of(tested.pk, content_of(tested.edition_id))
    }
    assert sum(one.n for one in found.values()) == 12 * 2 * 3
    for key, one in found.items():
        item = content_of(tested.edition_id).item(key)
        right = [option.key for option in item.options if option.correct]
        assert one.people <= one.n
        if one.people >= 10:
            assert 0 < one.facility < 1
            assert one.discrimination > 0.5
            assert one.options[right[0]] <= one.n


def test_each_sees_the_answers_of_their_own_learners(cast, tested, group, sign_in):
    url = reverse("courses:item-analysis", args=["tiny"])
    assert "72 marked answers" in sign_in(cast.tess).get(url).content.decode()
    assert "72 marked answers" in sign_in(cast.sam).get(url).content.decode()
    other = sign_in(cast.olga).get(url).content.decode()
    assert "0 marked answers" in other
    assert "Nobody has handed in" in other


def test_who_leads_a_cohort_of_nobody_is_not_told_the_key(cast, tested, group, sign_in):
    for n in range(
        8
    ):  # of twenty people who each met one of two items, ten or more met the same one
        one = person(f"Another{n}")
        join_cohort(one, cast.cohort, timezone.now())
        learn(one, tested)
        take(one, tested, "final", right=True)
    url = reverse("courses:item-analysis-csv", args=["tiny"])
    exported = {
        name: list(rows_of(sign_in(getattr(cast, name)).get(url))) for name in ("tess", "olga")
    }
    assert {row["Right"] for row in exported["tess"]} == {"yes", ""}
    assert {row["Right"] for row in exported["olga"]} == {""}


def rows_of(response):
    return csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))


def test_the_file_has_a_row_an_option(cast, tested, group, sign_in):
    lines = (
        sign_in(cast.tess)
        .get(reverse("courses:item-analysis-csv", args=["tiny"]))
        .content.decode("utf-8-sig")
        .split("\r\n")
    )
    options = sum(len(item.answers) + 1 for item in content_of(tested.edition_id).items)
    assert len(lines) == options + 2  # the header, and the end


def test_one_learner_with_ten_attempts_does_not_show_as_ten(cast, course, tiny_content, sign_in):
    """Figures of fewer than ten would speak of people.

    Neither a figure, nor a flag, nor the key is on the page or in the file.
    """
    publish([whole(tiny_content[0])], timezone.now())  # its quiz asks every item each time
    course.refresh_from_db()
    learn(cast.ana, course)
    learn(cast.ben, course)
    for number in range(10):
        ExtraAttempt.objects.create(
            user=cast.ana, course=course, quiz_key="final", reason="Again", granted_by=cast.tess
        )
        take(cast.ana, course, "final", right=bool(number % 2))
    take(cast.ben, course, "final", right=True)
    edition = content_of(course.edition_id)
    figures_of = {one.item.key: one.figures for one in analysis_of(course.pk, edition)}
    assert max(one.n for one in figures_of.values()) == 11
    assert all(
        one.facility is None and not one.flags and not one.options for one in figures_of.values()
    )
    for name in ("tess", "sam"):
        client = sign_in(getattr(cast, name))
        page = client.get(reverse("courses:item-analysis", args=["tiny"])).content.decode()
        assert page.count("Too few") == 2 * len(edition.items)
        rows = list(rows_of(client.get(reverse("courses:item-analysis-csv", args=["tiny"]))))
        for column in ("Facility", "Discrimination", "To look at", "Right", "Chosen, or put right"):
            assert {row[column] for row in rows} == {""}, column
        assert max(int(row["People"]) for row in rows) <= 2


def test_the_share_of_an_outcome_counts_people_too(cast, tested, group, sign_in):
    """Twelve have both, and an outcome that fewer than ten of them met says nothing."""
    url = reverse("courses:cohort-gain", args=[cast.cohort.key, "tiny"])
    edition = content_of(tested.edition_id)
    outcome = edition.outcomes[0]
    asked = [item.key for item in edition.items if item.outcome == outcome.key]
    few = Attempt.objects.filter(quiz_key="final", user__in=group[:5])
    ItemScore.objects.filter(item_key__in=asked, attempt__in=few).delete()
    assert ItemScore.objects.filter(item_key__in=asked, attempt__quiz_key="final").exists()
    page = sign_in(cast.tess).get(url).content.decode()
    row = page.split(f">{outcome.text}</th>")[1].split("</tr>")[0]
    assert "Too few people" in row
