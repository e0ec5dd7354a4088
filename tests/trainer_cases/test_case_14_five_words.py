"""Not open, not started, started, finished, passed: never confused, and the same words everywhere."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.learning.completion import LessonFact, progress
from courses.learning.course_state import CourseState, course_state
from courses.learning.models import Enrolment
from courses.learning.retiring import retire_course
from tests.conftest import begin_quiz, given, learn
from tests.test_dashboards import take_quiz

pytestmark = pytest.mark.django_db
STAGES = {
    "not open": "Not open",
    "not started": "Not started",
    "part-way": "Started",
    "lessons done": "Finished",
    "quiz open": "Finished",
    "failed": "Finished",
    "all done": "Passed",
}


def bring_to(stage, cast, course):
    """Ana at this stage of the tiny course."""
    if stage == "not open":
        assert retire_course(cast.sam, course, timezone.now())
    lessons = {"not open": 0, "not started": 0, "part-way": 1}.get(stage, 2)
    if lessons:
        learn(cast.ana, course, lessons=lessons)
    if stage == "quiz open":
        begin_quiz(cast.ana, course)
    if stage in ("failed", "all done"):
        take_quiz(cast.ana, course, right=stage == "all done")


@pytest.mark.parametrize(("stage", "word"), STAGES.items())
def test_table_file_record_and_own_view_say_the_same_word(cast, course, sign_in, stage, word):
    bring_to(stage, cast, course)
    tess, address = sign_in(cast.tess), [cast.cohort.key, "tiny"]
    table = tess.get(reverse("courses:cohort-progress", args=address)).text
    file = tess.get(reverse("courses:cohort-csv", args=address)).text
    record = tess.get(reverse("courses:learner", args=[*address, cast.ana.key])).text
    own = sign_in(cast.ana).get(reverse("courses:seen-by-trainer")).text
    (row,) = csv.DictReader(io.StringIO(file.lstrip("\ufeff")))
    css_class = CourseState(word).css_class
    assert f'<td><span class="{css_class}">{word}</span>' in table
    assert row["State"] == word
    for page in (record, own):
        assert f'<span class="{css_class}">{word}' in page
        others = [state.words for state in CourseState if state.words != word]
        assert not [other for other in others if f'<span class="{css_class}">{other}<' in page]


@pytest.mark.parametrize("stage", [stage for stage in STAGES if not stage.startswith("not")])
def test_the_learners_course_page_says_it_too(cast, course, sign_in, stage):
    bring_to(stage, cast, course)
    page = sign_in(cast.ana).get(reverse("courses:course", args=["tiny"])).text
    assert f'<p class="kicker">{STAGES[stage]}' in page


@pytest.mark.parametrize(("stage", "word"), STAGES.items())
def test_the_counts_of_the_table_say_it_and_part_way_is_never_nobody(
    cast, course, sign_in, stage, word
):
    bring_to(stage, cast, course)
    table = sign_in(cast.tess).get(
        reverse("courses:cohort-progress", args=[cast.cohort.key, "tiny"])
    )
    counts = {row.state.words: row.count for row in table.context["counts"]}
    assert counts.pop(word) == 1
    assert not any(counts.values())


def test_a_course_that_changes_takes_no_pass_away(cast, course):
    learn(cast.ana, course)
    take_quiz(cast.ana, course, right=True)
    enrolment = Enrolment.objects.get(user=cast.ana)
    assert enrolment.completed_at
    empty = progress(given_content(cast), {}, set())
    assert course_state(empty, is_completed=True, is_open=False) is CourseState.PASSED


def test_an_outdated_lesson_is_not_finished(cast, course):
    content = given_content(cast)
    first = content.lessons[0].model_copy(update={"version": 2})
    changed = content.model_copy(update={"lessons": (first, *content.lessons[1:])})
    facts = {
        lesson.key: LessonFact(lesson.steps[-1].key, len(lesson.steps), is_completed=True)
        for lesson in content.lessons
    }
    rows = progress(changed, facts, set())
    assert course_state(rows, is_completed=False, is_open=True) is CourseState.STARTED
    whole = progress(content, facts, set())
    assert course_state(whole, is_completed=False, is_open=True) is CourseState.FINISHED


def given_content(cast):
    from courses.dashboards.queries import newest_content

    return newest_content(given(cast))
