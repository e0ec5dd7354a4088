"""British spelling: which words of the courses are none, and what to write instead. Where prose stands is in `prose`.

Known are the words of the vendored dictionary and those of the project's own list, `words.txt` beside the courses.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from courses.authoring.reading.diagnostics import Problems, read_text
from courses.authoring.reading.prose import WORD, Stretch
from courses.authoring.spelling import american, dictionary

LIST = "words.txt"
SHORTEST_LIKELY = 4  # letters; of shorter words, too many others are one slip away
MOST_LOOKED_FOR = 3  # words a run: looking far for a likely one takes half a second each


def check_spelling(root: Path, prose: list[Stretch], problems: Problems) -> None:
    """A problem for each unknown word of a file, at its first line; a warning for what is idle in the own list."""
    own = _read_list(root / LIST, problems)
    speller = Speller(frozenset(own))
    places: dict[tuple[Path, str], dict[int, None]] = {}
    for stretch in prose:
        for word, line in stretch.words():
            for part in speller.unknown(word):
                places.setdefault((stretch.path, part.removesuffix("'s")), {})[line] = None
    for (path, word), lines in places.items():
        first, *more = sorted(lines)
        also = f" (also in line {', '.join(map(str, more))})" if more else ""
        what = speller.advice(word) + also
        problems.add(path, first, "spelling", what)
    for word, line in own.items():
        if word not in speller.used:
            problems.warn(root / LIST, line, word, "is in no text of the courses; take it out")
        elif Speller(frozenset()).knows(word):
            problems.warn(root / LIST, line, word, "is in the dictionary already; take it out")


def _read_list(path: Path, problems: Problems) -> dict[str, int]:
    """The project's own words with their lines; none when there is no list."""
    text = read_text(path, problems) if path.is_file() else None
    rows = [(row.strip(), line) for line, row in enumerate((text or "").splitlines(), 1)]
    own: dict[str, int] = {}
    for word, line in rows:
        if not WORD.fullmatch(word):
            problems.warn(
                path,
                line,
                LIST,
                f"{word[:40]!r} is not a word; write one word a line, and nothing else",
            )
        elif word in own:
            problems.warn(path, line, word, "stands in the list twice; take one out")
        else:
            own[word.replace("’", "'")] = line
    for before, after in pairwise(own):
        if before.casefold() > after.casefold():
            problems.warn(
                path, own[after], after, f"stands after {before!r}; sort the list by the alphabet"
            )
    return own


@dataclass
class Speller:
    """Tells words from what is none, and remembers which of the project's `own` words it met."""

    own: frozenset[str]
    used: set[str] = field(default_factory=set)
    _verdicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _looked_for: int = 0

    def unknown(self, word: str) -> tuple[str, ...]:
        """The word if it is none, or those of its parts between hyphens that are none; nothing when all is well."""
        if word not in self._verdicts:
            parts = () if self.knows(word) else word.split("-")
            self._verdicts[word] = tuple(part for part in parts if not self.knows(part))
        return self._verdicts[word]

    def knows(self, word: str) -> bool:
        """Whether it is a word, perhaps with a capital or a possessive 's. Numbers and single letters are no matter."""
        bare = word.removesuffix("'s")
        if len(bare) < 2 or any(letter.isdigit() for letter in bare):
            return True
        forms = list(_forms(bare))
        met = self.own.intersection(forms)
        self.used |= met
        return bool(met) or _is_british(bare, forms)

    def advice(self, word: str) -> str:
        """What is wrong with a word that is none, and what to write instead."""
        if british := american.british(word.lower(), dictionary.words()):
            return f"{word!r} is American; write {_as_capital(british, word)!r}"
        likely = _near(word) if len(word) >= SHORTEST_LIKELY else []
        if not likely and len(word) >= SHORTEST_LIKELY and self._looked_for < MOST_LOOKED_FOR:
            self._looked_for += 1
            likely = list(islice(_far().suggest(word), 3))
        instead = " or ".join(repr(_as_capital(one, word)) for one in likely[:3])
        return f"{word!r} is in no dictionary; {f'write {instead}' if instead else 'mend it'}, or add it to {LIST}"


def _is_british(word: str, forms: list[str]) -> bool:
    if word[0].isupper() and word in dictionary.words():
        return True  # a name: Gray
    return word.lower() not in american.WORDS and not dictionary.words().isdisjoint(forms)


def _forms(word: str) -> Iterator[str]:
    """As it stands, and without the capitals it may have at the beginning of a sentence or all through."""
    yield word
    if word[0].isupper():
        yield word[0].lower() + word[1:]
    if word.isupper():
        yield word.lower()
        yield word.capitalize()
    if word.endswith("s") and word[:-1].isupper():
        yield word[:-1]
        yield word.lower()


def _as_capital(word: str, model: str) -> str:
    return word[0].upper() + word[1:] if model[0].isupper() else word


def _near(word: str) -> list[str]:
    """Words one slip away: a small letter for a capital, two letters swapped, one too many, one missing, one wrong."""
    if word.capitalize() in dictionary.words():
        return [word.capitalize()]
    word = word.lower()
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    slips = [
        [a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1],
        [a + b[1:] for a, b in halves if b],
        [a + letter + b for a, b in halves for letter in string.ascii_lowercase],
        [a + letter + b[1:] for a, b in halves if b for letter in string.ascii_lowercase],
    ]
    return [made for kind in slips for made in dict.fromkeys(kind) if made in dictionary.words()]


@cache
def _far() -> Any:
    """Finds likely words farther away; takes two seconds to load, so only when it is needed."""
    from spylls.hunspell import Dictionary

    return Dictionary.from_files(str(dictionary.FOLDER / "en-GB"))
