"""Sessions of people who are signed in, made in bulk. Django is set up before this is imported."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from courses.people.models import User

BACKEND = "courses.people.backends.EmailBackend"


def sessions(users: Iterable[User], until: datetime) -> list[str]:
    """A session of each person, as signing in makes it; their keys."""
    store = SessionStore()
    rows = []
    for user in users:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        text = store.encode(data)
        rows.append(Session(session_key=uuid.uuid4().hex, session_data=text, expire_date=until))
    Session.objects.bulk_create(rows, 5_000)
    return [row.session_key for row in rows]
