"""Every form of every word of the vendored dictionary. Which words are looked up, and what is advised, is beside this.

Spelling out all forms once is quick, and looking up a word is then a look into a set.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
COMPOUND_ONLY, POSSESSIVE = (
    "c",
    "M",
)  # flags of the dictionary: 12th, and the 's that any word may take
LONGEST = 2  # letters that the condition of a suffix looks at, at most


class Rule(NamedTuple):
    """A prefix or suffix: the letters cut off, those put on, and when; `crosses` says that both may stand on a word."""

    cut: str
    put: str
    when: re.Pattern[str]
    crosses: bool


@cache
def words() -> frozenset[str]:
    """All forms as they are written, without possessives: small letters but for names."""
    found: set[str] = set()
    for line in (FOLDER / "en-GB.dic").read_text(encoding="utf-8").splitlines()[1:]:
        word, _, flags = line.partition("/")
        if not flags:
            found.add(word)
        elif COMPOUND_ONLY not in flags:
            found.update(_forms(word, flags))
    return frozenset(found)


def _forms(word: str, flags: str) -> Iterator[str]:
    """The word, with each suffix it takes, and with each prefix before those that allow it."""
    ended = [
        (word.removesuffix(rule.cut) + rule.put, rule.crosses)
        for rule in _suffixes(flags, word[-LONGEST:])
    ]
    yield word
    yield from (form for form, _ in ended)
    for rule in _prefixes(flags):
        yield rule.put + word
        yield from (rule.put + form for form, crosses in ended if crosses)


@cache
def _suffixes(flags: str, end: str) -> list[Rule]:
    """The suffixes of a word with these flags that ends in these letters."""
    suffixes = _rules("SFX")
    return [rule for flag in flags for rule in suffixes.get(flag, ()) if rule.when.search(end)]


@cache
def _prefixes(flags: str) -> list[Rule]:
    """The prefixes of a word with these flags; none of the dictionary cuts or has a condition."""
    prefixes = _rules("PFX")
    return [rule for flag in flags for rule in prefixes.get(flag, ())]


@cache
def _rules(kind: str) -> dict[str, list[Rule]]:
    """The prefixes (PFX) or suffixes (SFX) by their flag. A flag's heading has four words, a rule five."""
    rules: dict[str, list[Rule]] = {}
    crosses: dict[str, bool] = {}
    for line in (FOLDER / "en-GB.aff").read_text(encoding="utf-8").splitlines():
        match line.split():
            case [found, flag, cross, _] if found == kind:
                crosses[flag] = cross == "Y"
            case [found, flag, cut, put, when] if found == kind and flag != POSSESSIVE:
                rule = Rule(cut.strip("0"), put, re.compile(f"{when}$"), crosses[flag])
                rules.setdefault(flag, []).append(rule)
    return rules
