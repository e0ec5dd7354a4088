"""What a drill knows of the database it runs on: who is signed in, what can be answered. It is made by `making`."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from tests.longruns.served import ROOT

SETTINGS = "tests.drills.settings"
PATIENCE = 300  # seconds to make it
FOR_LAST_RELEASE = "cast-for-last-release"
BEGUN = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Given:
    """One answer to an item: the form fields that give it, how it is stored, and whether it is the right one."""

    fields: dict[str, Any]
    stored: Any
    is_right: bool


@dataclass(frozen=True)
class House:
    """The cast on the same course: Ana has reached every step and begun no quiz. `sessions` are by name; a visitor has "".

    `routes` has an address for every route, with Ana's things in it; BEGUN stands where her attempt's key belongs.
    """

    database: str
    course: str
    quiz: str
    sessions: dict[str, str]
    routes: dict[str, str]
    answers: dict[str, list[Given]]
    nudge: str
    void: str


@dataclass(frozen=True)
class World:
    """`sessions` are of one person each; `answers` are by the key of an item, at least two different ones of each.

    `allowed` is how many attempts the rule of the quiz gives.
    """

    database: str
    course: str
    quiz: str
    allowed: int
    sessions: list[str]
    answers: dict[str, list[Given]]


@dataclass(frozen=True)
class Room:
    """A cohort that is given the course. `emails` are of people who have an account and are in no cohort.

    `join` is the path of the join link, `begin` that of the action that begins the first lesson.
    """

    database: str
    course: str
    quiz: str
    emails: list[str]
    join: str
    begin: str
    answers: dict[str, list[Given]]


def make_world(database: str, people: int) -> World:
    """Makes it in this empty database with so many people.

    Raises:
        RuntimeError: it could not be made; the message says why.
    """
    return World(database=database, **_made(database, str(people)))


def make_house(database: str, what: str = "cast") -> House:
    """The same with the cast; `FOR_LAST_RELEASE`: with a course the last release can read.

    Raises:
        RuntimeError: it could not be made; the message says why.
    """
    return House(database=database, **_made(database, what))


def make_room(database: str, people: int) -> Room:
    """The same with a room of so many people, half of whom have an account.

    Raises:
        RuntimeError: it could not be made; the message says why.
    """
    return Room(database=database, **_made(database, f"room-{people // 2}"))


def _made(database: str, what: str) -> dict[str, Any]:
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": SETTINGS}
    command = [sys.executable, "-m", "tests.drills.making", what]
    run = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"the world could not be made: {run.stderr.strip()[-2000:]}")
    told = json.loads(run.stdout)
    answers = {key: [Given(**one) for one in given] for key, given in told["answers"].items()}
    return told | {"answers": answers}
