"""Whether the product can serve: 200 when it can, 503 with one plain reason when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.library.models import Course

ROOT = Path(__file__).parent.parent
ASK = """
import django; django.setup()
from django.conf import settings; settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
said = Client().get("/health/")
print(said.status_code, said.content.decode())
"""


def test_it_works(client, course):
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "courses": 1}
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


def test_without_a_course_it_cannot_serve(client, course):
    Course.objects.update(retired_at=timezone.now())
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "no course published"}


@pytest.mark.parametrize(
    "database", ["postgres://nobody:hush@127.0.0.1:1/none", "sqlite:////nowhere/at/all/db.sqlite3"]
)
def test_without_its_database_it_cannot_serve_and_says_so(tmp_path, database):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearn.settings",
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": database,
    }
    folder = Path(__file__).parent.parent
    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert said.stdout.strip() == '503 {"status": "database unreachable"}', said.stderr
    assert "hush" not in said.stdout


def test_a_new_database_without_tables_cannot_serve_yet(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearn.settings",
        "VAR_DIR": str(tmp_path),
    }
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/empty.sqlite3"
    folder = Path(__file__).parent.parent
    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert said.stdout.startswith("503"), said.stderr


def test_it_asks_the_database_once_and_begins_no_session(client, course):
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/health/")
    assert len(queries) == 1
    assert not response.cookies


def test_it_is_only_looked_at(client, course):
    assert client.head("/health/").status_code == 200
    for method in (client.post, client.put, client.delete):
        assert method("/health/").status_code == 405


LIVE, READY = "/health/live", "/health/ready"


def test_live_asks_no_database(client):
    """The test has no database: a query would fail it."""
    response = client.get(LIVE)
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "version": site.VERSION}


def test_ready_names_what_it_asked(client, course):
    cache.get("ready")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(READY)
    states = {"database": "ok", "migrations": "ok", "cache": "ok", "courses": "ok"}
    assert response.json() == {"status": "ok", "version": site.VERSION, "checks": states}
    assert response.status_code == 200
    assert len(queries) <= 4


@pytest.mark.parametrize("address", [LIVE, READY])
def test_load_balancers_ask_by_plain_http_and_any_host(client, course, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    for host in ("10.0.3.7:8000", "evil.example", "[fe80::1]", "not a host"):
        response = client.get(address, headers={"host": host})
        assert response.status_code == 200, host
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
    assert client.get("/health/", headers={"host": "evil.example"}).status_code in {301, 400}
    assert client.post(address).status_code == 405


def test_a_migration_that_is_not_applied_is_not_ready(client, course):
    recorder = MigrationRecorder(connection)
    last = recorder.migration_qs.filter(app="courses").order_by("-name").first()
    recorder.record_unapplied("courses", last.name)
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "problem"


def test_a_database_ahead_of_the_code_is_ready(client, course):
    MigrationRecorder(connection).record_applied("courses", "9999_of_the_next_release")
    assert client.get(READY).status_code == 200


def test_no_course_is_not_ready(client, course):
    Course.objects.update(retired_at=timezone.now())
    response = client.get(READY)
    assert (response.status_code, response.json()["checks"]["courses"]) == (503, "problem")


def test_a_missing_cache_is_a_warning(client, course, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    response = client.get(READY)
    assert (response.status_code, response.json()["checks"]["cache"]) == (200, "warning")


@pytest.mark.parametrize(
    "database", ["postgres://nobody:hush@127.0.0.1:1/none", "sqlite:////nowhere/at/all/db.sqlite3"]
)
def test_without_its_database_it_is_alive_and_not_ready(tmp_path, database):
    again = ASK[ASK.index("said =") :]
    ask = ASK.replace("/health/", READY) + again.replace("/health/", LIVE)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearn.settings",
        "VAR_DIR": str(tmp_path),
    }
    environment["DATABASE_URL"] = database
    said = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert said.stdout.splitlines()[0].startswith('503 {"status": "not ready"'), said.stderr
    assert said.stdout.splitlines()[1].startswith('200 {"status": "ok"')
    assert "hush" not in said.stdout + said.stderr
