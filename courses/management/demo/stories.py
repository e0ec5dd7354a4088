"""What learners of a demo have done on a course, written in bulk: hundreds of them in a second.

Ana and Ben, whom one signs in as, learn by the product's own actions instead, in `cast`.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from courses.assessment.actions import draw_items
from courses.assessment.frozen import rule_of
from courses.assessment.items import right_answer
from courses.assessment.models import Attempt, Certainty, ItemScore, Response
from courses.learning.certifying import certify_completion
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """How far a learner is. Days are counted back from now.

    `seen` is when they were last there; None: they never started. `lessons` is how many they have
    finished, of which the last one on that day; `failed` how often they failed the final quiz
    after it, and `is_sure_of_danger`: very sure of a wrong answer about safety, the last time.
    """

    joined: int
    seen: int | None = None
    lessons: int = 0
    failed: int = 0
    is_passed: bool = False
    is_sure_of_danger: bool = False


class StoryWriter:
    """Collects what learners did on one course, and writes it with a statement a table."""

    def __init__(self, course: Course, now: datetime) -> None:
        assert course.edition_id is not None, "a demo teaches published courses"
        self.course = course
        self.edition_id = course.edition_id
        self.now = now
        self.content = content_of(course.edition_id)
        self.quiz = self.content.finals[0]
        self.enrolments: list[Enrolment] = []
        self.records: list[LessonRecord] = []
        self.attempts: list[Attempt] = []
        self.responses: list[Response] = []
        self.scores: list[ItemScore] = []

    def add(self, user: User, story: Story) -> None:
        """One learner, saved already, and what they did."""
        if story.seen is None:
            return
        seen_at = self.now - timedelta(days=story.seen)
        enrolment = Enrolment(
            user=user,
            course=self.course,
            edition_id=self.edition_id,
            enrolled_at=seen_at - story.lessons * timedelta(days=1) - HOUR,
            completed_at=seen_at if story.is_passed else None,
        )
        self.enrolments.append(enrolment)
        self._add_lessons(enrolment, story, seen_at)
        results = [False] * story.failed + [True] * story.is_passed
        for number, is_passed in enumerate(results, 1):
            opened_at = seen_at - (len(results) - number) * timedelta(days=1)
            is_sure = story.is_sure_of_danger and number == len(results)
            self._add_attempt(user, number, opened_at, is_passed=is_passed, is_sure=is_sure)

    def save(self) -> None:
        """Writes everything that was added."""
        Enrolment.objects.bulk_create(self.enrolments)
        LessonRecord.objects.bulk_create(self.records)
        Attempt.objects.bulk_create(self.attempts)
        Response.objects.bulk_create(self.responses)
        ItemScore.objects.bulk_create(self.scores)
        for enrolment in self.enrolments:
            if enrolment.completed_at:
                at = enrolment.completed_at
                certify_completion(enrolment, at, enrolment.user, at)

    def _add_lessons(self, enrolment: Enrolment, story: Story, seen_at: datetime) -> None:
        lessons = self.content.lessons
        for number, lesson in enumerate(lessons[: story.lessons], 1):
            at = seen_at - (story.lessons - number) * timedelta(days=1) - HOUR
            last = lesson.steps[-1]
            self.records.append(
                LessonRecord(
                    enrolment=enrolment,
                    lesson_key=lesson.key,
                    version=lesson.version,
                    step_key=last.key,
                    furthest=len(lesson.steps),
                    started_at=at - HOUR,
                    seen_at=at,
                    completed_at=at,
                )
            )
        if story.lessons < len(lessons):
            self.records.append(_begun(enrolment, lessons[story.lessons], seen_at))

    def _add_attempt(
        self, user: User, number: int, opened_at: datetime, *, is_passed: bool, is_sure: bool
    ) -> None:
        key = uuid.uuid4()
        drawn = draw_items(self.content, self.quiz, key)
        submitted_at = opened_at + HOUR / 4
        attempt = Attempt(
            key=key,
            user=user,
            course=self.course,
            edition_id=self.edition_id,
            quiz_key=self.quiz.key,
            number=number,
            state=Attempt.State.SCORED,
            rule=rule_of(self.quiz),
            items=drawn,
            opened_at=opened_at,
            submitted_at=submitted_at,
            scored_at=submitted_at,
        )
        self.attempts.append(attempt)
        items = [self.content.item(row["key"]) for row in drawn]
        earned = 0
        for item in items:
            assert item is not None, "an edition has the items that were drawn from it"
            is_wrong = not is_passed and _is_single(item) and (item.critical or earned >= 7)
            certainty = Certainty.SURE if is_sure and item.critical else Certainty.FAIRLY
            self._add_answer(attempt, item, certainty, is_wrong=is_wrong)
            earned += not is_wrong
        attempt.earned, attempt.possible = Decimal(earned), len(items)
        attempt.passed = is_passed

    def _add_answer(
        self, attempt: Attempt, item: content.Item, certainty: Certainty, *, is_wrong: bool
    ) -> None:
        answer: Any = right_answer(item)
        if is_wrong:
            answer = [next(option.key for option in item.options if not option.correct)]
        given = {"attempt": attempt, "item_key": item.key, "answer": answer, "certainty": certainty}
        saved_at = attempt.opened_at + HOUR / 8
        self.responses.append(
            Response(**given, event_id=uuid.uuid4(), sequence=1, saved_at=saved_at)
        )
        self.scores.append(ItemScore(**given, earned=Decimal(not is_wrong)))


def _begun(enrolment: Enrolment, lesson: content.Lesson, seen_at: datetime) -> LessonRecord:
    step = lesson.steps[1] if len(lesson.steps) > 1 else lesson.steps[0]
    return LessonRecord(
        enrolment=enrolment,
        lesson_key=lesson.key,
        version=lesson.version,
        step_key=step.key,
        furthest=lesson.position(step.key) or 1,
        started_at=seen_at - HOUR / 2,
        seen_at=seen_at,
    )


def _is_single(item: content.Item) -> bool:
    return item.kind == "single"
