"""What is stored, read by a fresh connection that shares nothing with the product: no ORM, no cache, no session."""

import json
import sqlite3
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

ATTEMPTS = (
    "SELECT a.id, a.key, a.user_id, a.quiz_key, a.number, a.state, a.items FROM courses_attempt a"
)
RESPONSES = (
    "SELECT r.attempt_id, r.item_key, r.answer, r.event_id, r.sequence FROM courses_response r"
)
SCORES = "SELECT s.attempt_id, s.item_key, s.answer FROM courses_itemscore s"


@dataclass(frozen=True)
class Attempt:
    pk: int
    key: uuid.UUID
    user: int
    quiz: str
    number: int
    state: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Response:
    attempt: uuid.UUID
    item: str
    answer: Any
    event: uuid.UUID
    sequence: int


class Stored:
    """Everything of the attempts in a database at this moment."""

    def __init__(self, database: str) -> None:
        self.attempts = [
            Attempt(
                pk, _uuid(key), user, quiz, number, state, tuple(one["key"] for one in _json(items))
            )
            for pk, key, user, quiz, number, state, items in _select(database, ATTEMPTS)
        ]
        keys = {one.pk: one.key for one in self.attempts}
        self.responses = [
            Response(keys[attempt], item, _json(answer), _uuid(event), sequence)
            for attempt, item, answer, event, sequence in _select(database, RESPONSES)
        ]
        self.scores: dict[tuple[uuid.UUID, str], list[Any]] = defaultdict(list)
        for attempt, item, answer in _select(database, SCORES):
            self.scores[keys[attempt], item].append(_json(answer))
        self.by_event: dict[uuid.UUID, list[Response]] = defaultdict(list)
        for one in self.responses:
            self.by_event[one.event].append(one)

    def newest(self) -> dict[tuple[uuid.UUID, str], Response]:
        """The response that counts for each answered item of each attempt."""
        found: dict[tuple[uuid.UUID, str], Response] = {}
        for one in sorted(self.responses, key=lambda response: response.sequence):
            found[one.attempt, one.item] = one
        return found

    def doubled(self) -> int:
        """How many rows are there beside another that is the same thing: attempts, responses, scores."""
        numbers = Counter((one.user, one.quiz, one.number) for one in self.attempts)
        opened = Counter((one.user, one.quiz) for one in self.attempts if one.state == "open")
        events = Counter((one.attempt, one.event) for one in self.responses)
        places = Counter((one.attempt, one.item, one.sequence) for one in self.responses)
        scores = Counter({place: len(answers) for place, answers in self.scores.items()})
        return sum(
            count - 1
            for found in (numbers, opened, events, places, scores)
            for count in found.values()
        )

    def counted_otherwise(self) -> int:
        """How many items of scored attempts were scored with another answer than the newest that is stored."""
        newest, scored = self.newest(), {one.key for one in self.attempts if one.state == "scored"}
        return sum(
            answers != [newest[place].answer if place in newest else None]
            for place, answers in self.scores.items()
            if place[0] in scored
        )


def _select(database: str, sql: str) -> Iterator[tuple[Any, ...]]:
    if database.startswith("sqlite:///"):
        connection = sqlite3.connect(
            f"file:{database.removeprefix('sqlite:///')}?mode=ro", uri=True
        )
        try:
            yield from connection.execute(sql)
        finally:
            connection.close()
        return
    with psycopg.connect(database) as other:
        yield from other.execute(sql)


def items_of(database: str, attempt: str) -> list[str]:
    """The keys of an attempt's items in the order it asks them; `attempt` is its address."""
    key = uuid.UUID(attempt.split("/")[2]).hex
    return [
        one["key"]
        for one in _json(
            value_of(database, f"SELECT a.items FROM courses_attempt a WHERE a.key = '{key}'")
        )
    ]


def value_of(database: str, sql: str) -> Any:
    """The one value this asks for."""
    ((value,),) = _select(database, sql)
    return value


def _uuid(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
