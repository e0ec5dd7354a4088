"""What a course rests on and explains: publications, sources, glossary entries."""

import re
from collections.abc import Iterable
from typing import Literal

from courses.library.content.frozen import Frozen


class Publication(Frozen):
    """What a claim rests on.

    `status` says whether it was read or is well known and still to be opened.
    """

    cite: str
    doi: str = ""
    url: str = ""
    status: Literal["read", "known"]


class Source(Frozen):
    """One id of the fact sheet.

    `check_by` is a date in ISO form, empty where the claim does not move.
    """

    publications: tuple[str, ...]
    says: str
    check_by: str = ""
    reported: bool = False


def in_sheet_order(ids: Iterable[str]) -> list[str]:
    """Source ids as the fact sheet lists them: A9 before A10, C2.4 before C2.10."""
    return sorted(ids, key=_natural_key)


def _natural_key(source: str) -> list[tuple[int, str]]:
    """Digits compared as numbers, what is between them as text."""
    parts = re.findall(r"\d+|\D+", source)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]


class Entry(Frozen):
    """A glossary entry; `html` is its meaning in plain words."""

    term: str
    html: str
    sources: tuple[str, ...] = ()
