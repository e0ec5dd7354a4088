"""Follow-ups on the pages: offered in their weeks, begun by a press, and counted once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.learning.models import Enrolment
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import Attempt, Round
from courses.practice.round_actions import begin_round
from courses.practice.round_queries import cases_of
from courses.recall.actions import judge_case
from courses.recall.then_and_now import then_and_now
from tests.conftest import answer_all, learn
from tests.pools import small_pool
from tests.published_pools import publish as publish_pool
from tests.test_recall import wrong
from tests.test_rounds import right

KEEP = reverse("courses:keep-it")


def with_reviews(course):
    """The course, with the quizzes of 30 and 90 days over the items of its final."""
    final = course.finals[0]
    changed = {"kind": "review", "attempts": 1, "draw": 2, "limit_minutes": None}
    reviews = [
        final.model_copy(update={"key": key, "title": f"What stays: {key}", **changed})
        for key in ("day-30", "day-90")
    ]
    keys = tuple(quiz.key for quiz in (*course.quizzes, *reviews))
    items = tuple(item.model_copy(update={"use": keys}) for item in course.items)
    return course.model_copy(update={"quizzes": (*course.quizzes, *reviews), "items": items})


@pytest.fixture
def ana(cast, tiny_content):
    publish_pool(small_pool(sealed=3))
    publish([with_reviews(tiny_content[0])], timezone.now())
    return cast.ana


def complete(user, days_ago: int) -> Enrolment:
    """A course that this person completed so many days ago."""
    enrolment = learn(user, Course.objects.get(key="tiny"))
    at = timezone.now() - timedelta(days=days_ago)
    Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=at)
    enrolment.refresh_from_db()
    return enrolment


def page_of(client) -> str:
    return client.get(KEEP).content.decode()


def begin(client, kind: str):
    return client.post(reverse("courses:begin-follow-up", args=[kind]), follow=True)


def begin_review(client, quiz: str):
    return client.post(reverse("courses:begin-review", args=["tiny", quiz]), follow=True)


def test_it_works(ana, sign_in):
    complete(ana, 31)
    client = sign_in(ana)
    home = client.get(reverse("courses:learning")).content.decode()
    assert "What stays after 30 days" in home and "Answer the questions" in home
    page = begin(client, "day-30").content.decode()
    assert "Case 1 of 24" in page
    check = Round.objects.get(user=ana, kind=Round.Kind.DAY_30)
    assert "Go on where you stopped" in page_of(client)
    for case in cases_of(check):
        judge_case(case, right(case), timezone.now())
    assert "Look now" not in page_of(client)
    begin(client, "day-30")
    assert Round.objects.filter(user=ana, form="day-30").count() == 1


@pytest.mark.parametrize(
    ("days", "kind"),
    [(1, "after"), (8, "booster"), (31, "day-30"), (95, "day-90"), (200, "upkeep")],
)
def test_each_is_begun_in_its_weeks_and_once(ana, sign_in, days, kind):
    complete(ana, days)
    client = sign_in(ana)
    begin(client, kind)
    page = begin(client, kind)
    assert "Case 1 of" in page.content.decode()
    assert Round.objects.filter(user=ana, kind=kind).count() == 1


def test_the_first_look_is_offered_before_the_first_lesson(ana, cast, sign_in):
    client = sign_in(cast.ben)
    assert "A first look" in page_of(client)
    assert "Case 1 of 24" in begin(client, "before").content.decode()
    learn(cast.ben, Course.objects.get(key="tiny"), lessons=1)
    assert "A first look" not in page_of(client)


@pytest.mark.parametrize("kind", ["day-90", "before", "upkeep"])
def test_what_is_not_offered_is_not_begun(ana, sign_in, kind):
    complete(ana, 31)
    page = begin(sign_in(ana), kind)
    assert "This is not open now" in page.content.decode()
    assert not Round.objects.filter(user=ana).exists()


@pytest.mark.parametrize("kind", ["practice", "mastery", "junk", "by-mail", "due"])
def test_what_is_no_follow_up_is_not_there(ana, sign_in, kind):
    complete(ana, 31)
    assert begin(sign_in(ana), kind).status_code == 404
    assert not Round.objects.filter(user=ana).exists()


def test_the_quiz_of_30_days_is_taken_once(ana, sign_in):
    complete(ana, 31)
    client = sign_in(ana)
    begin_review(client, "day-30")
    attempt = Attempt.objects.get(user=ana, quiz_key="day-30")
    assert "Go on with the questions" in page_of(client)
    answer_all(ana, attempt)
    client.post(reverse("courses:submit-attempt", args=[attempt.key]))
    page = client.get(reverse("courses:result", args=[attempt.key])).content.decode()
    assert "What stayed: 2 of 2" in page
    assert "Passed" not in page and "attempt 1" not in page
    assert "Back to “Keep it”" in page
    assert begin_review(client, "day-30").status_code == 404
    assert Attempt.objects.filter(user=ana, quiz_key="day-30").count() == 1


def test_a_wrong_answer_of_a_review_says_what_faded_and_offers_no_new_attempt(ana, sign_in):
    complete(ana, 31)
    client = sign_in(ana)
    begin_review(client, "day-30")
    attempt = Attempt.objects.get(user=ana, quiz_key="day-30")
    answer_all(ana, attempt, right=False)
    client.post(reverse("courses:submit-attempt", args=[attempt.key]))
    page = client.get(reverse("courses:result", args=[attempt.key])).content.decode()
    assert "What stayed: 0 of 2" in page and "What has faded is below" in page
    assert "Take the quiz again" not in page and "All attempts are taken" not in page


@pytest.mark.parametrize(
    ("days", "quiz"), [(29, "day-30"), (44, "day-30"), (31, "day-90"), (31, "final")]
)
def test_a_quiz_outside_its_weeks_is_not_begun(ana, sign_in, days, quiz):
    complete(ana, days)
    assert begin_review(sign_in(ana), quiz).status_code == 404
    assert not Attempt.objects.filter(user=ana, quiz_key=quiz, state="open").exists()


def test_nobody_begins_the_quiz_of_a_course_that_is_not_theirs(ana, cast, sign_in):
    complete(ana, 31)
    assert begin_review(sign_in(cast.ben), "day-30").status_code == 404


def test_the_page_of_such_a_quiz_leads_to_where_it_is_offered(ana, sign_in):
    complete(ana, 31)
    client = sign_in(ana)
    page = client.get(reverse("courses:quiz", args=["tiny", "day-30"]))
    assert page.url == KEEP
    opened = client.post(reverse("courses:open-attempt", args=["tiny", "day-30"]))
    assert opened.status_code == 404


def test_a_review_changes_neither_completion_nor_edition(ana, sign_in):
    enrolment = complete(ana, 31)
    client = sign_in(ana)
    begin_review(client, "day-30")
    attempt = Attempt.objects.get(user=ana, quiz_key="day-30")
    answer_all(ana, attempt, right=False)
    client.post(reverse("courses:submit-attempt", args=[attempt.key]))
    after = Enrolment.objects.get(pk=enrolment.pk)
    assert (after.completed_at, after.edition_id) == (enrolment.completed_at, enrolment.edition_id)
    assert content_of(after.edition_id).quiz("day-30")


def take(user, kind: str, answer=right) -> None:
    for case in cases_of(begin_round(user, kind, timezone.now())):
        judge_case(case, answer(case), timezone.now())


def test_then_and_now_shows_ones_own_checks_after_90_days(ana, cast, sign_in):
    take(ana, "before", wrong)
    address = reverse("courses:then-and-now")
    assert "side by side" in sign_in(ana).get(address).content.decode()
    take(ana, "day-90")
    page = sign_in(ana).get(address).content.decode()
    assert "First look, before the course" in page
    assert "12 of 12" in page and "24 cases" in page and "48 cases in all" in page
    other = sign_in(cast.ben).get(address).content.decode()
    assert "12 of 12" not in other


def test_then_and_now_adds_up_what_was_measured(ana):
    take(ana, "day-90", lambda case: replace(right(case), milliseconds=10_000))
    take(ana, "after")
    page = then_and_now(ana)
    assert (page.cases, page.minutes, page.is_whole) == (48, 4, True)
    assert [look.counts.total for look in page.looks] == [24, 24]
