"""SQL queries a page: counted in this process by Django's test client, on the same PostgreSQL and the same rows."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench.report import Report
from tests.bench.world import FIFTY, HERE, TEN, World

TURNS = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", re.I)
LIMITS = {"lesson step": 4, "course page": 5, "quiz page": 5, "handing in": 8, "cohort table": 6}


def count(session: str, path: str, status: int = 200, *, post: bool = False) -> int:
    """The statements of one request, those that open and close transactions left out."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies["sessionid"] = session
    with CaptureQueriesContext(connection) as captured:
        response = client.post(path) if post else client.get(path)
    if response.status_code != status:
        raise RuntimeError(f"{path} answered {response.status_code}, where {status} was expected")
    return sum(not TURNS.match(query["sql"]) for query in captured.captured_queries)


def step_counts(world: World) -> tuple[int, int]:
    """A step with a check in it, come to by Back, of the course with ten items and with fifty."""
    counts = []
    for person, course in ((world.readers[1], TEN), (world.fifty[1], FIFTY)):
        path = f"/courses/{course}/lessons/lesson-2/"
        count(person.session, path + f"{HERE}/")
        counts.append(count(person.session, path + "step-4/"))
    return counts[0], counts[1]


def onward_count(world: World) -> int:
    """The same step come to by Continue, which has written the place already."""
    path = f"/courses/{TEN}/lessons/lesson-3/"
    count(world.readers[1].session, f"{path}{HERE}/finish/", 302, post=True)
    return count(world.readers[1].session, path + "step-4/")


def page_counts(world: World, name: str, *arguments: str) -> tuple[int, int]:
    """A page of the course with the quiz of ten and of the one with fifty."""
    counts = []
    for person, course in ((world.readers[1], TEN), (world.fifty[1], FIFTY)):
        path = reverse(f"courses:{name}", args=[course, *arguments])
        count(person.session, path)
        counts.append(count(person.session, path))
    return counts[0], counts[1]


def hand_in_counts(world: World) -> tuple[int, int]:
    """Handing in ten and fifty right answers, which completes the course."""
    last = (world.finishers[-1], world.fifty[-1])
    counts = [
        count(one.session, reverse("courses:submit-attempt", args=[one.attempt]), 302, post=True)
        for one in last
    ]
    return counts[0], counts[1]


def cohort_counts(world: World) -> tuple[int, int]:
    """The trainer's table of 20 and of 500 learners."""
    counts = []
    for size in (20, 500):
        path = reverse("courses:cohort-progress", args=[world.cohorts[size].key, TEN])
        count(world.tess_session, path)
        counts.append(count(world.tess_session, path))
    return counts[0], counts[1]


def measure(world: World, report: Report) -> None:
    """One line each; the smaller and the larger must need the same."""
    items = ("10 items", "50 items")
    found = {
        "lesson step": (step_counts(world), items),
        "course page": (page_counts(world, "course"), items),
        "quiz page": (page_counts(world, "quiz", "final"), items),
        "handing in": (hand_in_counts(world), items),
        "cohort table": (cohort_counts(world), ("20 learners", "500 learners")),
    }
    for page, ((small, large), (few, many)) in found.items():
        is_good = small == large <= LIMITS[page]
        said = f"{small} with {few}, {large} with {many}"
        if page == "lesson step":
            said += f"; {onward_count(world)} when come to by Continue"
        report.holds(f"SQL queries, {page}", is_good, said)
