"""A database of the last release is migrated and walked: nobody loses what they had begun."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.longruns.postgres_server import Postgres
from tests.longruns.served import ROOT

KEPT = Path(__file__).parent / "kept"
POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
WALK = "import django; django.setup(); from tests.kept.walk import main; main()"
RELEASES = sorted({path.name.partition(".")[0] for path in KEPT.glob("*.gz")})
pytestmark = pytest.mark.drill  # on a database of its own, of the kind the tests run on


@pytest.fixture(params=RELEASES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database as the release left it."""
    release = request.param
    if not POSTGRES:
        path = tmp_path / "kept.sqlite3"
        path.write_bytes(gzip.decompress((KEPT / f"{release}.sqlite3.gz").read_bytes()))
        yield f"sqlite:///{path}"
        return
    dump = gzip.decompress((KEPT / f"{release}.sql.gz").read_bytes()).decode()
    with Postgres() as server:
        with psycopg.connect(server.product) as connection:
            connection.execute(dump)
        yield server.product


def run(database: str, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "DATABASE_URL": database, "VAR_DIR": str(folder)}
    environment |= {"DJANGO_SETTINGS_MODULE": "elearn.settings", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_it_works(kept, tmp_path):
    run(kept, tmp_path, "manage.py", "migrate", "--verbosity", "0")
    wrong = json.loads(run(kept, tmp_path, "-c", WALK))
    assert wrong == []


def test_the_last_release_is_kept():
    from tests.kept.release import LAST_RELEASE

    assert LAST_RELEASE in RELEASES
    for release in RELEASES:
        assert (KEPT / f"{release}.sqlite3.gz").exists()
        assert (KEPT / f"{release}.sql.gz").exists()
