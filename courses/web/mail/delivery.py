"""Sending what waits in the outbox: attempts, time between them, giving up, and the thread that does it.

A mail is sent once, with one exception: a process that dies, or loses the mail server or the
database, after the server took the mail and before that is noted, leaves it to be sent again.
Both copies then have the same Message-ID.
"""

import logging
import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.mail import get_connection
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from courses.web.mail.models import OutgoingMail
from courses.web.mail.outbox import message_of, queued

logger = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Between attempts: after the ninth, 23 hours and 21 minutes after the first, a mail is given up.
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR)
ATTEMPTS = len(WAITS) + 1
LEASE = 10 * MINUTE  # longer than one mail can take: each of its few commands has EMAIL_TIMEOUT
KEPT = timedelta(days=30)  # how long a row stays: to whom and when, without what
LIMIT = 500  # mails in one round
SWEEP = 60  # seconds after which the thread looks for mails to be tried again
TIDY = 3600  # seconds between two deletions of old rows


@dataclass(frozen=True)
class Round:
    """What one round did: mails sent, mails to be tried again, mails given up."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def __bool__(self) -> bool:
        return self != Round()

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.postponed} to be tried again, {self.given_up} given up"


@dataclass(frozen=True)
class Failure:
    """Why a mail was not sent: class and code. `is_servers` where the fault is not the mail's own."""

    error: str
    is_servers: bool


def deliver_due(
    now: datetime, limit: int = LIMIT, is_stopping: Callable[[], bool] = lambda: False
) -> Round:
    """Sends the mails that are due, at most so many; safe in any number of processes at once.

    Each mail is claimed by a filtered update and sent outside any transaction. A mail that the
    server refuses does not hold up the others. A server that does not answer ends the round, so
    that it is tried once and not once for each mail.
    """
    begun, done = time.monotonic(), Round()
    transport = get_connection(settings.OUTBOX_TRANSPORT)
    on_connection = 0  # mails the server took since it was connected to

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    try:
        for _ in range(limit):
            if is_stopping() or not (mail := _claim_next(moment())):
                break
            failure = _send(transport, mail)
            done = _note(mail, failure, moment(), done)
            if not failure:
                on_connection += 1
            elif failure.is_servers:
                _close(transport)
                if not on_connection:
                    break
                on_connection = 0  # it may take only so many on one connection: try a new one
    finally:
        _close(transport)
    if done:
        logger.info("mail: %s", done)
    return done


def delete_old_mail(now: datetime) -> int:
    """Deletes rows of mails that were sent or given up and are 30 days old; how many."""
    return OutgoingMail.objects.finished_before(now - KEPT).delete()[0]


def _claim_next(now: datetime) -> OutgoingMail | None:
    """The next mail that is due, now ours alone until the lease is over; None when there is none."""
    while mail := OutgoingMail.objects.due(now).first():
        as_read = OutgoingMail.objects.waiting().filter(
            pk=mail.pk, attempts=mail.attempts, next_attempt_at=mail.next_attempt_at
        )
        if mail.attempts >= ATTEMPTS:  # the last attempt ended a process, and may do so again
            _give_up(mail, "the sending process died", now)
            continue
        if as_read.update(attempts=mail.attempts + 1, next_attempt_at=now + LEASE):
            mail.attempts += 1
            return mail
    return None


def _send(transport: Any, mail: OutgoingMail) -> Failure | None:
    """Hands one mail to the server; None when the server took it."""
    try:
        transport.open()
    except Exception as error:
        return Failure(_named(error), is_servers=True)
    try:
        transport.send_messages([message_of(mail)])
    except Exception as error:
        return Failure(_named(error), is_servers=_is_servers(error))
    return None


def _code(error: Exception) -> int | None:
    """The number the mail server or the system gave; None where there is none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), None)
    return getattr(error, "smtp_code", None) or getattr(error, "errno", None)


def _named(error: Exception) -> str:
    """Class and code alone: what a mail server says may hold addresses."""
    return f"{type(error).__name__} {_code(error) or ''}".strip()[:100]


def _is_servers(error: Exception) -> bool:
    """Whether the connection is of no more use: it broke, timed out, or the server said 421."""
    answered = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
    if isinstance(error, answered):
        return _code(error) == 421
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError)


def _note(mail: OutgoingMail, failure: Failure | None, now: datetime, done: Round) -> Round:
    """Stores what came of an attempt, and counts it."""
    if not failure:
        sent = {"sent_at": now, "body": "", "html": "", "last_error": ""}
        OutgoingMail.objects.filter(pk=mail.pk).update(**sent)
        return replace(done, sent=done.sent + 1)
    # Even a refusal for good (5xx) is tried again: it is as often a wrong setting as a wrong address.
    if mail.attempts >= ATTEMPTS:
        _give_up(mail, failure.error, now)
        return replace(done, given_up=done.given_up + 1)
    ours = OutgoingMail.objects.waiting().filter(pk=mail.pk, attempts=mail.attempts)
    ours.update(next_attempt_at=now + WAITS[mail.attempts - 1], last_error=failure.error)
    logger.warning("mail %s: attempt %s failed: %s", mail.key, mail.attempts, failure.error)
    return replace(done, postponed=done.postponed + 1)


def _give_up(mail: OutgoingMail, error: str, now: datetime) -> None:
    ours = OutgoingMail.objects.waiting().filter(pk=mail.pk, attempts=mail.attempts)
    if ours.update(failed_at=now, body="", html="", last_error=error):
        logger.error("mail %s: given up after %s attempts: %s", mail.key, mail.attempts, error)


def _close(transport: Any) -> None:
    with suppress(OSError):  # the server may be gone, and then there is nothing to take leave of
        transport.close()


class DeliveryThread(threading.Thread):
    """Sends mail in a web process: when a commit has queued some, and once a minute what is due again."""

    def __init__(self) -> None:
        super().__init__(name="mail", daemon=True)
        self.tidied_at = time.monotonic()
        self.is_stopping = False

    def run(self) -> None:
        while not self.is_stopping:
            self.deliver()
            queued.wait(SWEEP)
            queued.clear()

    def stop(self) -> None:
        """Ends it after the mail it is sending."""
        self.is_stopping = True
        queued.set()

    def deliver(self) -> None:
        """One round. It outlives any error, and leaves no connection to the database open."""
        try:
            deliver_due(timezone.now(), is_stopping=lambda: self.is_stopping)
            if time.monotonic() - self.tidied_at > TIDY:
                self.tidied_at = time.monotonic()
                delete_old_mail(timezone.now())
        except Exception:
            logger.exception("mail: a round failed; the next one is in a minute")
        finally:
            connections.close_all()


def after_response(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: the first request a process answers starts its delivery thread.

    Not earlier, since gunicorn may fork after the application is loaded and a thread does not
    come along. Unused where a worker sends the mail (MAIL_DELIVERY), or nothing is queued.
    """
    is_queued = settings.EMAIL_BACKEND == "courses.web.mail.outbox.EmailBackend"
    if not is_queued or settings.MAIL_DELIVERY != "after-response":
        raise MiddlewareNotUsed
    lock = threading.Lock()
    thread: DeliveryThread | None = None

    def handle(request: HttpRequest) -> HttpResponse:
        nonlocal thread
        response = get_response(request)
        if thread is None or not thread.is_alive():
            with lock:
                if thread is None or not thread.is_alive():
                    thread = DeliveryThread()
                    thread.start()
        return response

    return handle
