"""The fixed cast, the tiny course, and what every test may lean on. No test lives here."""

import logging
import string
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.items import right_answer
from courses.assessment.models import Attempt
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.handouts.queries import printed
from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.actions import join_cohort, start_cohort, start_organisation
from courses.people.models import Assignment, Cohort, Membership, User
from courses.practice.pool_queries import pool_of
from courses.practice.queries import moving_scenes_of
from courses.signoffs.queries import digests_of, sign_offs_of
from tests.drills.mail import MailServer, mail_server

TINY = Path(__file__).parent / "content" / "tiny"
SHIPPED = Path(__file__).parent.parent / "courses" / "content"
PASSWORD = "the-quiet-baby"


# Each takes half a minute or more. Begun first, so that no worker is left alone with one at the end.
SLOW_FILES = {
    "test_content_bounds",
    "test_drills",
    "test_junk",
    "test_kept",
    "test_motion",
    "test_production",
    "test_starting",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the slow files first; within and among them the order stays."""
    items.sort(key=lambda item: item.path.stem not in SLOW_FILES)


@pytest.fixture(scope="session")
def tiny_content() -> list[content.Course]:
    courses, problems = read_courses(TINY)
    assert problems == []
    return courses


@pytest.fixture(autouse=True)
def fresh_memory():
    """Editions kept in memory belong to one test's database."""
    kept = (content_of, digests_of, moving_scenes_of, pool_of, printed, sign_offs_of)
    for one in kept:
        one.cache_clear()
    caches["template_fragments"].clear()
    yield
    for one in kept:
        one.cache_clear()
    caches["template_fragments"].clear()


@pytest.fixture(autouse=True)
def loggers_left_alone():
    """A test that silences the product's logs would fail whichever test next reads one in its process."""
    yield
    loggers = logging.Logger.manager.loggerDict.items()
    silenced = [
        name
        for name, one in loggers
        if name.startswith("courses") and getattr(one, "disabled", False)
    ]
    assert silenced == [], "this test switched logging off for those that follow"


@pytest.fixture(autouse=True)
def tokens_without_words(monkeypatch):
    """Tokens of digits alone: one of letters now and then holds a name that a page must not show."""
    monkeypatch.setattr("django.middleware.csrf.CSRF_ALLOWED_CHARS", string.digits)


@pytest.fixture(autouse=True)
def plain_static(settings):
    """Static files by their own names: hashed names are made by `collectstatic`, which the browser tests run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def course(db, tiny_content) -> Course:
    """The tiny course, published."""
    assert (
        connection.features.supports_json_field
    )  # asked of SQLite once a process, and not in a test that counts
    publish(tiny_content, timezone.now())
    return Course.objects.get(key="tiny")


@dataclass
class Cast:
    """Ana learns in Tess's cohort, Ben alone; Mo manages Tess's organisation, Olga trains in another; Sam is staff.

    Rhea may sign lessons off.
    """

    ana: User
    ben: User
    tess: User
    mo: User
    olga: User
    sam: User
    rhea: User
    cohort: Cohort
    other_cohort: Cohort


def person(name: str, profession: str = "health-visitor", **fields: object) -> User:
    user = User.objects.create_user(
        f"{name.lower()}@example.org", PASSWORD, name=name, profession=profession, **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def cast(course, settings) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make_cast(course)


def make_cast(course: Course) -> Cast:
    """Everybody, with Tess's cohort and Olga's, each given the tiny course."""
    now = timezone.now()
    made = {name: person(name) for name in ("Ana", "Ben", "Tess", "Mo", "Olga")}
    sam, rhea = person("Sam", is_staff=True), person("Rhea", is_reviewer=True)
    service = start_organisation(made["Tess"], "Riverside", now)
    Membership.objects.create(user=made["Mo"], organisation=service, role="manager")
    cohort = start_cohort(made["Tess"], service, "Autumn", course, None, now)
    join_cohort(made["Ana"], cohort, now)
    trust = start_organisation(made["Olga"], "Hillview", now)
    other = start_cohort(made["Olga"], trust, "Spring", course, None, now)
    others = {"sam": sam, "rhea": rhea, "cohort": cohort, "other_cohort": other}
    return Cast(**{name.lower(): user for name, user in made.items()}, **others)


def given(cast: Cast) -> Assignment:
    """The tiny course, given to Tess's cohort."""
    return Assignment.objects.select_related("cohort", "course").get(
        cohort=cast.cohort, course__key="tiny"
    )


@pytest.fixture
def outbox(settings) -> Iterator[MailServer]:
    """Mail goes through the outbox, as in the product, and from there to this mail server."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "courses.web.mail.outbox.EmailBackend"
        settings.OUTBOX_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        settings.MAIL_DELIVERY = "worker"  # no thread: a test delivers when it wants to
        yield server


@pytest.fixture
def sign_in():
    """A client signed in as this person; None is a visitor."""

    def make(user: User | None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return make


def headers_of(response: HttpResponse) -> dict[str, str]:
    """Its headers, but the number of the request and the second it was made in, which differ each time by design."""
    return {
        name: value
        for name, value in response.headers.items()
        if name not in {"X-Request-ID", "Expires"}
    }


def learn(user: User, course: Course, lessons: int = 100) -> Enrolment:
    """Enrols a person and takes them through so many lessons of the course."""
    now = timezone.now()
    enrolment = enrol(user, course, now)
    for lesson in content_of(enrolment.edition_id).lessons[:lessons]:
        record = begin_lesson(enrolment, lesson, now)
        for step in lesson.steps:
            finish_step(record, lesson, step, tried(lesson), now)
            record.refresh_from_db()
    return enrolment


def tried(lesson: content.Lesson) -> dict[str, Any]:
    """An answer to every check of the lesson, none of which earns anything."""
    checks = [block for step in lesson.steps for block in step.blocks if block.item]
    return {block.key: wrong_answer(block.item) for block in checks}


def wrong_answer(item: content.Item) -> Any:
    """An answer that earns nothing."""
    if item.parts:
        return {part.key: wrong_answer(part) for part in item.parts}
    if item.cards:
        first = item.groups[0].key
        return {card.key: first for card in item.cards}
    return [next(option.key for option in item.options if not option.correct)]


def fields_of(answer: Any) -> dict[str, Any]:
    """The form fields that give an answer: options, places of cards, or the options of each part."""
    if isinstance(answer, list):
        return {"option": answer}
    return {
        key if isinstance(value, list) else f"card-{key}": value for key, value in answer.items()
    }


def whole(course: content.Course) -> content.Course:
    """The course with one quiz, its first, that asks every item of every kind."""
    quiz = course.quizzes[0].model_copy(update={"draw": len(course.items)})
    items = tuple(item.model_copy(update={"use": (quiz.key,)}) for item in course.items)
    return course.model_copy(update={"quizzes": (quiz,), "items": items})


def begin_quiz(user: User, course: Course) -> Attempt:
    """An open attempt at the final quiz of the person's edition."""
    enrolment = enrol(user, course, timezone.now())
    quiz = content_of(enrolment.edition_id).finals[0]
    return open_attempt(user, course.pk, enrolment.edition_id, quiz, timezone.now())


def answer_all(user: User, attempt: Attempt, *, right: bool = True) -> None:
    """Saves an answer to every item of an open attempt."""
    for number in range(1, len(attempt.items) + 1):
        item = drawn_item(attempt, number)
        answer = right_answer(item) if right else wrong_answer(item)
        save_response(user, attempt.key, item.key, answer, Event(uuid.uuid4(), 1), timezone.now())
