"""The picture that a message shows beside an address: title, length, cover, and the site's name.
No rows and no request.

A PNG of 1200 × 630 pixels, which is what messengers ask for; `card.typ` says how it looks. The
same facts give the same bytes in any process.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from courses.typesetting import compiler, glyph_coverage

TEMPLATE = Path(__file__).parent / "card.typ"
MARK = Path(__file__).parents[2] / "static" / "img" / "mark.svg"


@dataclass(frozen=True)
class CardFacts:
    """Everything a card shows.

    `length` is two short lines ("6 lessons", "about 90 minutes"), `cover` an SVG of 16 to 9.
    """

    title: str
    length: tuple[str, str]
    cover: str
    site_name: str


def card_png(facts: CardFacts) -> bytes:
    """The card as PNG. A title too long for three lines ends in "…".

    Raises:
        RuntimeError: this process was forked from one that had drawn a card already: see
            `typesetting.compiler`.
    """
    covered = glyph_coverage.covered_characters()
    say = partial(glyph_coverage.printable_text, covered=covered)
    page: dict[str, object] = {
        "title": say(facts.title)["text"],
        "length": [say(line)["text"] for line in facts.length],
        "cover": facts.cover,
        "mark": MARK.read_text(encoding="utf-8"),
        "site_name": say(facts.site_name)["text"],
        "fonts": list(glyph_coverage.coverage()),
    }
    try:
        return compiler.TYPESETTER.png(TEMPLATE, page)
    except compiler.TypesettingError:  # a browser may show a cover that typst cannot draw
        return compiler.TYPESETTER.png(TEMPLATE, page | {"cover": ""})


def digest_of(facts: CardFacts) -> str:
    """A digest of the card's bytes, without drawing it.

    It changes with the facts, and with the code and the fonts that draw them.
    """
    text = _drawing_digest() + json.dumps(asdict(facts))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _drawing_digest() -> str:
    """A digest of everything but the facts that a card is made of; read once in a process."""
    code = [Path(__file__), Path(glyph_coverage.__file__), Path(compiler.__file__)]
    fonts = sorted(glyph_coverage.FONTS.glob("*.ttf"))
    digest = hashlib.sha256(version("typst").encode())
    for path in [TEMPLATE, MARK, *code, *fonts]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
