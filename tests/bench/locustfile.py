"""What locust asks of a server: one page, the anchor's row, answers to save, or quizzes to hand in.

`rounds.run` starts it with `BENCH_WORK`, the path of a JSON file: `kind` (a key of `REQUESTS`), the
`paths` of pages in turn, and `people` with their session, attempt and items. An answer that is not right is a failure.
"""

import json
import os
import secrets
import uuid
from itertools import count, cycle
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, constant, task
from locust.exception import StopUser

WORK: dict[str, Any] = json.loads(Path(os.environ["BENCH_WORK"]).read_text())
PEOPLE = cycle(WORK["people"])  # one greenlet runs at a time: the next person is nobody else's
ONCE = iter(WORK["people"])
PATHS = cycle(WORK.get("paths", []))
TURNS = count()
CSRF = secrets.token_hex(16)  # a form is taken where it says the same as the cookie
JSON = {"Accept": "application/json"}

# Importing locust takes seconds on a busy machine, and its run time would count from before them.
gevent.get_hub().loop.update_now()


class Learner(FastHttpUser):
    """One of eight at once, as a different person at each request."""

    wait_time = constant(0)
    network_timeout = connection_timeout = 15.0

    @task
    def ask(self) -> None:
        REQUESTS[WORK["kind"]](self)

    def get_page(self) -> None:
        person = next(PEOPLE)
        with self._request("GET", next(PATHS).format(**person), person) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}")

    def post_note(self) -> None:
        fields = {"text": "noticed, waited, asked"}
        with self._request("POST", "/anchor/insert/", next(PEOPLE), fields, JSON) as response:
            if b'"saved"' not in (response.content or b""):
                response.failure(f"status {response.status_code}")

    def save_answer(self) -> None:
        """Person by person and item by item, each with an event of its own and the next sequence."""
        turn, person = next(TURNS), next(PEOPLE)
        items = person["items"]
        at = turn // len(WORK["people"])
        item = items[at % len(items)]
        sequence = WORK["sequence"] + at // len(items)
        fields = {"event_id": str(uuid.uuid4()), "sequence": str(sequence)}
        fields["option"] = item["options"][turn % len(item["options"])]
        path = f"/attempts/{person['attempt']}/items/{at % len(items) + 1}/save/"
        with self._request("POST", path, person, fields, JSON) as response:
            if not (response.content or b"").startswith(b'{"saved": "'):
                response.failure(f"status {response.status_code}")

    def hand_in(self) -> None:
        """Each attempt once; the users stop with the last of these people."""
        person = next(ONCE, None)
        if person is None:
            raise StopUser
        path = f"/attempts/{person['attempt']}/submit/"
        with self._request("POST", path, person, {}) as response:
            if response.status_code != 302 or "/result/" not in response.headers["Location"]:
                response.failure(f"status {response.status_code}")

    def _request(
        self,
        method: str,
        path: str,
        person: dict[str, Any],
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """One request as a browser sends it from a page of ours, all under one name in the statistics."""
        cookies = f"csrftoken={CSRF}; sessionid={person['session']}"
        sent = {"Cookie": cookies, "Origin": self.host, "Accept-Encoding": "gzip, deflate"}
        body = None
        if fields is not None:
            body = {"csrfmiddlewaretoken": CSRF, **fields}
        return self.client.request(
            method,
            path,
            name=WORK["kind"],
            data=body,
            headers={**sent, **(headers or {})},
            allow_redirects=False,
            catch_response=True,
        )


REQUESTS = {
    "page": Learner.get_page,
    "note": Learner.post_note,
    "answer": Learner.save_answer,
    "hand-in": Learner.hand_in,
}
