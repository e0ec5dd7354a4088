"""The words somebody searches for: taken from what they typed, and marked where they stand.

A rule: no rows. What the databases make of them is in `search`.
"""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_QUERY = 200  # characters of what was typed that are looked at
MOST_WORDS = 8
LONGEST_WORD = 40
AROUND = 90  # characters shown before and after the first word that was found
# Characters of Unicode's private use, which no text of ours has: they begin and end a found word.
BEGIN, END = "\ue000", "\ue001"
# Words that are in every text; PostgreSQL leaves these and others out by itself.
TOO_COMMON = {
    "a", "an", "and", "are", "as", "at", "be", "by", "do", "for", "how", "i", "in", "is", "it",
    "my", "of", "on", "or", "that", "the", "to", "was", "what", "when", "where", "who", "why",
    "with",
}  # fmt: skip
ENDINGS = ("ing", "ies", "ed", "es", "s", "y")


def words_in(typed: str) -> list[str]:
    """The words to search for, lower case, each once; empty where there are none.

    Letters and digits alone: whatever means something to a database is left out.
    """
    words = re.findall(r"[^\W_]+", typed[:LONGEST_QUERY].lower())
    wanted = [word[:LONGEST_WORD] for word in words if word not in TOO_COMMON]
    # A single letter is what an apostrophe leaves, as in "baby's".
    long_enough = [word for word in wanted if len(word) > 1 or word.isdigit()]
    return list(dict.fromkeys(long_enough))[:MOST_WORDS]


def is_whole(word: str) -> bool:
    """Whether a word is searched for as it is, and not as the beginning of longer ones.

    One that has an ending is complete, and its stem as a beginning would find too much: "crying"
    would find "criteria".
    """
    return len(word) < 3 or word.endswith(ENDINGS)


def stem(word: str) -> str:
    """A word without its ending, about as the databases take it off; at least three letters."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def matches(text: str, words: Sequence[str]) -> bool:
    """Whether each of the words stands in a text, with whatever ending."""
    return all(_pattern([word]).search(text) for word in words)


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """The part of a text around the first of the words, as safe HTML with all of them marked."""
    first = _pattern(words).search(text) if words else None
    begin = max(0, first.start() - AROUND) if first else 0
    end = min(len(text), (first.end() if first else 0) + AROUND)
    # Cut between words, not within one.
    while begin > 0 and not text[begin - 1].isspace():
        begin -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    part = " ".join(text[begin:end].split())
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    marked = _pattern(words).sub(_between_marks, part) if words else part
    return marked_html(f"{before}{marked}{after}")


def marked_html(text: str) -> SafeString:
    """A text with BEGIN and END around what was found, as safe HTML with `<mark>`."""
    html = escape(text).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return mark_safe(html)


def without_marks(text: str) -> str:
    """A text without the two characters that begin and end what was found."""
    return text.replace(BEGIN, "").replace(END, "")


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """What finds words that begin as one of these do without its ending."""
    stems = "|".join(re.escape(stem(word)) for word in words)
    return re.compile(rf"\b(?:{stems})\w*", re.IGNORECASE)


def _between_marks(found: re.Match[str]) -> str:
    return f"{BEGIN}{found[0]}{END}"
