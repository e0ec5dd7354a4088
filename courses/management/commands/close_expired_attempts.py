"""`manage.py close_expired_attempts`: closes attempts whose time is over.

For a timer, once a minute; or `--loop`. Safe at any time and in any number of copies: an attempt
is closed once, with what was saved by its deadline.
"""

import logging
import os
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from courses.learning.actions import ClosedAttempts, close_expired_attempts

logger = logging.getLogger(__name__)
EVERY = 60  # seconds between two rounds of the loop


class Command(BaseCommand):
    help = (
        "Close every attempt whose time is over, and mark what was saved by then. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        every = f"go on for ever, a round every {EVERY} seconds"
        parser.add_argument("--loop", action="store_true", help=every)
        parent = "with --loop: end when this parent process has ended"
        parser.add_argument("--parent", type=int, metavar="PID", help=parent)

    def handle(self, *args: Any, loop: bool, parent: int | None, **options: Any) -> None:
        if loop:
            self._go_on(parent)
            return
        done = self._close()
        self.stdout.write(in_words(done))
        if done.failed:
            raise CommandError(
                f"{done.failed} could not be marked, and stay as they are. See the log."
            )

    def _close(self) -> ClosedAttempts:
        """Every attempt whose time is over, in rounds of a bounded size."""
        closed = passed = failed = 0
        last: int | None = 0
        while last is not None:
            done = close_expired_attempts(timezone.now(), after=last)
            closed += done.closed
            passed += done.passed
            failed += done.failed
            last = done.last
        return ClosedAttempts(closed, passed, failed, None)

    def _go_on(self, parent: int | None) -> None:
        """A round every minute until SIGTERM, Ctrl+C or the end of the parent (None: not watched)."""
        ended = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        while not ended.is_set():
            close_old_connections()
            try:
                done = self._close()
                if done.closed or done.failed:
                    self.stdout.write(in_words(done))
            except DatabaseError:
                logger.exception("no attempt could be closed in this round")
            close_old_connections()
            self._wait(ended, parent)

    def _wait(self, ended: Event, parent: int | None) -> None:
        for _ in range(EVERY):
            if parent is not None and os.getppid() != parent:
                ended.set()
            if ended.is_set():
                return
            ended.wait(1)


def in_words(done: ClosedAttempts) -> str:
    """What was done, in one line."""
    text = f"{done.closed} attempt{'' if done.closed == 1 else 's'} closed"
    return f"{text}, {done.passed} passed" if done.closed else text
