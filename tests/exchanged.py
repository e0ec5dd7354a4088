"""Items made by hypothesis, with every letter that another format might take for a sign of its own. No test lives here."""

import random
from itertools import product

from hypothesis import strategies as st

from courses.assessment import items as item_kinds
from courses.assessment.items.neutral import Card, Group, Item, Option, Part, normal

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
SIGNS += [
    "\u2028",
    "\ufeff",
    "no",
    "1",
    "null",
    "~",
    "? ",
    "@",
    "!",
    "%",
    "^",
    "a",
    "Looks away",
    " and ",
]
# Neither XML nor an editor has these; a line break and a tab are among the signs.
NONE = ["Cs", "Cc", "Cn"]
# Course files may not have what turns the direction of the text around it.
REFUSED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
KINDS = ["single", "multiple", "spot", "sort", "match", "order", "case"]
SOURCES = ["A1", "B1", "B12", "C2.4", "H3", "A21b"]

letters = st.characters(exclude_categories=NONE, exclude_characters=REFUSED)
words = st.text(letters, max_size=12)
texts = (
    st.lists(st.one_of(st.sampled_from(SIGNS), words), min_size=1, max_size=4)
    .map("".join)
    .map(normal)
    .filter(bool)
)
pools = st.lists(texts, min_size=4, max_size=6, unique=True)


class Maker:
    """Makes items of a few drawn texts and of any two of them together. Which goes where is the seed's to say."""

    def __init__(self, pool: list[str], seed: int) -> None:
        self.random = random.Random(seed)
        self.texts = sorted({*pool, *(normal(f"{a}{b}") for a, b in product(pool, pool))})

    def text(self) -> str:
        return self.random.choice(self.texts)

    def several(self, least: int, most: int) -> list[str]:
        """So many different texts."""
        return self.random.sample(
            self.texts, self.random.randint(least, min(most, len(self.texts)))
        )

    def key(self) -> str:
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        return "-".join(
            "".join(self.random.choices(letters, k=self.random.randint(1, 8))) for _ in range(3)
        )

    def sources(self) -> tuple[str, ...]:
        return tuple(self.random.sample(SOURCES, self.random.randint(0, 3)))

    def options(self, many: bool) -> tuple[Option, ...]:
        """Two to eight options; one right, or some but not all."""
        shown = self.several(2, 8)
        right = set(
            self.random.sample(shown, self.random.randint(1, len(shown) - 1) if many else 1)
        )
        return tuple(Option(text, text in right, self.text(), self.sources()) for text in shown)

    def parts(self) -> tuple[Part, ...]:
        kinds = self.random.choices(["single", "multiple"], k=self.random.randint(2, 3))
        return tuple(Part(self.text(), kind, self.options(kind == "multiple")) for kind in kinds)

    def sorted_cards(self) -> dict[str, object]:
        """Cards of a sort: at least two groups are used, some may not be."""
        groups = tuple(Group(self.key(), text) for text in self.several(2, 5))
        shown = self.several(2, 12)
        places = [groups[0], groups[1], *self.random.choices(groups, k=len(shown) - 2)]
        cards = (
            Card(text, group.key, self.text(), self.sources())
            for text, group in zip(shown, places, strict=True)
        )
        return {"cards": tuple(cards), "groups": groups}

    def matched_cards(self) -> dict[str, object]:
        """Pairs of a match: two right-hand sides at least, some may be used twice."""
        lefts, rights = self.several(2, 8), self.several(2, 8)
        places = [rights[0], rights[1], *self.random.choices(rights, k=len(lefts) - 2)]
        rows = []
        for left, right in zip(lefts, places, strict=True):
            row = {"left": left, "right": right, "feedback": self.text()}
            rows.append({**row, "sources": list(self.sources())})
        return item_kinds.KINDS["match"].to_exchange({"pairs": rows})

    def turns(self) -> dict[str, object]:
        return {
            "cards": tuple(
                Card(text, "", self.text(), self.sources()) for text in self.several(3, 8)
            )
        }

    def filled(self, kind: str) -> dict[str, object]:
        """What an item of this kind has and others have not."""
        if kind == "spot":
            return {"options": self.options(False), "scene": self.key()}
        if kind in {"single", "multiple"}:
            return {"options": self.options(kind == "multiple")}
        makers = {"sort": self.sorted_cards, "match": self.matched_cards, "order": self.turns}
        return makers[kind]() if kind in makers else {"parts": self.parts()}

    def item(self, kind: str) -> Item:
        """An item with every field filled that its kind has."""
        known = {"outcome": self.key(), "lesson": self.key(), "parallel": self.key()}
        known |= {"difficulty": self.random.choice(["easy", "medium", "hard"])}
        critical, use = (
            self.random.random() < 0.5,
            tuple(self.key() for _ in range(self.random.randint(1, 3))),
        )
        return Item(
            self.key(), kind, self.text(), use=use, critical=critical, **known, **self.filled(kind)
        )


@st.composite
def items(draw) -> Item:
    return Maker(draw(pools), draw(st.integers(0, 2**32))).item(draw(st.sampled_from(KINDS)))


@st.composite
def banks(draw) -> list[Item]:
    """Two to six items of one file, their keys different."""
    maker = Maker(draw(pools), draw(st.integers(0, 2**32)))
    made = [maker.item(maker.random.choice(KINDS)) for _ in range(maker.random.randint(2, 6))]
    return list({item.key: item for item in made}.values())
