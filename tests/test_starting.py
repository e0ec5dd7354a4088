"""A public site does not start without what it needs; the start, `check` and `manage.py ready` say so in the same words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from courses.web.starting import OWN_WORD_NAMES, start_problems
from tests.test_settings import PUBLIC, READ

ROOT = Path(__file__).parent.parent
KEY = "a key of a public site, " * 3
OWN_WORDS = ["RUN_BY", "SUPPORT_EMAIL", *OWN_WORD_NAMES]
MANY = PUBLIC | {"WEB_HOSTS": "3", "DATABASE_URL": "postgres://me:hush-hush@db/notice"}


def wrong(**values: str) -> list[str]:
    return [problem.setting for problem in start_problems(values)]


def without(values: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}


def manage(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with these settings and no others."""
    plain = {name: value for name, value in os.environ.items() if name not in READ}
    environment = {**plain, "VAR_DIR": str(folder), **given}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_it_works():
    assert wrong() == []
    assert wrong(**PUBLIC) == []
    assert wrong(**MANY) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (without(PUBLIC, "EMAIL_URL"), ["EMAIL_URL"]),
        (PUBLIC | {"EMAIL_URL": "consolemail://"}, ["EMAIL_URL"]),
        (PUBLIC | {"DEMO": "1"}, ["DEMO"]),
        (PUBLIC | {"DEBUG": "on"}, ["DEBUG"]),
        (PUBLIC | {"ALLOWED_HOSTS": "*"}, ["ALLOWED_HOSTS"]),
        (PUBLIC | {"ALLOWED_HOSTS": "notice.example,*"}, ["ALLOWED_HOSTS"]),
        (PUBLIC | {"ALLOWED_HOSTS": "other.example"}, ["ALLOWED_HOSTS"]),
        (PUBLIC | {"ALLOWED_HOSTS": ".notice.example"}, []),
        (PUBLIC | {"ALLOWED_HOSTS": ".example, Notice.Example"}, []),
        (without(PUBLIC, "ALLOWED_HOSTS"), ["ALLOWED_HOSTS"]),
        (without(PUBLIC, "BEHIND_PROXY"), ["BEHIND_PROXY"]),
        (PUBLIC | {"BEHIND_PROXY": "0"}, []),
        (without(PUBLIC, "BEHIND_PROXY") | {"PROXIES": "2"}, []),
        (without(PUBLIC, "SITE_URL"), ["SITE_URL", "ALLOWED_HOSTS"]),  # its default is local
        (PUBLIC | {"SITE_URL": "http://notice.example"}, []),
        (MANY | {"DATABASE_URL": ""}, ["DATABASE_URL"]),
        (MANY | {"DATABASE_URL": "sqlite:////var/db.sqlite3"}, ["DATABASE_URL"]),
        (without(MANY, "SECRET_KEY"), ["SECRET_KEY"]),
        (without(PUBLIC, "SECRET_KEY"), []),  # one machine keeps its own
        ({"WEB_HOSTS": "0"}, ["WEB_HOSTS"]),
        ({"WEB_HOSTS": "many"}, ["WEB_HOSTS"]),
        ({"WEB_HOSTS": "2"}, ["DATABASE_URL", "SECRET_KEY"]),
        (
            {"SITE_URL": "https://notice.example"},
            ["EMAIL_URL", "ALLOWED_HOSTS", "BEHIND_PROXY", *OWN_WORDS],
        ),
        (without(PUBLIC, "RETENTION"), ["RETENTION"]),
        (PUBLIC | {"DATA_CONTROLLER": " "}, ["DATA_CONTROLLER"]),
        (without(PUBLIC, *OWN_WORDS), OWN_WORDS),
    ],
)
def test_what_a_site_lacks_is_found_all_at_once(values, expected):
    assert wrong(**values) == expected


def test_a_problem_names_the_setting_its_value_and_what_is_allowed():
    (problem,) = start_problems(PUBLIC | {"ALLOWED_HOSTS": "other.example"})
    words = "ALLOWED_HOSTS='other.example': a list of hosts by name that holds 'notice.example'"
    assert str(problem).startswith(words)


@pytest.mark.parametrize(
    "words", [("migrate",), ("createcachetable",), ("runserver", "--noreload")]
)
def test_a_command_that_does_something_is_refused_with_every_problem(tmp_path, words):
    given = without(PUBLIC, "EMAIL_URL", "BEHIND_PROXY") | {"DEMO": "maybe"}
    done = manage(tmp_path, *words, **given)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert [line.split()[0].split("=")[0] for line in lines[1:]] == [
        "DEMO",
        "EMAIL_URL",
        "BEHIND_PROXY",
    ]


def test_the_server_does_not_start(tmp_path):
    plain = {name: value for name, value in os.environ.items() if name not in READ}
    environment = plain | {"VAR_DIR": str(tmp_path)} | without(PUBLIC, "EMAIL_URL")
    command = [sys.executable, "-c", "import elearn.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "EMAIL_URL is not set" in done.stderr


@pytest.mark.parametrize(
    "words", [("migrate", "--help"), ("help",), ("start_site", "--help"), ("--version",)]
)
def test_what_only_asks_is_answered(tmp_path, words):
    done = manage(tmp_path, *words, **without(PUBLIC, "EMAIL_URL"))
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_check_says_the_same(tmp_path):
    done = manage(tmp_path, "check", "--deploy", **without(PUBLIC, "EMAIL_URL"))
    assert done.returncode == 1
    assert "(courses.E001) EMAIL_URL is not set" in done.stderr


def test_ready_prints_every_setting_and_service_with_what_is_wrong(tmp_path):
    given = without(PUBLIC, "EMAIL_URL") | {
        "DATABASE_URL": "postgres://me:hush-hush@127.0.0.1:1/none"
    }
    done = manage(tmp_path, "ready", **given)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert "ok       SITE_URL='https://notice.example'" in lines
    assert any(line.startswith("problem  EMAIL_URL is not set:") for line in lines)
    assert any(line.startswith("problem  database: cannot be reached") for line in lines)
    assert any(line.startswith("problem  static files: not collected") for line in lines)
    assert lines[-1] == "not ready"
    assert "hush" not in done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr


def test_ready_asks_for_the_mail_server_and_gives_up_after_five_seconds(tmp_path):
    given = {"EMAIL_URL": "smtp://me:hush-hush@127.0.0.1:1"}
    done = manage(tmp_path, "ready", **given)
    assert (
        "problem  mail: 127.0.0.1 does not take our sign-in (ConnectionRefusedError)" in done.stdout
    )
    assert "hush" not in done.stdout + done.stderr


def test_ready_is_ready_when_the_readme_was_followed(tmp_path):
    """Every command of the README's list of a first start, and then it is."""
    before = manage(tmp_path, "ready")
    assert before.returncode == 1
    assert (
        "problem  migrations: not applied: account" in before.stdout
        or "cannot be read" in before.stdout
    )
    for words in (
        ["migrate"],
        ["createcachetable"],
        ["publish_courses"],
        ["collectstatic", "--no-input"],
    ):
        done = manage(tmp_path, *words, "--verbosity", "0")
        assert done.returncode == 0, done.stderr
    after = manage(tmp_path, "ready")
    assert after.returncode == 0, after.stdout
    assert after.stdout.splitlines()[-1] == "ready"
    assert "problem" not in after.stdout and "warning" not in after.stdout
