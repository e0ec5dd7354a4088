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

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def find_chromium() -> tuple[str, str]:
    """The path of a Chromium, or "" and why there is none: `CHROMIUM`, the usual names, Playwright's own, Debian's."""
    given = os.environ.get("CHROMIUM", "")
    if given:
        return (given, "") if shutil.which(given) else ("", f"CHROMIUM={given} is not there")
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return found, ""
    if found := _playwrights():
        return found, ""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)
        if found := shutil.which("chromium"):
            return found, ""
    return "", "no Chromium on PATH, and neither Playwright nor apt could get one; set CHROMIUM to its path"


def _playwrights() -> str:
    """Playwright's own Chromium, downloaded now if that can be done in three minutes; "" if not."""
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=True, capture_output=True, timeout=180
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


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
    codes = [pytest("unit, contracts and content, on SQLite", quick, environment)]
    codes.append(pytest("the same on PostgreSQL", ["-p", "tests.postgres", *quick], environment))
    chromium, why = find_chromium()
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
