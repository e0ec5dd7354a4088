"""The people and courses that are measured: made in bulk, straight in the database. Django is set up before this."""

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from courses.assessment.actions import draw_items
from courses.assessment.models import Attempt, Response
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import (
    Assignment,
    Cohort,
    CohortMembership,
    Membership,
    Organisation,
    User,
)
from tests.bench.prose import paragraphs

ROOT = Path(__file__).parent.parent.parent
LESSONS, STEPS = 6, 6
READERS = 200  # people who read and answer
FINISHERS = (
    4_800  # people with one thing left to do: hand in; enough for six rounds of `ratios.HANDED_IN`
)
TEN, FIFTY = "bench-ten", "bench-fifty"
HERE = "step-3"  # where every reader is
BACKEND = "courses.people.backends.EmailBackend"


@dataclass(frozen=True)
class Person:
    """Somebody signed in, and the attempt they have open."""

    user: User
    session: str
    attempt: uuid.UUID
    items: tuple[dict[str, object], ...]


def published_content() -> tuple[list[content.Course], str]:
    """The shipped courses, or the tests' tiny one where those have problems just now; and which it is, in words."""
    shipped, problems = read_courses(ROOT / "courses" / "content")
    if not problems:
        return shipped, "courses/content"
    tiny, _ = read_courses(ROOT / "tests" / "content" / "tiny")
    return (
        tiny,
        f"tests/content/tiny, because courses/content has {len(problems)} problems, first {problems[0]}",
    )


def publish_all() -> tuple[str, str]:
    """Publishes the shipped courses and the two generated ones; the key of the first shipped one, and what was read."""
    shipped, what = published_content()
    made = [generated(TEN, 90, 10, shipped[0]), generated(FIFTY, 91, 50, shipped[0])]
    publish([*shipped, *made], timezone.now())
    return shipped[0].key, what


def generated(key: str, position: int, items: int, like: content.Course) -> content.Course:
    """A course of six lessons of six steps, each with 15 KB of text, and a final quiz of so many single items.

    Its cover, references and glossary are those of a shipped course; every second step has a check in it.
    """
    pool = tuple(_item(f"item-{n}", ("final",)) for n in range(1, items + 1))
    quiz = content.Quiz(
        key="final",
        title="Final quiz",
        kind="final",
        draw=items,
        pass_mark=0.8,
        attempts=3,
        minutes=items,
    )
    lessons = tuple(_lesson(n, like) for n in range(1, LESSONS + 1))
    fields = {
        "lessons": lessons,
        "quizzes": (quiz,),
        "items": pool,
        "scenes": (),
        "key": key,
        "position": position,
    }
    return like.model_copy(update={**fields, "title": f"A course with a quiz of {items}"})


def _item(key: str, use: tuple[str, ...] = ()) -> content.Item:
    options = tuple(
        content.Option(
            key=f"{key}-o{n}",
            html=f"The baby does thing {n} of these",
            correct=n == 1,
            feedback=f"<p>Why {n}.</p>",
        )
        for n in range(1, 5)
    )
    return content.Item(
        key=key, kind="single", stem=f"<p>What do you see in {key}?</p>", options=options, use=use
    )


def _lesson(number: int, like: content.Course) -> content.Lesson:
    cited, terms = tuple(like.publications)[:3], tuple(like.glossary)[:2]
    steps = []
    for n in range(1, STEPS + 1):
        blocks = [content.Block(kind="text", html=paragraphs(seed=100 * number + n))]
        if n % 2 == 0:
            blocks.append(content.Block(kind="check", key=f"check-{n}", item=_item(f"check-{n}")))
        step = {"key": f"step-{n}", "title": f"Step {n} of this", "blocks": tuple(blocks)}
        steps.append(content.Step(**step, publications=cited, terms=terms))
    fields = {
        "key": f"lesson-{number}",
        "title": f"Lesson {number}",
        "version": 1,
        "minutes": 12,
        "sources": (),
    }
    return content.Lesson(**fields, outcomes=(), steps=tuple(steps), svg=like.lessons[0].svg)


class World:
    """Everybody: `readers` are in the middle of a lesson, with a quiz open; `finishers` have all but handed in.

    `right` says which option of an item is the right one. Each person has a session of their own.
    """

    def __init__(self) -> None:
        self.now = timezone.now()
        self.shipped, self.what = publish_all()
        self.courses = {
            course.key: course
            for course in Course.objects.filter(key__in=[TEN, FIFTY, self.shipped])
        }
        self.readers = self._people("reader", READERS, TEN, done=False)
        self.finishers = self._people("finisher", FINISHERS, TEN, done=True)
        self.fifty = self._people("fifty", 5, FIFTY, done=True)
        self.walkers = self._walkers()
        self.tess, self.tess_session = self._trainer()
        self.cohorts = {n: self._cohort(n) for n in (20, 500)}
        self.settle()

    @staticmethod
    def settle() -> None:
        """What autovacuum would have done by now in a database that is in use."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _users(self, stem: str, count: int) -> list[tuple[User, str]]:
        unusable = make_password(None)
        users = User.objects.bulk_create(
            User(
                email=f"{stem}-{n}@example.org",
                name=f"{stem.title()} {n}",
                profession="health-visitor",
                password=unusable,
            )
            for n in range(count)
        )
        return list(zip(users, sessions(users, self.now + timedelta(hours=12)), strict=True))

    def _people(self, stem: str, count: int, course: str, *, done: bool) -> list[Person]:
        """People with an open attempt at the course's quiz; all lessons completed and all items answered if `done`."""
        users = self._users(stem, count)
        row = self.courses[course]
        edition = content_of(row.edition_id)
        enrolments = self._enrolments([user for user, _ in users], row)
        LessonRecord.objects.bulk_create(
            (
                record
                for enrolment in enrolments
                for record in _records(enrolment, edition, done, self.now)
            ),
            5_000,
        )
        attempts = Attempt.objects.bulk_create(
            (self._attempt(user, row, edition) for user, _ in users), 5_000
        )
        if done:
            Response.objects.bulk_create(
                (one for attempt in attempts for one in _answers(attempt, self.now)), 5_000
            )
        return [
            Person(user, session, attempt.key, tuple(attempt.items))
            for (user, session), attempt in zip(users, attempts, strict=True)
        ]

    def _enrolments(self, users: list[User], row: Course) -> list[Enrolment]:
        since = self.now - timedelta(days=20)
        made = (
            Enrolment(user=user, course=row, edition_id=row.edition_id, enrolled_at=since)
            for user in users
        )
        return Enrolment.objects.bulk_create(made, 5_000)

    def _attempt(self, user: User, row: Course, edition: content.Course) -> Attempt:
        key, quiz = uuid.uuid4(), edition.finals[0]
        rule = {"draw": quiz.draw, "pass_mark": quiz.pass_mark, "attempts": quiz.attempts}
        common = {
            "user": user,
            "course": row,
            "edition_id": row.edition_id,
            "quiz_key": quiz.key,
            "number": 1,
        }
        return Attempt(
            **common, key=key, rule=rule, items=draw_items(edition, quiz, key), opened_at=self.now
        )

    def _walkers(self) -> list[tuple[User, str]]:
        """Three people for the browser: at the first step of the first shipped lesson, and with every step reached."""
        users = self._users("walker", 3)
        row = self.courses[self.shipped]
        edition = content_of(row.edition_id)
        first, *others = self._enrolments([user for user, _ in users], row)
        lesson = edition.lessons[0]
        LessonRecord.objects.create(
            enrolment=first,
            lesson_key=lesson.key,
            version=lesson.version,
            step_key=lesson.steps[0].key,
        )
        LessonRecord.objects.bulk_create(
            record
            for enrolment in others
            for record in _records(enrolment, edition, True, self.now)
        )
        return users

    def _trainer(self) -> tuple[User, str]:
        ((tess, session),) = self._users("tess", 1)
        self.organisation = Organisation.objects.create(slug="bench", name="Bench")
        Membership.objects.create(
            user=tess, organisation=self.organisation, role="trainer", started_at=self.now
        )
        return tess, session

    def _cohort(self, size: int) -> Cohort:
        """So many learners on the course with the quiz of ten: a tenth never started, others are where people are."""
        cohort = Cohort.objects.create(organisation=self.organisation, name=f"Cohort of {size}")
        cohort.trainers.add(self.tess)
        Assignment.objects.create(
            cohort=cohort, course=self.courses[TEN], due_at=self.now + timedelta(days=9)
        )
        idle = [user for user, _ in self._users(f"idle{size}", size // 10)]
        busy = [
            one.user
            for one in random.Random(size).sample(
                self.readers + self.finishers[-400:], size - len(idle)
            )
        ]
        CohortMembership.objects.bulk_create(
            CohortMembership(cohort=cohort, user=user, joined_at=self.now) for user in idle + busy
        )
        return cohort


def sessions(users: Iterable[User], until: datetime) -> list[str]:
    """A session of each, as signing in makes it; their keys."""
    store = SessionStore()
    rows = []
    for user in users:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = f"{uuid.uuid4().hex}"
        rows.append(Session(session_key=key, session_data=store.encode(data), expire_date=until))
    Session.objects.bulk_create(rows, 5_000)
    return [row.session_key for row in rows]


def _records(
    enrolment: Enrolment, edition: content.Course, done: bool, now: datetime
) -> Iterable[LessonRecord]:
    """All lessons completed, or the first three under way, all of them at the step HERE."""
    for lesson in edition.lessons if done else edition.lessons[:3]:
        steps = len(lesson.steps)
        step = lesson.steps[0].key if done else HERE
        fields = {
            "version": lesson.version,
            "step_key": step,
            "furthest": steps,
            "seen_at": now,
            "started_at": now,
        }
        yield LessonRecord(
            enrolment=enrolment, lesson_key=lesson.key, completed_at=now if done else None, **fields
        )


def _answers(attempt: Attempt, now: datetime) -> Iterable[Response]:
    for drawn in attempt.items:
        key = drawn["key"]
        yield Response(
            attempt=attempt,
            item_key=key,
            answer=[f"{key}-o1"],
            event_id=uuid.uuid4(),
            sequence=1,
            saved_at=now,
        )
