"""The cast of a demo: who they are, and what Ana and Ben have learnt.

Tess's cohorts are in `monday`, the staff of her organisation in `staff`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.items import right_answer
from courses.learning.actions import enrol, submit_attempt
from courses.learning.lesson_actions import answer_activity, begin_lesson, finish_step
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.management.demo.local_pathways import write_pathways
from courses.management.demo.looking import make_rounds
from courses.management.demo.monday import Names, make_monday
from courses.management.demo.staff import make_staff
from courses.management.demo.talks import make_talks
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Membership, Organisation, User

PASSWORD = "notice-the-baby"  # noqa: S105  public on purpose: a demo runs on local hosts alone

NOTE = "She looked away, and came back by herself. I had been about to speak. I wait longer now."
PLAN_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Person:
    """One demo account. `what` says what can be seen as that person."""

    email: str
    name: str
    profession: User.Profession
    what: str
    is_reviewer: bool = False


PEOPLE = (
    Person(
        "ana@example.org",
        "Ana",
        User.Profession.HEALTH_VISITOR,
        "learns in Tess's cohort, half-way through a lesson",
    ),
    Person("ben@example.org", "Ben", User.Profession.CAMHS, "learns alone, has completed a course"),
    Person("tess@example.org", "Tess", User.Profession.TRAINER, "trains Ana's cohort"),
    Person("mo@example.org", "Mo", User.Profession.OTHER, "manages Tess's organisation"),
    Person("olga@example.org", "Olga", User.Profession.TRAINER, "trains in another organisation"),
    Person(
        "rhea@example.org",
        "Rhea",
        User.Profession.CAMHS,
        "reviews lessons, and may sign them off",
        True,
    ),
)


@transaction.atomic
def make_people(now: datetime) -> None:
    """Creates the people, their organisations, and what they learnt of the first course."""
    users = {person.name: _create_user(person) for person in PEOPLE}
    course = Course.objects.published().first()
    if course is None:
        raise CommandError("no course is published; run `manage.py publish_courses` first")
    start = now - timedelta(days=20)
    service = start_organisation(users["Tess"], "Riverside Community Health", start)
    Membership.objects.create(
        user=users["Mo"], organisation=service, role=Membership.Role.MANAGER, started_at=start
    )
    # Days before now, so that a trainer's page has somebody early and somebody late.
    due = timezone.localdate(now + timedelta(days=21))
    cohort = start_cohort(users["Tess"], service, "Riverside, autumn", course, due, start)
    join_cohort(users["Ana"], cohort, now - timedelta(days=12))
    join_cohort(users["Mo"], cohort, now - timedelta(days=9))
    other = start_organisation(users["Olga"], "Hillview Trust", start)
    start_cohort(users["Olga"], other, "Hillview, first group", course, None, start)
    organisations = Organisation.objects.filter(pk__in=[service.pk, other.pk])
    organisations.update(confirmed_at=start)  # not by anybody: a demo has no administrator
    names = Names()
    learners = make_monday(users["Tess"], cohort, names, now)
    make_talks(users["Tess"], users["Ana"], cohort, learners[:6], now)
    make_staff(users["Mo"], service, learners, names, now)
    write_pathways(users["Tess"], service, now)
    _learn_some(users["Ana"], course, now - timedelta(days=2))
    _learn_all(users["Ben"], course, now - timedelta(days=5))
    make_rounds(users["Ana"], users["Ben"], learners[:8], now)


def _create_user(person: Person) -> User:
    user = User.objects.create_user(
        person.email,
        PASSWORD,
        name=person.name,
        profession=person.profession,
        is_reviewer=person.is_reviewer,
    )
    # allauth asks for a verified address before the first sign-in
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    return user


def _finish_steps(enrolment: Enrolment, lesson: content.Lesson, steps: int, now: datetime) -> None:
    """Finishes the first `steps` steps of a lesson, and tries their checks."""
    record = begin_lesson(enrolment, lesson, now)
    answers: dict[str, object] = {}
    for step in lesson.steps[:steps]:
        for block in step.blocks:
            answer = _answer_to(block, now)
            if answer is not None:
                answers[block.key] = answer
                answer_activity(enrolment, lesson.key, block.key, answer, now)
        finish_step(record, lesson, step, answers, now)
        record.refresh_from_db()


def _answer_to(block: content.Block, now: datetime) -> object:
    """What the demo answers: checks rightly, a note and a plan; None for the rest."""
    if block.item:
        return right_answer(block.item)
    if block.kind == "reflect":
        return NOTE
    if block.kind == "commitment":
        on = timezone.localdate(now) + PLAN_AFTER
        return {"sentence": "0", "own": "", "on": on.isoformat()}
    return None


def _learn_some(user: User, course: Course, now: datetime) -> None:
    """The first lesson, and three steps of the next where there is one."""
    enrolment = enrol(user, course, now)
    lessons = content_of(enrolment.edition_id).lessons
    _finish_steps(enrolment, lessons[0], len(lessons[0].steps), now)
    if len(lessons) > 1:
        _finish_steps(enrolment, lessons[1], 3, now)


def _learn_all(user: User, course: Course, now: datetime) -> None:
    """Every lesson, and every final quiz with all answers right."""
    enrolment = enrol(user, course, now)
    edition = content_of(enrolment.edition_id)
    for lesson in edition.lessons:
        _finish_steps(enrolment, lesson, len(lesson.steps), now)
    for quiz in edition.finals:
        attempt = open_attempt(user, course.pk, enrolment.edition_id, quiz, now)
        for number in range(1, quiz.draw + 1):
            item = drawn_item(attempt, number)
            answer, event = right_answer(item), Event(uuid.uuid4(), 1)
            save_response(user, attempt.key, item.key, answer, event, now)
        submit_attempt(user, attempt.key, now)
