"""`manage.py deliver_mail [--loop]`: sends the mail in the outbox, once or until stopped."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connections
from django.utils import timezone

from courses.web.mail.delivery import TIDY, delete_old_mail, deliver_due

PAUSE = 5.0  # seconds between two rounds of a loop

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Send the mail that waits in the outbox, and delete rows of mail older than 30 days. "
        "With --loop, until stopped by SIGTERM or Ctrl+C; for MAIL_DELIVERY=worker."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--pause", type=float, default=PAUSE, help="seconds between two rounds (with --loop)"
        )

    def handle(self, *args: Any, loop: bool, pause: float, **options: Any) -> None:
        self.stopping = threading.Event()
        if not loop:
            self._round()
            self._tidy()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        self._loop(pause)

    def _loop(self, pause: float) -> None:
        """Rounds until stopped. A database that does not answer for a while does not end it."""
        tidied_at = float("-inf")
        while not self.stopping.is_set():
            try:
                self._round(is_quiet=True)
                if time.monotonic() - tidied_at > TIDY:
                    tidied_at = time.monotonic()
                    self._tidy(is_quiet=True)
            except DatabaseError:
                logger.exception("mail: a round failed; the next one follows")
            finally:
                connections.close_all()  # none is held open while nothing is sent
            self.stopping.wait(pause)

    def _round(self, is_quiet: bool = False) -> None:
        """One round. `is_quiet`: writes a line only where a mail was due."""
        result = deliver_due(timezone.now(), is_stopping=self.stopping.is_set)
        if result or not is_quiet:
            self.stdout.write(f"mail: {result}")
            self.stdout.flush()  # the output of a service is a pipe, which is buffered

    def _tidy(self, is_quiet: bool = False) -> None:
        deleted = delete_old_mail(timezone.now())
        if deleted or not is_quiet:
            self.stdout.write(f"mail: {deleted} old rows deleted")
