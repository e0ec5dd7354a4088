"""Why a file, or an item in it, is not taken. What is checked is in the modules that read."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_MESSAGE = 600


@dataclass(frozen=True)
class Location:
    """A place in a file or an entry of an archive. `line` counts from 1, `item` may be empty."""

    entry: str
    line: int = 1
    item: str = ""

    def __str__(self) -> str:
        at = f"{self.entry}:{max(self.line, 1)}: "
        return f"{at}{self.item}: " if self.item else at


def printable(text: str) -> str:
    """Text of another system as a terminal may show it: short, and without control characters."""
    letters = text[:LONGEST_MESSAGE]
    shown = [letter if letter.isprintable() else "?" for letter in letters]
    return "".join(shown)


class Refused(Exception):
    """Not taken. Reads as `entry:line: item: what, and what to do instead`."""

    def __init__(self, place: Location, what: str) -> None:
        super().__init__(printable(f"{place}{what}"))
        self.place = place
        self.what = what


class TooMuch(Refused):
    """Larger, deeper or more of something than anything honest needs."""


class BadArchive(Refused):
    """Not a zip file, or a damaged one, or one with an entry that no package needs."""


class BadXml(Refused):
    """Not well-formed XML, or with a DOCTYPE, whose entities can grow or read other files."""


class BadFile(Refused):
    """Not text, or text whose parts do not fit together as its format has it."""


class Misfit(Refused):
    """A question that no item here can be: what it asks, shows or scores is named."""


class Unwritable(Refused):
    """An item that the other format cannot hold."""


class Empty(Refused):
    """No item of the file is taken; `reasons` says why for each that was left out."""

    def __init__(self, place: Location, what: str, reasons: Sequence[Refused] = ()) -> None:
        super().__init__(place, what)
        self.reasons = tuple(reasons)
