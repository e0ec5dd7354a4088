"""A connection that gives up on a silent server.

`statement_timeout` is the server's own watch: one that is frozen, or gone without a word, never looks at it. libpq has
no time limit for an answer, so it is kept here, around the one function of psycopg that waits.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Reads `PATIENCE` of the database's settings: seconds for the answer to one statement; 0 waits for ever."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if patience := self.settings_dict.get("PATIENCE", 0):
            _limit(connection, patience)
        return connection


def _limit(connection: psycopg.Connection, patience: float) -> None:
    """Makes the connection close and raise OperationalError after so many seconds without an end of the answer."""
    wait = connection.wait

    def wait_with_limit(gen: Generator[Any, Any, Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return wait(gen, interval=interval, timeout=timeout or patience)
        except psycopg.errors._WaitTimeout:
            # Closed, or Django would ask this connection once more whether it is alive, and wait again.
            connection.close()
            raise psycopg.OperationalError(f"no answer from the server in {patience} seconds") from None

    connection.wait = wait_with_limit  # type: ignore[method-assign]
