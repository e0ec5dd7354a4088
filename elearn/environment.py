"""Functions that read one setting from the environment. The settings themselves are in `settings`.

Wrong values are collected in `problems`, so that `refuse` can report all of them at once.
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from courses.web.starting import Finding

env = environ.Env()
HELP_OPTIONS = {"-h", "--help", "--version"}
problems: list[Finding] = []  # filled while elearn/settings.py is loaded
REPORTING = {"check", "ready", "help", "version"}  # these run with wrong settings, to report them


def flag(name: str) -> bool:
    """An on/off setting; False where it is not set. Another word is a problem, and False."""
    value = env.str(name, "").lower() or "0"
    if value not in {"0", "1", "true", "false", "on", "off"}:
        problems.append(Finding(name, repr(value), "allowed are 1, true, on, 0, false, off"))
    return value in {"1", "true", "on"}


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """A whole number in this range. Anything else is a problem, and the default is returned."""
    value = env.str(name, "") or str(default)
    if value.isdecimal() and lowest <= int(value) <= highest:
        return int(value)
    problems.append(Finding(name, repr(value), f"allowed are {lowest} to {highest}"))
    return default


def choice(name: str, default: str, allowed: set[str]) -> str:
    """One of the allowed words. Another is a problem, and the default is returned."""
    value = env.str(name, "") or default
    if value in allowed:
        return value
    problems.append(Finding(name, repr(value), f"allowed are {', '.join(sorted(allowed))}"))
    return default


def address(name: str, default: str, schemes: set[str]) -> str:
    """A URL. A scheme that is not allowed is a problem, and the default is returned."""
    value = env.str(name, "") or default
    if not value or urlsplit(value).scheme in schemes:
        return value
    shown = urlsplit(value).scheme or value  # the rest may hold a password
    problems.append(Finding(name, repr(shown), f"it may begin with {', '.join(sorted(schemes))}"))
    return default


def cache_of(redis_url: str) -> dict[str, Any]:
    """Django's settings of the shared cache: Redis where there is one, else a database table."""
    if redis_url:
        # seconds a page waits at most for a Redis that does not answer
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"BACKEND": backend, "LOCATION": redis_url, "OPTIONS": options}
    # Pictures of 20 to 200 KB. Beyond so many, Django drops a third; they are made again when used.
    options = {"MAX_ENTRIES": 5000}
    backend = "django.core.cache.backends.db.DatabaseCache"
    return {"BACKEND": backend, "LOCATION": "cache", "OPTIONS": options}


def rendered_parts(is_debug: bool) -> dict[str, Any]:
    """Where `{% cache %}` in templates keeps what it rendered: in the memory of each process.

    Only parts that are the same for everybody may be kept: of an edition, or of the page's
    frame. In development nothing is, so that a changed template shows.
    """
    if is_debug:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    # Parts of 1 to 20 KB. Beyond so many, a third is dropped and rendered again when needed.
    options = {"MAX_ENTRIES": 500}
    backend = "django.core.cache.backends.locmem.LocMemCache"
    return {"BACKEND": backend, "LOCATION": "rendered-parts", "OPTIONS": options}


def secret_key(folder: Path) -> str:
    """`SECRET_KEY`; without it, the key stored in `folder`, which is created at the first start.

    A folder that cannot be written, as in a container, is a problem; the key is then not kept.
    """
    given = env.str("SECRET_KEY", "")
    if given:
        if len(given) < 50:
            length = f"{len(given)} characters"
            problems.append(Finding("SECRET_KEY", length, "allowed are 50 or more"))
        return given
    key_file = folder / "secret_key"
    try:
        if not key_file.exists():
            _create_key(key_file)
        return key_file.read_text().strip()
    except OSError as error:
        allowed = (
            f"{folder} cannot hold one ({type(error).__name__}), so give 50 characters or more"
        )
        problems.append(Finding("SECRET_KEY", "", allowed))
        return secrets.token_urlsafe(50)


def _create_key(key_file: Path) -> None:
    """Writes a random key, unless another process has written one meanwhile."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"secret_key.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50))
    # A link appears with its whole content or not at all, and never replaces a file.
    with contextlib.suppress(FileExistsError):
        os.link(draft, key_file)
    draft.unlink()


def database(url: str, folder: Path, seconds: int) -> dict[str, object]:
    """Django's settings of the database with this URL. Options in the URL override ours.

    Args:
        folder: where the SQLite file of the tests is created.
        seconds: how long one statement may take; 0: for ever, for a long command.
    """
    config: dict[str, object] = env.db_url_config(url)
    if url.startswith("sqlite"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        # A file and not memory: tests of races need several connections with real commits.
        test = {"NAME": str(folder / "test.sqlite3")}
        return config | {"TEST": test, "OPTIONS": options}
    given = config.get("OPTIONS") or {}
    assert isinstance(given, dict)
    return config | {
        "ENGINE": "elearn.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "PATIENCE": seconds + 3 if seconds else 0,  # the server's own limit should come first
        "OPTIONS": time_limits(seconds) | given,
    }


def time_limits(seconds: int) -> dict[str, object]:
    """Options of a PostgreSQL connection, from how long one statement may take (0: for ever).

    Two thirds of that may be spent waiting for a lock. A transaction that is idle for four times as
    long is ended. That the server's machine is gone is noticed after about a minute in any case.
    """
    milliseconds = seconds * 1000
    limits = {
        "statement_timeout": milliseconds,
        "lock_timeout": milliseconds * 2 // 3,
        "idle_in_transaction_session_timeout": milliseconds * 4,
    }
    keepalives = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    given = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return {"connect_timeout": 5, "options": given, "tcp_user_timeout": 60_000, **keepalives}


def refuse(findings: list[Finding], argv: list[str]) -> None:
    """Raises ImproperlyConfigured for wrong settings, unless the command only reports them.

    The message lists every problem with the setting, its value and what is allowed.
    """
    # Each once: where Django loads the settings again after an error, `problems` holds them twice.
    lines = list(dict.fromkeys(str(finding) for finding in findings))
    if lines and not only_reports(argv):
        raise ImproperlyConfigured("\n  ".join(["this site does not start:", *lines]))


def only_reports(argv: list[str]) -> bool:
    """Whether the process is `manage.py check`, `ready`, `help`, or any command's `--help`."""
    program, *arguments = argv or [""]
    if Path(program).name not in {"manage.py", "django-admin"}:
        return False
    if not arguments or arguments[0] in REPORTING:
        return True
    return not HELP_OPTIONS.isdisjoint(arguments)
