"""Searching lessons, signs, the glossary and one's own notes, by the database's own text search."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.learning.actions import enrol
from courses.learning.lesson_actions import answer_activity, begin_lesson
from courses.learning.models import Enrolment
from courses.library.models import Course, Edition
from courses.library.queries import content_of
from courses.portfolio.actions import index_editions, rebuild_index
from courses.portfolio.models import SearchEntry
from courses.portfolio.results import search
from courses.portfolio.words import excerpt, marked_html, matches, words_in
from tests.conftest import learn, right_answer
from tests.crawling import MARK, answer_step, marked, through
from tests.test_queries import queries

PAGE = "/practice/search/"
ALL_BUT_LETTERS = "".join(chr(code) for code in range(1, 256) if not chr(code).isalnum())


def text_of(client, typed: str) -> str:
    response = client.get(PAGE, {"q": typed})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def ana(cast, course, sign_in):
    through(cast.ana, course)
    return sign_in(cast.ana)


def test_it_works(cast, ana):
    answer_step(ana, "writing", "one-thing", text="A whale of a morning")
    results = search(cast.ana, "whale")
    assert [row.title for row in results.signs] == ["A whale"]
    assert len(results.notes) == 1
    page = text_of(ana, "whale")
    assert "A <mark>whale</mark> of a morning" in page
    assert reverse("courses:signs") + "?q=whale#" in page


def test_a_step_is_found_by_its_title_and_its_words(cast, ana, course):
    lesson = content_of(course.edition_id).lessons[0]
    results = search(cast.ana, lesson.steps[0].title)
    assert results.steps[0].url == reverse(
        "courses:step", args=["tiny", lesson.key, lesson.steps[0].key]
    )


def test_by_the_title_of_a_lesson_its_first_step_is_found(course):
    lesson = content_of(course.edition_id).lessons[0]
    named = SearchEntry.objects.filter(kind="step", body__startswith=lesson.title)
    assert [entry.key for entry in named] == [f"{lesson.key}/{lesson.steps[0].key}"]


def test_another_ending_is_found_and_marked(cast, ana):
    entry = SearchEntry.objects.filter(kind="step").first()
    SearchEntry.objects.filter(pk=entry.pk).update(body="The mother was soothing her babies")
    for typed in ("soothed", "soothe", "baby", "babies sooth", "sooth"):
        assert search(cast.ana, typed).steps, typed
    assert "<mark>soothing</mark>" in search(cast.ana, "soothed").steps[0].excerpt


def test_the_glossary_is_found(cast, ana):
    results = search(cast.ana, "smallness")
    assert [row.title for row in results.terms] == ["smallness"]
    assert results.terms[0].url == reverse("courses:glossary") + "#smallness"


def test_every_word_must_be_there(cast, ana):
    assert search(cast.ana, "smallness").count
    assert not search(cast.ana, "smallness xylophone").count


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "a",
        "'",
        '"',
        '"seed',
        "seed OR",
        "NEAR(seed whale)",
        "title:seed",
        "seed*",
        "-seed",
        "^seed",
        "seed AND NOT",
        "{title} : seed",
        "seed' | 'x':*",
        "a\x00b seed",
        "\x00",
        "<script>alert(1)</script>",
        "%27%22",
        "🙂",
        "ŵyn ŷ ï",
        "الطفل",
        "seed " * 1000,
        "x" * 5000,
        "²³ ½",
        "\ue000seed\ue001",
        ALL_BUT_LETTERS,
        "now and the",
    ],
)
def test_nothing_typed_is_a_500(ana, typed):
    for path in (PAGE, "/practice/signs/", "/practice/glossary/"):
        response = ana.get(path, {"q": typed})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content
        assert b"\x00" not in response.content


def test_what_is_found_is_escaped(cast, ana):
    answer_step(ana, "writing", "one-thing", text="<img src=x> whale & <b>calf</b>")
    page = text_of(ana, "whale")
    assert "&lt;img src=x&gt; <mark>whale</mark> &amp; &lt;b&gt;calf&lt;/b&gt;" in page
    SearchEntry.objects.filter(kind="sign").update(body="a <b>whale</b> & more")
    page = text_of(ana, "whale")
    assert "<b>" not in page
    assert "<mark>whale</mark>" in page.partition("a ")[2]
    assert "&amp; more" in page


def test_nobody_finds_another_ones_notes(cast, ana, sign_in):
    answer_step(ana, "writing", "one-thing", text="Quokka in the garden")
    assert "Quokka" in text_of(ana, "quokka")
    for other in (cast.ben, cast.tess, cast.mo, cast.sam, cast.rhea):
        assert "in the garden" not in text_of(sign_in(other), "quokka")


def test_a_step_ahead_shows_its_title_alone(cast, course, sign_in):
    lesson = content_of(course.edition_id).lessons[0]
    begin_lesson(enrol(cast.ben, course, timezone.now()), lesson, timezone.now())
    ahead = search(cast.ben, lesson.steps[-1].title).ahead[0]
    assert ahead.excerpt == ""
    assert ahead.url == "/courses/tiny/"
    assert "not come to yet" in text_of(sign_in(cast.ben), lesson.steps[-1].title)


def test_what_teaches_after_an_answer_is_found_once_it_was_opened(cast, ana, course):
    enrolment = Enrolment.objects.get(user=cast.ana)
    lesson = content_of(course.edition_id).lessons[0]
    entry = SearchEntry.objects.get(kind="after", key__startswith=f"{lesson.key}/")
    step = lesson.steps[(lesson.position(entry.key.partition("/")[2]) or 1) - 1]
    step_with_check = next(step for step in lesson.steps if step.activity("which-grows"))
    key = f"{lesson.key}/{step_with_check.key}"
    SearchEntry.objects.create(
        edition=course.edition,
        kind="after",
        key=key,
        title="After",
        body="The xylophone explains it",
        version=1,
    )
    assert step
    assert not search(cast.ana, "xylophone").count
    for block in step_with_check.blocks:
        if block.item:
            answer = right_answer(block.item)
            answer_activity(enrolment, lesson.key, block.key, answer, timezone.now())
    assert "xylophone" in search(cast.ana, "xylophone").steps[0].excerpt


def test_no_text_of_the_index_tells_an_answer(course):
    """Every private field of the tiny course has the marker."""
    assert SearchEntry.objects.count() > 8
    assert not SearchEntry.objects.filter(body__contains=MARK).exists()
    assert not SearchEntry.objects.filter(title__contains=MARK).exists()


def test_signs_tell_no_answer_of_a_scene_before_it_was_opened(cast, ana, course):
    page = {"signs": ana.get("/practice/signs/").content.decode()}
    assert marked(page) == []


def test_publishing_indexes_and_twice_is_once(course, tiny_content):
    rows = list(SearchEntry.objects.values_list())
    assert rows
    publish(tiny_content, timezone.now())
    assert index_editions() == 0
    assert list(SearchEntry.objects.values_list()) == rows


def test_a_rebuild_finds_the_same(cast, ana):
    fields = ("edition", "kind", "key", "title", "body")
    before = list(SearchEntry.objects.values_list(*fields))
    for _ in range(2):
        assert rebuild_index() == Edition.objects.count()
        assert list(SearchEntry.objects.values_list(*fields)) == before
        assert len(search(cast.ana, "whale").signs) == 1
    call_command("rebuild_search")


def test_an_edition_of_an_older_release_is_indexed_when_publishing_runs(course, tiny_content):
    SearchEntry.objects.all().delete()
    publish(tiny_content, timezone.now())
    assert SearchEntry.objects.filter(edition=course.edition).exists()


def test_rows_of_another_version_are_made_anew(course):
    SearchEntry.objects.update(version=0, body="Old")
    assert index_editions() == 1
    assert not SearchEntry.objects.filter(body="Old").exists()


def test_an_edition_that_cannot_be_read_stops_nothing(course, caplog):
    content = {**course.edition.content, "items": [{"kind": "hologram", "key": "x", "stem": ""}]}
    Edition.objects.bulk_create(
        [
            Edition(
                course=course,
                number=9,
                digest="x",
                content=content,
                published_at=timezone.now(),
            )
        ]
    )
    assert index_editions() == 0
    assert "edition not searchable" in caplog.text


def test_each_finds_the_edition_they_learn(cast, ana, course, tiny_content):
    tiny = tiny_content[0]
    first = tiny.lessons[0]
    step = first.steps[0].model_copy(update={"title": "Marsupials of the morning"})
    lesson = first.model_copy(update={"steps": (step, *first.steps[1:])})
    publish([tiny.model_copy(update={"lessons": (lesson, *tiny.lessons[1:])})], timezone.now())
    assert not search(cast.ana, "marsupials").count, "she stays on the edition she began with"
    learn(cast.ben, Course.objects.get(key="tiny"))
    assert search(cast.ben, "marsupials").steps


def test_a_retired_course_is_found_by_its_learners_alone(cast, ana, course):
    Course.objects.update(retired_at=timezone.now())
    assert search(cast.ana, "opening").steps
    assert not search(cast.mo, "opening").count
    assert not search(cast.ana, "whale").signs


def test_it_takes_three_queries(cast, ana, course):
    content_of(course.edition_id)
    ana.get(PAGE, {"q": "seed"})
    counted = [sql for sql in queries(ana, f"{PAGE}?q=seed") if "auth" not in sql]
    own = [sql for sql in counted if "courses_searchentry" in sql]
    assert len(own) == 1
    session_and_user = 2
    assert len(counted) <= 3 + session_and_user
    assert len(queries(ana, f"{PAGE}?q=")) <= session_and_user


def test_the_index_is_used(cast, ana):
    if connection.vendor == "sqlite":
        pytest.skip("a virtual table is always its own index")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM courses_searchentry entry WHERE "
            "(setweight(to_tsvector('english', title), 'A') "
            "|| setweight(to_tsvector('english', body), 'B')) @@ to_tsquery('english', 'seed')"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "courses_searchtext" in plan


def test_words_are_taken_from_what_was_typed():
    assert words_in("The baby's R3 now, 38 °C!") == ["baby", "r3", "now", "38"]
    assert words_in("x" * 300) == ["x" * 40]
    assert len(words_in(" ".join(f"word{n}" for n in range(50)))) == 8
    assert words_in("seed seed") == ["seed"]


def test_an_excerpt_shows_the_words_where_they_stand():
    text = "Nothing here. " * 40 + "At last a whale." + " More of it." * 40
    shown = excerpt(text, ["whale"])
    assert "<mark>whale</mark>" in shown
    assert len(shown) < 260
    assert shown.startswith("… ")
    assert excerpt("Short", []) == "Short"
    assert matches("Crying babies", ["cry", "baby"])
    assert marked_html("<b>") == "&lt;b&gt;"
