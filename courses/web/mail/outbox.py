"""The outbox: an e-mail backend of Django that stores mails as rows. `delivery` sends them."""

import textwrap
import threading
import uuid
from collections.abc import Iterable
from datetime import datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from courses.web.mail.models import OutgoingMail

# Automatic replies ("I am on holiday") are not sent to such a mail: RFC 3834, section 5.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}
WIDTH = 72  # characters in a line: mail programs quote it, and phones break it as they need

queued = threading.Event()  # set when a commit of this process has queued mail


class EmailBackend(BaseEmailBackend):
    """Stores mails as rows in the caller's transaction: what is rolled back is not sent."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Queues the mails and returns how many.

        Raises:
            ValueError: a mail has an attachment, or a header of more than one line.
            DatabaseError: the rows cannot be written; with `fail_silently` 0 is returned instead.
        """
        now = timezone.now()
        rows = [row_of(message, now) for message in email_messages if message.recipients()]
        for row in rows:
            # Raises for a header that cannot be sent, here where the caller's traceback shows it.
            message_of(row).message()
        try:
            with transaction.atomic():
                OutgoingMail.objects.bulk_create(rows)
        except DatabaseError:
            if not self.fail_silently:
                raise
            return 0
        if rows:
            transaction.on_commit(queued.set)  # wakes the delivery thread of this process
        return len(rows)


class MailFolder(BaseEmailBackend):
    """A transport for demos and tests: writes each mail to a file in EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        folder, count = Path(settings.EMAIL_FILE_PATH), 0
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex}"
            draft = folder / f"{name}.draft"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / f"{name}.log")  # a reader never sees half a mail
            count += 1
        return count


class TextMessage(EmailMessage):
    """A mail of plain text with what the outbox keeps beside it: see `text_message`."""

    outbox_key: uuid.UUID | None = None
    is_rechecked = False


def text_message(
    subject: str,
    template: str,
    context: dict[str, Any],
    to: str,
    reply_to: str = "",
    *,
    stop_url: str = "",
    key: uuid.UUID | None = None,
    is_rechecked: bool = False,
) -> TextMessage:
    """One mail of plain text, not sent yet.

    Args:
        subject: it may hold a name that somebody typed; line ends in it become spaces.
        template: the text of the mail; `site_name` and `site_url` are added to its context.
        context: the template's context.
        to: the recipient's e-mail address.
        reply_to: the address that an answer goes to; "": the site's.
        stop_url: where one POST stops such mails, for mail programs (RFC 8058); "": nowhere.
        key: the key of its row in the outbox; None: any.
        is_rechecked: it is asked before it leaves whether it is still wanted.
    """
    site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    text = wrapped(render_to_string(template, site | context))
    reply_addresses = [reply_to] if reply_to else []
    headers = {}
    if stop_url:
        headers["List-Unsubscribe"] = f"<{stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = TextMessage(
        _to_one_line(subject), text, to=[to], reply_to=reply_addresses, headers=headers
    )
    message.outbox_key = key
    message.is_rechecked = is_rechecked
    return message


def send_all(messages: list[TextMessage]) -> None:
    """Sends these mails with few SQL queries, whatever their number."""
    if messages:
        get_connection().send_messages(messages)


def send_text(
    subject: str, template: str, context: dict[str, Any], to: str, reply_to: str = "", **more: Any
) -> None:
    """Sends one mail of plain text; its arguments are those of `text_message`."""
    send_all([text_message(subject, template, context, to, reply_to, **more)])


def wrapped(text: str) -> str:
    """The text in lines of at most 72 characters, and without empty lines after one another.

    Each line of a template is a paragraph of its own; an address is never broken.
    """
    lines: list[str] = []
    for line in text.strip().splitlines():
        filled = textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        if filled or lines[-1:] != [""]:
            lines.append(filled)
    return "\n".join(lines) + "\n"


def row_of(message: EmailMessage, now: datetime) -> OutgoingMail:
    """The mail as a row that is not stored yet, due now.

    Raises:
        ValueError: it has an attachment, or an alternative that is not HTML.
    """
    if message.attachments:
        raise ValueError("The outbox keeps no attachments: put a link into the mail instead.")
    is_html = message.content_subtype == "html"
    body = _storable(message.body)
    headers = {}
    for name, value in (AUTOMATIC | message.extra_headers).items():
        headers[name] = _storable(value)
    return OutgoingMail(
        key=getattr(message, "outbox_key", None) or uuid.uuid4(),
        is_rechecked=getattr(message, "is_rechecked", False),
        to=_all_storable(message.to),
        cc=_all_storable(message.cc),
        bcc=_all_storable(message.bcc),
        reply_to=_all_storable(message.reply_to),
        from_email=_storable(message.from_email),
        subject=_to_one_line(message.subject),
        body="" if is_html else body,
        html=body if is_html else _html_of(message),
        headers=headers,
        created_at=now,
        next_attempt_at=now,
    )


def message_of(row: OutgoingMail) -> EmailMessage:
    """The row as a mail, with the same id and date at every attempt.

    A server that receives the same mail twice can recognise it by its id.
    """
    host = urlsplit(settings.SITE_URL).hostname
    identity = {
        "Message-ID": f"<{row.key}@{host}>",
        "Date": formatdate(row.created_at.timestamp()),
    }
    message = EmailMultiAlternatives(
        row.subject,
        row.body,
        row.from_email,
        row.to,
        cc=row.cc,
        bcc=row.bcc,
        reply_to=row.reply_to,
        headers=identity | row.headers,
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    return message


def _html_of(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    if [kind for _, kind in alternatives] not in ([], ["text/html"]):
        raise ValueError("The outbox keeps plain text and one alternative of text/html.")
    return _storable(alternatives[0][0]) if alternatives else ""


def _storable(value: Any) -> str:
    """The text without what a database rejects: NUL characters and lone surrogates."""
    without_nul = str(value).replace("\x00", "")
    return without_nul.encode("utf-8", "replace").decode("utf-8")


def _to_one_line(subject: Any) -> str:
    """The subject as one line."""
    words = _storable(subject).split()
    # The mail library of Django 6 would decode `=?…?=` (RFC 2047), line ends in it as well, and
    # so somebody's name could add a header to the mail.
    return " ".join(words).replace("=?", "= ?")


def _all_storable(values: Iterable[Any]) -> list[str]:
    return [_storable(value) for value in values]
