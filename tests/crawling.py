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
from courses.learning.actions import begin_lesson, enrol, finish_step
from courses.library import content
from courses.library.loader import publish
from courses.library.models import Course
from courses.library.queries import content_of
from courses.people.models import User
from tests.conftest import Cast, fields_of, person, whole

MARK = "CANARY"
SECRET = "My own words about one hard morning"


def publish_whole(tiny_content: list[content.Course]) -> Course:
    """Publishes the tiny course with a quiz that asks all its items."""
    publish([whole(tiny_content[0])], timezone.now())
    return Course.objects.get(key="tiny")


def through(user: User, course: Course) -> None:
    """The learner has reached every step and answered no activity."""
    enrolment = enrol(user, course, timezone.now())
    for lesson in content_of(enrolment.edition_id).lessons:
        record = begin_lesson(enrolment, lesson, timezone.now())
        for step in lesson.steps[:-1]:
            finish_step(record, lesson, step, timezone.now())
            record.refresh_from_db()


def numbers_of(attempt: Attempt) -> range:
    return range(1, len(attempt.items) + 1)


def everything_in(response: HttpResponse) -> str:
    """Headers, cookies and body, as they leave."""
    return f"{response.headers}\n{response.cookies}\n{response.content.decode(errors='replace')}"


def crawl(client: Client, *more: str) -> dict[str, str]:
    """Everything one can open from the first page by links and forms' addresses, and from these addresses: url → all of it."""
    waiting = ["/", "/see/", "/verify/", "/join/", "/cohorts/", "/record/", "/seen-by-trainer/", "/health/", *more]
    found: dict[str, str] = {}
    while waiting:
        url = waiting.pop()
        if url in found or url.startswith(("/static/", "/admin/jsi18n")):
            continue
        response = client.get(url)
        found[url] = everything_in(response)
        links = re.findall(r'(?:href|action|src)="([^"]+)"', found[url])
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
    pages = [reverse(f"courses:{name}", args=[attempt.key]) for name in ("attempt", "review-attempt", "result")]
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


def save(client: Client, attempt: Attempt, number: int, answer: Any, **headers: str) -> HttpResponse:
    return post(client, attempt, number, fields_of(answer), **headers)


def post(client: Client, attempt: Attempt, number: int, fields: dict[str, Any], **headers: str) -> HttpResponse:
    """What a page sends for an item, with the newest sequence unless `fields` have another."""
    sent = {"event_id": str(uuid.uuid4()), "sequence": 1 + attempt.responses.count(), **fields}
    return client.post(reverse("courses:save-response", args=[attempt.key, number]), sent, **headers)


def junk(answer: Any) -> dict[str, Any]:
    """The fields of an answer, each with what the item does not have."""
    return dict.fromkeys(fields_of(answer), "no-such-thing")


JSON = {"headers": {"accept": "application/json"}}


def items_in_lessons(course: Course) -> list[content.Item]:
    lessons = content_of(course.edition_id).lessons
    return [block.item for lesson in lessons for step in lesson.steps for block in step.blocks if block.item]


def answer_step(client: Client, step: str, activity: str, **sent: object) -> HttpResponse:
    return client.post(reverse("courses:answer-activity", args=["tiny", "first-things", step, activity]), sent)
