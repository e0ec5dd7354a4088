"""What is killed: workers of gunicorn, its master, the database. Each process by its own handle, so never another's."""

import contextlib
import os
import random
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.longruns.machine import children_of, uninterrupted
from tests.longruns.postgres_server import Postgres
from tests.longruns.served import WORKERS, Served

MASTERS = 0.2  # of kills of the server, how many are its master's
AWAY = 30  # seconds until what was killed, and its children, must be gone or back


class Process:
    """A running process, held by a handle that stays with it even if its number is given to another."""

    def __init__(self, pid: int) -> None:
        self.handle = os.pidfd_open(pid)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def is_gone(self, seconds: float = 0) -> bool:
        """Whether it has ended, waiting for it so long."""
        return bool(select.select([self.handle], [], [], seconds)[0])

    def close(self) -> None:
        os.close(self.handle)


def processes(pids: list[int]) -> list[Process]:
    """Those of them that are still there."""
    found = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            found.append(Process(pid))
    return found


def close(found: list[Process]) -> None:
    for one in found:
        one.close()


class ServerKiller:
    """Kills a worker or the master of a running server, and starts the server again where the master is gone.

    Workers of a killed master are killed with it, or serve on until the next kill, which is theirs: under steady traffic
    they do not find out for themselves.
    """

    def __init__(self, server: Served, chance: random.Random) -> None:
        self.server, self.chance = server, chance
        self.orphans: list[Process] = []
        self.masters = 0

    def __call__(self) -> None:
        if self.orphans:
            self._kill_orphans()
        elif (workers := processes(self.server.workers())) and self.chance.random() >= MASTERS:
            self.chance.choice(workers).kill()
            close(workers)
        else:
            self._kill_master(workers)

    def _kill_master(self, workers: list[Process]) -> None:
        self.masters += 1
        self.server.process.kill()
        self.server.process.wait()
        self.orphans = workers
        if self.chance.random() < 0.5:
            self._kill_orphans()
        self.server.start()

    def _kill_orphans(self) -> None:
        for orphan in self.orphans:
            orphan.kill()
        close(self.orphans)
        self.orphans = []

    def settle(self) -> None:
        """Ends the workers of a killed master, and waits until all workers of the last one are there."""
        self._kill_orphans()
        until = time.monotonic() + AWAY
        while len(self.server.workers()) < WORKERS and time.monotonic() < until:
            time.sleep(0.05)


@contextmanager
def killing_server(server: Served, seed: int) -> Iterator[ServerKiller]:
    killer = ServerKiller(server, random.Random(seed))
    try:
        yield killer
    finally:
        with uninterrupted():
            killer.settle()


class DatabaseKiller:
    """Kills an embedded PostgreSQL with all its processes, as a machine that stops does, and starts it on the same data."""

    def __init__(self, postgres: Postgres, chance: random.Random) -> None:
        self.postgres, self.chance = postgres, chance
        self.durable = {
            name: postgres.setting(name)
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        }

    def __call__(self) -> None:
        (pid,) = self.postgres.process()
        children = processes(children_of(pid))
        postmaster = Process(pid)
        postmaster.kill()
        if self.chance.random() < 0.5:
            for child in children:
                child.kill()  # else they see that the postmaster is gone, and end in the middle of what they do
        for one in (postmaster, *children):
            if not one.is_gone(AWAY):
                one.kill()
            one.close()
        self.postgres.start_again()

    def recovered(self, crashes: int) -> tuple[bool, str]:
        """Whether it says of each crash that it recovered, and was set to keep what it commits; and that in words."""
        count = self.postgres.log().count("automatic recovery in progress")
        said = ", ".join(f"{name} {value}" for name, value in self.durable.items())
        return count == crashes and set(self.durable.values()) == {"on"}, f"{count}; {said}"
