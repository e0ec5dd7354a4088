import re
import shutil
from html import unescape

import pytest
from django.utils import timezone

from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, submit_attempt
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import Enrolment
from courses.library.models import Course, Edition
from courses.library.queries import content_of
from tests.conftest import TINY, answer_all, begin_quiz, learn, tried

COURSE = "/courses/tiny/"


def words(response) -> str:
    """What a reader of the page reads, without tags, in single spaces."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def text(response) -> str:
    return response.content.decode()


def retire(tiny_content) -> None:
    """Publishes another course instead of the tiny one."""
    publish(
        [tiny_content[0].model_copy(update={"key": "other", "title": "Other things"})],
        timezone.now(),
    )


def change(tiny_content, **fields: object) -> Edition:
    """Publishes a newer edition of the tiny course with these fields changed."""
    publish([tiny_content[0].model_copy(update=fields)], timezone.now())
    return Course.objects.get(key="tiny").edition


def test_it_works(client, course):
    page = client.get("/courses/")
    assert f'href="{COURSE}"' in text(page)
    for part in (
        "Tiny things",
        "A course for tests, small and whole.",
        "Whoever tests.",
        "2 lessons",
        "about 18 minutes",
        "Name a small thing",
    ):
        assert part in words(page)


def test_without_a_course_the_catalogue_says_what_to_do(client, db):
    page = client.get("/courses/")
    assert page.status_code == 200
    assert "No course is published yet" in words(page)


def test_the_catalogue_tells_no_answer(client, course):
    for path in ("/", "/courses/", COURSE, COURSE + "sources/"):
        assert "CANARY" not in text(client.get(path)), path


def test_a_visitor_sees_what_the_course_is_and_signs_in_to_start_it(client, course):
    page = client.get(COURSE)
    for part in (
        "Tiny things",
        "First things",
        "Last things",
        "final quiz",
        "Start this course",
    ):
        assert part in words(page)
    assert f"{COURSE}lessons/" not in text(page), "lessons open after starting"
    pressed = client.post(COURSE + "enrol/")
    assert pressed.url == "/account/signup/?next=%2Fcourses%2Ftiny%2F%3Fstart"
    assert not Enrolment.objects.exists()


def test_starting_opens_the_first_step_and_a_second_press_starts_nothing_more(
    cast, course, sign_in
):
    browser = sign_in(cast.ben)
    first = browser.post(COURSE + "enrol/", follow=True)
    assert first.redirect_chain[-1][0] == COURSE + "lessons/first-things/opening/"
    moment = Enrolment.objects.get().enrolled_at
    assert browser.post(COURSE + "enrol/").url == COURSE + "lessons/first-things/"
    row = Enrolment.objects.get()
    assert (row.user, row.edition_id, row.enrolled_at) == (cast.ben, course.edition_id, moment)


def test_starting_again_leads_to_the_lesson_that_is_next(cast, course, sign_in):
    learn(cast.ben, course, lessons=1)
    browser = sign_in(cast.ben)
    assert browser.post(COURSE + "enrol/").url == COURSE + "lessons/last-things/"
    learn(cast.ben, course)
    assert browser.post(COURSE + "enrol/").url == COURSE
    assert Enrolment.objects.count() == 1


def test_the_page_of_a_course_just_started_offers_its_first_lesson(cast, course, sign_in):
    enrol(cast.ben, course, timezone.now())
    page = sign_in(cast.ben).get(COURSE)
    assert "0 of 3 done" in words(page)
    assert words(page).count("Not started") == 2
    assert "Not passed yet" in words(page)
    assert "Start this course" not in words(page)
    assert f'href="{COURSE}lessons/first-things/"' in text(page)


def test_the_page_of_a_course_under_way_says_the_step_and_the_minutes_left(cast, course, sign_in):
    browser = sign_in(cast.ben)
    browser.post(COURSE + "enrol/")
    browser.post(COURSE + "lessons/first-things/begin/")
    browser.post(COURSE + "lessons/first-things/opening/finish/")
    said = words(browser.get(COURSE))
    assert "Step 2 of 3. About 7 minutes to go." in said
    assert "Carry on" in said
    assert "Step 2 of 3" in words(browser.get("/"))


def test_when_only_the_quiz_is_left_the_page_leads_there(cast, course, sign_in):
    learn(cast.ben, course)
    page = sign_in(cast.ben).get(COURSE)
    assert "2 of 3 done" in words(page)
    assert "It is all that is left" in words(page)
    assert f'href="{COURSE}quiz/final/"' in text(page)


def test_a_completed_course_says_when_and_offers_the_certificate(cast, course, sign_in):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    page = sign_in(cast.ben).get(COURSE)
    assert "You completed this course on" in words(page)
    assert f'href="{COURSE}certificate/"' in text(page)
    assert words(page).count("Done") == 2
    assert "Passed" in words(page)


def test_a_pass_with_a_lesson_left_is_no_completed_course(cast, course, sign_in):
    learn(cast.ben, course, lessons=1)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    page = sign_in(cast.ben).get(COURSE)
    assert "2 of 3 done" in words(page)
    assert "You completed this course" not in words(page)
    assert f"{COURSE}certificate/" not in text(page)


def test_one_learners_progress_is_not_on_anothers_page(cast, course, sign_in):
    learn(cast.ben, course)
    enrol(cast.ana, course, timezone.now())
    assert "0 of 3 done" in words(sign_in(cast.ana).get(COURSE))
    assert "Start this course" in words(sign_in(cast.tess).get(COURSE))


def test_the_sources_page_says_what_each_source_rests_on_and_where_it_is_used(client, course):
    page = client.get(COURSE + "sources/")
    rows = {
        found[1]: found[0] for found in re.finditer(r'<tr id="([^"]+)">.*?</tr>', text(page), re.S)
    }
    assert set(rows) == {"A1", "B1"}
    for part in (
        "Small things grow.",
        "Tiny A (2020)",
        "Read",
        "23 May 2027",
        "First things",
        "Quiz items",
    ):
        assert part in rows["B1"]
    assert "Last things" not in rows["B1"]
    assert "Last things" in rows["A1"]
    assert "Check again" not in rows["A1"]
    assert "Edition 1" in words(page)


def test_the_sources_page_is_of_the_newest_edition(client, course, tiny_content):
    change(tiny_content, title="Tiny things again")
    page = client.get(COURSE + "sources/")
    assert "Edition 2" in words(page)
    assert "Tiny things again" in words(page)


def test_a_source_read_only_elsewhere_is_named_so(client, db, tmp_path):
    root = tmp_path / "courses"
    shutil.copytree(TINY, root)
    path = root / "references.yaml"
    path.write_text(path.read_text().replace("    check_by: 2027-05-23", "    reported: true"))
    made, problems = read_courses(root)
    assert problems == []
    publish(made, timezone.now())
    assert words(client.get(COURSE + "sources/")).count("Reported by another body") == 1


@pytest.mark.parametrize("path", ["/courses/nothing/", "/courses/nothing/sources/"])
def test_a_course_that_is_not_there_is_not_there(client, course, path):
    assert client.get(path).status_code == 404


def test_a_course_that_is_not_there_cannot_be_started(cast, sign_in):
    assert sign_in(cast.ben).post("/courses/nothing/enrol/").status_code == 404


def test_a_retired_course_is_absent_for_everyone_else(cast, course, tiny_content, sign_in, client):
    retire(tiny_content)
    for browser in (client, sign_in(cast.olga)):
        assert "Other things" in words(browser.get("/courses/"))
        assert f'href="{COURSE}"' not in text(browser.get("/courses/"))
        assert browser.get(COURSE).status_code == 404
        assert browser.get(COURSE + "sources/").status_code == 404
    assert sign_in(cast.olga).post(COURSE + "enrol/").status_code == 404
    assert not Enrolment.objects.exists()


def test_a_retired_course_stays_open_to_its_learners_to_the_end(
    cast, course, tiny_content, sign_in
):
    learn(cast.ben, course, lessons=1)
    retire(tiny_content)
    browser = sign_in(cast.ben)
    assert "1 of 3 done" in words(browser.get(COURSE))
    assert f'href="{COURSE}lessons/last-things/"' in text(browser.get("/"))
    last = COURSE + "lessons/last-things/"
    browser.post(last + "begin/")
    browser.post(last + "ending/finish/")
    enrolment = Enrolment.objects.get(user=cast.ben)
    lesson = content_of(enrolment.edition_id).lesson("last-things")
    for key, wrong in tried(lesson).items():
        answer_activity(enrolment, lesson.key, key, wrong, timezone.now())
    assert browser.post(last + "leaving/finish/").url == last + "done/"
    assert browser.post(COURSE + "quiz/final/open/").status_code == 302
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    browser.post(f"/attempts/{attempt.key}/submit/")
    assert Enrolment.objects.get(user=cast.ben).completed_at
    assert browser.get(COURSE + "certificate/", follow=True).status_code == 200


def test_every_link_of_a_retired_course_still_works_for_its_learners(
    cast, course, tiny_content, sign_in
):
    browser = sign_in(cast.ben)
    browser.post(COURSE + "enrol/")
    browser.post(COURSE + "lessons/first-things/begin/")
    retire(tiny_content)
    for page in (COURSE, COURSE + "lessons/first-things/opening/"):
        for link in set(re.findall(r'href="(/courses/tiny/[^"#]*)', text(browser.get(page)))):
            assert browser.get(link).status_code in (200, 302), f"{link} on {page}"


def test_a_course_that_comes_back_is_listed_again(client, course, tiny_content):
    retire(tiny_content)
    publish(tiny_content, timezone.now())
    assert "Tiny things" in words(client.get("/courses/"))
    assert "Other things" not in words(client.get("/courses/"))
    assert Course.objects.get(key="tiny").edition_id == course.edition_id


def test_a_learner_keeps_the_edition_they_began_while_others_start_the_newer(
    cast, course, tiny_content, sign_in
):
    browser = sign_in(cast.ben)
    browser.post(COURSE + "enrol/")
    newer = change(
        tiny_content, title="Tiny things, second edition", lessons=tiny_content[0].lessons[:1]
    )
    assert "Tiny things, second edition" not in words(browser.get(COURSE))
    assert "0 of 3 done" in words(browser.get(COURSE))
    assert browser.get(COURSE + "lessons/last-things/").status_code == 200
    browser.post(COURSE + "enrol/")
    assert Enrolment.objects.get(user=cast.ben).edition_id == course.edition_id
    other = sign_in(cast.olga)
    assert "Tiny things, second edition" in words(other.get(COURSE))
    other.post(COURSE + "enrol/")
    assert Enrolment.objects.get(user=cast.olga).edition_id == newer.pk
    assert other.get(COURSE + "lessons/last-things/").status_code == 404
    assert "0 of 2 done" in words(other.get(COURSE))


def test_a_completed_course_stays_completed_when_a_lesson_is_added(
    cast, course, tiny_content, sign_in
):
    learn(cast.ben, course)
    attempt = begin_quiz(cast.ben, course)
    answer_all(cast.ben, attempt)
    submit_attempt(cast.ben, attempt.key, timezone.now())
    first = tiny_content[0].lessons[0].model_copy(update={"key": "one-more", "title": "One more"})
    change(tiny_content, lessons=(*tiny_content[0].lessons, first))
    assert "You completed this course on" in words(sign_in(cast.ben).get(COURSE))


@pytest.mark.parametrize("path", ["/", "/courses/", COURSE, COURSE + "sources/"])
def test_posting_to_a_page_is_405(client, course, path):
    assert client.post(path).status_code == 405


def test_looking_at_the_deed_is_405_and_starts_nothing(cast, sign_in):
    assert sign_in(cast.ben).get(COURSE + "enrol/").status_code == 405
    assert not Enrolment.objects.exists()


def test_commissioners_see_which_lesson_prepares_for_which_review(client, course, tiny_content):
    tiny = tiny_content[0]
    first = tiny.lessons[0].model_copy(update={"contacts": ("new-birth", "6-8-weeks")})
    publish([tiny.model_copy(update={"lessons": (first, *tiny.lessons[1:])})], timezone.now())
    said = words(client.get("/commissioners/"))
    assert (
        "New birth review 1 day to 2 weeks. 1 lesson, about 8 minutes. First things, 8 minutes"
        in said
    )
    assert "12-month review 9 to 15 months. 0 lessons, about 0 minutes. No lesson prepares" in said


def test_three_outcomes_are_seen_at_once_and_the_rest_opened(client, course, tiny_content):
    many = tiny_content[0].model_copy(
        update={"afterwards": tuple(f"Do thing {n}" for n in range(1, 6))}
    )
    publish([many], timezone.now())
    page = client.get("/courses/tiny/").content.decode()
    assert page.index("Do thing 3") < page.index("Show all 5") < page.index("Do thing 4")
