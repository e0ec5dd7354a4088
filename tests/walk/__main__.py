"""`make walk`: the product as somebody meets it, counted in a real browser; one line a figure. Exits 1 on a MISS.

Its pictures lie in var/walk/. Names of figures as arguments walk only those parts: `ARGS="steps weights"`.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.server import Site
from tests.chromium import find_browser
from tests.longruns.report import Report
from tests.walk import answering, cases, entrance, keeping, looking_beside, sheets, steps, weights
from tests.walk.browsing import FLAGS, Walker

AXE, HTML = "axe on the pages of the walk", "HTML of these pages"
PARTS = {
    "entrance": entrance,
    "looking": looking_beside,
    "steps": steps,
    "answering": answering,
    "cases": cases,
    "keeping": keeping,
    "weights": weights,
}
SHEETS = "sheets"


def main(wanted: list[str]) -> int:
    chromium, why = find_browser()
    if not chromium:
        print(f"cannot walk: {why}", file=sys.stderr)
        return 1
    promised = {AXE: "0 violations", HTML: "valid"}
    for part in PARTS.values():
        promised |= part.PROMISED
    report = Report(promised)
    with (
        tempfile.TemporaryDirectory(prefix="notice-walk-") as folder,
        Site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        walk(Walker(site, browser), report, wanted)
        browser.close()
    print(f"walked in {report.seconds:.0f} s, {report.misses} missed", file=sys.stderr)
    return 1 if report.misses or report.failures else 0


def walk(walker: Walker, report: Report, wanted: list[str]) -> None:
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            report.section(part.NAMES, lambda part=part: part.measure(walker, report))
    if not wanted or SHEETS in wanted:
        for sheet in sheets.take(walker):
            print(sheet, file=sys.stderr)
    judged = walker.judged
    for name, problems in ((AXE, judged.axe), (HTML, judged.html)):
        shown = f"{len(problems)} on {len(judged.pages)} pages"
        report.holds(name, not problems, shown)
        for problem in dict.fromkeys(problems):
            print(f"  {problem[:240]}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main([argument for argument in sys.argv[1:] if argument != "-v"]))
