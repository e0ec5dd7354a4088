"""Whether two names may be of one organisation. No Django.

A rule of our own: a person decides, this only decides whether to ask. So rather too often than too
seldom, and what differs between two services of one place ("Children", "Adult") keeps them apart.
"""

import re
import unicodedata
from difflib import SequenceMatcher

# Words that say what kind of body it is, or none, and are written or left out as people please.
FILLING = frozenset(
    re.findall(
        r"\w+",
        """the of for and in at nhs trust foundation ft ltd limited plc cic llp university uhb hb
        uthb health board healthcare care service services""",
    )
)
WORD = re.compile(r"[^\W_]+")
ALMOST = 0.88  # of the letters alike: one letter wrong in a word of seven, as in Rivreside
SHORTEST = 5  # letters of a name that may be misspelt: Leeds and Leads, and not Bury and Bute


def is_like(one: str, other: str) -> bool:
    """Whether the names are alike but for case, accents, punctuation, filling or a slip.

    >>> is_like("Riverside NHS Foundation Trust", "riverside")
    True
    >>> is_like("Riverside Children\u2019s Services", "Riverside")
    False
    """
    words, other_words = _telling(one), _telling(other)
    if not words or not other_words:
        return False
    if sorted(words) == sorted(other_words):
        return True
    first, second = "".join(words), "".join(other_words)
    if first == second:
        return True
    if min(len(first), len(second)) < SHORTEST:
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # The quick ratio is never below the ratio, and most names end here.
    return matcher.quick_ratio() >= ALMOST and matcher.ratio() >= ALMOST


def _telling(name: str) -> list[str]:
    """The words of a name that tell which body it is; all of them where none do."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = WORD.findall(letters.replace("\u2019", "").replace("'", ""))
    telling = [word for word in words if word not in FILLING]
    return telling or words
