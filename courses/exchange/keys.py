"""Keys of items and groups: what is one, and keys made of the names of other systems."""

import re
import unicodedata

from courses.authoring.reading.reader import KEY

LONGEST_KEY = 60  # keep in step with authored_fields.Key


def is_key(text: str) -> bool:
    is_short = len(text) <= LONGEST_KEY
    return is_short and bool(KEY.fullmatch(text))


class Keys:
    """Gives each thing of a file a key of its own, made from its name."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def give(self, name: str, otherwise: str) -> str:
        """The name when it is a free key; else its letters and digits or `otherwise`, numbered."""
        first = name if is_key(name) else _slug(name) or otherwise
        key = first
        number = 1
        while key in self.given:
            number += 1
            key = f"{first[: LONGEST_KEY - 6].rstrip('-')}-{number}"
        self.given.add(key)
        return key


def _slug(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name[:200])
    plain = letters.encode("ascii", "ignore").decode().lower()
    hyphened = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return hyphened[:LONGEST_KEY].rstrip("-")
