"""Who may open what: one table over every route of the URLconf, for every role, GET and POST.

A route that is not in the table fails. `in` means: sent to sign in, and back to this page afterwards.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from courses.assessment.models import Attempt
from courses.certificates.actions import claim_certificate
from courses.certificates.codes import new_code, show_code
from courses.certificates.models import Certificate
from courses.learning.actions import begin_lesson, enrol, hand_in
from courses.learning.queries import standing_on
from courses.library.content import Course as Content
from courses.library.loader import publish
from courses.library.models import Course
from courses.library.queries import content_of
from courses.models import AuditEvent, Cohort, Nudge, Organisation
from courses.people.actions import join_cohort, start_cohort
from courses.people.models import User
from tests.conftest import PASSWORD, Cast, answer_all, begin_quiz, learn, right_answer

ROLES = ("visitor", "ana", "ben", "tess", "mo", "olga", "sam")
# Ana has completed the course and has a second attempt open; Ben has begun its first lesson; the others learn nothing.
# All objects are Ana's, or Tess's cohort with Ana in it. A row is a route, what GET gives each role, what POST gives.
TABLE = """
#                                    GET  visitor ana ben tess mo olga sam   POST visitor ana ben tess mo olga sam
home                                      200 200 200 200 200 200 200             405 405 405 405 405 405 405
health                                    200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:scene                             200 200 200 200 200 200 200             200 200 200 200 200 200 200
courses:catalogue                         200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:course                            200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:sources                           200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:enrol                             405 405 405 405 405 405 405             in  302 302 302 302 302 302
courses:lesson                            in  200 302 404 404 404 404             405 405 405 405 405 405 405
courses:begin-lesson                      405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:lesson-done                       in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:step                              in  200 200 404 404 404 404             405 405 405 405 405 405 405
courses:finish-step                       405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:answer-activity                   405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:quiz                              in  200 200 404 404 404 404             405 405 405 405 405 405 405
courses:open-attempt                      405 405 405 405 405 405 405             in  302 302 404 404 404 404
courses:attempt                           in  302 404 404 404 404 404             405 405 405 405 405 405 405
courses:item                              in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:save-response                     405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:review-attempt                    in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:submit-attempt                    405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:result                            in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:record                            in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:claim-certificate                 in  302 200 404 404 404 404             in  302 400 404 404 404 404
courses:certificate                       in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:certificate-pdf                   in  200 404 404 404 404 404             405 405 405 405 405 405 405
courses:keep-intention                    405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:verify                            200 200 200 200 200 200 200             302 302 302 302 302 302 302
courses:verified                          200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:join                              in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:join-cohort                       in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:details                           in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:seen-by-trainer                   in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:leave-cohort                      405 405 405 405 405 405 405             in  302 404 404 404 404 404
courses:cohorts                           in  200 200 200 200 200 200             405 405 405 405 405 405 405
courses:new-cohort                        in  200 200 200 200 200 200             in  302 302 302 302 302 302
courses:cohort                            in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:assign-course                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:renew-join-code                   405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:cohort-progress                   in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:cohort-csv                        in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:learner                           in  404 404 200 200 404 404             405 405 405 405 405 405 405
courses:send-nudge                        405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:grant-attempt                     405 405 405 405 405 405 405             in  404 404 302 404 404 404
courses:privacy                           200 200 200 200 200 200 200             405 405 405 405 405 405 405
courses:accessibility                     200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_login                             200 302 302 302 302 302 302             302 302 302 302 302 302 302
account_logout                            302 200 200 200 200 200 200             302 302 302 302 302 302 302
account_inactive                          200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_signup                            200 302 302 302 302 302 302             302 302 302 302 302 302 302
account_reauthenticate                    in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_email                             in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_email_verification_sent           200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_change_password                   in  200 200 200 200 200 200             in  302 302 302 302 302 302
account_set_password                      in  302 302 302 302 302 302             in  302 302 302 302 302 302
account_reset_password                    200 200 200 200 200 200 200             302 302 302 302 302 302 302
account_confirm_login_code                302 302 302 302 302 302 302             302 302 302 302 302 302 302
account_confirm_email                     200 200 200 200 200 200 200             404 404 404 404 404 404 404
account_reset_password_done               200 200 200 200 200 200 200             405 405 405 405 405 405 405
account_reset_password_from_key           200 200 200 200 200 200 200             200 200 200 200 200 200 200
account_reset_password_from_key_done      200 200 200 200 200 200 200             405 405 405 405 405 405 405
admin:index                               302 302 302 302 302 302 200             302 302 302 302 302 302 200
admin:login                               in  403 403 403 403 403 302             in  403 403 403 403 403 200
admin:logout                              405 405 405 405 405 405 405             302 302 302 302 302 302 200
"""


@dataclass
class World:
    """The cast with everything a URL can name. `other` is a second course, for what belongs to another parent."""

    cast: Cast
    tiny: Course
    other: Course
    scored: Attempt
    open: Attempt
    certificate: Certificate


def other_course(tiny: Content) -> Content:
    """The tiny course under other keys: `other`, with the quiz `other-final`."""
    quiz = tiny.quizzes[0].model_copy(update={"key": "other-final"})
    items = tuple(item.model_copy(update={"use": ("other-final",)}) for item in tiny.items)
    return tiny.model_copy(update={"key": "other", "title": "Other things", "quizzes": (quiz,), "items": items})


def build_world(cast: Cast, tiny: Content) -> World:
    publish([tiny, other_course(tiny)], timezone.now())
    course, now = Course.objects.get(key="tiny"), timezone.now()
    learn(cast.ana, course)
    attempt = begin_quiz(cast.ana, course)
    answer_all(cast.ana, attempt)
    scored = hand_in(cast.ana, attempt.key, now)
    certificate = claim_certificate(standing_on(cast.ana, "tiny"), "Ana Jones", now)
    enrolment = enrol(cast.ben, course, now)
    begin_lesson(enrolment, content_of(enrolment.edition_id).lessons[0], now)
    other = Course.objects.get(key="other")
    return World(cast, course, other, scored, begin_quiz(cast.ana, course), certificate)


@pytest.fixture
def world(cast, tiny_content) -> World:
    return build_world(cast, tiny_content[0])


def routes(resolver: object = None, names: str = "", path: str = "") -> Iterator[tuple[str, str, dict[str, int]]]:
    """Every route of the URLconf: its name with namespaces, its pattern, and what its URL needs."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield names + (entry.name or ""), here, entry.pattern.regex.groupindex
        else:
            yield from routes(entry, names + (f"{entry.namespace}:" if entry.namespace else ""), here)


NEEDS = {name: list(needs) for name, path, needs in routes() if not path.startswith("admin/") or not needs}


def url_of(world: World, route: str, **instead: object) -> str:
    """The address of a route with Ana's things in it, or with others `instead`."""
    known: dict[str, object] = {
        "course": "tiny",
        "lesson": "first-things",
        "step": "opening",
        "activity": "which-grows",
        "quiz": "final",
        "attempt": world.scored.key if route == "courses:result" else world.open.key,
        "number": 1,
        "code": world.cast.cohort.join_code if route == "courses:join-cohort" else show_code(world.certificate.code),
        "cohort": world.cast.cohort.key,
        "learner": world.cast.ana.key,
        "key": "none-like-this",
        "uidb36": "zz",
    }
    return reverse(route, kwargs={name: (known | instead)[name] for name in NEEDS[route]})


def data_of(world: World, role: str, route: str) -> dict[str, object]:
    """What a page would send to a route: a deed that would be done, were it this role's to do."""
    cast = world.cast
    tiny = content_of(world.tiny.edition_id)
    own = cast.other_cohort if role == "olga" else cast.cohort
    first = tiny.item(world.open.items[0]["key"])
    return {
        "courses:scene": {"option": tiny.scenes[0].item.options[0].key},
        "courses:answer-activity": {"option": right_answer(tiny.lessons[0].steps[0].activity("which-grows").item)},
        "courses:save-response": {"option": right_answer(first), "event_id": uuid.uuid4(), "sequence": 1},
        "courses:claim-certificate": {"name": "Somebody"},
        "courses:keep-intention": {"intention": "Wait and watch"},
        "courses:verify": {"code": world.certificate.code},
        "courses:join": {"code": cast.cohort.join_code},
        "courses:details": {"name": "Somebody", "profession": "gp"},
        "courses:new-cohort": {
            "organisation_name": "Elsewhere",
            "organisation": own.organisation.pk,
            "name": "Next",
            "course": "tiny",
            "due_on": "",
        },
        "courses:assign-course": {"course": "other", "due_on": ""},
        "courses:grant-attempt": {"reason": "The line broke down"},
        "account_login": {"login": cast.ben.email, "password": PASSWORD},
        "account_signup": {"name": "New", "email": "new@example.org", "profession": "gp", "password1": PASSWORD},
        "account_reauthenticate": {"password": PASSWORD},
        "account_email": {"email": "new@example.org", "action_add": ""},
        "account_change_password": {"oldpassword": PASSWORD, "password1": "the-loud-baby", "password2": "the-loud-baby"},
        "account_reset_password": {"email": cast.ben.email},
    }.get(route, {})


def clients(world: World, sign_in) -> dict[str, Client]:
    """A signed-in client for every role."""
    return {role: sign_in(getattr(world.cast, role, None)) for role in ROLES}


def undone(client: Client, method: str, url: str, data: dict[str, object] | None = None) -> tuple[HttpResponse, bool]:
    """The response, and whether it left every row as it was; what it did is taken back, cookies too."""
    fresh = Client()
    fresh.cookies.load(client.cookies.output(header="", sep=";"))
    before = rows()
    with transaction.atomic():
        response = getattr(fresh, method)(url, data or {})
        unchanged = rows() == before
        transaction.set_rollback(True)
    return response, unchanged


def rows() -> dict[str, list[tuple]]:
    """Every row of every table, but for sessions."""
    models = [model for model in apps.get_models() if model._meta.app_label in {"courses", "account"}]
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def outcome(response: HttpResponse, url: str) -> str:
    """The status, or `in` where it leads to signing in and back to this page or, for a deed, to its own."""
    login = reverse("account_login")
    if response.status_code == 302 and response["Location"].startswith(f"{login}?next="):
        return "in"
    return str(response.status_code)


def expected() -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """The table as route → (GET by role, POST by role)."""
    lines = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return {
        line[0]: (dict(zip(ROLES, line[1:8], strict=True)), dict(zip(ROLES, line[8:], strict=True))) for line in lines
    }


def plain(response: HttpResponse) -> str:
    """A page without what differs on every request by design: the form token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_it_works(world, sign_in):
    """Every route, every role, opened."""
    found = {}
    for role, client in clients(world, sign_in).items():
        for route in expected():
            url = url_of(world, route)
            response, unchanged = undone(client, "get", url)
            found[route, role] = outcome(response, url)
            assert unchanged or response.status_code in {200, 302}
            if role != "visitor":
                assert response["Cache-Control"] == "no-store" or found[route, role] == "x", (route, role)
    wrong = {key: (was, expected()[key[0]][0][key[1]]) for key, was in found.items() if was != expected()[key[0]][0][key[1]]}
    assert wrong == {}


def test_every_deed_is_done_by_whom_it_belongs_to_and_refused_to_others(world, sign_in):
    found, changed = {}, []
    for role, client in clients(world, sign_in).items():
        for route in expected():
            url = url_of(world, route)
            response, unchanged = undone(client, "post", url, data_of(world, role, route))
            found[route, role] = outcome(response, url)
            if found[route, role] in {"in", "400", "403", "404", "405"} and not unchanged:
                changed.append((route, role))
    wrong = {key: (was, expected()[key[0]][1][key[1]]) for key, was in found.items() if was != expected()[key[0]][1][key[1]]}
    assert wrong == {}
    assert changed == []
