"""A report that could not be asked for who has not completed: here it can, in page and file."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.people.actions import join_cohort
from courses.people.models import Extension
from tests.conftest import given, learn, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(cast, course):
    """Ana has learnt one lesson; Zoe Newcomer and Yan Newcomer never started."""
    for name in ("Zoe Newcomer", "Yan Newcomer"):
        join_cohort(person(name), cast.cohort, timezone.now())
    learn(cast.ana, course, lessons=1)
    return given(cast)


def address(name, assignment, query=""):
    return reverse(f"courses:{name}", args=[assignment.cohort.key, assignment.course.key]) + query


def names_in_file(client, assignment, query):
    response = client.get(address("cohort-csv", assignment, query))
    return [row[0] for row in list(csv.reader(io.StringIO(response.text.lstrip("\ufeff"))))[1:]]


def test_it_works(cast, assignment, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", assignment, "?show=not-completed"))
    assert 'Still to pass <span class="quiet">3</span>' in page.text
    assert "3 of 3 learners" in page.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 3),
        ("?show=not-completed", 3),
        ("?show=never-started", 2),
        ("?show=under-way", 1),
        ("?show=completed", 0),
        ("?show=never-started&q=zoe", 1),
        ("?q=%00&show=no-such-word", 3),
    ],
)
def test_the_page_and_the_file_narrow_alike(cast, assignment, sign_in, query, expected):
    client = sign_in(cast.tess)
    page = client.get(address("cohort-progress", assignment, query))
    assert page.status_code == 200
    assert page.text.count('<th scope="row">') == expected
    assert len(names_in_file(client, assignment, query)) == expected


def test_the_link_to_the_file_keeps_search_and_filter(cast, assignment, sign_in):
    query = "?q=zoe&show=never-started"
    page = sign_in(cast.tess).get(address("cohort-progress", assignment, query))
    assert address("cohort-csv", assignment, "?q=zoe&amp;show=never-started") in page.text


def test_the_counts_add_up_to_the_roster(cast, assignment, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", assignment))
    counts = {choice.label: choice.count for choice in page.context["choices"]}
    assert counts["Passed"] + counts["Still to pass"] == counts["Everyone"] == 3
    parts = ("Not started", "Started", "Finished", "Passed")
    assert sum(counts[part] for part in parts) == counts["Everyone"]


def test_an_empty_list_says_so(cast, assignment, sign_in):
    page = sign_in(cast.tess).get(address("cohort-progress", assignment, "?q=nobody-of-this"))
    assert "Show everyone" in page.text


def test_the_file_has_the_due_date_that_counts_for_the_learner(cast, assignment, sign_in):
    due_at = timezone.now() + timedelta(days=60)
    # Without a due date of the cohort nobody has one, so there would be nothing to extend.
    assignment.due_at = timezone.now() + timedelta(days=10)
    assignment.save()
    Extension.objects.create(
        assignment=assignment, user=cast.ana, due_at=due_at, reason="Ill", granted_by=cast.tess
    )
    response = sign_in(cast.tess).get(address("cohort-csv", assignment, "?q=ana"))
    assert timezone.localdate(due_at).isoformat() in response.text
