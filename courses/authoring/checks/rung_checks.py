"""The check that no author file names R3 without saying which of its two rungs it means. The rungs are in `schema`."""

import re
from collections.abc import Iterator
from pathlib import Path

from courses.authoring.reading.diagnostics import Problems

BARE = re.compile(r"\bR3\b(?!\s+(?:now|today)\b)")
TAG = re.compile(r"<[^>]*>")


def check_rungs(problems: Problems) -> None:
    """A problem for each line of prose, and of a picture, that says R3 and neither `now` nor `today` after it."""
    what = "says R3 and not which; write `R3 now` (999 or A&E at once) or `R3 today` (seen by a clinician the same day)"
    for path, line in sorted(set(_bare(problems))):
        problems.add(path, line, "ladder", what)


def _bare(problems: Problems) -> Iterator[tuple[Path, int]]:
    """Each place with a bare R3: the file and the line."""
    for stretch in problems.prose:
        yield from ((stretch.path, line) for line in _lines(stretch.text, stretch.line))
    for path in problems.read:
        if path.suffix == ".svg" and path.is_file():
            text = TAG.sub(_blank, path.read_text(encoding="utf-8", errors="replace"))
            yield from ((path, line) for line in _lines(text, 1))


def _lines(text: str, first: int) -> Iterator[int]:
    for found in BARE.finditer(text):
        yield first + text.count("\n", 0, found.start())


def _blank(tag: re.Match[str]) -> str:
    """A space, and as many line ends as the tag had: two words in two `<text>` stand beside each other."""
    return " " + "\n" * tag[0].count("\n")
