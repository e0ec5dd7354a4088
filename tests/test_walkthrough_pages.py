"""What the course page says is left, row by row of the walk-through a clinician can read."""

import re
from datetime import UTC, datetime

import pytest
from django.db import transaction

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.learning.actions import complete_course_if_done, enrol, locked_records
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.people.models import User
from tests.test_quiz_pages import words
from tests.walkthroughs.notation import course_in, learner_in, rows

T = datetime(2026, 3, 2, 9, tzinfo=UTC)


def store(enrolment: Enrolment, course: content.Course, written: str) -> None:
    """The rows of a learner who got so far."""
    facts, passed = learner_in(written, course)
    for key, fact in facts.items():
        done = {"completed_at": T if fact.is_completed else None, "version": fact.version}
        where = {"step_key": fact.step_key, "furthest": fact.furthest}
        LessonRecord.objects.create(enrolment=enrolment, lesson_key=key, **where, **done)
    for key in passed:
        fields = {"state": "scored", "submitted_at": T, "earned": 6, "possible": 6, "passed": True}
        taken = {"user": enrolment.user, "course": enrolment.course, "edition": enrolment.edition}
        Attempt.objects.create(**taken, **fields, quiz_key=key, number=1, rule={}, items=[])


@pytest.mark.parametrize(
    ("line", "row"), [pytest.param(*one, id=one[1]["case"]) for one in rows("completion.csv")]
)
def test_what_the_course_page_says_is_left(db, sign_in, line, row):
    made = course_in(row["course"])
    publish([made], T)
    ben = User.objects.create(email="ben@example.org", name="Ben")
    enrolment = enrol(ben, Course.objects.get(), T)
    store(enrolment, made, row["learner"])
    with transaction.atomic():
        complete_course_if_done(locked_records(ben.pk, enrolment.course_id), T)
    page = sign_in(ben).get("/courses/walked/")
    said, html = words(page), page.content.decode()
    where = f"completion.csv line {line}: {row['case']}"
    states = dict(re.findall(r'<span id="state-([^"]+)"[^>]*>([^<]+)</span>', html))
    if made.pretest:
        states.pop(
            made.pretest.key
        )  # it is in the list for those who like, and nothing of it is left or done
    assert " | ".join(states.values()) == row["list"], where
    assert ("You completed this course on 2 March 2026" in said) == (row["complete"] == "yes"), (
        where
    )
    if row["complete"] == "no":
        to_go = row["to go"].replace(" items,", " questions,")
        assert f"{row['done']} done {row['next']} {to_go}" in said, where
