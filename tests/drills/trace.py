"""A kill proves no disk: the system calls of gunicorn, to see that an answer is synced before a byte of "saved" leaves.

SQLite writes an answer into its write-ahead log and syncs that, in the thread that then answers; strace sees both.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from tests.drills.client import Browser, Change, Outcome
from tests.drills.rows import items_of
from tests.drills.world import SETTINGS, World
from tests.longruns.report import NotRun, Report
from tests.longruns.served import Served

CALLS = "write,pwrite64,pwritev,fsync,fdatasync,sendto,sendmsg"
OPTIONS = ["-f", "-y", "-s", "700", "-e", f"trace={CALLS}"]
CALL = re.compile(
    r"^(?P<thread>\d+) +(?P<name>\w+)\((?P<given>.*?)(?:\) += (?P<result>-?\d+).*| <unfinished \.\.\.>)$"
)
RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. (?P<name>\w+) resumed>.*\) += (?P<result>-?\d+)")
SYNCS, WRITES, SENDS = (
    {"fsync", "fdatasync"},
    {"write", "pwrite64", "pwritev"},
    {"sendto", "sendmsg"},
)
LOG = "-wal>"
BEGIN, RECEIPT = '"HTTP/1.1 200', '{\\"saved\\": '


def promised(name: str, answers: int) -> dict[str, str]:
    return {f"{name}, synced before saved was said": f"{answers} of {answers}"}


def strace() -> str:
    """The path of a strace that may trace, got from Debian where it is missing and that can be done.

    Raises:
        NotRun: there is none, or it may not.
    """
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    if not shutil.which("strace") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], timeout=120, **quiet)
    found = shutil.which("strace")
    if not found:
        raise NotRun("there is no strace here, and apt could not get one")
    tried = subprocess.run(
        [found, "-f", "-e", "trace=none", "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise NotRun(f"strace may not trace here: {tried.stderr.strip()[-200:]}")
    return found


@dataclass
class Thread:
    """What one thread has done since it last answered, in order."""

    written: int = 0  # writes into the log
    unsynced: int = 0  # of those, how many are not synced yet
    began_synced: bool = False  # whether all was synced when the first byte of the answer left
    pending: str = ""  # what a call under way was given


@dataclass
class Seen:
    """What a trace shows of the receipts: how many were sent, and how many only after their sync had ended well."""

    receipts: int = 0
    synced: int = 0
    threads: dict[str, Thread] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[str]) -> "Seen":
        seen = cls()
        for line in lines:
            if found := CALL.match(line):
                seen._begun(found["thread"], found["name"], found["given"], found["result"])
            elif found := RESUMED.match(line):
                thread = seen.threads.setdefault(found["thread"], Thread())
                seen._ended(thread, found["name"], thread.pending, found["result"])
        return seen

    def _begun(self, number: str, name: str, given: str, result: str | None) -> None:
        """A write counts from when it begins, a send too; a sync only when it has ended."""
        thread = self.threads.setdefault(number, Thread())
        thread.pending = given
        if name in WRITES and LOG in given:
            thread.written += 1
            thread.unsynced += 1
        if name in SENDS and BEGIN in given:
            thread.began_synced = thread.written > 0 and not thread.unsynced
        if name in SENDS and RECEIPT in given:
            self.receipts += 1
            self.synced += thread.began_synced
        if name in SENDS:
            thread.written = 0
        if result is not None:
            self._ended(thread, name, given, result)

    def _ended(self, thread: Thread, name: str, given: str, result: str) -> None:
        if name in SYNCS and LOG in given and result == "0":
            thread.unsynced = 0


def answers_saved(server: Served, world: World, answers: int) -> int:
    """Saves so many answers, one after the other over all items, each with a change of its own; how many were."""
    browser = Browser(server.port, world.sessions[0])
    try:
        attempt = browser.begin(world.course, world.quiz).attempt
        places = cycle(enumerate(items_of(world.database, attempt), 1))
        saved = 0
        for n in range(answers):
            number, item = next(places)
            given = world.answers[item][n % len(world.answers[item])]
            saved += (
                browser.save(attempt, number, Change(item, given, n + 1)).outcome
                is Outcome.ACKNOWLEDGED
            )
        return saved
    finally:
        browser.close()


def measure(name: str, folder: Path, world: World, answers: int, report: Report) -> None:
    trace = folder / "calls.trace"
    under = [strace(), *OPTIONS, "-o", str(trace)]
    with Served(folder, "traced", SETTINGS, world.database, under=under) as server:
        saved = answers_saved(server, world, answers)
    seen = Seen.of(_lines(trace))
    is_whole = saved == seen.receipts == answers
    figure = f"{seen.synced} of {seen.receipts}, {saved} acknowledged"
    report.holds(
        f"{name}, synced before saved was said", is_whole and seen.synced == answers, figure
    )


def _lines(trace: Path) -> Iterator[str]:
    with trace.open(errors="replace") as file:
        yield from (line.rstrip("\n") for line in file)
