"""PostgreSQL connections that stop waiting for a server that does not answer.

`statement_timeout` is enforced by the server, so it does not help when the server hangs or its
machine is gone. libpq has no time limit for an answer; so the limit is set here, around the one
function of psycopg that waits.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base

HEALTH_CHECK_TIMEOUT = 5  # seconds for a persistent connection to answer


class DatabaseWrapper(base.DatabaseWrapper):
    """`PATIENCE` in the database's settings is the seconds to wait for an answer; 0: for ever."""

    patience: float = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self.patience = self.settings_dict.get("PATIENCE", 0)
        if self.patience:
            self._limit(connection)
        return connection

    def _limit(self, connection: psycopg.Connection) -> None:
        """Closes the connection and raises OperationalError when an answer takes too long."""
        wait = connection.wait

        def wait_with_limit(
            gen: Generator[Any, Any, Any], interval: float = 0.1, timeout: float | None = None
        ) -> Any:
            try:
                return wait(gen, interval=interval, timeout=timeout or self.patience)
            except psycopg.errors._WaitTimeout:
                # On an open connection Django would ask whether it is usable, and wait again.
                connection.close()
                message = f"no answer from the server in {self.patience} seconds"
                raise psycopg.OperationalError(message) from None

        connection.wait = wait_with_limit  # type: ignore[method-assign]

    def is_usable(self) -> bool:
        """Django's health check of a persistent connection at the first query of a request."""
        patience = self.patience
        self.patience = min(patience, HEALTH_CHECK_TIMEOUT)
        try:
            return super().is_usable()
        finally:
            self.patience = patience
