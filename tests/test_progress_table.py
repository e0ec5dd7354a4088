"""The trainer's table: columns, dots, order, pages, and what it weighs with 500 learners."""

import csv
import gzip
import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.dashboards.dots import dots_of
from courses.dashboards.orders import Column
from courses.dashboards.queries import learners_on
from courses.learning.models import Enrolment, LessonRecord
from courses.library.models import Course
from courses.models import CohortMembership
from courses.people.actions import join_cohort
from courses.people.models import Assignment, User
from tests.conftest import Cast, given, learn, person
from tests.test_dashboards import take_quiz

pytestmark = pytest.mark.django_db


def address(name: str, cast: Cast, query: str = "") -> str:
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny"]) + query


def names(page) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]*)<', page.text)


def row_of(page, name: str) -> str:
    return page.text.split(f">{name}</a>")[1].split("</tr>")[0]


@pytest.fixture
def four(cast, course):
    """Ana has not started; Bea has done a lesson, Cai failed, Dai passed and was seen last."""
    people = [person(name) for name in ("Bea", "Cai", "Dai")]
    for one in people:
        join_cohort(one, cast.cohort, timezone.now())
    learn(people[0], course, lessons=1)
    for one in people[1:]:
        learn(one, course)
        take_quiz(one, course, right=one.name == "Dai")
    return cast.cohort


def test_it_works(cast, four, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", cast))
    head = page.text.split("<thead>")[1].split("</thead>")[0]
    labels = re.findall(r"<a [^>]*>([^<]*)</a>", head)
    assert labels == ["Name", "Needs", "Progress", "Quiz", "Last seen", "Due"]
    assert "1 of 2" in row_of(page, "Bea")
    assert "Done: 1. Not started: 2." in row_of(page, "Bea")
    assert "Not yet, 0 of 3, 1 attempt" in row_of(page, "Cai")
    assert "Passed, 3 of 3, 1 attempt" in row_of(page, "Dai")


def test_there_is_one_dot_for_each_lesson_and_its_shape_is_in_the_legend(cast, four, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", cast))
    assert re.findall(r'<i class="([^"]*)">', row_of(page, "Bea")) == ["done", "not-started"]
    legend = page.text.split('class="legend"')[1]
    for shape in ("done", "under-way", "outdated", "not-started"):
        assert f'<span class="{shape}">' in legend


def test_a_lesson_that_has_changed_since_has_a_shape_and_a_word_of_its_own(cast, course):
    learn(cast.ana, course, lessons=1)
    LessonRecord.objects.update(version=0)
    (ana,) = learners_on([given(cast)], timezone.now())
    dots = dots_of(ana)
    assert dots.shapes == ("outdated", "not-started")
    assert dots.words == "Changed since: 1. Not started: 2."


ORDERS = {
    "": ["Ana", "Bea", "Cai", "Dai"],
    "?sort=name": ["Ana", "Bea", "Cai", "Dai"],
    "?sort=-name": ["Dai", "Cai", "Bea", "Ana"],
    "?sort=progress": ["Ana", "Bea", "Cai", "Dai"],
    "?sort=-progress": ["Dai", "Cai", "Bea", "Ana"],
    "?sort=quiz": ["Cai", "Dai", "Ana", "Bea"],
    "?sort=-quiz": ["Dai", "Cai", "Ana", "Bea"],
    "?sort=seen": ["Bea", "Cai", "Dai", "Ana"],
    "?sort=-seen": ["Dai", "Cai", "Bea", "Ana"],
    "?sort=due": ["Ana", "Bea", "Cai", "Dai"],
    "?sort=-need": ["Bea", "Cai", "Dai", "Ana"],
    "?sort=no-such-column": ["Ana", "Bea", "Cai", "Dai"],
    "?sort=%00": ["Ana", "Bea", "Cai", "Dai"],
}


@pytest.mark.parametrize(("query", "expected"), ORDERS.items())
def test_table_and_file_are_in_the_order_of_the_address(cast, four, sign_in, query, expected):
    tess = sign_in(cast.tess)
    assert names(tess.get(address("cohort-progress", cast, query))) == expected
    file = tess.get(address("cohort-csv", cast, query)).text.lstrip("\ufeff")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(file))] == expected


@pytest.mark.parametrize("column", list(Column))
def test_a_heading_sorts_by_its_column_and_then_turns_round(cast, four, sign_in, column):
    page = sign_in(cast.tess).get(address("cohort-progress", cast, f"?sort={column.slug}"))
    assert page.text.count("aria-sort=") == 1
    heading = f'aria-sort="ascending"><a href="?sort=-{column.slug}">{column.label}</a>'
    assert heading in page.text
    down = sign_in(cast.tess).get(address("cohort-progress", cast, f"?sort=-{column.slug}"))
    assert 'aria-sort="descending"' in down.text


def test_the_due_date_has_its_weekday_and_is_late_only_for_who_has_not_passed(cast, four, sign_in):
    Assignment.objects.filter(cohort=cast.cohort).update(due_at=timezone.now() - timedelta(days=2))
    page = sign_in(cast.tess).get(address("cohort-progress", cast))
    assert '<span class="overdue">' in row_of(page, "Ana").split("<td>")[-1]
    assert "overdue" not in row_of(page, "Dai")
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d", row_of(page, "Dai"))


def test_all_are_on_one_page_to_print_them(cast, four, sign_in):
    for number in range(60):
        join_cohort(person(f"Learner{number:02}"), cast.cohort, timezone.now())
    tess = sign_in(cast.tess)
    first = tess.get(address("cohort-progress", cast, "?sort=name"))
    assert len(names(first)) == 50
    assert 'href="?sort=name&amp;all=1"' in first.text
    assert len(names(tess.get(address("cohort-progress", cast, "?sort=name&all=1")))) == 64


@pytest.fixture
def five_hundred(cast, course, tiny_content):
    """500 learners on 20 lessons, of which each has done some, made without the actions."""
    tiny = tiny_content[0]
    lessons = [
        tiny.lessons[0].model_copy(update={"key": f"lesson-{number}", "title": f"Lesson {number}"})
        for number in range(20)
    ]
    publish([tiny.model_copy(update={"lessons": tuple(lessons)})], timezone.now())
    tiny_row = Course.objects.get(key="tiny")
    now = timezone.now()
    people = [
        User(email=f"l{number}@example.org", name=f"Learner Surname{number * 7919 % 500}")
        for number in range(500)
    ]
    people = User.objects.bulk_create(people)
    CohortMembership.objects.bulk_create(
        CohortMembership(cohort=cast.cohort, user=one, joined_at=now - timedelta(days=30))
        for one in people
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(user=one, course=tiny_row, edition_id=tiny_row.edition_id) for one in people[50:]
    )
    for number, enrolment in enumerate(enrolments):
        LessonRecord.objects.bulk_create(
            LessonRecord(
                enrolment=enrolment,
                lesson_key=lesson.key,
                version=lesson.version,
                step_key=lesson.steps[-1].key,
                furthest=len(lesson.steps),
                seen_at=now - timedelta(hours=number),
                completed_at=now if place < number % 20 else None,
            )
            for place, lesson in enumerate(lessons[: number % 21])
        )
    return cast.cohort


def test_the_picture_has_every_learner_in_text_with_their_dots(cast, four, sign_in):
    response = sign_in(cast.tess).get(address("cohort-picture", cast))
    assert response["Content-Type"] == "image/svg+xml"
    assert "unsafe" not in response["Content-Security-Policy"]
    root = ElementTree.fromstring(response.content)
    svg = "{http://www.w3.org/2000/svg}"
    titles = [row.find(f"{svg}title").text for row in root.findall(f"{svg}g")]
    assert titles == [
        "Ana: 0 of 2, not started. ",
        "Bea: 1 of 2, started. Done: 1. Not started: 2.",
        "Cai: 2 of 2, finished. Done: 1 to 2.",
        "Dai: 2 of 2, passed. Done: 1 to 2.",
    ]
    assert len(root.findall(f"{svg}g/{svg}use")) == 8
    texts = [text.text for text in root.iter(f"{svg}text")]
    assert {"Ana", "Dai", "1 of 2, started"} <= set(texts)
    assert "4 learners: 1 not started, 1 started, 1 finished, 1 passed." in root[1].text
    assert "style" not in response.text


def test_the_picture_narrows_as_the_table_does(cast, four, sign_in):
    tess = sign_in(cast.tess)
    query = "?show=under-way&sort=-name"
    page = tess.get(address("cohort-progress", cast, query))
    assert address("cohort-picture", cast, "?show=under-way&amp;sort=-name") in page.text
    picture = tess.get(address("cohort-picture", cast, query)).text
    assert ">Bea<" in picture
    assert ">Cai<" not in picture


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a\x0bb\ufffe", "‮x", "&amp;"])
def test_a_name_is_only_text_in_the_picture(cast, sign_in, name):
    User.objects.filter(pk=cast.ana.pk).update(name=name)
    response = sign_in(cast.tess).get(address("cohort-picture", cast))
    assert b"<script" not in response.content
    root = ElementTree.fromstring(response.content)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}use"))) == 2 + 4


def test_a_page_of_500_learners_on_20_lessons_is_light_and_asks_as_little_as_one_of_five(
    cast, five_hundred, sign_in
):
    tess = sign_in(cast.tess)
    url = address("cohort-progress", cast)
    tess.get(url)
    with CaptureQueriesContext(connection) as queries:
        page = tess.get(url)
    assert len(queries) <= 10
    assert len(names(page)) == 50
    assert len(gzip.compress(page.content)) <= 30_000
    with CaptureQueriesContext(connection) as whole:
        page = tess.get(f"{url}?all=1")
    assert len(whole) == len(queries) - 1  # nobody is ticked there, so no cohorts are asked for
    picture = tess.get(address("cohort-picture", cast))
    assert picture.text.count("<use ") == 501 * 20 + 4
    assert len(names(page)) == 501
