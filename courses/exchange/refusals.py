"""Why a file of another system is not taken: one named exception a reason, each a sentence with its entry and line.

What is looked for stands with what looks: `archive`, `trees`, `markup`, `gift`, `qti`, `moodle`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_SAID = 600


@dataclass(frozen=True)
class Location:
    """Where something stands: the file, or the entry of an archive; the line in it, from 1; and the item, if in one."""

    entry: str
    line: int = 1
    item: str = ""

    def __str__(self) -> str:
        at = f"{self.entry}:{max(self.line, 1)}: "
        return f"{at}{self.item}: " if self.item else at


def shown(text: str) -> str:
    """Words of a stranger as a terminal may show them: at most a few lines, and nothing that moves its cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:LONGEST_SAID])


class Refused(Exception):
    """The file is not taken. Reads as `entry:line: item: what, and what to do instead`."""

    def __init__(self, place: Location, what: str) -> None:
        super().__init__(shown(f"{place}{what}"))
        self.place, self.what = place, what


class TooLarge(Refused):
    """More bytes or characters than anything honest needs."""


class TooMany(Refused):
    """More entries, elements, attributes, items or options than anything honest needs."""


class TooDeep(Refused):
    """Nested deeper than anything honest needs."""


class NotText(Refused):
    """The bytes are not UTF-8 text."""


class BadArchive(Refused):
    """Not a zip file, or a damaged one, or packed in a way nothing here unpacks."""


class Inflated(BadArchive):
    """An entry that unpacks to far more than it weighs."""


class BadPath(BadArchive):
    """An entry whose name leads out of the archive, or could be two names."""


class NotAFile(BadArchive):
    """An entry that is a link, a device or a pipe."""


class Nested(BadArchive):
    """An archive inside the archive."""


class Encrypted(BadArchive):
    """An entry that needs a password."""


class SameName(BadArchive):
    """Two entries of one name: nobody can tell which one counts."""


class BadXml(Refused):
    """Not well-formed XML."""


class HasDoctype(BadXml):
    """A DOCTYPE: where entities are declared, which can grow without end or read other files."""


class BadPackage(Refused):
    """A QTI package whose manifest and entries do not fit together."""


class BadGift(Refused):
    """GIFT whose braces or signs do not fit together."""


class UnknownKind(Refused):
    """A question or interaction of a kind that no item of ours is; it is named."""


class Misfit(Refused):
    """A known kind with something no item of ours can have; it is named."""


class Unwritable(Refused):
    """An item of ours that the other format cannot hold without loss."""


class Empty(Refused):
    """Nothing in the file is for this lesson, or nothing in it is an item at all."""


class RefusedAll(Exception):
    """Everything that was refused in one file, in its order. Nothing of the file is taken."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        super().__init__("\n".join(str(one) for one in refusals))
        self.refusals = tuple(refusals)
