"""Reading one setting from the environment: a flag, a number, an address, the secret key. No setting lives here.

What is wrong is collected in `problems`, so that `refuse` can say all of it at once.
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
problems: list[Finding] = []  # values that cannot be read, as far as the settings have come
ASKING = {"check", "ready", "help", "version"}  # commands that only speak about the settings


def flag(name: str) -> bool:
    """An on/off setting, off when it is not set; anything but the allowed words is a problem, and off."""
    value = env.str(name, "").lower() or "0"
    if value not in {"0", "1", "true", "false", "on", "off"}:
        problems.append(Finding(name, repr(value), "allowed are 1, true, on, 0, false, off"))
    return value in {"1", "true", "on"}


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """A whole number in this range; anything else is a problem, and the default."""
    value = env.str(name, "") or str(default)
    if value.isdecimal() and lowest <= int(value) <= highest:
        return int(value)
    problems.append(Finding(name, repr(value), f"allowed are {lowest} to {highest}"))
    return default


def choice(name: str, default: str, allowed: set[str]) -> str:
    """One of a few words; another is a problem, and the default."""
    value = env.str(name, "") or default
    if value in allowed:
        return value
    problems.append(Finding(name, repr(value), f"allowed are {', '.join(sorted(allowed))}"))
    return default


def address(name: str, default: str, schemes: set[str]) -> str:
    """A setting that is a URL; one with a scheme that is not allowed is a problem, and the default."""
    value = env.str(name, "") or default
    if not value or urlsplit(value).scheme in schemes:
        return value
    shown = urlsplit(value).scheme or value
    problems.append(Finding(name, repr(shown), f"it may begin with {', '.join(sorted(schemes))}"))
    return default


def cache_of(redis_url: str) -> dict[str, Any]:
    """The shared cache: Redis where there is one, else a table of the database."""
    if redis_url:
        # in seconds: a Redis that does not answer costs a page no more
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        backend = "django.core.cache.backends.redis.RedisCache"
        return {"BACKEND": backend, "LOCATION": redis_url, "OPTIONS": options}
    # pictures of 20 to 200 KB; beyond so many, a third of them is dropped and made again when asked for
    options = {"MAX_ENTRIES": 5000}
    backend = "django.core.cache.backends.db.DatabaseCache"
    return {"BACKEND": backend, "LOCATION": "cache", "OPTIONS": options}


def secret_key(folder: Path) -> str:
    """`SECRET_KEY`, or the key kept in `folder`, which is made at the first start and never shown."""
    given = env.str("SECRET_KEY", "")
    if given:
        if len(given) < 50:
            problems.append(
                Finding("SECRET_KEY", f"{len(given)} characters", "allowed are 50 or more")
            )
        return given
    kept = folder / "secret_key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(
            FileExistsError
        ):  # of two first starts at once, the first one's key is kept
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text().strip()


def database(url: str, folder: Path, seconds: int) -> dict[str, object]:
    """The database of this address; what the address itself says of time-outs wins.

    Args:
        folder: where the tests keep a SQLite file.
        seconds: how long one statement may take; 0 is for ever, for a long command.
    """
    found: dict[str, object] = env.db_url_config(url)
    if url.startswith("sqlite"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        test = {
            "NAME": str(folder / "test.sqlite3")
        }  # a real file: the tests are about real commits
        return found | {"TEST": test, "OPTIONS": options}
    given = found.get("OPTIONS") or {}
    assert isinstance(given, dict)
    return found | {
        "ENGINE": "elearn.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "PATIENCE": seconds + 3 if seconds else 0,  # the server's own limit should be the first
        "OPTIONS": time_limits(seconds) | given,
    }


def time_limits(seconds: int) -> dict[str, object]:
    """What a PostgreSQL connection is opened with, from how long one statement may take (0: for ever).

    A lock is waited for two thirds of that; a transaction in which nothing happens is ended after four times of it.
    A server whose machine is gone is noticed after about a minute, whatever the seconds are.
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


def refuse(found: list[Finding], argv: list[str]) -> None:
    """Stops the start where a setting is wrong. A command that only speaks about the settings goes on.

    Raises:
        ImproperlyConfigured: every problem, each with the setting, its value and what is allowed.
    """
    lines = dict.fromkeys(
        map(str, found)
    )  # a second try to read the settings finds the same once more
    if lines and not only_asks(argv):
        raise ImproperlyConfigured("\n  ".join(["this site does not start:", *lines]))


def only_asks(argv: list[str]) -> bool:
    """Whether the process is `manage.py check`, `ready`, `help`, or any command's `--help`."""
    name, *words = argv or [""]
    if Path(name).name not in {"manage.py", "django-admin"}:
        return False
    return not words or words[0] in ASKING or bool({"-h", "--help", "--version"} & set(words))
