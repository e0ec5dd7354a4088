"""How many SQL queries the busiest pages take, however many learners, lessons and items there are."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.assessment.actions import drawn_item, open_attempt
from courses.assessment.models import Attempt, Response
from courses.authoring.publishing import publish
from courses.learning.actions import enrol
from courses.learning.lesson_actions import answer_activity, begin_lesson, finish_step
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Cohort, CohortMembership, Membership, User
from tests.conftest import learn, right_answer, tried

T = datetime(2026, 3, 2, 9, tzinfo=UTC)
IGNORED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT", "PRAGMA")


def grown(tiny: content.Course, *, lessons: int = 2, items: int = 3) -> content.Course:
    """The tiny course with so many lessons, and a quiz that draws so many items of twice as many."""
    made = [tiny.lessons[n % 2].model_copy(update={"key": f"lesson-{n}"}) for n in range(lessons)]
    asked = []
    for n in range(2 * items):
        item = tiny.items[n % len(tiny.items)]
        asked.append(
            item.model_copy(
                update={"key": f"item-{n}", "parallel": f"group-{n // 2}", "critical": False}
            )
        )
    quiz = tiny.finals[0].model_copy(update={"draw": items})
    return tiny.model_copy(
        update={"lessons": tuple(made), "items": tuple(asked), "quizzes": (quiz,)}
    )


def published(made: content.Course) -> Course:
    """The course, published and read once, as a process that has served a page has it."""
    publish([made], T)
    course = Course.objects.select_related("edition").get(key="tiny")
    content_of(course.edition_id)
    return course


def somebody(name: str) -> User:
    return User.objects.create(
        email=f"{name}@example.org", name=name.title(), profession="health-visitor"
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def queries(browser: Client, path: str, *, post: bool = False, status: int = 200) -> list[str]:
    """The SQL of one request, without what opens and closes transactions."""
    with CaptureQueriesContext(connection) as captured:
        response = browser.post(path) if post else browser.get(path)
    assert response.status_code == status, response.status_code
    return [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(IGNORED)]


def assert_at_most(number: int, sql: list[str]) -> None:
    assert len(sql) <= number, "\n".join(["", *(line[:200] for line in sql)])


def answered(user: User, course: Course) -> Attempt:
    """An open attempt in which every item has its right answer."""
    quiz = content_of(course.edition_id).finals[0]
    attempt = open_attempt(user, course.pk, course.edition_id, quiz, T)
    items = [drawn_item(attempt, n) for n in range(1, quiz.draw + 1)]
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            item_key=one.key,
            answer=right_answer(one),
            event_id=uuid.uuid4(),
            sequence=1,
            saved_at=T,
        )
        for one in items
    )
    return attempt


def fill(cohort: Cohort, course: Course, size: int) -> None:
    """Learners of all sorts in the cohort: never started, under way, attempted, completed."""
    users = User.objects.bulk_create(
        User(email=f"l{n}@example.org", name=f"Learner {n}") for n in range(size)
    )
    CohortMembership.objects.bulk_create(
        CohortMembership(cohort=cohort, user=user, joined_at=T) for user in users
    )
    started = [user for n, user in enumerate(users) if n % 4]
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            user=user,
            course=course,
            edition=course.edition,
            enrolled_at=T,
            completed_at=T if n % 3 == 0 else None,
        )
        for n, user in enumerate(started)
    )
    LessonRecord.objects.bulk_create(
        LessonRecord(
            enrolment=row,
            lesson_key=one.key,
            version=1,
            step_key=one.steps[0].key,
            started_at=T,
            seen_at=T,
        )
        for row in enrolments
        for one in content_of(course.edition_id).lessons
    )
    rule = {"draw": 3, "pass_mark": 0.8, "attempts": 2}
    Attempt.objects.bulk_create(
        Attempt(
            user=user,
            course=course,
            edition=course.edition,
            quiz_key="final",
            number=number,
            state="scored",
            rule=rule,
            items=[],
            opened_at=T,
            submitted_at=T + timedelta(minutes=number),
            scored_at=T,
            earned=number,
            possible=3,
            passed=False,
        )
        for user in started
        for number in (1, 2)
    )


def test_it_works(db, tiny_content):
    course, ben = published(tiny_content[0]), somebody("ben")
    learn(ben, course, lessons=1)
    sql = queries(signed_in(ben), "/courses/tiny/")
    assert [line for line in sql if "courses_lessonrecord" in line]
    assert not [line for line in sql if line.startswith("SAVEPOINT")]


def test_a_step_takes_four_queries(db, tiny_content):
    course, ben = published(tiny_content[0]), somebody("ben")
    record = begin_lesson(enrol(ben, course, T), tiny_content[0].lessons[0], T)
    browser = signed_in(ben)
    for step in tiny_content[0].lessons[0].steps:
        assert_at_most(4, queries(browser, f"/courses/tiny/lessons/first-things/{step.key}/"))
        finish_step(record, tiny_content[0].lessons[0], step, {}, T)
        record.refresh_from_db()


def test_an_earlier_step_takes_no_query_more_when_it_is_read_again(db, tiny_content):
    """Four where it has an activity, three where it has none: the place of the learner is not written."""
    course, ben = published(tiny_content[0]), somebody("ben")
    learn(ben, course, lessons=1)
    browser = signed_in(ben)
    for step in tiny_content[0].lessons[0].steps:
        most = 4 if any(block.is_activity for block in step.blocks) else 3
        assert_at_most(most, queries(browser, f"/courses/tiny/lessons/first-things/{step.key}/"))


def test_a_step_takes_as_many_in_a_long_course_of_a_large_cohort(db, tiny_content):
    course, ben = published(grown(tiny_content[0], lessons=20)), somebody("ben")
    tess = somebody("tess")
    cohort = start_cohort(tess, start_organisation(tess, "Riverside", T), "Autumn", course, None, T)
    fill(cohort, course, 20)
    join_cohort(ben, cohort, T)
    learn(ben, course, lessons=10)
    begin_lesson(enrol(ben, course, T), content_of(course.edition_id).lessons[10], T)
    assert_at_most(4, queries(signed_in(ben), "/courses/tiny/lessons/lesson-10/opening/"))


@pytest.mark.parametrize("lessons", [2, 20])
def test_the_page_of_a_course_takes_five_queries(db, tiny_content, lessons):
    course, ben = published(grown(tiny_content[0], lessons=lessons)), somebody("ben")
    learn(ben, course, lessons=lessons - 1)
    assert_at_most(5, queries(signed_in(ben), "/courses/tiny/"))


def test_the_page_of_a_course_takes_as_many_after_many_attempts(db, tiny_content):
    course, ben = published(tiny_content[0]), somebody("ben")
    learn(ben, course)
    browser = signed_in(ben)
    before = len(queries(browser, "/courses/tiny/"))
    for number in range(1, 11):
        fields = {
            "edition": course.edition,
            "quiz_key": "final",
            "number": number,
            "state": "scored",
        }
        Attempt.objects.create(
            user=ben, course=course, rule={}, items=[], earned=1, possible=3, passed=False, **fields
        )
    assert len(queries(browser, "/courses/tiny/")) == before


@pytest.mark.parametrize("items", [10, 50])
def test_an_item_of_a_quiz_takes_five_queries(db, tiny_content, items):
    course, ben = published(grown(tiny_content[0], items=items)), somebody("ben")
    enrol(ben, course, T)
    attempt = answered(ben, course)
    browser = signed_in(ben)
    for number in (1, items):
        assert_at_most(5, queries(browser, f"/attempts/{attempt.key}/items/{number}/"))
    assert_at_most(5, queries(browser, f"/attempts/{attempt.key}/hand-in/"))


@pytest.mark.parametrize("items", [10, 50])
def test_handing_in_and_completing_the_course_takes_fourteen_queries(db, tiny_content, items):
    course, ben = published(grown(tiny_content[0], items=items)), somebody("ben")
    learn(ben, course)
    attempt = answered(ben, course)
    sql = queries(signed_in(ben), f"/attempts/{attempt.key}/submit/", post=True, status=302)
    assert Enrolment.objects.get(user=ben).completed_at, "this is the way with the most to do"
    assert attempt.item_scores.count() == items
    assert_at_most(14, sql)  # six of them issue the certificate, once


@pytest.mark.parametrize("lessons", [2, 20])
def test_finishing_the_last_lesson_takes_as_many_queries_in_a_long_course(
    db, tiny_content, lessons
):
    course, ben = published(grown(tiny_content[0], lessons=lessons)), somebody("ben")
    enrolment = learn(ben, course, lessons=lessons - 1)
    last = content_of(course.edition_id).lessons[-1]
    record = begin_lesson(enrolment, last, T)
    LessonRecord.objects.filter(pk=record.pk).update(
        furthest=len(last.steps), step_key=last.steps[-1].key
    )
    for key, answer in tried(last).items():
        answer_activity(enrolment, last.key, key, answer, T)
    path = f"/courses/tiny/lessons/{last.key}/{last.steps[-1].key}/finish/"
    assert_at_most(6, queries(signed_in(ben), path, post=True, status=302))
    assert LessonRecord.objects.get(pk=record.pk).completed_at


@pytest.mark.parametrize("size", [20, 500])
def test_the_table_of_a_cohort_takes_nine_queries(db, tiny_content, size):
    course, tess = published(tiny_content[0]), somebody("tess")
    cohort = start_cohort(tess, start_organisation(tess, "Riverside", T), "Autumn", course, None, T)
    fill(cohort, course, size)
    browser = signed_in(tess)
    table = f"/cohorts/{cohort.key}/tiny/"
    assert_at_most(9, queries(browser, table))  # one more: who may be moved, and where
    assert browser.get(f"{table}?all=1").content.decode().count("Learner ") >= size
    for whole in ("?all=1", "csv/", "picture/"):
        assert_at_most(8, queries(browser, f"{table}{whole}"))


def test_the_page_of_all_cohorts_takes_as_many_with_ten_cohorts_as_with_one(db, tiny_content):
    course, tess = published(tiny_content[0]), somebody("tess")
    service = start_organisation(tess, "Riverside", T)
    browser = signed_in(tess)
    taken = []
    for n in range(10):
        cohort = start_cohort(tess, service, f"Group {n}", course, None, T)
        join_cohort(somebody(f"ben{n}"), cohort, T)
        taken.append(len(queries(browser, "/cohorts/")))
    assert taken == [taken[0]] * 10


@pytest.mark.parametrize("size", [20, 500])
def test_a_manager_sees_the_table_with_as_many_queries(db, tiny_content, size):
    course, tess, mo = published(tiny_content[0]), somebody("tess"), somebody("mo")
    service = start_organisation(tess, "Riverside", T)
    Membership.objects.create(user=mo, organisation=service, role="manager")
    cohort = start_cohort(tess, service, "Autumn", course, None, T)
    fill(cohort, course, size)
    assert_at_most(9, queries(signed_in(mo), f"/cohorts/{cohort.key}/tiny/"))


def test_home_takes_as_many_queries_with_six_courses_as_with_one(db, tiny_content):
    ben = somebody("ben")
    taken = []
    for number in (1, 6):
        made = [
            tiny_content[0].model_copy(update={"key": f"tiny-{n}", "position": n})
            for n in range(number)
        ]
        publish(made, T)
        for course in Course.objects.published():
            enrol(ben, course, T)
            content_of(course.edition_id)
        taken.append(len(queries(signed_in(ben), "/")))
    assert taken[0] == taken[1]
    assert taken[0] <= 13  # three of them for what is due, and what is offered beside a course
