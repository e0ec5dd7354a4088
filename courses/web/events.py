"""Log lines of account events: sign-ins, sign-outs, sign-ups, new passwords. No rules live here."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account import signals as accounts
from django.contrib.auth import signals
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

log = logging.getLogger("courses.accounts")
EVENTS = (
    (signals.user_logged_in, "signed in"),
    (signals.user_logged_out, "signed out"),
    (accounts.user_signed_up, "signed up"),
    (accounts.password_set, "password set"),
    (accounts.password_changed, "password changed"),
    (accounts.password_reset, "password chosen by mail"),
    (accounts.email_changed, "address changed"),
)


def connect() -> None:
    """Connects the signals; a second call changes nothing."""
    for signal, event in EVENTS:
        signal.connect(_receiver(event), weak=False, dispatch_uid=f"log {event}")
    signals.user_login_failed.connect(_log_failure, dispatch_uid="log failure")


def _receiver(event: str) -> Callable[..., None]:
    """A signal receiver that logs this event."""

    def log_event(sender: Any, user: Any = None, **kwargs: Any) -> None:
        if user is not None:  # Django signs anonymous visitors out too
            log.info(event, extra={"facts": {"person": str(user.key)}})

    return log_event


def _log_failure(
    sender: Any,
    credentials: dict[str, Any],
    request: HttpRequest | None = None,
    **kwargs: Any,
) -> None:
    """A wrong password, of a visitor who signs in or of a user who is asked for it once more."""
    typed = credentials.get("email") or credentials.get("username") or ""
    facts = {"account": account_hash(str(typed))}
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # Somebody at an open session does not know its password: a shared laptop, perhaps.
        facts["person"] = str(user.key)
        log.warning("re-authentication failed", extra={"facts": facts})
    else:
        log.warning("sign-in failed", extra={"facts": facts})


def account_hash(email: str) -> str:
    """An e-mail address as the log holds it: 16 hex digits made with the site's secret key.

    The same address gives the same digits, so failures of one account can be counted, but nobody
    can find the address by hashing guesses without the key.
    """
    digest = salted_hmac("courses.web.account", email.strip().lower()).hexdigest()
    return digest[:16]
