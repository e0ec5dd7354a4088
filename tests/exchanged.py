"""Items made by hypothesis, with every letter that another format might take for a sign of its own. No test lives here."""

from hypothesis import strategies as st

from courses.assessment.exchange.neutral import Card, Group, Item, Option, Part, normal, pairs

SIGNS = [
    "~",
    "=",
    "#",
    "{",
    "}",
    ":",
    "\\",
    "\\n",
    "\n",
    "\n\n",
    "->",
    "//",
    "####",
    "::",
    "%50%",
    "[html]",
    "[markdown]",
]
SIGNS += [
    "&",
    "&amp;",
    "&lt;b&gt;",
    "&#91;",
    "<",
    ">",
    "<b>",
    "</p>",
    "<![CDATA[",
    "]]>",
    '"',
    "'",
    "`",
    "*",
    "_",
    "**",
]
SIGNS += [
    "[@B1]",
    "[[term]]",
    "[x](https://example.org/a?b=c&d=e)",
    "- ",
    "1. ",
    "    code",
    "|",
    "| --- |",
    "\t",
    "  ",
]
SIGNS += [
    "$CATEGORY: x",
    "T",
    "TRUE",
    "// notice: {}",
    "[tag:critical]",
    "_____",
    "é",
    "ŵ",
    "’",
    "雪",
    "🍼",
    "\u200d",
    "\u00a0",
]
SIGNS += ["\u2028", "\x85", "\ufeff", "no", "1", "null", "~", "? ", "@", "!", "%", "^", "a", "Looks away", " and "]
NONE = ["Cs", "Cc", "Cn"]  # neither XML nor an editor has these; a line break, a tab and NEL are among the signs

keys = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
sources = st.lists(st.sampled_from(["A1", "B1", "B12", "C2.4", "H3", "A21b"]), max_size=3, unique=True).map(tuple)
words = st.text(st.characters(exclude_categories=NONE), max_size=20)
texts = st.lists(st.one_of(st.sampled_from(SIGNS), words), min_size=1, max_size=8).map("".join).map(normal).filter(bool)


def several(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=least, max_size=most, unique=True)


@st.composite
def options(draw, many: bool) -> tuple[Option, ...]:
    """Two to eight options; one right, or some but not all."""
    shown = draw(several(2, 8))
    most = len(shown) - 1 if many else 1
    right = draw(st.sets(st.integers(0, len(shown) - 1), min_size=1, max_size=most))
    return tuple(Option(text, n in right, draw(texts), draw(sources)) for n, text in enumerate(shown))


@st.composite
def parts(draw) -> tuple[Part, ...]:
    made = []
    for _ in range(draw(st.integers(2, 3))):
        kind = draw(st.sampled_from(["single", "multiple"]))
        made.append(Part(draw(texts), kind, draw(options(kind == "multiple"))))
    return tuple(made)


@st.composite
def sorted_cards(draw) -> dict[str, object]:
    """Cards of a sort: at least two groups are used, some may not be."""
    names = draw(st.lists(keys, min_size=2, max_size=5, unique=True))
    groups = tuple(Group(key, text) for key, text in zip(names, draw(several(len(names), len(names))), strict=True))
    shown = draw(several(2, 12))
    places = [names[0], names[1], *(draw(st.sampled_from(names)) for _ in shown[2:])]
    cards = (Card(text, place, draw(texts), draw(sources)) for text, place in zip(shown, places, strict=True))
    return {"cards": tuple(cards), "groups": groups}


@st.composite
def matched_cards(draw) -> dict[str, object]:
    """Pairs of a match: two right-hand sides at least, some may be used twice."""
    lefts, rights = draw(several(2, 8)), draw(several(2, 8))
    places = [rights[0], rights[1], *(draw(st.sampled_from(rights)) for _ in lefts[2:])]
    cards, groups = pairs(
        [(left, right, draw(texts), draw(sources)) for left, right in zip(lefts, places, strict=True)]
    )
    return {"cards": cards, "groups": groups}


@st.composite
def turns(draw) -> dict[str, object]:
    return {"cards": tuple(Card(text, "", draw(texts), draw(sources)) for text in draw(several(3, 8)))}


@st.composite
def items(draw, kind: st.SearchStrategy[str]) -> Item:
    """An item of one of our kinds with every field filled that its kind has."""
    named = draw(kind)
    filled: dict[str, object] = {
        "single": lambda: {"options": draw(options(False))},
        "multiple": lambda: {"options": draw(options(True))},
        "spot": lambda: {"options": draw(options(False)), "scene": draw(keys)},
        "sort": lambda: draw(sorted_cards()),
        "match": lambda: draw(matched_cards()),
        "order": lambda: draw(turns()),
        "case": lambda: {"parts": draw(parts())},
    }[named]()
    filled |= {"outcome": draw(keys), "lesson": draw(keys), "parallel": draw(keys), "critical": draw(st.booleans())}
    filled |= {"use": tuple(draw(st.lists(keys, min_size=1, max_size=3, unique=True)))}
    filled |= {"difficulty": draw(st.sampled_from(["easy", "medium", "hard"]))}
    return Item(draw(keys), named, draw(texts), **filled)


KINDS = ["single", "multiple", "spot", "sort", "match", "order", "case"]
any_items = items(st.sampled_from(KINDS))
