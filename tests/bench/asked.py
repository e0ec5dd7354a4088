"""What the client asks, and what a right answer is: pages, answers to save, quizzes to hand in, the anchors' row."""

import re
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from tests.bench.load import CONNECTIONS, Client, Failed, get, post
from tests.bench.served import ROOT
from tests.bench.world import Person

FORM = "application/x-www-form-urlencoded"
HTML, JSON = "text/html,application/xhtml+xml", "application/json"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')
COOKIE = re.compile(rb"\r\nset-cookie: *(csrftoken=[A-Za-z0-9]+)", re.I)


@dataclass(frozen=True)
class Browser:
    """What every form of a browser carries: its CSRF cookie, and the token a page gave it."""

    cookie: str
    token: str

    @classmethod
    def meeting(cls, client: Client, person: Person, page: str) -> "Browser":
        """A browser that has just loaded this page of the product as this person."""
        status, head, body = client.lines[0].ask(get(page, f"sessionid={person.session}"))
        cookie, token = COOKIE.search(head), TOKEN.search(body)
        if status != 200 or not cookie or not token:
            raise Failed(f"{page} answered {status} with no CSRF cookie or token")
        return cls(cookie[1].decode(), token[1].decode())

    def cookies(self, person: Person) -> str:
        return f"{self.cookie}; sessionid={person.session}"

    def form(
        self,
        path: str,
        person: Person,
        fields: dict[str, str],
        accept: str = HTML,
        *,
        parts: bool = False,
    ) -> bytes:
        """The POST of a form; `parts` as multipart, the way a script sends FormData."""
        sent = {"csrfmiddlewaretoken": self.token, **fields}
        body, kind = _multipart(sent) if parts else (urlencode(sent).encode(), FORM)
        return post(path, self.cookies(person), body, kind, accept)


def _multipart(fields: dict[str, str]) -> tuple[bytes, str]:
    mark = "----WebKitFormBoundary" + secrets.token_hex(8)
    lines = []
    for name, value in fields.items():
        lines += [f"--{mark}", f'Content-Disposition: form-data; name="{name}"', "", value]
    return "\r\n".join(
        [*lines, f"--{mark}--", ""]
    ).encode(), f"multipart/form-data; boundary={mark}"


def script_sends_parts() -> bool:
    """Whether the product's own script sends an answer as FormData (multipart) or as a plain form."""
    return "URLSearchParams" not in (ROOT / "static" / "js" / "answers.js").read_text()


def _dealt(people: Sequence[Person]) -> list[Iterator[Person]]:
    """For each connection people of its own, over and over: nobody asks twice at once."""
    return [cycle(people[slot::CONNECTIONS]) for slot in range(CONNECTIONS)]


class Same:
    """One request over and over."""

    def __init__(self, request: bytes) -> None:
        self.made = request

    def request(self, slot: int) -> bytes:
        return self.made

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        if status != 200:
            raise Failed(f"status {status}")


class Pages:
    """One page, by one person after the other."""

    def __init__(
        self, path: str, people: Sequence[Person], browser: Browser, *, gzip: bool
    ) -> None:
        made = {one.session: get(path, browser.cookies(one), gzip=gzip) for one in people}
        self.people = _dealt(people)
        self.made = made
        self.length = 0

    def request(self, slot: int) -> bytes:
        return self.made[next(self.people[slot]).session]

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        """The first answer fixes the length; Django pads compressed pages by up to 100 bytes, and names differ."""
        self.length = self.length or len(body)
        if status != 200 or abs(len(body) - self.length) > 250:
            raise Failed(
                f"status {status} with {len(body)} bytes, where {self.length} were expected"
            )


class Notes:
    """The anchor's row."""

    def __init__(self, people: Sequence[Person], browser: Browser) -> None:
        self.people = _dealt(people)
        self.made = {
            one.session: browser.form(
                "/anchor/insert/", one, {"text": "noticed, waited, asked"}, JSON
            )
            for one in people
        }
        self.done = 0

    def request(self, slot: int) -> bytes:
        return self.made[next(self.people[slot]).session]

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        if status != 200 or b'"saved"' not in body:
            raise Failed(f"the anchor's insert answered {status}")
        self.done += 1


class Answers:
    """Answers to save: person by person and item by item, each with an event of its own and the next sequence."""

    def __init__(self, people: Sequence[Person], browser: Browser) -> None:
        self.browser = browser
        self.people = _dealt(people)
        self.rounds: dict[str, int] = {}
        self.parts = script_sends_parts()
        self.done = 0

    def request(self, slot: int) -> bytes:
        person = next(self.people[slot])
        turn = self.rounds.get(person.session, 0)
        self.rounds[person.session] = turn + 1
        number, sequence = turn % len(person.items) + 1, turn // len(person.items) + 1
        option = person.items[number - 1]["options"][turn % 4]
        fields = {"event_id": str(uuid.uuid4()), "sequence": str(sequence), "option": option}
        path = f"/attempts/{person.attempt}/items/{number}/save/"
        return self.browser.form(path, person, fields, JSON, parts=self.parts)

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        if status != 200 or not body.startswith(b'{"saved": "'):
            raise Failed(f"saving answered {status}: {body[:200]!r}")
        self.done += 1


class HandIns:
    """Quizzes to hand in, each once: the work ends with the last of these people."""

    def __init__(self, people: Sequence[Person], browser: Browser) -> None:
        self.waiting = iter(
            [browser.form(f"/attempts/{one.attempt}/submit/", one, {}) for one in people]
        )
        self.done = 0

    def request(self, slot: int) -> bytes | None:
        return next(self.waiting, None)

    def check(self, slot: int, status: int, head: bytes, body: bytes) -> None:
        if status != 302 or b"/result/" not in head:
            raise Failed(f"handing in answered {status}")
        self.done += 1
