"""Learners answer while what serves them is killed: what was acknowledged is there, once, and is not overwritten.

What a learner knows of a change is acknowledged, refused or unknown. An unknown one is repeated as the page repeats it,
until it is settled; some are left alone, or repeated only after newer answers, as after a reload.
"""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tests.drills.client import Browser, Change, Outcome
from tests.drills.rows import Stored, items_of
from tests.drills.world import World
from tests.longruns.report import Report
from tests.longruns.served import Served

LEARNERS = 8
LEFT_ALONE = 0.1  # of unknown changes, how many are not repeated at once
ASKED_AGAIN = 0.02  # of settled and abandoned changes, how often one is sent once more, late
PAUSE = 0.05  # seconds before a change is repeated
PATIENCE = 60  # seconds for the last changes to be settled when nothing is killed any more
LOST, TWICE = "acknowledged and not stored", "rows that are there twice"
OLDER, STRANGE = "overwritten by an older answer", "rows that nobody sent"
REFUSED, UNSETTLED = "refused and stored all the same", "unknown, repeated, and still unknown"
CONTRADICTED = "told one thing, and another when repeated"
OTHERWISE = "scored without the newest answer"
KILLS, ANSWERS, CUT = "kills", "answers acknowledged", "changes cut off by a kill"


def promised(name: str, kills: int, answers: int) -> dict[str, str]:
    """The figures of this drill and their targets."""
    zero = (LOST, TWICE, OLDER, STRANGE, REFUSED, UNSETTLED, CONTRADICTED, OTHERWISE)
    counts = {KILLS: f"≥ {kills}", ANSWERS: f"≥ {answers:,}", CUT: f"≥ {kills // 4}"}
    return {
        f"{name}, {what}": target for what, target in (counts | dict.fromkeys(zero, "0")).items()
    }


@dataclass
class Sent:
    """One change, and what its learner knows of it now; `was_unknown` even if a repeat has settled it."""

    change: Change
    attempt: str
    number: int
    outcome: Outcome = Outcome.UNKNOWN
    was_unknown: bool = False
    is_left: bool = False  # not repeated at once
    contradictions: int = 0  # how often a repeat was told otherwise


class Learner(threading.Thread):
    """Answers the items of an attempt at random, over and over, until told to stop. Everything it sent is in `sent`."""

    def __init__(
        self, world: World, port: int, session: str, seed: int, stop: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.world, self.stop, self.chance = world, stop, random.Random(seed)
        self.browser = Browser(port, session)
        self.sent: list[Sent] = []
        self.broke: Exception | None = None
        self.acknowledged = 0
        self.sequences: Counter[int] = Counter()  # the highest used, by the place of the item
        self.attempt = self.browser.begin(world.course, world.quiz).attempt
        self.items = items_of(world.database, self.attempt)

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.settle(self.next_change(), leave=LEFT_ALONE)
                if self.chance.random() < ASKED_AGAIN:
                    self.settle(self.chance.choice(self.sent), leave=1)
        except Exception as error:
            self.broke = error

    def next_change(self) -> Sent:
        number = self.chance.randint(1, len(self.items))
        self.sequences[number] += 1
        item = self.items[number - 1]
        change = Change(item, self.chance.choice(self.world.answers[item]), self.sequences[number])
        self.sent.append(Sent(change, self.attempt, number))
        return self.sent[-1]

    def settle(self, one: Sent, leave: float) -> None:
        """Sends a change until it is acknowledged or refused; leaves an unknown one alone with this chance."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            outcome = self.browser.save(self.attempt, one.number, one.change).outcome
            if outcome is not Outcome.UNKNOWN:
                self.hear(one, outcome)
                break
            one.was_unknown = True
            one.is_left = self.chance.random() < leave
            if one.is_left:
                break
            time.sleep(PAUSE)

    def hear(self, one: Sent, outcome: Outcome) -> None:
        if one.outcome is Outcome.UNKNOWN:
            one.outcome = outcome
            self.acknowledged += outcome is Outcome.ACKNOWLEDGED
        one.contradictions += outcome is not one.outcome


@dataclass
class Run:
    """The learners of one drill, and how often something was killed under them."""

    learners: list[Learner]
    stop: threading.Event
    earlier: set[uuid.UUID]  # events that were stored before it began
    kills: int = 0

    @property
    def acknowledged(self) -> int:
        return sum(learner.acknowledged for learner in self.learners)

    def go(self, kill: Callable[[], None], kills: int, answers: int) -> None:
        """Kills again and again, spread at random over the answers; ends when both numbers are reached.

        `kill` does one kill and what must follow it.
        """
        chance = random.Random(kills)
        for learner in self.learners:
            learner.start()
        try:
            for n in range(kills):
                self._wait_for(int(answers * (n + chance.random()) / kills))
                kill()
                self.kills += 1
            self._wait_for(answers)
        finally:
            self.stop.set()
            for learner in self.learners:
                learner.join(PATIENCE + 5)
        self._check()

    def _check(self) -> None:
        for learner in self.learners:
            if learner.broke:
                raise learner.broke

    def _wait_for(self, answers: int) -> None:
        before, since = -1, time.monotonic()
        while self.acknowledged < answers:
            if self.acknowledged != before:
                before, since = self.acknowledged, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise RuntimeError(f"no answer was acknowledged for {PATIENCE} s")
            self._check()
            time.sleep(0.002)

    @property
    def sent(self) -> list[Sent]:
        return [one for learner in self.learners for one in learner.sent]


def start(world: World, server: Served, seed: int) -> Run:
    """The learners, each with an attempt open, before the first kill."""
    stop = threading.Event()
    sessions = world.sessions[-LEARNERS:]
    learners = [Learner(world, server.port, one, seed + n, stop) for n, one in enumerate(sessions)]
    return Run(learners, stop, {one.event for one in Stored(world.database).responses})


def submit_attempt(run: Run) -> None:
    """Everybody hands in when nothing is killed any more, so that what is scored can be compared with what is stored."""
    for learner in run.learners:
        until = time.monotonic() + PATIENCE
        while (
            reply := learner.browser.post(f"{learner.attempt}submit/", {})
        ).is_error and time.monotonic() < until:
            time.sleep(PAUSE)
        if reply.attempt != f"{learner.attempt}result/":
            raise RuntimeError(f"handing in answered {reply.status}")
        learner.browser.close()


def measure(
    name: str,
    server: Served,
    world: World,
    kill: Callable[[], None],
    kills: int,
    answers: int,
    report: Report,
) -> None:
    """Lets the learners answer while `kill` kills, then compares."""
    run = start(world, server, seed=kills)
    run.go(kill, kills, answers)
    submit_attempt(run)
    compare(name, run, world, report)
    cut = sum(one.was_unknown for one in run.sent)
    report.at_least(f"{name}, {KILLS}", run.kills, kills, f"{run.kills}")
    report.at_least(f"{name}, {ANSWERS}", run.acknowledged, answers, f"{run.acknowledged:,}")
    report.at_least(f"{name}, {CUT}", cut, kills // 4, f"{cut}")


def compare(name: str, run: Run, world: World, report: Report) -> None:
    """Prints what the learners know against what a fresh connection reads."""
    stored, sent = Stored(world.database), run.sent
    cut = [one for one in sent if one.was_unknown]
    unknown = [one for one in cut if one.outcome is Outcome.UNKNOWN]
    left = [one for one in unknown if one.is_left]
    there = sum(bool(stored.by_event[one.change.event]) for one in left)
    acknowledged = [one for one in sent if one.outcome is Outcome.ACKNOWLEDGED]
    refused = [one for one in sent if one.outcome is Outcome.REFUSED]
    kept = sum(bool(stored.by_event[one.change.event]) for one in refused)
    known = {one.change.event for one in sent} | run.earlier
    strangers = sum(one.event not in known for one in stored.responses)
    figures = {
        LOST: (sum(not is_stored(one.change, stored) for one in acknowledged), len(acknowledged)),
        TWICE: (stored.doubled(), len(stored.responses)),
        OLDER: (overwritten(sent, stored), len(stored.newest())),
        STRANGE: (strangers, len(stored.responses)),
        REFUSED: (kept, len(refused)),
        UNSETTLED: (len(unknown) - len(left), len(cut)),
        CONTRADICTED: (sum(one.contradictions for one in sent), len(sent)),
        OTHERWISE: (stored.counted_otherwise(), len(stored.scores)),
    }
    for what, (wrong, of) in figures.items():
        report.at_most(f"{name}, {what}", wrong, 0, f"{wrong} of {of:,}")
    report.tell(f"{name}, left unknown", f"{len(left)}, of which {there} were stored, each once")


def is_stored(change: Change, stored: Stored) -> bool:
    """Whether the rows have this very change, once."""
    wanted = (change.item, change.given.stored, change.sequence)
    return [(row.item, row.answer, row.sequence) for row in stored.by_event[change.event]] == [
        wanted
    ]


def overwritten(sent: list[Sent], stored: Stored) -> int:
    """How many items show another answer than the newest that is known to be saved; a newer unknown one may stand there."""
    known: dict[tuple[str, str], Change] = {}
    for one in sent:
        place, before = (one.attempt, one.change.item), known.get((one.attempt, one.change.item))
        if one.outcome is Outcome.ACKNOWLEDGED and (
            before is None or one.change.sequence > before.sequence
        ):
            known[place] = one.change
    newest = {(f"/attempts/{key}/", item): row for (key, item), row in stored.newest().items()}
    wrong = 0
    for place, change in known.items():
        row = newest.get(place)
        is_newer = row is not None and row.sequence > change.sequence
        wrong += row is None or not (
            is_newer or (row.event == change.event and row.answer == change.given.stored)
        )
    return wrong
