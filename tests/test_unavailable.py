"""Days on which the database does not answer, is full, or may only be read: a plain 503, and nothing half-written."""

import uuid

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from courses.assessment.models import Response
from tests.conftest import begin_quiz, drawn_item, right_answer

ERRORS = {
    "operational": OperationalError("server closed the connection"),
    "interface": InterfaceError("closed"),
}


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "wrapped":
        try:
            raise ERRORS["operational"]
        except OperationalError:
            raise RuntimeError("while handling it") from None
    raise ERRORS.get(kind) or ValueError("a fault of ours")


urlpatterns = [path("fail/<str:kind>/", fail, name="fail"), path("", include("elearn.urls"))]
handler400, handler500 = "courses.web.views.bad_request", "courses.web.views.server_error"
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite says it")


@pytest.fixture
def failing(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def save(client: Client, attempt, number: int = 1, sequence: int = 1):
    """What the script of a quiz page sends."""
    fields = {
        "option": right_answer(drawn_item(attempt, number)),
        "event_id": uuid.uuid4(),
        "sequence": sequence,
    }
    address = reverse("courses:save-response", args=[attempt.key, number])
    return client.post(address, fields, headers={"accept": "application/json"})


@pytest.mark.parametrize("kind", ["operational", "interface", "wrapped"])
def test_it_works(failing, db, kind):
    response = failing.get(f"/fail/{kind}/")
    page = response.content.decode()
    assert response.status_code == 503
    assert "cannot reach our records just now" in page
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"


def test_a_script_gets_json_that_means_try_again(failing, db):
    response = failing.get("/fail/operational/", headers={"accept": "application/json"})
    assert response.status_code == 503
    assert "saved" not in response.json()
    assert "error" in response.json()


def test_a_fault_of_ours_is_still_a_500(failing, db):
    assert failing.get("/fail/fault/").status_code == 500


@sqlite
def test_a_wrong_query_of_ours_is_a_500_and_no_bad_day(failing, db, monkeypatch):
    """SQLite calls a missing table an OperationalError as well: to wait does not help there."""

    def query() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")

    monkeypatch.setitem(ERRORS, "query", None)
    try:
        query()
    except OperationalError as error:
        monkeypatch.setitem(ERRORS, "query", error)
    assert failing.get("/fail/query/").status_code == 500


@sqlite
@pytest.mark.django_db(transaction=True)
def test_a_save_on_a_read_only_database_is_not_acknowledged(cast, course):
    attempt = begin_quiz(cast.ana, course)
    client = Client(raise_request_exception=False)
    client.force_login(cast.ana)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        response = save(client, attempt)
        page = client.post(reverse("courses:details"), {"name": "Ana", "profession": "gp"})
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
    assert (response.status_code, page.status_code) == (503, 503)
    assert not Response.objects.filter(attempt=attempt).exists()
    assert save(client, attempt).status_code == 200


@sqlite
@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_what_is_acknowledged_is_stored_and_the_rest_is_a_503(cast, course):
    attempt = begin_quiz(cast.ana, course)
    client = Client(raise_request_exception=False)
    client.force_login(cast.ana)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # else pages that other tests left free would be room enough
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        replies = [
            save(client, attempt, sequence=n) for n in range(1, 201)
        ]  # the last pages have some room
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    statuses = [reply.status_code for reply in replies]
    assert set(statuses) == {200, 503}
    assert Response.objects.filter(attempt=attempt).count() == statuses.count(200)
