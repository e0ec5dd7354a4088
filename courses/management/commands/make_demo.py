"""`manage.py make_demo`: the invented people of a demo, and what they have done so far. Only under DEMO, so only locally."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.items import right_answer
from courses.learning.actions import enrol, submit_attempt
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Membership, Organisation, User

PASSWORD = "notice-the-baby"  # noqa: S105  known on purpose: the settings refuse DEMO with any host that is not local


@dataclass(frozen=True)
class Person:
    """One demo sign-in, and what can be seen as that person."""

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


class Command(BaseCommand):
    help = "Create the demo people. Refuses to run without DEMO=1, and does nothing when they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("make_demo needs DEMO=1: its passwords are public")
        if User.objects.filter(email=PEOPLE[0].email).exists():
            self.stdout.write("the demo people are there already")
            return
        make_people(timezone.now())
        self.stdout.write(f"{len(PEOPLE)} demo people, password {PASSWORD}")


@transaction.atomic
def make_people(now: datetime) -> None:
    """The cast of the demo on the first published course, as of `now`."""
    made = {one.name: _person(one) for one in PEOPLE}
    course = Course.objects.published().first()
    if course is None:
        raise CommandError("no course is published; run `manage.py publish_courses` first")
    start = now - timedelta(days=20)
    service = start_organisation(made["Tess"], "Riverside Community Health", start)
    Membership.objects.create(
        user=made["Mo"], organisation=service, role=Membership.Role.MANAGER, started_at=start
    )
    due = timezone.localdate(now + timedelta(days=21))
    cohort = start_cohort(made["Tess"], service, "Riverside, autumn", course, due, start)
    join_cohort(made["Ana"], cohort, now - timedelta(days=12))
    join_cohort(made["Mo"], cohort, now - timedelta(days=9))
    other = start_organisation(made["Olga"], "Hillview Trust", start)
    start_cohort(made["Olga"], other, "Hillview, first group", course, None, start)
    made_here = Organisation.objects.filter(pk__in=[service.pk, other.pk])
    made_here.update(confirmed_at=start)  # by nobody: a demo has no administrator
    _learn_some(made["Ana"], course, now - timedelta(days=2))
    _learn_all(made["Ben"], course, now - timedelta(days=5))


def _person(one: Person) -> User:
    fields = {"name": one.name, "profession": one.profession, "is_reviewer": one.is_reviewer}
    user = User.objects.create_user(one.email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=one.email, verified=True, primary=True)
    return user


def _go_through(enrolment: Enrolment, lesson: content.Lesson, steps: int, now: datetime) -> None:
    record = begin_lesson(enrolment, lesson, now)
    for step in lesson.steps[:steps]:
        finish_step(record, lesson, step, now)
        record.refresh_from_db()


def _learn_some(user: User, course: Course, now: datetime) -> None:
    """The first lesson, and three steps of the next."""
    enrolment = enrol(user, course, now)
    for lesson, steps in zip(content_of(enrolment.edition_id).lessons, (100, 3), strict=False):
        _go_through(enrolment, lesson, steps, now)


def _learn_all(user: User, course: Course, now: datetime) -> None:
    """Every lesson, and each final quiz with all answers right."""
    enrolment = enrol(user, course, now)
    edition = content_of(enrolment.edition_id)
    for lesson in edition.lessons:
        _go_through(enrolment, lesson, len(lesson.steps), now)
    for quiz in edition.finals:
        attempt = open_attempt(user, course.pk, enrolment.edition_id, quiz, now)
        for number in range(1, quiz.draw + 1):
            item = drawn_item(attempt, number)
            save_response(
                user, attempt.key, item.key, right_answer(item), Event(uuid.uuid4(), 1), now
            )
        submit_attempt(user, attempt.key, now)
