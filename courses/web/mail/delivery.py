"""Delivers the mails in the outbox, with retries, in a thread of the web process or by a command.

A mail is sent once, with one exception: where a process dies, or loses the mail server or the
database, after the server accepted the mail and before that is stored, the mail is sent again.
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
from uuid import UUID

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.mail import get_connection
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from courses.web.mail.models import OutgoingMail, OutgoingMailQuerySet
from courses.web.mail.outbox import message_of, queued

logger = logging.getLogger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Between attempts: after the ninth, 23 hours and 21 minutes after the first, a mail is given up.
WAITS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR)
ATTEMPTS = len(WAITS) + 1
LEASE = 10 * MINUTE  # longer than one mail can take: each of its few commands has EMAIL_TIMEOUT
KEPT = timedelta(days=30)  # how long a row is kept: recipient and times, without the text
LIMIT = 500  # mails in one round
SWEEP = 60  # seconds after which the thread looks for mails to retry
TIDY = 3600  # seconds between two deletions of old rows
SERVICE_CLOSING = 421  # SMTP: the server closes the connection


@dataclass(frozen=True)
class Round:
    """The result of one round: how many mails were sent, will be retried, were given up."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0

    def __bool__(self) -> bool:
        return self != Round()

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.postponed} to be tried again, {self.given_up} given up"


@dataclass(frozen=True)
class Failure:
    """Why a mail was not sent.

    `error` is the class and code of the exception. `is_servers`: the server or the connection
    failed, so that further mails on this connection would fail too.
    """

    error: str
    is_servers: bool


def deliver_due(
    now: datetime, limit: int = LIMIT, is_stopping: Callable[[], bool] = lambda: False
) -> Round:
    """Sends up to `limit` mails that are due; safe in any number of processes at once.

    Each mail is claimed by a filtered update and sent outside any transaction. A mail that the
    server refuses does not hold up the others. A server that does not answer ends the round, so
    that it is tried once and not once for each mail.
    """
    started, result = time.monotonic(), Round()
    transport = get_connection(settings.OUTBOX_TRANSPORT)
    sent_on_connection = 0

    def current_time() -> datetime:
        # `now` was given by the caller; a round may take minutes
        return now + timedelta(seconds=time.monotonic() - started)

    try:
        for _ in range(limit):
            if is_stopping():
                break
            mail = _claim_next(current_time())
            if mail is None:
                break
            if mail.is_rechecked and _is_unwanted(mail, current_time()):
                continue
            failure = _send(transport, mail)
            result = _store_result(mail, failure, current_time(), result)
            if not failure:
                sent_on_connection += 1
            elif failure.is_servers:
                _close(transport)
                if not sent_on_connection:
                    break
                # Some servers accept only so many mails on one connection: try a new one.
                sent_on_connection = 0
    finally:
        _close(transport)
    if result:
        logger.info("mail: %s", result)
    return result


def delete_old_mail(now: datetime) -> int:
    """Deletes mails that were sent or given up and are 30 days old; returns how many."""
    deleted, _ = OutgoingMail.objects.finished_before(now - KEPT).delete()
    return deleted


def _claim_next(now: datetime) -> OutgoingMail | None:
    """The next mail that is due, claimed by this process until the lease ends; or None."""
    while mail := OutgoingMail.objects.due(now).first():
        if mail.attempts >= ATTEMPTS:
            # The last attempt has no result: it ended the process, and may end another one.
            _give_up(mail, "the sending process died", now)
            continue
        # Where another process has claimed it since, nothing matches and the next one is read.
        unchanged = OutgoingMail.objects.waiting().filter(
            pk=mail.pk, attempts=mail.attempts, next_attempt_at=mail.next_attempt_at
        )
        if unchanged.update(attempts=mail.attempts + 1, next_attempt_at=now + LEASE):
            mail.attempts += 1
            return mail
    return None


def _is_unwanted(mail: OutgoingMail, now: datetime) -> bool:
    """Whether what the mail says is no longer so. The function in the settings then deletes it."""
    withdraw: Callable[[UUID, datetime], bool] = import_string(settings.MAIL_RECHECK)
    try:
        return withdraw(mail.key, now)
    except DatabaseError:
        raise
    except Exception:
        # An error in what is asked must hold up neither this mail nor those behind it.
        logger.exception("mail %s: it could not be looked at again, and is sent", mail.key)
        return False


def _send(transport: Any, mail: OutgoingMail) -> Failure | None:
    """Hands one mail to the server; None: the server accepted it."""
    try:
        transport.open()
    except Exception as error:
        return Failure(_name_of(error), is_servers=True)
    try:
        transport.send_messages([message_of(mail)])
    except Exception as error:
        return Failure(_name_of(error), is_servers=_is_servers(error))
    return None


def _code_of(error: Exception) -> int | None:
    """The code from the mail server or the operating system; None where there is none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return codes[0] if codes else None
    smtp_code: int | None = getattr(error, "smtp_code", None)
    return smtp_code or getattr(error, "errno", None)


def _name_of(error: Exception) -> str:
    """Class and code alone: the message of a mail server may hold addresses."""
    code = _code_of(error) or ""
    return f"{type(error).__name__} {code}".strip()[:100]


def _is_servers(error: Exception) -> bool:
    """Whether the connection is lost: it broke, timed out, or the server closes it."""
    if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
        return _code_of(error) == SERVICE_CLOSING
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError)


def _store_result(
    mail: OutgoingMail, failure: Failure | None, now: datetime, result: Round
) -> Round:
    """Stores the result of one attempt; returns the round's result with it counted."""
    if not failure:
        # The text holds one-time links and codes: it is not kept longer than it must be.
        sent = {"sent_at": now, "body": "", "html": "", "last_error": ""}
        OutgoingMail.objects.filter(pk=mail.pk).update(**sent)
        return replace(result, sent=result.sent + 1)
    # A permanent refusal (5xx) is retried too: it is as often a wrong setting as a wrong address.
    if mail.attempts >= ATTEMPTS:
        _give_up(mail, failure.error, now)
        return replace(result, given_up=result.given_up + 1)
    wait = WAITS[mail.attempts - 1]
    _claimed(mail).update(next_attempt_at=now + wait, last_error=failure.error)
    logger.warning("mail %s: attempt %s failed: %s", mail.key, mail.attempts, failure.error)
    return replace(result, postponed=result.postponed + 1)


def _give_up(mail: OutgoingMail, error: str, now: datetime) -> None:
    failed = {"failed_at": now, "body": "", "html": "", "last_error": error}
    if _claimed(mail).update(**failed):
        logger.error("mail %s: given up after %s attempts: %s", mail.key, mail.attempts, error)


def _claimed(mail: OutgoingMail) -> OutgoingMailQuerySet:
    """The mail, unless its lease ended and another process has claimed or finished it since."""
    waiting = OutgoingMail.objects.waiting()
    return waiting.filter(pk=mail.pk, attempts=mail.attempts)


def _close(transport: Any) -> None:
    with suppress(OSError):  # the server may be gone, and there is no connection to end
        transport.close()


class DeliveryThread(threading.Thread):
    """Delivers mail in a web process: new mail as soon as it is committed, retries each minute."""

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
        """Ends the thread after the mail it is sending."""
        self.is_stopping = True
        queued.set()

    def deliver(self) -> None:
        """One round. An error is logged and does not end the thread."""
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
    """Middleware that starts the delivery thread of a process after its first response.

    Not earlier: gunicorn may load the application before it forks, and a fork has no threads of
    its parent. Unused where a worker sends the mail (MAIL_DELIVERY), or mail is not queued.
    """
    is_queued = settings.EMAIL_BACKEND == "courses.web.mail.outbox.EmailBackend"
    if not is_queued or settings.MAIL_DELIVERY != "after-response":
        raise MiddlewareNotUsed
    lock = threading.Lock()  # two threads may answer the first two requests
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
