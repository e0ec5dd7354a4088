"""Whether the product can serve: 200 when it can, 503 with one plain reason when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.library.models import Course

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
    said = subprocess.run([sys.executable, "-c", ASK], cwd=folder, env=environment, capture_output=True, text=True)
    assert said.stdout.strip() == '503 {"status": "database unreachable"}', said.stderr
    assert "hush" not in said.stdout


def test_a_new_database_without_tables_cannot_serve_yet(tmp_path):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "elearn.settings", "VAR_DIR": str(tmp_path)}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/empty.sqlite3"
    folder = Path(__file__).parent.parent
    said = subprocess.run([sys.executable, "-c", ASK], cwd=folder, env=environment, capture_output=True, text=True)
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
