"""`make test`: every test, in four phases, each named with what it ran. Called as `python -m tests.run [pytest arguments]`.

Phases: 1 everything on SQLite but the browser; 2 the same on PostgreSQL; 3 the browser, against gunicorn; 4 what was NOT RUN.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.chromium import find_browser


def pytest(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """One phase in a process of its own; its exit code, where 5 (no test collected) counts as a failure."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode
    print(
        f"== {name}: {'passed' if code == 0 else f'FAILED ({code})'} in {time.monotonic() - started:.0f} s", flush=True
    )
    return code


def main(extra: list[str]) -> int:
    folder = tempfile.mkdtemp(prefix="notice-test-")
    environment = {**os.environ, "VAR_DIR": folder, "PYTHONWARNINGS": "default"}
    environment.pop("DEMO", None)
    Path(folder, "static").mkdir()
    # What a file makes once (a served site, a walk over all pages, a scene's film) is made in one process.
    common = ["-q", "-rs", "-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    quick = [*common, "-m", "not browser", *extra]
    chromium, why = find_browser()
    if not chromium:
        print(f"browser tests will NOT RUN: {why}", flush=True)
    codes = [pytest("unit, contracts and content, on SQLite", quick, environment)]
    codes.append(pytest("the same on PostgreSQL", ["-p", "tests.postgres", *quick], environment))
    if chromium:
        browser = {**environment, "CHROMIUM": chromium, "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        codes.append(pytest("browser, in Chromium", [*common, "-m", "browser", *extra], browser))
    shutil.rmtree(folder, ignore_errors=True)
    if not chromium:
        print(f"\nbrowser tests NOT RUN: {why}")
        codes.append(1 if os.environ.get("CI") == "true" else 0)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
