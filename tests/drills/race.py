"""The same deed at the same moment: sixteen threads start, save and hand in, through gunicorn, round after round.

A round is one learner with two attempts. In the first, sixteen requests of one kind leave together, kind after kind; the
second is what sixteen who begin and hand in without a pause leave of the rule. What was said is kept, and compared with
the rows when all rounds are over.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from threading import Barrier
from typing import Any

from tests.drills.client import Browser, Change, Outcome, Reply
from tests.drills.rows import Stored, items_of
from tests.drills.world import World
from tests.longruns.report import Report
from tests.longruns.served import Served

THREADS = 16
TOGETHER = 30  # seconds until all must stand at the line
SAVING = (
    "same event",
    "same event, two answers",
    "same sequence",
    "sixteen sequences",
    "while handing in",
)
Deed = Callable[[Browser], Any]


def promised(name: str, rounds: int) -> dict[str, str]:
    """The figures of this drill and their targets."""
    return {
        f"{name}, rounds of {THREADS} threads": f"= {rounds}",
        f"{name}, attempts over the limit": "0",
        f"{name}, rows that are there twice": "0",
        f"{name}, answers with 500": "0",
        f"{name}, losers not on the winner's attempt": "0",
        f"{name}, told as they should be": "the same change each time, the same sequence once",
        f"{name}, acknowledged and not stored": "0",
        f"{name}, refused and stored all the same": "0",
        f"{name}, scored without the newest answer": "0",
    }


@dataclass
class Decision:
    """What the product said to the learners, over all rounds."""

    rounds: int = 0
    errors: int = 0  # answers of 500 and more, or none at all
    strays: int = (
        0  # who were led elsewhere than to the one attempt that was open, or to its result
    )
    attempts: set[str] = field(default_factory=set)
    changes: list[tuple[Change, Outcome]] = field(default_factory=list)
    kinds: Counter[str] = field(
        default_factory=Counter
    )  # acknowledged and refused, of each kind of saving


@contextmanager
def starters(port: int) -> Iterator[Callable[[str, Sequence[Deed]], list[Any]]]:
    """Does deeds at the same moment, each in a thread, on a connection that stands already."""
    with ThreadPoolExecutor(THREADS) as pool:

        def at_once(session: str, deeds: Sequence[Deed]) -> list[Any]:
            line = Barrier(len(deeds))

            def run(action: Deed) -> Any:
                browser = Browser(port, session)
                try:
                    browser.connect()
                    line.wait(TOGETHER)
                    return action(browser)
                finally:
                    browser.close()

            return list(pool.map(run, deeds))

        yield at_once


class Race:
    """One run. `at_once` does deeds together as one learner."""

    def __init__(self, world: World, at_once: Callable[[str, Sequence[Deed]], list[Any]]) -> None:
        self.world, self.at_once = world, at_once
        self.said = Decision()

    def round(self, session: str) -> None:
        attempt = self._begin(session)
        asked = list(enumerate(items_of(self.world.database, attempt), 1))
        for kind, (number, item) in zip(SAVING[:-1], asked, strict=False):
            self._save(kind, session, attempt, number, self._changes(kind, item))
        self._hand_in(session, attempt, *asked[len(SAVING) - 1])
        self._begin_and_hand_in(session)
        self.said.rounds += 1

    def _begin(self, session: str) -> str:
        replies = self.at_once(
            session, [lambda browser: browser.begin(self.world.course, self.world.quiz)] * THREADS
        )
        self.said.errors += sum(reply.is_error for reply in replies)
        first = next(filter(None, (reply.attempt for reply in replies)), "")
        self.said.strays += sum(reply.attempt != first for reply in replies)
        self.said.attempts.add(first)
        return first

    def _changes(self, kind: str, item: str) -> list[Change]:
        given = cycle(self.world.answers[item])
        first = Change(item, next(given), 1)
        if kind == "same event":
            return [first] * THREADS
        if kind == "same event, two answers":
            return [first, replace(first, given=next(given))] * (THREADS // 2)
        same = kind == "same sequence"
        return [Change(item, next(given), 1 if same else n) for n in range(1, THREADS + 1)]

    def _save(
        self, kind: str, session: str, attempt: str, number: int, changes: Sequence[Change]
    ) -> None:
        deeds = [lambda browser, one=one: browser.save(attempt, number, one) for one in changes]
        self._hear(kind, changes, self.at_once(session, deeds))

    def _hear(self, kind: str, changes: Sequence[Change], replies: Sequence[Reply]) -> None:
        self.said.errors += sum(reply.is_error for reply in replies)
        told = [(change, reply.outcome) for change, reply in zip(changes, replies, strict=True)]
        self.said.changes += told
        self.said.kinds.update(f"{kind}: {outcome.value}" for _, outcome in told)

    def _hand_in(self, session: str, attempt: str, number: int, item: str) -> None:
        """Half hand in while half still save: what is acknowledged must be in the score."""
        changes = self._changes(SAVING[-1], item)[: THREADS // 2]
        saving = [lambda browser, one=one: browser.save(attempt, number, one) for one in changes]
        handing = [lambda browser: browser.post(f"{attempt}submit/", {})] * (THREADS // 2)
        replies = self.at_once(session, saving + handing)
        self._hear(SAVING[-1], changes, replies[: len(changes)])
        self.said.errors += sum(reply.is_error for reply in replies[len(changes) :])
        self.said.strays += sum(
            reply.attempt != f"{attempt}result/" for reply in replies[len(changes) :]
        )

    def _begin_and_hand_in(self, session: str) -> None:
        def action(browser: Browser) -> tuple[Reply, Reply]:
            begun = browser.begin(self.world.course, self.world.quiz)
            return begun, browser.post(f"{begun.attempt}submit/", {}) if begun.attempt else begun

        for begun, handed in self.at_once(session, [action] * THREADS):
            self.said.errors += begun.is_error or handed.is_error
            self.said.strays += bool(begun.attempt) and handed.attempt != f"{begun.attempt}result/"
            self.said.attempts |= {begun.attempt} - {""}


def measure(name: str, server: Served, world: World, rounds: int, report: Report) -> None:
    """Runs the rounds, each with a learner of its own, then compares what was said with what is stored."""
    with starters(server.port) as at_once:
        race = Race(world, at_once)
        for session in world.sessions[:rounds]:
            race.round(session)
    said, stored = race.said, Stored(world.database)
    taken = Counter(one.user for one in stored.attempts)
    over = sum(max(0, count - world.allowed) for count in taken.values())
    short = sum(world.allowed - count for count in taken.values() if count < world.allowed)
    known = {str(one.key) for one in stored.attempts}
    unknown = [one for one in said.attempts if one.split("/")[2] not in known]
    lost, kept = lost_and_kept(said.changes, stored)
    report.at_least(f"{name}, rounds of {THREADS} threads", said.rounds, rounds, f"{said.rounds}")
    figure = f"{over} of {len(stored.attempts)} attempts, {short} fewer than allowed"
    report.holds(f"{name}, attempts over the limit", not over and not short, figure)
    report.at_most(f"{name}, rows that are there twice", stored.doubled(), 0, f"{stored.doubled()}")
    report.at_most(f"{name}, answers with 500", said.errors, 0, f"{said.errors}")
    strays = said.strays + len(unknown)
    report.at_most(f"{name}, losers not on the winner's attempt", strays, 0, f"{strays}")
    right = {SAVING[0]: THREADS * rounds, SAVING[1]: THREADS // 2 * rounds, SAVING[2]: rounds}
    heard = {kind: said.kinds[f"{kind}: {Outcome.ACKNOWLEDGED.value}"] for kind in right}
    figure = ", ".join(f"{kind} {heard[kind]} of {right[kind]}" for kind in right)
    report.holds(f"{name}, told as they should be", heard == right, figure)
    acknowledged = sum(outcome is Outcome.ACKNOWLEDGED for _, outcome in said.changes)
    report.at_most(f"{name}, acknowledged and not stored", lost, 0, f"{lost} of {acknowledged}")
    refused = len(said.changes) - acknowledged
    report.at_most(f"{name}, refused and stored all the same", kept, 0, f"{kept} of {refused}")
    otherwise = stored.counted_otherwise()
    report.at_most(
        f"{name}, scored without the newest answer",
        otherwise,
        0,
        f"{otherwise} of {len(stored.scores)}",
    )


def lost_and_kept(changes: Sequence[tuple[Change, Outcome]], stored: Stored) -> tuple[int, int]:
    """How many acknowledged changes are not in the rows as they were sent, and how many refused ones are."""
    lost = kept = 0
    for change, outcome in changes:
        rows = stored.by_event[change.event]
        is_there = any(
            (row.item, row.answer, row.sequence)
            == (change.item, change.given.stored, change.sequence)
            for row in rows
        )
        lost += outcome is Outcome.ACKNOWLEDGED and not is_there
        kept += outcome is Outcome.REFUSED and is_there
    return lost, kept
