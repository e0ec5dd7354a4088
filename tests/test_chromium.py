"""Before the browser tests start it is found out whether they can; what is missing is one line."""

import shutil

import pytest

from tests.chromium import find_browser

BROKEN = """#!/bin/sh
echo "node: error while loading shared libraries: libatomic.so.1: cannot open it" >&2
exit 127
"""


@pytest.fixture
def program(tmp_path):
    """Makes a program of these lines."""

    def make(text: str) -> str:
        path = tmp_path / "program"
        path.write_text(text)
        path.chmod(0o755)
        return str(path)

    return make


@pytest.mark.browser
def test_it_works():
    chromium, why = find_browser(may_install=False)
    assert why == ""
    assert shutil.which(chromium)


def test_a_driver_that_lacks_a_library_is_told_with_its_package(program, monkeypatch):
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", program(BROKEN))
    found, why = find_browser(may_install=False)
    assert found == ""
    advice = "install libatomic1 (Debian: apt-get install libatomic1)"
    assert why == f"Playwright's driver needs libatomic.so.1: {advice}"


def test_a_driver_that_fails_otherwise_is_told_in_one_line(program, monkeypatch):
    too_old = program("#!/bin/sh\necho 'Error: too old' >&2\nexit 1\n")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", too_old)
    found, why = find_browser(may_install=False)
    assert (found, why) == ("", "Playwright's driver does not start: Error: too old")


@pytest.mark.browser
def test_a_chromium_that_does_not_start_is_told(program, monkeypatch):
    monkeypatch.delenv("PLAYWRIGHT_NODEJS_PATH", raising=False)
    monkeypatch.setenv("CHROMIUM", program("#!/bin/sh\nexit 1\n"))
    found, why = find_browser(may_install=False)
    assert found == ""
    assert "does not start" in why
    assert "\n" not in why


def test_a_chromium_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert find_browser(may_install=False) == ("", "CHROMIUM=/nowhere/chromium is not there")
