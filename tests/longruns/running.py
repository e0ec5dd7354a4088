"""What a long run keeps to: a folder of its own and a clean environment, and a limit of time. Nothing is measured here."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.longruns.machine import uninterrupted
from tests.longruns.report import OutOfTime

NOT_OURS = (  # settings of whoever starts a long run, which it must not take over
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "EMAIL_FROM",
    "EMAIL_TIMEOUT",
    "MAIL_DELIVERY",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DEBUG",
    "BEHIND_PROXY",
    "DJANGO_SETTINGS_MODULE",
    "SITE_URL",
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "DEMO",
)


@contextmanager
def own_folder(settings: str) -> Iterator[Path]:
    """A folder for everything this run writes, removed at its end; and an environment without settings of others."""
    folder = Path(tempfile.mkdtemp(prefix="notice-long-"))
    for name in set(NOT_OURS) - {"DATABASE_URL"}:
        os.environ.pop(name, None)
    (folder / "var" / "static").mkdir(parents=True)
    os.environ |= {
        "VAR_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONWARNINGS": "ignore",
    }
    try:
        yield folder
    finally:
        with uninterrupted():
            shutil.rmtree(folder, ignore_errors=True)


def limit_time(seconds: int) -> None:
    """Ends the run in order when its time is over, or when it is told to stop."""

    def over(number: int, frame: object) -> None:
        raise OutOfTime(f"stopped by {signal.Signals(number).name}")

    signal.signal(signal.SIGALRM, over)
    signal.signal(signal.SIGTERM, over)
    signal.alarm(seconds)
