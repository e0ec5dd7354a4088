"""Lists of e-mail addresses as people type them and mail programs copy them. No Django."""

import re

LINES = re.compile(r"[;\r\n]+")
NAMED = re.compile(r"([^<>]*)<([^<>]*)>")  # a name, and the address in angle brackets
BARE = re.compile(r"[,\s]+")


def people_in(text: str) -> list[tuple[str, str]]:
    """Name and address of each person in the list, in its order; the name may be "".

    People are separated by line ends, semicolons or commas. What is no address stands in the place
    of one: who calls this checks each.

    >>> people_in("Jones, Ana <ana@example.org>; ben@example.org, cara@example.org")
    [('Jones, Ana', 'ana@example.org'), ('', 'ben@example.org'), ('', 'cara@example.org')]
    """
    people: list[tuple[str, str]] = []
    for line in LINES.split(text):
        end = 0
        for match in NAMED.finditer(line):
            bare, name = _parted(match[1])
            people += [("", address) for address in bare]
            people.append((name, match[2].strip()))
            end = match.end()
        people += [("", address) for address in _bare(line[end:])]
    return people


def _bare(text: str) -> list[str]:
    """The addresses of a text; of one without any the whole, so that it is named as it stands."""
    if "@" in text:
        return [address for address in BARE.split(text) if address]
    words = text.strip(", \t")
    return [words] if words else []


def _parted(before: str) -> tuple[list[str], str]:
    """Addresses without a name that stand before a name, and the name."""
    addresses, words = [], []
    for piece in before.split(","):
        if "@" in piece:
            addresses += piece.split()
        elif piece.strip(' "'):
            words.append(piece.strip(' "'))
    return addresses, ", ".join(words)
