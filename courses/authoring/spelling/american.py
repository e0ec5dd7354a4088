"""How American spellings differ from British ones. Whether a word is one at all is known in `dictionary`."""

import re
from collections.abc import Container, Iterator

# American words that the British dictionary lets through, or that no rule below would find.
WORDS = {
    "aluminum": "aluminium",
    "cesarean": "caesarean",
    "cozy": "cosy",
    "dialog": "dialogue",
    "diaper": "nappy",
    "diapers": "nappies",
    "gotten": "got",
    "gray": "grey",
    "jewelry": "jewellery",
    "math": "maths",
    "mold": "mould",
    "mom": "mum",
    "mommy": "mummy",
    "moms": "mums",
    "pacifier": "dummy",
    "pacifiers": "dummies",
    "pajamas": "pyjamas",
    "preemie": "premature baby",
    "program": "programme",
    "programs": "programmes",
    "sidewalk": "pavement",
    "skeptical": "sceptical",
    "stroller": "pushchair",
    "strollers": "pushchairs",
}
DIFFERENCES = [
    (r"or(?=[a-z]|$)", "our"),  # color, behavioral
    (r"(?<=[iy])z", "s"),  # organize, analyze
    (r"er(?=s?$|ed$|ing$)", "re"),  # center
    (r"(?<=t)er", "r"),  # centered
    (r"og(?=s?$)", "ogue"),  # catalog
    (r"e", "ae"),  # pediatric, anemia
    (r"e", "oe"),  # edema, diarrhea
    (r"l(?=ed$|ing$|ings$|er$|ers$|or$|ors$|ous|en$)", "ll"),  # traveled, counselor
    (r"ll(?=ment|ful)", "l"),  # enrollment, skillful
    (r"(?<=lfi|sti|nro|hra|ppa)ll(?=s?$)", "l"),  # instill
    (r"l(?=ful)", "l"),
    (r"ense", "ence"),  # defense
    (r"ic(?=e[sd]?$|ing$|er$)", "is"),  # practicing
    (r"(?<=[dg])g(?=ment|ing$)", "ge"),  # acknowledgment
    (r"(?<=a)g(?=ing$)", "ge"),  # aging
    (r"eu", "oeu"),  # maneuver
    (r"ol(?=d|t)", "oul"),  # smoldering
    (r"low", "lough"),  # plow
    (r"i(?=fact)", "e"),  # artifact
]


def british(word: str, known: Container[str]) -> str:
    """The British spelling of a small-lettered American one, empty when it is none."""
    if word in WORDS:
        return WORDS[word]
    return next((made for made in _changed(word) if made in known), "")


def _changed(word: str) -> Iterator[str]:
    """The word with each difference made in one place, then in two (`hemorrhaging` needs one, `fulfillment` two)."""
    once = [made for old, new in DIFFERENCES for made in _one_place(word, old, new)]
    yield from once
    for half in once:
        for old, new in DIFFERENCES:
            yield from _one_place(half, old, new)


def _one_place(word: str, old: str, new: str) -> Iterator[str]:
    for found in re.finditer(old, word):
        made = word[: found.start()] + new + word[found.end() :]
        if made != word:
            yield made
