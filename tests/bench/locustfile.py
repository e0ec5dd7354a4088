"""What locust asks of a server: pages, the anchor's row, answers to save, or quizzes to hand in.

`ratios.run` starts it with `BENCH_WORK`, the path of a JSON file: `kind` (a key of `REQUESTS`), the
`paths` of pages in turn, and `people` with their session, attempt and items. An answer that is not
right is a failure, with which locust ends with an error.
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

# Importing locust takes seconds on a busy machine, and its run time would count from before them.
gevent.get_hub().loop.update_now()

Request = tuple[dict[str, Any], str, dict[str, str] | None]  # person, path, fields of a form


def page() -> Request:
    person = next(PEOPLE)
    return person, next(PATHS).format(**person), None


def note() -> Request:
    return next(PEOPLE), "/anchor/insert/", {"text": "noticed, waited, asked"}


def answer() -> Request:
    """Person by person and item by item, each with an event of its own and the next sequence."""
    turn, person = next(TURNS), next(PEOPLE)
    round_number, at = divmod(turn // len(WORK["people"]), len(person["items"]))
    options = person["items"][at]["options"]
    sequence = WORK["sequence"] + round_number
    fields = {"event_id": str(uuid.uuid4()), "sequence": str(sequence)}
    fields["option"] = options[turn % len(options)]
    return person, f"/attempts/{person['attempt']}/items/{at + 1}/save/", fields


def hand_in() -> Request:
    """Each attempt once; the users stop with the last of these people."""
    person = next(ONCE, None)
    if person is None:
        raise StopUser
    return person, f"/attempts/{person['attempt']}/submit/", {}


REQUESTS = {"page": page, "note": note, "answer": answer, "hand-in": hand_in}


class Learner(FastHttpUser):
    """One of eight at once, as a different person at each request."""

    wait_time = constant(0)
    network_timeout = connection_timeout = 15.0

    @task
    def ask(self) -> None:
        kind = WORK["kind"]
        person, path, fields = REQUESTS[kind]()
        headers = {
            "Cookie": f"csrftoken={CSRF}; sessionid={person['session']}",
            "Origin": self.host,
            "Accept-Encoding": "gzip, deflate",
            "Accept": "application/json" if kind in ("note", "answer") else "text/html",
        }
        more: dict[str, Any] = {"headers": headers, "allow_redirects": False}
        if fields is not None:
            more["data"] = {"csrfmiddlewaretoken": CSRF, **fields}
        method = "GET" if fields is None else "POST"
        expected = 302 if kind == "hand-in" else 200
        with self.client.request(method, path, name=kind, catch_response=True, **more) as response:
            if response.status_code != expected:
                response.failure(f"{path} answered {response.status_code}")
