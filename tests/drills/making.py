"""Makes the database of a drill: the tiny course, whose one quiz asks every kind of item, and people who learn it.

`python -m tests.drills.making WHAT` does so where the environment says, in an empty database, and prints what `world`
needs as JSON. WHAT is a number of people, `cast`, or `room-30` for a room of sixty, thirty of them with an account.
"""

import json
import sys
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from courses.assessment.accommodations import request_accommodation
from courses.authoring.courses import read_courses
from courses.certificates.codes import new_code
from courses.learning.models import Enrolment
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import TINY, fields_of, make_cast, person, right_answer, wrong_answer
from tests.crawling import publish_whole, through
from tests.drills.world import BEGUN, FOR_LAST_RELEASE
from tests.longruns.sessions import sessions
from tests.test_access import NEEDS, url_of

Told = dict[str, Any]
NEW_KINDS = {"look", "commitment"}  # of blocks, which the last release does not know


def main(what: str) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    tiny, problems = read_courses(TINY)
    assert not [problem for problem in problems if not problem.is_warning], problems
    if what == FOR_LAST_RELEASE:
        tiny = [without_what_is_new(course) for course in tiny]
    is_house = what in {"cast", FOR_LAST_RELEASE}
    row = publish_whole(tiny, is_named=is_house)
    course = content_of(row.edition_id)
    quiz = course.quizzes[0]
    answers = {item.key: answers_to(item) for item in course.items}
    if is_house:
        told = house(row)
    elif what.startswith("room-"):
        told = room(row, int(what.removeprefix("room-")))
    else:
        told = {"allowed": quiz.attempts, "sessions": crowd(row, int(what))}
    print(json.dumps({"course": course.key, "quiz": quiz.key, "answers": answers, **told}))


def without_what_is_new(course: content.Course) -> content.Course:
    """The course as an author keeps it until every server has this release: no block and no field that is new in it."""
    lessons = []
    for lesson in course.lessons:
        steps = [step.model_copy(update={"blocks": known_blocks(step)}) for step in lesson.steps]
        lessons.append(lesson.model_copy(update={"steps": tuple(steps)}))
    items = []
    for item in course.items:
        options = tuple(option.model_copy(update={"leans": ""}) for option in item.options)
        items.append(item.model_copy(update={"options": options}))
    return course.model_copy(update={"lessons": tuple(lessons), "items": tuple(items)})


def known_blocks(step: content.Step) -> tuple[content.Block, ...]:
    old = [block for block in step.blocks if block.kind not in NEW_KINDS]
    return tuple(block.model_copy(update={"near_miss": ""}) for block in old)


def crowd(row: Course, people: int) -> list[str]:
    """So many people, enrolled; a session of each."""
    now, names = timezone.now(), [f"Learner {n}" for n in range(people)]
    users = User.objects.bulk_create(
        User(email=f"{uuid.uuid4().hex}@example.org", name=name, password="!") for name in names
    )
    enrolled = (
        Enrolment(user=user, course=row, edition_id=row.edition_id, enrolled_at=now)
        for user in users
    )
    Enrolment.objects.bulk_create(enrolled)
    return sessions(users, now + timedelta(hours=12))


def house(row: Course) -> Told:
    """The cast and Root, whom nothing of the product is hidden from but answers; and the address of every route."""
    cast, now = make_cast(row), timezone.now()
    through(cast.ana, row)
    people = {
        name: getattr(cast, name) for name in ("ana", "ben", "tess", "mo", "olga", "sam", "rhea")
    }
    people["root"] = person("Root", is_staff=True, is_superuser=True)
    held = dict(zip(people, sessions(people.values(), now + timedelta(hours=12)), strict=True))
    begun, asked = (
        SimpleNamespace(key=BEGUN),
        request_accommodation(cast.ana, row.pk, "final", "time", "The line is slow", now),
    )
    things = SimpleNamespace(
        cast=cast,
        scored=begun,
        open=begun,
        asked=asked,
        certificate=SimpleNamespace(code=new_code()),
    )
    addresses = {
        route: url_of(things, route) for route in NEEDS if route not in {"", "account_logout"}
    }
    mine = [cast.cohort.key, row.key, cast.ana.key]
    deeds = {
        "nudge": reverse("courses:send-nudge", args=mine),
        "void": reverse("courses:void-attempt", args=[*mine, BEGUN]),
    }
    return {"sessions": {"visitor": "", **held}, "routes": addresses, **deeds}


def room(row: Course, people: int) -> Told:
    """Tess's cohort, given the course; and so many people who have an account and are in no cohort."""
    cast = make_cast(row)
    learners = [person(f"Learner-{n}") for n in range(people)]
    lesson = content_of(row.edition_id).lessons[0]
    return {
        "emails": [learner.email for learner in learners],
        "join": reverse("courses:join-cohort", args=[cast.cohort.join_code]),
        "begin": reverse("courses:begin-lesson", args=[row.key, lesson.key]),
    }


def answers_to(item: content.Item) -> list[Told]:
    """The right answer, one that earns nothing, and what lies between; all different."""
    right, wrong = right_answer(item), wrong_answer(item)
    if item.options:
        between = [[option.key] for option in item.options]
    else:
        between = [{key: right[key] if n % 2 else wrong[key] for n, key in enumerate(right)}]
    found = [right, wrong, *between]
    different = [answer for n, answer in enumerate(found) if answer not in found[:n]]
    return [
        {"fields": fields_of(one), "stored": one, "is_right": one == right} for one in different
    ]


if __name__ == "__main__":
    main(sys.argv[1])
