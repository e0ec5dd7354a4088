"""What the desk makes and finds for the walk: every scene question, every step, a result with mistakes. No figure here."""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils import timezone

from courses.assessment.actions import drawn_item, open_attempt, save_response
from courses.assessment.forms import Event
from courses.assessment.items import answer_keys, right_answer
from courses.assessment.models import Attempt
from courses.learning.actions import submit_attempt
from courses.learning.activity_forms import page_name
from courses.learning.models import Enrolment, LessonRecord
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import learn, wrong_answer
from tests.crawling import through


class Place(NamedTuple):
    """An activity, and the path of its step."""

    path: str
    name: str
    block: content.Block


def _shipped() -> list[Course]:
    return list(Course.objects.published())


def _path(course: content.Course, lesson: content.Lesson, step: content.Step) -> str:
    return f"/courses/{course.key}/lessons/{lesson.key}/{step.key}/"


def _places(email: str) -> Iterator[Place]:
    """Every activity of every course, in order, for somebody who has reached all and answered none."""
    for course in reach_all(email):
        for lesson in course.lessons:
            for step in lesson.steps:
                for block in step.blocks:
                    if block.is_activity:
                        name = page_name(lesson.key, block.key)
                        yield Place(_path(course, lesson, step), name, block)


def reach_all(email: str) -> list[content.Course]:
    user = User.objects.get(email=email)
    if not Enrolment.objects.filter(user=user).exists():
        for course in _shipped():
            through(user, course)
    return [content_of(course.edition_id) for course in _shipped()]


def every_step(email: str) -> list[str]:
    paths = []
    for course in reach_all(email):
        for lesson in course.lessons:
            paths += [_path(course, lesson, step) for step in lesson.steps]
    return paths


def scene_steps(email: str) -> list[dict[str, str]]:
    """The path and the name of every question in a step that shows a scene."""
    found = []
    for place in _places(email):
        if place.block.scene and place.block.item:
            found.append({"path": place.path, "name": place.name})
    return found


def scene_attempts(email: str) -> list[dict[str, Any]]:
    """Open attempts that ask every item with a scene: the key of each, and how many items it has."""
    user = User.objects.get(email=email)
    reach_all(email)
    attempts = []
    for course in _shipped():
        edition = content_of(course.edition_id)
        drawn = []
        for item in edition.items:
            if item.scene:
                drawn.append({"key": item.key, "options": answer_keys(item)})
        if drawn:
            quiz = edition.finals[0]
            attempt = open_attempt(user, course.pk, course.edition_id, quiz, timezone.now())
            Attempt.objects.filter(pk=attempt.pk).update(items=drawn)
            attempts.append({"key": str(attempt.key), "items": len(drawn)})
    return attempts


def longest_sort(email: str) -> dict[str, Any]:
    """The sort with the most cards."""
    sorts = [place for place in _places(email) if place.block.item and place.block.kind == "sort"]
    longest = max(sorts, key=lambda place: len(place.block.item.cards))
    cards = len(longest.block.item.cards)
    return {"path": longest.path, "name": longest.name, "cards": cards}


def choices_in_steps(email: str) -> list[dict[str, str]]:
    """Activities with one choice among a few, in order."""
    found = []
    for place in _places(email):
        if place.block.item and place.block.item.kind == "single":
            found.append({"path": place.path, "name": place.name})
    return found


def writing_step(email: str) -> dict[str, str]:
    """The first place where the learner writes for themselves."""
    for place in _places(email):
        if place.block.kind == "reflect":
            return {"path": place.path, "name": place.name}
    raise LookupError("no step asks for a reflection")


def take_with_mistakes(email: str, mistakes: int) -> str:
    """A final attempt at the first course with so many wrong answers, handed in; its key."""
    user, course = User.objects.get(email=email), _shipped()[0]
    enrolment = learn(user, course)
    quiz = content_of(course.edition_id).finals[0]
    attempt = open_attempt(user, course.pk, enrolment.edition_id, quiz, timezone.now())
    for number in range(1, len(attempt.items) + 1):
        item = drawn_item(attempt, number)
        answer = wrong_answer(item) if number <= mistakes else right_answer(item)
        event = Event(uuid.uuid4(), 1)
        save_response(user, attempt.key, item.key, answer, event, timezone.now())
    submit_attempt(user, attempt.key, timezone.now())
    return str(attempt.key)


def lessons_done(email: str) -> int:
    """How many lessons count as completed."""
    records = LessonRecord.objects.filter(enrolment__user__email=email)
    return records.filter(completed_at__isnull=False).count()


ACTIONS = (
    every_step,
    scene_steps,
    scene_attempts,
    longest_sort,
    choices_in_steps,
    writing_step,
    take_with_mistakes,
    lessons_done,
)
