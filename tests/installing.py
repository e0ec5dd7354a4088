"""A virtual environment of a lock file alone. No test lives here."""

import subprocess
import sys
from pathlib import Path

PATIENCE = 600  # seconds


def make_environment(lock: Path, folder: Path, python_of: str = sys.executable) -> Path:
    """The Python of an environment in this folder, of what the lock file names and nothing else.

    What is in uv's cache is taken from there, so that mostly nothing is fetched.

    Raises:
        RuntimeError: it cannot be installed; the message says why.
    """
    subprocess.run([python_of, "-m", "venv", "--without-pip", folder], check=True)
    python, uv = folder / "bin" / "python", Path(sys.prefix, "bin", "uv")
    wanted = ["--quiet", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    command = [sys.executable, "-m", "pip", "--python", python, "install", *wanted]
    attempts: list[list[str]] = [[]]
    if uv.exists():
        command = [uv, "pip", "install", "--python", python, *wanted]
        attempts = [["--offline"], []]
    captured = {"capture_output": True, "text": True}
    for more in attempts:
        done = subprocess.run([*command, *more], timeout=PATIENCE, check=False, **captured)
        if done.returncode == 0:
            return python
    raise RuntimeError(f"{lock.name} cannot be installed: {done.stderr.strip()[-2000:]}")
