"""The log: one line a request and one an event, with a key for a person, and nothing that anybody typed."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from courses.people.models import User
from tests.conftest import PASSWORD

ROOT = Path(__file__).parent.parent
CANARY = "canary-7319"


def fail(request: HttpRequest, typed: str) -> HttpResponse:
    """A view with a fault: its error quotes what was typed, as errors do."""
    answer = request.POST.get("answer", "")
    raise ValueError(f"cannot read {typed} {answer} {request.user.name}")


urlpatterns = [path("fail/<str:typed>/", fail, name="fail"), path("", include("elearn.urls"))]
handler400, handler500 = "courses.web.views.bad_request", "courses.web.views.server_error"


@pytest.fixture
def lines(capsys):
    """What was written to stderr since the last call, each line read as JSON."""
    from courses.web.logs import JsonFormatter

    for handler in logging.getLogger().handlers:
        if type(handler).__name__ == "StderrHandler":
            kept, handler.formatter = (handler, handler.formatter), JsonFormatter(site.VERSION)

    def read() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    kept[0].formatter = kept[1]


@pytest.fixture
def failing(settings) -> None:
    settings.ROOT_URLCONF = __name__


def quiet(user: User | None = None) -> Client:
    """A client that gets the page of an error, as a browser does."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def of(found: list[dict[str, object]], event: str) -> dict[str, object]:
    """The one line of this event."""
    (line,) = [line for line in found if line["event"] == event]
    return line


def test_it_works(cast, lines, sign_in):
    client = sign_in(cast.ana)
    lines()
    response = client.get(reverse("courses:course", args=["tiny"]) + f"?q={CANARY}")
    line = of(lines(), "request")
    assert (line["route"], line["method"], line["status"]) == ("courses:course", "GET", 200)
    assert line["person"] == str(cast.ana.key)
    assert line["request_id"] == response["X-Request-ID"]
    assert isinstance(line["ms"], int)
    assert line["version"] == site.VERSION
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])


def test_a_failing_view_leaves_a_trace_without_what_was_typed(cast, lines, failing):
    client = quiet(cast.ana)
    lines()
    response = client.post(f"/fail/{CANARY}/", {"answer": CANARY})
    found = lines()
    assert response.status_code == 500
    error, line = found[0], of(found, "request")
    assert error["level"] == line["level"] == "ERROR"
    assert error["event"] == "ValueError"
    assert error["request_id"] == line["request_id"] == response["X-Request-ID"]
    assert "ValueError" in error["trace"] and "in fail" in error["trace"]
    assert (line["route"], line["person"]) == ("fail", str(cast.ana.key))
    assert CANARY not in json.dumps(found) and "Ana" not in json.dumps(found)


def test_the_page_of_an_error_says_only_what_is_true(cast, lines, failing):
    response = quiet(cast.ana).get(f"/fail/{CANARY}/")
    page = response.content.decode()
    assert "We have been told" not in page
    assert response["X-Request-ID"] in page  # what to quote to whoever runs the site
    reply = quiet(cast.ana).get(f"/fail/{CANARY}/", headers={"accept": "application/json"})
    assert reply.status_code == 500
    assert reply.json()["error"]


def test_an_error_behind_an_error_is_traced_too(lines):
    from courses.web.logs import trace_of

    try:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ValueError(CANARY) from error
    except ValueError as error:
        text = trace_of(error)
    assert text.index("KeyError") < text.index("ValueError")
    assert text.count("in test_an_error_behind") == 2
    assert f"ValueError: {CANARY}" not in text


@pytest.mark.django_db
def test_what_the_database_says_of_itself_is_kept_and_of_rows_is_not(lines):
    from django.db import IntegrityError, OperationalError

    from courses.web.logs import trace_of

    assert "database is locked" in trace_of(OperationalError("database is locked\nDETAIL: canary"))
    assert "canary" not in trace_of(OperationalError("database is locked\nDETAIL: canary"))
    assert "ana@" not in trace_of(IntegrityError("Key (email)=(ana@example.org) already exists"))


def test_codes_and_keys_are_cut_from_addresses(cast, lines, sign_in):
    """Join codes, certificate codes, confirmation keys: only the name of the route is written."""
    client = sign_in(cast.ana)
    lines()
    for address in (
        f"/join/{cast.cohort.join_code}/",
        f"/verify/{CANARY}/",
        f"/account/confirm-email/{CANARY}/",
    ):
        client.get(address)
    client.get(f"/nowhere/{CANARY}/{cast.cohort.join_code}/")
    text = json.dumps(lines())
    assert text.count('"event": "request"') == 4
    assert CANARY not in text and cast.cohort.join_code not in text


def test_sign_ins_and_failures_are_written_without_the_address(cast, lines):
    client = Client()
    wrong = {"login": "Ana@example.org", "password": CANARY}
    client.post(reverse("account_login"), wrong)
    client.post(reverse("account_login"), wrong | {"password": PASSWORD})
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": "nobody@example.org", "password": CANARY})
    found = lines()
    first, second = [line for line in found if line["event"] == "sign-in failed"]
    assert first["level"] == "WARNING"
    assert re.fullmatch(r"[0-9a-f]{16}", first["account"]) and first["account"] != second["account"]
    assert (
        of(found, "signed in")["person"] == str(cast.ana.key) == of(found, "signed out")["person"]
    )
    text = json.dumps(found)
    assert CANARY not in text and PASSWORD not in text and "example.org" not in text.lower()


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("account_reauthenticate", {"password": CANARY}),
        (
            "account_change_password",
            {"oldpassword": CANARY, "password1": "new-pass-word", "password2": "new-pass-word"},
        ),
    ],
)
def test_a_wrong_password_of_a_signed_in_user_is_written(cast, lines, page, fields):
    client = Client()
    client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD})
    lines()
    client.post(reverse(page), fields)
    found = lines()
    line = of(found, "re-authentication failed")
    assert (line["level"], line["person"]) == ("WARNING", str(cast.ana.key))
    assert "sign-in failed" not in [line["event"] for line in found]
    assert CANARY not in json.dumps(found) and "example.org" not in json.dumps(found)


def test_sign_ups_and_new_passwords_are_written(cast, lines, sign_in, client):
    email, password = f"{CANARY}@example.org", f"{CANARY}-pass-word"
    fields = {
        "email": email,
        "password1": password,
        "name": CANARY,
        "profession": "gp",
        "agree": "on",
    }
    client.post(reverse("account_signup"), fields)
    assert User.objects.filter(email=email).exists()
    change = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    sign_in(cast.ben).post(reverse("account_change_password"), change)
    found = lines()
    assert of(found, "signed up")["person"] == str(User.objects.get(email=email).key)
    assert of(found, "password changed")["person"] == str(cast.ben.key)
    assert CANARY not in json.dumps(found)


def test_a_refused_form_token_is_a_warning_with_its_reason(cast, lines):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ana)
    lines()
    strict.post(reverse("courses:join"), {"code": CANARY})
    found = lines()
    assert of(found, "request")["level"] == "WARNING"
    assert "CSRF cookie not set" in json.dumps(found)
    assert CANARY not in json.dumps(found)


def test_a_person_is_asked_for_by_no_query_of_the_log(
    client, course, lines, django_assert_num_queries
):
    with django_assert_num_queries(0):
        client.get("/accessibility/")
    assert "person" not in of(lines(), "request")


def test_a_request_id_is_taken_from_a_trusted_proxy_alone(client, course, settings):
    given = {"x-request-id": "trace-0123456789"}
    assert client.get("/courses/", headers=given)["X-Request-ID"] != "trace-0123456789"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/courses/", headers=given)["X-Request-ID"] == "trace-0123456789"
    for junk in ("short", "a" * 65, "two words of text", 'quote"quote"quote', "ana@example.org"):
        assert client.get("/courses/", headers={"x-request-id": junk})["X-Request-ID"] != junk


def test_what_load_balancers_ask_every_second_is_not_written(client, course, lines):
    client.get("/health/live")
    assert lines() == []


def run(folder: Path, code: str, **given: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with these settings."""
    environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": "", **given}
    environment["DJANGO_SETTINGS_MODULE"] = "elearn.settings"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )


SAY = "import django, logging; django.setup(); logging.getLogger('courses.x').warning('hello')"


@pytest.mark.parametrize(("given", "is_json"), [({}, False), ({"LOG_FORMAT": "json"}, True)])
def test_it_is_text_in_development_and_json_where_that_is_set(tmp_path, given, is_json):
    line = run(tmp_path, SAY, **given).stderr.strip()
    assert "hello" in line
    assert line.startswith("{") is is_json


@pytest.mark.parametrize(
    ("given", "is_json"), [({}, False), ({"SITE_URL": "https://notice.example"}, True)]
)
def test_lines_of_gunicorn_itself_have_the_same_format(tmp_path, given, is_json):
    """Of an application that cannot be loaded, the worker and the master each write why they end."""
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "elearn.nowhere"]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "PYTHONWARNINGS": "ignore", **given}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "Worker failed to boot" in done.stderr
    assert "ModuleNotFoundError" in done.stderr
    if is_json:
        lines = done.stderr.splitlines()
        lines.remove("No module named 'elearn.nowhere'")  # printed, not logged, at such an end
        written = [json.loads(line) for line in lines]
        assert {"ERROR", "INFO"} <= {line["level"] for line in written}
        assert of(written, "Exception in worker process")["version"] == site.VERSION
    else:
        assert re.search(r"^[\d:]{8} ERROR   Exception in worker process$", done.stderr, re.M)


@pytest.mark.parametrize(
    ("message", "args", "event"),
    [
        ("Error handling request %s %s", ("GET", f"/verify/{CANARY}/"), "Error handling request"),
        (ValueError(CANARY), (), "ValueError"),
    ],
)
def test_a_trace_of_gunicorn_does_not_quote_the_request(message, args, event):
    from courses.web.logs import facts_of

    try:
        raise ValueError(CANARY)
    except ValueError:
        trace = sys.exc_info()
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, message, args, trace)
    assert facts_of(record)["event"] == event
    assert CANARY not in json.dumps(facts_of(record))


def test_what_a_client_sent_is_not_in_gunicorns_line_of_an_invalid_request():
    from courses.web.logs import event_of

    message = f"Invalid request from ip=192.0.2.7: Invalid HTTP Version: '{CANARY}'"
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, message, (), None)
    assert event_of(record) == "Invalid request"


def test_nothing_is_mailed_to_admins():
    assert logging.getLogger("django").handlers == []


def test_a_command_that_fails_leaves_a_line(tmp_path):
    """Its tables are missing: the error is one line with a trace, and the exit code says so."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DATABASE_URL": "", "LOG_FORMAT": "json"}
    command = [
        sys.executable,
        "manage.py",
        "let_review",
        f"{CANARY}@example.org",
        "--by",
        "sam@example.org",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    line = json.loads(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 1
    assert (line["level"], line["command"]) == ("ERROR", "let_review")
    assert "OperationalError" in line["trace"]
    assert CANARY not in done.stderr


def test_the_version_is_one():
    assert f'version = "{site.VERSION}"' in (ROOT / "pyproject.toml").read_text()
