"""A learner's browser as the drills drive it: real HTTP to 127.0.0.1, and what came of each answer that was sent."""

import http.client
import json
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from tests.drills.world import Given

SILENCE = 20  # seconds without an answer until a request counts as lost
IDLE = 1  # seconds after which the server may have closed a connection, so that a new one is made
FORM = "application/x-www-form-urlencoded"
HTML, JSON = "text/html", "application/json"


class Outcome(Enum):
    """What a learner knows of a change. Of an unknown one it is not known whether it was stored."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reply:
    """`status` is 0 where no answer came, or only half of one."""

    status: int
    location: str = ""
    body: bytes = b""
    head: str = ""

    @property
    def length(self) -> int:
        """Characters of the head and bytes of the body."""
        return len(self.head) + len(self.body)

    def has(self, mark: str) -> bool:
        return mark in self.head or mark.encode() in self.body

    @property
    def attempt(self) -> str:
        """The address of the attempt it leads to; empty where it leads to none."""
        return (
            self.location if self.status == 302 and self.location.startswith("/attempts/") else ""
        )

    @property
    def is_error(self) -> bool:
        """Whether the server failed, or was not there."""
        return self.status == 0 or self.status >= 500

    @property
    def outcome(self) -> Outcome:
        """Of a saved answer, by the rule the page follows: only a receipt is an acknowledgement."""
        try:
            told = json.loads(self.body) if self.status in {200, 400, 409} else {}
        except ValueError:
            told = {}
        if self.status == 200 and told.get("saved"):
            return Outcome.ACKNOWLEDGED
        return Outcome.REFUSED if told.get("error") else Outcome.UNKNOWN


@dataclass(frozen=True)
class Change:
    """One change of an answer, as a page makes it."""

    item: str
    given: Given
    sequence: int
    event: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def fields(self) -> dict[str, Any]:
        return {**self.given.fields, "event_id": str(self.event), "sequence": self.sequence}


class Browser:
    """One signed-in person's connection, made anew where it broke. Not for two threads at once."""

    def __init__(self, port: int, session: str) -> None:
        self.token = secrets.token_hex(16)
        self.cookies = f"csrftoken={self.token}; sessionid={session}"
        self.used_at = 0.0
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SILENCE)

    def connect(self) -> None:
        """A fresh connection, so that the next request leaves at once."""
        self.connection.close()
        self.connection.connect()
        self.used_at = time.monotonic()

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str, method: str = "GET") -> Reply:
        return self._ask(method, path, None, {"Accept": HTML, "Cookie": self.cookies})

    def post(self, path: str, fields: Mapping[str, Any], accept: str = HTML) -> Reply:
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}, doseq=True)
        return self._ask(
            "POST", path, body, {"Accept": accept, "Cookie": self.cookies, "Content-Type": FORM}
        )

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Reply:
        if time.monotonic() - self.used_at > IDLE:
            self.connection.close()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return Reply(
                answer.status,
                answer.headers.get("Location", ""),
                answer.read(),
                str(answer.headers),
            )
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return Reply(0)
        finally:
            self.used_at = time.monotonic()

    def begin(self, course: str, quiz: str) -> Reply:
        """Asks to begin, or to go on with what is open; `attempt` of the reply is where it led."""
        return self.post(f"/courses/{course}/quiz/{quiz}/open/", {})

    def save(self, attempt: str, number: int, change: Change, accept: str = JSON) -> Reply:
        """Sends a change to the item at this place of the attempt, as the script of the page does, or as a form."""
        return self.post(f"{attempt}items/{number}/save/", change.fields, accept)
