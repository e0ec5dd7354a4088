"""Order: turns to be put in their right order.

Every two turns are compared: does the earlier one stand before the later one? A mark is the share
of pairs that do, beyond the half that a random order gets on average. So the same place for all
earns nothing, one swap of neighbours costs little, and putting two neighbours right never earns
less.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any

from pydantic import Field

from courses.assessment.items import neutral
from courses.assessment.items.making import CardFields, ItemReader, make_cards
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
    """The places of its cards are numbered, as many as there are turns."""

    name = "order"
    takes = "turns"
    rule = (
        "Put in order: part marks for steps in the right order. An order no better than "
        "chance earns nothing."
    )
    fields: type[Authored] = Fields
    block = "order"
    exchange_shape = neutral.Shape.ORDER
    exchange_loss = "are orders: other systems give the mark for the whole right order only"

    def make(self, reader: ItemReader, fields: Any, line: int, where: str) -> dict[str, Any]:
        rows, places = [], []
        for n, turn in enumerate(fields.turns, 1):
            rows.append(CardFields(turn.text, f"place-{n}", turn.feedback, turn.sources))
            places.append(content.Group(key=f"place-{n}", html=str(n)))
        cards = make_cards(reader, rows, line, where)
        return {"cards": cards, "groups": tuple(places)}

    def to_exchange(self, raw: Mapping[str, Any]) -> dict[str, Any] | None:
        # Their order is the right one, so that a turn needs no group to say where it belongs.
        cards = neutral.read_cards(raw["turns"], "text")
        return {"cards": cards}

    def from_exchange(self, item: neutral.Item) -> dict[str, Any]:
        turns = neutral.card_rows(item.cards, "text")
        return {"turns": turns}

    def earned(self, item: Item, placed: Mapping[str, str]) -> Fraction:
        position = {group.key: n for n, group in enumerate(item.groups)}
        pairs = list(combinations(item.cards, 2))
        right = 0
        for earlier, later in pairs:
            if earlier.key not in placed or later.key not in placed:
                continue
            if position[placed[earlier.key]] < position[placed[later.key]]:
                right += 1
        # Half of the pairs are free; both sides are doubled, so that the half is a whole number.
        return beyond_chance(2 * right, len(pairs), 2 * len(pairs))
