"""Which characters our fonts have, and how a text somebody wrote is made printable with them.
The fonts and `coverage.json` are in `fonts/`; setting the text on paper is done in `compiler`.
"""

import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import TypedDict

FONTS = Path(__file__).parent / "fonts"
MAIN_FONT = "Atkinson Hyperlegible Next"
WIDE_FONT = "Noto Sans"  # Vietnamese, Yoruba, Greek, Cyrillic
MISSING = "□"
MAX_MARKS = 4  # on one letter; Hebrew with points and Vietnamese need three, a prank needs fifty

_JOINERS = "\u200c\u200d"  # they shape Persian and Indic words


class PrintableText(TypedDict):
    """A text ready to print.

    `wide` is True when it needs the typeface with more letters, `rtl` when it reads from the right.
    """

    text: str
    wide: bool
    rtl: bool


def printable_text(text: str, covered: frozenset[int]) -> PrintableText:
    """A text cleaned, with □ for every letter outside `covered`.

    □ alone for a text with nothing visible.
    """
    letters: list[str] = []
    for letter in clean(text):
        if ord(letter) not in covered:
            letters.append(MISSING)
            continue
        is_attached = letter in _JOINERS or _is_mark(letter)
        # A mark or joiner after a missing letter has nothing to attach to.
        if is_attached and letters[-1:] == [MISSING]:
            continue
        letters.append(letter)
    printed = "".join(letters)
    if text and not printed.strip(" " + _JOINERS):
        printed = MISSING
    return {"text": printed, "wide": _is_wide(printed), "rtl": _is_rtl(printed)}


def shortened(text: str, longest: int) -> str:
    """The text, cut with “…” where it has more than this many characters."""
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rstrip()}…"


def clean(text: str) -> str:
    """A text on one line, in Unicode's composed form (NFC), without invisible control characters.

    Control characters, bidi marks and overrides, variation selectors, half surrogates and
    non-characters are removed, and so are marks stacked on one letter beyond `MAX_MARKS`. The
    joiners that shape Persian and Indic words stay.
    """
    visible = ""
    for letter in " ".join(text.split()):
        if letter in _JOINERS or not _is_control(letter):
            visible += letter
    # Removing letters may leave two spaces beside each other, so the text is split a second time.
    composed = unicodedata.normalize("NFC", " ".join(visible.split()))
    marks, letters = 0, []
    for letter in composed:
        marks = marks + 1 if _is_mark(letter) else 0
        if marks <= MAX_MARKS:
            letters.append(letter)
    return "".join(letters)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me")


def _is_control(letter: str) -> bool:
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    is_no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs") or is_selector or is_no_character


def _is_wide(text: str) -> bool:
    """Whether a text needs the wide typeface.

    It does when the main one lacks a letter the wide one has, and when a combining mark has no
    composed form: one word is never set in two typefaces.
    """
    main, wide = coverage()[MAIN_FONT], coverage()[WIDE_FONT]
    for letter in text:
        if letter in _JOINERS:
            continue
        code = ord(letter)
        is_lone_mark = 0x300 <= code <= 0x36F
        if is_lone_mark or (code in wide and code not in main):
            return True
    return False


def _is_rtl(text: str) -> bool:
    """Whether the first letter with a direction reads from the right (Unicode UAX 9, P2 and P3)."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


@cache
def coverage() -> dict[str, frozenset[int]]:
    """The code points of each font family, in the order they are tried.

    Made with the fonts (`fonts/README.md`).
    """
    text = (FONTS / "coverage.json").read_text(encoding="utf-8")
    families = json.loads(text)
    return {family: _code_points(ranges) for family, ranges in families.items()}


def _code_points(ranges: list[tuple[int, int]]) -> frozenset[int]:
    codes: set[int] = set()
    for first, last in ranges:
        codes.update(range(first, last + 1))
    return frozenset(codes)


@cache
def covered_characters() -> frozenset[int]:
    """The code point of every character that at least one of the fonts has."""
    families = coverage().values()
    return frozenset().union(*families)
