"""What the people of a kept database have done. `make` runs it with the code of an older release.

Ana, of Tess's cohort, is in the middle of the last lesson, with a quiz open and another whose time
is over. Ben has completed the course and holds a certificate. Olga's attempt ran out of time and
was scored. Mo has begun nothing, Sam began on the newer edition, Rhea signed a lesson off.
"""

import uuid
from datetime import UTC, datetime, timedelta

from django.core.management import call_command

from courses.assessment.accommodations import (
    decline,
    grant_attempt,
    grant_time,
    request_accommodation,
    void_attempt,
)
from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import enrol, keep_intention, regrade, submit_attempt
from courses.learning.certifying import claim_certificate
from courses.learning.lesson_actions import answer_activity, begin_lesson, finish_step
from courses.learning.queries import enrolment_progress_on
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import Membership, Nudge
from courses.people.actions import join_cohort, leave_cohort, start_cohort, start_organisation
from courses.signoffs.actions import Signature, sign_off
from courses.signoffs.material import materials_of
from tests.conftest import TINY, person, right_answer, tried, wrong_answer

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIGNATURE = Signature("signed", "Rhea Jones", "Health visitor", "NMC", "12A3456E")
CHANGES = Signature("changes", "Rhea Jones", "Health visitor", "NMC", "12A3456E", "Say what ends.")


def day(number: int, hour: int = 0) -> datetime:
    return BEGAN + timedelta(days=number, hours=hour)


def publish_tiny(title: str, now: datetime) -> Course:
    """An edition of the tiny course, whose final quiz has a limit of time."""
    (tiny,), problems = read_courses(TINY)
    assert not problems
    timed = tiny.quiz("final").model_copy(update={"limit_minutes": 30})
    quizzes = (timed, *(quiz for quiz in tiny.quizzes if quiz.key != "final"))
    publish([tiny.model_copy(update={"title": title, "quizzes": quizzes})], now)
    return Course.objects.get(key="tiny")


def learn(user, course: Course, steps: int, now: datetime):
    """The enrolment of somebody who finished so many steps of the course."""
    enrolment = enrol(user, course, now)
    for lesson in content_of(enrolment.edition_id).lessons:
        if steps > 0:
            record = begin_lesson(enrolment, lesson, now)
        for step in lesson.steps:
            if steps > 0:
                finish_step(record, lesson, step, tried(lesson), now)
                record.refresh_from_db()
                steps -= 1
    return enrolment


def begin(user, enrolment, quiz_key: str, now: datetime):
    quiz = content_of(enrolment.edition_id).quiz(quiz_key)
    return open_attempt(user, enrolment.course_id, enrolment.edition_id, quiz, now)


def answer(user, attempt, numbers, make, now: datetime) -> None:
    """Saves a wrong answer to each of these items, then the one that `make` gives."""
    for number in numbers:
        item = drawn_item(attempt, number)
        save_response(user, attempt.key, item.key, wrong_answer(item), Event(uuid.uuid4(), 1), now)
        save_response(user, attempt.key, item.key, make(item), Event(uuid.uuid4(), 2), now)


def ana_learns(ana, tess, course: Course) -> None:
    enrolment = learn(ana, course, 4, day(4))  # of five steps
    first = content_of(enrolment.edition_id).lessons[0]
    grows = right_answer(first.steps[0].activity("which-grows").item)
    answer_activity(enrolment, first.key, "which-grows", grows, day(4, 1))
    failed = begin(ana, enrolment, "final", day(5))
    answer(ana, failed, (1, 2, 3), wrong_answer, day(5))
    submit_attempt(ana, failed.key, day(5))
    failed.refresh_from_db()
    asked = request_accommodation(ana, course.pk, "final", "attempt", "The line broke down", day(6))
    decline(tess, asked, day(7))
    void_attempt(tess, failed, "The line broke down", day(7))
    grant_attempt(tess, ana.pk, course.pk, "final", "The line broke down", day(7))
    again = begin(ana, enrolment, "final", day(8))
    answer(ana, again, (1, 2), right_answer, day(8))
    submit_attempt(ana, again.key, day(8))
    grant_time(tess, ana.pk, course.pk, "final", 10, "A small screen", day(9))
    over = begin(ana, enrolment, "final", day(10))
    answer(ana, over, (1,), right_answer, day(10))
    still_open = begin(ana, enrolment, "kinds", day(11))
    answer(ana, still_open, (1,), right_answer, day(11))
    request_accommodation(ana, course.pk, "final", "time", "The line is slow", day(12))


def ben_completes(ben, course: Course) -> None:
    enrolment = learn(ben, course, 5, day(3))
    passed = begin(ben, enrolment, "final", day(4))
    answer(ben, passed, (1, 2, 3), right_answer, day(4))
    submit_attempt(ben, passed.key, day(4))
    claim_certificate(enrolment_progress_on(ben, "tiny"), "Ben Jones", day(4, 1))
    keep_intention(enrolment, "Wait and watch")


def olga_runs_out_of_time(olga, course: Course) -> None:
    enrolment = learn(olga, course, 5, day(3))
    late = begin(olga, enrolment, "final", day(5))
    answer(olga, late, (1, 2), right_answer, day(5))
    submit_attempt(olga, late.key, day(6))


def rhea_reads(rhea, course: Course) -> None:
    first, last = materials_of(content_of(course.edition_id))[:2]
    sign_off(rhea, course.edition_id, first, first.digest, SIGNATURE, uuid.uuid4(), day(2))
    sign_off(rhea, course.edition_id, last, last.digest, CHANGES, uuid.uuid4(), day(2))


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    course = publish_tiny("Tiny things", day(0))
    ana, ben, tess, mo, olga = (person(name) for name in ("Ana", "Ben", "Tess", "Mo", "Olga"))
    sam, rhea = person("Sam", is_staff=True), person("Rhea", is_reviewer=True)
    service = start_organisation(tess, "Riverside", day(1))
    Membership.objects.create(user=mo, organisation=service, role="manager", started_at=day(1))
    cohort = start_cohort(tess, service, "Autumn", course, day(40).date(), day(1))
    trust = start_organisation(olga, "Hillview", day(1))
    other = start_cohort(olga, trust, "Spring", course, None, day(1))
    for user, joined in ((ana, cohort), (mo, cohort), (ben, other)):
        join_cohort(user, joined, day(2))
    leave_cohort(ben, other, day(3))
    rhea_reads(rhea, course)
    ana_learns(ana, tess, course)
    ben_completes(ben, course)
    olga_runs_out_of_time(olga, course)
    sent = {"sent_by": tess, "reason": "not started", "sent_at": day(14)}
    Nudge.objects.create(cohort=cohort, course=course, user=mo, **sent)
    regrade(sam, course, "danger-a", "The key was looked at", day(15))
    newer = publish_tiny("Tiny things, again", day(20))
    learn(sam, newer, 1, day(21))
