"""A production install, `requirements.txt` alone, runs every management command.

Each command shows its help and does one real thing, in a database of its own, so that this runs
once and not on both. A new command needs a line in ACTIONS.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from courses.certificates.codes import code_of, show_code
from tests.conftest import TINY
from tests.installing import make_environment
from tests.longruns.served import status_of

ROOT = Path(__file__).parent.parent
FILES = (ROOT / "courses" / "management" / "commands").glob("[a-z]*.py")
COMMANDS = sorted(path.stem for path in FILES)
OURS = (
    "VAR_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "DEBUG",
    "DEMO",
)
STAFF, PATIENCE = "sam@example.org", 180  # seconds
CODE = show_code(code_of(7))
CLAIM = f"""
from django.utils import timezone
from courses.learning.certifying import claim_certificate
from courses.learning.queries import enrolment_progress_on
from courses.models import Certificate, User
ben = User.objects.get(email="ben@example.org")
claim_certificate(enrolment_progress_on(ben, "tiny"), "Ben Hughes", timezone.now())
Certificate.objects.filter(user=ben).update(code={code_of(7)!r})
"""

# In the order they are run; OUT is an empty folder. Those of Django are what the README names.
ACTIONS = {
    "migrate": ["--verbosity", "0"],
    "createcachetable": [],
    "check_courses": [TINY],
    "publish_courses": [TINY],
    "collectstatic": ["--noinput", "--verbosity", "0"],
    "createsuperuser": ["--noinput", "--email", STAFF, "--name", "Sam"],
    "course_report": [TINY, "--json"],
    "draw_scenes": ["OUT/scenes", TINY],
    "draw_exemplars": ["OUT/exemplars", "--blind", "2"],
    "export_items": ["tiny", "OUT/bank.gift", "--format", "gift", "--folder", TINY],
    "import_items": [
        "OUT/bank.gift",
        "OUT/items.yaml",
        "--format",
        "gift",
        "--lesson",
        "first-things",
    ],
    "make_demo": [],
    "rebuild_search": [],
    "send_due_reminders": [],
    "let_review": ["ben@example.org", "--by", STAFF],
    "regrade_item": ["tiny", "danger-a", "--by", STAFF, "--reason", "The key was wrong"],
    "shell": ["-c", CLAIM],
    "revoke_certificate": [CODE, "--by", STAFF, "--reason", "Issued in error"],
    "start_site": ["root@example.org", "--another"],
    "deliver_mail": [],
    "close_expired_attempts": [],
    "verify_audit": [],
    "ready": [],
    "backup": ["OUT/backup.zip"],
    "rehearse_backup": ["OUT/backup.zip"],
    "restore": ["OUT/backup.zip", "--replace"],
}
# `serve` becomes the server itself, and has a test of its own.
SHOW_HELP = """
import os, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "elearn.settings"
for name in sys.argv[1:]:
    try:
        execute_from_command_line(["manage.py", name, "--help"])
    except SystemExit as ended:
        if ended.code:
            raise
"""


@dataclass(frozen=True)
class Install:
    """An environment with what production has, and nothing else; `var` is its VAR_DIR."""

    python: Path
    var: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        kept |= {"VAR_DIR": str(self.var), "PYTHONPYCACHEPREFIX": str(self.var / "pycache")}
        return kept | {"DEMO": "1", "DJANGO_SUPERUSER_PASSWORD": "the-quiet-baby"}

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(self.python), *map(str, arguments)]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Install:
    folder = tmp_path_factory.mktemp("production")
    var = folder / "var"
    var.mkdir()
    return Install(make_environment(ROOT / "requirements.txt", folder / "venv"), var)


@pytest.fixture(scope="module")
def done(install: Install) -> dict[str, Any]:
    """What came of the action of each command, in a database that they fill."""
    found = {}
    for name, arguments in ACTIONS.items():
        given = [str(one).replace("OUT", str(install.var)) for one in arguments]
        found[name] = install.run("manage.py", name, *given)
    return found


def test_it_works(done):
    failed = {name: run.stderr[-500:] for name, run in done.items() if run.returncode}
    assert failed == {}
    assert "items written to" in done["export_items"].stdout
    assert "items written to" in done["import_items"].stdout
    assert "attempts looked at" in done["regrade_item"].stdout


def test_every_command_of_ours_has_an_action():
    assert set(COMMANDS) - set(ACTIONS) - {"serve"} == set(), "write a line in ACTIONS for these"


def test_every_command_shows_its_help(install):
    shown = install.run("-c", SHOW_HELP, *COMMANDS)
    assert shown.returncode == 0, shown.stderr[-2000:]
    for name in COMMANDS:
        assert f"usage: manage.py {name} " in shown.stdout


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        number = held.getsockname()[1]
    yield number


def test_it_serves(install, done, port):
    command = [str(install.python), "manage.py", "serve", "--port", str(port), "--workers", "1"]
    log = install.var / "serve.log"
    with log.open("w") as out:
        common = {"cwd": ROOT, "env": install.environment}
        server = subprocess.Popen(command, stdout=out, stderr=out, **common)
        try:
            until = time.monotonic() + PATIENCE
            while status_of(port, "/health/") != 200 and server.poll() is None:
                assert time.monotonic() < until, log.read_text()[-2000:]
                time.sleep(0.2)
            assert status_of(port, "/health/") == 200, log.read_text()[-2000:]
        finally:
            server.terminate()
            server.wait(20)


def test_nothing_of_development_is_there(install):
    """Else these tests would prove nothing."""
    for name in ("pytest", "hypothesis", "ruff", "playwright", "pypdf"):
        assert install.run("-c", f"import {name}").returncode == 1, name
