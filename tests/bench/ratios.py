"""Product and anchor in turn, on the same server. A figure is how much less CPU the anchor takes for one answer.

By CPU of workers and database, not by answers a second: those hold the load tool's own work too, which
is the same for both sides and would make every ratio look better.
"""

import statistics
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from courses.assessment.models import Attempt, Response
from tests.bench import rounds
from tests.bench.rounds import Round
from tests.bench.world import COURSE, HERE, Person, World
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

ROUNDS = 3
HANDED_IN = 1500  # attempts ready for each round; where they run out, the round is shorter
STEP = f"/courses/{COURSE}/lessons/lesson-1/{HERE}/"
CHECKED = STEP.replace(HERE, "step-2")

Work = dict[str, Any]


def work(kind: str, people: list[Person], **more: Any) -> Work:
    """What locust gets: see `locustfile`."""
    return {"kind": kind, "people": [asdict(person) for person in people], **more}


class Ratios:
    """The comparisons, on one server."""

    def __init__(self, server: Served, folder: Path, world: World, report: Report) -> None:
        self.server, self.folder, self.world, self.report = server, folder, world, report
        self.sequence = 0

    def compare(
        self, name: str, target: float, product: Callable[[int], Work], anchor: Work
    ) -> Round:
        """Prints the median ratio of the rounds, and returns what the product did in all of them.

        `product` makes the work of a round; 0 is for warming up.
        """
        for first in (product(0), anchor):
            rounds.run(self.server, self.folder, first, 1)
        ratios, sides = [], (Round(), Round())
        for number in range(1, ROUNDS + 1):
            works = (product(number), anchor)
            pair = [rounds.run(self.server, self.folder, given) for given in works]
            ratios.append(pair[1].cost / pair[0].cost)
            for side, part in zip(sides, pair, strict=True):
                side.add(part)
        mine, other = sides
        ratio = statistics.median(ratios)
        words = f"{ratio:.2f} × ({min(ratios):.2f} to {max(ratios):.2f}; "
        words += f"CPU {mine.cost:.2f} ms against {other.cost:.2f} ms, of it in the database "
        words += f"{1000 * mine.database / mine.done:.2f} and "
        words += f"{1000 * other.database / other.done:.2f}; "
        words += f"{mine.rate:.0f}/s against {other.rate:.0f}/s)"
        self.report.at_least(name, ratio, target, words)
        return mine

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
        mine = self.compare(name, target, answers, notes)
        attempts = [person.attempt for person in self.world.readers]
        stored = Response.objects.filter(attempt__key__in=attempts).count()
        if stored < mine.done:
            raise NotRun(f"{mine.done} answers were acknowledged and {stored} are stored")

    def handing_in(self, name: str, target: float) -> None:
        """Handing in ten right answers, which completes the course, against A-ins."""

        def attempts(number: int) -> Work:
            begin = 100 + HANDED_IN * (number - 1) if number else 0
            end = begin + (HANDED_IN if number else 100)
            return work("hand-in", self.world.finishers[begin:end])

        mine = self.compare(name, target, attempts, work("note", self.world.readers))
        keys = [person.attempt for person in self.world.finishers]
        passed = Attempt.objects.filter(key__in=keys, passed=True).count()
        if passed < mine.done:
            raise NotRun(f"{mine.done} attempts were acknowledged and {passed} have passed")
