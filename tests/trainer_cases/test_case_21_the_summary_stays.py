"""The summary of a dashboard: its counts are there, and add up to the roster, narrowed or not."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import CohortMembership
from courses.people.actions import join_cohort
from tests.conftest import learn, person
from tests.test_dashboards import take_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixty(cast, course):
    """Ana and 59 others, some at each stage, one of whom has left."""
    people = [person(f"Learner{number}") for number in range(60)]
    for one in people:
        join_cohort(one, cast.cohort, timezone.now())
    for one in people[:9]:
        learn(one, course, lessons=1)
    for one in people[9:13]:
        learn(one, course)
    for one in people[13:15]:
        learn(one, course)
        take_quiz(one, course, right=True)
    CohortMembership.objects.filter(user=people[-1]).update(left_at=timezone.now())
    return cast.cohort


def table(sign_in, cast, query=""):
    url = reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    return sign_in(cast.tess).get(url + query)


def test_the_counts_are_in_the_heading(cast, sixty, sign_in):
    summary = "60 learners: 45 not started, 9 started, 4 finished, 2 passed."
    assert summary in table(sign_in, cast).text


@pytest.mark.parametrize("query", ["", "?show=completed", "?q=Learner1", "?page=2", "?all=1"])
def test_they_add_up_to_the_roster_whatever_is_shown(cast, sixty, sign_in, query):
    page = table(sign_in, cast, query)
    current = CohortMembership.objects.current().filter(cohort=cast.cohort).count()
    assert sum(row.count for row in page.context["counts"]) == page.context["people"] == current


@pytest.mark.parametrize("query", ["", "?q=Learner1"])
def test_each_chip_has_as_many_as_its_list(cast, sixty, sign_in, query):
    page = table(sign_in, cast, query)
    for choice in page.context["choices"]:
        assert table(sign_in, cast, choice.query).context["page"].paginator.count == choice.count
    counts = {choice.label: choice.count for choice in page.context["choices"]}
    parts = ("Not started", "Started", "Finished", "Passed")
    assert sum(counts[part] for part in parts) == counts["Everyone"]
