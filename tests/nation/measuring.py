"""How long a page takes beside the best SQL for the same answer, and what its queries read."""

import gzip
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.people.models import User
from tests.longruns.sessions import sessions

ROUNDS = 9


def client_of(user: User) -> Client:
    """A client signed in as this person, without the cost of a password."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = sessions([user], timezone.now() + timedelta(hours=12))[0]
    return client


def page(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return b"".join(response) if response.streaming else response.content


def seconds(action: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def median_seconds(action: Callable[[], Any], rounds: int = ROUNDS) -> float:
    action()  # what is made once, an edition or a plan, is not what is compared
    return statistics.median(seconds(action) for _ in range(rounds))


def ratio(product: Callable[[], Any], thin: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The median of product over thin, timed in alternation."""
    product(), thin()
    pairs = [(seconds(product), seconds(thin)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs) / statistics.median(
        pair[1] for pair in pairs
    )


def fetch(sql: str, *values: Any) -> list[Any]:
    """The rows of the hand-written SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def compressed(data: bytes) -> int:
    return len(gzip.compress(data, 6))


def count_queries(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


@dataclass(frozen=True)
class Reading:
    """What the plan of one query read and returned, in rows."""

    read: int
    returned: int
    sql: str

    @property
    def ratio(self) -> float:
        return self.read / max(self.returned, 1)


def readings(action: Callable[[], Any]) -> list[Reading]:
    """What the plans of the queries of a page read and returned, measured by running each again."""
    with CaptureQueriesContext(connection) as captured:
        action()
    found = []
    for query in captured.captured_queries:
        sql = query["sql"]
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "FOR UPDATE" not in sql:
            found.append(_reading(sql))
    return found


def _reading(sql: str) -> Reading:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + sql.replace("%", "%%"), [])
        answer = cursor.fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return Reading(_rows_read(plan), plan["Actual Rows"], sql)


def _rows_read(node: dict[str, Any]) -> int:
    """The rows that the scans below a node of a plan have read."""
    children = node.get("Plans", [])
    if "Scan" not in node["Node Type"] or "Bitmap Index" in node["Node Type"]:
        return sum(_rows_read(child) for child in children)
    own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    own = (own + node.get("Rows Removed by Index Recheck", 0)) * node["Actual Loops"]
    below = [child for child in children if "Bitmap" not in child["Node Type"]]
    return round(own) + sum(_rows_read(child) for child in below)
