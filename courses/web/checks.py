"""Checks whether the site can serve: settings, database, migrations, cache, static files, mail.

They change nothing. Used by Django's `check`, `manage.py ready` and `/health/ready`; whether there
is a course is checked in `library`.
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

MAIL_TIMEOUT = 5  # seconds
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class CheckResult:
    """The result of one check. `is_needed`: without it the site cannot serve pages."""

    name: str
    is_ok: bool
    message: str
    is_needed: bool = True

    @property
    def state(self) -> str:
        """`ok`, `warning` (the site serves all the same) or `problem`."""
        if self.is_ok:
            return "ok"
        return "problem" if self.is_needed else "warning"


def register_all() -> None:
    """Registers the settings' rules with Django's `check`."""
    checks.register(check_start)


def check_start(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """One error for each setting with which the site does not start."""
    broken = [finding for finding in settings.START_FINDINGS if not finding.is_ok]
    return [checks.Error(str(finding), id="courses.E001") for finding in broken]


def serving() -> list[CheckResult]:
    """The checks of a web process. Where the database does not answer, only that is reported."""
    database_check = database()
    if not database_check.is_ok:
        return [database_check]
    return [database_check, migrations(), cached()]


def database() -> CheckResult:
    """Whether the database answers within its time-outs."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return CheckResult("database", False, f"cannot be reached ({type(error).__name__})")
    return CheckResult("database", True, f"{connection.display_name} answers")


@lru_cache(maxsize=1)
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app in this code, as (app, name). Cached: files do not change."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def migrations() -> CheckResult:
    """Whether the last migration of every app is applied.

    The database may have newer ones: during an update old processes go on serving.
    """
    try:
        applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except Error as error:
        return CheckResult("migrations", False, f"cannot be read ({type(error).__name__})")
    missing = sorted(_last_migrations() - applied)
    if not missing:
        return CheckResult("migrations", True, "all applied")
    names = ", ".join(f"{app}.{name}" for app, name in missing)
    return CheckResult("migrations", False, f"not applied: {names}; run `manage.py migrate`")


def cached() -> CheckResult:
    """Whether the cache answers. Only a warning: pages are served without it too."""
    try:
        cache.get("ready")
    except Exception as error:  # each kind of cache has errors of its own
        error_name = type(error).__name__
        advice = "`manage.py createcachetable` makes the default one"
        message = f"does not answer ({error_name}); {advice}"
        return CheckResult("cache", False, message, is_needed=False)
    return CheckResult("cache", True, "answers")


def static_files() -> CheckResult:
    """Whether they are collected: without the manifest no page can be rendered."""
    if settings.DEBUG or (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        return CheckResult("static files", True, "collected")
    return CheckResult("static files", False, "not collected; run `manage.py collectstatic`")


def mail() -> CheckResult:
    """Whether the mail server accepts our credentials; always ok where mail goes to files."""
    if not settings.EMAIL_URL.startswith("smtp"):
        return CheckResult("mail", True, "goes to no server here")
    server = get_connection(SMTP, timeout=MAIL_TIMEOUT)
    try:
        server.open()
    except OSError as error:  # smtplib's errors are OSErrors, and may quote the password
        error_name = type(error).__name__
        return CheckResult(
            "mail", False, f"{settings.EMAIL_HOST} does not take our sign-in ({error_name})"
        )
    server.close()
    return CheckResult("mail", True, f"{settings.EMAIL_HOST} answers")
