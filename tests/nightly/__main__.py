"""`make nightly`: what takes too long for each change, one line a figure. Exits 1 on a MISS.

`make nightly ARGS="last-release"` runs that alone. To add a check, write a module with `promised`,
which gives the target of each figure by its name, and `measure`, and name it in CHECKS.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.drills.world import SETTINGS
from tests.longruns.report import OutOfTime, Report
from tests.longruns.running import limit_time, own_folder
from tests.nightly import last_release, long_tests, next_versions

LIMIT = 3 * 60 * 60  # seconds until what is left is given up


@dataclass(frozen=True)
class Check:
    """The figures it promises, and what prints them: given a folder of its own, and the report."""

    promised: dict[str, str]
    measure: Callable[[Path, Report], None]


CHECKS = {
    "last-release": Check(last_release.promised(), last_release.measure),
    "long-tests": Check(long_tests.promised(), long_tests.measure),
    "next-versions": Check(next_versions.promised(), next_versions.measure),
}


def run(check: Check, report: Report) -> None:
    def measure() -> None:
        with own_folder(SETTINGS) as folder:
            check.measure(folder, report)

    report.section(list(check.promised), measure)


def main(wanted: list[str]) -> int:
    chosen = [CHECKS[name] for name in wanted]
    targets = {name: target for check in chosen for name, target in check.promised.items()}
    report, now = Report(targets), datetime.now().astimezone()
    print(f"{now:%Y-%m-%d %H:%M %Z}, {os.cpu_count()} cores", flush=True)
    limit_time(LIMIT)
    try:
        for check in chosen:
            run(check, report)
    except OutOfTime as over:
        report.failures += 1
        report.give_up(list(targets), str(over))
    missed = f"{report.misses} missed" if report.misses else "none missed"
    print(f"{len(report.printed)} figures, {missed}, in {report.seconds:.0f} s")
    return 1 if report.misses or report.failures else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.nightly", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="check", help=f"any of {', '.join(CHECKS)}")
    given = parser.parse_args().checks
    if unknown := set(given) - set(CHECKS):
        wrong = ", ".join(sorted(unknown))
        parser.error(f"there is no check {wrong}; there are {', '.join(CHECKS)}")
    sys.exit(main(given or list(CHECKS)))
