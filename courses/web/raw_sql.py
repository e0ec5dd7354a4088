"""What SQL written by hand needs to run on SQLite and on PostgreSQL. The queries stand elsewhere.

SQL is written by hand only for the few requests that are most of the traffic: there, building the
same query with the ORM takes several times as long as the database takes to answer it.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models


def for_update(*tables: str) -> str:
    """The clause that locks the rows of these tables (or aliases) until the transaction ends.

    Empty on SQLite, where a transaction that writes is alone from its beginning.
    """
    if not connection.features.has_select_for_update:
        return ""
    return f" FOR UPDATE OF {', '.join(tables)}"


def json_type() -> str:
    """The type of a column of a JSONField."""
    return "jsonb" if connection.vendor == "postgresql" else "text"


def as_moment(value: datetime | str) -> datetime:
    """A moment that SQL written by hand gave: SQLite gives it as text, in UTC."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def parameter(model: type[models.Model], field: str, value: object) -> Any:
    """A value as the database stores it in this field: SQLite keeps a UUID as text, for example."""
    column: Any = model._meta.get_field(field)
    return column.get_db_prep_value(value, connection)
