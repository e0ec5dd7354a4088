"""Whether the browser tests can run here: Playwright's driver, and a Chromium that starts.

What is missing is installed where this is root with apt-get; else one line says what to install.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHROMIUMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
PATIENCE = 120  # seconds for the driver, or a Chromium, to start and end
PACKAGES = {
    "libatomic.so.1": "libatomic1",
    "libstdc++.so.6": "libstdc++6",
}  # Debian's; .ci/run names them too
MISSING = re.compile(r"error while loading shared libraries: ([^:\s]+)")
START = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    browser.new_page().close()
    browser.close()
"""


def find_browser(*, may_install: bool | None = None) -> tuple[str, str]:
    """The path of a Chromium that Playwright can start; or "" and, in one line, why there is none.

    `may_install` None: where this is root with apt-get.
    """
    if may_install is None:
        may_install = can_install()
    if fault := _after_install(_fault_of_driver, may_install):
        return "", fault
    chromium, why = find_chromium(may_install)
    if not chromium:
        return "", why
    fault = _after_install(lambda: _fault_of_chromium(chromium), may_install)
    return ("", fault) if fault else (chromium, "")


def find_chromium(may_install: bool) -> tuple[str, str]:
    """The path of a Chromium, or "" and why there is none.

    Tried in turn: `CHROMIUM`, the usual names on PATH, Playwright's own, Debian's.
    """
    given = os.environ.get("CHROMIUM", "")
    if given:
        return (given, "") if shutil.which(given) else ("", f"CHROMIUM={given} is not there")
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return found, ""
    if found := _playwrights():
        return found, ""
    if may_install:
        install("chromium")
        if found := shutil.which("chromium"):
            return found, ""
    return (
        "",
        "no Chromium on PATH, and neither Playwright nor apt could get one; set CHROMIUM",
    )


def _playwrights() -> str:
    """Playwright's own Chromium, downloaded now if that can be done in three minutes; "" if not."""
    try:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=True,
            capture_output=True,
            timeout=180,
        )
    except (subprocess.SubprocessError, OSError):
        return ""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


def _fault_of_driver() -> str:
    """What hinders Playwright's driver, a program of its own; "" when it starts."""
    return _fault("Playwright's driver", [sys.executable, "-m", "playwright", "--version"])


def _fault_of_chromium(path: str) -> str:
    return _fault(path, [sys.executable, "-c", START, path])


def _fault(what: str, command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"{what} did not start in {PATIENCE} s"
    if run.returncode == 0:
        return ""
    if missing := MISSING.search(run.stderr):
        package = PACKAGES.get(missing[1])
        advice = "the package that has it"
        if package:
            advice = f"{package} (Debian: apt-get install {package})"
        return f"{what} needs {missing[1]}: install {advice}"
    lines = [line for line in run.stderr.splitlines() if "rror" in line] or ["no reason was given"]
    return f"{what} does not start: {lines[-1].strip()[:200]}"


def _after_install(fault_of: Callable[[], str], may_install: bool) -> str:
    """The fault that is left once the packages it asks for are installed; "" when there is none."""
    fault = fault_of()
    for _ in PACKAGES:
        named = [package for library, package in PACKAGES.items() if f"needs {library}:" in fault]
        if not named or not may_install:
            return fault
        install(*named)
        fault = fault_of()
    return fault


def can_install() -> bool:
    """Whether this is root with apt-get."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and bool(shutil.which("apt-get"))


def install(*packages: str) -> None:
    """From Debian, in silence: whether it helped is found out by trying again."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    command = ["apt-get", "install", "-y", "-qq", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=environment, check=False, **quiet)
