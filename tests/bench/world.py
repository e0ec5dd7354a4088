"""The people and courses that are measured, made in bulk in the database. Django is set up before this is imported."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from courses.assessment.actions import draw_items
from courses.assessment.frozen import rule_of
from courses.assessment.items import right_answer
from courses.assessment.models import Attempt, Response
from courses.authoring.courses import read_courses
from courses.authoring.publishing import publish
from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.bench.anchors import paragraphs
from tests.longruns.sessions import sessions

CONTENT = Path(__file__).parents[2] / "courses" / "content"
LESSONS = STEPS = 6
ITEMS = 10
READERS = 200  # people who read and answer
FINISHERS = 4_700  # people with one thing left to do: hand in; see `ratios.HANDED_IN`
COURSE = "bench"
HERE = "step-3"  # where every reader is
BATCH = 5_000


@dataclass(frozen=True)
class Person:
    """Somebody signed in, and the attempt they have open."""

    session: str
    attempt: str
    items: list[dict[str, object]]


def generated_course(like: content.Course) -> content.Course:
    """A shipped course, changed: six lessons of six steps, each with 15 KB of text, and a final quiz of ten choices.

    Every second step has an activity.
    """
    choices = [item for item in like.pool("final") if item.kind == "single"][:ITEMS]
    quiz = like.finals[0].model_copy(update={"draw": ITEMS})
    lessons = []
    for number in range(1, LESSONS + 1):
        steps = tuple(_step(like, number, n, choices[0]) for n in range(1, STEPS + 1))
        changed = {"key": f"lesson-{number}", "steps": steps, "test_out": None}
        lessons.append(like.lessons[0].model_copy(update=changed))
    changed = {"key": COURSE, "position": 90, "title": "A course to measure", "scenes": ()}
    parts = {"lessons": tuple(lessons), "quizzes": (quiz,), "items": tuple(choices)}
    return like.model_copy(update={**changed, **parts})


def _step(like: content.Course, lesson: int, number: int, item: content.Item) -> content.Step:
    blocks = [content.Block(kind="text", html=paragraphs(seed=100 * lesson + number))]
    if number % 2 == 0:
        blocks.append(content.Block(kind="check", key=f"check-{number}", item=item))
    return content.Step(
        key=f"step-{number}",
        title=f"Step {number} of this",
        blocks=tuple(blocks),
        publications=tuple(like.publications)[:3],
        terms=tuple(like.glossary)[:2],
    )


class World:
    """`readers` are in the middle of a lesson, with a quiz open; `finishers` have all but handed in.

    `beginner` and `finisher` are sessions on the first shipped course: at its first step, and with
    every step reached.
    """

    def __init__(self) -> None:
        self.now = timezone.now()
        shipped, problems = read_courses(CONTENT)
        assert not problems, f"the shipped courses have problems: {problems[0]}"
        publish([*shipped, generated_course(shipped[0])], self.now)
        self.shipped = Course.objects.get(key=shipped[0].key)
        self.course = Course.objects.get(key=COURSE)
        self.readers = self._people("reader", READERS, has_finished=False)
        self.finishers = self._people("finisher", FINISHERS, has_finished=True)
        self.beginner, self.finisher = self._walkers()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum has done by now in one that is in use

    def _users(self, stem: str, count: int) -> tuple[list[User], list[str]]:
        users = []
        password = make_password(None)
        for n in range(count):
            email = f"{stem}-{n}@example.org"
            users.append(User(email=email, name=f"{stem.title()} {n}", password=password))
        User.objects.bulk_create(users)
        return users, sessions(users, self.now + timedelta(hours=12))

    def _people(self, stem: str, count: int, *, has_finished: bool) -> list[Person]:
        """People with an open attempt; all lessons completed and all items answered if `has_finished`."""
        users, keys = self._users(stem, count)
        edition = content_of(self.course.edition_id)
        quiz = edition.finals[0]
        right = {item.key: right_answer(item) for item in edition.items}
        common = {"course": self.course, "edition_id": self.course.edition_id}
        enrolments, records, attempts, responses = [], [], [], []
        for user in users:
            enrolment = Enrolment(user=user, enrolled_at=self.now - timedelta(days=20), **common)
            enrolments.append(enrolment)
            records += [self._record(enrolment, lesson, has_finished) for lesson in edition.lessons]
            key = uuid.uuid4()
            drawn = draw_items(edition, quiz, key)
            frozen = {"key": key, "rule": rule_of(quiz), "items": drawn, "quiz_key": quiz.key}
            attempt = Attempt(user=user, number=1, opened_at=self.now, **frozen, **common)
            attempts.append(attempt)
            for item in drawn if has_finished else []:
                event = {"event_id": uuid.uuid4(), "sequence": 1, "saved_at": self.now}
                given = {"item_key": item["key"], "answer": right[item["key"]]}
                responses.append(Response(attempt=attempt, **given, **event))
        Enrolment.objects.bulk_create(enrolments, BATCH)
        LessonRecord.objects.bulk_create(records, BATCH)
        Attempt.objects.bulk_create(attempts, BATCH)
        Response.objects.bulk_create(responses, BATCH)
        pairs = zip(keys, attempts, strict=True)
        return [Person(session, str(attempt.key), attempt.items) for session, attempt in pairs]

    def _record(
        self, enrolment: Enrolment, lesson: content.Lesson, has_finished: bool
    ) -> LessonRecord:
        return LessonRecord(
            enrolment=enrolment,
            lesson_key=lesson.key,
            version=lesson.version,
            step_key=lesson.steps[0].key if has_finished else HERE,
            furthest=len(lesson.steps),
            completed_at=self.now if has_finished else None,
        )

    def _walkers(self) -> list[str]:
        users, keys = self._users("walker", 2)
        lessons = content_of(self.shipped.edition_id).lessons
        begin_lesson(enrol(users[0], self.shipped, self.now), lessons[0], self.now)
        enrolment = enrol(users[1], self.shipped, self.now)
        records = [self._record(enrolment, lesson, True) for lesson in lessons]
        LessonRecord.objects.bulk_create(records)
        return keys
