"""Who used the processor: a process with its children, and everybody else. Other people's work makes ratios worthless."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Cleaning up is not cut short by the end of the time; the signal waits until it is done."""
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def children_of(pid: int) -> list[int]:
    """The process ids a single-threaded process has started and not yet buried."""
    return sorted(int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def cpu_of(pid: int) -> float:
    """Seconds this process has used so far, in user and kernel together; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


class Meter:
    """What all others used between two readings. `roots` are our processes beside this one, with their children."""

    def __init__(self, roots: list[int]) -> None:
        self.roots = roots

    def read(self) -> tuple[float, float, float]:
        """Seconds: the clock's, all processors' busy ones, and ours of those."""
        kinds = [
            int(kind) for kind in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        ]
        busy = (sum(kinds) - kinds[3] - kinds[4]) / TICK  # but not idle and waiting for disks
        ours = sum(cpu_of(pid) for root in self.roots for pid in [root, *children_of(root)])
        return time.monotonic(), busy, ours + time.process_time()

    @staticmethod
    def others(before: tuple[float, float, float], after: tuple[float, float, float]) -> float:
        """The share of all processors that went to others, 0 to 1."""
        clock, busy, ours = (new - old for new, old in zip(after, before, strict=True))
        return max(0.0, busy - ours) / (clock * (os.cpu_count() or 1))
