"""What the tests of leaks lean on: opening everything a person can open, and saving answers as a page does. No test here.

The tiny course has a CANARY- marker in every private field: feedback, model answer, criterion, the key of a scene.
"""

import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.authoring.publishing import publish
from courses.learning.actions import enrol
from courses.learning.lesson_actions import begin_lesson, finish_step
from courses.library import content
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import Cast, fields_of, person, whole

MARK = "CANARY"
NAME = "NAMED-"
SECRET = "My own words about one hard morning"


def publish_whole(tiny_content: list[content.Course], *, is_named: bool = False) -> Course:
    """Publishes the tiny course with a quiz that asks all its items; where `is_named`, with NAME before its names."""
    course = whole(tiny_content[0])
    publish([named(course) if is_named else course], timezone.now())
    return Course.objects.get(key="tiny")


def named(course: content.Course) -> content.Course:
    """The course with NAME before every name an author gave, so that each can be found wherever it stands.

    Names of the course, its lessons, steps and quizzes stay: they are the addresses of pages.
    """
    lessons = tuple(_named_lesson(lesson) for lesson in course.lessons)
    items = tuple(_named_item(item) for item in course.items)
    scenes = tuple(
        _with_names(scene, "key", item=_named_item(scene.item)) for scene in course.scenes
    )
    return course.model_copy(update={"lessons": lessons, "items": items, "scenes": scenes})


def _with_names(it: Any, *fields: str, **more: object) -> Any:
    names = {field: NAME + getattr(it, field) for field in fields if getattr(it, field)}
    return it.model_copy(update={**names, **more})


def _named_lesson(lesson: content.Lesson) -> content.Lesson:
    outcomes = tuple(_with_names(outcome, "key") for outcome in lesson.outcomes)
    steps = []
    for step in lesson.steps:
        blocks = tuple(_named_block(block) for block in step.blocks)
        steps.append(step.model_copy(update={"blocks": blocks}))
    return lesson.model_copy(update={"outcomes": outcomes, "steps": tuple(steps)})


def _named_block(block: content.Block) -> content.Block:
    moments = []
    for moment in block.moments:
        choices = tuple(_with_names(choice, "to") for choice in moment.choices)
        moments.append(_with_names(moment, "key", choices=choices))
    item = _named_item(block.item) if block.item else None
    return _with_names(block, "key", "scene", item=item, moments=tuple(moments))


def _named_item(item: content.Item) -> content.Item:
    cards = tuple(_with_names(card, "group") for card in item.cards)
    groups = tuple(_with_names(group, "key") for group in item.groups)
    return _with_names(item, "key", "outcome", "parallel", "scene", cards=cards, groups=groups)


def through(user: User, course: Course) -> None:
    """The learner has reached every step and answered no activity."""
    enrolment = enrol(user, course, timezone.now())
    for lesson in content_of(enrolment.edition_id).lessons:
        record = begin_lesson(enrolment, lesson, timezone.now())
        for step in lesson.steps[:-1]:
            finish_step(record, lesson, step, {}, timezone.now())
            record.refresh_from_db()


def numbers_of(attempt: Attempt) -> range:
    return range(1, len(attempt.items) + 1)


def everything_in(response: HttpResponse) -> str:
    """Headers, cookies and body, as they leave."""
    return f"{response.headers}\n{response.cookies}\n{response.content.decode(errors='replace')}"


def crawl(client: Client, *more: str) -> dict[str, str]:
    """Everything one can open from the first page by links and forms' addresses, and from these addresses: url → all of it."""
    waiting = [
        "/",
        "/see/",
        "/verify/",
        "/join/",
        "/cohorts/",
        "/record/",
        "/practice/",
        "/seen-by-trainer/",
        "/health/",
        *more,
    ]
    found: dict[str, str] = {}
    while waiting:
        url = waiting.pop()
        if url in found or url.startswith(("/static/", "/admin/jsi18n")):
            continue
        response = client.get(url)
        found[url] = everything_in(response)
        links = re.findall(r'(?:href|action|src|data-motion)="([^"]+)"', found[url])
        for link in [*links, response.headers.get("Location", "")]:
            parts = urlsplit(urljoin(url, unescape(link)))
            if link and not parts.netloc and parts.path != reverse("account_logout"):
                waiting.append(parts.path)  # sorting and filtering of the admin's lists have no end
    return found


def marked(pages: dict[str, str], mark: str = MARK) -> list[str]:
    return sorted(url for url, text in pages.items() if mark in text)


def things_of(cast: Cast, attempt: Attempt) -> list[str]:
    """The addresses of everything of Ana's and of her cohort, for whoever tries them."""
    learner = reverse("courses:learner", args=[cast.cohort.key, "tiny", cast.ana.key])
    items = [reverse("courses:item", args=[attempt.key, number]) for number in numbers_of(attempt)]
    pages = [
        reverse(f"courses:{name}", args=[attempt.key])
        for name in ("attempt", "review-attempt", "result")
    ]
    steps = [
        reverse("courses:step", args=["tiny", lesson.key, step.key])
        for lesson in content_of(attempt.edition_id).lessons
        for step in lesson.steps
    ]
    quiz = reverse("courses:quiz", args=["tiny", "final"])
    return [learner, f"{learner.rsplit('/', 2)[0]}/csv/", quiz, *items, *pages, *steps]


def everybody(cast: Cast) -> list[User | None]:
    root = person("Root", is_staff=True, is_superuser=True)
    return [None, cast.ana, cast.ben, cast.tess, cast.mo, cast.olga, cast.sam, root]


def save(
    client: Client, attempt: Attempt, number: int, answer: Any, **headers: str
) -> HttpResponse:
    return post(client, attempt, number, fields_of(answer), **headers)


def post(
    client: Client, attempt: Attempt, number: int, fields: dict[str, Any], **headers: str
) -> HttpResponse:
    """What a page sends for an item, with the newest sequence unless `fields` have another."""
    sent = {"event_id": str(uuid.uuid4()), "sequence": 1 + attempt.responses.count(), **fields}
    return client.post(
        reverse("courses:save-response", args=[attempt.key, number]), sent, **headers
    )


def junk(answer: Any) -> dict[str, Any]:
    """The fields of an answer, each with what the item does not have."""
    return dict.fromkeys(fields_of(answer), "no-such-thing")


JSON = {"headers": {"accept": "application/json"}}


def items_in_lessons(course: Course) -> list[content.Item]:
    lessons = content_of(course.edition_id).lessons
    return [
        block.item
        for lesson in lessons
        for step in lesson.steps
        for block in step.blocks
        if block.item
    ]


def answer_step(client: Client, step: str, activity: str, **sent: object) -> HttpResponse:
    return client.post(
        reverse("courses:answer-activity", args=["tiny", "first-things", step, activity]), sent
    )
