"""Product and anchor in turn, on the same server, workers and connections. The figure is the median of the ratios."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from courses.assessment.models import Attempt, Response
from courses.learning.models import Enrolment
from tests.bench.asked import Answers, Browser, HandIns, Notes, Pages, script_sends_parts
from tests.bench.load import Client, Failed, Round, Work
from tests.bench.machine import Meter
from tests.bench.models import Note
from tests.bench.report import NotRun, Report
from tests.bench.served import Served
from tests.bench.world import HERE, TEN, World

ROUNDS, SLICES, SLICE = (
    5,
    6,
    0.5,
)  # a round is 3 s of each, in turn every half second: neighbours disturb both alike
MORE = 3  # rounds in place of those that did not count, or that others disturbed
CALM = 0.15  # of the processors that others may use in a round; the calmest rounds make the figure
PATIENCE = 90  # seconds of the whole run after which nothing is repeated, nor measured for information only
STEP = f"/courses/{TEN}/lessons/lesson-1/{HERE}/"
CHECKED = STEP.replace(HERE, "step-2")
HANDED_IN = 780  # attempts ready for each round; where they run out, the round is shorter

Source = Callable[[int], Work]  # the work of a round; 0 is the warming up


@dataclass(frozen=True)
class Pair:
    """One round: what the product did, what the anchor did, and the share of the processors others used."""

    product: Round
    anchor: Round
    others: float

    @property
    def ratio(self) -> float:
        return self.product.rate / self.anchor.rate


@dataclass
class Compared:
    """The rounds of one comparison; where there are more than enough, the calmest make the figure, whatever they say."""

    rounds: int
    run: list[Pair] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def pairs(self) -> list[Pair]:
        return sorted(self.run, key=lambda pair: pair.others)[: self.rounds]

    @property
    def ratio(self) -> float:
        return statistics.median(pair.ratio for pair in self.pairs)

    def is_enough(self) -> bool:
        return len(self.run) >= self.rounds and all(pair.others <= CALM for pair in self.pairs)

    @property
    def disturbed(self) -> str:
        """How much others used in the worst of these rounds."""
        others = max(pair.others for pair in self.pairs)
        return f"others used up to {others:.0%} of the processors" + (
            ": DISTURBED" if others > CALM else ""
        )

    def words(self) -> str:
        """The ratio with its range, requests a second, CPU time for a request, and who else was at work."""
        ratios = [pair.ratio for pair in self.pairs]
        mine, anchor = (
            _middle([getattr(pair, side) for pair in self.pairs]) for side in ("product", "anchor")
        )
        said = [
            f"{self.ratio:.2f} × ({min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} of {len(self.run)} rounds"
        ]
        said.append(f"{mine.rate:.0f}/s against {anchor.rate:.0f}/s")
        ratio = (anchor.workers + anchor.database) / (mine.workers + mine.database)
        costs = [f"{one.workers:.2f} + {one.database:.2f} ms" for one in (mine, anchor)]
        said.append(f"by CPU of workers + database {ratio:.2f} ×: {costs[0]} against {costs[1]}")
        said.append(self.disturbed)
        said += (
            [f"{len(self.failed)} rounds did not count: {self.failed[0]}"] if self.failed else []
        )
        return "; ".join(said) + ")"


class Middle(NamedTuple):
    """Medians of some rounds: requests a second, and milliseconds of CPU a request."""

    rate: float
    workers: float
    database: float


def _middle(rounds: list[Round]) -> Middle:
    return Middle(
        *(
            statistics.median(getattr(one, name) for one in rounds)
            for name in ("rate", "cpu_ms", "database_ms")
        )
    )


def one_round(server: Served, meter: Meter, product: Work, anchor: Work, first: int) -> Pair:
    """So many slices of each in turn; `first` is 0 where the product begins, 1 where the anchor does."""
    done = (Round(), Round())
    works = (product, anchor)
    with Client(server) as client:
        before = meter.read()
        for turn in range(2 * SLICES):
            side = (turn + first) % 2
            done[side].add(client.round(works[side], SLICE))
        return Pair(*done, meter.others(before, meter.read()))


class Ratios:
    """The three comparisons, on one server."""

    def __init__(self, server: Served, database: list[int], world: World, report: Report) -> None:
        self.server, self.world, self.report = server, world, report
        server.database = database
        self.meter = Meter([server.process.pid, *database])
        with Client(server) as client:
            self.browser = Browser.meeting(client, world.readers[0], STEP)
        self.notes = Notes(world.readers, self.browser)

    def compare(
        self, product: Source, anchor: Source, rounds: int = ROUNDS, more: int = MORE
    ) -> Compared:
        """Rounds one after the other, each side beginning every other one.

        Raises:
            NotRun: too few rounds had only right answers.
        """
        found = Compared(rounds)
        with Client(self.server) as client:
            for source in (product, anchor):
                client.round(source(0), SLICE)
        for number in range(1, rounds + more + 1):
            if found.is_enough() or (len(found.run) >= rounds and self.report.seconds > PATIENCE):
                break
            try:
                found.run.append(
                    one_round(self.server, self.meter, product(number), anchor(number), number % 2)
                )
            except (Failed, OSError) as failure:
                found.failed.append(str(failure))
        if len(found.run) < rounds:
            raise NotRun(f"only {len(found.run)} rounds count: {found.failed}")
        return found

    def pages(self, path: str, *, gzip: bool) -> Source:
        work = Pages(path, self.world.readers, self.browser, gzip=gzip)
        return lambda number: work

    def lesson(self, name: str) -> None:
        """The lesson step; as for a browser every page is compressed, by the same middleware for the anchor."""
        found = self.compare(self.pages(STEP, gzip=True), self.pages("/anchor/auth/", gzip=True))
        self.report.at_least(name, found.ratio, 0.50, found.words())

    def other_lessons(self) -> None:
        """A step with an activity: one more query and a form."""
        if self.report.seconds > PATIENCE + 60:
            return self.report.tell("lesson step with an activity", "left out, to save time")
        found = self.compare(
            self.pages(CHECKED, gzip=True), self.pages("/anchor/auth/", gzip=True), 2
        )
        return self.report.tell("lesson step with an activity", found.words())

    def saving(self, name: str, tail: str) -> None:
        answers = Answers(self.world.readers, self.browser)
        before = Note.objects.count()
        found = self.compare(lambda number: answers, lambda number: self.notes)
        stored = Response.objects.filter(
            attempt__key__in=[one.attempt for one in self.world.readers]
        ).count()
        self._stored(before, found)
        _agree("answers", answers.done, stored, found)
        body = "multipart" if script_sends_parts() else "urlencoded"
        self.report.at_least(
            name, found.ratio, 0.60, f"{found.words()}, {body} as the page's script sends"
        )
        self._tail(tail, found)

    def _tail(self, name: str, found: Compared) -> None:
        p50, p95 = _percentiles([one for pair in found.pairs for one in pair.product.latencies])
        a50, a95 = _percentiles([one for pair in found.pairs for one in pair.anchor.latencies])
        said = f"{p95 / p50:.2f} × (p95 {p95:.1f} ms, p50 {p50:.1f} ms; "
        said += f"anchor {a95 / a50:.2f} ×: {a95:.1f} and {a50:.1f} ms; {found.disturbed})"
        self.report.at_most(name, p95 / p50, 2.0, said)

    def handing_in(self, name: str) -> None:
        works: list[HandIns] = []

        def handed_in(number: int) -> HandIns:
            start = 100 + HANDED_IN * (number - 1) if number else 0
            people = self.world.finishers[start : start + (HANDED_IN if number else 100)]
            works.append(HandIns(people, self.browser))
            return works[-1]

        before = Note.objects.count()
        found = self.compare(handed_in, lambda number: self.notes, more=1)
        self._stored(before, found)
        done = sum(work.done for work in works)
        mine = [one.attempt for one in self.world.finishers]
        passed = Attempt.objects.filter(key__in=mine, state=Attempt.State.SCORED, passed=True)
        completed = Enrolment.objects.filter(
            user__in=passed.values("user"), completed_at__isnull=False
        ).count()
        _agree("attempts passed", done, passed.count(), found)
        _agree("courses completed", done, completed, found)
        self.report.at_least(name, found.ratio, 0.50, found.words())

    def _stored(self, before: int, found: Compared) -> None:
        rows, self.notes.done = self.notes.done, 0
        _agree("the anchor's rows", rows, Note.objects.count() - before, found)


def _agree(what: str, acknowledged: int, stored: int, found: Compared) -> None:
    """Everything acknowledged is stored, and nothing else, but for what a failed round left under way."""
    if stored < acknowledged or (stored > acknowledged and not found.failed):
        raise NotRun(f"{what}: {acknowledged} were acknowledged and {stored} are stored")


def _percentiles(seconds: list[float]) -> tuple[float, float]:
    """The 50th and the 95th, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return 1000 * cuts[9], 1000 * cuts[18]
