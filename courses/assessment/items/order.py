"""Order: turns to be put in their right order.

Of every two turns it is asked whether the earlier stands before the later. A mark is the share of pairs that do, beyond
the half that any order has on average: so the same place for all earns nothing, one neighbour swapped costs little, and
putting two neighbours right never earns less.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items.making import ItemReader, make_cards
from courses.assessment.items.sort import Sort, beyond_chance
from courses.library import content
from courses.library.authored_fields import Authored, SourceId, Text
from courses.library.content import Item


class Turn(Authored):
    text: Text
    feedback: Text
    sources: list[SourceId] = []


class Fields(Authored):
    turns: Annotated[list[Turn], Field(min_length=3, max_length=8)]


class Order(Sort):
    rule = (
        "Put in order: of every two it counts whether the earlier one stands first. Half of them right, as any order has "
        "on average, earns nothing."
    )
    fields: type[Authored] = Fields

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        rows = (
            (turn.text, f"place-{n}", turn.feedback, turn.sources)
            for n, turn in enumerate(fields.turns, 1)
        )
        cards = make_cards(reader, rows, line, where)
        places = (content.Group(key=f"place-{n}", html=str(n)) for n in range(1, len(cards) + 1))
        return {"cards": cards, "groups": tuple(places)}

    def earned(self, item: Item, placed: Mapping[str, str]) -> Fraction:
        place = {group.key: n for n, group in enumerate(item.groups)}
        pairs = list(combinations(item.cards, 2))
        kept = sum(
            a.key in placed and b.key in placed and place[placed[a.key]] < place[placed[b.key]]
            for a, b in pairs
        )
        return beyond_chance(2 * kept, len(pairs), 2 * len(pairs))
