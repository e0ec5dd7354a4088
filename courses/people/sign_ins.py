"""An audit event for each sign-in. The line in the server's log is written in `web.events`."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.utils import timezone

from courses.people.audit import AuditEvent


def connect() -> None:
    """Connects the signal of allauth, which alone signs people in; a second call adds nothing."""
    user_logged_in.connect(_log_sign_in, dispatch_uid="audit sign-in")


def _log_sign_in(sender: Any, user: Any, **kwargs: Any) -> None:
    AuditEvent.objects.create(actor=user, action="sign_in", at=timezone.now())
