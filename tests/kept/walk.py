"""The newest code over a kept database: every page opens, and people go on with what they began.

`main`, once Django is set up, does so in the database of the environment, which was migrated
before, and prints what is wrong as a JSON list; empty: nothing.
"""

import json
import re
import uuid
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.assessment.actions import drawn_item
from courses.assessment.items import right_answer
from courses.assessment.models import Attempt
from courses.certificates.models import Certificate
from courses.learning.lesson_actions import answer_activity
from courses.learning.models import Enrolment, LessonRecord
from courses.library.queries import content_of
from courses.people.models import User
from courses.portfolio.actions import index_editions
from courses.portfolio.results import search
from tests.conftest import PASSWORD, fields_of, tried

PEOPLE = ("ana", "ben", "tess", "mo", "olga", "sam", "rhea")
STARTS = (
    "/",
    "/courses/",
    "/courses/tiny/",
    "/verify/",
    "/join/",
    "/cohorts/",
    "/record/",
    "/practice/",
    "/seen-by-trainer/",
)
MOST = 150  # pages of one person; they have fewer
LINK = re.compile(r'(?:href|src)="([^"]+)"')
NOT_WALKED = ("/static/", "/admin/", "/account/logout/")
FINE = {200, 302}


def main() -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    print(
        json.dumps(
            [*migrations(), *going_on(), *handing_in(), *certificates(), *pages(), *searching()]
        )
    )


def migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"not migrated: {migration}" for migration, _ in waiting]


def client_of(name: str | None) -> Client:
    """A client signed in as this person; None is a visitor."""
    client = Client(raise_request_exception=False)
    if name:
        client.force_login(User.objects.get(email=f"{name}@example.org"))
    return client


def searching() -> list[str]:
    """What was published before there was a search is found, once publishing has run in this release."""
    index_editions()
    wrong = []
    ana = User.objects.get(email="ana@example.org")
    for enrolment in Enrolment.objects.held_by(ana):
        title = content_of(enrolment.edition_id).lessons[0].steps[0].title
        if not search(ana, title).count:
            wrong.append(f"ana finds no step called {title}")
    return wrong


def pages() -> list[str]:
    """Everything that links lead to, for everybody; a page of their own must be there."""
    wrong = []
    for name in (None, *PEOPLE):
        client, waiting, seen = client_of(name), list(STARTS if name else STARTS[:4]), set()
        while waiting and len(seen) < MOST:
            url = waiting.pop()
            if url in seen or url.startswith(NOT_WALKED):
                continue
            seen.add(url)
            response = client.get(url)
            if response.status_code not in FINE:
                wrong.append(f"{name or 'a visitor'}: {url} answers {response.status_code}")
            waiting += links_of(url, response)
        if len(seen) < 10:
            wrong.append(f"{name or 'a visitor'} sees {len(seen)} pages")
    return wrong


def links_of(url: str, response) -> list[str]:
    """The paths that a page leads to, on this site."""
    if response.streaming or "text/html" not in response.headers.get("Content-Type", ""):
        return []
    links = [*LINK.findall(response.content.decode()), response.headers.get("Location", "")]
    parts = [urlsplit(urljoin(url, unescape(link))) for link in links if link]
    return [part.path for part in parts if not part.netloc and part.path]


def going_on() -> list[str]:
    """Ana signs in by her old password, is led to where she was, and finishes her last lesson."""
    ana = Client(raise_request_exception=False)
    sent = {"login": "ana@example.org", "password": PASSWORD}
    signed_in = ana.post(reverse("account_login"), sent)
    if signed_in.status_code != 302 or "sessionid" not in ana.cookies:
        return [f"Ana cannot sign in: {signed_in.status_code}"]
    record = LessonRecord.objects.get(enrolment__user__email="ana@example.org", completed_at=None)
    here = reverse("courses:step", args=["tiny", record.lesson_key, record.step_key])
    led = ana.get(reverse("courses:lesson", args=["tiny", record.lesson_key]))
    wrong = []
    if led.headers.get("Location") != here:
        wrong.append("her lesson does not lead Ana to her step")
    if "/courses/tiny/" not in ana.get("/").content.decode():
        wrong.append("the first page does not lead Ana to her course")
    # A lesson is done once each of its checks was tried, also one that was begun before that rule.
    lesson = content_of(record.enrolment.edition_id).lesson(record.lesson_key)
    for key, answer in tried(lesson).items():
        answer_activity(record.enrolment, lesson.key, key, answer, timezone.now())
    ana.post(reverse("courses:finish-step", args=["tiny", record.lesson_key, record.step_key]))
    record.refresh_from_db()
    return wrong if record.completed_at else [*wrong, "Ana's lesson is not finished"]


def handing_in() -> list[str]:
    """Ana's open quiz: all is answered, it is handed in, and it shows its result."""
    attempt = Attempt.objects.get(user__email="ana@example.org", quiz_key="kinds", state="open")
    ana, saved = client_of("ana"), attempt.responses.count()
    for number in range(1, len(attempt.items) + 1):
        answer = fields_of(right_answer(drawn_item(attempt, number)))
        sent = {"event_id": str(uuid.uuid4()), "sequence": 10, **answer}
        ana.post(reverse("courses:save-response", args=[attempt.key, number]), sent)
    ana.post(reverse("courses:submit-attempt", args=[attempt.key]))
    result = ana.get(reverse("courses:result", args=[attempt.key]))
    attempt.refresh_from_db()
    wrong = [] if result.status_code == 200 else [f"the result answers {result.status_code}"]
    if attempt.responses.count() != saved + len(attempt.items):
        wrong.append("not every answer to the open quiz was saved")
    if (attempt.state, attempt.earned) != ("scored", len(attempt.items)):
        wrong.append(f"the open quiz is {attempt.state} with {attempt.earned} marks")
    return wrong


def certificates() -> list[str]:
    """Ben's certificate verifies for a visitor, who sees his name, and its PDF is made."""
    code = Certificate.objects.get(enrolment__user__email="ben@example.org").code
    verified = client_of(None).get(reverse("courses:verified", args=[code]), follow=True)
    wrong = []
    if "Ben Jones" not in verified.content.decode():
        wrong.append("Ben's certificate does not verify")
    printed = client_of("ben").get(reverse("courses:certificate-pdf", args=[code]), follow=True)
    body = printed.getvalue() if printed.streaming else printed.content
    if not body.startswith(b"%PDF"):
        wrong.append(f"Ben's certificate has no PDF: {printed.status_code}")
    if not Enrolment.objects.get(user__email="ben@example.org").completed_at:
        wrong.append("Ben's course is not completed any more")
    return wrong
