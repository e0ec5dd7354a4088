"""Who asks, at every request: the row of their session and their own. The rest is Django's.

Nothing is kept between requests, so that signing out and a new password end a session at once. What
is saved is time: both rows are read with SQL that is ready, since building it by the ORM takes
several times as long as the database takes to answer.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from courses.people.models import User
from courses.web.raw_sql import parameter

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
ANY_ID = -1  # stands in the compiled query for the id that is asked for


class SessionStore(db.SessionStore):
    """Django's sessions in the database, loaded without the ORM."""

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, without a key, where there is none or it has expired."""
        now = parameter(Session, "expire_date", timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(SESSION, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        loaded: dict[str, Any] = self.decode(row[0])
        return loaded


def user_with_navigation(user_id: int) -> User | None:
    """The user of this id with the navigation's flags, in one query; None for no such id.

    The query is `UserManager.with_navigation`, built once for each process.
    """
    sql, parameters = _compiled(connection.vendor, settings.COHORTS_STARTED_BY)
    values = [user_id if value == ANY_ID else value for value in parameters]
    users = list(User.objects.raw(sql, values))
    return users[0] if users else None


@cache
def _compiled(vendor: str, rule: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL and its parameters. Both arguments are what the result depends on."""
    sql, parameters = User.objects.with_navigation().filter(pk=ANY_ID).query.sql_with_params()
    return sql, tuple(parameters)
