"""Product and anchor in turn, on the same server. A figure is how much less CPU the anchor takes for one answer.

By CPU of workers and database, not by answers a second: those hold the load tool's own work too, which
is the same for both sides and would make every ratio look better.
"""

import json
import os
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from courses.assessment.models import Attempt, Response
from tests.bench import commands
from tests.bench.world import COURSE, HERE, Person, World
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

USERS = 8
SECONDS = 3  # of load in a round
LOCUST = ["-m", "locust", "-f", "tests/bench/locustfile.py", "--headless", "--json"]
ROUNDS = 3
HANDED_IN = 1500  # attempts ready for each round; where they run out, it is shorter
STEP = f"/courses/{COURSE}/lessons/lesson-1/{HERE}/"
CHECKED = STEP.replace(HERE, "step-2")

Work = dict[str, Any]


def work(kind: str, people: list[Person], **more: Any) -> Work:
    """What locust gets: see `locustfile`."""
    return {"kind": kind, "people": [asdict(person) for person in people], **more}


@dataclass(frozen=True)
class Round:
    """What a round came to: right answers, seconds, and seconds of CPU of the workers and the database."""

    done: int
    seconds: float
    cpu: float

    @property
    def cost(self) -> float:
        """Milliseconds of CPU for one answer."""
        return 1000 * self.cpu / self.done


def run(server: Served, folder: Path, work: dict[str, Any], seconds: int = SECONDS) -> Round:
    """One round of this work: see `locustfile` for what it holds.

    The CPU of the server is what counts, so it does not matter that locust takes its share of the
    machine, nor that starting it takes a moment. NotRun where an answer is not right.
    """
    file = folder / "work.json"
    file.write_text(json.dumps(work))
    size = ["-u", str(USERS), "-r", str(USERS), "-t", f"{seconds}s", "--host", server.url]
    before = server.cpu_seconds() + server.database_seconds()
    printed = commands.run([*LOCUST, *size], {**os.environ, "BENCH_WORK": str(file)})
    cpu = server.cpu_seconds() + server.database_seconds() - before
    (stats,) = json.loads(printed)
    took = stats["last_request_timestamp"] - stats["start_time"]
    return Round(stats["num_requests"], took, cpu)


class Ratios:
    """The comparisons, on one server."""

    def __init__(self, server: Served, folder: Path, world: World, report: Report) -> None:
        self.server, self.folder, self.world, self.report = server, folder, world, report
        self.sequence = 0

    def compare(
        self, name: str, target: float, product: Callable[[int], Work], anchor: Work
    ) -> int:
        """Prints the median ratio of the rounds, and returns how many answers the product gave in all.

        `product` makes the work of a round; 0 is for warming up.
        """
        for first in (product(0), anchor):
            run(self.server, self.folder, first, 1)
        ours, others = [], []
        for number in range(1, ROUNDS + 1):
            ours.append(run(self.server, self.folder, product(number)))
            others.append(run(self.server, self.folder, anchor))
        ratios = [other.cost / mine.cost for mine, other in zip(ours, others, strict=True)]
        ratio = statistics.median(ratios)
        words = f"{ratio:.2f} × ({min(ratios):.2f} to {max(ratios):.2f}"
        for side, sums in (("product", ours), ("anchor", others)):
            cost = statistics.median(one.cost for one in sums)
            rate = statistics.median(one.done / one.seconds for one in sums)
            words += f"; {side} {cost:.2f} ms of CPU, {rate:.0f}/s"
        self.report.at_least(name, ratio, target, f"{words})")
        return sum(one.done for one in ours)

    def page(self, name: str, target: float, path: str) -> None:
        """A page against A-auth, both compressed."""
        readers = self.world.readers
        mine = work("page", readers, paths=[path])
        anchor = work("page", readers, paths=["/anchor/auth/"])
        self.compare(name, target, lambda number: mine, anchor)

    def saving(self, name: str, target: float) -> None:
        """Saving one answer against A-ins."""

        def answers(number: int) -> Work:
            # above every sequence that the rounds before can have reached
            self.sequence += 1_000_000
            return work("answer", self.world.readers, sequence=self.sequence)

        notes = work("note", self.world.readers)
        done = self.compare(name, target, answers, notes)
        attempts = [person.attempt for person in self.world.readers]
        stored = Response.objects.filter(attempt__key__in=attempts).count()
        if stored < done:
            raise NotRun(f"{done} answers were acknowledged and {stored} are stored")

    def handing_in(self, name: str, target: float) -> None:
        """Handing in ten right answers, which completes the course, against A-ins."""

        def attempts(number: int) -> Work:
            begin = 100 + HANDED_IN * (number - 1) if number else 0
            end = begin + (HANDED_IN if number else 100)
            return work("hand-in", self.world.finishers[begin:end])

        done = self.compare(name, target, attempts, work("note", self.world.readers))
        keys = [person.attempt for person in self.world.finishers]
        passed = Attempt.objects.filter(key__in=keys, passed=True).count()
        if passed < done:
            raise NotRun(f"{done} attempts were acknowledged and {passed} have passed")
