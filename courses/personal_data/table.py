"""What a table of the download is: which rows of a model are about a person, and which columns.

The tables themselves are in `tables` and `acts`, and reading them in `collection`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of one model that are about a person, or that say what they did.

    `whose` are lookups that lead from the row to the person: one of them is enough. `addressed` is
    a lookup to an e-mail address, for rows that know the person by a confirmed address alone; "":
    none. `fields` are lookups of what is given, and `without` says of each field that is not, why.
    `only` narrows the rows. `edition` is the lookup of the edition that an answer was given in, so
    that the answer can be put into words; "": the rows hold no answer of keys.
    """

    title: str
    model: str
    whose: tuple[str, ...]
    fields: tuple[str, ...]
    without: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    addressed: str = ""
    edition: str = ""

    @property
    def key(self) -> str:
        """Its name in the JSON, as "item_scores" of "Item scores"."""
        return self.title.lower().replace(",", "").replace("-", "_").replace(" ", "_")


def column_of(lookup: str) -> str:
    """The name of a lookup's column in the JSON, as "course_key" of "course__key"."""
    return lookup.replace("__", "_")
