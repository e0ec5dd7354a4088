"""What can be printed: a text somebody wrote, cleaned, and with a sign for every letter that no font of ours has.
Fonts and the file that says what they hold are in `fonts/`; setting the text on paper is done in `compiler`.
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
MOST_MARKS = 4  # on one letter; Hebrew with points and Vietnamese need three, a prank needs fifty

_JOINERS = "\u200c\u200d"  # they shape Persian and Indic words


class Said(TypedDict):
    """A text somebody wrote, ready to print: `wide` for the typeface with more letters, `rtl` for its direction."""

    text: str
    wide: bool
    rtl: bool


def said(text: str, covered: frozenset[int]) -> Said:
    """A text made printable: cleaned, and □ for every letter outside `covered`, or for a text of nothing visible."""
    shown: list[str] = []
    for letter in clean(text):
        if ord(letter) not in covered:
            shown.append(MISSING)
        elif not (shown[-1:] == [MISSING] and (letter in _JOINERS or _is_mark(letter))):
            shown.append(letter)
    printed = "".join(shown)
    if text and not printed.strip(" " + _JOINERS):
        printed = MISSING
    return {"text": printed, "wide": _is_wide(printed), "rtl": _is_rtl(printed)}


def clean(text: str) -> str:
    """A text on one line, in Unicode's composed form, without what steers rather than shows.

    Control characters, bidi marks and overrides, variation selectors, half surrogates and non-characters go, and so
    do marks heaped on one letter beyond `MOST_MARKS`. The joiners that shape Persian and Indic words stay.
    """
    kept = (
        letter
        for letter in " ".join(text.split())
        if letter in _JOINERS or not _is_steering(letter)
    )
    heap, letters = 0, []
    for letter in unicodedata.normalize("NFC", " ".join("".join(kept).split())):
        heap = heap + 1 if _is_mark(letter) else 0
        if heap <= MOST_MARKS:
            letters.append(letter)
    return "".join(letters)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me")


def _is_steering(letter: str) -> bool:
    code = ord(letter)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    is_no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs") or is_selector or is_no_character


def _is_wide(text: str) -> bool:
    """True where the main typeface lacks a letter the wide one has, or a mark stands alone: never two in one word."""
    main, wide = coverage()[MAIN_FONT], coverage()[WIDE_FONT]
    codes = [ord(letter) for letter in text if letter not in _JOINERS]
    return any(0x300 <= code <= 0x36F or (code in wide and code not in main) for code in codes)


def _is_rtl(text: str) -> bool:
    """True where the first letter with a direction reads from the right (Unicode UAX 9, rules P2 and P3)."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((way for way in directions if way in ("L", "R", "AL")), "L") != "L"


@cache
def coverage() -> dict[str, frozenset[int]]:
    """The characters of each font family, in the order they are tried; made with the fonts (`fonts/README.md`)."""
    families = json.loads((FONTS / "coverage.json").read_text(encoding="utf-8"))
    return {
        family: frozenset(code for first, last in ranges for code in range(first, last + 1))
        for family, ranges in families.items()
    }


@cache
def printable() -> frozenset[int]:
    """Every character that one of the fonts has."""
    return frozenset().union(*coverage().values())
