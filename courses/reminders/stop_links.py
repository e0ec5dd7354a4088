"""The link in a mail that stops such mails by one press, without signing in.

It holds the person's key and a signature, so that it stops only their mails, works in any browser,
and never expires. It gives no other right and shows nothing but whether the mails are on.
"""

import uuid

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from courses.people.models import User

REMINDERS, DIGESTS = "reminders", "digests"  # what can be stopped


def stop_url(user_key: uuid.UUID, kind: str) -> str:
    """The full URL that stops reminders or digests of this person."""
    token = _signer(kind).sign(user_key.hex)
    return settings.SITE_URL + reverse("courses:stop-mail", args=[kind, token])


def person_of(kind: str, token: str) -> User | None:
    """Whose mails this token stops; None: it is no token of ours, or the account is closed."""
    try:
        key = uuid.UUID(_signer(kind).unsign(token))
    except (BadSignature, ValueError):
        return None
    return User.objects.filter(key=key, is_active=True).first()


def _signer(kind: str) -> Signer:
    # A link that stops one kind of mail does not stop the other.
    return Signer(salt=f"courses.reminders.stop.{kind}", sep=".")
