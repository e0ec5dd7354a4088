"""My practice: what a learner wrote, means to do and can show, for the learner alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.learning.activity_forms import page_name
from courses.learning.models import ActivityAnswer, Enrolment, PlanOutcome
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import learn
from tests.crawling import answer_step, through
from tests.test_queries import queries

PAGE = "/practice/"
LAST = "last-things"
PLAN = "one-sentence"


def plan_of(user: User, days: int = -1, **fields: str) -> str:
    """Ana's plan for a day so many from today; the address that keeps how it went."""
    enrolment = Enrolment.objects.get(user=user)
    on = timezone.localdate() + timedelta(days=days)
    answer = {"sentence": "0", "own": "", "on": on.isoformat(), **fields}
    ActivityAnswer.objects.update_or_create(
        enrolment=enrolment,
        lesson_key=LAST,
        activity_key=PLAN,
        defaults={"answer": answer},
    )
    return reverse("courses:record-plan-outcome", args=["tiny", page_name(LAST, PLAN)])


def text_of(client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def ana(cast, course, sign_in):
    """Ana's browser; she has reached every step and written nothing."""
    through(cast.ana, course)
    return sign_in(cast.ana)


def test_it_works(cast, ana):
    answer_step(ana, "writing", "one-thing", text="She turned away first")
    answer_step(ana, "writing", "own-words", text="Pauses are talk")
    answer_step(ana, "writing", "tomorrow", point=["0"])
    plan_of(cast.ana, own="Wait five seconds", sentence="own")
    page = text_of(ana)
    for words in ("She turned away first", "Pauses are talk", "Wait five seconds"):
        assert words in page
    tiny = content_of(Enrolment.objects.get(user=cast.ana).edition_id)
    assert tiny.lessons[0].steps[2].key == "writing"
    step = reverse("courses:step", args=["tiny", "first-things", "writing"])
    assert f'href="{step}#{page_name("first-things", "one-thing")}"' in page


def test_it_stands_in_the_navigation(ana):
    assert f'<a href="{PAGE}">My practice</a>' in text_of(ana, "/")
    assert f'<a href="{PAGE}" aria-current="page">My practice</a>' in text_of(ana)


def test_somebody_new_finds_what_will_be_there(cast, sign_in):
    page = text_of(sign_in(cast.mo))
    assert "What you write and tick in lessons is kept here" in page
    assert "See the courses" in page


def test_an_answer_to_a_check_is_no_note(cast, ana):
    learn(cast.ana, Course.objects.get(key="tiny"))
    item = content_of(Enrolment.objects.get(user=cast.ana).edition_id).lessons[0].steps[0]
    key = item.activity("which-grows").item.options[0].key
    answer_step(ana, "opening", "which-grows", option=key)
    assert 'class="note"' not in text_of(ana)


def test_a_note_whose_place_is_gone_is_kept(cast, ana):
    ActivityAnswer.objects.create(
        enrolment=Enrolment.objects.get(user=cast.ana),
        lesson_key="first-things",
        activity_key="taken-out",
        answer="Written long ago",
    )
    page = text_of(ana)
    assert "Written long ago" in page
    assert "no longer in the course" in page


@pytest.mark.parametrize("answer", [7, {"on": 3}, {"sentence": "99"}, ["9"], "", [{}]])
def test_an_answer_of_another_kind_breaks_nothing(cast, ana, answer):
    for lesson, activity in (("first-things", "tomorrow"), (LAST, PLAN)):
        ActivityAnswer.objects.create(
            enrolment=Enrolment.objects.get(user=cast.ana),
            lesson_key=lesson,
            activity_key=activity,
            answer=answer,
        )
    assert 'class="plan"' not in text_of(ana)


def test_a_plan_whose_day_has_come_asks_how_it_went(cast, ana):
    plan_of(cast.ana, days=0)
    assert "You meant to try this" in text_of(ana)


def test_a_plan_of_next_week_does_not_ask_yet(cast, ana):
    plan_of(cast.ana, days=7)
    page = text_of(ana)
    assert "You meant to try this" not in page
    assert 'class="plan"' in page


def test_how_it_went_is_kept(cast, ana):
    url = plan_of(cast.ana)
    response = ana.post(url, {"outcome": "done", "words": "She smiled\r\nat him"})
    assert response["Location"].startswith(PAGE)
    kept = PlanOutcome.objects.get()
    assert (kept.outcome, kept.words) == ("done", "She smiled\nat him")
    page = text_of(ana)
    assert "You meant to try this" not in page
    assert "I did it" in page


def test_not_yet_stays_open_and_can_be_changed(cast, ana):
    url = plan_of(cast.ana)
    ana.post(url, {"outcome": "not-yet", "words": ""})
    assert "You meant to try this" in text_of(ana)
    ana.post(url, {"outcome": "done", "words": ""})
    assert PlanOutcome.objects.get().outcome == "done"


def test_a_double_press_changes_nothing(cast, ana):
    url = plan_of(cast.ana)
    for _ in range(2):
        ana.post(url, {"outcome": "done", "words": "Well"})
    first = PlanOutcome.objects.values().get()
    ana.post(url, {"outcome": "done", "words": "Well"})
    assert PlanOutcome.objects.values().get() == first


def test_another_plan_in_its_place_is_asked_anew(cast, ana):
    ana.post(plan_of(cast.ana), {"outcome": "done", "words": ""})
    plan_of(cast.ana, sentence="own", own="Something new")
    page = text_of(ana)
    assert "You meant to try this" in page
    assert "I did it, " not in page


@pytest.mark.parametrize(
    "sent", [{}, {"outcome": "perhaps"}, {"outcome": "done", "words": "x" * 501}]
)
def test_what_is_refused_keeps_what_was_typed(cast, ana, sent):
    url = plan_of(cast.ana)
    sent = {"words": "My long words", **sent}
    response = ana.post(url, sent)
    assert response.status_code == 400
    page = response.content.decode()
    assert "There is a problem" in page
    assert sent["words"] in page
    assert not PlanOutcome.objects.exists()


def test_a_null_byte_and_ten_thousand_characters_are_no_500(cast, ana):
    url = plan_of(cast.ana)
    assert ana.post(url, {"outcome": "done\x00", "words": "x"}).status_code == 400
    assert ana.post(url, {"outcome": "done", "words": "x" * 10_000}).status_code == 400
    assert ana.post(url, {"outcome": "done", "words": "a\x00b"}).status_code == 302
    assert PlanOutcome.objects.get().words == "ab"


def test_words_sent_after_the_session_had_ended_wait(cast, ana, sign_in):
    url = plan_of(cast.ana)
    ana.get(PAGE)  # from here on the browser knows whose it is
    del ana.cookies["sessionid"]
    assert (
        "/account/login/" in ana.post(url, {"outcome": "done", "words": "Still here"})["Location"]
    )
    ana.force_login(cast.ana)
    page = text_of(ana)
    assert "You were signed out before this was saved" in page
    assert "Still here" in page


def test_only_its_owner_finds_a_plan(cast, ana, sign_in):
    url = plan_of(cast.ana)
    for other in (cast.ben, cast.tess, cast.mo, cast.sam):
        response = sign_in(other).post(url, {"outcome": "done", "words": ""})
        assert response.status_code == 404
    assert not PlanOutcome.objects.exists()
    assert ana.get(url).status_code == 405


@pytest.mark.parametrize("number", [1, 60])
def test_it_takes_as_many_queries_with_sixty_notes_as_with_one(cast, ana, number):
    enrolment = Enrolment.objects.get(user=cast.ana)
    rows = [
        ActivityAnswer(
            enrolment=enrolment,
            lesson_key="first-things",
            activity_key=f"note-{n}",
            answer=f"Note {n}",
        )
        for n in range(number)
    ]
    ActivityAnswer.objects.bulk_create(rows)
    content_of(enrolment.edition_id)
    assert len(queries(ana, PAGE)) <= 9
