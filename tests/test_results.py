"""What an attempt that is over is said to be, and which step of a lesson taught an item."""

from fractions import Fraction

import pytest

from courses.assessment.verdict import Marks, verdict_of_final, verdict_of_pretest
from courses.authoring.courses import read_courses
from courses.learning.teaching import teaching_step
from courses.library.content import Course
from tests.conftest import SHIPPED

NEEDED = Fraction(112, 10)  # of 14 at 0.8


def marks(earned: str, needed: Fraction = NEEDED) -> Marks:
    return Marks(Fraction(earned), 14, needed)


@pytest.mark.parametrize(
    ("earned", "passed", "unsafe", "title", "reason"),
    [
        ("13", True, [], "Passed: 13 of 14", "You have 13 of 14; 12 were needed."),
        ("11.5", True, [], "Passed: 11.5 of 14", "You have 11.5 of 14; 11.2 were needed."),
        (
            "13",
            False,
            [5],
            "One safety question to get right",
            "You have enough marks (13 of 14; 12 needed). "
            "Question 5 was about safety, and has to be right.",
        ),
        (
            "11",
            False,
            [2, 5, 8],
            "Three safety questions to get right",
            "You have 11 of 14; 12 are needed. "
            "Questions 2, 5 and 8 were about safety, and have to be right.",
        ),
        (
            "9.5",
            False,
            [],
            "Two more right answers to pass",
            "You have 9.5 of 14; 12 are needed.",
        ),
        (
            "0",
            False,
            [1],
            "12 more right answers to pass",
            "You have 0 of 14; 12 are needed. Question 1 was about safety, and has to be right.",
        ),
        (
            "11.19",
            False,
            [],
            "One more right answer to pass",
            "You have 11.19 of 14; 12 are needed.",
        ),
        ("12", False, [], "Not passed yet", "You have enough marks (12 of 14; 12 needed)."),
    ],
)
def test_a_final_quiz_is_told_by_what_is_missing(earned, passed, unsafe, title, reason):
    verdict = verdict_of_final(marks(earned), passed, unsafe)
    assert (verdict.title, verdict.reason) == (title, reason)


@pytest.mark.parametrize(
    ("to_learn", "title"),
    [
        (13, "Your starting point. 13 things to learn"),
        (1, "Your starting point. 1 thing to learn"),
        (0, "Your starting point. You know all of this already"),
    ],
)
def test_a_pretest_is_a_starting_point(to_learn, title):
    verdict = verdict_of_pretest(to_learn)
    assert verdict.title == title
    assert "Nothing was passed or failed." in verdict.reason


@pytest.fixture(scope="module")
def shipped() -> dict[str, Course]:
    courses, problems = read_courses(SHIPPED)
    assert not problems
    return {course.key: course for course in courses}


def test_every_shipped_item_has_a_step_that_taught_it(shipped):
    for course in shipped.values():
        for item in course.items:
            step = teaching_step(course, item)
            assert step is not None, item.key
            assert course.lesson(item.lesson).position(step.key)


@pytest.mark.parametrize(
    ("course_key", "group", "title"),
    [
        ("recognising-early-stress", "icon-messages", "Lewis, Nina, and what ICON says"),
        ("recognising-early-stress", "whose-list", "Which babies the list is for"),
        ("first-1001-days", "no-ace-score", "A score is not a child"),
        ("under-twos-in-camhs", "name-the-barrier", "Four ways to be missed"),
    ],
)
def test_the_step_is_the_one_that_cites_what_the_item_rests_on(shipped, course_key, group, title):
    course = shipped[course_key]
    steps = [teaching_step(course, item) for item in course.items if item.parallel == group]
    assert {step.title for step in steps} == {title}


def test_a_step_that_the_author_names_goes_before(shipped):
    course = shipped["first-1001-days"]
    item = next(item for item in course.items if item.parallel == "no-ace-score")
    lesson = course.lesson(item.lesson)
    named = item.model_copy(update={"step": lesson.steps[0].key})
    assert teaching_step(course, named) == lesson.steps[0]
    gone = item.model_copy(update={"step": "gone"})
    assert teaching_step(course, gone) == teaching_step(course, item)


def test_an_item_of_no_lesson_has_no_step(shipped):
    course = shipped["first-1001-days"]
    assert teaching_step(course, course.items[0].model_copy(update={"lesson": "gone"})) is None
