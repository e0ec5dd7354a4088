"""Product and anchor in turn, on the same server, workers and connections. The figure is the median of the ratios."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from courses.assessment.models import Attempt, Response
from courses.learning.models import Enrolment
from tests.bench.asked import Answers, Browser, HandIns, Notes, Pages, script_sends_parts
from tests.bench.load import Client, Failed, Round, Work
from tests.bench.models import Note
from tests.bench.report import NotRun, Report
from tests.bench.served import Served
from tests.bench.world import HERE, TEN, World

ROUNDS, SLICES, SLICE = 5, 6, 0.5  # a round is 3 s of each, in turn every half second: neighbours disturb both alike
MORE = 2  # rounds in place of those that did not count, or where the ratios differ much
WIDE = 0.35  # of the median, between the highest and the lowest ratio
STEP = f"/courses/{TEN}/lessons/lesson-1/{HERE}/"
CHECKED = STEP.replace(HERE, "step-2")
HANDED_IN = 900  # attempts ready for each round

Source = Callable[[int], Work]  # the work of a round; 0 is the warming up


@dataclass
class Compared:
    """The rounds of one comparison that count, as pairs of product and anchor."""

    pairs: list[tuple[Round, Round]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [product.rate / anchor.rate for product, anchor in self.pairs]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def is_enough(self, rounds: int) -> bool:
        if len(self.pairs) < rounds:
            return False
        return len(self.pairs) > rounds or max(self.ratios) - min(self.ratios) <= WIDE * self.ratio

    def words(self) -> str:
        """The ratio with its range, requests a second, and the workers' CPU time for a request."""
        product, anchor = ([pair[n] for pair in self.pairs] for n in (0, 1))
        rates = [statistics.median(r.rate for r in side) for side in (product, anchor)]
        cpu = [statistics.median(r.cpu_ms for r in side) for side in (product, anchor)]
        said = f"{self.ratio:.2f} × ({min(self.ratios):.2f} to {max(self.ratios):.2f} in {len(self.pairs)} rounds; "
        said += f"{rates[0]:.0f}/s against {rates[1]:.0f}/s; CPU {cpu[0]:.2f} ms against {cpu[1]:.2f} ms"
        return said + (f"; {len(self.failed)} rounds did not count: {self.failed[0]})" if self.failed else ")")


def one_round(server: Served, product: Work, anchor: Work, first: int) -> tuple[Round, Round]:
    """So many slices of each in turn; `first` is 0 where the product begins, 1 where the anchor does."""
    done = (Round(), Round())
    works = (product, anchor)
    with Client(server) as client:
        for turn in range(2 * SLICES):
            side = (turn + first) % 2
            done[side].add(client.round(works[side], SLICE))
    return done


def compare(server: Served, product: Source, anchor: Source, rounds: int = ROUNDS) -> Compared:
    """Rounds one after the other, each side beginning every other one.

    Raises:
        NotRun: too few rounds had only right answers.
    """
    found = Compared()
    with Client(server) as client:
        for source in (product, anchor):
            client.round(source(0), SLICE)
    for number in range(1, rounds + MORE + 1):
        try:
            found.pairs.append(one_round(server, product(number), anchor(number), number % 2))
        except (Failed, OSError) as failure:
            found.failed.append(str(failure))
        if found.is_enough(rounds):
            break
    if len(found.pairs) < rounds:
        raise NotRun(f"only {len(found.pairs)} rounds count: {found.failed}")
    return found


class Ratios:
    """The three comparisons, on one server."""

    def __init__(self, server: Served, world: World, report: Report) -> None:
        self.server, self.world, self.report = server, world, report
        with Client(server) as client:
            self.browser = Browser.meeting(client, world.readers[0], STEP)
        self.notes = Notes(world.readers, self.browser)

    def pages(self, path: str, *, gzip: bool) -> Source:
        work = Pages(path, self.world.readers, self.browser, gzip=gzip)
        return lambda number: work

    def lesson(self, name: str, *, gzip: bool) -> None:
        """The lesson step; for a browser every page is compressed, by the same middleware for the anchor."""
        found = compare(self.server, self.pages(STEP, gzip=gzip), self.pages("/anchor/auth/", gzip=gzip))
        self.report.at_least(name, found.ratio, 0.50, found.words())

    def checked_lesson(self, name: str) -> None:
        """A step with an activity in it, as most have: one more query, one more form."""
        found = compare(self.server, self.pages(CHECKED, gzip=True), self.pages("/anchor/auth/", gzip=True), rounds=2)
        self.report.tell(name, found.words())

    def saving(self, name: str, tail: str) -> None:
        answers = Answers(self.world.readers, self.browser)
        before = Note.objects.count()
        found = compare(self.server, lambda number: answers, lambda number: self.notes)
        stored = Response.objects.filter(attempt__key__in=[one.attempt for one in self.world.readers]).count()
        self._stored(before, found)
        _agree("answers", answers.done, stored, found)
        body = "multipart" if script_sends_parts() else "urlencoded"
        self.report.at_least(name, found.ratio, 0.60, f"{found.words()}, {body} as the page's script sends")
        self._tail(tail, found)

    def _tail(self, name: str, found: Compared) -> None:
        p50, p95 = _percentiles([one for product, _ in found.pairs for one in product.latencies])
        a50, a95 = _percentiles([one for _, anchor in found.pairs for one in anchor.latencies])
        said = (
            f"p95 {p95:.1f} ms, p50 {p50:.1f} ms: {p95 / p50:.2f} × (anchor {a95:.1f} and {a50:.1f}: {a95 / a50:.2f} ×)"
        )
        self.report.at_most(name, p95 / p50, 2.0, said)

    def handing_in(self, name: str) -> None:
        works: list[HandIns] = []

        def handed_in(number: int) -> HandIns:
            start = 100 + HANDED_IN * (number - 1) if number else 0
            people = self.world.finishers[start : start + (HANDED_IN if number else 100)]
            works.append(HandIns(people, self.browser))
            return works[-1]

        before = Note.objects.count()
        found = compare(self.server, handed_in, lambda number: self.notes)
        self._stored(before, found)
        done = sum(work.done for work in works)
        mine = [one.attempt for one in self.world.finishers]
        passed = Attempt.objects.filter(key__in=mine, state=Attempt.State.SCORED, passed=True)
        completed = Enrolment.objects.filter(user__in=passed.values("user"), completed_at__isnull=False).count()
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
