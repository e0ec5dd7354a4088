"""Sign-ins, sign-outs, sign-ups and new passwords, written to the log when they happen. No rule of access lives here."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account import signals as accounts
from django.contrib.auth import signals
from django.utils.crypto import salted_hmac

log = logging.getLogger("courses.accounts")
SEEN = (
    (signals.user_logged_in, "signed in"),
    (signals.user_logged_out, "signed out"),
    (accounts.user_signed_up, "signed up"),
    (accounts.password_set, "password set"),
    (accounts.password_changed, "password changed"),
    (accounts.password_reset, "password chosen by mail"),
    (accounts.email_changed, "address changed"),
)


def connect() -> None:
    """Starts to listen; a second call changes nothing."""
    for signal, event in SEEN:
        signal.connect(_writer(event), weak=False, dispatch_uid=f"log {event}")
    signals.user_login_failed.connect(_write_failure, dispatch_uid="log failure")


def _writer(event: str) -> Callable[..., None]:
    def write(sender: Any, user: Any = None, **rest: Any) -> None:
        """`user` is None where a visitor signs out."""
        if user is not None:
            log.info(event, extra={"facts": {"person": str(user.key)}})

    return write


def _write_failure(sender: Any, credentials: dict[str, Any], **rest: Any) -> None:
    typed = credentials.get("email") or credentials.get("username") or ""
    log.warning("sign-in failed", extra={"facts": {"account": hash_of(str(typed))}})


def hash_of(address: str) -> str:
    """What stands for an address in the log: 16 hex digits, the same each time, made with the site's key.

    So tries on one account can be counted, and the address cannot be guessed back without the key.
    """
    return salted_hmac("courses.web.account", address.strip().lower()).hexdigest()[:16]
