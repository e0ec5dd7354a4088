"""A connection that gives up on a silent server.

`statement_timeout` is the server's own watch: one that is frozen, or gone without a word, never looks at it. libpq has
no time limit for an answer, so it is kept here, around the one function of psycopg that waits.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql import base

ALIVE_WITHIN = 5  # seconds for a kept connection to say that it is still there


class DatabaseWrapper(base.DatabaseWrapper):
    """Reads `PATIENCE` of the database's settings: seconds for the answer to one statement; 0 waits for ever."""

    patience: float = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self.patience = self.settings_dict.get("PATIENCE", 0)
        if self.patience:
            self._limit(connection)
        return connection

    def _limit(self, connection: psycopg.Connection) -> None:
        """Makes the connection close and raise OperationalError where an answer takes longer than `patience`."""
        wait = connection.wait

        def wait_with_limit(
            gen: Generator[Any, Any, Any], interval: float = 0.1, timeout: float | None = None
        ) -> Any:
            try:
                return wait(gen, interval=interval, timeout=timeout or self.patience)
            except psycopg.errors._WaitTimeout:
                # Closed, or Django would ask it once more whether it is alive, and wait again.
                connection.close()
                words = f"no answer from the server in {self.patience} seconds"
                raise psycopg.OperationalError(words) from None

        connection.wait = wait_with_limit  # type: ignore[method-assign]

    def is_usable(self) -> bool:
        """Django asks a kept connection before its first use in a request: that has a shorter time than a page."""
        before = self.patience
        self.patience = min(before, ALIVE_WITHIN)
        try:
            return super().is_usable()
        finally:
            self.patience = before
