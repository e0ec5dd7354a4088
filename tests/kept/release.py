"""The code of an older release, from its commit, and running it. What it is asked is elsewhere."""

import io
import os
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.longruns.report import NotRun
from tests.longruns.served import ROOT

LAST_RELEASE = "f1c56f5"  # with each release another: keep its databases by `tests.kept.make`
OURS = {
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "DEBUG",
    "DEMO",
    "BEHIND_PROXY",
}
PATIENCE = 300  # seconds


def code_of(commit: str, folder: Path) -> Path:
    """All files of a commit, in a folder that is made.

    Raises:
        NotRun: this is no clone with that commit.
    """
    command = ["git", "-C", str(ROOT), "archive", "--format=zip", commit]
    try:
        archive = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        raise NotRun(f"the commit {commit} is not in this clone; git fetch --unshallow") from None
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
    return folder


def environment_of(code: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The environment, with these settings, in which that code is imported and not the newest."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    kept |= {"DJANGO_SETTINGS_MODULE": "elearn.settings", "PYTHONPATH": str(code)}
    return kept | {"PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1", **settings}


def run_in(
    code: Path,
    python: str | Path,
    arguments: Sequence[object],
    settings: Mapping[str, str],
) -> str:
    """What this Python, run with that code, prints.

    Raises:
        RuntimeError: it fails; the message is the end of what it said.
    """
    command = [str(python), *map(str, arguments)]
    environment = environment_of(code, settings)
    run = subprocess.run(
        command,
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(f"{command[1:3]} failed: {run.stderr.strip()[-2000:]}")
    return run.stdout
