"""`python -m tests.html`: every page that visitors, learners, trainers, managers and reviewers of the demo can open.

The shipped courses and demo people are made in a folder of its own. Exits 1 where a page is not valid; with a
folder as argument, the pages are kept there.
"""

import os
import sys
import tempfile
from pathlib import Path

WHO = (None, "ana", "ben", "tess", "mo", "olga", "rhea")
OFTEN = 6  # of pages of one kind by the same person


def main(keep: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="notice-html-") as folder:
        os.environ |= {"VAR_DIR": folder, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "elearn.settings"}
        os.environ["SITE_URL"] = "http://127.0.0.1:8000"
        import django

        django.setup()
        from tests.html.crawling import make_site, pages_of
        from tests.html.validating import problems_of

        make_site()
        wrong: dict[str, list[str]] = {}
        count = 0
        for name in WHO:
            for path, html in pages_of(name, OFTEN):
                count += 1
                for problem in problems_of(html):
                    wrong.setdefault(problem, []).append(f"{name or 'visitor'} {path}")
                if keep:
                    (keep / f"{count:04}.html").write_text(f"{html}\n<!-- {name} {path} -->")
    for problem, places in wrong.items():
        print(f"{problem}: on {len(places)} pages, as {places[0]}")
    print(f"{count} pages, {len(wrong)} kinds of fault", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
