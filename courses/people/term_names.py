"""A name for a cohort's copy in the next term: a suggestion, which the trainer changes at will.

Plain Python: which names are taken is told by the caller.
"""

import re
from collections.abc import Collection
from itertools import count

LONGEST = 80  # characters of a cohort's name
NEXT_TERM = {"autumn": "spring", "spring": "summer", "summer": "autumn"}  # terms of a UK year
TERM = re.compile(r"\b(autumn|spring|summer)\b", re.IGNORECASE)
YEAR = re.compile(r"\b(20\d\d)\b")
LAST_NUMBER = re.compile(r"\b(\d{1,3})$")


def next_term_name(name: str, taken: Collection[str]) -> str:
    """The name with its term, year or number moved on by one, and none of those `taken`.

    "Autumn 2026" → "Spring 2027", "Riverside, spring" → "Riverside, summer", "Group 3" →
    "Group 4"; a name that says nothing of time → "…, next term".
    """
    suggested = _moved_on(name)
    if suggested == name:
        suggested = _shortened(name, ", next term")
    folded = {other.casefold() for other in taken}
    if suggested.casefold() not in folded:
        return suggested
    for number in count(2):
        numbered = _shortened(suggested, f" ({number})")
        if numbered.casefold() not in folded:
            return numbered
    raise AssertionError("count() does not end")


def _moved_on(name: str) -> str:
    """The name in its next term; the same where it has neither term nor year nor number."""
    term = TERM.search(name)
    if term:
        following = NEXT_TERM[term[1].lower()]
        moved = TERM.sub(_like(term[1], following), name, count=1)
        # The year changes between autumn and spring alone.
        return _with_next(YEAR, moved) if following == "spring" else moved
    if YEAR.search(name):
        return _with_next(YEAR, name)
    return _with_next(LAST_NUMBER, name)


def _like(word: str, other: str) -> str:
    """The other word with a capital where the first one has it."""
    return other.capitalize() if word[0].isupper() else other


def _with_next(pattern: re.Pattern[str], name: str) -> str:
    return pattern.sub(lambda match: str(int(match[1]) + 1), name, count=1)


def _shortened(name: str, ending: str) -> str:
    return name[: LONGEST - len(ending)].rstrip() + ending
