"""Spelling of what people read, by aspell's British dictionary: `python -m tests.spelling`.

Prints `path:line: spelling: what, and what to write instead`. Our own words, and those we do not
use, are in courses/content/words.txt; what `make check` refuses is shown in test_spelling.py.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.chromium import can_install, install

ROOT = Path(__file__).parent.parent
LIST = ROOT / "courses" / "content" / "words.txt"
CHECKED = [ROOT / "courses" / "content", ROOT / "templates", ROOT / "README.md", ROOT / "docs"]
SUFFIXES = {".md", ".yaml", ".svg", ".html", ".txt"}
DICTIONARY = "en_GB-ise"
PACKAGES = ["aspell", "aspell-en"]  # Debian's; .ci/run names them too
OPTIONS = ["--encoding=utf-8", "--sug-mode=fast"]
# Without the settings and words of the person who runs it, so that all get the same result.
IMPERSONAL = ["--per-conf=/dev/null", "--personal=/dev/null", "--repl=/dev/null"]
ASPELL = ["aspell", f"--lang={DICTIONARY}", *OPTIONS, *IMPERSONAL, "pipe"]
MOST_SUGGESTIONS = 3

# What stands among words without being prose. `cite` is the title of a paper as it was printed.
NOT_PROSE = [
    r"`[^`\n]*`",
    r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?\}",  # Django's tags; the id of a step
    r"<!doctype html|</?[a-z][\w:-]*",
    r'(?<![\w-])(?!(?:alt|title|aria-label|placeholder|content)=)[\w:-]+="[^"]*"',
    r"\b(?:attrs|autofocus|crossorigin|formnovalidate|nhsuk|noindex|novalidate|viewport)\b",
    r"\[@[^\]]*\]|(?<=\])\([^)\s]*\)|\|[\w-]+(?=\]\])",  # citation; target of a link, of a term
    r"\bhttps?:\S*|\S+@\S+|&#?\w+;",
    r"\b[\w.-]+/(?!\w)|[\w-]*\.(?:html|json|md|py|svg|txt|yaml)\b",  # folder, file
    r"^:::+ *\w+(?: [a-z\d-]+$)?",  # a block and its key; a note has a title instead
    r"^[ -]*(?:key|cite|doi|url|image|cover|lesson|scene|to|outcome|parallel|pose):.*",
    r"^ *publications:.*(?:\n *- [\w-]+$)*",
    r"^ *[\w-]+:$",  # a key on a line of its own
    r"(?:(?<=Harvard )|(?<=Harvard’s ))Center\b",
]
MASK = re.compile("|".join(NOT_PROSE), re.MULTILINE)
WORD = re.compile(r"\w+(?:'\w+)*")
UNKNOWN = re.compile(r"^[&#] (\S+) [^:\n]*(?:: (.*))?$", re.MULTILINE)


def main() -> int:
    if not has_dictionary() and can_install():
        install(*PACKAGES)
    if not has_dictionary():
        print("spelling by dictionary NOT RUN: install aspell and aspell-en")
        return 1 if os.environ.get("CI") == "true" else 0
    errors = spelling_errors(CHECKED)
    for error in errors:
        print(error)
    return 1 if errors else 0


def has_dictionary() -> bool:
    try:
        listed = subprocess.run(["aspell", "dicts"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return DICTIONARY in listed.stdout.split()


def spelling_errors(paths: Iterable[Path]) -> list[str]:
    """One line for each wrong word of these files and folders, in their order."""
    occurrences = []
    for path in files_in(paths):
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        for line, word in words_of(path.read_text(encoding="utf-8")):
            occurrences.append((f"{shown}:{line}", word))
    own, unused = read_list()
    wrong = unknown_words({word for _, word in occurrences}, own)
    errors = []
    for place, word in occurrences:
        if instead := unused.get(word.lower()):
            if word[0].isupper():
                instead = instead[0].upper() + instead[1:]
            errors.append(f"{place}: spelling: '{word}' is not used here; write '{instead}'")
        elif word in wrong:
            likely = " or ".join(f"'{suggestion}'" for suggestion in wrong[word])
            advice = f"write {likely or 'another word'}, or add it to {LIST.name}"
            errors.append(f"{place}: spelling: '{word}' is in no dictionary; {advice}")
    return errors


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
        for candidate in candidates:
            if candidate.suffix in SUFFIXES and candidate != LIST:
                yield candidate


def words_of(text: str) -> Iterator[tuple[int, str]]:
    """Each word of the prose with its line; parts of a hyphenated word are words of their own."""
    prose = MASK.sub(lambda match: "\n" * match[0].count("\n") or " ", text)
    # A word with a bold first letter is one word.
    prose = prose.replace("*", "").replace("’", "'")
    for number, line in enumerate(prose.split("\n"), 1):
        for word in WORD.findall(line):
            # B38, 2nd and for_whom are no words.
            if word.replace("'", "").isalpha():
                yield number, word


def read_list() -> tuple[set[str], dict[str, str]]:
    """Our own words as they are written, and small-lettered ones we do not use with what we do."""
    own = set()
    unused = {}
    for row in LIST.read_text(encoding="utf-8").splitlines():
        word, colon, instead = row.partition(":")
        if colon:
            unused[word] = instead.strip()
        elif word and not word.startswith("#"):
            own.add(word)
    return own, unused


def unknown_words(words: Iterable[str], own: Iterable[str]) -> dict[str, list[str]]:
    """Each word that aspell does not know, with the likeliest words first, or none.

    Aspell's pipe takes `@word` to accept a word and `^word` to look one up; of an unknown word it
    answers `& word 2 1: likely, likelier`, or `# word 1`.
    """
    accepted = "".join(f"@{word}\n@{word}'s\n" for word in own)
    lookups = "".join(f"^{word}\n" for word in words)
    asked = accepted + lookups
    done = subprocess.run(ASPELL, input=asked, capture_output=True, encoding="utf-8", check=True)
    unknown = {}
    for word, suggestions in UNKNOWN.findall(done.stdout):
        unknown[word] = suggestions.split(", ")[:MOST_SUGGESTIONS] if suggestions else []
    return unknown


if __name__ == "__main__":
    sys.exit(main())
