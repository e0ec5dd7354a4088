""" "3 of 7 lessons" where only five are theirs: the denominator is that of the edition they began."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.authoring.publishing import publish
from courses.dashboards.dots import dots_of
from courses.dashboards.queries import learners_on
from courses.people.actions import join_cohort
from tests.conftest import given, learn, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def longer(cast, course, tiny_content):
    """Ana has done one of two lessons when an edition with a third is published; Zoe is new."""
    learn(cast.ana, course, lessons=1)
    tiny = tiny_content[0]
    added = tiny.lessons[0].model_copy(update={"key": "third-things", "title": "Third things"})
    publish([tiny.model_copy(update={"lessons": (*tiny.lessons, added)})], timezone.now())
    join_cohort(person("Zoe"), cast.cohort, timezone.now())
    return given(cast)


def address(name, cast, *more):
    return reverse(f"courses:{name}", args=[cast.cohort.key, "tiny", *more])


def test_each_has_the_number_of_their_own_edition(cast, longer):
    dots = {row.name: dots_of(row) for row in learners_on([longer], timezone.now())}
    assert (dots["Ana"].done, dots["Ana"].total) == (1, 2)
    assert (dots["Zoe"].done, dots["Zoe"].total) == (0, 3)


def test_the_table_the_file_and_the_record_have_it(cast, longer, sign_in):
    tess = sign_in(cast.tess)
    table = tess.get(address("cohort-progress", cast)).text
    assert "<span>1 of 2<" in table
    assert "<span>0 of 3<" in table
    assert "of 3" not in table.split(">Ana<")[1].split("</tr>")[0]
    file = tess.get(address("cohort-csv", cast)).text.lstrip("\ufeff")
    rows = {row["Name"]: row for row in csv.DictReader(io.StringIO(file))}
    assert (rows["Ana"]["Lessons done"], rows["Ana"]["Lessons"]) == ("1", "2")
    assert rows["Ana"]["Third things"] == "Not in their edition"
    assert (rows["Zoe"]["Lessons"], rows["Zoe"]["Third things"]) == ("3", "Not started")
    assert "1 of 2</dd>" in tess.get(address("learner", cast, cast.ana.key)).text
    assert "1 of 2</dd>" in sign_in(cast.ana).get(reverse("courses:seen-by-trainer")).text


def test_finishing_the_lessons_of_the_own_edition_is_finished(cast, course, longer, sign_in):
    learn(cast.ana, course)
    text = sign_in(cast.tess).get(address("cohort-progress", cast)).text
    row = text.split(">Ana<")[1].split("</tr>")[0]
    assert ">Finished<" in row
    assert "2 of 2" in row
