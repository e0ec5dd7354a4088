"""The check that no author file names R3 without saying which of its two rungs it means.

The rungs themselves are in `authoring.schema`.
"""

import re
from collections.abc import Iterator

from courses.authoring.reading.diagnostics import Problems

# A scene's `step:` takes only whole rungs, so the schema has refused a bare one there already.
BARE_RUNG = re.compile(r"(?<!step: )\bR3\b(?!\s+(?:now|today)\b)")
TAG = re.compile(r"<[^<>]*>")


def check_rungs(problems: Problems) -> None:
    """Report each line of a text or picture that says R3 and neither `now` nor `today` after it."""
    what = (
        "says R3 and not which; write `R3 now` (999 or A&E at once)"
        " or `R3 today` (seen by a clinician the same day)"
    )
    for path, text in problems.texts.items():
        if path.suffix == ".svg":
            text = TAG.sub(_blank, text)
        for line in _lines_with_bare_rung(text):
            problems.add(path, line, "ladder", what)


def _lines_with_bare_rung(text: str) -> Iterator[int]:
    for match in BARE_RUNG.finditer(text):
        yield 1 + text.count("\n", 0, match.start())


def _blank(tag: re.Match[str]) -> str:
    """A space and the tag's line breaks.

    `R3` and `now` in two neighbouring `<text>` elements become one phrase, and lines stay as they
    were.
    """
    return " " + "\n" * tag[0].count("\n")
