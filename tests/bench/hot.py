"""Where the time of a request goes: `python -m tests.bench.hot [lesson|save|hand-in|auth|insert]`, by cProfile.

In this process, without gunicorn: what a profile says of shares is of use, its milliseconds are not.
"""

import cProfile
import pstats
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from tests.bench.__main__ import SETTINGS, make_world
from tests.bench.database import Postgres
from tests.bench.running import own_folder

if TYPE_CHECKING:
    from tests.bench.world import World

TIMES, SHOWN = 300, 45
Ask = Callable[[int], Any]


def asks(world: "World") -> dict[str, Ask]:
    """The requests of the ratios, as the test client makes them; each takes its number."""
    from django.test import Client

    from tests.bench.ratios import STEP

    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-encoding": "gzip"})

    def signed_in(session: str) -> Client:
        client.cookies["sessionid"] = session
        return client

    def save(n: int) -> Any:
        one = world.readers[n % 200]
        fields = {
            "event_id": str(uuid.uuid4()),
            "sequence": n // 200 + 1,
            "option": one.items[0]["options"][0],
        }
        path = f"/attempts/{one.attempt}/items/1/save/"
        return signed_in(one.session).post(path, fields, headers={"accept": "application/json"})

    def submit_attempt(n: int) -> Any:
        one = world.finishers[n]
        return signed_in(one.session).post(f"/attempts/{one.attempt}/submit/")

    return {
        "lesson": lambda n: signed_in(world.readers[n % 200].session).get(STEP),
        "auth": lambda n: signed_in(world.readers[n % 200].session).get("/anchor/auth/"),
        "save": save,
        "insert": lambda n: signed_in(world.readers[n % 200].session).post(
            "/anchor/insert/", {"text": "noticed"}
        ),
        "hand-in": submit_attempt,
    }


def show(name: str, ask: Ask) -> None:
    """Timed plainly first, then with the profiler, which makes everything slower."""
    for n in range(50):
        assert ask(n).status_code in (200, 302), name
    begun = time.process_time()
    for n in range(50, 50 + TIMES):
        ask(n)
    print(
        f"\n== {name}: {1000 * (time.process_time() - begun) / TIMES:.2f} ms of CPU, with the test client's own"
    )
    profile = cProfile.Profile()
    profile.enable()
    for n in range(50 + TIMES, 50 + 2 * TIMES):
        ask(n)
    profile.disable()
    stats = pstats.Stats(profile)
    for order in ("cumulative", "tottime"):
        stats.sort_stats(order).print_stats(SHOWN)


def main(names: list[str]) -> None:
    with ExitStack() as stack:
        stack.enter_context(own_folder(SETTINGS))
        found = asks(make_world(stack.enter_context(Postgres())))
        for name in names or found:
            show(name, found[name])
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1:])
