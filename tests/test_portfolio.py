"""My practice: what a learner wrote, means to do and can show, for the learner alone."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.authoring.courses import read_courses
from courses.learning.activity_forms import page_name
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import ActivityAnswer, Enrolment, PlanOutcome
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from courses.portfolio.pdf import (
    CHANGED,
    CODE,
    LEARNT,
    NATURE,
    THEMES,
    AccountFacts,
    Passage,
    account_pdf,
)
from courses.portfolio.signs import URGENT_FIRST, ladder_of, sign_drawn, signs_of
from tests.conftest import SHIPPED, learn, wrong_answer
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
    assert len(queries(ana, PAGE)) <= 10


def test_signs_are_the_tables_of_the_courses(ana):
    page = text_of(ana, "/practice/signs/")
    assert page.index("A whale") < page.index("A seed"), "the most urgent first"
    assert "R4: Call" in page, "the rung in the words of the ladder"
    assert "R4 Call somebody" in page


def test_signs_can_be_chosen_by_rung_and_by_words(ana):
    assert "A seed" not in text_of(ana, "/practice/signs/?rung=r4")
    assert "A whale" not in text_of(ana, "/practice/signs/?q=water")
    assert "A whale" in text_of(ana, "/practice/signs/?rung=r99&q=whales")
    assert "No sign has these words" in text_of(ana, "/practice/signs/?q=xylophone")


def test_every_table_of_signs_of_the_shipped_courses_is_read():
    courses, _ = read_courses(SHIPPED)
    signs = []
    for course in courses:
        signs += signs_of(course)
    ladder = ladder_of(courses)
    assert len(signs) >= 40
    assert len({sign.key for sign in signs}) == len(signs)
    for sign in signs:
        assert sign.sources, sign.seen
        assert set(sign.rungs) <= {*ladder, "Ordinary"}, sign.seen
    assert {sign.rung for sign in signs} == set(URGENT_FIRST)
    urgent = [sign.seen for sign in signs if "R3 now" in sign.rungs]
    assert any("Blue, grey, very pale" in seen for seen in urgent)


def test_a_scene_is_a_sign_once_its_answer_was_opened(cast, ana):
    enrolment = Enrolment.objects.get(user=cast.ana)
    course = content_of(enrolment.edition_id)
    lesson = course.lesson(LAST)
    block = next(
        step.activity("at-the-baby") for step in lesson.steps if step.activity("at-the-baby")
    )
    sign = sign_drawn(course, course.scene(block.scene))
    address = reverse("courses:sign-drawing", args=[sign.key])
    assert ana.get(address).status_code == 404
    assert sign.may_mean not in text_of(ana, "/practice/signs/")
    answer_activity(enrolment, LAST, "at-the-baby", "He looks away", timezone.now())
    page = text_of(ana, "/practice/signs/")
    assert sign.may_mean in page
    assert f'src="{address}"' in page
    drawn = ana.get(address)
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")


@pytest.mark.parametrize("tries", [1, 2])
def test_a_check_answered_wrongly_opens_its_sign_with_the_second_try(cast, ana, tries):
    enrolment = Enrolment.objects.get(user=cast.ana)
    course = content_of(enrolment.edition_id)
    lesson = course.lesson(LAST)
    block = next(
        step.activity("what-is-there") for step in lesson.steps if step.activity("what-is-there")
    )
    wrong = wrong_answer(block.item)
    ActivityAnswer.objects.create(
        enrolment=enrolment,
        lesson_key=LAST,
        activity_key="what-is-there",
        answer=wrong,
        tries=tries,
    )
    is_shown = course.scene(block.scene).seen.may_mean in text_of(ana, "/practice/signs/")
    assert is_shown is (tries == 2)


def test_the_glossary_has_every_term(ana):
    page = text_of(ana, "/practice/glossary/")
    assert 'id="smallness"' in page
    assert "Being small" in page
    assert "No word has this" in text_of(ana, "/practice/glossary/?q=xylophone")


def test_looking_up_takes_as_many_queries_whatever_there_is(cast, ana, course):
    content_of(course.edition_id)
    assert len(queries(ana, "/practice/signs/")) <= 4
    assert len(queries(ana, "/practice/glossary/")) <= 3
    assert len(queries(ana, "/practice/account/")) <= 3


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def written(cast, ana):
    """Ana has a note, a ticked list and a plan that went well; what the form calls the three."""
    answer_step(ana, "writing", "one-thing", text="She turned away first.\n\nI waited & <saw>.")
    answer_step(ana, "writing", "own-words", text="Pauses are talk")
    ana.post(
        plan_of(cast.ana, sentence="own", own="Wait five seconds"),
        {"outcome": "changed", "words": "I sang instead"},
    )
    names = [page_name("first-things", key) for key in ("one-thing", "own-words")]
    return [f"tiny.{name}" for name in [*names, page_name(LAST, PLAN)]]


def test_chosen_notes_become_a_reflective_account(ana, written):
    response = ana.get("/practice/account/pdf/", {"note": [written[0], written[2]]})
    assert response["Content-Type"] == "application/pdf"
    words = words_of(response.content)
    for question in (NATURE, LEARNT, CHANGED, CODE, *THEMES):
        assert question in words
    for own in (
        "She turned away first.",
        "I waited & <saw>.",
        "Wait five seconds",
        "I sang instead",
    ):
        assert own in words
    assert "Pauses are talk" not in words
    assert "could identify a baby" in words


def test_the_account_is_the_same_as_text(ana, written):
    response = ana.get("/practice/account/text/", {"note": written})
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert text.index(NATURE) < text.index(LEARNT) < text.index("Pauses are talk")
    assert text.index(CHANGED) < text.index("I sang instead") < text.index(CODE)
    assert "self-directed online learning" in text


def test_nothing_is_written_in_the_learners_name(ana, written):
    text = ana.get("/practice/account/text/").content.decode()
    after_the_questions = text.partition(NATURE)[2]
    assert after_the_questions.count("_" * 60) == 4 * 4, "four questions, lines to write on"
    assert "CPD activity" not in after_the_questions.replace(NATURE, "")
    assert "Pauses" not in text


def test_the_account_is_of_ones_own_notes_alone(cast, sign_in, written):
    for other in (cast.ben, cast.tess, cast.mo):
        text = sign_in(other).get("/practice/account/text/", {"note": written}).content.decode()
        assert "She turned away" not in text


@pytest.mark.parametrize(
    "words",
    ["x" * 5000, "الطفل نظر بعيدا", "🙂 ŵyn 日本", "a\nb\n" * 400, "#set page(width: 1pt)", "²"],
    ids=["long", "arabic", "missing", "lines", "markup", "digit"],
)
def test_any_words_can_be_printed(words):
    passages = (Passage("Reflection", words),)
    facts = AccountFacts((), passages, (), date(2026, 3, 2), "Notice")
    document = account_pdf(facts)
    assert document == account_pdf(facts)
    assert PdfReader(io.BytesIO(document)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_sixty_notes_make_one_account(ana, cast):
    passages = tuple(Passage(f"Reflection {n}", "A few words. " * 60) for n in range(60))
    document = account_pdf(AccountFacts((), passages, (), date(2026, 3, 2), "Notice"))
    assert len(PdfReader(io.BytesIO(document)).pages) < 30
