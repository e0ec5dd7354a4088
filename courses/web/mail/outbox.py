"""The outbox: whatever is sent through Django becomes a row here. Sending the rows is in `delivery`."""

import threading
import uuid
from collections.abc import Iterable
from datetime import datetime
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from courses.web.mail.models import OutgoingMail

# Replies of machines ("I am on holiday") stay away from such a mail: RFC 3834, section 5.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}

queued = threading.Event()  # set when a commit of this process has queued mail


class EmailBackend(BaseEmailBackend):
    """Keeps mails as rows, in the transaction of the caller: what is rolled back is not sent."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Queues the mails and returns how many.

        Raises:
            ValueError: a mail has an attachment, or a header of more than one line.
            DatabaseError: the rows cannot be written; 0 instead with `fail_silently`.
        """
        now = timezone.now()
        rows = [row_of(message, now) for message in email_messages if message.recipients()]
        for row in rows:
            message_of(
                row
            ).message()  # a header that cannot be sent is the caller's fault: say so now
        try:
            with transaction.atomic():
                OutgoingMail.objects.bulk_create(rows)
        except DatabaseError:
            if not self.fail_silently:
                raise
            return 0
        if rows:
            transaction.on_commit(queued.set)
        return len(rows)


class MailFolder(BaseEmailBackend):
    """A transport for demos and tests: each mail is a file of its own in EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        folder, count = Path(settings.EMAIL_FILE_PATH), 0
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S}-{uuid.uuid4().hex}"
            draft = folder / f"{name}.draft"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / f"{name}.log")  # so that nobody reads half a mail
            count += 1
        return count


def send_text(subject: str, template: str, context: dict[str, Any], to: str) -> None:
    """Sends one plain mail of ours. Its subject is one line, whatever a name in it holds.

    Args:
        subject: as it is shown; line ends and runs of spaces become one space.
        template: the text of the mail; `site_name` is added to its context.
        context: what the template shows.
        to: the address it goes to.
    """
    text = render_to_string(template, {"site_name": settings.SITE_NAME, **context})
    send_mail(_one_line(subject), text, None, [to])


def row_of(message: EmailMessage, now: datetime) -> OutgoingMail:
    """The mail as a row that is not stored yet, due now. Its subject is one line, whatever it was.

    Raises:
        ValueError: it has an attachment, or an alternative that is not HTML.
    """
    if message.attachments:
        raise ValueError("The outbox keeps no attachments: put a link into the mail instead.")
    is_html = message.content_subtype == "html"
    body = _plain(message.body)
    return OutgoingMail(
        to=_all_plain(message.to),
        cc=_all_plain(message.cc),
        bcc=_all_plain(message.bcc),
        reply_to=_all_plain(message.reply_to),
        from_email=_plain(message.from_email),
        subject=_one_line(message.subject),
        body="" if is_html else body,
        html=body if is_html else _html_of(message),
        headers={
            name: _plain(value) for name, value in {**AUTOMATIC, **message.extra_headers}.items()
        },
        created_at=now,
        next_attempt_at=now,
    )


def message_of(row: OutgoingMail) -> EmailMessage:
    """The row as a mail, with the same id and date at every attempt.

    A server that is given the same mail twice can know it by its id.
    """
    host = urlsplit(settings.SITE_URL).hostname
    once = {"Message-ID": f"<{row.key}@{host}>", "Date": formatdate(row.created_at.timestamp())}
    message = EmailMultiAlternatives(
        row.subject,
        row.body,
        row.from_email,
        row.to,
        cc=row.cc,
        bcc=row.bcc,
        reply_to=row.reply_to,
        headers={**once, **row.headers},
    )
    if row.html:
        message.attach_alternative(row.html, "text/html")
    return message


def _html_of(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    if [kind for _, kind in alternatives] not in ([], ["text/html"]):
        raise ValueError("The outbox keeps plain text and one alternative of text/html.")
    return _plain(alternatives[0][0]) if alternatives else ""


def _plain(value: Any) -> str:
    """The text as every database takes it: without NUL and halves of characters."""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _one_line(subject: Any) -> str:
    """The subject as one line that says what it looks like.

    `=?…?=` in it would be decoded by the mail library of Django 6, line ends and all (RFC 2047),
    and could so add a header.
    """
    return " ".join(_plain(subject).split()).replace("=?", "= ?")


def _all_plain(values: Iterable[Any]) -> list[str]:
    return [_plain(value) for value in values]
