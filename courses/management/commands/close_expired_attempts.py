"""`manage.py close_expired_attempts`: closes and scores attempts whose time is over.

For a timer, once a minute; or with `--loop`. Any number of copies may run at the same time: an
attempt is closed once, with what was saved by its deadline. The same timer ends scenes on the wall
that nobody ended for a day, so that who answered what is forgotten, and seals the audit log.
"""

import logging
import os
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from courses.group_sessions.room_actions import end_old_rooms
from courses.learning.actions import ClosedAttempts, close_expired_attempts
from courses.people.seal_actions import seal_events

logger = logging.getLogger(__name__)
EVERY = 60  # seconds between two rounds of the loop


class Command(BaseCommand):
    help = (
        "Close every attempt whose time is over, and mark what was saved by then; end scenes on "
        "the wall that nobody ended for a day; seal the audit log. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        every = f"go on for ever, a round every {EVERY} seconds"
        parser.add_argument("--loop", action="store_true", help=every)
        parent = "with --loop: end when this parent process has ended"
        parser.add_argument("--parent", type=int, metavar="PID", help=parent)

    def handle(self, *args: Any, loop: bool, parent: int | None, **options: Any) -> None:
        if loop:
            self._loop(parent)
            return
        total = self._close_all()
        end_old_rooms(timezone.now())
        seal_events(timezone.now())
        self.stdout.write(in_words(total))
        if total.failed:
            raise CommandError(
                f"{total.failed} could not be marked, and stay as they are. See the log."
            )

    def _close_all(self) -> ClosedAttempts:
        """Closes every attempt whose time is over, in batches; returns the sums of their counts."""
        closed = passed = failed = 0
        last: int | None = 0
        while last is not None:
            batch = close_expired_attempts(timezone.now(), after=last)
            closed += batch.closed
            passed += batch.passed
            failed += batch.failed
            last = batch.last
        return ClosedAttempts(closed, passed, failed, None)

    def _loop(self, parent: int | None) -> None:
        """A round each minute until SIGTERM, Ctrl+C or the end of the parent (None: ignored)."""
        stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            # Django does this between requests; here nobody else would drop a broken connection.
            close_old_connections()
            try:
                total = self._close_all()
                if total.closed or total.failed:
                    self.stdout.write(in_words(total))
                end_old_rooms(timezone.now())
                seal_events(timezone.now())
            except DatabaseError:
                logger.exception("not everything could be closed in this round")
            close_old_connections()
            self._wait(stopping, parent)

    def _wait(self, stopping: Event, parent: int | None) -> None:
        for _ in range(EVERY):
            # An orphan gets another parent: that is the only sign that ours has ended.
            if parent is not None and os.getppid() != parent:
                stopping.set()
            if stopping.is_set():
                return
            stopping.wait(1)


def in_words(total: ClosedAttempts) -> str:
    """The counts in one line, such as "2 attempts closed, 1 passed"."""
    noun = "attempt" if total.closed == 1 else "attempts"
    text = f"{total.closed} {noun} closed"
    return f"{text}, {total.passed} passed" if total.closed else text
