"""Reading one setting from the environment: a flag, an address, the secret key. No setting itself lives here."""

import contextlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def flag(name: str) -> bool:
    """An on/off setting, off when it is not set; raises ImproperlyConfigured for anything but the allowed words."""
    value = env.str(name, "").lower() or "0"
    if value not in {"0", "1", "true", "false", "on", "off"}:
        raise ImproperlyConfigured(f"{name}={value!r}: allowed are 1, true, on, 0, false, off")
    return value in {"1", "true", "on"}


def choice(name: str, default: str, allowed: list[str]) -> str:
    """A setting that is one of a few words; raises ImproperlyConfigured for any other."""
    value = env.str(name, "") or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}: allowed are {', '.join(allowed)}")
    return value


def number(name: str, default: int, lowest: int, highest: int) -> int:
    """A setting that is a whole number within bounds; raises ImproperlyConfigured for anything else."""
    value = env.str(name, "") or str(default)
    if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
        raise ImproperlyConfigured(f"{name}={value!r}: allowed are whole numbers from {lowest} to {highest}")
    return int(value)


def address(name: str, default: str, schemes: set[str]) -> str:
    """A setting that is a URL; raises ImproperlyConfigured when its scheme is not one of the allowed."""
    value = env.str(name, "") or default
    if value and urlsplit(value).scheme not in schemes:
        shown = urlsplit(value).scheme or value
        raise ImproperlyConfigured(f"{name} begins with {shown!r}: allowed are {', '.join(sorted(schemes))}")
    return value


def secret_key(folder: Path) -> str:
    """`SECRET_KEY`, or the key kept in `folder`, which is made at the first start and never shown."""
    given = env.str("SECRET_KEY", "")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured(f"SECRET_KEY has {len(given)} characters: allowed are 50 or more")
        return given
    kept = folder / "secret_key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # of two first starts at once, the first one's key is kept
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text().strip()
