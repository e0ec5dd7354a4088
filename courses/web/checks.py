"""Whether the site can serve: its settings, its database, migrations, cache, static files and mail. Asks, changes nothing.

Used by Django's `check`, by `manage.py ready` and by `/health/ready`. Whether there is a course is asked in library.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MAIL_WITHIN = 5  # seconds for the mail server to answer
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Answer:
    """What one question came to. `is_needed` is whether the site cannot serve people without it."""

    name: str
    is_ok: bool
    words: str
    is_needed: bool = True

    @property
    def state(self) -> str:
        """`ok`, `warning` (it serves all the same) or `problem`."""
        if self.is_ok:
            return "ok"
        return "problem" if self.is_needed else "warning"


def register_all() -> None:
    """Makes Django's `check` ask for the settings of the start."""
    checks.register(check_start)


def check_start(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """One error for each setting that stops the start."""
    wrong = [finding for finding in settings.START_FINDINGS if not finding.is_ok]
    return [checks.Error(str(finding), id="courses.E001") for finding in wrong]


def serving() -> list[Answer]:
    """What a web process needs, asked in order. After a database that does not answer nothing else is asked."""
    first = database()
    if not first.is_ok:
        return [first]
    return [first, migrations(), cached()]


def database() -> Answer:
    """Whether it answers within its time-outs."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return Answer("database", False, f"cannot be reached ({type(error).__name__})")
    return Answer("database", True, f"{connection.display_name} answers")


@lru_cache(maxsize=1)
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app in this code: app and name. The code does not change while it runs."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def migrations() -> Answer:
    """Whether the last migration of every app was applied; the database may be ahead of this code."""
    try:
        applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except Error as error:
        return Answer("migrations", False, f"cannot be read ({type(error).__name__})")
    missing = sorted(_last_migrations() - applied)
    if not missing:
        return Answer("migrations", True, "all applied")
    names = ", ".join(f"{app}.{name}" for app, name in missing)
    return Answer("migrations", False, f"not applied: {names}; run `manage.py migrate`")


def cached() -> Answer:
    """Whether the cache answers. Only a warning: pages are served without it, and what must not be is refused there."""
    try:
        cache.get("ready")
    except Exception as error:  # each kind of cache has errors of its own
        words = f"does not answer ({type(error).__name__}); `manage.py createcachetable` makes the default one"
        return Answer("cache", False, words, is_needed=False)
    return Answer("cache", True, "answers")


def static_files() -> Answer:
    """Whether they were collected: pages cannot be written without their names."""
    if settings.DEBUG or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return Answer("static files", True, "collected")
    return Answer("static files", False, "not collected; run `manage.py collectstatic`")


def mail() -> Answer:
    """Whether the mail server takes our sign-in within five seconds; files take all mail."""
    if not settings.EMAIL_URL.startswith("smtp"):
        return Answer("mail", True, "goes to no server here")
    server = get_connection(SMTP, timeout=MAIL_WITHIN)
    try:
        server.open()
    except OSError as error:  # smtplib's errors are OSErrors, and may quote the password
        return Answer(
            "mail",
            False,
            f"{settings.EMAIL_HOST} does not take our sign-in ({type(error).__name__})",
        )
    server.close()
    return Answer("mail", True, f"{settings.EMAIL_HOST} answers")
